import { foldText, isAscii } from './fold.ts';
import { stem } from './stem.ts';
import { WordTable } from './word-table.ts';
import { visitAscii, visitWords } from './words.ts';

/** Numbers for words while an index is made. Words of one stem have one number. */
export class Vocabulary {
  readonly terms: string[] = [];
  readonly #byTerm = new Map<string, number>();
  readonly #ascii = new WordTable();

  /** Visits the terms of a text in its order. */
  visitTerms(text: string, visit: (term: number) => void): void {
    const folded = foldText(text);
    if (!isAscii(folded)) {
      visitWords(folded, (word) => visit(this.numberOfTerm(stem(word))));
      return;
    }
    visitAscii(folded, (codes, start, end) =>
      visit(
        this.#ascii.numberOf(codes, start, end, () => this.numberOfTerm(stem(codes.toString('latin1', start, end)))),
      ),
    );
  }

  numberOfTerm(term: string): number {
    const known = this.#byTerm.get(term);
    if (known !== undefined) return known;
    const number = this.terms.push(term) - 1;
    this.#byTerm.set(term, number);
    return number;
  }
}
