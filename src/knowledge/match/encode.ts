import { writeBlob } from './blob.ts';
import { maskLetters } from './distance.ts';
import { toOffsets } from './numbers.ts';
import { BREAK, type DocumentRecord, type FieldLengths } from './record.ts';
import { writeTable } from './string-table.ts';
import { toNorms, weighCounts } from './weigh.ts';

/** Impacts are shares of 1 in 16 bits. */
export const IMPACT_ONE = 65_535;

/**
 * The blob of these documents. Documents go by id and terms by where they first stand, so that the same documents give
 * the same bytes, however the records came about.
 */
export function encodeIndex(records: readonly DocumentRecord[], vocabulary: readonly string[]): Uint8Array {
  const documents = records.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { terms, numbers } = renumber(documents, vocabulary);
  return writeBlob([
    ...writeTable(terms),
    ...writeStrings(documents),
    Float64Array.from(documents, ({ priority }) => priority),
    ...writeForward(documents, numbers),
    ...writeInverted(documents, numbers, terms.length),
    ...writePhrases(documents),
  ]);
}

function renumber(
  documents: readonly DocumentRecord[],
  vocabulary: readonly string[],
): { terms: string[]; numbers: Uint32Array } {
  const terms: string[] = [];
  const numbers = new Uint32Array(vocabulary.length).fill(BREAK);
  const meet = (term: number): void => {
    if (term === BREAK || numbers[term] !== BREAK) return;
    numbers[term] = terms.push(vocabulary[term] ?? '') - 1;
  };
  for (const { sequence, terms: own } of documents) {
    for (const term of sequence) meet(term);
    for (const term of own) meet(term);
  }
  return { terms, numbers };
}

/** Ids and signatures, in turn. */
function writeStrings(documents: readonly DocumentRecord[]): ArrayBufferView[] {
  const texts = documents.flatMap(({ id, signature }) => [Buffer.from(id), Buffer.from(signature)]);
  return [Buffer.concat(texts), toOffsets(texts.map(({ length }) => length))];
}

function writeForward(documents: readonly DocumentRecord[], numbers: Uint32Array): ArrayBufferView[] {
  const termOffsets = toOffsets(documents.map(({ terms }) => terms.length));
  const sequenceOffsets = toOffsets(documents.map(({ sequence }) => sequence.length));
  const terms = new Uint32Array(termOffsets.at(-1) ?? 0);
  const counts = new Uint16Array(terms.length);
  const sequences = new Uint32Array(sequenceOffsets.at(-1) ?? 0);
  const facts = new Uint32Array(documents.length * FACTS);
  for (const [i, document] of documents.entries()) {
    const { lengths } = document;
    facts.set([lengths.name, lengths.description, lengths.body, document.alwaysOn ? 1 : 0], i * FACTS);
    const from = termOffsets[i] ?? 0;
    for (let k = 0; k < document.terms.length; k++) terms[from + k] = numbers[document.terms[k] ?? BREAK] ?? BREAK;
    counts.set(document.counts, from);
    const first = sequenceOffsets[i] ?? 0;
    for (let k = 0; k < document.sequence.length; k++)
      sequences[first + k] = numbers[document.sequence[k] ?? BREAK] ?? BREAK;
  }
  return [facts, termOffsets, terms, counts, sequenceOffsets, sequences];
}

/** Numbers per document: three lengths, and whether it is always on. */
export const FACTS = 4;

/** For each term the documents it stands in, and how much they are about it. */
function writeInverted(
  documents: readonly DocumentRecord[],
  numbers: Uint32Array,
  termCount: number,
): ArrayBufferView[] {
  const offsets = new Uint32Array(termCount + 1);
  for (const { terms } of documents) {
    for (const term of terms) {
      const at = (numbers[term] ?? 0) + 1;
      offsets[at] = (offsets[at] ?? 0) + 1;
    }
  }
  for (let i = 1; i <= termCount; i++) offsets[i] = (offsets[i] ?? 0) + (offsets[i - 1] ?? 0);
  const next = offsets.slice();
  const holders = new Uint32Array(offsets[termCount] ?? 0);
  const impacts = new Uint16Array(holders.length);
  const mean = meanLengths(documents.map(({ lengths }) => lengths));
  for (const [i, { terms, counts, lengths }] of documents.entries()) {
    const norms = toNorms(lengths, mean);
    for (let k = 0; k < terms.length; k++) {
      const number = numbers[terms[k] ?? BREAK] ?? 0;
      const at = next[number] ?? 0;
      next[number] = at + 1;
      holders[at] = i;
      impacts[at] = Math.round(weighCounts(counts[k] ?? 0, norms) * IMPACT_ONE);
    }
  }
  return [offsets, holders, impacts];
}

export function meanLengths(all: readonly FieldLengths[]): FieldLengths {
  const mean = (field: keyof FieldLengths): number =>
    all.reduce((sum, lengths) => sum + lengths[field], 0) / Math.max(1, all.length);
  return { name: mean('name'), description: mean('description'), body: mean('body') };
}

/** Numbers per use of a phrase: document, text, topic, whether it is a synonym, key. */
export const USES = 5;

/**
 * Topics and synonyms. `letters` are all different spellings, shortest first, with the uses of each next to each other;
 * `keys` lead from stems to uses.
 */
function writePhrases(documents: readonly DocumentRecord[]): ArrayBufferView[] {
  const uses = documents
    .flatMap(({ phrases }, document) => phrases.map((phrase) => ({ document, ...phrase })))
    .toSorted(
      (a, b) => a.letters.length - b.letters.length || (a.letters < b.letters ? -1 : a.letters > b.letters ? 1 : 0),
    );
  const letters = [...new Set(uses.map((use) => use.letters))];
  const keys = [...new Set(uses.map(({ key }) => key))];
  const texts = [...new Set(uses.flatMap(({ text, topic }) => [text, topic]))];
  const letterNumbers = new Map(letters.map((text, i) => [text, i]));
  const keyNumbers = new Map(keys.map((text, i) => [text, i]));
  const textNumbers = new Map(texts.map((text, i) => [text, i]));
  const perLetters = letters.map(() => 0);
  const byKey: number[][] = keys.map(() => []);
  const numbers = new Uint32Array(uses.length * USES);
  for (const [i, { document, text, topic, isSynonym, key, letters: spelling }] of uses.entries()) {
    const keyNumber = keyNumbers.get(key) ?? 0;
    const at = letterNumbers.get(spelling) ?? 0;
    perLetters[at] = (perLetters[at] ?? 0) + 1;
    byKey[keyNumber]?.push(i);
    numbers.set(
      [document, textNumbers.get(text) ?? 0, textNumbers.get(topic) ?? 0, isSynonym ? 1 : 0, keyNumber],
      i * USES,
    );
  }
  return [
    numbers,
    ...writeTable(letters),
    toOffsets(perLetters),
    Uint32Array.from(letters, maskLetters),
    Uint32Array.from(letters, ({ length }) => length),
    ...writeTable(keys),
    toOffsets(byKey.map(({ length }) => length)),
    Uint32Array.from(byKey.flat()),
    ...writeTable(texts),
  ];
}
