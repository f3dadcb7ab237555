import { STOP_WORDS } from './common-words.ts';
import { type DocumentRecord, packCounts } from './record.ts';
import type { Vocabulary } from './vocabulary.ts';

const FIELDS = { name: 0, description: 1, body: 2 };
const STOP = 0xffff_ffff;

/** Counts the terms of one document after another; its tables grow with the vocabulary and are used again. */
export class TermCounter {
  readonly #vocabulary: Vocabulary;
  /** For each term its place in this document + 1, 0 when it is new, or that it is a stop word. */
  #places = new Uint32Array(1024);
  #terms = new Uint32Array(1024);
  #counts = new Uint32Array(3 * 1024);
  #size = 0;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  add(term: number, field: keyof typeof FIELDS): void {
    if (term >= this.#places.length) this.#places = grow(this.#places, term);
    let place = this.#places[term] ?? 0;
    if (place === STOP) return;
    if (place === 0) {
      if (STOP_WORDS.has(this.#vocabulary.terms[term] ?? '')) {
        this.#places[term] = STOP;
        return;
      }
      place = this.#begin(term);
    }
    const at = (place - 1) * 3 + FIELDS[field];
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  #begin(term: number): number {
    if (this.#size === this.#terms.length) {
      this.#terms = grow(this.#terms, this.#size);
      this.#counts = grow(this.#counts, this.#size * 3);
    }
    this.#terms[this.#size] = term;
    this.#size += 1;
    this.#places[term] = this.#size;
    return this.#size;
  }

  /** What was counted since the last time, in the order in which the terms came. */
  take(): Pick<DocumentRecord, 'terms' | 'counts'> {
    const terms = this.#terms.slice(0, this.#size);
    const counts = new Uint16Array(this.#size);
    for (let i = 0; i < counts.length; i++) {
      const at = i * 3;
      counts[i] = packCounts(this.#counts[at] ?? 0, this.#counts[at + 1] ?? 0, this.#counts[at + 2] ?? 0);
    }
    for (const term of terms) this.#places[term] = 0;
    this.#counts.fill(0, 0, this.#size * 3);
    this.#size = 0;
    return { terms, counts };
  }
}

/** A longer array that holds at least the place `at`. */
function grow(from: Uint32Array, at: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(Math.max(from.length * 2, at + 1));
  to.set(from);
  return to;
}
