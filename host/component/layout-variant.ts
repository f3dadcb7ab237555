import type { CoreType } from '../wasm/module.ts';
import { alignTo, type CoreValue, expected, FlatReader, type Layout, listed, MAX_FLAT } from './layout-base.ts';
import { trap } from './trap.ts';

interface Case {
  readonly index: number;
  readonly payload: unknown;
}

/** The discriminated union behind variant, enum, option and result; `wrap` and `unwrap` give it its JavaScript form. */
function unionLayout(
  payloads: readonly (Layout | undefined)[],
  wrap: (of: Case) => unknown,
  unwrap: (value: unknown) => Case,
): Layout {
  const width = payloads.length <= 0x100 ? 1 : payloads.length <= 0x1_0000 ? 2 : 4;
  // Not spread into Math.max: an enum can have more cases than a call may have arguments.
  const payloadAlign = payloads.reduce((most, payload) => Math.max(most, payload?.align ?? 1), 1);
  const payloadSize = payloads.reduce((most, payload) => Math.max(most, payload?.size ?? 0), 0);
  const offset = alignTo(width, payloadAlign);
  const align = Math.max(width, payloadAlign);
  const slots = joinSlots(payloads);

  const payloadAt = (index: number): Layout | undefined => {
    if (index >= payloads.length) trap(`discriminant ${index} is out of range`);
    return payloads[index];
  };
  return {
    size: alignTo(offset + payloadSize, align),
    align,
    flat: slots === undefined || slots.length >= MAX_FLAT ? undefined : ['i32', ...slots],
    load: (memory, at) => {
      const { view } = memory;
      const index = width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
      return wrap({ index, payload: payloadAt(index)?.load(memory, at + offset) });
    },
    store: (memory, value, at) => {
      const { index, payload } = unwrap(value);
      if (width === 1) memory.view.setUint8(at, index);
      else if (width === 2) memory.view.setUint16(at, index, true);
      else memory.view.setUint32(at, index, true);
      payloads[index]?.store(memory, payload, at + offset);
    },
    lift: (memory, values) => {
      const index = Number(values.next()) >>> 0;
      const layout = payloadAt(index);
      const given = values.take(slots?.length ?? 0);
      const own = layout?.flat?.map((type, i) => narrow(given[i] ?? 0, slots?.[i] ?? type, type)) ?? [];
      return wrap({ index, payload: layout?.lift(memory, new FlatReader(own)) });
    },
    lower: (memory, value, out) => {
      const { index, payload } = unwrap(value);
      const layout = payloads[index];
      const own: CoreValue[] = [];
      layout?.lower(memory, payload, own);
      out.push(index);
      slots?.forEach((slot, i) => {
        const from = layout?.flat?.[i];
        out.push(from === undefined ? (slot === 'i64' ? 0n : 0) : widen(own[i] ?? 0, from, slot));
      });
    },
  };
}

/** Core types wide enough for every case's payload, position by position. */
function joinSlots(payloads: readonly (Layout | undefined)[]): CoreType[] | undefined {
  const slots: CoreType[] = [];
  for (const payload of payloads) {
    if (payload === undefined) continue;
    if (payload.flat === undefined) return undefined;
    payload.flat.forEach((type, i) => {
      const slot = slots[i];
      slots[i] = slot === undefined || slot === type ? type : isFour(slot) && isFour(type) ? 'i32' : 'i64';
    });
  }
  return slots;
}

const isFour = (type: CoreType): boolean => type === 'i32' || type === 'f32';

const scratch = new DataView(new ArrayBuffer(8));

/** Puts a core value into a slot that other cases made wider. */
function widen(value: CoreValue, from: CoreType, to: CoreType): CoreValue {
  if (from === to) return value;
  if (from === 'i32') return BigInt(Number(value) >>> 0);
  if (from === 'f64') {
    scratch.setFloat64(0, Number(value));
    return scratch.getBigInt64(0);
  }
  scratch.setFloat32(0, Number(value));
  return to === 'i32' ? scratch.getInt32(0) : BigInt(scratch.getUint32(0));
}

