/** An unsigned LEB128 of 32 bits at its longest. */
const SIZE_BYTES = 5;

/** Bytes that grow: the other half of `ByteReader`. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1_024) {
    this.#bytes = new Uint8Array(capacity);
  }

  u8(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = byte;
  }

  /** An unsigned LEB128 of a whole number below 2^32. */
  u32(value: number): void {
    this.#reserve(5);
    let rest = value >>> 0;
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.length++] = rest;
  }

  /** A signed LEB128 of a whole number from 0 to 2^31 - 1. */
  positive(value: number): void {
    this.#reserve(5);
    let rest = value;
    for (; rest >= 0x40; rest >>>= 7) this.#bytes[this.length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.length++] = rest;
  }

  /** The bytes of `from` in `[start, end)`. */
  copy(from: Uint8Array, start = 0, end = from.length): void {
    const count = end - start;
    this.#reserve(count);
    // A call costs more than a few bytes do.
    if (count > 32) this.#bytes.set(from.subarray(start, end), this.length);
    else for (let i = 0; i < count; i++) this.#bytes[this.length + i] = from[start + i] ?? 0;
    this.length += count;
  }

  /** Writes what `write` does, and before it how many bytes that is, in five bytes whatever it is. */
  sized(write: () => void): void {
    this.#reserve(SIZE_BYTES);
    const at = this.length;
    this.length += SIZE_BYTES;
    write();
    let rest = this.length - at - SIZE_BYTES;
    for (let i = 0; i < SIZE_BYTES; i++, rest >>>= 7)
      this.#bytes[at + i] = i < SIZE_BYTES - 1 ? (rest & 0x7f) | 0x80 : rest;
  }

  /** Puts bytes in before those that stand at `at`. */
  insert(at: number, bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.copyWithin(at + bytes.length, at, this.length);
    this.#bytes.set(bytes, at);
    this.length += bytes.length;
  }

  put(...bytes: readonly number[]): void {
    this.#reserve(bytes.length);
    for (const byte of bytes) this.#bytes[this.length++] = byte;
  }

  /** What was written, as a view that the next write may change. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + count));
    grown.set(this.view());
    this.#bytes = grown;
  }
}
