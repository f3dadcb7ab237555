import type { CatalogEntry } from '../catalog/entry.ts';
import { describeReason } from './augment.ts';
import { keyOf } from './match-cache.ts';
import { type MatchIndex, THRESHOLD } from './match/index.ts';

/** A skill that a query comes close to. */
export interface Found {
  readonly id: string;
  readonly version: string;
  readonly description: string;
  /** From 0 to 1: how sure the matcher is that this is meant. */
  readonly score: number;
  /** Sure enough to be put into a context. */
  readonly fits: boolean;
  readonly why: readonly string[];
}

/** The entries a query comes closest to, best first. */
export function search(
  query: string,
  entries: readonly CatalogEntry[],
  index: MatchIndex,
  limit: number,
): readonly Found[] {
  const byKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const matches = index.match(query, { limit, threshold: 0, only: (key) => byKey.has(key) });
  return matches.flatMap(({ id: key, score, reasons }) => {
    const entry = byKey.get(key);
    if (entry === undefined) return [];
    const { id, version, description } = entry;
    return [{ id, version, description, score, fits: score >= THRESHOLD, why: reasons.map(describeReason) }];
  });
}
