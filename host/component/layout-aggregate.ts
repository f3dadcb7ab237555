import { keepWithin } from '../limits.ts';
import { alignTo, expected, joinFlat, type Layout } from './layout-base.ts';
import type { GuestMemory } from './memory.ts';

/** A list; `bytes` when its elements are u8, which travel as a `Uint8Array`. */
export function listLayout(element: Layout, bytes: boolean): Layout {
  const load = (memory: GuestMemory, pointer: number, length: number): unknown => {
    const count = length >>> 0;
    const at = memory.check(pointer, count * element.size, element.align);
    if (bytes) return memory.bytes.slice(at, at + count);
    // An element of size zero does not exist, but small ones times a large count still fill the host's heap.
    keepWithin('list_elements', count);
    return Array.from({ length: count }, (_, i) => element.load(memory, at + i * element.size));
  };
  const store = (memory: GuestMemory, value: unknown): [pointer: number, length: number] => {
    if (bytes) {
      if (!(value instanceof Uint8Array)) return expected('bytes', value);
      const at = memory.allocate(1, value.length);
      memory.bytes.set(value, at);
      return [at, value.length];
    }
    if (!Array.isArray(value)) return expected('a list', value);
    const at = memory.allocate(element.align, value.length * element.size);
    value.forEach((item, i) => element.store(memory, item, at + i * element.size));
    return [at, value.length];
  };
  return {
    size: 8,
    align: 4,
    flat: ['i32', 'i32'],
    load: (memory, at) => load(memory, memory.view.getUint32(at, true), memory.view.getUint32(at + 4, true)),
    store: (memory, value, at) => {
      const [pointer, length] = store(memory, value);
      memory.view.setUint32(at, pointer, true);
      memory.view.setUint32(at + 4, length, true);
    },
    lift: (memory, values) => {
      const pointer = Number(values.next());
      return load(memory, pointer, Number(values.next()));
    },
    lower: (memory, value, out) => {
      out.push(...store(memory, value));
    },
  };
}

/** A record: fields in order, each aligned. */
export function recordLayout(fields: readonly (readonly [name: string, layout: Layout])[]): Layout {
  const sequence = sequenceLayout(fields.map(([, layout]) => layout));
  const toRecord = (values: readonly unknown[]): unknown => {
    const record: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    fields.forEach(([name], i) => (record[name] = values[i]));
    return record;
  };
  const toValues = (value: unknown): unknown[] => {
    if (typeof value !== 'object' || value === null) return expected('a record', value);
    return fields.map(([name]) => (Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined));
  };
  return mapped(sequence, toRecord, toValues);
}

/** A tuple: like a record, by position. */
export function tupleLayout(items: readonly Layout[]): Layout {
  return mapped(
    sequenceLayout(items),
    (values) => values,
    (value) =>
      Array.isArray(value) && value.length === items.length
        ? value
        : expected(`a list of ${items.length} items`, value),
  );
}

interface Sequence extends Omit<Layout, 'load' | 'lift' | 'store' | 'lower'> {
  load(...args: Parameters<Layout['load']>): unknown[];
  lift(...args: Parameters<Layout['lift']>): unknown[];
  store(memory: GuestMemory, values: readonly unknown[], at: number): void;
  lower(memory: GuestMemory, values: readonly unknown[], out: (number | bigint)[]): void;
}

/** Values one behind the other: the fields of a record, or the parameters of a function. */
export function sequenceLayout(items: readonly Layout[]): Sequence {
  let size = 0;
  let align = 1;
  const placed = items.map((layout) => {
    const offset = alignTo(size, layout.align);
    size = offset + layout.size;
    align = Math.max(align, layout.align);
    return { layout, offset };
  });
  return {
    size: alignTo(size, align),
    align,
    flat: joinFlat(items.map((layout) => layout.flat)),
    load: (memory, at) => placed.map(({ layout, offset }) => layout.load(memory, at + offset)),
    store: (memory, values, at) =>
      placed.forEach(({ layout, offset }, i) => layout.store(memory, values[i], at + offset)),
    lift: (memory, flat) => placed.map(({ layout }) => layout.lift(memory, flat)),
    lower: (memory, values, out) => placed.forEach(({ layout }, i) => layout.lower(memory, values[i], out)),
  };
}

function mapped(
  sequence: Sequence,
  wrap: (values: readonly unknown[]) => unknown,
  unwrap: (value: unknown) => readonly unknown[],
): Layout {
  return {
    size: sequence.size,
    align: sequence.align,
    flat: sequence.flat,
    load: (memory, at) => wrap(sequence.load(memory, at)),
    store: (memory, value, at) => sequence.store(memory, unwrap(value), at),
    lift: (memory, flat) => wrap(sequence.lift(memory, flat)),
    lower: (memory, value, out) => sequence.lower(memory, unwrap(value), out),
  };
}
