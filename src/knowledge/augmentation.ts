/** What goes in front of the system prompt, and why. */
export interface ContextAugmentation {
  /** Text for the model; empty when no skill fits the prompt. */
  readonly systemContext: string;
  readonly tokens: TokenCount;
  /** In the order of the context. */
  readonly skills: readonly SkillUse[];
  /** Recipes on offer. */
  readonly recipes: readonly OfferedRecipe[];
  /** What fits the prompt and did not fit the budget, or could not be read. */
  readonly dropped: readonly Dropped[];
  /** What was changed in what skills wrote. */
  readonly warnings: readonly string[];
}

export interface TokenCount {
  readonly count: number;
  /** `o200k_base`, or `estimate`, which counts high. */
  readonly tokenizer: string;
}

export interface SkillUse {
  readonly id: string;
  readonly version: string;
  readonly hash: string;
  /** From 0 to 1: how sure the matcher is; 1 for a skill that is always on. */
  readonly score: number;
  /** Which words hit what, by which rule. */
  readonly why: readonly string[];
  /** Relative to the skill's folder. */
  readonly files: readonly string[];
  readonly tokens: number;
}

/** A recipe that a model may suggest; whoever runs it is asked first. */
export interface OfferedRecipe {
  readonly id: string;
  readonly skill: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly string[];
}

export interface Dropped {
  /** A skill, or a part of one: `core.git knowledge/patterns/undo.md, "Undo a commit"`. */
  readonly what: string;
  readonly why: string;
}
