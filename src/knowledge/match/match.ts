import type { MatchReason, MatchRule } from './explain.ts';

export interface MatchOptions {
  /** At most so many matches; 5 when not given. */
  readonly limit?: number;
  /** From 0 to 1; below it nothing is returned. 0 returns whatever shares a word. */
  readonly threshold?: number;
  /** The skills that may be returned; all when not given. */
  readonly only?: ReadonlySet<string> | ((id: string) => boolean);
}

export interface Match {
  readonly id: string;
  /** From 0 to 1: how sure it is that this skill is meant. */
  readonly score: number;
  /** The best rule by which it was found: its score class. */
  readonly rule: MatchRule;
  readonly priority: number;
  /** Never empty; topics first, then words, those that count most first. */
  readonly reasons: readonly MatchReason[];
}
