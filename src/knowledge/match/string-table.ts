import { areOffsets, asU32, toOffsets } from './numbers.ts';
import { hashBytes } from './word-table.ts';

// Strings by number and numbers by string, without a Map to fill before the first look-up: their bytes one after the
// other, their offsets, and an open-addressing hash table of numbers + 1, half empty.

/** Sections a table takes. */
export const TABLE_SECTIONS = 3;

/** A look-up gives up after so many tries; the writer makes the table larger until none needs as many. */
const MAX_PROBES = 64;

/** Writes strings that are all different. */
export function writeTable(strings: readonly string[]): ArrayBufferView[] {
  const encoded = strings.map((text) => Buffer.from(text, 'utf8'));
  return [Buffer.concat(encoded), toOffsets(encoded.map(({ length }) => length)), hashAll(encoded)];
}

function hashAll(strings: readonly Uint8Array[]): Uint32Array {
  const hashes = strings.map((text) => hashBytes(text));
  for (let size = ceilPower(strings.length * 2 + 1); ; size *= 2) {
    const slots = new Uint32Array(size);
    if (hashes.every((start, number) => place(slots, start, number))) return slots;
  }
}

function place(slots: Uint32Array, start: number, number: number): boolean {
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const at = (start + probe) & (slots.length - 1);
    if (slots[at] !== 0) continue;
    slots[at] = number + 1;
    return true;
  }
  return false;
}

export class StringTable {
  readonly size: number;
  readonly #bytes: Buffer;
  readonly #offsets: Uint32Array;
  readonly #slots: Uint32Array;

  private constructor(bytes: Uint8Array, offsets: Uint32Array, slots: Uint32Array) {
    this.size = offsets.length - 1;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#offsets = offsets;
    this.#slots = slots;
  }

  /** The table in these sections; undefined when they are none. */
  static open(sections: readonly Uint8Array[]): StringTable | undefined {
    const [bytes, second, third] = sections;
    const offsets = asU32(second);
    const slots = asU32(third);
    if (bytes === undefined || offsets === undefined || slots === undefined) return undefined;
    if (!areOffsets(offsets, offsets.length - 1, bytes.length)) return undefined;
    if (slots.length === 0 || slots.length !== ceilPower(slots.length)) return undefined;
    return new StringTable(bytes, offsets, slots);
  }

  /** The string of a number; empty when there is none of that number. */
  text(number: number): string {
    return this.#bytes.toString('utf8', this.#offsets[number] ?? 0, this.#offsets[number + 1] ?? 0);
  }

  /** The number of a string, or undefined. */
  find(text: string): number | undefined {
    const wanted = Buffer.from(text, 'utf8');
    const start = hashBytes(wanted);
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const number = (this.#slots[(start + probe) & (this.#slots.length - 1)] ?? 0) - 1;
      if (number < 0) return undefined;
      if (this.#isAt(number, wanted)) return number;
    }
    return undefined;
  }

  #isAt(number: number, wanted: Uint8Array): boolean {
    const from = this.#offsets[number] ?? 0;
    const to = this.#offsets[number + 1] ?? 0;
    return to - from === wanted.length && this.#bytes.compare(wanted, 0, wanted.length, from, to) === 0;
  }
}

function ceilPower(size: number): number {
  let power = 1;
  while (power < size) power *= 2;
  return power;
}
