import { FIXED } from '../../limits.ts';
import { ERRNO, refuse } from './errno.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The guest's memory: little-endian, addresses unsigned, and whatever lies outside is refused with an errno. */
export class LinearMemory {
  #memory: { readonly buffer: ArrayBuffer } = { buffer: new ArrayBuffer(0) };

  /** Until then everything lies outside. */
  bind(memory: { readonly buffer: ArrayBuffer }): void {
    this.#memory = memory;
  }

  /** A view of `length` bytes, valid until the guest runs again. */
  bytes(at: number, length: number): Uint8Array {
    const start = at >>> 0;
    const size = length >>> 0;
    if (start + size > this.#memory.buffer.byteLength) refuse(ERRNO.EFAULT);
    return new Uint8Array(this.#memory.buffer, start, size);
  }

  /** The same, to be read and written by field. */
  view(at: number, length: number): DataView {
    const { buffer, byteOffset } = this.bytes(at, length);
    return new DataView(buffer, byteOffset, length >>> 0);
  }

  text(at: number, length: number): string {
    try {
      return decoder.decode(this.bytes(at, length));
    } catch (error) {
      if (error instanceof TypeError) return refuse(ERRNO.EILSEQ);
      throw error;
    }
  }

  setU32(at: number, value: number): void {
    this.view(at, 4).setUint32(0, value, true);
  }

  setU64(at: number, value: bigint): void {
    this.view(at, 8).setBigUint64(0, value, true);
  }

  /** The buffers of a scatter or gather list. */
  buffers(at: number, count: number): Uint8Array[] {
    if (count >>> 0 > FIXED.io_vectors.limit) refuse(ERRNO.EINVAL);
    const list = this.view(at, count * 8);
    return Array.from({ length: count }, (_, i) =>
      this.bytes(list.getUint32(i * 8, true), list.getUint32(i * 8 + 4, true)),
    );
  }

  /** How many strings there are and how many bytes they take, each with its NUL. */
  writeSizes(strings: readonly string[], countAt: number, sizeAt: number): void {
    this.setU32(countAt, strings.length);
    this.setU32(
      sizeAt,
      strings.reduce((sum, text) => sum + encoder.encode(text).length + 1, 0),
    );
  }

  /** Strings with their NULs one after another, and a list of where each begins. */
  writeStrings(strings: readonly string[], listAt: number, bytesAt: number): void {
    let to = bytesAt >>> 0;
    strings.forEach((text, i) => {
      const bytes = encoder.encode(`${text}\0`);
      this.setU32((listAt >>> 0) + i * 4, to);
      this.bytes(to, bytes.length).set(bytes);
      to += bytes.length;
    });
  }
}
