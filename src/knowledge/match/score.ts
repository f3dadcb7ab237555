import type { MatchRule } from './explain.ts';
import type { Ranked } from './rank.ts';
import type { TopicHit } from './topics.ts';

/** A document that may be returned. */
export interface Scored {
  readonly document: number;
  readonly score: number;
  readonly rule: MatchRule;
}

/** What a topic alone is worth. The author chose it, so that it is over the default threshold without other words. */
const BASE = { exact: 0.8, synonym: 0.7, fuzzy: 0.6 };
const HIGHEST = 0.99;
/** The strength at which the other words have added two thirds of what they can. */
const STRONG = 20;

/** Documents by their best topic, with more for what else they share with the prompt. */
export function scoreTopics(hits: readonly TopicHit[], ranked: readonly Ranked[]): Scored[] {
  const strengths = new Map(ranked.map(({ document, strength }) => [document, strength]));
  const best = new Map<number, Scored>();
  for (const { document, rule } of hits) {
    const base = BASE[rule];
    const score = base + (HIGHEST - base) * (1 - Math.exp(-(strengths.get(document) ?? 0) / STRONG));
    const known = best.get(document);
    if (known === undefined || score > known.score) best.set(document, { document, rule, score });
  }
  return [...best.values()];
}

/** How far below the threshold those after the best may be. */
const AFTER_BEST = 0.5;

/** Documents by the full text: the best is as sure as it is that any is meant, the others in proportion. */
export function scoreText(ranked: readonly Ranked[], confidence: number, threshold: number): Scored[] {
  const most = ranked[0]?.strength ?? 0;
  return ranked
    .map(({ document, strength }) => ({ document, rule: 'text' as const, score: (confidence * strength) / most }))
    .filter(({ score }) => score > 0 && score >= threshold * AFTER_BEST);
}
