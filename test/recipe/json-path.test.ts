import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDeeper, type JsonPath, parseJsonPath, selectJson } from '../../src/recipe/json-path.ts';

describe('a path into JSON [R-RECIPE-4]', () => {
  it.each<[text: string, path: JsonPath | undefined]>([
    ['$', []],
    ['$.a', ['a']],
    ['a', ['a']],
    ['.a', ['a']],
    ['$.items[0].name', ['items', 0, 'name']],
    ['[12][0]', [12, 0]],
    ['["a key"].x', ['a key', 'x']],
    ['a-b._c9', ['a-b', '_c9']],
    ['["__proto__"]', ['__proto__']],
    ...[
      '',
      '$.',
      '$..a',
      '$[*]',
      '$[-1]',
      '$[1:2]',
      "$['a']",
      '$["a',
      '$[""]',
      '$[1.5]',
      '$.a.[0]',
      '$.1',
      '$ .a',
      '@.a',
      '$[?(@.a)]',
      'a b',
      '$[1234567890]',
      '["a\\"b"]',
    ].map((text): [string, undefined] => [text, undefined]),
  ])('%j', (text, path) => {
    expect(parseJsonPath(text)).toEqual(path);
  });

  const VALUE = JSON.parse('{"a":{"b":[10,{"c":null}]},"__proto__":{"x":1},"":2,"s":"text"}') as unknown;

  it.each<[path: JsonPath, found: unknown]>([
    [[], VALUE],
    [['a', 'b', 0], 10],
    [['a', 'b', 1, 'c'], null],
    [['a', 'b', 1, 'c', 'd'], undefined],
    [['a', 'b', 2], undefined],
    [['a', 'b', 'map'], undefined],
    [['s', 'length'], undefined],
    [['s', 0], undefined],
    [['constructor'], undefined],
    [['toString'], undefined],
    [['__proto__', 'x'], 1],
    [['a', '__proto__'], undefined],
    [['none', 'none'], undefined],
  ])('%j', (path, found) => {
    expect(selectJson(VALUE, path)).toEqual(found);
  });

  it('finds what was put there, and never anything inherited', () => {
    const key = fc.oneof(
      fc.nat(3),
      fc.stringMatching(/^[A-Za-z_][\w-]{0,6}$/),
      fc.constantFrom('constructor', '__proto__', 'toString', 'a key'),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 6 }), fc.jsonValue(), (path, value) => {
        const whole = path.reduceRight<unknown>(
          (inner, step) =>
            typeof step === 'number'
              ? Array.from({ length: step + 1 }, (_, i) => (i === step ? inner : 0))
              : Object.fromEntries([[step, inner]]),
          value,
        );
        const text = `$${path.map((step) => (typeof step === 'number' ? `[${step}]` : /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `["${step}"]`)).join('')}`;
        const parsed = parseJsonPath(text);
        expect(parsed).toEqual(path);
        expect(selectJson(JSON.parse(JSON.stringify(whole)), parsed ?? [])).toEqual(JSON.parse(JSON.stringify(value)));
        if (path.length > 0) expect(selectJson({}, path)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('how deep a value nests [R-RECIPE-6]', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`);

  it.each([
    [0, 0, false],
    [2, 2, false],
    [4, 3, true],
    [200, 200, false],
    [202, 200, true],
    [100_000, 200, true],
  ])('%d levels, of which %d may be: too deep is %s', (levels, most, isTooDeep) =>
    expect(isDeeper(nested(levels), most)).toBe(isTooDeep),
  );

  it.each([null, 'text', [], {}, [[], [{}]]])('%j is not deep', (value) => expect(isDeeper(value, 3)).toBe(false));
});
