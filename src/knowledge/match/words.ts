import { latePattern } from '../late-pattern.ts';
import { CEILING } from './document.ts';
import { foldText, isAscii } from './fold.ts';

/** Called for each word, in lower case, with where it stands in the folded text. */
type Visit = (word: string, start: number, end: number) => void;

/** Words as the index knows them, and the text they stand in. */
export interface Words {
  readonly folded: string;
  readonly words: readonly { readonly word: string; readonly start: number; readonly end: number }[];
}

/** All words of a text, with their places. */
export function splitWords(text: string): Words {
  const folded = foldText(text);
  const words: { word: string; start: number; end: number }[] = [];
  visitWords(folded, (word, start, end) => void words.push({ word, start, end }));
  return { folded, words };
}

/**
 * Visits the words of a folded text: runs of letters and digits, `camelCase` by its parts and then whole, scripts written
 * without spaces in pairs of characters. What is longer than a word can be (keys, encoded data) is passed over.
 */
export function visitWords(folded: string, visit: Visit): void {
  if (isAscii(folded))
    visitAscii(folded, (codes, start, end) => visit(codes.toString('latin1', start, end), start, end));
  else visitUnicode(folded, visit);
}

const SEPARATOR = 0;
const UPPER = 1;
const LOWER = 2;
const DIGIT = 3;
const KIND = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /[A-Z]/.test(char) ? UPPER : /[a-z]/.test(char) ? LOWER : /\d/.test(char) ? DIGIT : SEPARATOR;
});

/** Visits the words of a text of ASCII alone, as places in its bytes in lower case. */
export function visitAscii(text: string, visit: (lower: Buffer, start: number, end: number) => void): void {
  // Read as bytes: V8 may look up single characters of a text that was put together a thousand times slower.
  const codes = Buffer.from(text, 'latin1');
  let [start, first, humps] = [-1, -1, 0];
  let before = SEPARATOR;
  for (let at = 0; at <= codes.length; at++) {
    const code = codes[at] ?? 0;
    const kind = KIND[code] ?? SEPARATOR;
    if (start >= 0 && (kind === SEPARATOR || (kind === UPPER && before === LOWER))) {
      if (at - start <= CEILING.wordChars) visit(codes, start, at);
      start = -1;
      if (kind === SEPARATOR) {
        // Some say GitHub and some say github.
        if (humps > 0 && at - first <= CEILING.wordChars) visit(codes, first, at);
        humps = 0;
      } else humps += 1;
    }
    if (start < 0 && kind !== SEPARATOR) start = at;
    if (before === SEPARATOR) first = at;
    if (kind === UPPER) codes[at] = code | 0x20;
    before = kind;
  }
}

const RUN = latePattern(String.raw`[\p{L}\p{N}\p{M}]+`, 'gu');
const HUMP = latePattern(String.raw`(?<=\p{Ll})(?=\p{Lu})`, 'u');
const SPACELESS = latePattern(
  String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+`,
  'gu',
);

function visitUnicode(text: string, visit: Visit): void {
  for (const run of text.matchAll(RUN())) {
    let at = run.index;
    if (isAscii(run[0])) {
      const from = at;
      visitAscii(run[0], (codes, start, end) => visit(codes.toString('latin1', start, end), from + start, from + end));
      continue;
    }
    const parts = run[0].split(HUMP());
    for (const part of parts) {
      visitPart(part, at, visit);
      at += part.length;
    }
    if (parts.length > 1 && run[0].search(SPACELESS()) < 0) visitWhole(run[0], run.index, visit);
  }
}

/** A part may mix scripts, as in `東京tower`. */
function visitPart(part: string, start: number, visit: Visit): void {
  let done = 0;
  for (const spaceless of part.matchAll(SPACELESS())) {
    visitWhole(part.slice(done, spaceless.index), start + done, visit);
    visitPairs(spaceless[0], start + spaceless.index, visit);
    done = spaceless.index + spaceless[0].length;
  }
  visitWhole(part.slice(done), start + done, visit);
}

function visitWhole(word: string, start: number, visit: Visit): void {
  if (word.length === 0 || word.length > CEILING.wordChars) return;
  // JavaScript ends a word in capitals with a final sigma.
  visit(word.toLowerCase().replaceAll('ς', 'σ'), start, start + word.length);
}

function visitPairs(text: string, start: number, visit: Visit): void {
  const chars = Array.from(text);
  let at = start;
  for (const [i, char] of chars.entries()) {
    const next = chars[i + 1];
    const pair = next === undefined ? char : char + next;
    if (next !== undefined || chars.length === 1) visit(pair, at, at + pair.length);
    at += char.length;
  }
}
