import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { DISK } from '../../src/files/disk.ts';
import { makeDirectories } from '../../src/files/make-directories.ts';
import { checkQuickly } from '../../src/store/check-quickly.ts';
import { checkTree } from '../../src/store/check-tree.ts';
import { Store } from '../../src/store/store.ts';
import { type FileTree, parseTree } from '../../src/tree/file-tree.ts';
import { scratch } from '../runtime/folders.ts';

const root = scratch();
let count = 0;
const tree = (text = 'a'): FileTree =>
  parseTree([
    { path: 'skill.toml', bytes: Buffer.from(text), executable: false },
    { path: 'bin/deep/run', bytes: Buffer.from('#!/bin/sh\n'), executable: true },
  ]);

function open(): Store {
  return new Store(join(root, `store${count++}`), DISK);
}
function keep(store: Store, kept: FileTree = tree()): string {
  store.keep(store.stage(kept), kept);
  return store.pathOf(kept.hash);
}

describe('a store of trees [R-STORE-1]', () => {
  it('keeps a tree under its hash, for reading only', () => {
    const store = open();
    const path = keep(store);
    expect(store.list()).toEqual([tree().hash]);
    expect(checkTree(path, tree().hash)).toBeUndefined();
    const modes = ['', 'skill.toml', 'bin', 'bin/deep', 'bin/deep/run'].map((name) =>
      (statSync(join(path, name)).mode & 0o777).toString(8),
    );
    expect(modes).toEqual(['555', '444', '555', '555', '555']);
  });

  it('shows nothing of a tree that is only staged', () => {
    const store = open();
    const staged = store.stage(tree());
    expect(store.list()).toEqual([]);
    store.discard(staged);
    expect(readdirSync(store.trees)).toEqual([]);
  });

  it('leaves alone a tree that is there already and whole', () => {
    const store = open();
    const path = keep(store);
    const { ino } = statSync(path);
    keep(store);
    expect(statSync(path).ino).toBe(ino);
    expect(readdirSync(store.trees)).toHaveLength(1);
  });

  it('removes a tree, and nothing when there is none', () => {
    const store = open();
    keep(store);
    keep(store, tree('b'));
    store.remove(tree().hash);
    store.remove(tree().hash);
    expect(store.list()).toEqual([tree('b').hash]);
    expect(readdirSync(store.trees)).toHaveLength(1);
  });

  it('knows what processes left that are gone, and what others are at', () => {
    const store = open();
    makeDirectories(store.trees, DISK);
    for (const name of ['4194305-left', `${process.pid}-busy`, 'something']) mkdirSync(join(store.trees, name));
    expect(store.leftovers()).toEqual([join(store.trees, '4194305-left')]);
  });

  it.each(['', 'sha256:', `sha256:${'g'.repeat(64)}`, `sha256:${'a'.repeat(64)}/..`, `md5:${'a'.repeat(32)}`])(
    'has no path for a hash like %j',
    (hash) => {
      expect(() => open().pathOf(hash)).toThrow(TypeError);
    },
  );
});

/** What may befall a tree, by whoever. */
const DAMAGES: readonly [what: string, act: (path: string) => void][] = [
  ['a byte is another', (path) => writeFileSync(join(path, 'skill.toml'), 'b')],
  ['a byte is another, of the same length and time', (path) => spoilQuietly(join(path, 'skill.toml'))],
  ['a file is cut', (path) => writeFileSync(join(path, 'bin/deep/run'), '#!')],
  ['a file is gone', (path) => rmSync(join(path, 'skill.toml'))],
  ['a file is more', (path) => writeFileSync(join(path, 'bin/more'), '')],
  ['a file may be executed', (path) => chmodSync(join(path, 'skill.toml'), 0o555)],
  ['a file has another name', (path) => renameSync(join(path, 'skill.toml'), join(path, 'SKILL.toml'))],
  ['two files are swapped', (path) => swap(join(path, 'skill.toml'), join(path, 'bin/deep/run'))],
  [
    'a file is a link to its copy',
    (path) => {
      renameSync(join(path, 'skill.toml'), join(path, '..', 'copy'));
      symlinkSync('../copy', join(path, 'skill.toml'));
    },
  ],
  [
    'a file is a folder',
    (path) => {
      rmSync(join(path, 'skill.toml'));
      mkdirSync(join(path, 'skill.toml'));
    },
  ],
  [
    'a file is a pipe',
    (path) => {
      rmSync(join(path, 'skill.toml'));
      execFileSync('mkfifo', [join(path, 'skill.toml')]);
    },
  ],
  ['a folder is gone', (path) => rmSync(join(path, 'bin'), { recursive: true })],
  ['all of it is gone', (path) => rmSync(path, { recursive: true })],
  [
    'it is a link to its copy',
    (path) => {
      renameSync(path, `${path}-copy`);
      symlinkSync(`${path}-copy`, path);
    },
  ],
  [
    'it is a file',
    (path) => {
      rmSync(path, { recursive: true });
      writeFileSync(path, 'x');
    },
  ],
];

describe.each(DAMAGES)('when %s [R-STORE-2]', (_, damage) => {
  function damaged(): { readonly store: Store; readonly path: string; readonly cache: string } {
    const store = open();
    const path = keep(store);
    const cache = join(root, `cache${count}`);
    expect(checkQuickly(path, tree().hash, cache)).toBeUndefined();
    execFileSync('chmod', ['-R', 'u+w', path]);
    damage(path);
    return { store, path, cache };
  }

  it('is found before it is used, quickly as well as fully', () => {
    const { path, cache } = damaged();
    expect(checkTree(path, tree().hash)).toEqual(expect.any(String));
    expect(checkQuickly(path, tree().hash, cache)).toEqual(expect.any(String));
  });

  it('is mended by keeping the tree again', () => {
    const { store, path } = damaged();
    keep(store);
    expect(checkTree(path, tree().hash)).toBeUndefined();
  });
});

describe('checking quickly', () => {
  it('remembers only what has been still for a while, and never what is wrong', async () => {
    const store = open();
    const path = keep(store);
    const cache = join(root, `cache${count}`);
    expect(checkQuickly(path, tree().hash, cache)).toBeUndefined();
    expect(existsSync(join(cache, 'trees'))).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(checkQuickly(path, tree().hash, cache)).toBeUndefined();
    expect(readdirSync(join(cache, 'trees'))).toHaveLength(1);
    expect(checkQuickly(path, tree('b').hash, join(root, 'other-cache'))).toContain('not those that were installed');
    expect(existsSync(join(root, 'other-cache'))).toBe(false);
  });

  it('finds a file that changed and has its old length and time back', async () => {
    const store = open();
    const path = keep(store);
    const cache = join(root, `cache${count}`);
    await new Promise((resolve) => setTimeout(resolve, 80));
    checkQuickly(path, tree().hash, cache);
    spoilQuietly(join(path, 'skill.toml'));
    expect(checkQuickly(path, tree().hash, cache)).toEqual(expect.any(String));
  });
});

/** Changes a byte and sets the time back. */
function spoilQuietly(file: string): void {
  execFileSync(
    'sh',
    [
      '-c',
      'touch -r "$1" "$1.ref"; chmod u+w "$1"; printf b > "$1"; touch -r "$1.ref" "$1"; chmod 444 "$1"; rm "$1.ref"',
      'sh',
      file,
    ],
    {
      // The folder is read-only.
      stdio: 'ignore',
    },
  );
}

function swap(a: string, b: string): void {
  renameSync(a, `${a}.x`);
  renameSync(b, a);
  renameSync(`${a}.x`, b);
}
