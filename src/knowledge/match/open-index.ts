import { Scratch } from './candidates.ts';
import type { Match, MatchOptions } from './match.ts';
import { matchPrompt } from './match-prompt.ts';
import { listAlwaysOn } from './order.ts';
import { viewIndex } from './view.ts';

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
