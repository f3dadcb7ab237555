import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Bench,
  bench,
  bytesOf,
  openDescriptors,
  plant,
  refusalOf,
  temporaryFolder,
  textOf,
} from './scope-fixture.ts';

interface World extends Bench {
  readonly root: string;
  /** A path below the root. */
  readonly at: (name: string) => string;
}

/** `granted/` may be read and written, `outside/` may not; `extra` adds grants below the root. */
function world(extra: readonly string[] = [], prepare: (root: string) => void = () => undefined): World {
  const root = temporaryFolder();
  const at = (name: string): string => join(root, name);
  plant(root, {
    'granted/a.txt': 'inside',
    'granted/sub/b.txt': 'inside',
    'outside/s.txt': 'OUTSIDE',
    'outside/dir/t.txt': 'OUTSIDE',
  });
  prepare(root);
  const granted = [at('granted'), ...extra.map(at)];
  return Object.assign(bench({ cwd: root, rules: { read: granted, write: granted } }), { root, at });
}

function assertUntouched({ at }: World): void {
  expect(readFileSync(at('outside/s.txt'), 'utf8')).toBe('OUTSIDE');
  expect(readFileSync(at('outside/dir/t.txt'), 'utf8')).toBe('OUTSIDE');
  expect(readdirSync(at('outside')).toSorted()).toEqual(['dir', 's.txt']);
}

/** Links below `granted/`: name, target, and the path through it that is asked for. */
const OUTWARD: readonly (readonly [name: string, target: string, asked: string])[] = [
  ['absolute file', '$ROOT/outside/s.txt', 'l'],
  ['relative file', '../outside/s.txt', 'l'],
  ['absolute folder in the middle', '$ROOT/outside', 'l/s.txt'],
  ['relative folder in the middle', '../outside/dir', 'l/t.txt'],
  ['the root', '/', 'l/$ROOT/outside/s.txt'],
  ['a folder above', '..', 'l/outside/s.txt'],
  ['climbing out and in again by another name', '../outside/../outside/s.txt', 'l'],
  ['the kernel', '/proc/self/root/$ROOT/outside/s.txt', 'l'],
  ['own descriptors', '/proc/self/fd', 'l/0'],
  ['another process', `/proc/${process.ppid}/cwd`, 'l/x'],
  ['a folder that only begins alike', '$ROOT/granted-not/x', 'l'],
];

describe('links that lead out', () => {
  it.each(OUTWARD)('by %s are refused for every use [R-GATE-2]', async (_name, target, asked) => {
    const here = world();
    symlinkSync(target.replace('$ROOT', here.root), here.at('granted/l'));
    symlinkSync('l', here.at('granted/chained'));
    for (const path of [asked, asked.replace(/^l/, 'chained')].map((name) =>
      here.at(`granted/${name.replace('$ROOT', here.root)}`),
    )) {
      for (const operation of ['fs.read-file', 'fs.stat', 'fs.list'])
        expect(await refusalOf(here.call(operation, path))).toMatchObject({ code: 'denied' });
      expect(await refusalOf(here.call('fs.write-file', path, bytesOf('bad')))).toMatchObject({ code: 'denied' });
      for (const flags of [
        { read: true },
        { write: true },
        { write: true, truncate: true },
        { write: true, create: true },
        { read: true, write: true },
      ]) {
        const all = { read: false, write: false, create: false, truncate: false, exclusive: false, ...flags };
        expect(await refusalOf(here.call('file.open', path, all))).toMatchObject({ code: 'denied' });
      }
    }
    assertUntouched(here);
  });

  it('are refused in the middle of a path to make, remove or rename, and tell nothing of what is there [R-GATE-2]', async () => {
    const here = world();
    symlinkSync(here.at('outside'), here.at('granted/l'));
    for (const name of ['l/dir', 'l/s.txt', 'l/new', 'l/dir/t.txt', 'l/dir/new', 'l/none/new', 'l/s.txt/new']) {
      const path = here.at(`granted/${name}`);
      const calls = [
        here.call('fs.make-directory', path),
        here.call('fs.remove-file', path),
        here.call('fs.remove-directory', path),
      ];
      calls.push(
        here.call('fs.rename', path, here.at('granted/taken')),
        here.call('fs.rename', here.at('granted/a.txt'), path),
      );
      const answers = await Promise.all(calls.map(async (call) => (await refusalOf(call)).code));
      // Neither `not-found` nor anything else that differs with what lies outside.
      expect(answers).toEqual(['denied', 'denied', 'denied', 'denied', 'denied']);
    }
    assertUntouched(here);
    expect(readFileSync(here.at('granted/a.txt'), 'utf8')).toBe('inside');
  });

  it('can be removed and renamed themselves, which leaves their targets alone [R-GATE-2]', async () => {
    const here = world();
    symlinkSync(here.at('outside/s.txt'), here.at('granted/l'));
    await here.call('fs.rename', here.at('granted/l'), here.at('granted/sub/moved'));
    expect(lstatSync(here.at('granted/sub/moved')).isSymbolicLink()).toBe(true);
    expect(await refusalOf(here.call('fs.read-file', here.at('granted/sub/moved')))).toMatchObject({ code: 'denied' });
    await here.call('fs.remove-file', here.at('granted/sub/moved'));
    assertUntouched(here);
  });

  it('are refused when made after the grant, also in place of the granted folder [R-GATE-2]', async () => {
    const here = world();
    renameSync(here.at('granted'), here.at('moved'));
    symlinkSync('outside', here.at('granted'));
    for (const name of ['granted/s.txt', 'granted/dir/t.txt', 'granted']) {
      expect(await refusalOf(here.call('fs.read-file', here.at(name)))).toMatchObject({ code: 'denied' });
      expect(await refusalOf(here.call('fs.write-file', here.at(name), bytesOf('bad')))).toMatchObject({
        code: 'denied',
      });
      expect(await refusalOf(here.call('fs.make-directory', here.at(`${name}/new`)))).toMatchObject({ code: 'denied' });
    }
    assertUntouched(here);
  });
});

