/** Numbers of words that lie in bytes: what a Map of strings is, without making a string of every word of a text. */
export class WordTable {
  #bytes = new Uint8Array(1 << 16);
  #used = 0;
  /** Per word: where its bytes begin, how many they are, its number. */
  #entries = new Uint32Array(3 << 10);
  #size = 0;
  /** Places in `#entries` + 1, by hash; half empty. */
  #slots = new Uint32Array(1 << 12);

  /** The number of the word at `[start, end)`; `number` is asked for that of a new one. */
  numberOf(codes: Uint8Array, start: number, end: number, number: () => number): number {
    const hash = hashBytes(codes, start, end);
    for (let slot = hash & (this.#slots.length - 1); ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const entry = (this.#slots[slot] ?? 0) - 1;
      if (entry < 0) return this.#add(codes.subarray(start, end), slot, number());
      if (this.#isAt(entry, codes, start, end)) return this.#entries[entry * 3 + 2] ?? 0;
    }
  }

  #isAt(entry: number, codes: Uint8Array, start: number, end: number): boolean {
    const from = this.#entries[entry * 3] ?? 0;
    if (this.#entries[entry * 3 + 1] !== end - start) return false;
    for (let i = start; i < end; i++) if (codes[i] !== this.#bytes[from + i - start]) return false;
    return true;
  }

  #add(word: Uint8Array, slot: number, number: number): number {
    if (this.#used + word.length > this.#bytes.length)
      this.#bytes = grow(this.#bytes, new Uint8Array(this.#bytes.length * 2));
    if ((this.#size + 1) * 3 > this.#entries.length)
      this.#entries = grow(this.#entries, new Uint32Array(this.#entries.length * 2));
    this.#bytes.set(word, this.#used);
    this.#entries.set([this.#used, word.length, number], this.#size * 3);
    this.#used += word.length;
    this.#slots[slot] = ++this.#size;
    if (this.#size * 2 > this.#slots.length) this.#spread();
    return number;
  }

  #spread(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.#size; entry++) {
      const from = this.#entries[entry * 3] ?? 0;
      const hash = hashBytes(this.#bytes, from, from + (this.#entries[entry * 3 + 1] ?? 0));
      let slot = hash & (this.#slots.length - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = entry + 1;
    }
  }
}

function grow<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** FNV-1a, and a last mixing, because its low bits alone choose the slot. */
export function hashBytes(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let sum = 0x811c_9dc5;
  for (let i = start; i < end; i++) sum = Math.imul(sum ^ (bytes[i] ?? 0), 0x0100_0193);
  sum = Math.imul(sum ^ (sum >>> 15), 0x85eb_ca6b);
  return (sum ^ (sum >>> 13)) >>> 0;
}
