/** What a stream of a session gave before the mark of a request, and what stood behind the mark in its line. */
export interface Marked {
  readonly text: Buffer;
  readonly rest: string;
}

/**
 * Cuts the output of a session into that of its requests. Each request ends with a mark of its own that nobody could know
 * before it was sent, so no output can end one.
 */
export class MarkedOutput {
  #held: Buffer = Buffer.alloc(0);

  /** Bytes that belong to no ended request. */
  get size(): number {
    return this.#held.length;
  }

  get text(): string {
    return this.#held.toString();
  }

  add(chunk: Uint8Array): void {
    this.#held = Buffer.concat([this.#held, chunk]);
  }

  /** @returns undefined while the mark, with all of its line, is not there */
  take(mark: string): Marked | undefined {
    const at = this.#held.indexOf(`\n${mark}`);
    const end = at === -1 ? -1 : this.#held.indexOf('\n', at + 1);
    if (end === -1) return undefined;
    const text = this.#held.subarray(0, at);
    const rest = this.#held.toString('utf8', at + 1 + mark.length, end);
    this.#held = this.#held.subarray(end + 1);
    return { text, rest };
  }
}
