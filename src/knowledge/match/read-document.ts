import { CEILING, type MatchDocument } from './document.ts';
import { splitPurpose } from './exclusions.ts';
import { BREAK, type DocumentRecord, type Phrase } from './record.ts';
import { stem } from './stem.ts';
import type { TermCounter } from './term-counter.ts';
import type { Vocabulary } from './vocabulary.ts';
import { splitWords } from './words.ts';

/** Parts the texts of a document. */
export function readDocument(document: MatchDocument, vocabulary: Vocabulary, counter: TermCounter): DocumentRecord {
  const purpose = splitPurpose(document.description.slice(0, CEILING.descriptionChars));
  const phrases = readPhrases(document);
  const labels = [...document.keywords.slice(0, CEILING.keywords), ...phrases.map(({ text }) => text)];
  const name = readTerms(document.name.slice(0, CEILING.nameChars), vocabulary);
  const description = readTerms(purpose.included, vocabulary);
  const excluded = readTerms(purpose.excluded, vocabulary);
  for (const term of name) counter.add(term, 'name');
  for (const label of labels)
    vocabulary.visitTerms(label.slice(0, CEILING.phraseChars), (term) => counter.add(term, 'name'));
  for (const term of description) counter.add(term, 'description');
  let bodyLength = 0;
  vocabulary.visitTerms(document.body.slice(0, CEILING.bodyChars), (term) => {
    bodyLength += 1;
    counter.add(term, 'body');
  });
  return {
    id: document.id,
    signature: document.signature,
    priority: Number.isFinite(document.priority) ? document.priority : 0,
    alwaysOn: document.alwaysOn,
    lengths: { name: name.length, description: description.length, body: bodyLength },
    ...counter.take(),
    sequence: Uint32Array.from([...name, BREAK, ...description, BREAK, ...excluded]),
    phrases,
  };
}

function readTerms(text: string, vocabulary: Vocabulary): number[] {
  const terms: number[] = [];
  vocabulary.visitTerms(text, (term) => void terms.push(term));
  return terms;
}

function readPhrases({ topics, synonyms }: MatchDocument): Phrase[] {
  const phrases: Phrase[] = [];
  const add = (text: string, topic: string): void => {
    if (phrases.length >= CEILING.phrases || text.length > CEILING.phraseChars) return;
    const words = splitWords(text.toLowerCase()).words.map(({ word }) => word);
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
