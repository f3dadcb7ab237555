import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitSections } from '../../src/knowledge/sections.ts';
import { seeded } from '../seed.ts';

type Row = [heading: string, level: number, line: number];

const outline = (markdown: string): Row[] =>
  splitSections(markdown).map(({ heading, level, line }) => [heading, level, line]);
const join = (markdown: string): string =>
  splitSections(markdown)
    .map(({ text }) => text)
    .join('');

describe('sections [R-SECTION-1]', () => {
  test('are a heading and all that stands below it', () => {
    const markdown = 'Before.\n\n# A\n\nOne. Two.\n\n## B\nThree.\n';
    expect(splitSections(markdown)).toEqual([
      { heading: '', level: 0, line: 1, text: 'Before.\n\n' },
      { heading: 'A', level: 1, line: 3, text: '# A\n\nOne. Two.\n\n' },
      { heading: 'B', level: 2, line: 7, text: '## B\nThree.\n' },
    ]);
  });

  test('are what they were read from, exactly', () => {
    expect(Object.keys(splitSections('# a')[0] ?? {}).toSorted()).toEqual(['heading', 'level', 'line', 'text']);
  });

  test.each<[markdown: string, rows: Row[]]>([
    ['', []],
    ['\n', [['', 0, 1]]],
    ['text', [['', 0, 1]]],
    ['# a', [['a', 1, 1]]],
    [
      '\n# a',
      [
        ['', 0, 1],
        ['a', 1, 2],
      ],
    ],
    [
      '# a\n# a',
      [
        ['a', 1, 1],
        ['a', 1, 2],
      ],
    ],
    [
      '# a\r\n## b\r\n',
      [
        ['a', 1, 1],
        ['b', 2, 2],
      ],
    ],
    ['\u{feff}# a', [['a', 1, 1]]],
    [
      'text\n# a',
      [
        ['', 0, 1],
        ['a', 1, 2],
      ],
    ],
    [
      '# constructor\n# __proto__',
      [
        ['constructor', 1, 1],
        ['__proto__', 1, 2],
      ],
    ],
  ])('of %j', (markdown, rows) => {
    expect(outline(markdown)).toEqual(rows);
  });

  test.each<[markdown: string, rows: Row[]]>([
    ['a\n===', [['a', 1, 1]]],
    ['a\n---', [['a', 2, 1]]],
    ['a\n=', [['a', 1, 1]]],
    ['a\n-', [['a', 2, 1]]],
    ['a\n   ---  \t', [['a', 2, 1]]],
    ['   a  \n===', [['a', 1, 1]]],
    ['a\r\n===\r\n', [['a', 1, 1]]],
    ['a\n  b\n===', [['a b', 1, 1]]],
    [
      'x\n\na\n---\nb',
      [
        ['', 0, 1],
        ['a', 2, 3],
      ],
    ],
    [
      'a\n===\nb\n---',
      [
        ['a', 1, 1],
        ['b', 2, 3],
      ],
    ],
    [
      '# a\nb\n---',
      [
        ['a', 1, 1],
        ['b', 2, 2],
      ],
    ],
    ['a\n    b\n---', [['a b', 2, 1]]],
    [
      '* * *\na\n===',
      [
        ['', 0, 1],
        ['a', 1, 2],
      ],
    ],
    [
      'a\n***\nb\n===',
      [
        ['', 0, 1],
        ['b', 1, 3],
      ],
    ],
    [
      '> q\n\na\n===',
      [
        ['', 0, 1],
        ['a', 1, 3],
      ],
    ],
    [
      '- i\n\nx\n\n  a\n===',
      [
        ['', 0, 1],
        ['a', 1, 5],
      ],
    ],
    [
      '- i\n\na\n===',
      [
        ['', 0, 1],
        ['a', 1, 3],
      ],
    ],
    [
      '- i\n\n# h\n  a\n===',
      [
        ['', 0, 1],
        ['h', 1, 3],
        ['a', 1, 4],
      ],
    ],
    [
      '```\nx\n```\na\n===',
      [
        ['', 0, 1],
        ['a', 1, 4],
      ],
    ],
    [
      '<!-- x -->\na\n===',
      [
        ['', 0, 1],
        ['a', 1, 2],
      ],
    ],
  ])('begin at underlined headings too: %j', (markdown, rows) => {
    expect(outline(markdown)).toEqual(rows);
  });

  test.each([
    '---',
    'a\n\n---',
    'a\n\n===',
    'a\n- - -',
    'a\n== =',
    'a\n=-=',
    'a\n    ---',
    'a\n\t===',
    '    a\n---',
    '- a\n---',
    '- a\nb\n---',
    '- a\n\n  b\n---',
    '1. a\n---',
    '> a\n---',
    '> a\nb\n---',
    'a | b\n--- | ---',
    '| a |\n|---|\n| b |',
    '***\n---',
    '```\na\n===\n```',
    'a\n```\n```\n===',
    '<!--\na\n===\n-->',
    'a\n<!-- b -->\n===',
  ])('do not begin at rules, tables, lists, quotations and code: %j', (markdown) => {
    expect(outline(markdown)).toEqual([['', 0, 1]]);
  });

  test.each([
    '```\n# a\n```',
    '~~~\n# a\n~~~',
    '````md\n```\n# a\n```\n# b\n````',
    '~~~~\n```\n# a\n~~~\n# b\n~~~~',
    '- ```sh\n  # a\n  ```',
    '1. Run:\n   ```sh\n   # a\n   ```',
    '<!-- # a -->',
    '<!--\n# a\n\n## b\n-->',
    '<!--\n```\n-->',
    '```\n# a',
    '<!--\n# a',
    '    # a',
    '- # a',
    '> # a',
    String.raw`\# a`,
    '#a\n####### b',
    'a # b',
  ])('do not begin in fences, comments, or where no heading is: %j', (markdown) => {
    expect(outline(markdown)).toEqual([['', 0, 1]]);
  });

  test.each<[markdown: string, rows: Row[]]>([
    [
      '---\nname: x\n---\n# a',
      [
        ['', 0, 1],
        ['a', 1, 4],
      ],
    ],
    [
      '---\r\nname: x\r\n---\r\n# a',
      [
        ['', 0, 1],
        ['a', 1, 4],
      ],
    ],
    ['---\nname: x\n# y\n---', [['', 0, 1]]],
    [
      '---\nname: "```"\n```\n---\n# a',
      [
        ['', 0, 1],
        ['a', 1, 5],
      ],
    ],
    [
      '---\n---\na\n===',
      [
        ['', 0, 1],
        ['a', 1, 3],
      ],
    ],
    ['---\na\n---- \n---\n', [['', 0, 1]]],
    [
      '---\n\n# a',
      [
        ['', 0, 1],
        ['a', 1, 3],
      ],
    ],
    [
      '\n---\na\n---',
      [
        ['', 0, 1],
        ['a', 2, 3],
      ],
    ],
    [
      '----\na\n---',
      [
        ['', 0, 1],
        ['a', 2, 2],
      ],
    ],
  ])('leave a front matter whole: %j', (markdown, rows) => {
    expect(outline(markdown)).toEqual(rows);
  });
});

