import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { parseBlobs } from '../../src/git/parse-blobs.ts';
import { parseTreeEntries, type TreeEntry } from '../../src/git/tree-entry.ts';

const ID = '0123456789abcdef0123456789abcdef01234567';
const FILE: TreeEntry = { path: 'a', mode: '100644', id: ID, size: 3 };

describe('a list of files by git', () => {
  it('is read: files, links and submodules, with any name', () => {
    const lines = [
      `100644 blob ${ID}       3\ta b\n\t"c"`,
      `100755 blob ${ID} 1234567\tx/y`,
      `120000 blob ${ID}      11\tlink`,
      `160000 commit ${ID}       -\tsub`,
      `100644 blob ${ID.slice(0, 24)}${ID}       0\tü`,
    ];
    expect(parseTreeEntries(Buffer.from(lines.map((line) => `${line}\0`).join('')))).toEqual([
      { mode: '100644', id: ID, size: 3, path: 'a b\n\t"c"' },
      { mode: '100755', id: ID, size: 1_234_567, path: 'x/y' },
      { mode: '120000', id: ID, size: 11, path: 'link' },
      { mode: '160000', id: ID, size: 0, path: 'sub' },
      { mode: '100644', id: ID.slice(0, 24) + ID, size: 0, path: 'ü' },
    ]);
    expect(parseTreeEntries(Buffer.alloc(0))).toEqual([]);
  });

  it.each([
    ['without its end', `100644 blob ${ID} 3\ta`],
    ['with an empty line', '\0'],
    ['with a tree', `040000 tree ${ID} -\ta\0`],
    ['with a short id', `100644 blob ${ID.slice(1)} 3\ta\0`],
    ['with a size below nothing', `100644 blob ${ID} -3\ta\0`],
    ['without a name', `100644 blob ${ID} 3\t\0`],
    ['that is an error', 'fatal: not a tree object\n\0'],
  ])('%s is refused', (_, text) => {
    expect(() => parseTreeEntries(Buffer.from(text))).toThrow(wrong('git_output'));
  });

  it('with a name that is no UTF-8 is refused', () => {
    const line = Buffer.concat([Buffer.from(`100644 blob ${ID} 3\t`), Buffer.from([0xff, 0])]);
    expect(() => parseTreeEntries(line)).toThrow(wrong('path'));
  });

  it('with more than 100,000 files is refused [R-GIT-7]', () => {
    const line = `100644 blob ${ID} 3\ta\0`;
    expect(parseTreeEntries(Buffer.from(line.repeat(100_000)))).toHaveLength(100_000);
    expect(() => parseTreeEntries(Buffer.from(line.repeat(100_001)))).toThrow(wrong('too_many_files'));
  });
});

describe('the content of files by git', () => {
  it('is read by its sizes, whatever it looks like', () => {
    const inner = `${ID} blob 3\n`;
    const files = [FILE, { ...FILE, path: 'b', size: inner.length, mode: '100755' }, { ...FILE, path: 'c', size: 0 }];
    const output = `${ID} blob 3\nabc\n${ID} blob ${inner.length}\n${inner}\n${ID} blob 0\n\n`;
    const read = parseBlobs(Buffer.from(output), files);
    expect(read.map(({ path, bytes, executable }) => [path, Buffer.from(bytes).toString(), executable])).toEqual([
      ['a', 'abc', false],
      ['b', inner, true],
      ['c', '', false],
    ]);
  });

  it.each([
    ['of another size', `${ID} blob 4\nabcd\n`],
    ['of another id', `${ID.replace('0', '1')} blob 3\nabc\n`],
    ['of another kind', `${ID} tree 3\nabc\n`],
    ['that is missing', `${ID} missing\n`],
    ['that is cut', `${ID} blob 3\nab`],
    ['without the end of its line', `${ID} blob 3\nabc`],
    ['with more behind it', `${ID} blob 3\nabc\n${ID} blob 3\nabc\n`],
    ['that is nothing', ''],
  ])('%s is refused', (_, output) => {
    expect(() => parseBlobs(Buffer.from(output), [FILE])).toThrow(wrong('git_output'));
  });

  it('that is a pointer of Git LFS is refused [R-GIT-6]', () => {
    const text = 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n';
    const output = Buffer.from(`${ID} blob ${text.length}\n${text}\n`);
    expect(() => parseBlobs(output, [{ ...FILE, size: text.length }])).toThrow(wrong('lfs'));
  });

  it('with any byte changed is the same but for that byte, or refused', () => {
    const output = Buffer.from(`${ID} blob 3\nabc\n`);
    fc.assert(
      fc.property(fc.nat(output.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(output);
        changed[at] = byte;
        const start = output.lastIndexOf('abc');
        const isContent = at >= start && at < start + 3;
        if (isContent || byte === output[at]) expect(parseBlobs(changed, [FILE])[0]?.bytes).toHaveLength(3);
        else expect(() => parseBlobs(changed, [FILE])).toThrow(SkillError);
      }),
      { numRuns: 300 },
    );
  });
});

function wrong(reason: string): unknown {
  return expect.objectContaining({ code: 'E_PACKAGE', details: { reason } });
}
