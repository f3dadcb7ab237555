import type { CoreType } from '../wasm/module.ts';
import type { GuestMemory } from './memory.ts';

export type CoreValue = number | bigint;

/** Core values consumed one by one while a value is lifted. */
export class FlatReader {
  readonly #values: readonly CoreValue[];
  #at = 0;

  constructor(values: readonly CoreValue[]) {
    this.#values = values;
  }

  next(): CoreValue {
    const value = this.#values[this.#at++];
    return value ?? 0;
  }

  take(count: number): readonly CoreValue[] {
    const values = this.#values.slice(this.#at, this.#at + count);
    this.#at += count;
    return values;
  }
}

/**
 * How one type stands in linear memory and in core values (the canonical ABI). In JavaScript a record is a null-prototype
 * object by field name, a tuple and a list an array (`list<u8>` a `Uint8Array`), a variant `{tag, val}`, an enum its case
 * name, flags an object of booleans, `none` null and `some` its value (`{tag, val}` when options are nested), a result
 * `{tag: 'ok' | 'err', val}`, 64-bit integers bigint.
 */
export interface Layout {
  readonly size: number;
  readonly align: number;
  /** The core values it flattens to, or undefined when there are more than fit in any signature. */
  readonly flat: readonly CoreType[] | undefined;
  load(memory: GuestMemory, at: number): unknown;
  store(memory: GuestMemory, value: unknown, at: number): void;
  lift(memory: GuestMemory, values: FlatReader): unknown;
  lower(memory: GuestMemory, value: unknown, out: CoreValue[]): void;
}

export const MAX_FLAT = 16;

/** Joins what several layouts flatten to; undefined as soon as there are too many. */
export function joinFlat(parts: readonly (readonly CoreType[] | undefined)[]): readonly CoreType[] | undefined {
  const flat: CoreType[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    flat.push(...part);
    if (flat.length > MAX_FLAT) return undefined;
  }
  return flat;
}

export function alignTo(at: number, align: number): number {
  return Math.ceil(at / align) * align;
}

/** A value given to a guest does not have the type the guest expects. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** The first of many names, for a message. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown}, … (${names.length})` : shown;
}

export function expected(what: string, value: unknown): never {
  throw new ValueError(`expected ${what}, got ${value === null ? 'null' : typeof value}`);
}
