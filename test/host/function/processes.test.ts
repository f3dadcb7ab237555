// cspell:ignore nofile
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Limits } from '../../../host/limits.ts';
import {
  breakBubblewrap,
  breakSandboxes,
  endedOf,
  HAS_BUBBLEWRAP,
  HAS_LANDLOCK,
  isRunning,
  ownTemporaries,
  type Programs,
  programs,
} from './program-fixture.ts';
import { type Bench, bench, bytesOf, openDescriptors, refusalOf } from './scope-fixture.ts';

const RULES = { commands: ['*'], read: ['./'], write: ['./'] };

function world(limits: Partial<Limits> = {}): Bench & Programs {
  const made = programs();
  return Object.assign(bench({ cwd: made.root, path: made.bin, rules: RULES, limits }), made);
}

const run = (here: Bench, name: string, input = ''): Promise<unknown> =>
  here.call('command.execute', name, [], bytesOf(input));

/** Waits until no process with this word runs; fails after ten seconds. */
async function gone(word: string): Promise<void> {
  for (let i = 0; i < 1_000 && isRunning(word); i++) await wait(10);
  expect(isRunning(word)).toBe(false);
}

const SET_LIMIT = 'prlimit';

function limitDescriptors(count: number): void {
  execFileSync(SET_LIMIT, [`--pid=${process.pid}`, `--nofile=${count}:`], { stdio: 'ignore' });
}

let count = 0;

/** A program that starts a child, which lives long and has `word` among its arguments. */
function parent(isDetached: boolean): { readonly word: string; readonly source: string } {
  const word = `child-${process.pid}-${++count}`;
  return {
    word,
    source: `
const { spawn } = require('node:child_process');
const options = { stdio: ['ignore', 'inherit', 'inherit'], detached: ${isDetached} };
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '${word}'], options);
require('node:fs').writeFileSync('pid', String(child.pid));
child.unref();
`,
  };
}

async function written(here: Programs): Promise<void> {
  for (let i = 0; i < 1_000 && !existsSync(join(here.root, 'pid')); i++) await wait(10);
}