describe('links that stay inside', () => {
  it.each([
    ['a file', 'a.txt', 'l'],
    ['a folder', 'sub', 'l/b.txt'],
    ['an absolute path', '$ROOT/granted/sub', 'l/b.txt'],
    ['a way round', 'sub/../sub/./b.txt', 'l'],
  ])('work for reading and writing: %s [R-GATE-2]', async (_name, target, asked) => {
    const here = world();
    symlinkSync(target.replace('$ROOT', here.root), here.at('granted/l'));
    const path = here.at(`granted/${asked}`);
    expect(await textOf(here.call('fs.read-file', path))).toBe('inside');
    await here.call('fs.write-file', path, bytesOf('changed'));
    expect(await textOf(here.call('fs.read-file', path))).toBe('changed');
  });

  it('may lead from one grant to another [R-GATE-2]', async () => {
    const here = world(['outside/dir']);
    symlinkSync('../outside/dir/t.txt', here.at('granted/l'));
    expect(await textOf(here.call('fs.read-file', here.at('granted/l')))).toBe('OUTSIDE');
    expect(await refusalOf(here.call('fs.read-file', here.at('outside/s.txt')))).toMatchObject({ code: 'denied' });
  });

  it('make a file where a dangling one points, when that is inside [R-GATE-2]', async () => {
    const here = world();
    symlinkSync('sub/new.txt', here.at('granted/in'));
    symlinkSync('../outside/new.txt', here.at('granted/out'));
    await here.call('fs.write-file', here.at('granted/in'), bytesOf('made'));
    expect(readFileSync(here.at('granted/sub/new.txt'), 'utf8')).toBe('made');
    expect(await refusalOf(here.call('fs.write-file', here.at('granted/out'), bytesOf('bad')))).toMatchObject({
      code: 'denied',
    });
    assertUntouched(here);
  });

  it('that loop end with an error, and a chain of twenty with the file [R-GATE-2]', async () => {
    const here = world();
    const before = openDescriptors();
    symlinkSync('two', here.at('granted/one'));
    symlinkSync('one', here.at('granted/two'));
    symlinkSync('self/self', here.at('granted/self'));
    for (const name of ['one', 'one/x', 'self', 'self/x'])
      expect(await refusalOf(here.call('fs.read-file', here.at(`granted/${name}`)))).toMatchObject({ errno: 'ELOOP' });
    for (let i = 0; i < 22; i++) symlinkSync(i === 0 ? 'a.txt' : `c${i - 1}`, here.at(`granted/c${i}`));
    expect(await textOf(here.call('fs.read-file', here.at('granted/c19')))).toBe('inside');
    expect(await refusalOf(here.call('fs.read-file', here.at('granted/c21')))).toMatchObject({ errno: 'ELOOP' });
    expect(openDescriptors()).toBe(before);
  });
});

