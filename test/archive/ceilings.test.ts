import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_CEILINGS } from '../../src/archive/ceilings.ts';
import { readArchive } from '../../src/archive/read-archive.ts';
import { END, entry, pax, tar } from './make-tar.ts';
import { zip, type ZipPart } from './make-zip.ts';

const MIB = 2 ** 20;
const { entries, files } = ARCHIVE_CEILINGS;
const many = (count: number, name: (i: number) => string, type = '0'): Buffer[] =>
  Array.from({ length: count }, (_, i) => entry({ name: name(i), type }));
const manyZipped = (count: number): ZipPart[] =>
  Array.from({ length: count }, (_, i) => ({ name: `f${i}`, method: 0 }));
/** Ten gigabytes in ten megabytes: a thousand gzip files of ten megabytes each, in a row. */
const tenGigabytes = (): Buffer => Buffer.concat(Array.from({ length: 1000 }, () => TEN_MEGABYTES));
const REMARK = pax({ comment: 'a' }, 'g');
const TINY_FILES = gzipSync(Buffer.concat(many(1000, (i) => `f${i}`)));
const TEN_MEGABYTES = gzipSync(Buffer.alloc(10 * MIB));

const BOMBS: Readonly<Record<string, readonly [make: () => Uint8Array, reason: string, entry?: string]>> = {
  'gzip of zeros': [() => gzipSync(tar({ name: 'a', content: Buffer.alloc(40 * MIB) })), 'ratio'],
  'gzip files without end': [tenGigabytes, 'too_large'],
  'gzip over the ceiling, at a fair ratio': [
    () => gzipSync(Buffer.concat([tar({ name: 'a', content: randomBytes(MIB) }), Buffer.alloc(90 * MIB)])),
    'too_large',
  ],
  'a million tiny files': [() => Buffer.concat(Array.from({ length: 1000 }, () => TINY_FILES)), 'too_large'],
  'one file too many': [() => tar(...many(files + 1, (i) => `f${i}`)), 'too_many_files', `f${files}`],
  'one folder too many': [() => tar(...many(entries + 1, (i) => `d${i}/`, '5')), 'too_many_files', `d${entries}/`],
  'headers without entries': [() => tar(...Array.from({ length: entries * 3 + 1 }, () => REMARK)), 'too_many_files'],
  'contents over the ceiling': [
    () => tar(...['a', 'b'].map((name) => ({ name, content: Buffer.alloc(33 * MIB) }))),
    'too_large',
    'b',
  ],
  'a tar over the ceiling': [() => Buffer.concat([tar({ name: 'a' }), Buffer.alloc(80 * MIB)]), 'too_large'],
  'a zip of zeros': [() => zip([{ name: 'a', content: Buffer.alloc(20 * MIB) }]), 'ratio', 'a'],
  'a zip that says it is of terabytes': [
    () => zip([{ name: 'a', content: 'x', local: { size: 0xfffffff0 }, listed: { size: 0xfffffff0 } }]),
    'ratio',
    'a',
  ],
  'a zip over the ceiling': [
    () => zip(['a', 'b'].map((name) => ({ name, method: 0, content: Buffer.alloc(33 * MIB) }))),
    'too_large',
    'b',
  ],
  'a zip that says it is small': [
    () => zip([{ name: 'a', content: Buffer.alloc(20 * MIB), local: { size: 9 }, listed: { size: 9 } }]),
    'damaged',
    'a',
  ],
  'a zip of one file too many': [() => zip(manyZipped(files + 1)), 'too_many_files', `f${files}`],
  'a zip of many entries': [() => zip(manyZipped(entries + 1)), 'too_many_files'],
  'a zip that says it has many entries': [() => zip([{ name: 'a' }], { count: 60_000 }), 'too_many_files'],
};

describe('an archive that is far more than it seems', () => {
  // First, since the peak is that of the process.
  it('is never in memory [R-ARCHIVE-3]', async () => {
    const bomb = tenGigabytes();
    const before = process.resourceUsage().maxRSS;
    await expect(readArchive(bomb, 'a')).rejects.toMatchObject({ code: 'E_PACKAGE' });
    // In KiB. What is unpacked up to the ceiling is there once as chunks.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan((3 * ARCHIVE_CEILINGS.tarBytes) / 1024);
  });

  it.each(Object.entries(BOMBS))('%s is refused [R-ARCHIVE-3]', async (_what, [make, reason, named]) => {
    await expect(readArchive(make(), 'a')).rejects.toMatchObject({
      code: 'E_PACKAGE',
      details: { reason, ...(named !== undefined && { entry: named }) },
    });
  });
});

describe('an archive at a ceiling', () => {
  it('of files is read', async () => {
    expect(await readArchive(tar(...many(files, (i) => `f${i}`)), 'a')).toHaveLength(files);
    expect(await readArchive(zip(manyZipped(files)), 'a')).toHaveLength(files);
  });

  it('of bytes is read', async () => {
    const content = Buffer.alloc(ARCHIVE_CEILINGS.bytes);
    const [file] = await readArchive(Buffer.concat([entry({ name: 'a', content }), END]), 'a');
    expect(file?.bytes.length).toBe(content.length);
  });

  it('and small is read, however tightly it is packed', async () => {
    const [file] = await readArchive(gzipSync(tar({ name: 'a', content: Buffer.alloc(900_000) })), 'a');
    expect(file?.bytes.length).toBe(900_000);
  });
});