describe.each([
  ['in bubblewrap', HAS_BUBBLEWRAP, () => undefined],
  ['under Landlock', HAS_LANDLOCK, breakBubblewrap],
  ['in the open', true, breakSandboxes],
])('a program, %s,', (name, isPossible, choose) => {
  const isClosedIn = name !== 'in the open';
  beforeEach((context) => {
    if (!isPossible) context.skip();
    choose();
  });

  it.each(['stdout', 'stderr'])('that writes more than message_kb to %s is ended [R-LIMIT-1]', async (stream) => {
    const here = world({ message_kb: 8 });
    here.add('flood', `const more = () => process.${stream}.write('x'.repeat(1e5), more); more();`);
    expect(await refusalOf(run(here, 'flood'))).toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('message_kb = 8') as string,
    });
  });

  it('may write as much as message_kb, on both together [R-LIMIT-1]', async () => {
    const here = world({ message_kb: 8 });
    here.add('fits', `process.stdout.write('x'.repeat(8000)); process.stderr.write('y'.repeat(192));`);
    expect(endedOf((await run(here, 'fits')) as never)).toMatchObject({
      status: 0,
      stdout: 'x'.repeat(8_000),
      stderr: 'y'.repeat(192),
    });
  });

  it('that runs longer than command_ms is ended with all it started, and its folder removed [R-GATE-4] [R-LIMIT-1]', async () => {
    const temporaries = ownTemporaries();
    const here = world({ command_ms: 1_500 });
    const { word, source } = parent(false);
    here.add('slow', `process.on('SIGTERM', () => {}); ${source} setInterval(() => {}, 1000);`);
    expect(await refusalOf(run(here, 'slow'))).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('command_ms = 1500') as string,
    });
    await gone(word);
    expect(temporaries()).toEqual([]);
  });

  it('that leaves a child with its output open ends all the same, and the child with it [R-GATE-4]', async () => {
    const here = world();
    const { word, source } = parent(false);
    here.add('leaves', source);
    expect(endedOf((await run(here, 'leaves')) as never).status).toBe(0);
    await gone(word);
  });

  it('whose child left its group is not waited for: the child dies with it [R-GATE-4] [R-COMMAND-3]', async () => {
    const temporaries = ownTemporaries();
    const here = world({ command_ms: 1_500 });
    const { word, source } = parent(true);
    here.add('leaves', source);
    const kill = vi.spyOn(process, 'kill');
    try {
      expect(endedOf((await run(here, 'leaves')) as never).status).toBe(0);
      // Once at its exit; later its number may be that of another program's group.
      const groups = kill.mock.calls.map(([pid]) => pid).filter((pid) => pid < 0);
      expect(groups).not.toEqual([]);
      expect(groups).toEqual([...new Set(groups)]);
    } finally {
      kill.mockRestore();
    }
    await gone(word);
    expect(temporaries()).toEqual([]);
  });

  it('ends with its run, and all it started with it [R-GATE-4]', async () => {
    const temporaries = ownTemporaries();
    const here = world();
    const { word, source } = parent(true);
    here.add(
      'slow',
      `${isClosedIn ? source : source.replace('detached: true', 'detached: false')} setInterval(() => {}, 1000);`,
    );
    const ended = expect(run(here, 'slow')).rejects.toThrow('the run is over');
    await written(here);
    here.run.abort(new Error('the run is over'));
    await ended;
    await gone(word);
    expect(temporaries()).toEqual([]);
  });

  it('is not started when its run ends after the decision [R-GATE-4]', async () => {
    const made = programs();
    const temporaries = ownTemporaries();
    made.add('touch', `require('node:fs').writeFileSync('canary', '')`);
    const spawned = vi.spyOn(process, 'kill');
    const onRecord = (): void => queueMicrotask(() => here.run.abort(new Error('over')));
    const here: Bench = bench({ cwd: made.root, path: made.bin, rules: RULES, onRecord });
    try {
      await expect(run(here, 'touch')).rejects.toThrow('over');
      // What was started would have been killed.
      expect(spawned).not.toHaveBeenCalled();
    } finally {
      spawned.mockRestore();
    }
    expect(here.records).toHaveLength(1);
    expect(existsSync(join(made.root, 'canary'))).toBe(false);
    expect(temporaries()).toEqual([]);
  });

  it('need not read its input [R-GATE-4]', async () => {
    const here = world();
    here.add('deaf', `process.stdin.destroy(); console.log('done')`);
    expect(endedOf((await run(here, 'deaf', 'x'.repeat(500_000))) as never)).toMatchObject({
      status: 0,
      stdout: 'done\n',
    });
  });

  it('that belongs to somebody else and cannot be killed costs this process nothing [R-GATE-4]', async () => {
    const here = world({ command_ms: 1_000 });
    here.add('set-uid', `setTimeout(() => {}, 3000)`);
    const real = process.kill.bind(process);
    const kill = vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
      if (pid < 0) throw Object.assign(new Error('kill EPERM'), { code: 'EPERM', syscall: 'kill' });
      return real(pid, signal);
    });
    try {
      expect(await refusalOf(run(here, 'set-uid'))).toMatchObject({ code: 'timeout' });
    } finally {
      kill.mockRestore();
    }
  });

  it('for which no descriptor is left is a refusal [R-GATE-4]', async (context) => {
    const here = world();
    await run(here, 'tell');
    const held: number[] = [];
    const [soft] = /(?<=^Max open files +)\d+/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    try {
      limitDescriptors(openDescriptors() + 40);
    } catch {
      return context.skip('prlimit is not installed');
    }
    try {
      for (;;) held.push(openSync('/dev/null', 'r'));
    } catch {
      expect(await refusalOf(run(here, 'tell'))).toMatchObject({ errno: 'EMFILE' });
    } finally {
      for (const fd of held) closeSync(fd);
      limitDescriptors(Number(soft));
    }
    expect(endedOf((await run(here, 'tell')) as never).status).toBe(0);
  });
});
