import { Scratch } from './candidates.ts';
import type { MatchReason, MatchRule } from './explain.ts';
import { matchPrompt } from './match-prompt.ts';
import { listAlwaysOn } from './order.ts';
import { viewIndex } from './view.ts';

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

/** An opened index. It is only read; a changed set of skills is another index. */
export interface MatchIndex {
  /** The skills that are put first whatever the prompt, by priority and id. */
  readonly alwaysOn: readonly string[];
  readonly size: number;
  /**
   * The skills a prompt means, best first: by rule, priority, score and id. Empty when none is meant. Takes bounded
   * time, whatever the prompt.
   */
  match(prompt: string, options?: MatchOptions): Match[];
}

/** Opens an index without copying it. Undefined when the bytes are damaged or another version's: build it anew. */
export function openMatchIndex(bytes: Uint8Array): MatchIndex | undefined {
  const view = viewIndex(bytes);
  if (view === undefined) return undefined;
  const scratch = new Scratch(view.count);
  return {
    alwaysOn: listAlwaysOn(view),
    size: view.count,
    match: (prompt, options = {}) => matchPrompt(view, scratch, prompt, options),
  };
}
