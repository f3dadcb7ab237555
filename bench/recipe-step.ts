import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../host/index.ts';
import { judge } from './kit/compare.ts';
import { type Entry, openContest, PeerMissing } from './kit/contest.ts';
import type { Figure, Lab, Line, Row } from './kit/row.ts';
import { callTool, openRuntime } from './kit/self.ts';

const OURS = 'a step that runs `true`';
const BARE = '`true`, started by Node';
const SANDBOXED = '`true` in bubblewrap, started by Node';
const BEYOND = 'a step beyond its program in bubblewrap';
const STEPS = { tiny: 5, short: 50, full: 200 };
const BEYOND_MS = 3;

export const recipeStep: Row = {
  id: 'recipe-step',
  promise: 'a step of a recipe, beyond the time of its program',
  unit: 'ms',
  seconds: { tiny: 0, short: 4, full: 30 },
  comparisons: [
    { ours: OURS, peer: SANDBOXED, statistic: 'p50' },
    { ours: OURS, peer: BARE, statistic: 'p50' },
  ],
  notes: [
    'The time of a whole recipe, divided by its steps: gate, record, journal on the disk, events, and the program in the operating system’s sandbox. What is promised is what a step adds to its program, so the last line takes the program, in a sandbox of its own, off.',
  ],
  open: (lab) =>
    openContest(
      lab,
      [() => openSelf(lab)],
      [
        { names: [BARE], open: () => openProgram(lab, BARE, ['true']) },
        { names: [SANDBOXED], open: () => openProgram(lab, SANDBOXED, ['bwrap', ...WALLS, '--', 'true']) },
      ],
    ),
  summarize,
};

const WALLS = [
  '--ro-bind',
  '/',
  '/',
  '--proc',
  '/proc',
  '--dev',
  '/dev',
  '--unshare-all',
  '--die-with-parent',
  '--new-session',
];

async function openSelf(lab: Lab): Promise<Entry> {
  const folder = await mkdtemp(join(lab.folder, 'recipe-'));
  await mkdir(join(folder, 'recipes'));
  const count = STEPS[lab.mode];
  const steps = Array.from({ length: count }, (_, i) => `  - { id: s${i}, command: "true", confirmation: auto }`);
  await writeFile(join(folder, 'recipes/many.yaml'), `${HEAD}${steps.join('\n')}\n`);
  await writeFile(join(folder, 'skill.toml'), MANIFEST);
  const runtime = await openRuntime(lab);
  const tool = await runtime.find(folder, 'many');
  async function sample(): Promise<number[]> {
    const started = performance.now();
    await callTool(runtime, tool, { grant: { terminal_exec: ['true'] } });
    return [(performance.now() - started) / count];
  }
  return { contenders: [{ name: OURS, isOurs: true, sample }], close: () => runtime.close() };
}

const HEAD = 'id: many\nname: Many\ndescription: Many steps\nversion: 1.0.0\nsteps:\n';
const MANIFEST = `[skill]
id = "custom.bench"
name = "Bench"
description = "A recipe that is measured."
version = "0.1.0"
api_version = "1.0"
[capabilities]
terminal_exec = { allowed = true, commands = ["true"] }
`;

function openProgram(lab: Lab, name: string, [program = '', ...args]: readonly string[]): Promise<Entry> {
  const file = findProgram(program, process.env['PATH'] ?? '');
  if (file === undefined) return Promise.reject(new PeerMissing(`${program} is not installed`));
  const count = STEPS[lab.mode];
  async function sample(): Promise<number[]> {
    const started = performance.now();
    for (let i = 0; i < count; i++) {
      const child = spawn(file ?? '', args, { stdio: ['pipe', 'pipe', 'pipe'], env: {} });
      child.stdin.end();
      child.stdout.resume();
      child.stderr.resume();
      await once(child, 'close');
    }
    return [(performance.now() - started) / count];
  }
  return Promise.resolve({ contenders: [{ name, isOurs: false, sample }] });
}

function summarize(figures: ReadonlyMap<string, Figure>): readonly Line[] {
  const ours = figures.get(OURS)?.p50;
  const program = figures.get(SANDBOXED)?.p50 ?? figures.get(BARE)?.p50;
  const value = ours === undefined || program === undefined ? null : ours - program;
  const target = { atMost: BEYOND_MS };
  return [
    {
      ours: BEYOND,
      peer: null,
      statistic: 'p50',
      unit: 'ms',
      oursValue: value,
      peerValue: null,
      ratio: null,
      target,
      ...(value === null
        ? { verdict: 'not measured' as const, reason: 'a figure is missing' }
        : { verdict: judge(value, target), reason: null }),
    },
  ];
}
