import { STOP_WORDS } from './common-words.ts';
import { CEILING, type MatchDocument } from './document.ts';
import { splitPurpose } from './exclusions.ts';
import { foldText } from './fold.ts';
import { BREAK, type DocumentRecord, packCounts, type Phrase } from './record.ts';
import { stem } from './stem.ts';
import type { Vocabulary } from './vocabulary.ts';
import { splitWords, visitWords } from './words.ts';

const FIELDS = 3;

/** Tokenises a document. */
export function readDocument(document: MatchDocument, vocabulary: Vocabulary): DocumentRecord {
  const purpose = splitPurpose(document.description.slice(0, CEILING.descriptionChars));
  const name = readTerms(document.name.slice(0, CEILING.nameChars), vocabulary);
  const description = readTerms(purpose.included, vocabulary);
  const excluded = readTerms(purpose.excluded, vocabulary);
  const body = readTerms(document.body.slice(0, CEILING.bodyChars), vocabulary);
  const phrases = readPhrases(document);
  const labels = [...document.keywords.slice(0, CEILING.keywords), ...phrases.map(({ text }) => text)];
  const labelled = labels.flatMap((label) => readTerms(label.slice(0, CEILING.phraseChars), vocabulary));
  return {
    id: document.id,
    signature: document.signature,
    priority: Number.isFinite(document.priority) ? document.priority : 0,
    alwaysOn: document.alwaysOn,
    lengths: { name: name.length, description: description.length, body: body.length },
    ...countTerms([[...name, ...labelled], description, body], vocabulary),
    sequence: Uint32Array.from([...name, BREAK, ...description, BREAK, ...excluded]),
    phrases,
  };
}

function readTerms(text: string, vocabulary: Vocabulary): number[] {
  const terms: number[] = [];
  visitWords(foldText(text), (word) => void terms.push(vocabulary.numberOfWord(word)));
  return terms;
}

function countTerms(
  fields: readonly (readonly number[])[],
  vocabulary: Vocabulary,
): Pick<DocumentRecord, 'terms' | 'counts'> {
  const places = new Map<number, number>();
  const counts: number[] = [];
  for (const [field, terms] of fields.entries()) {
    for (const term of terms) {
      let place = places.get(term);
      if (place === undefined) {
        if (STOP_WORDS.has(vocabulary.terms[term] ?? '')) continue;
        place = counts.length;
        places.set(term, place);
        counts.push(0, 0, 0);
      }
      const at = place + field;
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const packed = Uint16Array.from({ length: counts.length / FIELDS }, (_, i) => {
    const at = i * FIELDS;
    return packCounts([counts[at] ?? 0, counts[at + 1] ?? 0, counts[at + 2] ?? 0]);
  });
  return { terms: Uint32Array.from(places.keys()), counts: packed };
}

function readPhrases({ topics, synonyms }: MatchDocument): Phrase[] {
  const phrases: Phrase[] = [];
  const add = (text: string, topic: string): void => {
    if (phrases.length >= CEILING.phrases || text.length > CEILING.phraseChars) return;
    const words = splitWords(text).words.map(({ word }) => word);
    if (words.length === 0) return;
    const isSynonym = text !== topic;
    phrases.push({ text, topic, isSynonym, key: words.map(stem).join(' '), letters: words.join(' ') });
  };
  for (const topic of topics) add(topic, topic);
  for (const [topic, others] of synonyms) {
    if (!topics.includes(topic)) add(topic, topic);
    for (const other of others) add(other, topic.slice(0, CEILING.phraseChars));
  }
  return phrases;
}
