import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, openContest } from './kit/contest.ts';
import { COMMAND } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { writeSkills } from './kit/write-skills.ts';
import { timeNode } from './peer/node.ts';

const MANY = '`skill list` of 10,000 skills';
const FEW = '`skill list` of 10 skills';

export const listSkills: Row = {
  id: 'list-skills',
  promise: '`skill list` of 10,000 skills that have not changed, beside 10',
  unit: 'ms',
  seconds: { tiny: 0, short: 3, full: 40 },
  comparisons: [{ ours: MANY, peer: FEW, statistic: 'p50', target: { atMost: 1.5 } }],
  notes: ['From spawn to exit, the index on the disk, files in the cache of the system; every manifest is looked at.'],
  open: (lab) =>
    openContest(
      lab,
      [() => openList(lab, { name: MANY, isOurs: true, count: lab.mode === 'tiny' ? 100 : 10_000 })],
      [{ names: [FEW], open: () => openList(lab, { name: FEW, isOurs: false, count: 10 }) }],
    ),
};

async function openList(
  lab: Lab,
  { name, isOurs, count }: { readonly name: string; readonly isOurs: boolean; readonly count: number },
): Promise<Entry> {
  const home = await mkdtemp(join(lab.folder, 'list-'));
  const skills = join(home, 'many');
  writeSkills(skills, count);
  const args = [COMMAND, '--home', home, 'list', skills];
  // The first one makes the index, of which the second takes what was written too recently to be trusted.
  for (let i = 0; i < 2; i++) await timeNode(args);
  return { contenders: [{ name, isOurs, sample: async () => [await timeNode(args)] }] };
}
