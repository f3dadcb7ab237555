import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transpile } from '@bytecodealliance/jco';
import type { Primitive } from '../../../host/component/ast.ts';
import type { ValueType } from '../../../host/component/value-type.ts';
import { isBytes } from './types.ts';

// jco as a second opinion: the same component through generated code, and the same values in its spelling.

export type OracleFunction = (...args: unknown[]) => unknown;
export type OracleExports = Readonly<Record<string, OracleFunction>>;
type Imports = Readonly<Record<string, unknown>>;

/** Instantiates a component by the code jco generates for it. */
export async function oracleInstance(component: Uint8Array, imports: Imports): Promise<OracleExports> {
  const { files } = await transpile(component, { name: 'oracle', instantiation: 'sync', noTypescript: true });
  const folder = mkdtempSync(join(tmpdir(), 'skillhost-oracle-'));
  try {
    const path = join(folder, 'oracle.mjs');
    writeFileSync(path, files['oracle.js'] ?? '');
    const { instantiate } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
      instantiate: (core: (name: string) => WebAssembly.Module, imports: Imports) => OracleExports;
    };
    const modules = new Map<string, WebAssembly.Module>();
    for (const [name, bytes] of Object.entries(files)) {
      if (name.endsWith('.wasm')) modules.set(name, await WebAssembly.compile(bytes));
    }
    return instantiate((name) => modules.get(name) ?? missing(name), imports);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function missing(name: string): never {
  throw new Error(`jco named no module ${name}`);
}

/** `b-c` as jco writes it in JavaScript. */
function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

// It gives and takes lists of numbers as typed arrays.
const ARRAYS: Readonly<Partial<Record<Primitive, (items: never[]) => unknown>>> = {
  s8: (items) => Int8Array.from(items),
  s16: (items) => Int16Array.from(items),
  u16: (items) => Uint16Array.from(items),
  s32: (items) => Int32Array.from(items),
  u32: (items) => Uint32Array.from(items),
  s64: (items) => BigInt64Array.from(items),
  u64: (items) => BigUint64Array.from(items),
  f32: (items) => Float32Array.from(items),
  f64: (items) => Float64Array.from(items),
};

/** A value as jco takes it. */
export function toOracle(type: ValueType, value: unknown): unknown {
  switch (type.kind) {
    case 'list': {
      if (isBytes(type)) return value;
      const items = (value as unknown[]).map((item) => toOracle(type.element, item));
      const pack = type.element.kind === 'primitive' ? ARRAYS[type.element.primitive] : undefined;
      return pack === undefined ? items : pack(items as never[]);
    }
    case 'record':
      return renamed(
        value,
        type.fields.map(([name, field]) => [name, camelCase(name), (v) => toOracle(field, v)]),
      );
    case 'tuple':
      return type.items.map((item, i) => toOracle(item, (value as unknown[])[i]));
    case 'flags':
      return renamed(
        value,
        type.names.map((name) => [name, camelCase(name), same]),
      );
    case 'option': {
      if (type.some.kind !== 'option') return value === null ? undefined : toOracle(type.some, value);
      const tagged = payloadOf(type, value, toOracle);
      return isNullable(type) ? tagged.val : tagged;
    }
    case 'variant':
    case 'result':
      return payloadOf(type, value, toOracle);
    default:
      return value;
  }
}

/** A value of jco's, as ours. */
export function fromOracle(type: ValueType, value: unknown): unknown {
  switch (type.kind) {
    case 'list':
      if (isBytes(type)) return Uint8Array.from(value as Uint8Array);
      return Array.from(value as unknown[], (item) => fromOracle(type.element, item));
    case 'record':
      return renamed(
        value,
        type.fields.map(([name, field]) => [camelCase(name), name, (v) => fromOracle(field, v)]),
      );
    case 'tuple':
      return type.items.map((item, i) => fromOracle(item, (value as unknown[])[i]));
    case 'flags':
      return renamed(
        value,
        type.names.map((name) => [camelCase(name), name, same]),
      );
    case 'option': {
      if (!isNullable(type)) return payloadOf(type, value, fromOracle);
      const isNone = value === undefined || value === null;
      if (type.some.kind !== 'option') return isNone ? null : fromOracle(type.some, value);
      return isNone ? { tag: 'none' } : { tag: 'some', val: fromOracle(type.some, value) };
    }
    case 'variant':
    case 'result':
      return payloadOf(type, value, fromOracle);
    default:
      return value;
  }
}

/** Whether jco writes an option as its value or nothing; every second one inside another has a tag. Ours all have. */
function isNullable(type: ValueType): boolean {
  return type.kind === 'option' && !isNullable(type.some);
}

const same = (value: unknown): unknown => value;

function renamed(
  value: unknown,
  names: readonly (readonly [from: string, to: string, convert: (value: unknown) => unknown])[],
): unknown {
  const given = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(names.map(([from, to, convert]) => [to, convert(given[from])]));
}

function payloadOf(
  type: ValueType,
  value: unknown,
  convert: typeof toOracle,
): { readonly tag: string; readonly val?: unknown } {
  const { tag, val } = value as { tag: string; val: unknown };
  const inner = caseType(type, tag);
  return inner === undefined ? { tag } : { tag, val: convert(inner, val) };
}

function caseType(type: ValueType, tag: string): ValueType | undefined {
  switch (type.kind) {
    case 'variant':
      return type.cases.find(([name]) => name === tag)?.[1];
    case 'result':
      return type[tag as 'ok' | 'err'];
    case 'option':
      return tag === 'some' ? type.some : undefined;
    default:
      return undefined;
  }
}
