import { stem } from './stem.ts';

/** Numbers for words while an index is made. Words of one stem have one number. */
export class Vocabulary {
  readonly terms: string[] = [];
  readonly #byWord = new Map<string, number>();
  readonly #byTerm = new Map<string, number>();

  numberOfWord(word: string): number {
    const known = this.#byWord.get(word);
    if (known !== undefined) return known;
    const number = this.numberOfTerm(stem(word));
    this.#byWord.set(word, number);
    return number;
  }

  numberOfTerm(term: string): number {
    const known = this.#byTerm.get(term);
    if (known !== undefined) return known;
    const number = this.terms.push(term) - 1;
    this.#byTerm.set(term, number);
    return number;
  }
}
