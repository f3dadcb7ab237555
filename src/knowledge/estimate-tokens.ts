// cspell:ignore bcdfghjklmnpqrstvwxz
import { latePattern } from './late-pattern.ts';

/**
 * Estimates what a text costs with the tokenizer o200k_base, rather too high than too low: by a fifth to a third for
 * English prose and code, by more for other languages. Words, numbers, marks and white space are counted as that tokenizer
 * parts them, each at what its kind costs in texts that people write. It knows no vocabulary: random letters and syllables
 * cost up to 2.2 times as much.
 * Takes time linear in the text.
 */
export function estimateTokens(text: string): number {
  let sum = 0;
  let before = '';
  for (const [part] of text.matchAll(ENGLISH.test(text) ? ENGLISH_PARTS : PARTS())) {
    sum += costOf(part);
    // The space before a number does not belong to it.
    if (before === ' ' && part >= '0' && part < ':') sum += 1;
    before = part;
  }
  // A space at the end belongs to no word.
  return text === '' ? 0 : Math.ceil(sum + 1);
}

/** Letters and digits together, since keys and digests mix them; marks; white space. */
const PARTS = latePattern(String.raw`[\p{L}\p{M}\p{N}]+|\s+|[^\p{L}\p{M}\p{N}\s]+`, 'gu');
/** The same of a text that has no other letters and digits than these: a fiftieth of the work, the first time. */
const ENGLISH_PARTS = /[A-Za-z0-9]+|\s+|[^A-Za-z0-9\s]+/g;
/** ASCII and what English is set with: dashes, quotation marks, dots, arrows, signs. */
const ENGLISH = /^[\u0000-\u007f\u00a0\u00ab\u00b7\u00bb\u00d7\u2010-\u205e\u2190-\u23ff]*$/;
const WORD = latePattern(String.raw`^[\p{L}\p{M}\p{N}]`, 'u');
const ASCII_WORD = /^[A-Za-z0-9]/;
const ASCII = /^[\u0000-\u007f]*$/;

function costOf(part: string): number {
  if (ASCII.test(part)) {
    if (ASCII_WORD.test(part)) return asciiWordCost(part);
    return part.trim() === '' ? spaceCost(part) : 0.4 + 0.64 * (changes(part) + 1) + part.length / 32;
  }
  const isWord = !ENGLISH.test(part) && WORD().test(part);
  return !isWord && part.trim() === '' ? spaceCost(part) : eachCost(part);
}

const CODED = /[0-9][A-Za-z]+[0-9]|[A-Za-z][0-9]+[A-Za-z]/;
const HUMPS = /[A-Z]?[a-z]+|[A-Z]+|[0-9]+/g;
/** Such as no word of a language that is written so has; they cost a token for each letter or two. */
const UNSPEAKABLE = /[bcdfghjklmnpqrstvwxz]{5}|^[^aeiouy]{4}/i;

/** Longer words are put together. */
const LONG = 7;

function asciiWordCost(word: string): number {
  if (word.length >= 6 && CODED.test(word)) return word.length / 1.4;
  let sum = 0;
  for (const [hump] of word.matchAll(HUMPS)) sum += humpCost(hump);
  return sum;
}

function humpCost(hump: string): number {
  const { length } = hump;
  if (hump >= '0' && hump < ':') return Math.ceil(length / 3);
  if (UNSPEAKABLE.test(hump)) return length / 1.4;
  if (length > 1 && hump === hump.toUpperCase()) return 0.7 + length / 3;
  return length <= 3 ? 1.05 : 0.65 + length / 10 + Math.max(0, length - LONG) / 8;
}

/** A space before a word belongs to it; each line end and each indentation is one, and long runs are some more. */
function spaceCost(space: string): number {
  if (space === ' ') return 0;
  return 0.7 + 0.3 * (changes(space) + 1) + space.length / 15;
}

/** How often a character is another one than the one before. */
function changes(text: string): number {
  let count = 0;
  for (let i = 1; i < text.length; i++) if (text.charCodeAt(i) !== text.charCodeAt(i - 1)) count++;
  return count;
}

function eachCost(text: string): number {
  let sum = 0.3;
  for (const character of text) sum += characterCost(character.codePointAt(0) ?? 0);
  return sum;
}

/** By the last code point that costs so much; what is not listed costs a token for each of its bytes. */
const COSTS: readonly (readonly [last: number, cost: number])[] = [
  [0x7f, 0.35],
  [0x17f, 0.6],
  [0x24f, 1.7],
  [0x36f, 2],
  [0x3ff, 0.65],
  [0x45f, 0.45],
  [0x4ff, 2],
  [0x58f, 1.6],
  [0x6ff, 0.65],
  [0x8ff, 2],
  [0xdff, 0.75],
  [0xe7f, 0.85],
  [0x10ff, 1.7],
  [0x11ff, 3],
  [0x1e9f, 3],
  [0x1fff, 0.9],
  [0x206f, 1.2],
  [0x2bff, 2.2],
  [0x2fff, 3],
  [0x303f, 1],
  [0x30ff, 0.9],
  [0x4dff, 3],
  [0x9fff, 1.3],
  [0xabff, 3],
  [0xd7ff, 0.95],
  [0xfeff, 3],
  [0xffef, 1.3],
  [0xffff, 3],
  [0x1f000, 4.3],
  [0x1faff, 2.5],
];

function characterCost(code: number): number {
  for (const [last, cost] of COSTS) if (code <= last) return cost;
  return 4.3;
}
