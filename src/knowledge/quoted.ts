export interface QuotedStrings {
  /** What stands between double quotes, in order. */
  readonly strings: readonly string[];
  /** Where the text behind the last closing quote begins. */
  readonly end: number;
  /** Where a quote stands that none closes. */
  readonly unclosed: number | undefined;
}

/** The double-quoted strings of one line; within them `\"` is a quote and `\\` a backslash. */
export function readQuoted(text: string): QuotedStrings {
  const strings: string[] = [];
  let end = 0;
  for (let open = text.indexOf('"'); open !== -1; open = text.indexOf('"', end)) {
    const close = findClosing(text, open + 1);
    if (close === undefined) return { strings, end, unclosed: open };
    strings.push(unescape(text.slice(open + 1, close)));
    end = close + 1;
  }
  return { strings, end, unclosed: undefined };
}

function findClosing(text: string, start: number): number | undefined {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at++;
  }
  return undefined;
}

function unescape(text: string): string {
  return text.replace(/\\(["\\])/g, '$1');
}
