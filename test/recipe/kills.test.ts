import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRuntime, type Runtime, type RunResult } from '../../src/index.ts';
import { readJournal } from '../../src/journal/journal.ts';
import type { Report } from '../../src/recipe/report.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';
import { manifest, write } from '../runtime/folders.ts';
import { seeded } from '../seed.ts';
import { HEAD } from './samples.ts';

const BUILT = pathToFileURL(join(import.meta.dirname, '../../dist/src/index.js')).href;
const STEPS = ['one', 'two', 'three', 'four', 'five'];
const ROUNDS = process.env['SKILLHOST_FAULTS'] === 'full' ? 44 : 10;

/** Runs the recipe, or takes a run up; dies with the nth line of a journal when it is told to. */
const CHILD = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { built, root, kill, take } = JSON.parse(process.argv[2]);
const { writeSync } = fs;
let lines = 0;
fs.writeSync = (fd, bytes, ...rest) => {
  const isLine = Buffer.isBuffer(bytes) && /^[0-9a-f]{16} \\{/.test(bytes.toString('latin1', 0, 18));
  if (isLine && ++lines === kill?.at && kill.how === 'half') {
    writeSync(fd, bytes.subarray(0, bytes.length >> 1));
    process.kill(process.pid, 'SIGKILL');
  }
  const written = writeSync(fd, bytes, ...rest);
  if (isLine && lines === kill?.at) process.kill(process.pid, 'SIGKILL');
  return written;
};
syncBuiltinESMExports();
const { createRuntime } = await import(built);
const runtime = createRuntime({ home: root + '/home', cwd: root, spare: false, env: { PATH: root + '/bin:/usr/bin:/bin' }, asker: { settle: async () => 'done' } });
const grant = { terminal_exec: ['mark'], filesystem_read: ['./'], filesystem_write: ['./'] };
writeSync(1, 'begins\\n');
const result = await runtime.run(root + '/skill', 'work', { grant, recipe: { yes: true, take } });
writeSync(1, JSON.stringify(result.ok ? { ok: true } : { code: result.error.code, message: result.error.message }) + '\\n');
await runtime.close();
`;

const MARK = `#!/bin/sh
echo "$1 $$" >> marks
sleep 0.02
test ! -e "fail-$1"
`;

/** A project with the skill, in which every thing that is done leaves a line. */
function project(): string {
  const root = temporaryFolder();
  const steps = STEPS.map((id) => `  - { id: ${id}, command: mark ${id} }\n`).join('');
  const rollback = STEPS.map((id) => `  - { command: mark undo-${id}, undoes: ${id} }\n`).join('');
  write(root, {
    'skill/skill.toml': manifest(
      'custom.kills',
      '[capabilities]\nterminal_exec = { allowed = true, commands = ["mark"] }\nfilesystem_read = ["./"]\nfilesystem_write = ["./"]\n[recipes]\nfiles = ["*.yaml"]\n',
    ),
    'skill/work.yaml': `${HEAD.replace('sample', 'work')}steps:\n${steps}rollback:\n${rollback}`,
    'bin/mark': MARK,
    'child.mjs': CHILD,
  });
  chmodSync(join(root, 'bin/mark'), 0o755);
  return root;
}

interface Child {
  readonly process: ChildProcess;
  /** What it said when it ended. */
  readonly ended: Promise<string[]>;
  readonly begins: Promise<unknown>;
}

function start(root: string, order: object): Child {
  if (!existsSync(new URL(BUILT))) throw new Error('not built yet: run "npm run build" first');
  const child = spawn(process.execPath, [join(root, 'child.mjs'), JSON.stringify({ built: BUILT, root, ...order })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const begins = new Promise((resolve) => child.stdout.on('data', resolve));
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<string[]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(said.split('\n').filter((line) => line !== '')));
  });
  return { process: child, ended, begins };
}

const marks = (root: string): string[][] =>
  existsSync(join(root, 'marks'))
    ? readFileSync(join(root, 'marks'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' '))
    : [];
const names = (root: string): string[] => marks(root).map(([name = '']) => name);

/** Whether anything runs that was started by a step: by its command line, for in a sandbox its number is another. */
function isMarking(root: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${root}/bin/mark`);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

