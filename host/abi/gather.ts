const FIRST = 1_024;

/**
 * Bytes gathered piece by piece, in one buffer that doubles: kept apart, the pieces of a guest that writes one byte at a
 * time would fill the heap of its worker.
 */
export class ByteGatherer {
  #bytes = new Uint8Array(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(piece: Uint8Array): void {
    const size = this.#size + piece.length;
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(FIRST, size, this.#bytes.length * 2));
      grown.set(this.bytes());
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#size);
    this.#size = size;
  }

  /** All so far. A view: valid until the next push. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }
}
