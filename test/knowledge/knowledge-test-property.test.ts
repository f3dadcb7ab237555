import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KnowledgeCase, parseKnowledgeTests } from '../../src/knowledge/knowledge-test.ts';
import { seeded } from '../seed.ts';
import { parseSound } from './parse-case.ts';

const WORDS = fc
  .array(fc.constantFrom('undo', 'a', 'git log', 'C#', '漢字', '__proto__', "it's", '6 ft', '$x'), { minLength: 1 })
  .map((words) => words.join(' '));
const NAME = WORDS.filter((name) => !name.endsWith('#'));
const PATH = fc.constantFrom('overview.md', 'concepts/a.md', 'knowledge/b.md', 'prompts/context.md', 'constructor');
const LITERAL = fc.string({ minLength: 1 }).filter((text) => !/[\r\n]/.test(text));

interface Written {
  readonly expected: Omit<KnowledgeCase, 'line'>;
  /** How the author happens to write it. */
  readonly style: {
    readonly heading: string;
    readonly bold: 'in' | 'out' | 'none';
    readonly below: boolean;
    readonly bullet: string;
    readonly noise: string;
  };
}

const WRITTEN: fc.Arbitrary<Written> = fc.record({
  expected: fc
    .record({
      name: NAME,
      input: fc.record({ kind: fc.constantFrom('topic' as const, 'prompt' as const), text: WORDS }),
      expectedFiles: fc.option(fc.array(PATH, { maxLength: 4 }), { nil: undefined }),
      contains: fc.array(LITERAL, { maxLength: 3 }),
    })
    .map(({ expectedFiles, contains, ...rest }) => ({
      ...rest,
      ...(expectedFiles !== undefined && { expectedFiles }),
      contains,
      isEmpty: contains.length === 0,
    })),
  style: fc.record({
    heading: fc.constantFrom('##', '###', '  ##'),
    bold: fc.constantFrom('in', 'out', 'none'),
    below: fc.boolean(),
    bullet: fc.constantFrom('-', '*', '+', '1.', '  -'),
    noise: fc.constantFrom('', 'Some prose, *with* marks.\n', '```\n## Test: x\n**X**: y\n```\n', '<!-- **X**: -->\n'),
  }),
});

/** Writes a case the way its style asks. */
function write({ expected, style }: Written): string {
  const label = (text: string): string => {
    if (style.bold === 'in') return `**${text}:**`;
    return style.bold === 'out' ? `**${text}**:` : `**${text}**`;
  };
  const one = (name: string, value: string): string =>
    `${label(name)}${style.below ? '\n' : ' '}${value}\n\n${style.noise}`;
  const list = (name: string, values: readonly string[]): string =>
    `${label(name)}\n${values.map((value) => `${style.bullet} ${value}\n`).join('')}\n${style.noise}`;
  const quoteLiteral = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  const { input, expectedFiles, contains } = expected;
  return [
    `${style.heading} Test: ${expected.name}\n${style.noise}`,
    one(`Input ${input.kind}`, input.text),
    expectedFiles?.length === 0 ? one('Expected files loaded', '(none)') : '',
    expectedFiles !== undefined && expectedFiles.length > 0 ? list('Expected files loaded', expectedFiles) : '',
    contains.length > 0 ? list('Expected context contains', contains.map(quoteLiteral)) : '',
    expected.isEmpty ? one('Expected context', '(empty)') : '',
  ].join('\n');
}

const byName = { selector: ({ expected }: Written) => expected.name, minLength: 1, maxLength: 5 };

describe('what an author writes', () => {
  test('is what is read, in whatever style [R-KTEST-1]', () => {
    fc.assert(
      fc.property(fc.uniqueArray(WRITTEN, byName), fc.constantFrom('\n', '\r\n'), (written, lineEnd) => {
        const source = written.map(write).join('\n').replaceAll('\n', lineEnd);
        const cases = parseSound(source);
        expect(cases).toEqual(written.map(({ expected }, index) => ({ ...expected, line: cases[index]?.line })));
      }),
      { seed: seeded(1) },
    );
  });

  test('has its line told, whatever stands above [R-KTEST-1]', () => {
    fc.assert(
      fc.property(fc.uniqueArray(WRITTEN, byName), fc.nat(20), (written, blank) => {
        const source = '\n'.repeat(blank) + written.map(write).join('\n');
        const lines = source.split('\n');
        for (const { line, name } of parseSound(source)) expect(lines[line - 1]).toContain(`Test: ${name}`);
      }),
      { seed: seeded(2) },
    );
  });

  test('is refused whole when one field of it is misspelt, and its neighbours are kept [R-KTEST-2]', () => {
    fc.assert(
      fc.property(fc.uniqueArray(WRITTEN, byName), fc.nat(), (written, pick) => {
        const broken = pick % written.length;
        const parts = written.map((one, index) => write(one) + (index === broken ? '\n**Expectde**: x\n' : ''));
        const { cases, problems } = parseKnowledgeTests(parts.join('\n'), 'f');
        expect(problems.map(({ code }) => code)).toEqual(['K_TEST_UNKNOWN_FIELD']);
        expect(cases.map(({ name }) => name)).toEqual(written.map((one) => one.expected.name).toSpliced(broken, 1));
      }),
      { seed: seeded(3) },
    );
  });
});

const MARKS = fc.constantFrom(
  '## Test: a\n',
  '# x\n',
  '**Input topic**: ',
  '**Input prompt:**\n',
  '**Expected files loaded**:\n',
  '**Expected context contains** ',
  '**Expected context**: (empty)\n',
  '(none)',
  '- ',
  '```\n',
  '~~~',
  '<!--',
  '-->\n',
  '"',
  '\\',
  '`',
  ',',
  '\n',
  '\r\n',
  '\t',
  '../',
  '**',
);

describe('any text at all [R-KTEST-2]', () => {
  const TEXT = fc.array(fc.oneof(MARKS, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 40 });

  test('is read without an exception, into sound cases and placed problems', () => {
    fc.assert(
      fc.property(TEXT, (parts) => {
        const source = parts.join('');
        const lines = source.split('\n');
        const { cases, problems } = parseKnowledgeTests(source, 'f');
        for (const { line = 0, column = 0, message, fix, severity } of problems) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(Math.max(lines.length, 1));
          expect(column).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
          expect(['error', 'warning']).toContain(severity);
          expect(message).not.toBe('');
          expect(fix).not.toBe('');
        }
        expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
        expect(cases.length + problems.length).toBeGreaterThan(0);
      }),
      { seed: seeded(4), numRuns: 500 },
    );
  });

  test('gives the same answer each time', () => {
    fc.assert(
      fc.property(TEXT, (parts) => {
        const source = parts.join('');
        expect(parseKnowledgeTests(source, 'f')).toEqual(parseKnowledgeTests(source, 'f'));
      }),
      { seed: seeded(5) },
    );
  });
});
