import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { openInstallation } from '../src/install/open.ts';
import { restore } from '../src/install/restore.ts';
import { locateHome } from '../src/home/home.ts';
import { openContest } from './kit/contest.ts';
import { COMMAND } from './kit/places.ts';
import type { Row } from './kit/row.ts';
import { writeSkills } from './kit/write-skills.ts';
import { timeNode } from './peer/node.ts';

const OURS = 'install --frozen of 100 skills that are here';

export const installFrozen: Row = {
  id: 'install-frozen',
  promise: 'What `skill install --frozen` does for 100 skills that are here',
  unit: 'ms',
  seconds: { tiny: 0, short: 2, full: 15 },
  comparisons: [{ ours: OURS, statistic: 'p50', target: { atMost: 20 } }],
  notes: ['Within a process, without its start: the lock file read and every file of the store looked at.'],
  async open(lab) {
    const folder = await mkdtemp(join(lab.folder, 'frozen-'));
    writeSkills(join(folder, 'many'), lab.mode === 'tiny' ? 5 : 100);
    const home = join(folder, 'home');
    await timeNode([COMMAND, '--home', home, 'add', join(folder, 'many'), '--all']);
    const { installation, supply } = await openInstallation(locateHome(home, {}), new AbortController().signal);
    const judge = (): Promise<void> => Promise.reject(new Error('something was fetched'));
    const sample = async (): Promise<number[]> => {
      const started = performance.now();
      await restore({ supply, judge }, installation);
      return [performance.now() - started];
    };
    // What was written just now is read whole until it has been still for a while.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await sample();
    return openContest(lab, [async () => ({ contenders: [{ name: OURS, isOurs: true, sample }] })]);
  },
};
