import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/manifest/parse-json.ts';
import { Report } from '../../../src/manifest/report.ts';
import { JSON_TEXT } from '../../../src/manifest/syntax.ts';
import { brief, expectTold, parse, WITH } from './samples.ts';

const MAX = 256 * 1024;
const JSON_WITH = WITH['skill.json'];
const before = Object.getOwnPropertyNames(Object.prototype).toSorted();
const fill = (unit: string): string => unit.repeat(Math.floor((MAX - 2_000) / unit.length));

afterAll(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

describe('what is no JSON is refused where it stops being JSON [R-FORMAT-8]', () => {
  test.each<[text: string, line: number, column: number, message: RegExp]>([
    ['', 1, 1, /a value is missing/],
    ['\n', 2, 1, /a value is missing/],
    ['\uFEFF', 1, 1, /a value is missing/],
    ['\uFEFF\uFEFF{}', 1, 1, /byte order mark/],
    ['{', 1, 2, /a \} is missing/],
    ['{"a": 1', 1, 8, /a \} is missing/],
    ['{"a": [1', 1, 9, /a \] is missing/],
    ['{"a": 1,}', 1, 9, /a name in double quotes|a value is missing/],
    ['{"a": [1,]}', 1, 10, /a value is missing/],
    ['{"a": 1,, "b": 2}', 1, 9, /./],
    ['{"a": 1 "b": 2}', 1, 9, /a comma is missing/],
    ['{"a" 1}', 1, 6, /a colon is missing/],
    ['{"a":}', 1, 6, /a value is missing/],
    ['{a: 1}', 1, 2, /./],
    ["{'a': 1}", 1, 2, /./],
    ['{"a": \'b\'}', 1, 7, /means nothing|value is missing/],
    ['{"a": NaN}', 1, 7, /means nothing|value is missing/],
    ['{"a": Infinity}', 1, 7, /means nothing|value is missing/],
    ['{"a": -Infinity}', 1, 7, /./],
    ['{"a": undefined}', 1, 7, /means nothing|value is missing/],
    ['{"a": True}', 1, 7, /means nothing|value is missing/],
    ['{"a": 0x10}', 1, 8, /./],
    ['{"a": 01}', 1, 8, /./],
    ['{"a": +1}', 1, 7, /./],
    ['{"a": .5}', 1, 7, /./],
    ['{"a": 1.}', 1, 7, /./],
    ['{"a": 1e}', 1, 7, /./],
    ['{"a": -}', 1, 7, /./],
    ['{"a": 1} // why', 1, 10, /comments are not part of JSON/],
    ['{ // why\n"a": 1}', 1, 3, /comments are not part of JSON/],
    ['{"a": /* why */ 1}', 1, 7, /comments are not part of JSON/],
    ['{"a": 1 /*', 1, 9, /comments are not part of JSON/],
    ['{"a": "b}', 1, 7, /not closed/],
    ['{"a": "b\nc"}', 1, 7, /not closed/],
    ['{"a": "\t"}', 1, 7, /control character/],
    ['{"a": "\u0000"}', 1, 7, /control character/],
    ['{"a": "\\q"}', 1, 7, /no such escape/],
    ['{"a": "\\x41"}', 1, 7, /no such escape/],
    ['{"a": "\\u12"}', 1, 7, /escape is not complete/],
    ['{"a": 1}\n{"b": 2}', 2, 1, /follows the object/],
    ['{"a": 1} x', 1, 10, /./],
    ['{"a": 1}\u0000', 1, 9, /./],
    ['{\u00a0"a": 1}', 1, 2, /./],
    ['[]', 1, 1, /not an object/],
    ['5', 1, 1, /not an object/],
    ['"x"', 1, 1, /not an object/],
    ['null', 1, 1, /not an object/],
    ['---\nname: a\n', 1, 1, /./],
    ['name = "a"', 1, 1, /./],
  ])('%j', async (text, line, column, message) => {
    const { manifest, problems } = await parse('skill.json', text);
    expect(manifest).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: 'error', line, column });
    expect(problems[0]?.message).toMatch(message);
    expectTold('skill.json', text.replace(/^\uFEFF/, ''), problems);
  });

  test.each<[fields: string, told: readonly string[]]>([
    ['"license": "a",\n"license": "b"', ['M_SYNTAX 8:1 license']],
    ['"license": "a",\n"\\u006cicense": "b"', ['M_SYNTAX 8:1 license']],
    ['"name": "b"', ['M_SYNTAX 7:1 name']],
    ['"metadata": {"tags": [], "tags": []}', ['M_SYNTAX 7:26 metadata.tags']],
    ['"license": null,\n"license": "b"', ['M_SYNTAX 8:1 license']],
    [
      '"metadata": {"a": 1, "a": 2}, "security": {"b": [{"c": 1, "c": 2}]}',
      ['M_SYNTAX 7:22 metadata.a', 'M_SYNTAX 7:59 security.b[0].c'],
    ],
  ])('a key that is written twice: %s', async (fields, told) => {
    const { manifest, problems } = await parse('skill.json', JSON_WITH(fields));
    expect(manifest).toBeUndefined();
    expect(problems.map(brief)).toEqual(told);
    for (const { message, fix } of problems)
      expect([message, fix]).toEqual([expect.stringMatching(/is written twice$/), 'remove one']);
  });

  test('as much of it as JSON.parse takes is read, with the same values, and no more', () => {
    const PIECE = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '"\\n"',
      '"\\ud800"',
      '1',
      '-0',
      '1e3',
      '01',
      'null',
      'true',
      'NaN',
      ' ',
      '\n',
      '\r',
      '\t',
      '\u00a0',
      '\uFEFF',
      '//',
      '/**/',
      '"',
      '\\',
      "'",
    );
    const texts = fc.oneof(
      fc.array(PIECE, { maxLength: 14 }).map((pieces) => `{${pieces.join('')}}`),
      fc.json(),
      fc.tuple(fc.json(), fc.nat(), PIECE).map(([text, at, piece]) => {
        const i = at % (text.length + 1);
        return text.slice(0, i) + piece + text.slice(i + 1);
      }),
      fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const report = new Report({ syntax: JSON_TEXT });
        const parsed = parseJson(text, report);
        expect(parsed === undefined).toBe(report.hasErrors);
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          expect(parsed).toBeUndefined();
          return;
        }
        if (parsed === undefined) {
          const [{ code, message } = { code: '', message: '' }] = report.findings;
          const isTwice = message.endsWith('written twice');
          expect(
            isTwice || code === 'M_TOO_DEEP' || typeof value !== 'object' || value === null || Array.isArray(value),
          ).toBe(true);
        } else expect(withoutNull(parsed.table)).toEqual(withoutNull(value));
      }),
      { numRuns: 20_000 },
    );
  });
});