/** Waits until what the killed process had started is over. */
async function settled(root: string): Promise<void> {
  for (let i = 0; isMarking(root); i += 1) {
    if (i > 500) throw new Error('a process is left');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A process of another kind than the one that died: it has the sources, and looks at the marks. */
function second(root: string): Runtime {
  const runtime = createRuntime({
    home: join(root, 'home'),
    cwd: root,
    spare: false,
    env: { PATH: `${root}/bin:/usr/bin:/bin` },
    asker: {
      settle: ({ open }) => {
        const step = STEPS[open.kind === 'step' ? open.step : (open.task.turn?.step ?? -1)] ?? '';
        return Promise.resolve(names(root).includes(open.kind === 'step' ? step : `undo-${step}`) ? 'done' : 'redo');
      },
    },
  });
  onTestFinished(() => runtime.close());
  return runtime;
}

const GRANT = { terminal_exec: ['mark'], filesystem_read: ['./'], filesystem_write: ['./'] };

function take(runtime: Runtime, root: string, run: string, how: 'resume' | 'rollback'): Promise<RunResult> {
  return runtime.run(join(root, 'skill'), 'work', { grant: GRANT, recipe: { yes: true, take: { run, how } } });
}

function reportOf(result: RunResult): Report {
  return (result.ok ? result.result : result.error.details?.['report']) as Report;
}

const runsOf = (root: string): string[] =>
  existsSync(join(root, 'home/journal')) ? readdirSync(join(root, 'home/journal')) : [];

async function checkRound(root: string, how: 'resume' | 'rollback'): Promise<string> {
  await settled(root);
  const before = names(root);
  const [run] = runsOf(root).filter((name) =>
    readdirSync(join(root, 'home/journal', name)).some((file) => file.endsWith('.jsonl')),
  );
  if (run === undefined) {
    expect(before).toEqual([]);
    return 'nothing';
  }
  const result = await take(second(root), root, run, how);
  const report = reportOf(result);
  const after = names(root);
  expect(new Set(after).size, `a step ran twice: ${after.join()}`).toBe(after.length);
  if (how === 'resume') {
    expect([result.ok, report.result, after]).toEqual([true, 'success', STEPS]);
  } else {
    const done = before.filter((name) => !name.startsWith('undo-'));
    const undone = after.filter((name) => name.startsWith('undo-'));
    expect([result.ok, report.result]).toEqual([true, 'rolled_back']);
    // Of the last one nobody knew whether it ran; it is taken back all the same.
    const begun = report.steps.filter(({ status }) => status === 'undone').map(({ step }) => step);
    expect(begun.slice(0, done.length)).toEqual(done);
    expect(undone).toEqual(begun.toReversed().map((name) => `undo-${name}`));
    expect(after.filter((name) => !name.startsWith('undo-'))).toEqual(done);
  }
  await settled(root);
  const { isRunning, entries } = readJournal(join(root, 'home/journal', run));
  expect([isRunning, entries.some(({ type }) => type === 'finished')]).toEqual([false, true]);
  return `${before.length}`;
}

describe('a process that is killed in a recipe [R-RECIPE-10]', () => {
  it.each(Array.from({ length: ROUNDS }, (_, i) => i))(
    'round %i: what it left is carried on or taken back, and nothing ran twice',
    async (round) => {
      const root = project();
      const how = round % 2 === 0 ? 'resume' : 'rollback';
      // The first rounds die at each line in turn, some in the middle of it; the others at any moment.
      const at = Math.floor(round / 2) + 1;
      const isChosen = at <= 20;
      const child = start(root, isChosen ? { kill: { at, how: round % 3 === 0 ? 'half' : 'after' } } : {});
      if (!isChosen) {
        await child.begins;
        const wait = (((seeded(round) * 2_654_435_761) >>> 0) % 500) + 5;
        await new Promise((resolve) => setTimeout(resolve, wait));
        child.process.kill('SIGKILL');
      }
      await child.ended;
      await checkRound(root, how);
    },
  );

  it('that is rolling back is killed, and its rollback goes on', async () => {
    for (const at of [20, 22, 24, 26]) {
      const root = project();
      write(root, { 'fail-five': '' });
      await start(root, { kill: { at, how: 'after' } }).ended;
      await settled(root);
      const [run = ''] = runsOf(root);
      const report = reportOf(await take(second(root), root, run, 'resume'));
      expect(report).toMatchObject({
        result: 'failed',
        failure: { at: 'five' },
        rolledBack: STEPS.toReversed(),
        rollbackErrors: [],
      });
      expect(names(root)).toEqual([...STEPS, ...STEPS.toReversed().map((name) => `undo-${name}`)]);
    }
  });

  it('leaves one run to one process: of two that take it up at once, the other is told', async () => {
    for (let round = 0; round < 4; round += 1) {
      const root = project();
      await start(root, { kill: { at: 6, how: 'after' } }).ended;
      await settled(root);
      const [run = ''] = runsOf(root);
      const both = [1, 2].map(() => start(root, { take: { run, how: round % 2 === 0 ? 'resume' : 'rollback' } }));
      const said = (await Promise.all(both.map(({ ended }) => ended))).map(
        (lines) => JSON.parse(lines[1] ?? '{}') as { ok?: boolean; code?: string },
      );
      const codes = said.map(({ ok, code }) => (ok === true ? 'ok' : String(code)));
      codes.sort((a, b) => (a < b ? -1 : 1));
      // The one that came late finds a run that has ended, when the other was quick.
      expect([
        ['E_UNAVAILABLE', 'ok'],
        ['ok', 'ok'],
        ['E_USAGE', 'ok'],
      ]).toContainEqual(codes);
      expect(new Set(names(root)).size).toBe(names(root).length);
    }
  });
});
