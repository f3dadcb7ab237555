import { estimateTokens } from './estimate-tokens.ts';

/** Counts what a text costs a model. */
export interface Tokenizer {
  readonly name: string;
  readonly count: (text: string) => number;
}

/** Fast, and rather too high than too low. */
export const estimate: Tokenizer = { name: 'estimate', count: estimateTokens };

/** Exact for the models that use it; loading its table takes half a second, so it is loaded on demand. */
export async function loadTokenizer(): Promise<Tokenizer> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // What looks like a token of the model's own is text here; the library throws on it otherwise.
  const options = { disallowedSpecial: new Set<string>() };
  return { name: 'o200k_base', count: (text) => countTokens(text, options) };
}
