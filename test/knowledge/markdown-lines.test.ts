import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHeading } from '../../src/knowledge/heading.ts';
import { itemStart, readLines } from '../../src/knowledge/markdown-lines.ts';
import { seeded } from '../seed.ts';

/** One letter for each line: `x` for markup, `.` for what is in a fence or comment. */
const shade = (lines: readonly string[]): string =>
  Array.from(readLines(lines.join('\n')), ({ opaque }) => (opaque ? '.' : 'x')).join('');

describe('lines [R-SECTION-1]', () => {
  test.each<[text: string, lines: [text: string, start: number][]]>([
    ['', []],
    ['a', [['a', 0]]],
    ['a\n', [['a', 0]]],
    [
      'a\n\nb',
      [
        ['a', 0],
        ['', 2],
        ['b', 3],
      ],
    ],
    [
      '\r\na\r\n\r',
      [
        ['', 0],
        ['a', 2],
        ['', 5],
      ],
    ],
    ['a\rb', [['a\rb', 0]]],
    ['\u{feff}a', [['a', 0]]],
    ['\u{feff}\n', [['', 0]]],
    ['\u{2028}\u{85}', [['\u{2028}\u{85}', 0]]],
  ])('of %j', (text, lines) => {
    expect(Array.from(readLines(text), (line) => [line.text, line.start])).toEqual(lines);
    expect(Array.from(readLines(text), ({ line }) => line)).toEqual(lines.map((_, index) => index + 1));
  });

  test.each<[lines: string[], shade: string]>([
    [['a', '```', '# b', '```', 'c'], 'x...x'],
    [['~~~ js', '# b', '~~~', 'c'], '...x'],
    [['```', '~~~', '```', 'c'], '...x'],
    [['````', '```', '````', 'c'], '...x'],
    [['```', '````', 'c'], '..x'],
    [['```', '``', '```', 'c'], '...x'],
    [['~~~~', '```', '# b', '```', '~~~', '~~~~', 'c'], '......x'],
    [['```', '``` js', '```', 'c'], '...x'],
    [['```', '```  \t', 'c'], '..x'],
    [['   ```', '   ```', 'c'], '..x'],
    [['    ```', 'c', '    ```'], 'xxx'],
    [['\t```', 'c'], 'xx'],
    [['```', '    ```', '```', 'c'], '...x'],
    [['``` a ``` b', 'c'], 'xx'],
    [['~~~ a ~~~ b', 'c', '~~~', 'd'], '...x'],
    [['``', 'c'], 'xx'],
    [['- ```', '  # b', '  ```', 'c'], '...x'],
    [['10. ~~~', '    # b', '    ~~~', 'c'], '...x'],
    [['```', 'never closed', '# b'], '...'],
    [['<!--', '# b', '-->', 'c'], '...x'],
    [['<!-- a -->', 'c'], '.x'],
    [['<!-- a', '--> # b', 'c'], '..x'],
    [['<!-->', 'c'], '.x'],
    [['   <!--', 'b -->', 'c'], '..x'],
    [['    <!--', 'c'], 'xx'],
    [['a <!--', '# b', '-->'], 'xxx'],
    [['<!--', '```', '-->', 'c'], '...x'],
    [['```', '<!--', '```', 'c'], '...x'],
    [['<!--', 'never closed', '# b'], '...'],
    [['<!-', 'c'], 'xx'],
    [['<!-- ->', '-->', 'c'], '..x'],
  ])('of code and comments are told apart in %j', (lines, expected) => {
    expect(shade(lines)).toBe(expected);
    expect(shade(lines.map((line) => `${line}\r`))).toBe(expected);
  });

  test.each([
    ['a', undefined],
    ['```', 1],
    ['a\n~~~\nb', 2],
    ['```\n```\n<!--\n', 3],
    ['```\n```', undefined],
  ])('tell where what is still open at the end of %j began', (text, line) => {
    expect([...readLines(text)].at(-1)?.openSince).toBe(line);
  });
});

describe('a list item [R-SECTION-1]', () => {
  test.each([
    ['- a', 2],
    ['* a', 2],
    ['+ a', 2],
    ['-   a', 4],
    ['  -\ta', 4],
    ['-', 1],
    ['1. a', 3],
    ['12) a', 4],
    ['123456789. a', 11],
    ['1234567890. a', undefined],
    ['-a', undefined],
    ['1.a', undefined],
    ['1', undefined],
    ['. a', undefined],
    ['', undefined],
    ['**a**', undefined],
    ['– a', undefined],
  ])('%j begins its text at %j', (text, start) => {
    expect(itemStart(text)).toBe(start);
  });
});

describe('a heading [R-SECTION-1]', () => {
  test.each<[text: string, heading: [level: number, heading: string] | undefined]>([
    ['# a', [1, 'a']],
    ['###### a', [6, 'a']],
    ['####### a', undefined],
    ['#a', undefined],
    ['#', [1, '']],
    ['##\t', [2, '']],
    ['#\ta', [1, 'a']],
    ['   # a', [1, 'a']],
    ['    # a', undefined],
    ['\t# a', undefined],
    ['# a #', [1, 'a']],
    ['# a ####\t ', [1, 'a']],
    ['# a#', [1, 'a#']],
    ['# ##', [1, '']],
    ['# # b', [1, '# b']],
    [String.raw`# a \#`, [1, String.raw`a \#`]],
    ['# `a` *b*', [1, '`a` *b*']],
    ['a # b', undefined],
    [String.raw`\# a`, undefined],
    ['', undefined],
    ['#\u{a0}a', undefined],
  ])('%j is %j', (text, found) => {
    expect(readHeading(text)).toEqual(found === undefined ? undefined : { level: found[0], heading: found[1] });
  });
});

describe('any text at all', () => {
  const TEXT = fc
    .array(fc.oneof(fc.constantFrom('```', '~~~', '\n', '\r\n', '<!--', '-->', '# ', '- ', ' ', '\t'), fc.string()))
    .map((parts) => parts.join(''));

  test('is the lines that are read of it [R-SECTION-1]', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const lines = [...readLines(text)];
        const plain = text.split('\n').map((line) => line.replace(/\r$/, ''));
        if (text === '' || text.endsWith('\n')) plain.pop();
        expect(lines.map((line) => line.text)).toEqual(plain);
        for (const { text: line, start } of lines) expect(text.startsWith(line, start)).toBe(true);
      }),
      { seed: seeded(8), numRuns: 500 },
    );
  });

  test('that is put into a longer fence is opaque [R-SECTION-1]', () => {
    fc.assert(
      fc.property(TEXT, fc.constantFrom('`', '~'), (text, mark) => {
        const fence = mark.repeat(Math.max(3, ...text.split(/[^`~]+/).map(({ length }) => length + 1)));
        const lines = [...readLines(`${fence}\n${text}\n${fence}\nend`)];
        expect(lines.filter(({ opaque }) => !opaque).map((line) => line.text)).toEqual(['end']);
      }),
      { seed: seeded(9), numRuns: 500 },
    );
  });
});