/** Pieces of Markdown with the headings they hold, each a line of its own. */
const BLOCK: fc.Arbitrary<{ readonly text: string; readonly headings: readonly (readonly [string, number])[] }> =
  fc.oneof(
    fc
      .record({ level: fc.integer({ min: 1, max: 6 }), name: fc.stringMatching(/^[a-z]{1,8}$/) })
      .map(({ level, name }) => ({
        text: `${'#'.repeat(level)} ${name}`,
        headings: [[name, level] as const],
      })),
    fc.record({ mark: fc.constantFrom('=', '-'), name: fc.stringMatching(/^[a-z]{1,8}$/) }).map(({ mark, name }) => ({
      text: `${name}\n${mark.repeat(3)}`,
      headings: [[name, mark === '=' ? 1 : 2] as const],
    })),
    fc
      .constantFrom(
        'A sentence. Another one.',
        '```sh\n# comment\nls\n---\n```',
        '~~~~\n```\n## x\n~~~\n~~~~',
        '<!--\n# hidden\n-->',
        '- item\n- item\n---',
        '> quoted\n> # x',
        '| a | b |\n|---|---|',
        '    # code',
        '***',
      )
      .map((text) => ({ text, headings: [] })),
  );

describe('any Markdown', () => {
  test('has the headings that were put into it, and no other [R-SECTION-1]', () => {
    fc.assert(
      fc.property(fc.array(BLOCK), fc.constantFrom('\n', '\r\n'), (blocks, lineEnd) => {
        const markdown = blocks
          .map(({ text }) => `${text}\n\n`)
          .join('')
          .replaceAll('\n', lineEnd);
        const found = splitSections(markdown).filter(({ level }) => level > 0);
        expect(found.map(({ heading, level }) => [heading, level])).toEqual(blocks.flatMap(({ headings }) => headings));
      }),
      { seed: seeded(10), numRuns: 300 },
    );
  });

  const TEXT = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '# ',
          '## a\n',
          '\n',
          '\r\n',
          'a\n',
          '===\n',
          '---\n',
          '```\n',
          '~~~',
          '<!--',
          '-->',
          '- ',
          '> ',
        ),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(''));

  test('is its sections put together, each at its line [R-SECTION-2]', () => {
    fc.assert(
      fc.property(TEXT, (markdown) => {
        expect(join(markdown)).toBe(markdown);
        let line = 1;
        for (const section of splitSections(markdown)) {
          expect(section.line).toBe(line);
          expect(section.text).not.toBe('');
          line += section.text.split('\n').length - 1;
        }
      }),
      { seed: seeded(11), numRuns: 1_000 },
    );
  });

  test('ends each section at the end of a line [R-SECTION-2]', () => {
    fc.assert(
      fc.property(TEXT, (markdown) => {
        for (const { text } of splitSections(markdown).slice(0, -1)) expect(text.endsWith('\n')).toBe(true);
      }),
      { seed: seeded(12), numRuns: 300 },
    );
  });
});

describe('a hostile text', () => {
  test.each(
    [
      ['#', '# ', '#\n', 'a\n=\n', '- \n', '<!--\n', 'a', '# a #', 'a\n', '\n', '\r', ' ', '\t\n', '- ', '> a\n'],
      ['`', '```\n', '~~~~~\n```\n', '<!--', '-->\n', '---\n', '=== -', '* * ', '1234567890', '#'.repeat(6), ' # '],
      ['\u{d800}', '\u{feff}'],
    ].flat(),
  )('of a million characters, all %j, is cut in time linear in it [R-SECTION-3]', (part) => {
    const markdown = part.repeat(1_000_000 / part.length);
    const started = performance.now();
    const sections = splitSections(markdown);
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(sections.reduce((sum, { text }) => sum + text.length, 0)).toBe(markdown.length);
  });
});
