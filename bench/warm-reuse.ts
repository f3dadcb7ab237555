import { type Entry, openContest } from './kit/contest.ts';
import { readSkill } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { callTool, openRuntime, timeEach, writeSkill } from './kit/self.ts';
import { extismReused, reusedName } from './peer/extism.ts';
import { expectText, REDACT, SLUGIFY } from './warm-call.ts';

const COMPONENT = 'component, reused instance';

export const warmReuse: Row = {
  id: 'warm-reuse',
  promise: 'the same with `reuse`',
  unit: 'ms',
  seconds: { tiny: 0, short: 4, full: 30 },
  comparisons: [
    { ours: COMPONENT, peer: reusedName('1.0.3'), statistic: 'p50', target: { atMost: 1 / 3 } },
    { ours: COMPONENT, peer: reusedName('2.0.0-rc13'), statistic: 'p50', target: { atMost: 1 / 3 } },
  ],
  notes: [
    'Only components can keep their instance, so ours is skills/text with `reuse = true`; Extism has skills/redact. Either guest works for a few microseconds.',
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
  const tool = await runtime.find(folder, SLUGIFY.name);
  const slugify = async (): Promise<void> => {
    expectText(await callTool(runtime, tool, { input: { text: SLUGIFY.input } }), SLUGIFY.expected);
  };
  return {
    contenders: [{ name: COMPONENT, isOurs: true, sample: () => timeEach(20, slugify) }],
    close: () => runtime.close(),
  };
}
