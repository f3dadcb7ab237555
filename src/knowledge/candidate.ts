import type { Dropped } from './augmentation.ts';
import type { Knowledge } from './read-knowledge.ts';

/** A skill that fits the prompt, and what it may take. */
export interface Candidate {
  readonly id: string;
  readonly version: string;
  readonly hash: string;
  readonly description: string;
  /** In tokens. */
  readonly most: number;
  readonly knowledge: Knowledge;
  /** Topics that the prompt means, in the skill's own words. */
  readonly topics: readonly string[];
}

export interface Assembled {
  /** Empty when not even the description fits. */
  readonly text: string;
  readonly tokens: number;
  readonly files: readonly string[];
  readonly dropped: readonly Dropped[];
}
