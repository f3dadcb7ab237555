// cspell:ignore rbfu
import type { Finding, Severity } from './finding.ts';
import { type Language, isSource } from './languages.ts';
import { LineIndex } from './line-index.ts';
import { type Part, splitMarkdown } from './markdown.ts';
import type { PatternRule } from './rule.ts';
import { ALL_RULES, EVERYWHERE_RULES, STRING_RULES } from './rules/all.ts';
import { isSpokenOf, isWarnedOf } from './speech.ts';

/** A file as text, and what it is. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
  readonly language: Language;
}

/** Of one rule in one file; more say nothing new. */
const MOST_OF_RULE = 20;
/** Looked at for one rule in one file, however many of them are none. */
const MOST_MATCHES = 2_000;
/** A line that nobody wrote by hand: packed code, data. */
const PACKED = 2_000;

/** What the rules that are patterns find in a file. */
export function scanText(file: TextFile): Finding[] {
  const index = new LineIndex(file.text);
  return partsOf(file).flatMap((part) => rulesFor(file, part).flatMap((rule) => apply(rule, { file, part, index })));
}

/** What they find in the texts of a file that is none, such as the data of a module. */
export function scanStrings(path: string, strings: string): Finding[] {
  const file: TextFile = { path, text: strings, language: 'script' };
  const index = new LineIndex(strings);
  const part: Part = { kind: 'fence', language: 'script', text: strings };
  const found = STRING_RULES.flatMap((rule) => apply(rule, { file, part, index }));
  return found.map(({ rule, severity, file: of, why, fix }) => ({ rule, severity, file: of, why, fix }));
}

interface Place {
  readonly file: TextFile;
  readonly part: Part;
  readonly index: LineIndex;
}

function partsOf({ text, language }: TextFile): readonly Part[] {
  if (language === 'markdown')
    return splitMarkdown(text).map((part) => ({
      ...part,
      text: part.kind === 'prose' ? unwrap(part.text) : joinLines(part.text),
    }));
  const joined = language === 'shell' || language === 'recipe' ? joinLines(text) : text;
  return [{ kind: isSource(language) || language === 'recipe' ? 'fence' : 'prose', language, text: joined }];
}

/** Lines that go on below, as one; of the same length. */
function joinLines(text: string): string {
  return text.replaceAll('\\\n', '  ');
}

/** A sentence that goes on in the next line is one; of the same length. */
function unwrap(text: string): string {
  return text.replaceAll(/([^\n])\n(?=[ \t>]{0,8}[A-Za-z"'`(*_~/$.,])(?![ \t>]{0,8}[*+-] )/g, '$1 ');
}

function rulesFor({ language }: TextFile, part: Part): readonly PatternRule[] {
  if (isSource(language) || language === 'recipe') return ALL_RULES.filter((rule) => rule.in.includes(language));
  const told = ALL_RULES.filter((rule) => rule.told !== undefined);
  if (language === 'markdown' && part.kind === 'fence') {
    const spoken = part.language === 'text';
    return told.filter(
      (rule) => spoken || rule.isSpeech === true || rule.in.includes(part.language) || EVERYWHERE_RULES.has(rule),
    );
  }
  return told;
}

function apply(rule: PatternRule, place: Place): Finding[] {
  const { file, part, index } = place;
  const found: Finding[] = [];
  const lines = new Set<number>();
  let looked = 0;
  for (const match of part.text.matchAll(rule.find)) {
    looked += 1;
    if (looked > MOST_MATCHES || found.length >= MOST_OF_RULE) break;
    const severity = judge(rule, match[0], match.index, place);
    if (severity === undefined) continue;
    const lead = /^\s*/.exec(match[0])?.[0].length ?? 0;
    const at = index.placeOf(match.index + lead);
    if (lines.has(at.line)) continue;
    lines.add(at.line);
    found.push({ rule: rule.id, severity, file: file.path, ...at, why: rule.why, fix: rule.fix });
  }
  return found;
}

function judge(rule: PatternRule, match: string, start: number, place: Place): Severity | undefined {
  const { file, part } = place;
  const { text } = part;
  const end = start + match.length;
  const line = lineAround(text, start, end);
  if (rule.unless?.test(line) === true) return undefined;
  if (
    rule.near !== undefined &&
    !rule.near.text.test(text.slice(Math.max(0, start - rule.near.within), end + rule.near.within))
  )
    return undefined;
  const isTold = !isSource(file.language) && file.language !== 'recipe';
  const usual = (isTold ? rule.told : rule.severity) ?? rule.severity;
  const severity = rule.weigh === undefined ? usual : rule.weigh(match, usual, isTold);
  if (severity === undefined || severity === 'info' || severity === 'low') return severity;
  if (rule.id === 'embedded_secret' || rule.id === 'private_key') return severity;
  if (isTold) return isExample(rule, match, start, place) ? 'low' : severity;
  if (rule.isSpeech === true && isSpokenOf(text, start, end)) return 'low';
  if (isComment(line)) return rule.isSpeech === true ? severity : 'info';
  if (isListed(line)) return 'medium';
  return severity === 'high' && line.length >= PACKED ? 'medium' : severity;
}

/** Whether it is quoted, taken back or warned of, and nothing that would work as it is. */
function isExample(rule: PatternRule, match: string, start: number, { file, part }: Place): boolean {
  if (rule.concrete?.test(match) === true) return false;
  if (isSpokenOf(part.text, start, start + match.length)) return true;
  return part.kind === 'fence' && isWarnedOf(file.text, start);
}

function lineAround(text: string, start: number, end: number): string {
  const from = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - PACKED);
  const to = text.indexOf('\n', end);
  return text.slice(from, Math.min(to === -1 ? text.length : to, end + PACKED));
}

/** A line that is never executed. */
function isComment(line: string): boolean {
  return /^\s{0,80}(?:#(?!!)|\/\/|\*\s|--\s|REM\s|<!--)/.test(line);
}

/** A text in a list of texts, as programs hold that look for such. */
function isListed(line: string): boolean {
  return /^\s{0,80}\(?\s{0,3}(?:re\.compile\(\s{0,3})?[rbfu]{0,2}(["'`/]).{1,400}\1\s{0,3}[gimsuy]{0,4}\)?\s{0,3}(?:,.{0,200})?\)?\s{0,3},?\s{0,3}(?:[#/].{0,200})?$/.test(
    line,
  );
}
