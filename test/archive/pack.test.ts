import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packFiles } from '../../src/archive/pack.ts';
import { readArchive } from '../../src/archive/read-archive.ts';
import { checkPath } from '../../src/tree/check-path.ts';
import type { RawFile } from '../../src/tree/raw-file.ts';

const file = (path: string, text = path, executable = false): RawFile => ({
  path,
  bytes: Buffer.from(text),
  executable,
});
const FILES = [
  file('skill.toml'),
  file('b/run.sh', '#!', true),
  file('a/é.md'),
  file(`${'d/'.repeat(20)}${'x'.repeat(200)}`),
];

describe('packing', () => {
  it('gives the same bytes for the same files, in whatever order [R-ARCHIVE-6]', async () => {
    const once = await packFiles(FILES);
    expect(Buffer.compare(await packFiles(FILES.toReversed()), once)).toBe(0);
    expect(Buffer.from(once.subarray(0, 10)).toString('hex')).toBe('1f8b0800000000000203');
    // To the byte, on every machine and with every Node; the first sum is of the tar in it.
    const sums = [gunzipSync(once), once].map((bytes) => createHash('sha256').update(bytes).digest('hex'));
    expect(sums).toMatchInlineSnapshot(`
      [
        "4ff6f3dab9fafe71a1c347150f5f96eeeff646897e5718e1b37ea18236700b4b",
        "bb1e488341842a1978c10cf170224fcc25f4b2fdd51d363b999dc64f7e5d17a3",
      ]
    `);
  });

  it('writes what GNU tar reads, without owner and time [R-ARCHIVE-6]', async () => {
    const listed = execFileSync('tar', ['-tvz', '--utc', '--numeric-owner', '--quoting-style=literal'], {
      input: await packFiles(FILES),
    }).toString();
    expect(listed).toContain('-rwxr-xr-x 0/0               2 1970-01-01 00:00 b/run.sh');
    expect(listed.split('\n').map((line) => line.split(' 00:00 ')[1])).toEqual([
      'a/é.md',
      'b/run.sh',
      FILES[3]?.path,
      'skill.toml',
      undefined,
    ]);
  });

  it('is read again as it was [R-ARCHIVE-6]', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 });
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const one = fc.record({ path, bytes: fc.uint8Array({ maxLength: 1500 }), executable: fc.boolean() });
    const several = fc.uniqueArray(one, { maxLength: 8, selector: (x) => x.path });
    await fc.assert(
      fc.asyncProperty(several, async (drawn) => {
        const files = drawn
          .filter((x) => checkPath(x.path) === undefined)
          .map((x) => ({ ...x, path: `top/${x.path}` }));
        const read = await readArchive(await packFiles([...files, file('skill.toml')]), 'a.tgz');
        const plain = (all: readonly RawFile[]): Map<string, string> =>
          new Map(all.map((x) => [x.path, `${x.executable} ${Buffer.from(x.bytes).toString('hex')}`]));
        expect(plain(read)).toEqual(plain([...files, file('skill.toml')]));
      }),
      { numRuns: 60 },
    );
  });
});