/** Takes a core value back out of a wider slot. */
function narrow(value: CoreValue, from: CoreType, to: CoreType): CoreValue {
  if (from === to) return value;
  if (to === 'i32') return Number(BigInt.asIntN(32, BigInt(value)));
  if (to === 'f64') {
    scratch.setBigInt64(0, BigInt(value));
    return scratch.getFloat64(0);
  }
  scratch.setInt32(0, from === 'i32' ? Number(value) : Number(BigInt.asIntN(32, BigInt(value))));
  return scratch.getFloat32(0);
}

interface Tagged {
  readonly wrap: (of: Case) => unknown;
  readonly unwrap: (value: unknown) => Case;
}

function tagged(names: readonly string[], hasPayload: (index: number) => boolean): Tagged {
  const indices = new Map(names.map((name, i) => [name, i]));
  return {
    wrap: ({ index, payload }) => (hasPayload(index) ? { tag: names[index], val: payload } : { tag: names[index] }),
    unwrap: (value) => {
      const { tag, val } = (typeof value === 'object' && value !== null ? value : {}) as {
        tag?: unknown;
        val?: unknown;
      };
      const index = typeof tag === 'string' ? indices.get(tag) : undefined;
      return index === undefined ? expected(`one of ${listed(names)}`, tag) : { index, payload: val };
    },
  };
}

export function variantLayout(cases: readonly (readonly [name: string, payload: Layout | undefined])[]): Layout {
  const payloads = cases.map(([, payload]) => payload);
  const { wrap, unwrap } = tagged(
    cases.map(([name]) => name),
    (index) => payloads[index] !== undefined,
  );
  return unionLayout(payloads, wrap, unwrap);
}

export function resultLayout(ok: Layout | undefined, err: Layout | undefined): Layout {
  const { wrap, unwrap } = tagged(['ok', 'err'], () => true);
  return unionLayout([ok, err], wrap, unwrap);
}

/** `none` is null. A nested option needs its own tag, or `some(none)` and `none` would be one. */
export function optionLayout(some: Layout, nested: boolean): Layout {
  if (nested)
    return variantLayout([
      ['none', undefined],
      ['some', some],
    ]);
  return unionLayout(
    [undefined, some],
    ({ index, payload }) => (index === 0 ? null : payload),
    (value) =>
      value === null || value === undefined ? { index: 0, payload: undefined } : { index: 1, payload: value },
  );
}

export function enumLayout(names: readonly string[]): Layout {
  const indices = new Map(names.map((name, i) => [name, i]));
  return unionLayout(
    names.map(() => undefined),
    ({ index }) => names[index],
    (value) => ({
      index: indices.get(value as string) ?? expected(`one of ${listed(names)}`, value),
      payload: undefined,
    }),
  );
}

export function flagsLayout(names: readonly string[]): Layout {
  const size = names.length <= 8 ? 1 : names.length <= 16 ? 2 : 4;
  const toFlags = (bits: number): unknown => {
    const flags: Record<string, boolean> = Object.create(null) as Record<string, boolean>;
    names.forEach((name, i) => (flags[name] = ((bits >>> i) & 1) === 1));
    return flags;
  };
  const toBits = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return expected('flags', value);
    return names.reduce(
      (bits, name, i) => ((value as Record<string, unknown>)[name] === true ? bits | (1 << i) : bits),
      0,
    );
  };
  return {
    size,
    align: size,
    flat: ['i32'],
    load: ({ view }, at) =>
      toFlags(size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at, true) : view.getUint32(at, true)),
    store: ({ view }, value, at) => {
      const bits = toBits(value);
      if (size === 1) view.setUint8(at, bits);
      else if (size === 2) view.setUint16(at, bits, true);
      else view.setInt32(at, bits, true);
    },
    lift: (_memory, values) => toFlags(Number(values.next())),
    lower: (_memory, value, out) => {
      out.push(toBits(value));
    },
  };
}
