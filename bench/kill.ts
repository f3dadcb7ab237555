import { CEILINGS } from '../host/limits.ts';
import type { Callable, Runtime } from '../src/index.ts';
import { type Entry, openContest, type Participant } from './kit/contest.ts';
import { readGuest } from './kit/places.ts';
import { busiest, childrenOf, isThere, ticksOf } from './kit/processes.ts';
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
  for (let i = 0; i < (lab.mode === 'tiny' ? 2 : AT_ONCE); i++) {
    const folder = await writeSkill(lab, { id: `custom.spin-${i}`, bytes });
    const [spin, one] = [await runtime.find(folder, 'spin'), await runtime.find(folder, 'one')];
    runaways.push({ spin, one, pid: undefined });
  }
  // When the caller was told is measured together with the rest; its own contender hands over what was gathered.
  const told: Record<string, number[]> = { [ALONE_TOLD]: [], [MANY_TOLD]: [] };
  async function measure(some: readonly Runaway[], deadlineMs: number, toldName: string): Promise<number[]> {
    for (const runaway of some) await startProcess(runtime, runaway);
    const killed = await Promise.all(some.map((runaway) => killOne(runtime, runaway, deadlineMs)));
    told[toldName]?.push(...killed.map(({ toldMs }) => toldMs));
    return killed.map(({ goneMs }) => goneMs);
  }
  const handOver = (name: string): Promise<number[]> => Promise.resolve(told[name]?.splice(0) ?? []);
  return {
    contenders: [
      { name: ALONE, isOurs: true, sample: () => measure(runaways.slice(0, 1), 200, ALONE_TOLD) },
      { name: ALONE_TOLD, isOurs: true, sample: () => handOver(ALONE_TOLD) },
      { name: MANY, isOurs: true, sample: () => measure(runaways, 1_500, MANY_TOLD) },
      { name: MANY_TOLD, isOurs: true, sample: () => handOver(MANY_TOLD) },
    ],
    close: () => runtime.close(),
  };
}

/** Has a skill answer, so that its process and a worker are up, and finds out which process that is. */
async function startProcess(runtime: Runtime, runaway: Runaway): Promise<void> {
  const before = new Set(childrenOf(process.pid));
  await callTool(runtime, runaway.one, {});
  const after = childrenOf(process.pid);
  if (runaway.pid === undefined || !after.includes(runaway.pid)) runaway.pid = after.find((pid) => !before.has(pid));
  if (runaway.pid === undefined) throw new Error('there is no guest process');
}

/** Runs an endless loop. @returns how late its caller was told and how late its thread was gone, after the deadline */
async function killOne(
  runtime: Runtime,
  { spin, pid = 0 }: Runaway,
  deadlineMs: number,
): Promise<{ readonly toldMs: number; readonly goneMs: number }> {
  const before = ticksOf(pid);
  const running = runtime.call(spin, { limits: { timeout_ms: deadlineMs, fuel: CEILINGS.fuel.hard } });
  const told = running.then((result) => ({ result, at: performance.now() }));
  await sleep(deadlineMs * 0.8);
  const thread = busiest(before, ticksOf(pid));
  if (thread === undefined) throw new Error('no thread of the guest process is busy');
  let goneAt: number | undefined;
  while (goneAt === undefined) {
    await sleep(POLL_MS);
    if (!isThere(pid, thread)) goneAt = performance.now();
  }
  const { result, at } = await told;
  if (result.ok || result.error.code !== 'E_TIMEOUT')
    throw new Error(`it ended with ${result.ok ? 'ok' : result.error.code}`);
  const deadline = at - result.usage.durationMs + deadlineMs;
  return { toldMs: at - deadline, goneMs: goneAt - deadline };
}

const POLL_MS = 2;

const extism: Participant = {
  names: [EXTISM],
  open: async () => {
    const { createPlugin } = await loadExtism('2.0.0-rc13');
    const options = { runInWorker: true, useWasi: false, timeoutMs: 1_000 } as const;
    const plugin = await createPlugin({ wasm: [{ data: readGuest('spin.wasm') }] }, options);
    const sample = async (): Promise<number[]> => {
      const started = performance.now();
      const isKilled = await plugin.call('spin', '').then(
        () => false,
        () => true,
      );
      if (!isKilled) throw new Error('an endless loop ended');
      return [performance.now() - started - options.timeoutMs];
    };
    return { contenders: [{ name: EXTISM, isOurs: false, sample }], close: () => plugin.close() };
  },
};