/** As it is compared: keys with null are not written, and numbers beyond what is exact are whatever they are. */
function withoutNull(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return (value as unknown[]).map(withoutNull);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNull(item)]),
  );
}

describe('nesting and size are bounded [R-FORMAT-7]', () => {
  test.each<[what: string, text: string, code: string]>([
    ['20,000 arrays', `{"a": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'M_TOO_DEEP'],
    ['20,000 objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 'M_TOO_DEEP'],
    ['arrays, not closed', fill('['), 'M_TOO_DEEP'],
    ['objects, not closed', fill('{"a":'), 'M_TOO_DEEP'],
    ['objects without names', fill('{'), 'M_TOO_DEEP'],
    ['closed and never opened', fill(']'), 'M_SYNTAX'],
    ['20,000 keys', `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join()}}`, 'M_TOO_MANY_NODES'],
    ['items', `{"a":[${fill('1,')}1]}`, 'M_TOO_MANY_NODES'],
    ['empty arrays', `{"a":[${fill('[],')}1]}`, 'M_TOO_MANY_NODES'],
    ['the same key', `{${fill('"a":1,')}"a":1}`, 'M_SYNTAX'],
    ['commas', `{${fill(',')}}`, 'M_SYNTAX'],
    ['quotes', fill('"'), 'M_SYNTAX'],
    ['comments', `{${fill('/*')}`, 'M_SYNTAX'],
    ['spaces', fill(' '), 'M_SYNTAX'],
    ['digits', JSON_WITH(`"timeout": ${fill('9')}`), 'M_NUMBER'],
    ['a name', JSON_WITH('').replace('sample', fill('a')), 'M_LENGTH'],
    ['a description', JSON_WITH('').replace('A sample', fill('\\n ')), 'M_LENGTH'],
    ['a version', JSON_WITH('').replace('1.2.3', fill('1.')), 'M_VERSION'],
    ['a key', JSON_WITH(`"${fill('k')}": 1`), 'M_UNKNOWN_KEY'],
  ])('%s', async (_, text, code) => {
    expect(text.length).toBeLessThanOrEqual(MAX);
    const started = performance.now();
    const { problems } = await parse('skill.json', text);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(problems[0]?.code).toBe(code);
    expectTold('skill.json', text, problems.slice(0, 100));
  });

  test('32 levels are read, 33 are not', async () => {
    const nested = (depth: number): string =>
      JSON_WITH(`"observability": {"metrics": ${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect((await parse('skill.json', nested(30))).problems).toEqual([]);
    expect((await parse('skill.json', nested(31))).problems.map(({ code }) => code)).not.toEqual(['M_SYNTAX']);
    const { problems } = await parse('skill.json', nested(32));
    expect(problems).toMatchObject([{ code: 'M_TOO_DEEP' }]);
  });

  test('brackets in strings are no nesting', async () => {
    const text = JSON_WITH(`"license": "${'[{'.repeat(100)}"`);
    expect((await parse('skill.json', text)).manifest?.license).toBe('[{'.repeat(100));
  });

  test.each(['1', '"x"', '{}', '[]', 'true'])('a value of 1 MB is refused before it is read: %s', async (value) => {
    const { problems } = await parse(
      'skill.json',
      JSON_WITH(`"a": [${`${value},`.repeat(1_000_000 / (value.length + 1))}1]`),
    );
    expect(problems).toMatchObject([{ code: 'M_TOO_LARGE' }]);
  });
});

describe('numbers and characters that do not survive are refused [R-FORMAT-8]', () => {
  test.each([
    ['9007199254740992', 'M_NUMBER'],
    ['-9007199254740993', 'M_NUMBER'],
    ['1e300', 'M_NUMBER'],
    ['1e400', 'M_NUMBER'],
    ['-1e400', 'M_NUMBER'],
    ['9007199254740991', 'M_RANGE'],
    ['1e-400', 'M_RANGE'],
    ['-0', 'M_RANGE'],
    ['1.5', 'M_RANGE'],
  ])('timeout: %s', async (value, code) => {
    const { manifest, problems } = await parse('skill.json', JSON_WITH(`"timeout": ${value}`));
    expect(problems.map(({ code: one }) => one)).toEqual([code]);
    expect(manifest).toBeUndefined();
  });

  test('one second may be written in any way JSON has', async () => {
    for (const value of ['1', '1.0', '10e-1', '1E0', '0.1e1'])
      expect((await parse('skill.json', JSON_WITH(`"timeout": ${value}`))).manifest?.limits).toEqual({
        timeout_ms: 1_000,
      });
  });

  test.each([
    '\\ud800',
    '\\udc00',
    '\\udc00\\ud800',
    '\\u0000',
    '\\u202e',
    '\\ufeff',
    '\\u001b[2J',
    '\u007f',
    '\u2028',
  ])('%s in each text that is shown', async (text) => {
    for (const field of ['license', 'author']) {
      const source = JSON_WITH(`"${field}": "a${text}b"`);
      const { problems } = await parse('skill.json', source);
      expect(problems.map(brief)).toEqual([`M_INVISIBLE 7:1 ${field}`]);
      expectTold('skill.json', source, problems);
    }
    for (const [from, field] of [
      ['A sample', 'description'],
      ['sample', 'name'],
    ] as const) {
      const { problems } = await parse('skill.json', JSON_WITH('').replace(from, `a${text}b`));
      expect(problems.map(({ code, field: at }) => [code, at])).toEqual([['M_INVISIBLE', field]]);
    }
  });
});

describe('keys that reach a prototype are refused at every level [R-FORMAT-9]', () => {
  const places: readonly ((key: string) => string)[] = [
    (key) => `"${key}": {"polluted": true}`,
    (key) => `"${key}": null`,
    (key) => `"security": {"${key}": 1}`,
    (key) => `"security": {"permissions": {"${key}": null}}`,
    (key) => `"metadata": {"${key}": "x"}`,
    (key) => `"provides": {"${key}": "1.0.0"}`,
    (key) => `"dependencies": {"${key}": "1"}`,
    (key) => `"dependencies": {"a": {"version": "1", "${key}": 1}}`,
    (key) => `"observability": {"metrics": {"${key}": {"polluted": true}}}`,
    (key) => `"development": {"${key}": [{"polluted": true}]}`,
    (key) => `"performance": {"execution": {"${key}": 1}}`,
    (key) => `"resilience": {"retry_config": {"${key}": 1}}`,
    (key) => `"parameters": [{"name": "a", "type": "object", "default": {"${key}": 1}}]`,
    (key) => `"environment": {"${key}": "x"}`,
    (key) => `"unknown": [[{"${key}": 1}]]`,
  ];
  test.each(
    places.flatMap((write) => ['__proto__', 'constructor', 'prototype', '\\u005f_proto__'].map((key) => [write(key)])),
  )('%s', async (fields) => {
    const source = JSON_WITH(fields);
    const { manifest, problems } = await parse('skill.json', source);
    expect(manifest).toBeUndefined();
    const told = problems.filter(({ code }) => code === 'M_UNSAFE_KEY');
    expect(told).toMatchObject([{ severity: 'error', line: 7 }]);
    expect(told[0]?.message).toMatch(/^"(?:__proto__|constructor|prototype)" may not/);
    expectTold('skill.json', source, problems);
  });
});
