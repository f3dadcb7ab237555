import { CEILINGS } from '../host/limits.ts';
import type { Callable, Runtime } from '../src/index.ts';
import { type Entry, openContest, type Participant } from './kit/contest.ts';
import { readGuest } from './kit/places.ts';
import { busiest, childrenOf, isThere, busyTimes } from './kit/processes.ts';
import type { Lab, Row } from './kit/row.ts';
import { callTool, openRuntime, writeSkill } from './kit/self.ts';
import { sleep } from './kit/sleep.ts';
import { loadExtism } from './peer/extism.ts';

const ALONE = 'the runaway is gone, alone';
const MANY = 'the runaway is gone, 32 at once';
const ALONE_TOLD = 'its caller has the answer, alone';
const MANY_TOLD = 'its caller has the answer, 32 at once';
const EXTISM = 'extism 2.0.0-rc13 worker, timeoutMs';
const AT_ONCE = 32;
/** In a row, for one time of 32 at once: a 99th percentile wants many. */
const ALONE_TIMES = 5;

export const kill: Row = {
  id: 'kill',
  promise: 'kill of a runaway guest, after its deadline',
  unit: 'ms',
  seconds: { tiny: 0, short: 15, full: 150 },
  comparisons: [
    { ours: ALONE, statistic: 'p99', target: { atMost: 100 } },
    { ours: MANY, statistic: 'p99', target: { atMost: 300 } },
    { ours: ALONE_TOLD, statistic: 'p99' },
    { ours: MANY_TOLD, statistic: 'p99' },
    { ours: ALONE_TOLD, peer: EXTISM, statistic: 'p50' },
  ],
  notes: [
    'An endless loop. Its lateness is how long after its deadline the thread it runs in has left the process table; when its caller was told is beside it. 32 at once are 32 skills in 32 guest processes, all with the same deadline, on however many cores there are.',
  ],
  open: (lab) => openContest(lab, [() => openSelf(lab)], [extism]),
};

interface Runaway {
  readonly spin: Callable;
  readonly one: Callable;
  /** The guest process it runs in. */
  pid: number | undefined;
}

async function openSelf(lab: Lab): Promise<Entry> {
  const runtime = await openRuntime(lab, { spare: false });
  const bytes = readGuest('spin.wasm');
  const runaways: Runaway[] = [];
  for (let i = 0; i < AT_ONCE; i++) {
    const folder = await writeSkill(lab, { id: `custom.spin-${i}`, bytes });
    const [spin, one] = [await runtime.find(folder, 'spin'), await runtime.find(folder, 'one')];
    runaways.push({ spin, one, pid: undefined });
  }
  // When the caller was told is measured together with the rest; its own contender hands over what was gathered.
  const told: Record<string, number[]> = { [ALONE_TOLD]: [], [MANY_TOLD]: [] };
  async function measure(some: readonly Runaway[], deadlineMs: number, toldName: string): Promise<number[]> {
    const killed = await Promise.all(
      some.map((runaway) => killOne(runtime, runaway, { deadlineMs, pollMs: 2 + some.length / 4 })),
    );
    told[toldName]?.push(...killed.map(({ toldMs }) => toldMs));
    // Whatever was killed is up again before anybody else is measured.
    for (const runaway of some) await startProcess(runtime, runaway);
    return killed.map(({ goneMs }) => goneMs);
  }
  for (const runaway of runaways) await startProcess(runtime, runaway);
  const [first] = runaways.map((runaway) => [runaway]);
  async function measureAlone(): Promise<number[]> {
    const gone: number[] = [];
    for (let i = 0; i < (lab.mode === 'tiny' ? 1 : ALONE_TIMES); i++) {
      gone.push(...(await measure(first ?? [], 300, ALONE_TOLD)));
    }
    return gone;
  }
  const handOver = (name: string): Promise<number[]> => Promise.resolve(told[name]?.splice(0) ?? []);
  return {
    contenders: [
      { name: ALONE, isOurs: true, sample: measureAlone },
      { name: ALONE_TOLD, isOurs: true, sample: () => handOver(ALONE_TOLD) },
      { name: MANY, isOurs: true, sample: () => measure(runaways, 2_000, MANY_TOLD) },
      { name: MANY_TOLD, isOurs: true, sample: () => handOver(MANY_TOLD) },
    ],
    close: () => runtime.close(),
  };
}

/** Has a skill answer, so that its process and a worker are up, and finds out which process that is. */
async function startProcess(runtime: Runtime, runaway: Runaway): Promise<void> {
  const before = new Set(childrenOf(process.pid));
  await callTool(runtime, runaway.one, {});
  runaway.pid = childrenOf(process.pid).find((pid) => !before.has(pid)) ?? runaway.pid;
  if (runaway.pid === undefined) throw new Error('there is no guest process');
}

const GIVE_UP_MS = 20_000;

/** Runs an endless loop. @returns how late its caller was told and how late its thread was gone, after the deadline */
async function killOne(
  runtime: Runtime,
  { spin, pid = 0 }: Runaway,
  { deadlineMs, pollMs }: { readonly deadlineMs: number; readonly pollMs: number },
): Promise<{ readonly toldMs: number; readonly goneMs: number }> {
  const before = busyTimes(pid);
  const running = runtime.call(spin, { limits: { timeout_ms: deadlineMs, fuel: CEILINGS.fuel.hard } });
  const told = running.then((result) => ({ result, at: performance.now() }));
  await sleep(deadlineMs * 0.7);
  const thread = busiest(before, busyTimes(pid));
  if (thread === undefined) throw new Error('the guest process is not there');
  const giveUpAt = performance.now() + GIVE_UP_MS;
  while (isThere(pid, thread)) {
    if (performance.now() > giveUpAt) throw new Error(`thread ${thread} of ${pid} did not end`);
    await sleep(pollMs);
  }
  const goneAt = performance.now();
  const { result, at } = await told;
  if (result.ok || result.error.code !== 'E_TIMEOUT')
    throw new Error(`it ended with ${result.ok ? 'ok' : result.error.code}`);
  const deadline = at - result.usage.durationMs + deadlineMs;
  return { toldMs: at - deadline, goneMs: goneAt - deadline };
}

const extism: Participant = {
  names: [EXTISM],
  open: async () => {
    const { createPlugin } = await loadExtism('2.0.0-rc13');
    const options = { runInWorker: true, useWasi: false, timeoutMs: 1_000 } as const;
    const bytes = readGuest('spin.wasm');
    const sample = async (): Promise<number[]> => {
      const plugin = await createPlugin({ wasm: [{ data: bytes }] }, options);
      const started = performance.now();
      const isKilled = await plugin.call('spin', '').then(
        () => false,
        () => true,
      );
      const late = performance.now() - started - options.timeoutMs;
      await plugin.close();
      if (!isKilled) throw new Error('an endless loop ended');
      return [late];
    };
    return { contenders: [{ name: EXTISM, isOurs: false, sample }] };
  },
};
