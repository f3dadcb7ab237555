import type { CoreType } from '../wasm/module.ts';
import type { Primitive } from './ast.ts';
import { type CoreValue, expected, type Layout } from './layout-base.ts';
import { trap } from './trap.ts';

interface Scalar<T extends CoreValue> {
  readonly size: number;
  readonly flat: CoreType;
  load(view: DataView, at: number): T;
  store(view: DataView, at: number, value: T): void;
  /** Core value → JavaScript. */
  lift(value: T): unknown;
  /** JavaScript → core value. */
  lower(value: unknown): T;
}

function scalar<T extends CoreValue>(of: Scalar<T>): Layout {
  return {
    size: of.size,
    align: of.size,
    flat: [of.flat],
    load: (memory, at) => of.lift(of.load(memory.view, at)),
    store: (memory, value, at) => of.store(memory.view, at, of.lower(value)),
    lift: (_memory, values) => of.lift(values.next() as T),
    lower: (_memory, value, out) => {
      out.push(of.lower(value));
    },
  };
}

function integer(name: Primitive, min: number, max: number): (value: unknown) => number {
  return (value) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return expected(`a ${name} from ${min} to ${max}`, value);
  };
}

function bigInteger(name: Primitive, min: bigint, max: bigint): (value: unknown) => bigint {
  return (value) => {
    if (typeof value === 'bigint' && value >= min && value <= max) return value;
    return expected(`a ${name} from ${min} to ${max}`, value);
  };
}

function float(value: unknown): number {
  return typeof value === 'number' ? value : expected('a number', value);
}

function toChar(code: number): string {
  const point = code >>> 0;
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) trap('a char that is no Unicode scalar value');
  return String.fromCodePoint(point);
}

function fromChar(value: unknown): number {
  if (typeof value !== 'string') return expected('one character', value);
  const point = value.codePointAt(0);
  const isOne = point !== undefined && String.fromCodePoint(point) === value;
  return isOne && !(point >= 0xd800 && point <= 0xdfff) ? point : expected('one character', value);
}

const STRING: Layout = {
  size: 8,
  align: 4,
  flat: ['i32', 'i32'],
  load: (memory, at) => memory.loadString(memory.view.getUint32(at, true), memory.view.getUint32(at + 4, true)),
  store: (memory, value, at) => {
    const [pointer, length] = memory.storeString(text(value));
    memory.view.setUint32(at, pointer, true);
    memory.view.setUint32(at + 4, length, true);
  },
  lift: (memory, values) => {
    const pointer = Number(values.next());
    return memory.loadString(pointer, Number(values.next()));
  },
  lower: (memory, value, out) => {
    out.push(...memory.storeString(text(value)));
  },
};

function text(value: unknown): string {
  return typeof value === 'string' ? value : expected('a string', value);
}

const LAYOUTS: Readonly<Record<Primitive, Layout>> = {
  bool: scalar({
    size: 1,
    flat: 'i32',
    load: (view, at) => view.getUint8(at),
    store: (view, at, value) => view.setUint8(at, value),
    lift: (value) => value !== 0,
    lower: (value) => (typeof value === 'boolean' ? Number(value) : expected('a boolean', value)),
  }),
  u8: scalar({
    size: 1,
    flat: 'i32',
    load: (view, at) => view.getUint8(at),
    store: (view, at, value) => view.setUint8(at, value),
    lift: (value) => value & 0xff,
    lower: integer('u8', 0, 0xff),
  }),
  s8: scalar({
    size: 1,
    flat: 'i32',
    load: (view, at) => view.getInt8(at),
    store: (view, at, value) => view.setInt8(at, value),
    lift: (value) => (value << 24) >> 24,
    lower: integer('s8', -0x80, 0x7f),
  }),
  u16: scalar({
    size: 2,
    flat: 'i32',
    load: (view, at) => view.getUint16(at, true),
    store: (view, at, value) => view.setUint16(at, value, true),
    lift: (value) => value & 0xffff,
    lower: integer('u16', 0, 0xffff),
  }),
  s16: scalar({
    size: 2,
    flat: 'i32',
    load: (view, at) => view.getInt16(at, true),
    store: (view, at, value) => view.setInt16(at, value, true),
    lift: (value) => (value << 16) >> 16,
    lower: integer('s16', -0x8000, 0x7fff),
  }),
  u32: scalar({
    size: 4,
    flat: 'i32',
    load: (view, at) => view.getUint32(at, true),
    store: (view, at, value) => view.setUint32(at, value, true),
    lift: (value) => value >>> 0,
    lower: integer('u32', 0, 0xffff_ffff),
  }),
  s32: scalar({
    size: 4,
    flat: 'i32',
    load: (view, at) => view.getInt32(at, true),
    store: (view, at, value) => view.setInt32(at, value, true),
    lift: (value) => value | 0,
    lower: integer('s32', -0x8000_0000, 0x7fff_ffff),
  }),
  u64: scalar({
    size: 8,
    flat: 'i64',
    load: (view, at) => view.getBigUint64(at, true),
    store: (view, at, value) => view.setBigUint64(at, value, true),
    lift: (value) => BigInt.asUintN(64, value),
    lower: bigInteger('u64', 0n, 0xffff_ffff_ffff_ffffn),
  }),
  s64: scalar({
    size: 8,
    flat: 'i64',
    load: (view, at) => view.getBigInt64(at, true),
    store: (view, at, value) => view.setBigInt64(at, value, true),
    lift: (value) => BigInt.asIntN(64, value),
    lower: bigInteger('s64', -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn),
  }),
  f32: scalar({
    size: 4,
    flat: 'f32',
    load: (view, at) => view.getFloat32(at, true),
    store: (view, at, value) => view.setFloat32(at, value, true),
    lift: (value) => value,
    lower: float,
  }),
  f64: scalar({
    size: 8,
    flat: 'f64',
    load: (view, at) => view.getFloat64(at, true),
    store: (view, at, value) => view.setFloat64(at, value, true),
    lift: (value) => value,
    lower: float,
  }),
  char: scalar({
    size: 4,
    flat: 'i32',
    load: (view, at) => view.getUint32(at, true),
    store: (view, at, value) => view.setUint32(at, value, true),
    lift: toChar,
    lower: fromChar,
  }),
  string: STRING,
};

/** @throws ValueError for a value the primitive cannot hold. */
export function checkPrimitive(primitive: Primitive, value: unknown): void {
  // Only text takes a memory to lower.
  if (primitive === 'string') text(value);
  else LAYOUTS[primitive].lower(undefined as never, value, []);
}

export function primitiveLayout(primitive: Primitive): Layout {
  return LAYOUTS[primitive];
}
