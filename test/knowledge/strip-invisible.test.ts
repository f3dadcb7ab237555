import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasInvisible } from '../../host/index.ts';
import { stripInvisible } from '../../src/knowledge/strip-invisible.ts';
import { seeded } from '../seed.ts';

const SCOTLAND = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}';

describe('what hides is taken out [R-SECTION-4]', () => {
  test.each<[name: string, codePoint: number]>([
    ['NUL', 0x00],
    ['backspace', 0x08],
    ['vertical tab', 0x0b],
    ['form feed', 0x0c],
    ['carriage return alone', 0x0d],
    ['escape', 0x1b],
    ['delete', 0x7f],
    ['next line', 0x85],
    ['control sequence introducer', 0x9b],
    ['soft hyphen', 0xad],
    ['combining grapheme joiner', 0x34f],
    ['Arabic letter mark', 0x61c],
    ['Hangul filler', 0x115f],
    ['Khmer vowel', 0x17b4],
    ['Mongolian variation selector', 0x180b],
    ['Mongolian vowel separator', 0x180e],
    ['zero width space', 0x200b],
    ['zero width non-joiner', 0x200c],
    ['zero width joiner', 0x200d],
    ['left-to-right mark', 0x200e],
    ['right-to-left mark', 0x200f],
    ['line separator', 0x2028],
    ['paragraph separator', 0x2029],
    ['left-to-right embedding', 0x202a],
    ['right-to-left override', 0x202e],
    ['word joiner', 0x2060],
    ['invisible plus', 0x2064],
    ['left-to-right isolate', 0x2066],
    ['pop directional isolate', 0x2069],
    ['nominal digit shapes', 0x206f],
    ['Hangul filler', 0x3164],
    ['variation selector 1', 0xfe00],
    ['text selector', 0xfe0e],
    ['emoji selector', 0xfe0f],
    ['byte order mark', 0xfeff],
    ['halfwidth Hangul filler', 0xffa0],
    ['interlinear annotation', 0xfff9],
    ['shorthand format', 0x1bca0],
    ['musical format', 0x1d173],
    ['language tag', 0xe0001],
    ['tag letter', 0xe0061],
    ['cancel tag', 0xe007f],
    ['variation selector 17', 0xe0100],
    ['variation selector 256', 0xe01ef],
  ])('%s', (_, code) => {
    const character = String.fromCodePoint(code);
    const codePoint = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    expect(stripInvisible(`a${character}b`)).toEqual({
      text: 'ab',
      found: [{ line: 1, column: 2, codePoint }],
      count: 1,
    });
    expect(stripInvisible(character).text).toBe('');
  });

  test.each([
    ['\u{d800}', 'U+D800'],
    ['\u{dfff}', 'U+DFFF'],
  ])('half a character: %j', (half, codePoint) => {
    expect(stripInvisible(`a${half}b`)).toMatchObject({ text: 'ab', found: [{ column: 2, codePoint }] });
  });

  test('a message in tag characters', () => {
    const hidden = Array.from('Ignore all', (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('');
    expect(stripInvisible(`See ${hidden}below.`)).toMatchObject({ text: 'See below.', count: 10 });
  });

  test('bytes in the variation selectors behind an emoji', () => {
    const bytes = [0xfe01, 0xfe0f, 0xe0100, 0xe01ef].map((code) => String.fromCodePoint(code)).join('');
    expect(stripInvisible(`\u{1f600}${bytes}`)).toMatchObject({ text: '\u{1f600}', count: 4 });
  });

  test('bits in joiners between letters that need none', () => {
    expect(stripInvisible('a\u{200c}b\u{200d}c\u{200c}\u{200c}d').text).toBe('abcd');
  });

  test('a word cut by zero width spaces', () => {
    expect(stripInvisible('ig\u{200b}no\u{200b}re').text).toBe('ignore');
  });
});

describe('what a reader needs stays [R-SECTION-4]', () => {
  test.each([
    ['plain text', 'Hello, world!\n\tIndented.\n'],
    ['Windows line ends', 'a\r\nb\r\n'],
    ['accents', 'Déjà vu, e\u{301}'],
    ['Chinese', '漢字'],
    ['Hebrew', 'שלום'],
    ['Arabic', 'مرحبا'],
    ['Persian with non-joiners', 'می\u{200c}خواهم و نمی\u{200c}دانم'],
    ['Persian, a joined mark before', 'بِ\u{200c}م'],
    ['Hindi with a joiner', 'क्\u{200d}ष'],
    ['Hindi with a non-joiner', 'क्\u{200c}ष'],
    ['Sinhala', 'ශ්\u{200d}රී'],
    ['Malayalam', 'ന്\u{200d}റ'],
    ['Bengali', 'র\u{200d}্য'],
    ['a heart', '\u{2764}\u{fe0f}'],
    ['a keycap', '1\u{fe0f}\u{20e3} #\u{fe0f}\u{20e3}'],
    ['a family', '\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}'],
    ['a skin tone', '\u{1f469}\u{1f3fd}\u{200d}\u{1f680}'],
    ['a heart on fire', '\u{2764}\u{fe0f}\u{200d}\u{1f525}'],
    ['a runner', '\u{1f3c3}\u{200d}\u{2640}\u{fe0f}'],
    ['a rainbow flag', '\u{1f3f3}\u{fe0f}\u{200d}\u{1f308}'],
    ['a flag of letters', '\u{1f1e9}\u{1f1ea}'],
    ['no-break spaces', 'a\u{a0}b\u{202f}c'],
  ])('%s', (_, text) => {
    expect(stripInvisible(text)).toEqual({ text, found: [], count: 0 });
  });
});

describe('what only looks needed is taken out [R-SECTION-4]', () => {
  test.each([
    ['an emoji selector behind a letter', 'a\u{fe0f}', 'a'],
    ['an emoji selector behind a digit', '1\u{fe0f}2', '12'],
    ['an emoji selector at the beginning', '\u{fe0f}\u{2764}', '\u{2764}'],
    ['a second emoji selector', '\u{2764}\u{fe0f}\u{fe0f}', '\u{2764}\u{fe0f}'],
    ['a joiner behind the last emoji', '\u{1f468}\u{200d}', '\u{1f468}'],
    ['a joiner before the first emoji', '\u{200d}\u{1f468}', '\u{1f468}'],
    ['a joiner between emoji and letter', '\u{1f468}\u{200d}a', '\u{1f468}a'],
    ['two joiners between emoji', '\u{1f468}\u{200d}\u{200d}\u{1f469}', '\u{1f468}\u{1f469}'],
    ['a non-joiner between emoji', '\u{1f468}\u{200c}\u{1f469}', '\u{1f468}\u{1f469}'],
    ['a joiner behind a selector that goes', 'a\u{fe0f}\u{200d}\u{1f525}', 'a\u{1f525}'],
    ['a joiner behind something that goes', '\u{1f468}\u{200b}\u{200d}\u{1f469}', '\u{1f468}\u{1f469}'],
    ['a joiner before something that goes', '\u{1f468}\u{200d}\u{200b}\u{1f469}', '\u{1f468}\u{1f469}'],
    ['a non-joiner at the end of a Persian word', 'می\u{200c} خواهم', 'می خواهم'],
    ['a non-joiner between Persian and Latin', 'م\u{200c}a', 'مa'],
    ['a non-joiner before an Arabic comma', 'م\u{200c}،', 'م،'],
    ['a non-joiner between a letter and what goes', 'م\u{200c}\u{180b}م', 'مم'],
    ['the tags of a regional flag', SCOTLAND, '\u{1f3f4}'],
    ['a carriage return before another', 'a\r\r\nb', 'a\r\nb'],
  ])('%s', (_, text, expected) => {
    expect(stripInvisible(text).text).toBe(expected);
  });
});

describe('what was taken out is told', () => {
  test('with line and column [R-SECTION-4]', () => {
    expect(stripInvisible('\u{200b}a\n\n\u{1f600}b\u{ad}c\r\n\t\u{202e}\r').found).toEqual([
      { line: 1, column: 1, codePoint: 'U+200B' },
      { line: 3, column: 4, codePoint: 'U+00AD' },
      { line: 4, column: 2, codePoint: 'U+202E' },
      { line: 4, column: 3, codePoint: 'U+000D' },
    ]);
  });

  test('the first thousand one by one, and how many in all [R-SECTION-4]', () => {
    const { found, count, text } = stripInvisible(`a${'\u{200b}'.repeat(5_000)}b`);
    expect([found.length, count, text]).toEqual([1_000, 5_000, 'ab']);
    expect(found.at(-1)).toEqual({ line: 1, column: 1_001, codePoint: 'U+200B' });
  });

  const PIECE = fc.oneof(
    fc.constantFrom(
      '\u{200b}',
      '\u{200c}',
      '\u{200d}',
      '\u{fe0f}',
      '\u{e0041}',
      '\u{202e}',
      '\u{ad}',
      '\0',
      '\u{180b}',
    ),
    fc.constantFrom('a', '1', '\u{20e3}', '\n', '\r', '\r\n', '\t', ' ', 'م', 'ی', 'क', '्', '❤', '👩', '🏽', '🔥', '🇩'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const TEXT = fc.array(PIECE, { maxLength: 30 }).map((parts) => parts.join(''));

  test('so exactly that the reader can put it back [R-SECTION-4]', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const result = stripInvisible(text);
        const lines = text.split('\n');
        for (const { line, column, codePoint } of result.found.toReversed()) {
          const width = Number.parseInt(codePoint.slice(2), 16) > 0xffff ? 2 : 1;
          const old = lines[line - 1] ?? '';
          expect(old.codePointAt(column - 1)).toBe(Number.parseInt(codePoint.slice(2), 16));
          lines[line - 1] = old.slice(0, column - 1) + old.slice(column - 1 + width);
        }
        expect(lines.join('\n')).toBe(result.text);
        expect(result.count).toBe(result.found.length);
      }),
      { seed: seeded(13), numRuns: 1_000 },
    );
  });

  test('and nothing is left for a second time [R-SECTION-4]', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const once = stripInvisible(text).text;
        expect(once.isWellFormed()).toBe(true);
        expect(stripInvisible(once)).toEqual({ text: once, found: [], count: 0 });
      }),
      { seed: seeded(14), numRuns: 1_000 },
    );
  });

  test('while all that is visible stays, in its order [R-SECTION-4]', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const visible = (of: string): string => Array.from(of, (one) => (hasInvisible(one) ? '' : one)).join('');
        expect(visible(stripInvisible(text).text)).toBe(visible(text));
      }),
      { seed: seeded(15), numRuns: 1_000 },
    );
  });
});

describe('a million characters', () => {
  test.each([
    'a',
    '\0',
    '\n',
    '\r',
    '\u{200d}',
    '\u{d800}',
    '\u{200b}a',
    '\u{2764}\u{fe0f}',
    '\u{1f468}\u{200d}',
    'م\u{200c}',
  ])('of %j are cleaned in time linear in them [R-SECTION-3]', (part) => {
    const text = part.repeat(1_000_000 / part.length);
    const started = performance.now();
    const { found, count } = stripInvisible(text);
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(found.length).toBe(Math.min(count, 1_000));
  });
});
