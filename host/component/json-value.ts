import type { Primitive } from './ast.ts';
import { isBytes } from './json-schema.ts';
import { expected, listed, ValueError } from './layout-base.ts';
import { checkPrimitive } from './layout-primitive.ts';
import type { FunctionSignature, ValueType } from './value-type.ts';

type Json = Readonly<Record<string, unknown>>;

/** JSON arguments → component values, in the order of the parameters. @throws ValueError naming the parameter. */
export function argumentsFromJson(signature: FunctionSignature, input: unknown): unknown[] {
  const given = objectOf(input);
  return signature.params.map(([name, type]) => within(name, () => fromJson(type, own(given, name))));
}

/** One JSON value → the component value a `Layout` stores. Accepts exactly what `schemaOf` describes. */
export function fromJson(type: ValueType, json: unknown): unknown {
  switch (type.kind) {
    case 'primitive':
      return primitiveFromJson(type.primitive, json);
    case 'list':
      if (isBytes(type)) return bytesFromBase64(json);
      return arrayOf(json).map((item, i) => within(`[${i}]`, () => fromJson(type.element, item)));
    case 'tuple': {
      const items = arrayOf(json);
      if (items.length !== type.items.length)
        throw new ValueError(`expected ${type.items.length} items, got ${items.length}`);
      return type.items.map((item, i) => within(`[${i}]`, () => fromJson(item, items[i])));
    }
    case 'record': {
      const given = objectOf(json);
      return Object.fromEntries(
        type.fields.map(([name, field]) => [name, within(name, () => fromJson(field, own(given, name)))]),
      );
    }
    case 'variant': {
      const given = objectOf(json);
      const tag = own(given, 'tag');
      const found = type.cases.find(([name]) => name === tag);
      if (found === undefined)
        throw new ValueError(`expected tag to be one of ${listed(type.cases.map(([name]) => name))}`);
      const payload = found[1];
      return { tag, val: payload && within('val', () => fromJson(payload, own(given, 'val'))) };
    }
    case 'enum':
      return type.names.includes(json as string) ? json : expected(`one of ${listed(type.names)}`, json);
    case 'flags': {
      const set = arrayOf(json);
      for (const name of set)
        if (!type.names.includes(name as string)) expected(`flags out of ${listed(type.names)}`, name);
      return Object.fromEntries(type.names.map((name) => [name, set.includes(name)]));
    }
    case 'option':
      if (type.some.kind === 'option')
        return json === null || json === undefined ? { tag: 'none' } : { tag: 'some', val: fromJson(type.some, json) };
      return json === null || json === undefined ? null : fromJson(type.some, json);
    case 'result': {
      const given = objectOf(json);
      const side = Object.hasOwn(given, 'ok')
        ? 'ok'
        : Object.hasOwn(given, 'err')
          ? 'err'
          : expected('an object with ok or err', json);
      const inner = type[side];
      return { tag: side, val: inner && within(side, () => fromJson(inner, given[side])) };
    }
    case 'own':
    case 'borrow':
      return expected('no resource handle', json);
  }
}

/** A component value → JSON. */
export function toJson(type: ValueType, value: unknown): unknown {
  switch (type.kind) {
    case 'primitive':
      if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
      if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
      return value;
    case 'list':
      if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
      return (value as unknown[]).map((item) => toJson(type.element, item));
    case 'tuple':
      return type.items.map((item, i) => toJson(item, (value as unknown[])[i]));
    case 'record':
      return Object.fromEntries(type.fields.map(([name, field]) => [name, toJson(field, (value as Json)[name])]));
    case 'variant': {
      const { tag, val } = value as { tag: string; val: unknown };
      const payload = type.cases.find(([name]) => name === tag)?.[1];
      return payload === undefined ? { tag } : { tag, val: toJson(payload, val) };
    }
    case 'enum':
      return value;
    case 'flags':
      return type.names.filter((name) => (value as Json)[name] === true);
    case 'option':
      if (type.some.kind === 'option') {
        const { tag, val } = value as { tag: string; val: unknown };
        return tag === 'none' ? null : toJson(type.some, val);
      }
      return value === null ? null : toJson(type.some, value);
    case 'result': {
      const { tag, val } = value as { tag: 'ok' | 'err'; val: unknown };
      const inner = type[tag];
      return { [tag]: inner === undefined ? null : toJson(inner, val) };
    }
    case 'own':
    case 'borrow':
      return expected('no resource handle', value);
  }
}

function primitiveFromJson(primitive: Primitive, json: unknown): unknown {
  const value = spelledOut(primitive, json);
  // Its layout would refuse it too, but no longer knows the place.
  checkPrimitive(primitive, value);
  return value;
}

/** What JSON has no number for is a string. */
function spelledOut(primitive: Primitive, json: unknown): unknown {
  if (primitive === 'u64' || primitive === 's64') {
    if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json);
    return typeof json === 'string' && /^-?\d{1,20}$/.test(json) ? BigInt(json) : expected('a whole number', json);
  }
  const isFloat = primitive === 'f32' || primitive === 'f64';
  return isFloat && (json === 'NaN' || json === 'Infinity' || json === '-Infinity') ? Number(json) : json;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function bytesFromBase64(json: unknown): Uint8Array {
  if (typeof json !== 'string' || !BASE64.test(json)) return expected('bytes as base64', json);
  return new Uint8Array(Buffer.from(json, 'base64'));
}

// A guest names its fields; `constructor` is a legal name, and must not find what every object inherits.
function own(given: Json, name: string): unknown {
  return Object.hasOwn(given, name) ? given[name] : undefined;
}

function arrayOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : expected('an array', json);
}

function objectOf(json: unknown): Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Json)
    : expected('an object', json);
}

/** Puts the place in front of what is wrong there. */
function within<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const inner = error.message;
    throw new ValueError(`${place}${inner.startsWith('[') ? '' : ': '}${inner}`);
  }
}
