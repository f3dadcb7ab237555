import fc from 'fast-check';
import { Parser } from 'tar';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { readArchive } from '../../src/archive/read-archive.ts';
import { pax, tar, type TarEntry } from './make-tar.ts';

/** What the tar of npm makes of an archive: names and contents of files. */
async function readByLibrary(bytes: Uint8Array): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const parser = new Parser({
    onReadEntry: (entry) => {
      const chunks: Uint8Array[] = [];
      entry.on('data', (chunk) => chunks.push(chunk));
      entry.on('end', () => {
        if (entry.type !== 'Directory') files[entry.path] = Buffer.concat(chunks).toString('latin1');
      });
    },
  });
  await new Promise<void>((resolve) => {
    parser.on('end', () => resolve());
    parser.end(Buffer.from(bytes));
  });
  return files;
}

async function readByUs(bytes: Uint8Array): Promise<Record<string, string> | undefined> {
  try {
    const files = await readArchive(bytes, 'a');
    return Object.fromEntries(files.map((file) => [file.path, Buffer.from(file.bytes).toString('latin1')]));
  } catch (error) {
    if (error instanceof SkillError) return undefined;
    throw error;
  }
}

/** One value as a rule, others now and then: what is odd in all ways at once is refused by everybody. */
const mostly = <T>(usual: T, ...odd: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: odd.length * 2, arbitrary: fc.constant(usual) },
    { weight: odd.length, arbitrary: fc.constantFrom(...odd) },
  );

const NAMES = ['b.md', 'dir/', 'dir/c', './d', 'e\0', 'n'.repeat(100), '../x', '/y', 'é'];
const SIZES = [
  '00000000003\0',
  '3          \0',
  '         3 \0',
  '00000000000\0',
  '00000000005 ',
  '\x80\0\0\0\0\0\0\0\0\0\0\x03',
  '0000000003',
  '',
];
const header: fc.Arbitrary<TarEntry> = fc
  .record({
    name: mostly('a', ...NAMES),
    content: fc.constantFrom('', 'abc', 'x'.repeat(600)),
    type: mostly('0', '\0', '5', '7', '2', 'L', 'S'),
    size: mostly<string | undefined>(undefined, ...SIZES),
    prefix: mostly('', 'p', 'p/q', 'q'.repeat(131), 'r'.repeat(155)),
    magic: mostly('ustar\u000000', 'ustar  \0', '', 'ustar\0\0\0'),
    patch: mostly<[number, string] | undefined>(undefined, [476, '00000000001\0'], [345, 'z'], [500, 'pad']),
  })
  .map(({ size, patch, ...one }) => ({
    ...one,
    ...(size !== undefined && { size }),
    ...(patch !== undefined && { patch }),
  }));
const words = fc
  .dictionary(
    fc.constantFrom('path', 'size', 'mtime', 'comment', 'uname', 'mode'),
    fc.constantFrom('a', '3', '0', 'w/x', 'ü', '1.5', 'two\nlines'),
    { maxKeys: 2 },
  )
  .map((drawn) => pax(drawn));
const archive = fc
  .array(fc.oneof({ weight: 4, arbitrary: header }, { weight: 1, arbitrary: words }), { minLength: 1, maxLength: 4 })
  .map((parts) => tar({ name: 'skill.toml', content: 'id' }, ...parts));

describe('an archive that is accepted', () => {
  it('is to another reader what it is to this one [R-ARCHIVE-2]', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(archive, async (bytes) => {
        const ours = await readByUs(bytes);
        if (ours === undefined) return;
        accepted++;
        const theirs = await readByLibrary(bytes);
        expect(
          Object.fromEntries(Object.entries(theirs).map(([path, text]) => [path.replace(/^\.\//, ''), text])),
        ).toEqual(ours);
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(150);
  });
});
