import type { Primitive } from './ast.ts';
import type { FunctionSignature, ValueType } from './value-type.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const PRIMITIVES: Readonly<Record<Primitive, JsonSchema>> = {
  bool: { type: 'boolean' },
  u8: { type: 'integer', minimum: 0, maximum: 0xff },
  s8: { type: 'integer', minimum: -0x80, maximum: 0x7f },
  u16: { type: 'integer', minimum: 0, maximum: 0xffff },
  s16: { type: 'integer', minimum: -0x8000, maximum: 0x7fff },
  u32: { type: 'integer', minimum: 0, maximum: 0xffff_ffff },
  s32: { type: 'integer', minimum: -0x8000_0000, maximum: 0x7fff_ffff },
  u64: {
    type: ['integer', 'string'],
    minimum: 0,
    description: 'unsigned 64-bit; decimal digits in a string when over 2^53',
  },
  s64: { type: ['integer', 'string'], description: 'signed 64-bit; decimal digits in a string when over 2^53' },
  f32: { type: ['number', 'string'], description: 'a number, or "NaN", "Infinity", "-Infinity"' },
  f64: { type: ['number', 'string'], description: 'a number, or "NaN", "Infinity", "-Infinity"' },
  char: { type: 'string', minLength: 1, maxLength: 1 },
  string: { type: 'string' },
};

/** Thrown for a type that JSON cannot carry. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
}

/**
 * The JSON Schema of a component type: records are objects, `list<u8>` a base64 string, an option null or absent, a variant
 * `{tag, val}`, a result `{ok}` or `{err}`, flags an array of names.
 * @throws NotJson for resource handles.
 */
export function schemaOf(type: ValueType): JsonSchema {
  const known = schemas.get(type);
  if (known !== undefined) return known;
  const schema = makeSchema(type);
  schemas.set(type, schema);
  return schema;
}

// Types share their parts, and so do their schemas.
const schemas = new WeakMap<ValueType, JsonSchema>();

function makeSchema(type: ValueType): JsonSchema {
  switch (type.kind) {
    case 'primitive':
      return PRIMITIVES[type.primitive];
    case 'list':
      if (isBytes(type)) return { type: 'string', contentEncoding: 'base64' };
      return { type: 'array', items: schemaOf(type.element) };
    case 'tuple':
      return {
        type: 'array',
        prefixItems: type.items.map(schemaOf),
        minItems: type.items.length,
        maxItems: type.items.length,
      };
    case 'record':
      return objectSchema(type.fields);
    case 'variant':
      return { oneOf: type.cases.map(([name, payload]) => caseSchema(name, payload)) };
    case 'enum':
      return { type: 'string', enum: type.names };
    case 'flags':
      return { type: 'array', items: { type: 'string', enum: type.names }, maxItems: type.names.length };
    case 'option':
      return { anyOf: [schemaOf(type.some), { type: 'null' }] };
    case 'result':
      return { oneOf: [sideSchema('ok', type.ok), sideSchema('err', type.err)] };
    case 'own':
    case 'borrow':
      throw new NotJson(`a handle of the resource ${type.resource.name}`);
  }
}

/** The schema of a function's arguments as one object. */
export function parametersOf(signature: FunctionSignature): JsonSchema {
  return objectSchema(signature.params);
}

/** The schema of what a function returns; of a `result`, the `ok` side, since `err` becomes an error. */
export function returnsOf({ result }: FunctionSignature): JsonSchema {
  const type = result?.kind === 'result' ? result.ok : result;
  return type === undefined ? { type: 'null' } : schemaOf(type);
}

export function isBytes(type: ValueType): boolean {
  return type.kind === 'list' && type.element.kind === 'primitive' && type.element.primitive === 'u8';
}

function objectSchema(fields: readonly (readonly [name: string, type: ValueType])[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, type]) => [name, schemaOf(type)])),
    required: fields.filter(([, type]) => type.kind !== 'option').map(([name]) => name),
    additionalProperties: false,
  };
}

function caseSchema(name: string, payload: ValueType | undefined): JsonSchema {
  return {
    type: 'object',
    properties: { tag: { const: name }, ...(payload && { val: schemaOf(payload) }) },
    required: payload === undefined ? ['tag'] : ['tag', 'val'],
    additionalProperties: false,
  };
}

function sideSchema(side: 'ok' | 'err', type: ValueType | undefined): JsonSchema {
  return {
    type: 'object',
    properties: { [side]: type === undefined ? { type: 'null' } : schemaOf(type) },
    required: [side],
    additionalProperties: false,
  };
}
