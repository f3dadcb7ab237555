import { gzipSync } from 'node:zlib';
import { entry, pax, tar, type TarEntry, tgz, word } from './make-tar.ts';
import { numbers, zip, type ZipPart } from './make-zip.ts';

export interface Hostile {
  readonly bytes: Uint8Array;
  readonly reason: string;
  /** Which entry is to blame. */
  readonly entry?: string;
}

const good: TarEntry = { name: 'skill.toml', content: 'id' };
const goodZip: ZipPart = { name: 'skill.toml', content: 'id' };

/** A tar.gz with one entry that none may hold, behind one that any may. */
const bad = (reason: string, one: TarEntry, named?: string): Hostile => ({
  bytes: tgz(good, one),
  reason,
  entry: named ?? String(one.name),
});
const badZip = (reason: string, one: ZipPart, named?: string): Hostile => ({
  bytes: zip([goodZip, one]),
  reason,
  entry: named ?? String(one.name),
});

/** Names that lead out, or stand for something else somewhere. */
const NAMES: readonly string[] = [
  '../evil',
  'a/../../evil',
  '..',
  '/etc/passwd',
  '//server/share',
  '\\\\server\\share',
  '\\\\?\\C:\\evil',
  'C:\\evil',
  'C:evil',
  '..\\evil',
  'a\\..\\..\\evil',
  './/etc/passwd',
  '././evil',
  'a/./b',
  'a//b',
  '~/evil',
  '.git/hooks/post-checkout',
  '.GIT/config',
  'git~1/config',
  'NUL',
  'com1.txt',
  'a.',
  'a ',
  'a:stream',
  'a\u202egnp.exe',
  'e\u0301.md',
  `${'d/'.repeat(2000)}f`,
];

/** `./` at the beginning is what tar writes. */
const shownOf = (name: string): string => name.replace(/^\.\/(?!\/)/, '').slice(0, 1024);

const long = (name: string, ...more: readonly TarEntry[]): Buffer =>
  tgz(
    { name: '././@LongLink', type: 'L', content: `${name}\0`, magic: 'ustar  \0' },
    { ...good, name: 'cut', magic: 'ustar  \0' },
    ...more,
  );

/** The end of the second is that of the file, and the comment of the first. */
function twoDirectories(): Buffer {
  const first = zip([goodZip]);
  const both = zip([{ name: 'evil' }], { before: first });
  both.writeUInt16LE(both.length - first.length, first.length - 2);
  return both;
}

const negative = Buffer.from('\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00', 'latin1');
const huge = Buffer.from('\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff', 'latin1');

