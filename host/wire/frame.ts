import { encode, WireError, type WireValue } from './codec.ts';

const HEADER = 4;
/** How many times more than what has come a message may announce, and find room made for it at once. */
const TRUSTED = 64;

/** One message as bytes: its length in four little-endian bytes, then the encoded value. */
export function frame(value: WireValue): Uint8Array<ArrayBuffer> {
  const bytes = encode(value, HEADER);
  new DataView(bytes.buffer).setUint32(0, bytes.length - HEADER, true);
  return bytes;
}

/** Cuts a byte stream into the payloads of frames no longer than `maxBytes`. */
export class FrameSplitter {
  readonly #maxBytes: number;
  // One buffer that grows: a stream that comes byte by byte must not cost an object for each.
  #buffer = new Uint8Array();
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** True between messages. */
  get empty(): boolean {
    return this.#size === 0;
  }

  /**
   * Takes the next bytes of the stream and returns every payload they complete.
   * @throws WireError when a header announces more than `maxBytes`; the stream is then of no further use.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    let bytes = this.#size === 0 ? chunk : this.#append(chunk);
    const payloads: Uint8Array[] = [];
    for (;;) {
      const length = this.#announced(bytes);
      if (length === undefined || bytes.length < HEADER + length) break;
      payloads.push(bytes.subarray(HEADER, HEADER + length));
      bytes = bytes.subarray(HEADER + length);
    }
    if (this.#size === 0 || payloads.length > 0) {
      this.#buffer = new Uint8Array(bytes);
      this.#size = bytes.length;
    }
    return payloads;
  }

  #announced(bytes: Uint8Array): number | undefined {
    if (bytes.length < HEADER) return undefined;
    const length = new DataView(bytes.buffer, bytes.byteOffset, HEADER).getUint32(0, true);
    if (length > this.#maxBytes)
      throw new WireError(`a message of ${length} bytes is over the limit of ${this.#maxBytes}`);
    return length;
  }

  #append(chunk: Uint8Array): Uint8Array {
    const size = this.#size + chunk.length;
    if (size > this.#buffer.length) {
      // As much as was announced, once a part of it has come.
      const announced = HEADER + (this.#announced(this.#buffer.subarray(0, this.#size)) ?? 0);
      const grown = new Uint8Array(Math.max(size, this.#buffer.length * 2, Math.min(announced, size * TRUSTED)));
      grown.set(this.#buffer.subarray(0, this.#size));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#size);
    this.#size = size;
    return this.#buffer.subarray(0, size);
  }
}
