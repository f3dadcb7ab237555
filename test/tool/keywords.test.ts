import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/manifest/manifest.ts';
import { validateOutput } from '../../src/tool/validate.ts';
import { accepts, refused, said, toolOf } from './support.ts';

describe('each keyword of a schema [R-RUN-3]', () => {
  it.each<[keyword: string, schema: JsonSchema, good: unknown[], bad: [value: unknown, says: string][]]>([
    ['type string', { type: 'string' }, ['', 'a'], [[1, 'must be string, not number']]],
    ['type number', { type: 'number' }, [0, -1.5, 1e300], [['1', 'must be number, not string']]],
    [
      'type integer',
      { type: 'integer' },
      [0, 1.0, -3],
      [
        [1.5, 'must be integer, not number'],
        [NaN, 'must be integer'],
      ],
    ],
    [
      'type boolean',
      { type: 'boolean' },
      [true],
      [
        [0, 'must be boolean, not number'],
        ['true', 'not string'],
      ],
    ],
    [
      'type null',
      { type: 'null' },
      [null],
      [
        [0, 'must be null, not number'],
        [false, 'not boolean'],
      ],
    ],
    [
      'type array',
      { type: 'array' },
      [[]],
      [
        [{}, 'must be array, not object'],
        [null, 'not null'],
      ],
    ],
    [
      'type object',
      { type: 'object' },
      [{}],
      [
        [[], 'must be object, not array'],
        [null, 'not null'],
      ],
    ],
    ['types', { type: ['string', 'null'] }, [null, 'x'], [[4, 'string']]],
    [
      'enum',
      { enum: ['a', 1, null] },
      ['a', 1, null],
      [
        ['b', 'must be one of ["a",1,null]'],
        ['1', 'must be one of'],
      ],
    ],
    ['enum of objects', { enum: [{ a: 1 }] }, [{ a: 1 }], [[{ a: 2 }, 'must be one of [{"a":1}]']]],
    [
      'const',
      { const: 4 },
      [4],
      [
        [5, '4'],
        ['4', '4'],
      ],
    ],
    ['minimum', { minimum: 3 }, [3, 4, 'text'], [[2.999, '2.999 is less than 3']]],
    ['maximum', { maximum: 3 }, [3, -1, null], [[3.001, '3.001 is greater than 3']]],
    ['exclusiveMinimum', { exclusiveMinimum: 3 }, [3.001], [[3, '3']]],
    ['exclusiveMaximum', { exclusiveMaximum: 3 }, [2.999], [[3, 'greater than or equal to 3']]],
    [
      'minLength',
      { minLength: 2 },
      ['ab', '世界', '😀😀', 1],
      [
        ['a', 'too short (1 < 2)'],
        ['😀', 'too short'],
      ],
    ],
    ['maxLength', { maxLength: 2 }, ['ab', '', '😀😀'], [['abc', 'too long (3 > 2)']]],
    ['minItems', { minItems: 1 }, [[0], {}], [[[], 'too few items (0 < 1)']]],
    ['maxItems', { maxItems: 1 }, [[], [0]], [[[0, 0], 'too many items (2 > 1)']]],
    ['items', { items: { type: 'integer' } }, [[], [1], 'x'], [[[1, 'a', 2], '1: must be integer, not string']]],
    ['prefixItems', { prefixItems: [{ type: 'integer' }] }, [[], [1, 'x']], [[['a'], '0: must be integer']]],
    [
      'items after prefixItems',
      { prefixItems: [{}], items: { type: 'null' } },
      [[1, null]],
      [[[1, 2], '1: must be null']],
    ],
    ['required', { required: ['a'] }, [{ a: null }, 'x'], [[{ b: 1 }, '"a" is missing']]],
    ['required like Object.prototype', { required: ['toString'] }, [{ toString: 1 }], [[{}, '"toString" is missing']]],
    [
      'properties',
      { properties: { a: { type: 'null' } } },
      [{}, { b: 1 }],
      [[{ a: 1 }, 'a: must be null, not number']],
    ],
    ['no additionalProperties', { additionalProperties: false }, [{}], [[{ b: 1 }, 'b: is not known']]],
    [
      'additionalProperties',
      { additionalProperties: { type: 'null' } },
      [{ b: null }],
      [[{ b: 1 }, 'b: must be null']],
    ],
    ['anyOf', { anyOf: [{ type: 'null' }, { minimum: 3 }] }, [null, 3, 'x'], [[2, '2 is less than 3']]],
    ['oneOf', { oneOf: [{ type: 'null' }, { type: 'number' }] }, [null, 1], [['x', '(0 matches)']]],
    ['oneOf, two at once', { oneOf: [{ type: 'number' }, { minimum: 0 }] }, [-1, 'x'], [[1, '(2 matches)']]],
  ])('%s', (_keyword, schema, good, bad) => {
    for (const value of good) expect(() => accepts(schema, value)).not.toThrow();
    for (const [value, says] of bad) {
      const error = refused(schema, value);
      expect(error).toMatchObject({ code: 'E_INPUT', hint: expect.stringMatching(/^t takes /) });
      expect(said(error)).toContain(says);
      expect(() => validateOutput(toolOf(schema), value)).toThrow(
        expect.objectContaining({
          code: 'E_OUTPUT',
          message: `the result of t does not fit what it declares: ${said(error)}`,
          hint: expect.stringContaining('the skill is at fault'),
          details: error.details,
        }),
      );
    }
  });
});
