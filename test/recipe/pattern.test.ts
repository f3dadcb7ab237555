import { describe, expect, it } from 'vitest';
import { judge } from '../../src/recipe/judge.ts';
import { compilePattern, type Match } from '../../src/recipe/pattern.ts';
import { EXPECT_SUCCESS } from '../../src/recipe/read/read-expect.ts';
import type { Expectation } from '../../src/recipe/recipe.ts';
import { Values } from '../../src/recipe/values.ts';

const VALUES = new Values({
  recipe: { parameters: [] },
  parameters: new Map(),
  outputs: new Map(),
  variable: () => undefined,
});
const judging = { values: VALUES, redact: (text: string) => text.replaceAll('marker', '[secret]') };

async function compile(text: string): Promise<Match | string> {
  const compiled = await compilePattern(text);
  return typeof compiled === 'function' ? compiled : compiled.wrong;
}

/** What backtracking engines take exponential or high polynomial time for, with what makes them. */
const EXPONENTIAL = [
  '(a+)+$',
  '(a*)*$',
  '(a|a)*$',
  '(a|aa)+$',
  '(a|a?)+$',
  '(.*)*$',
  '(.+)+$',
  '(.*a){20}$',
  '(.*a){12}b',
  '([a-z]+)*$',
  '(\\w+)+$',
  '(\\w*)*$',
  '(a+)*b',
  '(a*)+b',
  '((a+)+)+$',
  '((a*)*)*$',
  '(a+a+)+b',
  '(aa|aaa)*$',
  '(a|b|ab)*c',
  '(?:a+){10}$',
  '(?:a{1,10}){1,10}$',
  '(x+x+)+y',
  '(\\d+)+$',
  '(\\s+)+$',
  '^(\\w+\\s?)*$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '^(a?){30}a{30}$',
  '(a?){20}a{20}',
  'a*a*a*a*a*a*b',
  '.*.*.*.*.*=.*',
  '^\\s+|\\s+$',
  '(.*?,){11}P',
  '(.*)(.*)(.*)(.*)x',
  '([^"]+)*"',
  '("[^"]*"|[^"])*x',
  '(\\/\\*.*\\*\\/)*x',
  '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}x$',
  '^(.+)+@(.+)+$',
  '(?:[a-z0-9]+\\.?)+@',
  '^(\\d+\\.)*\\d+x$',
  '(ab*)*c',
  '(b|a+)*c',
  '(a+|b+)*c',
  '([ab]*)*c',
  '(a[ab]*)*c',
  '((ab)*)*c',
  '((a|b)*)*c',
  '((a|b)+)+c',
  '(a(b)?)+c',
  '(aab?)*c',
  '(.a|a.)*c',
  '(..|.)*c',
  '(...|..|.)*c',
  '(a|ab|abc)*d',
  '(\\w|\\d)*$x',
  '(\\W|_)*x',
  '([\\s\\S]*)*x',
  '((?i)a|A)*b',
  '(?s)(.*)*x',
  '(?m)(^a*$)*b',
];

/** What RE2 does not have, or what is too large. */
const REFUSED = [
  '(?=a)b',
  '(?!a)b',
  '(?<=a)b',
  '(?<!a)b',
  '(a)\\1',
  '(?>a)',
  '(?P=n)',
  '(',
  ')',
  '[',
  '[z-a]',
  'a{2,1}',
  'a{1001}',
  '(a{1000}){1000}',
  '((a{100}){100}){100}',
  '*a',
  'a**',
  '\\',
  '\\8',
  '(?x)a',
  '(?<n>a)\\k<n>',
  '\\p{Nope}',
  'a'.repeat(513),
  `(${'('.repeat(255)}`,
];

describe('patterns of strangers [R-RECIPE-6]', () => {
  it('there are sixty of the worst', () => expect(new Set(EXPONENTIAL).size).toBeGreaterThanOrEqual(60));

  it.each(EXPONENTIAL)('%j is matched in bounded work, or refused', async (text) => {
    const match = await compile(text);
    if (typeof match === 'string') return expect(match).toMatch(/^is no regular expression/);
    for (const [unit, size] of [
      ['a', 30],
      ['a', 5_000],
      ['ab', 20_000],
      [' ', 10_240],
      ['a', 1_000_000],
    ] as const) {
      const value = `${unit.repeat(size / unit.length)}!`;
      const found = match(value);
      if (typeof found === 'boolean') expect(match.costOf(value)).toBeLessThanOrEqual(750_000);
      else expect(found.wrong).toBe(`has ${value.length} characters, too many to be matched`);
      if (size > 10_240) expect(typeof found).toBe('object');
    }
  });

  it.each(REFUSED)('%j is refused', async (text) => {
    expect(await compile(text)).toMatch(/^is no regular expression of RE2: [^\n]+$|^has \d+ characters; at most 512$/);
  });

  it.each<[pattern: string, value: string, found: boolean, whole: boolean]>([
    ['a', 'bab', true, false],
    ['^a$', 'a', true, true],
    ['a|ab', 'ab', true, true],
    ['[a-z]+', 'abc', true, true],
    ['[a-z]+', 'abc1', true, false],
    ['', '', true, true],
    ['', 'a', true, false],
    ['.', '\n', false, false],
    ['(?i)A', 'a', true, true],
    ['\\d{3}', '12', false, false],
    ['^a$', 'a\nb', false, false],
    ['é', 'é', true, true],
    ['.', '😀', true, true],
  ])('%j and %j', async (pattern, value, found, whole) => {
    const match = await compile(pattern);
    if (typeof match === 'string') throw new Error(match);
    expect([match(value), match(value, { whole: true })]).toEqual([found, whole]);
  });
});

