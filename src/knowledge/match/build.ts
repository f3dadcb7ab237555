import { CEILING, type MatchDocument } from './document.ts';
import { encodeIndex } from './encode.ts';
import { readDocument } from './read-document.ts';
import { Restorer } from './restore.ts';
import type { DocumentRecord } from './record.ts';
import { TermCounter } from './term-counter.ts';
import { idOf, type IndexView, signatureOf, viewIndex } from './view.ts';
import { Vocabulary } from './vocabulary.ts';

/** A document that is read only when the index does not know it yet. */
export interface MatchSource {
  readonly id: string;
  readonly signature: string;
  read(): MatchDocument;
}

/** The index of these documents. Of documents with one id the last counts. */
export function buildMatchIndex(documents: readonly MatchDocument[]): Uint8Array {
  return updateMatchIndex(
    undefined,
    documents.map((document) => ({ id: document.id, signature: document.signature, read: () => document })),
  );
}

/**
 * The index of these sources, byte for byte what building it from nothing gives. Documents that `previous` knows by id
 * and signature are not read again; a previous index that is damaged or of another version is as good as none.
 */
export function updateMatchIndex(previous: Uint8Array | undefined, sources: readonly MatchSource[]): Uint8Array {
  const wanted = new Map(sources.map((source) => [source.id, source]));
  if (wanted.size > CEILING.documents) throw new Error(`an index holds ${CEILING.documents} documents at most`);
  const vocabulary = new Vocabulary();
  const view = previous === undefined ? undefined : viewIndex(previous);
  const records = view === undefined ? [] : keepKnown(view, wanted, vocabulary);
  const counter = new TermCounter(vocabulary);
  for (const source of wanted.values()) records.push(readDocument(source.read(), vocabulary, counter));
  return encodeIndex(records, vocabulary.terms);
}

/** Takes what the index knows out of what is wanted. */
function keepKnown(view: IndexView, wanted: Map<string, MatchSource>, vocabulary: Vocabulary): DocumentRecord[] {
  const restorer = new Restorer(view, vocabulary);
  const records: DocumentRecord[] = [];
  for (let i = 0; i < view.count; i++) {
    const id = idOf(view, i);
    if (wanted.get(id)?.signature !== signatureOf(view, i)) continue;
    records.push(restorer.restore(i));
    wanted.delete(id);
  }
  return records;
}
