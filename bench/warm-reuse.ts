import { type Entry, openContest } from './kit/contest.ts';
import { readSkill } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import type { Runtime } from '../src/index.ts';
import { callTool, openRuntime, timeEach, writeSkill } from './kit/self.ts';
import { extismReused, PAUSE_MS, pausedName, reusedName } from './peer/extism.ts';
import { expectText, PAUSED_NOTE, REDACT, SLUGIFY } from './warm-call.ts';

const COMPONENT = 'component, reused instance';
const PAUSED = `${COMPONENT}, paused`;
const NO_LEDGER = `${COMPONENT}, no ledger file`;

export const warmReuse: Row = {
  id: 'warm-reuse',
  promise: 'the same with `reuse`',
  unit: 'ms',
  seconds: { tiny: 0, short: 4, full: 30 },
  comparisons: [
    { ours: COMPONENT, peer: reusedName('1.0.3'), statistic: 'p50', target: { atMost: 1 / 3 } },
    { ours: COMPONENT, peer: reusedName('2.0.0-rc13'), statistic: 'p50', target: { atMost: 1 / 3 } },
    { ours: PAUSED, peer: pausedName('1.0.3'), statistic: 'p50' },
    { ours: PAUSED, peer: pausedName('2.0.0-rc13'), statistic: 'p50' },
    { ours: COMPONENT, peer: NO_LEDGER, statistic: 'p50' },
  ],
  notes: [
    'Only components can keep their instance, so ours is skills/text with `reuse = true`; Extism has skills/redact. Either guest works for a few microseconds.',
    PAUSED_NOTE,
  ],
  open: (lab) => {
    const call = { bytes: readSkill('redact'), ...REDACT };
    return openContest(
      lab,
      [() => openSelf(lab)],
      [extismReused('1.0.3', call, 20), extismReused('2.0.0-rc13', call, 20)],
    );
  },
};

async function openSelf(lab: Lab): Promise<Entry> {
  const folder = await writeSkill(lab, {
    id: 'custom.reused',
    bytes: readSkill('text'),
    executable: ['reuse = true'],
  });
  const runtime = await openRuntime(lab);
  const silent = await openRuntime(lab, { record: () => undefined });
  const close = async (): Promise<void> => {
    await runtime.close();
    await silent.close();
  };
  const slugifyOf = async (runs: Runtime): Promise<() => Promise<void>> => {
    const tool = await runs.find(folder, SLUGIFY.name);
    return async () => expectText(await callTool(runs, tool, { input: { text: SLUGIFY.input } }), SLUGIFY.expected);
  };
  const [slugify, slugifySilently] = [await slugifyOf(runtime), await slugifyOf(silent)];
  return {
    contenders: [
      { name: COMPONENT, isOurs: true, sample: () => timeEach(20, slugify) },
      { name: PAUSED, isOurs: true, sample: () => timeEach(4, slugify, PAUSE_MS) },
      { name: NO_LEDGER, isOurs: true, sample: () => timeEach(20, slugifySilently) },
    ],
    close,
  };
}
