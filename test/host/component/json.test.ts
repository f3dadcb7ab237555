import { isDeepStrictEqual } from 'node:util';
import { Validator } from '@cfworker/json-schema';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parametersOf, returnsOf, schemaOf } from '../../../host/component/json-schema.ts';
import { argumentsFromJson, fromJson, toJson } from '../../../host/component/json-value.ts';
import { ValueError } from '../../../host/component/layout-base.ts';
import { layoutOf } from '../../../host/component/layout.ts';
import { GuestMemory } from '../../../host/component/memory.ts';
import { InstanceState, ResourceType } from '../../../host/component/resource.ts';
import type { Primitive } from '../../../host/component/ast.ts';
import type { ValueType } from '../../../host/component/value-type.ts';
import { canonical, spell, typeArbitrary, valueArbitrary } from './types.ts';
import { seeded } from '../../seed.ts';

const TYPES = fc.sample(typeArbitrary(3), { seed: seeded(42), numRuns: 300 });
const valid = (type: ValueType, json: unknown): boolean =>
  new Validator(schemaOf(type), '2020-12').validate(json).valid;
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const made = { depth: 1, nodes: 1 };
const of = (primitive: Primitive): ValueType => ({ kind: 'primitive', primitive, ...made });
const list = (element: ValueType): ValueType => ({ kind: 'list', element, ...made });
const tuple = (...items: ValueType[]): ValueType => ({ kind: 'tuple', items, ...made });
const record = (...fields: (readonly [string, ValueType])[]): ValueType => ({ kind: 'record', fields, ...made });
const variant = (...cases: (readonly [string, ValueType | undefined])[]): ValueType => ({
  kind: 'variant',
  cases,
  ...made,
});

