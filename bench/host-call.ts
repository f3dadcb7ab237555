import { type Entry, openContest } from './kit/contest.ts';
import { readGuest } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { callTool, openRuntime, writeSkill } from './kit/self.ts';
import { gaps } from './kit/statistics.ts';
import { ANSWERED, ANSWERER, answeredPipe, BLOCKING, blockingPipe } from './peer/pipe.ts';

const OURS = 'guest, host function, guest';
const CALLS = { tiny: 20, short: 500, full: 2_000 };

export const hostCall: Row = {
  id: 'host-call',
  promise: 'guest, host function that does nothing, guest; in its own process',
  unit: 'µs',
  seconds: { tiny: 0, short: 5, full: 30 },
  comparisons: [
    { ours: OURS, peer: BLOCKING, statistic: 'p50', target: { atMost: 2 } },
    { ours: OURS, peer: ANSWERED, statistic: 'p50' },
    { ours: OURS, peer: ANSWERER, statistic: 'p50' },
  ],
  notes: [
    'The host function is `log` with an empty message: through the wall, the broker, its limits and the events of the library. A round trip is the time between two requests as they reach the trusted side.',
    'The base of the target is the barest pipe there is: both processes block in read and write. Ours cannot do that, because the trusted side serves all guests from one event loop; what that alone costs is the line below it.',
  ],
  open: (lab) =>
    openContest(
      lab,
      [() => openSelf(lab)],
      [
        { names: [BLOCKING], open: () => blockingPipe(lab, CALLS[lab.mode]) },
        { names: [ANSWERED, ANSWERER], open: () => answeredPipe(CALLS[lab.mode]) },
      ],
    ),
};

async function openSelf(lab: Lab): Promise<Entry> {
  const folder = await writeSkill(lab, { id: 'custom.host-calls', bytes: readGuest('host-calls.wasm') });
  const runtime = await openRuntime(lab);
  const tool = await runtime.find(folder, 'call-host');
  const times = CALLS[lab.mode];
  const limits = { host_calls: times + 1, host_calls_per_second: 100_000, timeout_ms: 60_000 };
  async function sample(): Promise<number[]> {
    const arrivals: number[] = [];
    const off = runtime.on(({ type }) => {
      if (type === 'host-call') arrivals.push(performance.now());
    });
    const made = await callTool(runtime, tool, { input: { times }, limits });
    off();
    if (made !== times || arrivals.length !== times) throw new Error(`${arrivals.length} of ${times} calls arrived`);
    return gaps(arrivals);
  }
  return { contenders: [{ name: OURS, isOurs: true, sample }], close: () => runtime.close() };
}
