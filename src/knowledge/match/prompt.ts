import { STOP_WORDS } from './common-words.ts';
import { stem } from './stem.ts';
import { splitWords } from './words.ts';

/** A word of the prompt. */
export interface Token {
  /** As written, but for accents and compatibility forms. */
  readonly surface: string;
  /** In lower case. */
  readonly word: string;
  readonly stem: string;
}

/** A prompt as it is matched. */
export interface Prompt {
  /** What was read of it, for its manner of speaking. */
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The stems that say something about a subject, each once, with the word first written. */
  readonly informative: ReadonlyMap<string, string>;
}

// Of a long prompt the ends count: what is asked stands before or after what was pasted.
const HEAD_CHARS = 12_288;
const TAIL_CHARS = 4096;
const HEAD_TOKENS = 320;
const TAIL_TOKENS = 80;

/** Reads a prompt. However long and whatever it is, a bounded part of it is looked at. */
export function readPrompt(prompt: string): Prompt {
  const text =
    prompt.length <= HEAD_CHARS + TAIL_CHARS
      ? prompt
      : `${prompt.slice(0, HEAD_CHARS)}\n${prompt.slice(prompt.length - TAIL_CHARS)}`;
  const { folded, words } = splitWords(text);
  const kept =
    words.length <= HEAD_TOKENS + TAIL_TOKENS
      ? words
      : [...words.slice(0, HEAD_TOKENS), ...words.slice(words.length - TAIL_TOKENS)];
  const tokens = kept.map(({ word, start, end }) => ({ surface: folded.slice(start, end), word, stem: stem(word) }));
  const informative = new Map<string, string>();
  for (const token of tokens) {
    if (!STOP_WORDS.has(token.stem) && !informative.has(token.stem)) informative.set(token.stem, token.surface);
  }
  return { text, tokens, informative };
}
