// cspell:words keycap gurmukhi sinhala
import { hasInvisible, replaceInvisible } from '../../host/index.ts';
import { latePattern } from './late-pattern.ts';

/** An invisible character that was taken out. */
export interface Hidden {
  /** 1-based; the column in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** Such as `U+200B`. */
  readonly codePoint: string;
}

export interface Stripped {
  readonly text: string;
  /** The first thousand that were taken out, in their order. */
  readonly found: readonly Hidden[];
  /** How many were taken out in all. */
  readonly count: number;
}

/** So that a text of nothing but hidden characters does not come to a list many times its size. */
const MAX_FOUND = 1_000;

const VARIATION_16 = '\u{fe0f}';
const NON_JOINER = '\u{200c}';
const JOINER = '\u{200d}';
const KEYCAP = '\u{20e3}';

const KEYCAP_BASE = /^[0-9#*]$/;
const EMOJI_BASE = latePattern(String.raw`^(?![0-9#*])\p{Emoji}$`, 'u');
const PICTOGRAPH = latePattern(String.raw`^\p{Extended_Pictographic}$`, 'u');
const PICTOGRAPH_END = latePattern(String.raw`^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$`, 'u');
/** Scripts that write some words differently with a joiner or non-joiner between two letters. */
const JOINING = latePattern(
  String.raw`^[\p{scx=Arabic}\p{scx=Syriac}\p{scx=Mongolian}\p{scx=Devanagari}\p{scx=Bengali}\p{scx=Gurmukhi}\p{scx=Gujarati}\p{scx=Oriya}\p{scx=Tamil}\p{scx=Telugu}\p{scx=Kannada}\p{scx=Malayalam}\p{scx=Sinhala}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}\p{scx=Balinese}\p{scx=Javanese}]$`,
  'u',
);
const LETTER = latePattern(String.raw`^[\p{L}\p{M}]$`, 'u');

/**
 * Takes out what a reader cannot see but a model can: invisible, bidirectional and control characters, tag characters,
 * and variation selectors. Kept are line feeds (a carriage return before one, too) and tabs, and where the characters on
 * both sides call for it: the emoji selector behind an emoji, the joiner between two of them, and joiner and non-joiner
 * between letters of scripts that write with them. Stripping twice does what stripping once does.
 */
export function stripInvisible(text: string): Stripped {
  const found: Hidden[] = [];
  let count = 0;
  let line = 1;
  let lineStart = 0;
  let keptSelectorEnd = -1;
  const stripped = replaceInvisible(text, (character, at) => {
    if (character === '\n') {
      line++;
      lineStart = at + 1;
      return character;
    }
    const end = at + character.length;
    if (isNeeded(text, { character, at, end, afterSelector: keptSelectorEnd === at })) {
      if (character === VARIATION_16) keptSelectorEnd = end;
      return character;
    }
    count++;
    if (found.length < MAX_FOUND) found.push({ line, column: at - lineStart + 1, codePoint: nameOf(character) });
    return '';
  });
  return { text: stripped, found, count };
}

interface Spot {
  readonly character: string;
  readonly at: number;
  readonly end: number;
  /** Behind an emoji selector that was kept. */
  readonly afterSelector: boolean;
}

function isNeeded(text: string, { character, at, end, afterSelector }: Spot): boolean {
  if (character === '\t') return true;
  if (character === '\r') return text[end] === '\n';
  if (character !== VARIATION_16 && character !== JOINER && character !== NON_JOINER) return false;
  const before = characterBefore(text, at);
  const after = characterAt(text, end);
  if (character === VARIATION_16) return EMOJI_BASE().test(before) || (KEYCAP_BASE.test(before) && after === KEYCAP);
  if (isJoiningLetter(before) && isJoiningLetter(after)) return true;
  return character === JOINER && PICTOGRAPH().test(after) && (afterSelector || PICTOGRAPH_END().test(before));
}

function isJoiningLetter(character: string): boolean {
  return JOINING().test(character) && LETTER().test(character) && !hasInvisible(character);
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(text: string, at: number): string {
  const pair = at >= 2 ? (text.codePointAt(at - 2) ?? 0) : 0;
  return pair > 0xffff ? String.fromCodePoint(pair) : text.slice(Math.max(at - 1, 0), at);
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
