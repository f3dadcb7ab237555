import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/recipe/words.ts';

const wordsOf = (text: string): readonly string[] | string => {
  const split = splitWords(text);
  return 'words' in split ? split.words : split.wrong;
};

describe('a command is split before values are in it [R-RECIPE-4]', () => {
  it.each<[text: string, words: readonly string[]]>([
    ['', []],
    [' \t\n ', []],
    ['a', ['a']],
    ['a b\tc\n d  ', ['a', 'b', 'c', 'd']],
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`a'b'"c"d`, ['abcd']],
    [`'' ""`, ['', '']],
    [`'a"b' "c'd"`, ['a"b', "c'd"]],
    [String.raw`a\ b \' \" \\ \x \$HOME \;`, ['a b', "'", '"', '\\', 'x', '$HOME', ';']],
    [String.raw`"a\"b\\c\nd"`, [String.raw`a"b\c\nd`]],
    [String.raw`'a\b'`, [String.raw`a\b`]],
    ['a\\', ['a\\']],
    [`'; | & < > ( ) * ? [ $x ~ \`y\`'`, ['; | & < > ( ) * ? [ $x ~ `y`']],
    [`"; | & < > $x \`y\`"`, ['; | & < > $x `y`']],
    ['{{a}}', ['{{a}}']],
    ['x {{ a }} y', ['x', '{{ a }}', 'y']],
    ['x{{ a }}y', ['x{{ a }}y']],
    [`"x {{ a }} y"`, ['x {{ a }} y']],
    [`'{{ a }}'`, ['{{ a }}']],
    ['{{"a b"}}', ['{{"a b"}}']],
    [`{{"'"}} {{"}}"}} {{"{{"}}`, [`{{"'"}}`, '{{"}}"}}', '{{"{{"}}']],
    ['{{a', ['{{a']],
    [
      'a=b a:b a,b a@b a%b a^b a!b {a,b} a#b #c',
      ['a=b', 'a:b', 'a,b', 'a@b', 'a%b', 'a^b', 'a!b', '{a,b}', 'a#b', '#c'],
    ],
    ['a~b a~', ['a~b', 'a~']],
    ['a$ $ 5$', ['a$', '$', '5$']],
    ['a\u00a0b', ['a', 'b']],
  ])('%j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it.each<[text: string, wrong: RegExp]>([
    ...[';', '&', '|', '<', '>', '(', ')'].flatMap((sign): [string, RegExp][] => [
      [`a ${sign} b`, /an operator of a shell/],
      [`a${sign}b`, /an operator of a shell/],
    ]),
    ['a && b', /"&&" outside of quotes/],
    ['a `b`', /replaced by its output/],
    ...['$(b)', '${b}', '$b', '$_', '$1', '$@', '$*', '$#', '$?', '$!', '$$', '$-'].map((one): [string, RegExp] => [
      `a ${one}`,
      /a variable of a shell/,
    ]),
    ...['*', '*.c', 'a*', 'a?', '[a]'].map((one): [string, RegExp] => [`ls ${one}`, /a wildcard/]),
    ['~', /starts with ~/],
    ['ls ~/x', /starts with ~/],
    ["a 'b", /opens a ' that is not closed/],
    ['a "b\\"', /opens a " that is not closed/],
    ['a "b {{c', /opens a " that is not closed/],
  ])('only a shell could carry out %j', (text, wrong) => {
    expect(wordsOf(text)).toMatch(wrong);
  });

  it('whatever is quoted by the rules is one word, as it is', () => {
    const single = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
    const double = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
    const escaped = (text: string): string => text.replaceAll(/./gsu, String.raw`\$&`);
    const text = fc
      .string({ unit: fc.constantFrom(...Array.from('ab \t\n\'"\\$`;|&<>()*?[]{}~#!=%é日')), maxLength: 12 })
      .filter((one) => !one.includes('{{'));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.constantFrom(single, double)), { maxLength: 5 }), (words) => {
        expect(wordsOf(words.map(([word, how]) => how(word)).join(' '))).toEqual(words.map(([word]) => word));
      }),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(
        text.filter((one) => one !== ''),
        (word) => {
          expect(wordsOf(escaped(word))).toEqual([word]);
        },
      ),
    );
  });
});