describe('what is expected of an output [R-RECIPE-6]', () => {
  const wrongWith = async (expect_: Partial<Expectation>, stdout: string, more = {}): Promise<string | undefined> =>
    (await judge({ ...EXPECT_SUCCESS, ...expect_ }, { exitCode: 0, stdout, stderr: '', ...more }, judging))?.message;

  it.each<[expectation: Partial<Expectation>, stdout: string, wrong: RegExp | undefined, more?: object]>([
    [{}, 'anything', undefined],
    [{}, '', /^exit code 2$/, { exitCode: 2 }],
    [{}, 'out\n', /^exit code 2: err$/, { exitCode: 2, stderr: 'x\nerr\n\n' }],
    [{}, 'first\nlast\n', /^exit code 1: last$/, { exitCode: 1 }],
    [{}, 'a\u001b[31mred\n', /^exit code 1: a\\u\{1b\}\[31mred$/, { exitCode: 1 }],
    [{ exitCode: 3 }, '', undefined, { exitCode: 3 }],
    [{ exitCode: 3 }, '', /^exit code 0 instead of 3$/],
    [{ outputContains: ['b'] }, 'abc', undefined],
    [{ outputContains: ['d'] }, 'abc', /^the output does not contain "d"$/],
    [{ equals: ['abc'] }, 'abc\r\n\n', undefined],
    [{ equals: ['abc'] }, ' abc', /^the output is " abc" instead of "abc"$/],
    [{ equals: [] }, '\n', undefined],
    [{ jsonPath: ['a'], equals: ['1'] }, '{"a":1}', undefined],
    [{ jsonPath: ['a'], equals: ['x'] }, '{"a":"x"}', undefined],
    [{ jsonPath: ['a'], equals: ['[1,2]'] }, '{"a":[1,2]}', undefined],
    [{ jsonPath: ['a'], equals: ['null'] }, '{"a":null}', undefined],
    [{ jsonPath: ['a'], equals: [''] }, '{}', /^the value in the output is "nothing" instead of ""$/],
    [{ jsonPath: ['a'], equals: ['1'] }, 'a: 1', /^the output is no JSON$/],
    [
      { jsonPath: [], equals: ['1'] },
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      /^the output is nested too deep$/,
    ],
    [{ jsonPath: ['a'], contains: ['x'] }, '{"a":["y","x"]}', undefined],
    [{ jsonPath: ['a'], contains: ['x'] }, '{"a":["xy"]}', /does not contain "x"$/],
    [{ jsonPath: ['a'], contains: ['x'] }, '{"a":"yxy"}', undefined],
    [{ jsonPath: ['a'], contains: ['x'] }, '{}', /^the value in the output, "nothing", does not/],
    [{ outputMatches: '^b$' }, 'a\nb\nc\n', undefined],
    [{ outputMatches: '^b$' }, 'a\r\nb\r\n', undefined],
    [{ outputMatches: 'a.b' }, 'a\nb', /^no line of the output matches "a\.b"$/],
    [{ outputMatches: '^$' }, '', undefined],
    [{ outputMatches: 'x$' }, 'a'.repeat(20_000), /^a line of the output has 20000 characters, too many/],
    [{ outputMatches: '(a|b|c|d)*x' }, `${'a'.repeat(900)}\n`.repeat(5_000), /^the output is too long to be matched/],
  ])('%j', async (expectation, stdout, wrong, more) => {
    const found = await wrongWith(expectation, stdout, more);
    if (wrong === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(wrong);
  });

  it('a secret in the output is in no reason, also where the text is cut', async () => {
    const long = `${'x'.repeat(116)}marker`;
    const reasons = await Promise.all([
      wrongWith({}, '', { exitCode: 1, stderr: `token marker is wrong` }),
      wrongWith({}, long, { exitCode: 1 }),
      wrongWith({ equals: ['a'] }, long),
      wrongWith({ jsonPath: ['a'], equals: ['b'] }, JSON.stringify({ a: long })),
      wrongWith({ jsonPath: ['a'], contains: ['b'] }, '{"a":["marker"]}'),
    ]);
    for (const reason of reasons) expect(reason).toMatch(/^(?!.*mark)/);
  });
});
