import { describe, expect, it } from 'vitest';
import { scanHidden } from '../../src/analyze/hidden-text.ts';
import { alarms } from './support.ts';

const of = (...points: number[]): string => String.fromCodePoint(...points);
const from = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => of(first + i));

const CLASSES: readonly (readonly [rule: string, what: string, characters: readonly string[]])[] = [
  ['hidden_text', 'tags', from(0xe0000, 0xe007f)],
  ['hidden_text', 'variation selectors 17 to 256', from(0xe0100, 0xe01ef)],
  ['reversed_text', 'embeddings and overrides', from(0x202a, 0x202e)],
  ['turned_text', 'isolates', from(0x2066, 0x2069)],
  ['zero_width', 'spaces and joiners without width', from(0x200b, 0x200d)],
  ['zero_width', 'a soft hyphen', [of(0xad)]],
  ['zero_width', 'the joiner of graphemes', [of(0x34f)]],
  ['zero_width', 'fillers of Hangul', [of(0x115f), of(0x1160), of(0x3164), of(0xffa0)]],
  ['zero_width', 'vowels of Khmer that are not drawn', [of(0x17b4), of(0x17b5)]],
  ['zero_width', 'a separator of Mongolian', [of(0x180e)]],
  ['zero_width', 'invisible operators', from(0x2060, 0x2064)],
  ['zero_width', 'old marks of format', from(0x206a, 0x206f)],
  ['zero_width', 'an empty pattern of Braille', [of(0x2800)]],
  ['zero_width', 'a mark of byte order within a line', [of(0xfeff)]],
  ['zero_width', 'marks of annotation', from(0xfff9, 0xfffb)],
  ['zero_width', 'marks of music', from(0x1d173, 0x1d17a)],
  ['direction_mark', 'marks of direction between letters', [of(0x200e), of(0x200f), of(0x61c)]],
  ['hidden_selectors', 'variation selectors behind a letter', from(0xfe00, 0xfe0f)],
  ['line_separator', 'separators of lines and paragraphs', [of(0x2028), of(0x2029)]],
  ['private_character', 'planes of private use', [of(0xf0000), of(0xffffd), of(0x100000), of(0x10fffd)]],
  ['control_character', 'characters of control', [...from(0x00, 0x08), of(0x0b), ...from(0x0e, 0x1f), of(0x7f)]],
];

describe('characters that nobody sees, class by class [R-ANALYZE-6]', () => {
  it.each(CLASSES)('%s: %s', (rule, _, characters) => {
    for (const character of characters) {
      const found = scanHidden('SKILL.md', `Fine.\npass${character}word\n`);
      expect([character.codePointAt(0)?.toString(16), alarms(found), found.map(({ line }) => line)]).toEqual([
        character.codePointAt(0)?.toString(16),
        [rule],
        [2],
      ]);
    }
  });

  it.each([
    ['bytes in variation selectors, behind an emoji', `😀${from(0xfe00, 0xfe0f).join('')}`, 'hidden_selectors'],
    ['bits in joiners', `a${'\u200b\u200c\u200d'.repeat(8)}b`, 'zero_width'],
    ['many of private use', 'a\ue000\ue001\ue002\ue003', 'private_character'],
    ['an escape of a terminal', 'a\u001b[8mhidden\u001b[0m', 'control_character'],
    ['a return in a line', 'echo fine\rrm -rf x', 'control_character'],
    ['marks of direction in a row', '\u200f\u200f', 'direction_mark'],
    ['a hidden text behind a flag', '\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}\u{e0041}', 'hidden_text'],
  ])('%s', (_, text, rule) => {
    expect(alarms(scanHidden('a.md', text))).toEqual([rule]);
  });

  it.each([
    ['plain text', 'Plain text, with a tab\tand CRLF.\r\n'],
    ['letters of Europe', 'Crème brûlée, Größe, señor; “quoted” … — “so”'],
    ['emoji with their selector', '✔️ ⚠️ ❤️ 1️⃣ ☑︎'],
    ['a family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
    ['the flag of Scotland', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['Persian with its joiner', 'می\u200cخواهم'],
    ['Hindi with its joiner', 'क्\u200dष'],
    ['Arabic and Hebrew', 'שלום وسلام'],
    ['Chinese, Japanese and Korean', '你好、こんにちは　안녕'],
    ['the mark a file begins with', '\ufeffText'],
    ['an icon', 'an icon \ue0b0 of a font'],
  ])('and no alarm: %s', (_, text) => {
    expect(alarms(scanHidden('a.md', text))).toEqual([]);
  });

  it('twenty lines of a file are told of', () => {
    expect(scanHidden('a.md', 'a\u200bb\n'.repeat(1_000))).toHaveLength(20);
  });
});