describe('values as JSON [R-COMPONENT-4]', () => {
  it('fit the schema of their type, and come back as they were', () => {
    const lost: string[] = [];
    for (const [seed, type] of TYPES.entries()) {
      for (const value of fc.sample(valueArbitrary(type), { seed: seeded(seed), numRuns: 20 })) {
        const json = wire(toJson(type, value));
        if (!valid(type, json)) lost.push(`${spell(type)}: no fit: ${JSON.stringify(json)}`);
        const back = canonical(fromJson(type, json));
        if (!isDeepStrictEqual(back, canonical(carried(type, value))))
          lost.push(`${spell(type)}: ${JSON.stringify(json)}`);
      }
    }
    expect(lost.slice(0, 5)).toEqual([]);
  });

  it('of another type are refused by a ValueError, and what is taken can be given to a guest', () => {
    const failures: string[] = [];
    const seen = { taken: 0, refused: 0, misfit: 0 };
    for (const [seed, type] of TYPES.entries()) {
      const other = TYPES[(seed * 7 + 1) % TYPES.length] ?? type;
      const candidates = [
        ...fc.sample(fc.jsonValue(), { seed: seeded(seed), numRuns: 10 }),
        ...fc
          .sample(valueArbitrary(other), { seed: seeded(seed), numRuns: 5 })
          .map((value) => wire(toJson(other, value))),
        ...fc
          .sample(valueArbitrary(type), { seed: seeded(seed), numRuns: 3 })
          .map((value) => wire(toJson(type, value))),
      ];
      for (const json of candidates) {
        const fits = valid(type, json);
        const error = refusal(() => layoutOf(type).store(memory(), fromJson(type, json), 8));
        if (error === undefined) seen.taken++;
        else if (error instanceof ValueError) seen.refused++;
        else failures.push(`${spell(type)}: ${show(error)}: ${JSON.stringify(json)}`);
        if (fits !== (error === undefined)) seen.misfit++;
      }
    }
    expect(failures.slice(0, 5)).toEqual([]);
    expect(seen.taken).toBeGreaterThan(900);
    expect(seen.refused).toBeGreaterThan(900);
    // Base64, 64-bit ranges and members nobody asked for: the schema and the conversion each see some the other does not.
    expect(seen.misfit).toBeLessThan((seen.taken + seen.refused) / 20);
  });

  it.each<readonly [ValueType, unknown, string]>([
    [of('u8'), 256, 'it: expected a u8 from 0 to 255, got number'],
    [of('s8'), 1.5, 'it: expected a s8 from -128 to 127, got number'],
    [of('bool'), 'true', 'it: expected a boolean, got string'],
    [of('u64'), '18446744073709551616', 'it: expected a u64 from 0 to 18446744073709551615, got bigint'],
    [of('s64'), 2 ** 53, 'it: expected a whole number, got number'],
    [of('s64'), '0x10', 'it: expected a whole number, got string'],
    [of('f64'), '1', 'it: expected a number, got string'],
    [of('char'), 'ab', 'it: expected one character, got string'],
    [of('char'), '', 'it: expected one character, got string'],
    [of('string'), null, 'it: expected a string, got null'],
    [list(of('u8')), 'no base64', 'it: expected bytes as base64, got string'],
    [list(of('string')), ['a', 7], 'it[1]: expected a string, got number'],
    [list(of('string')), { length: 1 }, 'it: expected an array, got object'],
    [tuple(of('bool'), of('bool')), [true], 'it: expected 2 items, got 1'],
    [tuple(of('bool'), list(of('u32'))), [true, [1, -1]], 'it[1][1]: expected a u32 from 0 to 4294967295, got number'],
    [record(['a', record(['b', of('bool')])]), { a: { b: 0 } }, 'it: a: b: expected a boolean, got number'],
    [record(['a', of('bool')]), {}, 'it: a: expected a boolean, got undefined'],
    [record(['a', of('bool')]), [], 'it: expected an object, got object'],
    [record(['constructor', of('string')]), {}, 'it: constructor: expected a string, got undefined'],
    [record(['toString', of('string')]), {}, 'it: toString: expected a string, got undefined'],
    [variant(['a', of('bool')]), { tag: 'a', val: 1 }, 'it: val: expected a boolean, got number'],
    [variant(['a', undefined]), { tag: 'toString' }, 'it: expected tag to be one of a'],
    [variant(['a', undefined]), 'a', 'it: expected an object, got string'],
    [{ kind: 'enum', names: ['x', 'y'], ...made }, 'constructor', 'it: expected one of x, y, got string'],
    [{ kind: 'flags', names: ['x', 'y'], ...made }, ['x', 'z'], 'it: expected flags out of x, y, got string'],
    [{ kind: 'flags', names: ['x', 'y'], ...made }, { x: true }, 'it: expected an array, got object'],
    [
      { kind: 'result', ok: of('bool'), err: undefined, ...made },
      { ok: 'no' },
      'it: ok: expected a boolean, got string',
    ],
    [
      { kind: 'result', ok: undefined, err: of('bool'), ...made },
      { neither: 1 },
      'it: expected an object with ok or err, got object',
    ],
    [{ kind: 'option', some: of('bool'), ...made }, 0, 'it: expected a boolean, got number'],
    [{ kind: 'own', resource: new ResourceType('file'), ...made }, 1, 'it: expected no resource handle, got number'],
  ])('%o given %j is refused with its place', (type, json, message) => {
    const error = refusal(() => argumentsFromJson({ params: [['it', type]], result: undefined }, { it: json }));
    expect(error).toBeInstanceOf(ValueError);
    expect(error).toHaveProperty('message', message);
  });

  it('carry names every object inherits as plain names', () => {
    const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];
    const type = record(...names.map((name) => [name, of('string')] as const), [
      'last',
      { kind: 'option', some: of('u8'), ...made },
    ]);
    const value = { ...Object.fromEntries(names.map((name) => [name, name])), last: null };
    const json = wire(toJson(type, value));
    expect(valid(type, json)).toBe(true);
    expect(fromJson(type, json)).toEqual(value);
    const input: unknown = JSON.parse(`{"__proto__": {"constructor": "bad"}, "it": ${JSON.stringify(json)}}`);
    expect(argumentsFromJson({ params: [['it', type]], result: undefined }, input)).toEqual([value]);
    expect(({} as { bad?: unknown }).constructor).toBe(Object);
    const optional = record(['constructor', { kind: 'option', some: of('string'), ...made }]);
    const stored = memory();
    layoutOf(optional).store(stored, {}, 8);
    expect(layoutOf(optional).load(stored, 8)).toEqual({ constructor: null });
  });

  it('have a schema for what goes in, and for the ok side of what comes out', () => {
    const result: ValueType = { kind: 'result', ok: of('u8'), err: of('string'), ...made };
    const signature = {
      params: [
        ['a', of('bool')],
        ['b', { kind: 'option', some: of('char'), ...made } as ValueType],
      ] as const,
      result,
    };
    expect(parametersOf(signature)).toEqual({
      type: 'object',
      properties: {
        a: { type: 'boolean' },
        b: { anyOf: [{ type: 'string', minLength: 1, maxLength: 1 }, { type: 'null' }] },
      },
      required: ['a'],
      additionalProperties: false,
    });
    expect(returnsOf(signature)).toEqual({ type: 'integer', minimum: 0, maximum: 255 });
    expect(returnsOf({ params: [], result: undefined })).toEqual({ type: 'null' });
  });
});

/** What of a value JSON can tell: not a zero's sign, nor which of nested options is none. */
function carried(type: ValueType, value: unknown): unknown {
  switch (type.kind) {
    case 'primitive':
      return value === 0 ? 0 : value;
    case 'list':
      return value instanceof Uint8Array ? value : (value as unknown[]).map((item) => carried(type.element, item));
    case 'record':
      return Object.fromEntries(
        type.fields.map(([name, field]) => [name, carried(field, (value as Record<string, unknown>)[name])]),
      );
    case 'tuple':
      return type.items.map((item, i) => carried(item, (value as unknown[])[i]));
    case 'option': {
      if (type.some.kind !== 'option') return value === null ? null : carried(type.some, value);
      const { tag, val } = value as { tag: string; val: unknown };
      return tag === 'none' || toJson(type.some, val) === null
        ? { tag: 'none' }
        : { tag, val: carried(type.some, val) };
    }
    case 'variant':
    case 'result': {
      const { tag, val } = value as { tag: string; val: unknown };
      const inner = type.kind === 'result' ? type[tag as 'ok' | 'err'] : type.cases.find(([name]) => name === tag)?.[1];
      return { tag, val: inner && carried(inner, val) };
    }
    default:
      return value;
  }
}

function refusal(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

function memory(): GuestMemory {
  const buffer = new ArrayBuffer(1 << 18);
  let top = 1 << 16;
  const realloc = (_at: number, _size: number, align: number, wanted: number): number => {
    const at = Math.ceil(top / align) * align;
    top = at + wanted;
    return at;
  };
  return new GuestMemory(new InstanceState(), { buffer }, { realloc, encoding: 'utf8' });
}

const show = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : typeof error);
