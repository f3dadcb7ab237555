import type { Query } from './query.ts';
import { BREAK, countInDescription, countInName } from './record.ts';
import type { TopicHit, TopicRule } from './topics.ts';
import type { IndexView } from './view.ts';

export type MatchRule = TopicRule | 'text';

/** Which words of the prompt hit what of a skill, by which rule. */
export interface MatchReason {
  readonly rule: MatchRule;
  readonly field: 'topic' | 'synonym' | 'keyword' | 'name' | 'description' | 'body';
  /** The words of the prompt. */
  readonly word: string;
  /** What they hit: the topic or synonym as written, or the stem that the words share. */
  readonly target: string;
  /** The topic that a synonym stands for. */
  readonly topic?: string;
}

/** So many words of the full text are told, those that count most. */
const MAX_WORDS = 8;

export function explainTopic({ rule, isSynonym, word, target, topic }: TopicHit): MatchReason {
  if (!isSynonym) return { rule, field: 'topic', word, target };
  return { rule, field: 'synonym', word, target, topic };
}

/** The words that a prompt and a document share, those that say most first. */
export function explainText(view: IndexView, document: number, query: Query): MatchReason[] {
  const { offsets, terms, counts } = view.forward;
  const asked = new Map(query.terms.map((term) => [term.term, term]));
  const name = nameOf(view, document);
  const found: { readonly rarity: number; readonly reason: MatchReason }[] = [];
  for (let at = offsets[document] ?? 0; at < (offsets[document + 1] ?? 0); at++) {
    const term = asked.get(terms[at] ?? BREAK);
    if (term === undefined) continue;
    const packed = counts[at] ?? 0;
    const label = name.includes(term.term) ? 'name' : 'keyword';
    const field = countInName(packed) > 0 ? label : countInDescription(packed) > 0 ? 'description' : 'body';
    found.push({ rarity: term.rarity, reason: { rule: 'text', field, word: term.surface, target: term.stem } });
  }
  return found
    .toSorted((a, b) => b.rarity - a.rarity)
    .slice(0, MAX_WORDS)
    .map(({ reason }) => reason);
}

function nameOf({ sequences: { offsets, terms } }: IndexView, document: number): Uint32Array {
  const whole = terms.subarray(offsets[document], offsets[document + 1]);
  const end = whole.indexOf(BREAK);
  return end < 0 ? whole : whole.subarray(0, end);
}
