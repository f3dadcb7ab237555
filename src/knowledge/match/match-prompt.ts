import type { Scratch } from './candidates.ts';
import { toConfidence } from './confidence.ts';
import { gatherEvidence } from './evidence.ts';
import { explainText, explainTopic } from './explain.ts';
import type { Match, MatchOptions } from './match.ts';
import { takeBest } from './order.ts';
import { readPrompt } from './prompt.ts';
import { resolvePrompt } from './query.ts';
import { rankDocuments } from './rank.ts';
import { scoreText, scoreTopics } from './score.ts';
import { findTopics, type TopicHit } from './topics.ts';
import { idOf, type IndexView } from './view.ts';
import { THRESHOLD } from './weights.ts';

const DEFAULT_LIMIT = 5;
/** Of many topics of one skill that a prompt hits, so many are told. */
const MAX_TOPICS = 8;

/** Matches one prompt: ranks, judges whether any skill is meant, and explains what is left. */
export function matchPrompt(view: IndexView, scratch: Scratch, text: string, options: MatchOptions): Match[] {
  const { limit = DEFAULT_LIMIT, threshold = THRESHOLD } = options;
  const allows = allowedIn(view, options.only);
  const prompt = readPrompt(text);
  const query = resolvePrompt(view, prompt);
  const ranking = rankDocuments(view, prompt, query, scratch, allows);
  const evidence = gatherEvidence(view, prompt, query, ranking);
  const confidence = evidence === undefined ? 0 : toConfidence(evidence, view.count);
  const unwanted = new Set(ranking.rejected.map(({ document }) => document));
  const hits = findTopics(view, prompt).filter(({ document }) => !unwanted.has(document) && allows(document));
  const scored = [
    ...scoreTopics(hits, ranking.ranked).filter(({ score }) => score >= threshold),
    ...(confidence < threshold ? [] : scoreText(ranking.ranked, confidence, threshold)),
  ];
  return takeBest(view, scored, limit).map(({ document, ...match }) => ({
    ...match,
    reasons: [...explainTopics(hits, document), ...explainText(view, document, query)],
  }));
}

function explainTopics(hits: readonly TopicHit[], document: number): ReturnType<typeof explainTopic>[] {
  return hits
    .filter((hit) => hit.document === document)
    .slice(0, MAX_TOPICS)
    .map(explainTopic);
}

function allowedIn(view: IndexView, only: MatchOptions['only']): (document: number) => boolean {
  if (only === undefined) return (document) => document < view.count;
  const allows = typeof only === 'function' ? only : (id: string): boolean => only.has(id);
  return (document) => document < view.count && allows(idOf(view, document));
}
