import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/manifest/manifest.ts';
import { validateOutput } from '../../src/tool/validate.ts';
import { accepts, refused, said, toolOf } from './support.ts';

describe('places [R-RUN-3]', () => {
  const leaf = {
    type: 'object',
    properties: { c: { type: 'string' }, d: {} },
    additionalProperties: false,
    required: ['d'],
  };
  const deep: JsonSchema = { properties: { a: { properties: { b: { items: leaf } } } } };

  it.each<[what: string, schema: JsonSchema, value: unknown, problems: { at: string; message: string }[]]>([
    [
      'below lists and objects',
      deep,
      { a: { b: [{ d: 1 }, { c: 1, d: 1, e: 1 }] } },
      [
        { at: 'a/b/1/c', message: 'must be string, not number' },
        { at: 'a/b/1/e', message: 'is not known' },
      ],
    ],
    ['at the top', leaf, {}, [{ at: '', message: '"d" is missing' }]],
    [
      'several at once, in the order of the schema',
      { properties: { a: { type: 'null' }, b: { minimum: 2 }, c: { enum: [1] } } },
      { c: 2, b: 1, a: 0 },
      [
        { at: 'a', message: 'must be null, not number' },
        { at: 'b', message: '1 is less than 2.' },
        { at: 'c', message: 'must be one of [1]' },
      ],
    ],
    [
      'with the signs of a pointer in their names',
      { properties: { 'a/b~c': { type: 'null' } } },
      { 'a/b~c': 1 },
      [{ at: 'a~1b~0c', message: 'must be null, not number' }],
    ],
  ])('%s', (_what, schema, value, problems) => {
    const error = refused(schema, value);
    expect(error.details?.['problems']).toMatchObject(problems);
    expect(said(error)).toContain(
      problems.map(({ at, message }) => (at === '' ? message : `${at}: ${message}`)).join('; '),
    );
  });

  it('ten thousand wrong items are told by the first eight', () => {
    const schema: JsonSchema = { items: { type: 'object', required: ['a'], additionalProperties: false } };
    for (const item of ['x', {}, { b: 1 }]) {
      const error = refused(
        schema,
        Array.from({ length: 10_000 }, () => item),
      );
      expect(error.details?.['problems']).toHaveLength(8);
      expect(error.message.length).toBeLessThan(1_000);
    }
  });

  it('a key that would be a control sequence is never told as it is [R-CLI-2]', () => {
    for (const schema of [{ additionalProperties: false }, { additionalProperties: { type: 'null' } }])
      expect(refused(schema, { '\u001b[31m\n': 1 }).message).not.toMatch(/\p{Cc}/u);
  });
});

describe('how much is looked at [R-RUN-3]', () => {
  const nested = (depth: number, leaf: unknown): unknown => {
    let value = leaf;
    for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { in: value };
    return value;
  };

  it.each<[what: string, value: () => unknown, says: string | undefined]>([
    ['64 deep', () => nested(64, 0), undefined],
    ['65 deep', () => nested(65, 0), 'it is nested more than 64 deep'],
    ['65 deep, the last one empty', () => nested(64, []), 'it is nested more than 64 deep'],
    ['very deep', () => nested(50_000, 0), 'it is nested more than 64 deep'],
    ['100,000 values', () => Array.from({ length: 99_999 }, () => 0), undefined],
    ['one value more', () => Array.from({ length: 100_000 }, () => 0), 'it has more than 100000 values'],
    ['100,000 in two lists', () => [Array(50_000).fill(0), Array(49_998).fill(0)], 'it has more than 100000 values'],
    ['__proto__ at the top', () => JSON.parse('{"__proto__":{}}') as unknown, 'it has a key "__proto__"'],
    ['__proto__ in a list', () => JSON.parse('[0,{"a":[{"__proto__":null}]}]') as unknown, '"__proto__"'],
    ['constructor and prototype', () => ({ constructor: { prototype: 1 } }), undefined],
  ])('%s', (_what, make, says) => {
    const value = make();
    if (says === undefined) expect(() => accepts({}, value)).not.toThrow();
    else {
      expect(said(refused({}, value))).toContain(says);
      expect(() => validateOutput(toolOf({}), value)).toThrow(expect.objectContaining({ code: 'E_OUTPUT' }));
    }
  });

  it('a value that holds itself is refused as too deep', () => {
    const round: Record<string, unknown> = {};
    round['round'] = round;
    expect(refused({}, round).message).toContain('64 deep');
  });
});

describe('any JSON', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: { a: { type: 'integer', minimum: 0 }, b: { type: 'array', items: { type: 'string', maxLength: 3 } } },
    required: ['a'],
    additionalProperties: false,
  };
  const fits = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const { a, b, ...rest } = value as Record<string, unknown>;
    const isList = (list: unknown): boolean =>
      Array.isArray(list) && list.every((one) => typeof one === 'string' && Array.from(one).length <= 3);
    return (
      Number.isInteger(a) && (a as number) >= 0 && (b === undefined || isList(b)) && Object.keys(rest).length === 0
    );
  };
  const close = fc.record(
    {
      a: fc.oneof(fc.integer(), fc.double()),
      b: fc.array(fc.oneof(fc.string({ maxLength: 5 }), fc.nat())),
      c: fc.nat(),
    },
    { requiredKeys: [], noNullPrototype: true },
  );

  it('is taken when it fits, refused with a reason when not, and never changed [R-RUN-3]', () => {
    fc.assert(
      fc.property(fc.oneof(close, fc.jsonValue()), (value) => {
        const before = structuredClone(value);
        if (fits(value)) accepts(schema, value);
        else expect(said(refused(schema, value))).not.toBe('');
        expect(value).toEqual(before);
      }),
      { numRuns: 400 },
    );
  });
});
