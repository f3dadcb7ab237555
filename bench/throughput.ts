import { type Entry, openContest } from './kit/contest.ts';
import { readSkill } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { callTool, openRuntime } from './kit/self.ts';
import { createAndCall, createdName, type ExtismVersion, loadExtism } from './peer/extism.ts';
import { GLUE_POOL, openGluePool } from './peer/pool.ts';
import { expectText, REDACT, SLUGIFY } from './warm-call.ts';

const PLUGIN = 'plug-in, fresh instances';
const COMPONENT = 'component, fresh instances';
const WORKERS = 2;
/** More than workers, so that none of them waits for its caller. */
const CALLERS = 4;
const WINDOW_MS = { tiny: 50, short: 300, full: 500 };

export const throughput: Row = {
  id: 'throughput',
  promise: 'calls per second, fresh instances, 2 workers',
  unit: 'calls/s',
  seconds: { tiny: 0, short: 8, full: 60 },
  comparisons: [
    { ours: PLUGIN, peer: createdName('1.0.3'), statistic: 'p50', target: { atLeast: 50 } },
    { ours: PLUGIN, peer: createdName('2.0.0-rc13'), statistic: 'p50', target: { atLeast: 50 } },
    { ours: COMPONENT, peer: GLUE_POOL, statistic: 'p50', target: { atLeast: 3 } },
  ],
  notes: [
    'Four callers, each with one call after the other, for half a second at a time. Extism has two callers: a plug-in is a worker there, so these are two workers.',
  ],
  open: (lab) =>
    openContest(
      lab,
      [() => openSelf(lab)],
      [
        { names: [createdName('1.0.3')], open: () => openExtism('1.0.3', lab) },
        { names: [createdName('2.0.0-rc13')], open: () => openExtism('2.0.0-rc13', lab) },
        { names: [GLUE_POOL], open: () => openGlue(lab) },
      ],
    ),
};

async function openSelf(lab: Lab): Promise<Entry> {
  const runtime = await openRuntime(lab);
  const plugin = await runtime.find('tool.redact', REDACT.name);
  const component = await runtime.find('tool.text', SLUGIFY.name);
  const redact = async (): Promise<void> =>
    expectText(await callTool(runtime, plugin, { input: REDACT.input }), REDACT.expected);
  const slugify = async (): Promise<void> =>
    expectText(await callTool(runtime, component, { input: { text: SLUGIFY.input } }), SLUGIFY.expected);
  return {
    contenders: [
      { name: PLUGIN, isOurs: true, sample: () => callsPerSecond(CALLERS, lab, redact) },
      { name: COMPONENT, isOurs: true, sample: () => callsPerSecond(CALLERS, lab, slugify) },
    ],
    close: () => runtime.close(),
  };
}

async function openExtism(version: ExtismVersion, lab: Lab): Promise<Entry> {
  const sdk = await loadExtism(version);
  const call = { bytes: readSkill('redact'), ...REDACT };
  const sample = (): Promise<number[]> => callsPerSecond(WORKERS, lab, () => createAndCall(sdk, call));
  return { contenders: [{ name: createdName(version), isOurs: false, sample }] };
}

async function openGlue(lab: Lab): Promise<Entry> {
  const pool = await openGluePool(lab, readSkill('text'), WORKERS);
  const slugify = async (): Promise<void> =>
    expectText(await pool.run({ name: SLUGIFY.name, input: SLUGIFY.input }), SLUGIFY.expected);
  return {
    contenders: [{ name: GLUE_POOL, isOurs: false, sample: () => callsPerSecond(CALLERS, lab, slugify) }],
    close: () => pool.destroy(),
  };
}

/** Several callers at once, each with one call after the other, until the window is over; what they finished counts. */
async function callsPerSecond(callers: number, { mode }: Lab, call: () => Promise<void>): Promise<number[]> {
  const started = performance.now();
  const until = started + WINDOW_MS[mode];
  let made = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      await call();
      made++;
    }
  };
  await Promise.all(Array.from({ length: callers }, one));
  return [(made / (performance.now() - started)) * 1000];
}