describe('a grant', () => {
  it('of a link covers what it led to when it was granted [R-GATE-2]', async () => {
    const here = world(['link'], (root) => symlinkSync('outside/dir', join(root, 'link')));
    expect(await textOf(here.call('fs.read-file', here.at('link/t.txt')))).toBe('OUTSIDE');
    expect(await textOf(here.call('fs.read-file', here.at('outside/dir/t.txt')))).toBe('OUTSIDE');
    rmSync(here.at('link'));
    symlinkSync('outside', here.at('link'));
    expect(await refusalOf(here.call('fs.read-file', here.at('link/s.txt')))).toMatchObject({ code: 'denied' });
  });

  it('of a dangling link covers nothing it comes to lead to [R-GATE-2]', async () => {
    const here = world(['link'], (root) => symlinkSync('later', join(root, 'link')));
    writeFileSync(here.at('later'), 'OUTSIDE');
    expect(await refusalOf(here.call('fs.read-file', here.at('link')))).toMatchObject({ code: 'denied' });
    expect(await refusalOf(here.call('fs.write-file', here.at('link'), bytesOf('bad')))).toMatchObject({
      code: 'denied',
    });
    expect(readFileSync(here.at('later'), 'utf8')).toBe('OUTSIDE');
  });

  it('of one file covers neither its folder nor its neighbors [R-GATE-2]', async () => {
    const here = world(['outside/s.txt', 'outside/new.txt']);
    expect(await textOf(here.call('fs.read-file', here.at('outside/s.txt')))).toBe('OUTSIDE');
    await here.call('fs.write-file', here.at('outside/new.txt'), bytesOf('made'));
    for (const name of ['outside', 'outside/dir', 'outside/dir/t.txt', 'outside/s.txt2', 'outside/S.txt']) {
      expect(await refusalOf(here.call('fs.stat', here.at(name)))).toMatchObject({ code: 'denied' });
    }
    expect(await refusalOf(here.call('fs.make-directory', here.at('outside/x')))).toMatchObject({ code: 'denied' });
    expect(await refusalOf(here.call('fs.rename', here.at('outside/s.txt'), here.at('outside/x')))).toMatchObject({
      code: 'denied',
    });
  });

  it('of / opens every file but the doors of the kernel [R-GATE-2]', async () => {
    const root = temporaryFolder();
    plant(root, { 'a.txt': 'any' });
    symlinkSync('/proc/self/environ', join(root, 'env'));
    const here = bench({ cwd: root, rules: { read: ['/'], write: ['/'] } });
    expect(await textOf(here.call('fs.read-file', join(root, 'a.txt')))).toBe('any');
    for (const path of ['/proc', '/proc/self/environ', '/sys/kernel', '/dev/null', '/dev/shm/x', join(root, 'env')]) {
      expect(await refusalOf(here.call('fs.read-file', path))).toMatchObject({ code: 'denied' });
      expect(await refusalOf(here.call('fs.write-file', path, bytesOf('')))).toMatchObject({ code: 'denied' });
    }
    for (const operation of ['fs.remove-directory', 'fs.remove-file', 'fs.make-directory'])
      await refusalOf(here.call(operation, '/'));
  });

  it('written with a slash at its end, or used with one, is the same [R-GATE-2]', async () => {
    const here = world(['outside/dir/']);
    expect(await here.call('fs.list', here.at('outside/dir/'))).toEqual([['t.txt', 'file']]);
    expect(await here.call('fs.list', here.at('outside/dir'))).toEqual([['t.txt', 'file']]);
  });

  it('through which a hard link leads out is of no use for that file [R-GATE-2]', async () => {
    const here = world();
    linkSync(here.at('outside/s.txt'), here.at('granted/hard'));
    mkdirSync(here.at('granted/d'));
    for (const operation of ['fs.read-file', 'fs.stat']) {
      expect(await refusalOf(here.call(operation, here.at('granted/hard')))).toMatchObject({
        code: 'denied',
        message: expect.stringContaining('2 hard links') as string,
      });
    }
    expect(await refusalOf(here.call('fs.write-file', here.at('granted/hard'), bytesOf('bad')))).toMatchObject({
      code: 'denied',
    });
    await here.call('fs.rename', here.at('granted/hard'), here.at('granted/d/hard'));
    expect(await refusalOf(here.call('fs.read-file', here.at('granted/d/hard')))).toMatchObject({ code: 'denied' });
    assertUntouched(here);
  });
});
