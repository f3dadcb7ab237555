import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFolder } from '../../src/tree/read-folder.ts';
import { scratch, write } from '../runtime/folders.ts';

const root = scratch();
let count = 0;
function folder(files: Readonly<Record<string, string>> = { 'skill.toml': 'a', 'bin/run': 'b' }): string {
  const path = join(root, `f${count++}`);
  mkdirSync(path);
  write(path, files);
  return path;
}
const pathsOf = (path: string, skip?: string): readonly string[] =>
  readFolder(path, skip)
    .map((file) => file.path)
    .toSorted();

describe('reading a folder [R-TREE-3]', () => {
  it('gives every file with what is in it, and which may be executed', () => {
    const path = folder();
    chmodSync(join(path, 'bin/run'), 0o755);
    const files = readFolder(path).map(({ path: name, bytes, executable }): [string, string, boolean] => [
      name,
      Buffer.from(bytes).toString(),
      executable,
    ]);
    expect(files.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      ['bin/run', 'b', true],
      ['skill.toml', 'a', false],
    ]);
  });

  it('passes over one name at its root only', () => {
    const path = folder({ '.git/config': 'x', 'skill.toml': 'a', 'sub/.git/config': 'x' });
    expect(pathsOf(path, '.git')).toEqual(['skill.toml', 'sub/.git/config']);
  });

  it('follows the folder itself, which a person named', () => {
    const path = folder();
    symlinkSync(path, join(root, 'named'));
    expect(pathsOf(join(root, 'named'))).toEqual(['bin/run', 'skill.toml']);
  });

  it.each([
    ['a link to a file outside', (path: string) => symlinkSync('/etc/passwd', join(path, 'a')), 'link'],
    ['a link to a file inside', (path: string) => symlinkSync('skill.toml', join(path, 'a')), 'link'],
    ['a link to a folder', (path: string) => symlinkSync('/etc', join(path, 'a')), 'link'],
    ['a link to nothing', (path: string) => symlinkSync('/nowhere', join(path, 'a')), 'link'],
    ['a pipe', (path: string) => execFileSync('mkfifo', [join(path, 'a')]), 'special_file'],
  ])('refuses %s', (_, spoil, reason) => {
    const path = folder();
    spoil(path);
    expect(() => readFolder(path)).toThrow(expect.objectContaining({ code: 'E_PACKAGE', details: { reason } }));
  });

  it('refuses a name that is not UTF-8', () => {
    const path = folder();
    writeFileSync(Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0xff, 0x61])]), 'x');
    expect(() => readFolder(path)).toThrow(expect.objectContaining({ code: 'E_PACKAGE' }));
  });

  it('reads a file with two names as two files', () => {
    const path = folder();
    linkSync(join(path, 'skill.toml'), join(path, 'again'));
    expect(pathsOf(path)).toEqual(['again', 'bin/run', 'skill.toml']);
  });

  it.runIf(process.platform === 'linux').each(['file', 'folder'] as const)(
    'never reads through a link that a %s is swapped for meanwhile [only on Linux]',
    (swap) => {
      const secret = folder({ secret: 'the secret', run: 'the secret' });
      const path = folder({ 'bin/run': 'b' });
      const stop = startRacer(path, secret, swap);
      let refused = 0;
      try {
        for (let i = 0; i < 20_000 && refused < 20; i++) {
          try {
            for (const { bytes } of readFolder(path)) expect(Buffer.from(bytes).toString()).not.toContain('the secret');
          } catch (error) {
            if ((error as { code?: string }).code !== 'E_PACKAGE') throw error;
            refused++;
          }
        }
      } finally {
        stop();
      }
      expect(refused).toBeGreaterThan(0);
    },
  );
});

/** A process that swaps a file, or the folder it lies in, for a link and back, until it is ended. */
function startRacer(path: string, secret: string, swap: 'file' | 'folder'): () => void {
  const [place, target] =
    swap === 'file' ? [join(path, 'bin', 'run'), join(secret, 'secret')] : [join(path, 'bin'), secret];
  const script = `
    import { renameSync, symlinkSync, unlinkSync } from 'node:fs';
    const [place, real, target] = process.argv.slice(1);
    for (;;) { renameSync(place, real); symlinkSync(target, place); unlinkSync(place); renameSync(real, place); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, place, `${path}.real`, target], {
    stdio: 'ignore',
  });
  return () => child.kill('SIGKILL');
}
