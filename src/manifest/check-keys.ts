import { MANIFEST_CEILINGS } from './ceilings.ts';
import type { Report } from './report.ts';

/** What is stepped over at once: a string, closed or not, a comment, or one character that stands in no bare key. */
const TOKEN = new RegExp(
  [
    /"""(?:[^"\\]|\\[^]|"(?!""))*(?:"{3,5}|$)/,
    /'''(?:[^']|'(?!''))*(?:'{3,5}|$)/,
    /"(?:[^"\\\n]|\\.)*"?/,
    /'[^'\n]*'?/,
    /#.*/,
    /[^\w\- \t]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
);
const PLAIN = /[\w\- \t]+/y;

/**
 * Refuses a key of more parts than a manifest is deep, before the parsers see it: they take a second for the longest.
 * @returns false when there is one
 */
export function checkKeys(text: string, report: Report): boolean {
  let dots = 0;
  for (let at = 0; at < text.length;) {
    at = skip(PLAIN, text, at);
    const end = skip(TOKEN, text, at);
    const first = text[at];
    if (first === '.') dots++;
    else if (first !== '"' && first !== "'") dots = 0;
    if (dots >= MANIFEST_CEILINGS.depth) return refuseKey(text.slice(0, at), report);
    at = Math.max(end, at + 1);
  }
  return true;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function refuseKey(before: string, report: Report): false {
  const lines = before.split('\n');
  report.error({
    code: 'M_TOO_DEEP',
    path: [],
    message: `the key on this line has more than ${MANIFEST_CEILINGS.depth} parts`,
    fix: 'flatten the value',
    place: { line: lines.length, column: (/[^\s[{,]/.exec(lines.at(-1) ?? '')?.index ?? 0) + 1 },
  });
  return false;
}
