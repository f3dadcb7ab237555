import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeCase } from '../../src/knowledge/judge-case.ts';
import type { KnowledgeCase } from '../../src/knowledge/knowledge-test.ts';
import { seeded } from '../seed.ts';

const CASE: KnowledgeCase = {
  name: 'a',
  line: 1,
  input: { kind: 'topic', text: 't' },
  contains: [],
  isEmpty: false,
};

describe('the files a case lists [R-KTEST-3]', () => {
  test.each<[expected: string[] | undefined, actual: string[], failures: { expected: string; actual: string }[]]>([
    [undefined, [], []],
    [undefined, ['a.md'], []],
    [[], [], []],
    [['a.md'], ['a.md'], []],
    [['a.md', 'b.md'], ['b.md', 'a.md'], []],
    [['a.md', 'a.md'], ['a.md'], []],
    [['knowledge/a.md'], ['a.md'], []],
    [['a.md'], ['knowledge/a.md'], []],
    [['./knowledge/a.md'], ['./a.md'], []],
    [['./a.md'], ['knowledge/a.md'], []],
    [['references/a.md'], ['references/a.md'], []],
    [[], ['a.md'], [{ expected: '"a.md" is not loaded, since it is not listed', actual: 'it is' }]],
    [['a.md'], [], [{ expected: '"a.md" is loaded', actual: 'no file is loaded' }]],
    [
      ['a.md', 'b.md'],
      ['b.md', 'knowledge/c.md'],
      [
        { expected: '"a.md" is loaded', actual: 'loaded: "b.md", "c.md"' },
        { expected: '"c.md" is not loaded, since it is not listed', actual: 'it is' },
      ],
    ],
    [
      ['concepts/a.md'],
      ['patterns/a.md'],
      [
        { expected: '"concepts/a.md" is loaded', actual: 'loaded: "patterns/a.md"' },
        { expected: '"patterns/a.md" is not loaded, since it is not listed', actual: 'it is' },
      ],
    ],
    [['__proto__'], ['__proto__'], []],
    [['A.md'], ['a.md'], [expect.anything(), expect.anything()]],
  ])('%j against %j', (expectedFiles, files, failures) => {
    const judged = { ...CASE, ...(expectedFiles !== undefined && { expectedFiles }) };
    expect(judgeCase(judged, { files, context: 'x' })).toEqual(failures);
  });
});

describe('the strings a case lists [R-KTEST-3]', () => {
  test.each<[contains: string[], context: string, failures: string[]]>([
    [[], '', []],
    [['a'], 'cab', []],
    [['a', 'b'], 'ab', []],
    [['git  log'], 'git log', ['the context contains "git  log"']],
    [['Git'], 'git', ['the context contains "Git"']],
    [['a', 'x', 'y'], 'abc', ['the context contains "x"', 'the context contains "y"']],
    [['.*'], 'abc', ['the context contains ".*"']],
  ])('%j in %j', (contains, context, failures) => {
    expect(judgeCase({ ...CASE, contains }, { files: [], context }).map(({ expected }) => expected)).toEqual(failures);
  });

  test.each([
    ['', 'the context is empty'],
    [' \n', 'the context is empty'],
    ['\n abc', 'the context begins "abc"'],
    ['\u{1b}[2J', String.raw`the context begins "\u{1b}[2J"`],
  ])('with %j as what was found instead', (context, actual) => {
    expect(judgeCase({ ...CASE, contains: ['x'] }, { files: [], context })).toEqual([
      { expected: 'the context contains "x"', actual },
    ]);
  });

  test('in few words, however long the context is', () => {
    const [failure] = judgeCase({ ...CASE, contains: ['x'] }, { files: [], context: 'y'.repeat(1e6) });
    expect(failure?.actual.length).toBeLessThan(200);
  });
});

describe('an empty context [R-KTEST-3]', () => {
  test.each(['', ' ', '\n\t\r\n'])('is %j', (context) => {
    expect(judgeCase({ ...CASE, isEmpty: true }, { files: ['a.md'], context })).toEqual([]);
  });

  test('is not one with a letter', () => {
    expect(judgeCase({ ...CASE, isEmpty: true }, { files: [], context: 'a' })).toEqual([
      { expected: 'the context is empty', actual: 'the context begins "a"' },
    ]);
  });
});

describe('the judge', () => {
  const PATH = fc.constantFrom('a.md', 'b.md', 'c.md', 'concepts/a.md');
  const PLACED = fc.tuple(PATH, fc.constantFrom('', './', 'knowledge/', './knowledge/'));

  test('passes a case if and only if the files are those of its list [R-KTEST-3]', () => {
    fc.assert(
      fc.property(fc.array(PLACED), fc.array(PLACED), (listed, loaded) => {
        const write = (files: typeof listed): string[] => files.map(([path, prefix]) => prefix + path);
        const set = (files: typeof listed): string[] => [...new Set(files.map(([path]) => path))].toSorted();
        const failures = judgeCase({ ...CASE, expectedFiles: write(listed) }, { files: write(loaded), context: '' });
        expect(failures.length === 0).toBe(set(listed).join() === set(loaded).join());
      }),
      { seed: seeded(6) },
    );
  });

  test('misses no string that is not there, and reports none that is [R-KTEST-3]', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), fc.string(), (contains, context) => {
        const failures = judgeCase({ ...CASE, contains }, { files: [], context });
        expect(failures).toHaveLength(contains.filter((text) => !context.includes(text)).length);
      }),
      { seed: seeded(7) },
    );
  });
});
