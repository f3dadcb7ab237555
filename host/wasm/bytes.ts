import { SkillError } from '../errors.ts';
import { FIXED, type FixedName, type LimitName } from '../limits.ts';

/** Reads the primitives of the WebAssembly binary format within `[at, end)`; every read is bounded. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
  /** List items read so far, by this reader and all over parts of the same bytes. */
  readonly #items: { count: number };

  constructor(bytes: Uint8Array, at = 0, end = bytes.length, items = { count: 0 }) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.#items = items;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    const byte = this.at < this.end ? this.bytes[this.at] : undefined;
    if (byte === undefined) return malformed('unexpected end', this.at);
    this.at++;
    return byte;
  }

  peek(): number {
    const byte = this.at < this.end ? this.bytes[this.at] : undefined;
    return byte ?? malformed('unexpected end', this.at);
  }

  /** An unsigned LEB128 of at most 32 bits in at most 5 bytes. */
  u32(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) return malformed('integer over 32 bits', this.at);
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
  }

  /** Skips a signed or unsigned LEB128 of up to 64 bits. */
  skipLeb(): void {
    for (let count = 0; this.u8() >= 0x80; count++) if (count > 9) malformed('integer too long', this.at);
  }

  skip(count: number): void {
    if (count > this.left) malformed('unexpected end', this.at);
    this.at += count;
  }

  /** How many items follow; each takes at least one byte, so a forged count cannot ask for memory. `Infinity` is for what was counted before. */
  count(ceiling: FixedName | typeof Infinity = 'list_length'): number {
    const count = this.u32();
    if (count > this.left) return malformed(`${count} items announced`, this.at);
    if (typeof ceiling === 'string') checkCeiling(ceiling, count);
    return count;
  }

  list<T>(read: (reader: this) => T, ceiling?: FixedName): T[] {
    const items: T[] = [];
    const count = this.count(ceiling);
    // An item of two bytes becomes an object of a hundred, in the process that inspects it.
    this.#items.count += count;
    checkCeiling('list_items', this.#items.count);
    for (let left = count; left > 0; left--) items.push(read(this));
    return items;
  }

  optional<T>(read: (reader: this) => T): T | undefined {
    const present = this.u8();
    if (present === 0) return undefined;
    return present === 1 ? read(this) : malformed('bad option byte', this.at);
  }

  name(): string {
    const length = this.u32();
    checkCeiling('name_bytes', length);
    if (length > this.left) return malformed('a name is cut off', this.at);
    const bytes = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    try {
      return UTF8.decode(bytes);
    } catch {
      return malformed('a name is not UTF-8', this.at - length);
    }
  }

  /** A reader over the next `length` bytes, which this one steps over. */
  section(length: number): ByteReader {
    if (length > this.left) malformed('a section is longer than the file', this.at);
    const inner = new ByteReader(this.bytes, this.at, this.at + length, this.#items);
    this.at += length;
    return inner;
  }

  expectEnd(what: string): void {
    if (this.at !== this.end) malformed(`bytes left over in ${what}`, this.at);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Refuses the module, naming the byte. */
export function malformed(what: string, at: number): never {
  throw new SkillError('E_MODULE', `malformed module: ${what} at byte ${at}`, {
    hint: 'rebuild the module with its toolchain; check that the file was not cut or converted',
    details: { offset: at },
  });
}

/** Refuses a feature by its name. */
export function unsupported(feature: string): never {
  throw new SkillError('E_MODULE', `the module uses ${feature}, which is not supported`, {
    hint: `build the guest without ${feature}`,
    details: { feature },
  });
}

/** @throws SkillError E_MODULE_LIMIT when a module has more than a fixed limit allows. */
export function checkCeiling(ceiling: FixedName, found: number): void {
  const { limit, means } = FIXED[ceiling];
  if (found > limit) overCeiling({ name: ceiling, value: limit, means }, found);
}

/** Refuses a module for its size, naming the limit. */
export function overCeiling(
  { name, value, means }: { readonly name: FixedName | LimitName; readonly value: number; readonly means: string },
  found: number,
): never {
  throw new SkillError('E_MODULE_LIMIT', `the module has ${found}; ${name} = ${value} (${means})`, {
    hint: 'build the module with optimization, or split it',
    details: { limit: name, found, value },
  });
}

/** The bytes of an unsigned LEB128. */
export function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value >>> 0; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
