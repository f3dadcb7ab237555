import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, openContest, type Participant } from './kit/contest.ts';
import { COMMAND } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { writeSkills } from './kit/write-skills.ts';
import { timeProgram } from './peer/copy.ts';
import { timeNode } from './peer/node.ts';

const NOTES = [
  'From spawn to exit, into an empty home, files in the cache of the system. `cp -r` flushes nothing and checks nothing; `npm install` copies (`--install-links`), offline, without scripts, audit and fund.',
];

/** A row in which the same files are installed, copied, and installed by npm. */
function installRow(of: {
  readonly id: string;
  readonly what: string;
  readonly atMostMs: number;
  readonly write: (folder: string, lab: Lab) => void;
}): Row {
  const [ours, copied, byNpm] = [
    `\`skill add\` of ${of.what}`,
    `\`cp -r\` of ${of.what}`,
    `\`npm install\` of ${of.what}`,
  ];
  return {
    id: of.id,
    promise: `\`skill add\` of ${of.what} from a folder`,
    unit: 'ms',
    seconds: { tiny: 0, short: 4, full: 30 },
    comparisons: [
      { ours, statistic: 'p50', target: { atMost: of.atMostMs } },
      { ours, peer: copied, statistic: 'p50' },
      { ours, peer: byNpm, statistic: 'p50' },
    ],
    notes: NOTES,
    async open(lab) {
      const folder = await mkdtemp(join(lab.folder, `${of.id}-`));
      const files = join(folder, 'files');
      of.write(files, lab);
      const fresh = (): Promise<string> => mkdtemp(join(folder, 'to-'));
      const peer = (name: string, sample: () => Promise<number>): Participant => ({
        names: [name],
        open: async () => ({ contenders: [{ name, isOurs: false, sample: async () => [await sample()] }] }),
      });
      const own = async (): Promise<Entry> => ({
        contenders: [
          {
            name: ours,
            isOurs: true,
            sample: async () => [await timeNode([COMMAND, '--home', await fresh(), 'add', files, '--all'])],
          },
        ],
      });
      const packages = (await readdir(files)).map((name) => join(files, name));
      return openContest(
        lab,
        [own],
        [
          peer(copied, async () => timeProgram('cp', ['-r', files, await fresh()], folder)),
          peer(byNpm, async () => timeProgram('npm', [...NPM, ...packages], await fresh())),
        ],
      );
    },
  };
}

const NPM = [
  'install',
  '--install-links',
  '--offline',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
];

export const installOne = installRow({
  id: 'install-one',
  what: 'a skill of 1 MB',
  atMostMs: 150,
  write(folder) {
    writeSkills(folder, 1);
    const skill = join(folder, 'skill-0');
    mkdirSync(join(skill, 'references'));
    for (let i = 0; i < 16; i++)
      writeFileSync(join(skill, 'references', `${i}.md`), `${'Words to look up. '.repeat(3_640)}\n`);
    writePackage(skill, 'skill-0');
  },
});

export const installMany = installRow({
  id: 'install-many',
  what: '100 skills',
  atMostMs: 3_000,
  write(folder, { mode }) {
    const count = mode === 'tiny' ? 5 : 100;
    writeSkills(folder, count);
    for (let i = 0; i < count; i++) writePackage(join(folder, `skill-${i}`), `skill-${i}`);
  },
});

/** What npm wants to see in a folder. */
function writePackage(folder: string, name: string): void {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version: '1.0.0' })}\n`);
}
