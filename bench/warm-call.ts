import { type Entry, openContest, type Participant } from './kit/contest.ts';
import { readSkill } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { callTool, openRuntime, timeEach } from './kit/self.ts';
import { CHILD, childPerCall } from './peer/child.ts';
import {
  createdName,
  extismCreated,
  extismReused,
  PAUSE_MS,
  pausedName,
  type PluginCall,
  reusedName,
} from './peer/extism.ts';
import { EMPTY_POOL, GLUE_POOL, openEmptyPool, openGluePool } from './peer/pool.ts';

/** The plug-in that both sides run, and one call of it. */
export const REDACT: Omit<PluginCall, 'bytes'> = {
  name: 'redact',
  input: 'Mail bob@example.org about it.',
  expected: 'Mail [email] about it.',
};
/** The component that both sides run, and one call of it. */
export const SLUGIFY = { name: 'slugify', input: 'Hello, wide world', expected: 'hello-wide-world' };

const PLUGIN = 'plug-in, fresh instance';
const PAUSED = `${PLUGIN}, paused`;
const COMPONENT = 'component, fresh instance';

export const PAUSED_NOTE =
  'Paused: five milliseconds of nothing before each call, as between the calls of an agent; threads and processors have to wake up again.';

export const warmCall: Row = {
  id: 'warm-call',
  promise: 'a warm call, fresh instance, in its own process, one caller',
  unit: 'ms',
  seconds: { tiny: 0, short: 8, full: 60 },
  comparisons: [
    { ours: PLUGIN, peer: reusedName('1.0.3'), statistic: 'p50', target: { atMost: 1 / 2 } },
    { ours: PLUGIN, peer: reusedName('2.0.0-rc13'), statistic: 'p50', target: { atMost: 1 / 2 } },
    { ours: PLUGIN, peer: createdName('1.0.3'), statistic: 'p50', target: { atMost: 1 / 100 } },
    { ours: PLUGIN, peer: createdName('2.0.0-rc13'), statistic: 'p50', target: { atMost: 1 / 100 } },
    { ours: PAUSED, peer: pausedName('1.0.3'), statistic: 'p50' },
    { ours: PAUSED, peer: pausedName('2.0.0-rc13'), statistic: 'p50' },
    { ours: COMPONENT, peer: GLUE_POOL, statistic: 'p50' },
    { ours: COMPONENT, peer: EMPTY_POOL, statistic: 'p50' },
    { ours: COMPONENT, peer: CHILD, statistic: 'p50' },
  ],
  notes: [
    'Ours goes through the library: ledger, gate, validation and the process wall are in the figure. The plug-in is skills/redact on both sides, the component is skills/text.',
    PAUSED_NOTE,
  ],
  open: (lab) => openContest(lab, [() => openSelf(lab)], peersOf(lab)),
};

async function openSelf(lab: Lab): Promise<Entry> {
  const runtime = await openRuntime(lab);
  const plugin = await runtime.find('tool.redact', REDACT.name);
  const component = await runtime.find('tool.text', SLUGIFY.name);
  const redact = async (): Promise<void> => {
    expectText(await callTool(runtime, plugin, { input: REDACT.input }), REDACT.expected);
  };
  const slugify = async (): Promise<void> => {
    expectText(await callTool(runtime, component, { input: { text: SLUGIFY.input } }), SLUGIFY.expected);
  };
  return {
    contenders: [
      { name: PLUGIN, isOurs: true, sample: () => timeEach(20, redact) },
      { name: PAUSED, isOurs: true, sample: () => timeEach(4, redact, PAUSE_MS) },
      { name: COMPONENT, isOurs: true, sample: () => timeEach(20, slugify) },
    ],
    close: () => runtime.close(),
  };
}

/** @throws Error when a tool answered something else: then it was not measured at the same work */
export function expectText(answer: unknown, expected: string): void {
  const text = answer instanceof Uint8Array ? Buffer.from(answer).toString() : answer;
  if (text !== expected) throw new Error(`it answered ${JSON.stringify(text)}`);
}

function peersOf(lab: Lab): Participant[] {
  const call = { bytes: readSkill('redact'), ...REDACT };
  const component = readSkill('text');
  return [
    extismReused('1.0.3', call, 20),
    extismReused('2.0.0-rc13', call, 20),
    extismCreated('1.0.3', call),
    extismCreated('2.0.0-rc13', call),
    { names: [EMPTY_POOL], open: openEmpty },
    { names: [GLUE_POOL], open: () => openGlue(lab, component) },
    childPerCall(lab, component, SLUGIFY),
  ];
}

async function openEmpty(): Promise<Entry> {
  const pool = openEmptyPool();
  const sample = (): Promise<number[]> => timeEach(20, () => pool.run(SLUGIFY.input));
  return Promise.resolve({ contenders: [{ name: EMPTY_POOL, isOurs: false, sample }], close: () => pool.destroy() });
}

async function openGlue(lab: Lab, component: Uint8Array): Promise<Entry> {
  const pool = await openGluePool(lab, component, 1);
  const slugify = async (): Promise<void> => {
    expectText(await pool.run({ name: SLUGIFY.name, input: SLUGIFY.input }), SLUGIFY.expected);
  };
  return {
    contenders: [{ name: GLUE_POOL, isOurs: false, sample: () => timeEach(20, slugify) }],
    close: () => pool.destroy(),
  };
}
