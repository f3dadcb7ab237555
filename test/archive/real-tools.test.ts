import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { ZipFile } from 'yazl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArchive } from '../../src/archive/read-archive.ts';

const LONG = `${'deep/'.repeat(24)}${'n'.repeat(90)}.md`;
const FILES: Readonly<Record<string, string>> = {
  'skill.toml': 'id = "custom.a"\n',
  'tools/run.sh': '#!/bin/sh\n',
  'données/été.md': 'accents',
  'empty.txt': '',
  [LONG]: 'a long name',
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'skillhost-archive-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, 'skill', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'skill', path), text);
  }
  chmodSync(join(folder, 'skill/tools/run.sh'), 0o4755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What somebody has packed with, and whether all lies in a folder. */
const PACKERS: readonly (readonly [string, () => Buffer | Promise<Buffer>])[] = [
  ['GNU tar, the folder', () => run('tar', ['-cz', 'skill'])],
  ['GNU tar, what is in the folder', () => run('tar', ['-cz', '-C', 'skill', '.'])],
  ['GNU tar, not compressed', () => run('tar', ['-c', 'skill'])],
  ['GNU tar, POSIX headers', () => run('tar', ['-cz', '--format=posix', 'skill'])],
  ['GNU tar, ustar headers', () => run('tar', ['-cz', '--format=ustar', 'skill'])],
  [
    'Python tarfile',
    () =>
      python('import tarfile,sys; t=tarfile.open(fileobj=sys.stdout.buffer,mode="w|gz"); t.add("skill"); t.close()'),
  ],
  [
    'Python zipfile',
    () =>
      python(
        'import shutil,sys; sys.stdout.buffer.write(open(shutil.make_archive("python","zip",".","skill"),"rb").read())',
      ),
  ],
  ['git archive', () => gitArchive('tar.gz')],
  ['git archive, zip', () => gitArchive('zip')],
  ['npm’s tar', () => collect(create({ gzip: true, cwd: folder }, ['skill']))],
  ['yazl', yazl],
];

describe('what tools pack is read as it was', () => {
  it.each(PACKERS)('%s [R-ARCHIVE-1]', async (_name, pack) => {
    const files = await readArchive(await pack(), 'skill.tgz');
    const texts = Object.fromEntries(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]));
    expect(texts).toEqual(FILES);
    expect(files.filter(({ executable }) => executable).map(({ path }) => path)).toEqual(['tools/run.sh']);
  });
});

const hasZip = process.env['CI'] === 'true' || spawnSync('zip', ['-v']).status === 0;

// It does not say that its names are UTF-8, so one that is not ASCII would be refused.
it.skipIf(!hasZip)('what zip writes into a pipe is read as it was [only with zip] [R-ARCHIVE-1]', async () => {
  const files = await readArchive(run('sh', ['-c', "zip -qr - skill -x '*/donn*' | cat"]), 'skill.zip');
  const texts = Object.fromEntries(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]));
  expect({ ...texts, 'données/été.md': 'accents' }).toEqual(FILES);
});

function run(program: string, args: readonly string[], cwd = folder): Buffer {
  return execFileSync(program, args, { cwd, maxBuffer: 2 ** 26 });
}

function python(script: string): Buffer {
  return run('python3', ['-c', script]);
}

function gitArchive(format: string): Buffer {
  const git = (...args: readonly string[]): Buffer =>
    run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], join(folder, 'skill'));
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'all', '--allow-empty');
  try {
    return git('archive', `--format=${format}`, '--prefix=owner-repo-1234567/', 'HEAD');
  } finally {
    rmSync(join(folder, 'skill/.git'), { recursive: true });
  }
}

async function yazl(): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(FILES))
    zip.addBuffer(Buffer.from(text), `skill/${path}`, { mode: path.endsWith('.sh') ? 0o100755 : 0o100644 });
  zip.end();
  return collect(zip.outputStream);
}

async function collect(stream: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
