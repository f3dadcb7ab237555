import { describe, expect, it } from 'vitest';
import { readArchive } from '../../src/archive/read-archive.ts';
import { pax, tar, type TarEntry, tgz } from './make-tar.ts';
import { zip, type ZipPart } from './make-zip.ts';

const named = (...names: readonly string[]): TarEntry[] =>
  names.map((name) => ({ name, type: name.endsWith('/') ? '5' : '0', content: name.endsWith('/') ? '' : name }));
const zipped = (...names: readonly string[]): ZipPart[] =>
  names.map((name) => ({
    name,
    content: name.endsWith('/') ? '' : name,
    mode: name.endsWith('/') ? 0o040755 : 0o100644,
  }));

async function read(bytes: Uint8Array): Promise<Record<string, string>> {
  const files = await readArchive(bytes, 'a.tgz');
  return Object.fromEntries(files.map((file) => [file.path, Buffer.from(file.bytes).toString()]));
}

describe('the folder in which all of an archive lies', () => {
  it.each<readonly [names: string[], paths: string[]]>([
    [
      ['package/skill.toml', 'package/a/b'],
      ['skill.toml', 'a/b'],
    ],
    [['owner-repo-1234567/', 'owner-repo-1234567/SKILL.md'], ['SKILL.md']],
    [
      ['skills/a/skill.toml', 'skills/b/skill.toml'],
      ['a/skill.toml', 'b/skill.toml'],
    ],
    [['a/b/skill.toml'], ['b/skill.toml']],
    [
      ['skill.toml', 'a/b'],
      ['skill.toml', 'a/b'],
    ],
    [['SKILL.md'], ['SKILL.md']],
    [
      ['a/skill.toml', 'b/skill.toml'],
      ['a/skill.toml', 'b/skill.toml'],
    ],
    [
      ['a/skill.toml', 'README.md'],
      ['a/skill.toml', 'README.md'],
    ],
    [
      ['a/skill.toml', 'ab/c'],
      ['a/skill.toml', 'ab/c'],
    ],
    [['a/skill.toml', 'empty/'], ['a/skill.toml']],
    [['only/folders/', 'and/more/'], []],
    [[], []],
  ])('of %j is left out where it is no part of the skill: %j [R-ARCHIVE-4]', async (names, paths) => {
    if (names.length > 0) expect(Object.keys(await read(tgz(...named(...names))))).toEqual(paths);
    expect(Object.keys(await read(zip(zipped(...names))))).toEqual(paths);
  });
});

describe('what is kept of an entry', () => {
  it.each([
    ['0000644\0', 0o644, false],
    ['0000755\0', 0o755, true],
    ['0004755\0', 0o4755, true],
    ['0007777\0', 0o7777, true],
    ['0000655\0', 0o655, false],
    ['0000000\0', 0, false],
    ['\0\0\0\0\0\0\0\0', 0, false],
    ['0100744\0', 0o744, true],
  ])('of the mode %j is whether its owner may run it [R-ARCHIVE-4]', async (mode, bits, executable) => {
    const expected = [{ path: 'run', bytes: Buffer.from('#!'), executable }];
    expect(await readArchive(tgz({ name: 'run', content: '#!', mode }), 'a')).toEqual(expected);
    expect(await readArchive(zip([{ name: 'run', content: '#!', mode: 0o100000 | bits }]), 'a')).toEqual(expected);
  });
});

describe('what says more about an entry than its header', () => {
  it.each<readonly [string, readonly (TarEntry | Buffer)[], Record<string, string>]>([
    ['a PAX name', [pax({ path: 'été.md', mtime: '0' }), { name: 'cut', content: 'a' }], { 'été.md': 'a' }],
    ['a PAX size', [pax({ size: '2' }), { name: 'b', content: 'ok', size: '00000000000\0' }], { b: 'ok' }],
    [
      'a PAX name, where the header cuts a letter',
      [pax({ path: 'é' }), { name: Buffer.from([0xc3]), content: 'a' }],
      { é: 'a' },
    ],
    ['a name of two lines', [pax({ comment: 'two\nlines=3' }), { name: 'b', content: 'a' }], { b: 'a' }],
    [
      'an attribute that is no text',
      [pax({ 'SCHILY.xattr.user.a': '\ud800' }), { name: 'b', content: 'a' }],
      { b: 'a' },
    ],
    ['a remark on all', [pax({ comment: '1234567' }, 'g'), { name: 'b', content: 'a' }], { b: 'a' }],
    [
      'a remark on all between name and entry',
      [pax({ path: 'c' }), pax({ comment: '1' }, 'g'), { name: 'b', content: 'a' }],
      { c: 'a' },
    ],
    [
      'a long name of GNU',
      [
        { name: '././@LongLink', type: 'L', content: `${'n'.repeat(200)}\0` },
        { name: 'n', content: 'a' },
      ],
      { ['n'.repeat(200)]: 'a' },
    ],
    [
      'a name in front',
      [
        { name: 'b', prefix: 'a', content: 'a' },
        { name: 'c', content: '' },
      ],
      { 'a/b': 'a', c: '' },
    ],
    [
      'times of GNU where others have a name in front',
      [{ name: 'b', prefix: '14', magic: 'ustar  \0', content: 'a' }],
      { b: 'a' },
    ],
    ['no magic, of old', [{ name: 'b', magic: '', type: '\0', content: 'a' }], { b: 'a' }],
  ])('%s is read [R-ARCHIVE-1]', async (_what, parts, files) => {
    expect(await read(tar(...parts))).toEqual(files);
  });

  it.each([12, 16])('a descriptor of %d bytes behind the bytes of a zip is read [R-ARCHIVE-1]', async (length) => {
    const flags = 0x808;
    expect(
      await read(
        zip([{ name: 'a', content: 'a', flags, behind: Buffer.alloc(length) }, ...zipped('b')], {
          comment: 'a commit',
        }),
      ),
    ).toEqual({ a: 'a', b: 'b' });
  });
});
