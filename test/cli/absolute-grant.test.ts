import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '../../dist/cli/skill.js');
const MODULE = join(import.meta.dirname, '../../skills/word-count/bin/word-count.wasm');

const folder = mkdtempSync(join(tmpdir(), 'skillhost-absolute-'));
mkdirSync(join(folder, 'in'));
mkdirSync(join(folder, 'cwd'));
writeFileSync(join(folder, 'in/a.txt'), 'one two\n');
writeFileSync(join(folder, 'in/b.txt'), 'three\n');
writeFileSync(join(folder, 'cwd/a.txt'), 'another file of that name, below the working directory\n');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// A C program asks its library for an absolute path, and the library knows the folders it was told of only.
it.each([
  ['a folder', 'in', ['in/a.txt'], 0, '      1       2       8 @in/a.txt\n'],
  ['one file', 'in/a.txt', ['in/a.txt'], 0, '      1       2       8 @in/a.txt\n'],
  ['one file, asked for its neighbour', 'in/a.txt', ['in/b.txt'], 3, ''],
  // Of a path below none of them the library asks as if it were relative, and nothing is there.
  ['another folder', 'cwd', ['in/a.txt'], 1, ''],
])('a C guest reads absolute paths under a grant of %s [R-WASI-2]', (_, grant, files, status, expected) => {
  const words = ['run', MODULE, '--grant', `filesystem_read=${join(folder, grant)}`, '--'];
  const answer = spawnSync(process.execPath, [MAIN, ...words, ...files.map((file) => join(folder, file))], {
    cwd: join(folder, 'cwd'),
    encoding: 'utf8',
    env: { ...process.env, SKILLHOST_HOME: join(folder, 'home') },
  });
  expect({ status: answer.status, stdout: answer.stdout }).toEqual({
    status,
    stdout: expected.replace('@', `${folder}/`),
  });
});
