import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, openContest, type Participant } from './kit/contest.ts';
import { COMMAND, readSkill } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { CHILD, childPerCall } from './peer/child.ts';
import { BARE_NODE, timeNode } from './peer/node.ts';
import { SLUGIFY } from './warm-call.ts';

const OURS = '`skill run` of a small component';

export const coldRun: Row = {
  id: 'cold-run',
  promise: '`skill run` of a small component, nothing running yet',
  unit: 'ms',
  seconds: { tiny: 0, short: 8, full: 60 },
  comparisons: [
    { ours: OURS, peer: BARE_NODE, statistic: 'p50', target: { atMost: 3.5 } },
    { ours: OURS, peer: CHILD, statistic: 'p50' },
  ],
  notes: [
    'From spawn to exit: the command, its guest process and its worker, with ledger and gate; files in the cache of the system.',
  ],
  open: (lab) => openContest(lab, [() => openSelf(lab)], [bareNode, childPerCall(lab, readSkill('text'), SLUGIFY)]),
};

async function openSelf(lab: Lab): Promise<Entry> {
  const home = await mkdtemp(join(lab.folder, 'home-'));
  const args = [COMMAND, '--home', home, 'run', 'tool.text', SLUGIFY.name, '--text', SLUGIFY.input];
  return { contenders: [{ name: OURS, isOurs: true, sample: async () => [await timeNode(args)] }] };
}

const bareNode: Participant = {
  names: [BARE_NODE],
  open: () =>
    Promise.resolve({
      contenders: [{ name: BARE_NODE, isOurs: false, sample: async () => [await timeNode(['-e', '0'])] }],
    }),
};
