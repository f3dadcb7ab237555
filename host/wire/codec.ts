import { FIXED } from '../limits.ts';

/**
 * The one encoding that crosses the process wall: tagged binary values, little-endian. Both sides treat what they decode
 * as hostile, so decoding is bounded by the bytes at hand, by depth, and by nothing else.
 */
export type WireValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly WireValue[]
  | { readonly [key: string]: WireValue };

/** The bytes are not an encoding of anything. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const TAG = {
  null: 0,
  false: 1,
  true: 2,
  int: 3,
  float: 4,
  bigint: 5,
  string: 6,
  bytes: 7,
  list: 8,
  record: 9,
} as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const FOLLOWING = 512;

/** Encodes a value behind `reserve` zero bytes, left for a frame's header. */
export function encode(value: WireValue, reserve = 0): Uint8Array<ArrayBuffer> {
  const writer = new Writer(reserve);
  writer.value(value, 0);
  return writer.finish();
}

/**
 * @param owned nobody else has the bytes: byte strings may be views of them
 * @throws WireError unless the bytes are exactly one value.
 */
export function decode(bytes: Uint8Array, { owned = false }: { readonly owned?: boolean } = {}): WireValue {
  const reader = new Reader(bytes, owned);
  const value = reader.value(0);
  reader.expectEnd();
  return value;
}

class Writer {
  #bytes = new Uint8Array(512);
  #view = new DataView(this.#bytes.buffer);
  #at: number;

  constructor(reserve: number) {
    this.#at = reserve;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at);
  }

  value(value: WireValue, depth: number): void {
    if (depth > FIXED.wire_depth.limit) throw new WireError('a value nested more than wire_depth');
    if (value === null) this.#tag(TAG.null);
    else if (typeof value === 'boolean') this.#tag(value ? TAG.true : TAG.false);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'bigint') this.#bigint(value);
    else if (typeof value === 'string') this.#string(value);
    else if (value instanceof Uint8Array) this.#raw(TAG.bytes, value);
    else if (Array.isArray(value)) this.#list(value as readonly WireValue[], depth);
    else this.#record(value as { readonly [key: string]: WireValue }, depth);
  }

  #reserve(count: number): number {
    const at = this.#at;
    this.#at += count;
    if (this.#at > this.#bytes.length) {
      // With room for what follows a long value: another copy of a module takes longer than all else here.
      const grown = new Uint8Array(Math.max(this.#at + FOLLOWING, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }

  #tag(tag: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = tag;
  }

  #length(tag: number, length: number): void {
    this.#tag(tag);
    const at = this.#reserve(4);
    this.#view.setUint32(at, length, true);
  }

  #number(value: number): void {
    const isInt = (value | 0) === value && !Object.is(value, -0);
    this.#tag(isInt ? TAG.int : TAG.float);
    const at = this.#reserve(isInt ? 4 : 8);
    if (isInt) this.#view.setInt32(at, value, true);
    else this.#view.setFloat64(at, value, true);
  }

  #bigint(value: bigint): void {
    this.#tag(TAG.bigint);
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
  }

  #string(value: string): void {
    this.#tag(TAG.string);
    const at = this.#reserve(4 + value.length * 3);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(at + 4));
    this.#view.setUint32(at, written, true);
    this.#at = at + 4 + written;
  }

  #raw(tag: number, bytes: Uint8Array): void {
    this.#length(tag, bytes.length);
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  #list(items: readonly WireValue[], depth: number): void {
    this.#length(TAG.list, items.length);
    for (const item of items) this.value(item, depth + 1);
  }

  #record(record: { readonly [key: string]: WireValue }, depth: number): void {
    const entries = Object.entries(record);
    this.#length(TAG.record, entries.length);
    for (const [key, item] of entries) {
      this.#string(key);
      this.value(item, depth + 1);
    }
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #owned: boolean;
  #at = 0;

  constructor(bytes: Uint8Array, owned: boolean) {
    this.#bytes = bytes;
    this.#owned = owned;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  expectEnd(): void {
    if (this.#at !== this.#bytes.length) throw new WireError('bytes left over after the value');
  }

  value(depth: number): WireValue {
    if (depth > FIXED.wire_depth.limit) throw new WireError('a value nested more than wire_depth');
    const tag = this.#view.getUint8(this.#take(1));
    switch (tag) {
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.int:
        return this.#view.getInt32(this.#take(4), true);
      case TAG.float:
        return this.#view.getFloat64(this.#take(8), true);
      case TAG.bigint:
        return this.#view.getBigInt64(this.#take(8), true);
      case TAG.string:
        return this.#string();
      case TAG.bytes:
        return this.#byteString();
      case TAG.list:
        return this.#list(depth);
      case TAG.record:
        return this.#record(depth);
      default:
        throw new WireError(`unknown tag ${tag}`);
    }
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.#bytes.length - at) throw new WireError('value is cut off');
    this.#at += count;
    return at;
  }

  #count(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  #chunk(): Uint8Array {
    const length = this.#count();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  #byteString(): Uint8Array {
    const chunk = this.#chunk();
    // A view keeps the whole message alive, and `slice` of a Buffer would be one.
    if (!this.#owned || chunk.length * 2 < this.#bytes.length) return new Uint8Array(chunk);
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }

  #string(): string {
    try {
      return decoder.decode(this.#chunk());
    } catch (error) {
      if (error instanceof WireError) throw error;
      throw new WireError('a string is not UTF-8');
    }
  }

  #list(depth: number): WireValue[] {
    const items: WireValue[] = [];
    // Grown item by item: a forged count cannot ask for memory.
    for (let left = this.#count(); left > 0; left--) items.push(this.value(depth + 1));
    return items;
  }

  #record(depth: number): WireValue {
    const record: Record<string, WireValue> = Object.create(null) as Record<string, WireValue>;
    for (let left = this.#count(); left > 0; left--) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string') throw new WireError('a record key is not a string');
      if (key in record) throw new WireError('a record key is repeated');
      record[key] = this.value(depth + 1);
    }
    return record;
  }
}
