import { BREAK, type DocumentRecord, type Phrase } from './record.ts';
import { idOf, type IndexView, isAlwaysOn, lengthsOf, signatureOf, useOf } from './view.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Gives back the records an index was made of, without reading a text again. */
export class Restorer {
  readonly #view: IndexView;
  readonly #vocabulary: Vocabulary;
  readonly #numbers: Uint32Array;
  readonly #phrases: Phrase[][];

  constructor(view: IndexView, vocabulary: Vocabulary) {
    this.#view = view;
    this.#vocabulary = vocabulary;
    this.#numbers = new Uint32Array(view.terms.size).fill(BREAK);
    this.#phrases = restorePhrases(view);
  }

  restore(document: number): DocumentRecord {
    const view = this.#view;
    const { forward, sequences } = view;
    const from = forward.offsets[document] ?? 0;
    const to = forward.offsets[document + 1] ?? 0;
    const sequence = sequences.terms.subarray(sequences.offsets[document], sequences.offsets[document + 1]);
    return {
      id: idOf(view, document),
      signature: signatureOf(view, document),
      priority: view.priorities[document] ?? 0,
      alwaysOn: isAlwaysOn(view, document),
      lengths: lengthsOf(view, document),
      terms: forward.terms.subarray(from, to).map((term) => this.#renumber(term)),
      counts: forward.counts.subarray(from, to),
      sequence: sequence.map((term) => (term === BREAK ? BREAK : this.#renumber(term))),
      phrases: this.#phrases[document] ?? [],
    };
  }

  #renumber(term: number): number {
    let number = this.#numbers[term] ?? BREAK;
    if (number === BREAK) {
      number = this.#vocabulary.numberOfTerm(this.#view.terms.text(term));
      if (term < this.#numbers.length) this.#numbers[term] = number;
    }
    return number;
  }
}

function restorePhrases({ count, phrases }: IndexView): Phrase[][] {
  const perDocument: Phrase[][] = Array.from({ length: count }, () => []);
  for (let letters = 0; letters < phrases.letters.size; letters++) {
    const spelling = phrases.letters.text(letters);
    for (
      let number = phrases.usesOfLetters[letters] ?? 0;
      number < (phrases.usesOfLetters[letters + 1] ?? 0);
      number++
    ) {
      const use = useOf(phrases, number);
      if (use === undefined) continue;
      perDocument[use.document]?.push({
        text: phrases.texts.text(use.text),
        topic: phrases.texts.text(use.topic),
        isSynonym: use.isSynonym,
        key: phrases.keys.text(use.key),
        letters: spelling,
      });
    }
  }
  return perDocument;
}
