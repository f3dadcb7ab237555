import { keepWithin } from '../limits.ts';
import type { BorrowScope, InstanceState } from './resource.ts';
import { trap } from './trap.ts';

export type Encoding = 'utf8' | 'utf16' | 'latin1+utf16';
type Realloc = (oldPtr: number, oldSize: number, align: number, newSize: number) => number;

const utf8Encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf16 = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });
const LATIN1_FLAG = 0x8000_0000;

/** A guest's linear memory as one `lift` or `lower` sees it: views that survive growth, bounds that are always checked. */
export class GuestMemory {
  readonly instance: InstanceState;
  readonly #memory: { readonly buffer: ArrayBuffer };
  readonly #realloc: Realloc | undefined;
  readonly #encoding: Encoding;
  #view = new DataView(new ArrayBuffer(0));
  #bytes = new Uint8Array(0);
  /** Handles lent to the host by the guest during the call in progress. */
  lends: { lent: number }[] = [];
  /** Borrows given to the guest during the call in progress. */
  borrows: BorrowScope | undefined;

  constructor(
    instance: InstanceState,
    memory: { readonly buffer: ArrayBuffer } | undefined,
    options: { readonly realloc: Realloc | undefined; readonly encoding: Encoding },
  ) {
    this.instance = instance;
    this.#memory = memory ?? { buffer: new ArrayBuffer(0) };
    this.#realloc = options.realloc;
    this.#encoding = options.encoding;
  }

  get view(): DataView {
    if (this.#view.buffer !== this.#memory.buffer) this.#refresh();
    return this.#view;
  }

  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.#memory.buffer) this.#refresh();
    return this.#bytes;
  }

  #refresh(): void {
    this.#view = new DataView(this.#memory.buffer);
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }

  /** Checks that `size` bytes aligned to `align` lie inside the memory, and answers the pointer as unsigned. */
  check(pointer: number, size: number, align: number): number {
    const at = pointer >>> 0;
    if (at % align !== 0) trap('misaligned pointer');
    if (at + size > this.#memory.buffer.byteLength) trap('pointer out of bounds');
    return at;
  }

  /** Asks the guest for room. While it allocates, the guest may not call out. */
  allocate(align: number, size: number): number {
    if (this.#realloc === undefined) return trap('the guest offers no realloc');
    const { instance } = this;
    const before = instance.mayLeave;
    instance.mayLeave = false;
    const pointer = this.#realloc(0, 0, align, size);
    instance.mayLeave = before;
    return this.check(pointer, size, align);
  }

  loadString(pointer: number, length: number): string {
    const units = length >>> 0;
    switch (this.#encoding) {
      case 'utf8':
        return this.#decode(utf8, pointer, units, 1);
      case 'utf16':
        return this.#decode(utf16, pointer, units * 2, 2);
      default:
        return units & LATIN1_FLAG
          ? this.#decode(utf16, pointer, (units ^ LATIN1_FLAG) * 2, 2)
          : this.#latin1(pointer, units);
    }
  }

  #decode(decoder: typeof utf8, pointer: number, size: number, align: number): string {
    keepWithin('string_bytes', size);
    const at = this.check(pointer, size, align);
    try {
      return decoder.decode(this.bytes.subarray(at, at + size));
    } catch {
      return trap('a string is not well-formed');
    }
  }

  #latin1(pointer: number, size: number): string {
    keepWithin('string_bytes', size);
    const at = this.check(pointer, size, 2);
    // Not TextDecoder('latin1'): by the Encoding Standard that name means windows-1252.
    return Buffer.from(this.bytes.buffer, at, size).toString('latin1');
  }

  /** Stores a string, with lone surrogates replaced as in `String.prototype.toWellFormed`. */
  storeString(text: string): [pointer: number, length: number] {
    keepWithin('string_bytes', text.length);
    if (this.#encoding === 'utf8') {
      const bytes = utf8Encoder.encode(text);
      if (bytes.length === 0) return [this.allocate(1, 0), 0];
      const at = this.allocate(1, bytes.length);
      this.bytes.set(bytes, at);
      return [at, bytes.length];
    }
    const units = Buffer.from(utf8.decode(utf8Encoder.encode(text)), 'utf16le');
    const at = this.allocate(2, units.length);
    this.bytes.set(units, at);
    const length = units.length / 2;
    return [at, this.#encoding === 'utf16' ? length : (length | LATIN1_FLAG) >>> 0];
  }
}
