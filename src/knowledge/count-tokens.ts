import { estimateTokens } from './estimate-tokens.ts';

/** Counts what a text costs a model. */
export interface Tokenizer {
  readonly name: string;
  readonly count: (text: string) => number;
}

/** Of a line of nothing; a run of them is a token or a few. */
const EMPTY_LINE = 1 / 15;

/**
 * Fast, and rather too high than too low. A context is counted again and again while it grows, so what a line costs is
 * remembered: one estimate serves one context.
 */
export function createEstimate(): Tokenizer {
  const known = new Map<string, number>();
  const costOf = (line: string): number => {
    const cost = known.get(line) ?? estimateTokens(line);
    known.set(line, cost);
    return cost;
  };
  return {
    name: 'estimate',
    count(text) {
      if (text === '') return 0;
      let sum = 0;
      for (const line of text.split('\n')) sum += line === '' ? EMPTY_LINE : costOf(line);
      return Math.ceil(sum + 1);
    },
  };
}

/** Exact for the models that use it; loading its table takes half a second, so it is loaded on demand. */
export async function loadTokenizer(): Promise<Tokenizer> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // What looks like a token of the model's own is text here; the library throws on it otherwise.
  const options = { disallowedSpecial: new Set<string>() };
  return { name: 'o200k_base', count: (text) => countTokens(text, options) };
}
