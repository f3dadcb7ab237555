import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPath } from '../../src/tree/check-path.ts';

/** What is refused, by what its refusal says. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'no name': [''],
  'empty or dotted part': ['..', '.', '../a', 'a/..', 'a/../b', './a', 'a//b', 'a/', 'a/./b', 'a/b/../../../c'],
  'root of the system': ['/', '/etc/passwd', '//server/share', '/../a'],
  'has one of': [
    'C:',
    'C:x',
    'C:/x',
    'c:\\x',
    'a/C:x',
    '\\\\server\\share',
    '\\\\?\\C:\\x',
    '\\\\.\\pipe\\x',
    '..\\a',
    'a\\..\\b',
    'a:stream',
    'a::$DATA',
    '.git::$INDEX_ALLOCATION',
    'file://etc',
    'a<b',
    'a>b',
    'a"b',
    'a|b',
    'a?',
    '*',
    'a\\',
  ],
  'nobody can see': [
    'a\0',
    '\0',
    'a\0/../b',
    'a\nb',
    'a\rb',
    'a\tb',
    'a\u001b[2Jb',
    'a\u007f',
    'a\u0085b',
    'a\u00adb',
    'a\u200bb',
    'a\u202eb',
    'a\u2066b',
    '\ufeffa',
    'a\ufe0fb',
    'a\u{e0041}b',
    '.g\u200cit',
    '.git\u200d',
    '\u206a.git',
    'a\ud800',
    '\udc00a',
    'a\ud800/b',
    'a\uf03ab',
    '\u{f0000}',
  ],
  'normal form': ['e\u0301', 'a/u\u0308b', '\u212b', '\u2126', 'a/\u0344'],
  'space, or ends in a dot': [
    'a.',
    'a ',
    'a./b',
    'a /b',
    '...',
    '. ',
    '.. ',
    '.git.',
    '.git ',
    '.git . .',
    ' a',
    'a\u00a0',
    '\u3000a',
    ' ',
  ],
  'device of Windows': [
    'CON',
    'con',
    'Nul.txt',
    'a/NUL',
    'nul.tar.gz',
    'aux.c',
    'PRN',
    'COM1',
    'com9.log',
    'LPT1',
    'lpt\u00b9',
    'COM\u00b2.txt',
    'com\u00b3',
    'NUL .txt',
    'CONIN$',
    'conout$.x',
    'aux/a',
  ],
  'folder of a repository': [
    '.git',
    '.GIT',
    '.Git/config',
    'a/.git/hooks/post-checkout',
    'git~1',
    'GIT~1/config',
    'a/git~12',
  ],
  'home of a person': ['~', '~/a', 'a/~'],
  'part that is longer': ['a'.repeat(256), `b/${'é'.repeat(128)}`, `${'\u{1f600}'.repeat(64)}/a`],
  'is longer than': ['a/'.repeat(513).slice(0, -1), `${'b'.repeat(250)}/`.repeat(4) + 'c'.repeat(30)],
  'is deeper than': ['a/'.repeat(32) + 'b', 'a/'.repeat(400) + 'b'],
};

const PLAIN = [
  'skill.toml',
  'a/b/c.md',
  '.gitignore',
  '.gitattributes',
  '.github/workflows/ci.yml',
  'git~',
  'console.log',
  'nulls',
  'com',
  'com10',
  'lpt0.txt',
  'auxiliary/x',
  'a b',
  'été/über.md',
  '日本語',
  '\u{1f600}.md',
  '...a',
  '..a',
  'a..b',
  '~a',
  'a~',
  '%2e%2e%2f',
  '\uff0e\uff0e\uff0fa',
  "it's",
  'a;b',
  '-rf',
  '$HOME',
  '`id`',
  'a&b',
  'x'.repeat(255),
  'a/'.repeat(31) + 'b',
  `${'b'.repeat(250)}/`.repeat(4) + 'c'.repeat(20),
];

describe('the path of a file in a package', () => {
  const cases = Object.entries(REFUSED).flatMap(([says, paths]) => paths.map((path) => [path, says] as const));
  it.each(cases)('%j is refused: %s [R-ARCHIVE-5]', (path, says) => {
    expect(checkPath(path)).toContain(says);
  });

  it.each(PLAIN)('%j is one on every system [R-ARCHIVE-5]', (path) => {
    expect(checkPath(path)).toBeUndefined();
  });

  const evil = fc.constantFrom(
    '..',
    '.',
    '',
    '/',
    '\\',
    'C:',
    '~',
    '.git',
    'NUL',
    ' ',
    '\0',
    '..\\..',
    '%2e',
    '\u202e',
    'a',
    'é',
    '\u0301',
  );
  const part = fc.oneof(
    fc.array(evil, { maxLength: 3 }).map((bits) => bits.join('')),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));

  it('that is accepted stays in its folder, here and on Windows [R-ARCHIVE-5]', () => {
    let accepted = 0;
    fc.assert(
      fc.property(path, (drawn) => {
        if (checkPath(drawn) !== undefined) return;
        accepted++;
        const inner = posix.relative('/srv/store', posix.resolve('/srv/store', drawn));
        expect(inner).toBe(drawn);
        const there = win32.relative('D:\\store', win32.resolve('D:\\store', drawn));
        expect(there).toBe(drawn.replaceAll('/', '\\'));
        expect(Buffer.from(drawn).toString()).toBe(drawn);
      }),
      { numRuns: 4000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it('that no file system holds as it is written is refused, and never throws [R-ARCHIVE-5]', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('\ud800', '\0', '\u0301', '\\', ':'),
        (text, bad) => {
          expect(checkPath(`a${bad}${text}`)).toBeTypeOf('string');
        },
      ),
      { numRuns: 500 },
    );
  });
});
