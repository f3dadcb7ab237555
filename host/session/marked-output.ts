/** What a stream of a session gave before the mark of a request, and what stood behind the mark in its line. */
export interface Marked {
  readonly text: Buffer;
  readonly rest: string;
}

const FIRST_BYTES = 4096;

/**
 * Cuts the output of a session into that of its requests. Each request ends with a mark of its own that nobody could know
 * before it was sent, so no output can end one.
 */
export class MarkedOutput {
  // One buffer that grows, looked through once: output may come in thousands of chunks.
  #bytes = Buffer.alloc(FIRST_BYTES);
  #size = 0;
  /** Before it, `#mark` does not begin. */
  #searched = 0;
  #mark = '';

  /** Bytes that belong to no ended request. */
  get size(): number {
    return this.#size;
  }

  get text(): string {
    return this.#held.toString();
  }

  add(chunk: Uint8Array): void {
    const size = this.#size + chunk.length;
    if (size > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(size, this.#bytes.length * 2));
      grown.set(this.#held);
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#size);
    this.#size = size;
  }

  /** @returns undefined while the mark, with all of its line, is not there */
  take(mark: string): Marked | undefined {
    if (mark !== this.#mark) this.#searched = 0;
    this.#mark = mark;
    const held = this.#held;
    const at = held.indexOf(`\n${mark}`, this.#searched);
    const end = at === -1 ? -1 : held.indexOf('\n', at + 1);
    if (end === -1) {
      this.#searched = at === -1 ? Math.max(0, held.length - mark.length) : at;
      return undefined;
    }
    const text = Buffer.from(held.subarray(0, at));
    const rest = held.toString('utf8', at + 1 + mark.length, end);
    const left = held.subarray(end + 1);
    this.#bytes = Buffer.alloc(Math.max(FIRST_BYTES, left.length));
    this.#bytes.set(left);
    this.#size = left.length;
    this.#searched = 0;
    return { text, rest };
  }

  get #held(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }
}