export const HOSTILE: Readonly<Record<string, Hostile>> = {
  ...Object.fromEntries(
    NAMES.map((name) => [
      `tar: the name ${name.slice(0, 40)}`,
      { bytes: tgz(good, pax({ path: name }), { name: 'plain' }), reason: 'path', entry: shownOf(name) },
    ]),
  ),
  ...Object.fromEntries(
    NAMES.map((name) => [
      `tar: the long name ${name.slice(0, 40)}`,
      { bytes: long(name), reason: 'path', entry: shownOf(name) },
    ]),
  ),
  ...Object.fromEntries(
    NAMES.map((name) => [`zip: the name ${name.slice(0, 40)}`, badZip('path', { name }, name.slice(0, 1024))]),
  ),
  'tar: a folder that leads out': bad('path', { name: '../evil/', type: '5' }),
  'tar: the folder of the root': bad('path', { name: '/', type: '5' }),
  'tar: a name that leads out by its prefix': bad('path', { name: 'passwd', prefix: '../../etc' }, '../../etc/passwd'),
  'tar: a name with something behind its end': { bytes: tgz(good, { name: 'a\0../../evil' }), reason: 'name_encoding' },
  'tar: a name that is not UTF-8': {
    bytes: tgz(good, { name: Buffer.from('caf\xe9', 'latin1') }),
    reason: 'name_encoding',
  },
  'tar: a PAX name with NUL': { bytes: tgz(pax({ path: 'a\0b' }), good), reason: 'path', entry: 'a\0b' },
  'tar: a long name with NUL': { bytes: long('a\0b'), reason: 'path', entry: 'a\0b' },
  'tar: a long name of nothing': { bytes: long(''), reason: 'path', entry: '' },

  'tar: a link': bad('link', { name: 'a', type: '2', link: 'b' }),
  'tar: a link to outside': bad('link', { name: 'a', type: '2', link: '../../etc' }),
  'tar: a link to /proc/self': bad('link', { name: 'a', type: '2', link: '/proc/self/root' }),
  'tar: a link, and a file through it': {
    bytes: tgz(good, { name: 'a', type: '2', link: '/tmp' }, { name: 'a/evil' }),
    reason: 'link',
    entry: 'a',
  },
  'tar: a file, and a link in its place': {
    bytes: tgz(good, { name: 'skill.toml', type: '2', link: '/tmp' }),
    reason: 'link',
    entry: 'skill.toml',
  },
  'tar: a hard link to outside': bad('link', { name: 'a', type: '1', link: '/etc/passwd' }),
  'tar: a hard link to a file in it': bad('link', { name: 'a', type: '1', link: 'skill.toml' }),
  'tar: a link with a long target': bad('link', { name: '././@LongLink', type: 'K', content: '/etc/passwd\0' }),
  'tar: a link by a PAX word': {
    bytes: tgz(pax({ linkpath: '/etc/passwd' }), good),
    reason: 'header',
    entry: 'PaxHeader',
  },
  'tar: a device of characters': bad('special_file', { name: 'a', type: '3' }),
  'tar: a device of blocks': bad('special_file', { name: 'a', type: '4' }),
  'tar: a pipe': bad('special_file', { name: 'a', type: '6' }),
  'tar: a sparse file of GNU': bad('sparse', { name: 'a', type: 'S', magic: 'ustar  \0' }),
  'tar: a sparse file of PAX': {
    bytes: tgz(pax({ 'GNU.sparse.major': '1', 'GNU.sparse.name': '../evil', 'GNU.sparse.realsize': '99' }), good),
    reason: 'header',
    entry: 'PaxHeader',
  },
  ...Object.fromEntries(
    ['7', 'D', 'M', 'N', 'V', 'X', 'Z', '8', 'a', '\xff'].map((type) => [
      `tar: an entry of type ${JSON.stringify(type)}`,
      bad('unknown_entry', { name: 'a', type }),
    ]),
  ),
  'tar: an old file that ends in /': bad('path', { name: 'a/', type: '\0' }),
  'tar: a folder with a content': bad('header', { name: 'a/', type: '5', content: 'evil' }),

  'tar: an entry twice': bad('same_name', good),
  'tar: an entry twice, once with ./': bad('same_name', { ...good, name: './skill.toml' }, 'skill.toml'),
  'tar: an entry twice, once by PAX': {
    bytes: tgz(good, pax({ path: 'skill.toml' }), { name: 'other' }),
    reason: 'same_name',
    entry: 'skill.toml',
  },
  'tar: a file and a folder of one name': bad('same_name', { name: 'skill.toml/', type: '5' }),
  'zip: an entry twice': badZip('same_name', goodZip),
  'zip: a file and a folder of one name': badZip('same_name', { name: 'skill.toml/', mode: 0o040755 }),

  'tar: two PAX headers for one entry': {
    bytes: tgz(pax({ path: 'a' }), pax({ path: 'b' }), good),
    reason: 'two_names',
    entry: 'PaxHeader',
  },
  'tar: a PAX header and a long name': {
    bytes: tgz(pax({ path: 'a' }), { name: 'L', type: 'L', content: 'b\0' }, good),
    reason: 'two_names',
    entry: 'L',
  },
  'tar: a PAX header with two names': {
    bytes: tgz({ name: 'x', type: 'x', content: word('path', 'a') + word('path', 'b') }, good),
    reason: 'header',
    entry: 'x',
  },
  'tar: one name for all': { bytes: tgz(pax({ path: '../evil' }, 'g'), good), reason: 'header', entry: 'PaxHeader' },
  'tar: one size for all': { bytes: tgz(pax({ size: '0' }, 'g'), good), reason: 'header', entry: 'PaxHeader' },
  'tar: another way to write names': {
    bytes: tgz(pax({ hdrcharset: 'BINARY' }), good),
    reason: 'header',
    entry: 'PaxHeader',
  },
  'tar: a PAX header before nothing': { bytes: tgz(good, pax({ path: 'a' })), reason: 'truncated', entry: 'a' },
  'tar: a PAX header of a megabyte': {
    bytes: tar(pax({ comment: 'x'.repeat(900_000) }), good),
    reason: 'header',
    entry: 'PaxHeader',
  },
  ...Object.fromEntries(
    [
      'path=a\n',
      '99 path=a\n',
      '9 path=a',
      '0 path=a\n',
      '-9 path=a\n',
      '009 path=a\n',
      '9  path=\n',
      '8 path-a\n',
      '5 =a\n',
      '9 path=ab\n',
      '9\tpath=a\n',
    ].map((content) => [
      `tar: a PAX header of ${JSON.stringify(content)}`,
      { bytes: tgz({ name: 'x', type: 'x', content }, good), reason: 'header', entry: 'x' },
    ]),
  ),

  'tar: a size less than nothing': { bytes: tgz(good, { name: 'a', size: negative }), reason: 'header' },
  'tar: a size of many terabytes': { bytes: tgz(good, { name: 'a', size: huge }), reason: 'header' },
  'tar: a size of 8 GiB': bad('truncated', { name: 'a', size: '77777777777\0' }),
  'tar: a size with a sign': { bytes: tgz(good, { name: 'a', size: '-0000000001\0' }), reason: 'header' },
  'tar: a size in other digits': { bytes: tgz(good, { name: 'a', size: '0x000000001\0' }), reason: 'header' },
  'tar: a size of two numbers': { bytes: tgz(good, { name: 'a', size: '0001 000002\0' }), reason: 'header' },
  'tar: a size by PAX of less than nothing': {
    bytes: tgz(pax({ size: '-1' }), good),
    reason: 'header',
    entry: 'PaxHeader',
  },
  'tar: a size by PAX of 10^20': {
    bytes: tgz(pax({ size: '1'.padEnd(21, '0') }), good),
    reason: 'header',
    entry: 'PaxHeader',
  },
  'tar: a size by PAX that is a fraction': {
    bytes: tgz(pax({ size: '1.5' }), good),
    reason: 'header',
    entry: 'PaxHeader',
  },
  'tar: a size by PAX over all there is': {
    bytes: tgz(pax({ size: '999999' }), good),
    reason: 'truncated',
    entry: 'skill.toml',
  },
  'tar: a wrong sum': { bytes: tgz(good, { name: 'a', sum: '000000\0 ' }), reason: 'header' },
  'tar: a mode that is no number': { bytes: tgz(good, { name: 'a', mode: 'rwxrwxrw' }), reason: 'header' },
  'tar: a prefix with something behind its end': {
    bytes: tgz(good, { name: 'a', patch: [345, 'a\0b'] }),
    reason: 'name_encoding',
  },

  'tar: something behind its end': {
    bytes: Buffer.concat([tar(good), entry({ name: 'evil' })]),
    reason: 'trailing_data',
  },
  'tar: a second archive behind its end': {
    bytes: gzipSync(Buffer.concat([tar(good), tar({ name: 'evil' })])),
    reason: 'trailing_data',
  },
  'tar: one block of zeros, and more': {
    bytes: Buffer.concat([entry(good), Buffer.alloc(512), tar({ name: 'evil' })]),
    reason: 'trailing_data',
  },
  'tar: megabytes of zeros behind its end': {
    bytes: Buffer.concat([tar(good), Buffer.alloc(2 ** 20)]),
    reason: 'trailing_data',
  },
  'tar: cut off in a content': {
    bytes: gzipSync(tar({ ...good, content: 'x'.repeat(900) }).subarray(0, 1000)),
    reason: 'truncated',
    entry: 'skill.toml',
  },
  'tar: cut off in a header': {
    bytes: gzipSync(Buffer.concat([entry(good), entry(good).subarray(0, 300)])),
    reason: 'truncated',
  },
  'tar: without an end': { bytes: gzipSync(entry(good)), reason: 'truncated' },
  'gzip: cut off': { bytes: tgz(good).subarray(0, -9), reason: 'damaged' },
  'gzip: a wrong sum': { bytes: Buffer.concat([tgz(good).subarray(0, -8), Buffer.alloc(8)]), reason: 'damaged' },
  'gzip: something behind its end': { bytes: Buffer.concat([tgz(good), Buffer.from('evil')]), reason: 'damaged' },
  'gzip: zeros behind its end': { bytes: Buffer.concat([tgz(good), Buffer.alloc(512)]), reason: 'damaged' },
  'gzip: two archives in a row': { bytes: Buffer.concat([tgz(good), tgz({ name: 'evil' })]), reason: 'trailing_data' },
  'gzip: gzip in it': { bytes: gzipSync(tgz(good)), reason: 'unknown_format' },

  'zip: a link': badZip('link', { name: 'a', mode: 0o120777, content: '/etc/passwd' }),
  'zip: a device': badZip('special_file', { name: 'a', mode: 0o020666 }),
  'zip: a pipe': badZip('special_file', { name: 'a', mode: 0o010666 }),
  'zip: a folder that says it is a file': badZip('special_file', { name: 'a/', mode: 0o100644 }),
  'zip: a file that says it is a folder': badZip('special_file', { name: 'a', mode: 0o040755 }),
  'zip: a folder with a content': badZip('header', { name: 'a/', mode: 0o040755, content: 'evil' }),
  'zip: something encrypted': badZip('encrypted', { name: 'a', flags: 0x801 }),
  'zip: something strongly encrypted': { bytes: zip([{ name: 'a', flags: 0x841 }]), reason: 'header' },
  'zip: an encrypted directory': badZip('encrypted', { name: 'a', flags: 0x2800 }),
  ...Object.fromEntries(
    [1, 6, 9, 12, 14, 93, 99].map((method) => [
      `zip: the compression ${method}`,
      badZip('compression', { name: 'a', method, content: 'a' }),
    ]),
  ),
  'zip: a name that is not UTF-8': {
    bytes: zip([{ name: Buffer.from('caf\xe9', 'latin1') }]),
    reason: 'name_encoding',
    entry: 'caf\xe9',
  },
  'zip: a name that may be in any code': { bytes: zip([{ name: 'café', flags: 0 }]), reason: 'name_encoding' },
  'zip: a name with NUL': badZip('path', { name: 'a\0b' }),
  'zip: two names': badZip('two_names', {
    name: 'a',
    extra: Buffer.concat([numbers([2, 0x7075], [2, 6]), Buffer.from('\x01\0\0\0\0b')]),
  }),
  'zip: another name at its place': badZip('two_headers', { name: 'a', local: { name: '../../evil' } }),
  'zip: another size at its place': badZip('two_headers', { name: 'a', content: 'abc', local: { size: 1 } }),
  'zip: another sum at its place': badZip('two_headers', { name: 'a', content: 'abc', local: { crc: 1 } }),
  'zip: another compression at its place': badZip('two_headers', { name: 'a', local: { method: 0 } }),
  'zip: a wrong sum': badZip('damaged', { name: 'a', content: 'abc', local: { crc: 7 }, listed: { crc: 7 } }),
  'zip: less than it says': badZip('damaged', { name: 'a', content: 'abc', local: { size: 9 }, listed: { size: 9 } }),
  'zip: more than it says': badZip('damaged', { name: 'a', content: 'abc', local: { size: 1 }, listed: { size: 1 } }),
  'zip: an entry in another': {
    bytes: zip([{ name: 'a', content: 'abc', flags: 0x808, listed: { packed: 40 } }, goodZip]),
    reason: 'overlap',
    entry: 'skill.toml',
  },
  'zip: the directory in an entry': {
    bytes: zip([goodZip, { name: 'a', content: 'abc', flags: 0x808, listed: { packed: 40 } }]),
    reason: 'overlap',
    entry: 'a',
  },
  'zip: two entries of the same bytes': {
    bytes: zip([
      goodZip,
      { ...goodZip, name: 'skill.toml', isHidden: true },
      { name: 'skill.tom2', content: 'id', local: { name: 'skill.toml' }, listed: { offset: 0 } },
    ]),
    reason: 'two_headers',
    entry: 'skill.tom2',
  },
  'zip: an entry nobody lists': { bytes: zip([goodZip, { name: 'evil', isHidden: true }]), reason: 'hidden_data' },
  'zip: an entry nobody lists, between others': {
    bytes: zip([goodZip, { name: 'evil', isHidden: true }, { name: 'z' }]),
    reason: 'hidden_data',
    entry: 'z',
  },
  'zip: a program in front': {
    bytes: Buffer.concat([Buffer.from('PK\x03\x04'), zip([goodZip], { before: Buffer.from('#!/bin/sh\n') })]),
    reason: 'header',
  },
  'zip: a program in front, counted in': {
    bytes: zip([goodZip], { before: Buffer.from('PK\x03\x04#!/bin/sh\n') }),
    reason: 'hidden_data',
    entry: 'skill.toml',
  },
  'zip: bytes before the directory': {
    bytes: zip([goodZip], { beforeDirectory: Buffer.alloc(30) }),
    reason: 'hidden_data',
  },
  'zip: something behind its end': { bytes: zip([goodZip], { behind: Buffer.from('evil') }), reason: 'header' },
  'zip: a zip behind its end': { bytes: zip([goodZip], { behind: zip([{ name: 'evil' }]) }), reason: 'header' },
  'zip: a second directory in its comment': { bytes: twoDirectories(), reason: 'hidden_data', entry: 'evil' },
  'zip: more entries than it has': { bytes: zip([goodZip], { count: 2 }), reason: 'header' },
  'zip: fewer entries than it has': { bytes: zip([goodZip, { name: 'evil' }], { count: 1 }), reason: 'hidden_data' },
  'zip: cut off': { bytes: zip([goodZip]).subarray(0, -9), reason: 'header' },
  'zip: nothing but its beginning': { bytes: Buffer.from('PK\x03\x04'), reason: 'header' },

  'a web page': { bytes: Buffer.from('<!doctype html><title>Sign in</title>'), reason: 'unknown_format' },
  'what xz packs': { bytes: Buffer.from('\xfd7zXZ\0', 'latin1'), reason: 'unknown_format' },
  'what zstd packs': { bytes: Buffer.from('\x28\xb5\x2f\xfd', 'latin1'), reason: 'unknown_format' },
  'what bzip2 packs': { bytes: Buffer.from('BZh91AY'), reason: 'unknown_format' },
  nothing: { bytes: new Uint8Array(), reason: 'unknown_format' },
  'blocks of zeros': { bytes: Buffer.alloc(10_240), reason: 'unknown_format' },
};
