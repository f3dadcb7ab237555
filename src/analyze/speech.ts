// cspell:ignore refus adversar vulnerab manipulat ning doesn shouldn
import { headingAbove } from './markdown.ts';

const TAKEN_BACK =
  /\b(?:not|never|don['’]?t|doesn['’]?t|won['’]?t|cannot|can['’]t|shouldn['’]?t|avoid\w*|refus\w+|prevent\w*|reject\w*|block\w*|detect\w*|flag\w*|instead of|rather than|resist\w*|beware|against|forbid\w*|prohibit\w*|scan\w* for|look\w* for|check\w* for|search\w* for|watch\w* for|warn\w*|attempts? to|tr(?:y|ies) to|could|might)\b[^.,;!?\n]{0,60}$/i;
const ABOUT_ATTACKS =
  /\b(?:attack|inject|malicious|suspicious|phrase|pattern|attempt|threat|red flag|adversar|untrusted|jailbreak|unsafe|vulnerab|exploit|phish|manipulat|hostile|poison|heuristic|signature|indicator|anti-?pattern|danger|payload|such as|security (?:review|audit|scan|check|issue|smell)|look(?:ing)? for|\bcheck for|scan(?:ning)? for|\bdetect|reverse shells?|insecure|must be (?:ignored|refused)|treat (?:it|them|this|these) as)/i;

/**
 * Whether a phrase is spoken of and not spoken: taken back by the words before it, or quoted where attacks are the subject.
 * What is only quoted, or only near such words, is spoken.
 */
export function isSpokenOf(text: string, start: number, end: number): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(Math.max(lineStart, start - 200), start);
  if (TAKEN_BACK.test(before)) return true;
  if (!isQuoted(before, text.slice(start, end + 200).split('\n', 1)[0] ?? '')) return false;
  const above = text.slice(Math.max(0, lineStart - 300), lineStart);
  return ABOUT_ATTACKS.test(before) || ABOUT_ATTACKS.test(above) || ABOUT_ATTACKS.test(headingAbove(text, start));
}

const QUOTES = ['"', '`', '“', "'", '|'] as const;

/** Within quotation marks or code, or in a cell of a table. */
function isQuoted(before: string, after: string): boolean {
  return QUOTES.some((mark) => {
    const close = mark === '“' ? '”' : mark;
    if (!after.includes(close)) return false;
    if (mark === '|') return before.includes('|');
    if (mark === "'") return /(?:^|[\s([{,])'[^']{0,150}$/.test(before);
    return mark === '“' ? before.lastIndexOf('“') > before.lastIndexOf('”') : count(before, mark) % 2 === 1;
  });
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

const WARNED_OF =
  /❌|✗|🚫|\b(?:BAD|WRONG)\b|\b(?:never|don['’]t|do not) (?:do|run|use|pipe|execute|type|paste)\b|\b(?:malicious|vulnerable|unsafe|insecure|red flags?|attack(?:er)?s?|anti-?patterns?|dangerous)\b/i;

/** Whether the lines before a piece of code say that it is how not to do it. */
export function isWarnedOf(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 400), start).split('\n');
  return before.slice(-4).some((line) => WARNED_OF.test(line)) || WARNED_OF.test(headingAbove(text, start));
}
