import { matchesGlob } from './match-glob.ts';
import type { SourceRule, TrustLayer } from './policy.ts';

/** Longer sources match no rule but the default of their layer. */
const MAX_SOURCE = 4_096;

/** The rule of a layer for a source: the most specific that matches it, or what holds everywhere else. */
export function findRule(layer: TrustLayer, source: string): SourceRule {
  let best: SourceRule | undefined;
  for (const rule of source.length > MAX_SOURCE ? [] : layer.sources) {
    if (!matchesGlob(rule.match, source, () => true)) continue;
    if (best === undefined || specificity(rule) > specificity(best)) best = rule;
  }
  return best ?? { match: '*', require: layer.require, signers: undefined, threshold: 1 };
}

/** How much of a source a rule names. Parsing refuses two rules that name the same much of one source. */
export function specificity({ match }: Pick<SourceRule, 'match'>): number {
  return match.replaceAll('*', '').length;
}
