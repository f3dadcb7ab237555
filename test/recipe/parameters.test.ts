import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindParameters, checkValue, parseValue } from '../../src/recipe/parameters.ts';
import { schemaOfParameters } from '../../src/recipe/parameter-schema.ts';
import type { Parameter } from '../../src/recipe/recipe.ts';
import type { Value } from '../../src/recipe/value.ts';

const parameter = (fields: Partial<Parameter> = {}): Parameter => ({
  name: 'p',
  type: 'string',
  required: true,
  default: undefined,
  description: '',
  values: [],
  validation: undefined,
  min: undefined,
  max: undefined,
  allowDash: false,
  ...fields,
});

describe('a value fits its parameter, or is refused [R-RECIPE-5]', () => {
  it.each<[fields: Partial<Parameter>, value: unknown, wrong: RegExp | undefined]>([
    [{}, '', undefined],
    [{}, 'a\nb\t"\'`$(x)', undefined],
    [{}, 'x'.repeat(65_536), undefined],
    [{}, 'x'.repeat(65_537), /^has 65537 characters; at most 65536$/],
    [{}, 'a\0b', /^holds NUL/],
    [{}, 'a\ud800', /^is not well-formed Unicode$/],
    ...[1, true, null, [], {}, ['a'], Symbol('x'), 1n].map((value): [object, unknown, RegExp] => [
      {},
      value,
      /^is no text$/,
    ]),
    [{ type: 'path' }, '', /^is empty$/],
    [{ type: 'path' }, '../x', undefined],
    [{ type: 'boolean' }, false, undefined],
    [{ type: 'boolean' }, 'true', /^is neither true nor false$/],
    [{ type: 'boolean' }, 1, /^is neither/],
    [{ type: 'number' }, 1.5, undefined],
    [{ type: 'number' }, '1', /^is no number$/],
    [{ type: 'number' }, Number.NaN, /^is no number$/],
    [{ type: 'number' }, Infinity, /^is no number$/],
    [{ type: 'integer' }, 1.5, /^is no whole number$/],
    [{ type: 'integer' }, 2 ** 53, /^is no whole number$/],
    [{ type: 'integer', min: 2 }, 1, /^is under min = 2$/],
    [{ type: 'integer', max: 2 }, 3, /^is over max = 2$/],
    [{ type: 'integer', min: 2, max: 2 }, 2, undefined],
    [{ type: 'enum', values: ['prod', 'test'] }, 'prod', undefined],
    [
      { type: 'enum', values: ['prod', 'test'] },
      'prd',
      /^is "prd" and must be one of prod, test; did you mean prod\?$/,
    ],
    [{ type: 'enum', values: ['prod'] }, 'toString', /^is "toString" and must be one of prod$/],
    [{ validation: '[a-z]+' }, 'abc', undefined],
    [{ validation: '[a-z]+' }, 'abc\n', /^is "abc\\u\{a\}" and does not match "\[a-z\]\+"$/],
    [{ validation: '[a-z]+' }, 'abc; rm', /does not match/],
    [{ validation: 'a|b' }, 'ab', /does not match/],
    [{ validation: '[a-z]+' }, 'x'.repeat(20_000), /^has 20000 characters, too many to be matched$/],
    [{ validation: '(' }, 'a', /^is no regular expression/],
    [{ type: 'secret', validation: '[a-z]+' }, 'SECRET-1', /^is and does not match/],
  ])('%j %s', async (fields, value, wrong) => {
    const found = await checkValue(parameter(fields), value);
    if (wrong === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(wrong);
  });

  it.each<[type: Parameter['type'], text: string, value: Value]>([
    ['string', '1', '1'],
    ['string', 'true', 'true'],
    ['secret', '5', '5'],
    ['boolean', 'TRUE', true],
    ['boolean', 'yes', true],
    ['boolean', 'No', false],
    ['boolean', 'false', false],
    ...['1', '', 'on', 'constructor', '__proto__', 'toString', ' true'].map((text): ['boolean', string, string] => [
      'boolean',
      text,
      text,
    ]),
    ['integer', '-12', -12],
    ['integer', '+3', 3],
    ['number', '1.5e3', 1_500],
    ['number', '007', 7],
    ...['', ' 1', '1 ', '0x10', '1_000', '1,5', '.5', '5.', 'Infinity', 'NaN', '1e', '--1', '１'].map(
      (text): ['number', string, string] => ['number', text, text],
    ),
  ])('%s %j as it is typed', (type, text, value) => {
    expect(parseValue(parameter({ type }), text)).toBe(value);
  });

  it('never throws, and what it lets through is what the type says', async () => {
    const types = fc.constantFrom<Parameter['type']>(
      'string',
      'number',
      'integer',
      'boolean',
      'enum',
      'path',
      'secret',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double().map(String),
      fc.constantFrom('true', 'no', '1e999', '-0'),
    );
    await fc.assert(
      fc.asyncProperty(types, text, async (type, typed) => {
        const value = parseValue(parameter({ type }), typed);
        const wrong = await checkValue(parameter({ type, values: ['true'] }), value);
        if (wrong === undefined)
          expect(typeof value).toBe(
            type === 'integer' ? 'number' : ['number', 'boolean'].includes(type) ? type : 'string',
          );
        else expect(wrong).toMatch(/^(is|has|holds) [^\p{Cc}]+$/u);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the values of a run [R-RECIPE-5]', () => {
  const bind = (
    parameters: readonly Parameter[],
    given: Readonly<Record<string, unknown>>,
  ): Promise<Record<string, unknown>> =>
    bindParameters({ id: 'r', parameters }, given).then((map) => Object.fromEntries(map));

  it('are what is given, and defaults for the rest', async () => {
    const parameters = [
      parameter({ name: 'a' }),
      parameter({ name: 'b', default: 'x', required: false }),
      parameter({ name: 'c', required: false }),
    ];
    expect(await bind(parameters, { a: '1' })).toEqual({ a: '1', b: 'x' });
    expect(await bind(parameters, { a: '1', b: '', c: 'y' })).toEqual({ a: '1', b: '', c: 'y' });
  });

  it('are refused with everything that is wrong, and what to do', async () => {
    const parameters = [
      parameter({ name: 'first' }),
      parameter({ name: 'n', type: 'integer' }),
      parameter({ name: 's', type: 'secret', validation: 'x' }),
    ];
    await expect(bind(parameters, { n: '1', frist: 'a', s: 'marker' })).rejects.toMatchObject({
      code: 'E_INPUT',
      message:
        'the recipe r cannot run: there is no parameter "frist"; did you mean first?; first is missing; n is no number; s is and does not match "x"',
      hint: 'skill recipe show r lists its parameters; give one with -p NAME=VALUE',
      details: { faults: expect.any(Array) as unknown },
    });
  });

  it('are never found on a prototype, nor put there', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      await expect(
        bind([parameter()], JSON.parse(`{"p":"a","${name}":{"x":1}}`) as Record<string, unknown>),
      ).rejects.toMatchObject({ code: 'E_INPUT' });
    await expect(bind([parameter({ name: 'toString' })], {})).rejects.toThrow('toString is missing');
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });
});

describe('what agents are told of parameters [R-RECIPE-5]', () => {
  it('is a schema that takes no more than they do', () => {
    const schema = schemaOfParameters([
      parameter({ name: 'a', description: 'What', validation: '[a-z]+' }),
      parameter({ name: 'b', type: 'integer', min: 1, max: 3, default: 2, required: false }),
      parameter({ name: 'c', type: 'enum', values: ['x', 'y'] }),
      parameter({ name: 'd', type: 'boolean', default: false, required: false }),
      parameter({ name: 'e', type: 'secret' }),
    ]);
    expect(schema).toEqual({
      type: 'object',
      properties: {
        a: { type: 'string', description: 'What. Must match [a-z]+' },
        b: { type: 'integer', minimum: 1, maximum: 3, default: 2 },
        c: { type: 'string', enum: ['x', 'y'] },
        d: { type: 'boolean', default: false },
        e: { type: 'string' },
      },
      required: ['a', 'c', 'e'],
      additionalProperties: false,
    });
  });
});
