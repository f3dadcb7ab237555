/** One line of a Markdown text. */
export interface MarkdownLine {
  /** Without its line end. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  /** Where the line begins in the whole text, in UTF-16 units. */
  readonly start: number;
  /** Inside of a code fence or an HTML comment, or where one begins or ends: nothing here is markup. */
  readonly opaque: boolean;
  /** The line on which the fence or comment began that is still open behind this line. */
  readonly openSince: number | undefined;
}

type Opaque =
  | { readonly kind: 'comment'; readonly line: number }
  | {
      readonly kind: 'fence';
      readonly line: number;
      readonly mark: string;
      readonly length: number;
      readonly maxIndent: number;
    };

/** Four spaces or a tab make a line code, in which no mark counts. */
const MAX_INDENT = 3;

/** The lines of a text, as CommonMark tells code and comments from markup. Time is linear in any text. */
export function* readLines(markdown: string): Generator<MarkdownLine> {
  let open: Opaque | undefined;
  let line = 1;
  for (let start = 0; start < markdown.length; line++) {
    const feed = markdown.indexOf('\n', start);
    const end = feed === -1 ? markdown.length : feed;
    // The byte order mark that some editors write is no part of the first line.
    const from = start === 0 && markdown.startsWith('\u{feff}') ? 1 : start;
    const text = markdown.slice(from, end > from && markdown[end - 1] === '\r' ? end - 1 : end);
    const opened = open === undefined ? openOpaque(text, line) : undefined;
    const within = open ?? opened;
    open = within !== undefined && closes(within, text, within === opened) ? undefined : within;
    yield { text, line, start, opaque: within !== undefined, openSince: open?.line };
    start = end + 1;
  }
}

/** How many spaces a line begins with; a tab is as good as too many. */
export function countIndent(text: string): number {
  let indent = 0;
  while (text[indent] === ' ') indent++;
  return text[indent] === '\t' ? MAX_INDENT + 1 : indent;
}

/** Where the content of a line begins, or undefined when it is indented so far that it is code. */
export function contentStart(text: string): number | undefined {
  const indent = countIndent(text);
  return indent > MAX_INDENT ? undefined : indent;
}

/** Where the text of a list item begins on its first line, or undefined when the line begins none. */
export function itemStart(text: string): number | undefined {
  let at = 0;
  while (text[at] === ' ' || text[at] === '\t') at++;
  const mark = at;
  while (at - mark < 9 && isDigit(text[at])) at++;
  const endsMark = at === mark ? '-*+' : '.)';
  if (at >= text.length || !endsMark.includes(text[at] ?? '')) return undefined;
  at++;
  if (at < text.length && text[at] !== ' ' && text[at] !== '\t') return undefined;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function openOpaque(text: string, line: number): Opaque | undefined {
  const start = contentStart(text);
  if (start === undefined) return undefined;
  if (text.startsWith('<!--', start)) return { kind: 'comment', line };
  const item = itemStart(text);
  const at = item ?? start;
  const mark = text[at];
  if (mark !== '`' && mark !== '~') return undefined;
  const length = countRun(text, at, mark);
  // Behind backticks, another backtick makes it a piece of code within a sentence.
  if (length < 3 || (mark === '`' && text.includes('`', at + length))) return undefined;
  return { kind: 'fence', line, mark, length, maxIndent: item === undefined ? MAX_INDENT : Infinity };
}

function closes(open: Opaque, text: string, isFirstLine: boolean): boolean {
  if (open.kind === 'comment') return text.includes('-->');
  if (isFirstLine) return false;
  const indent = open.maxIndent === Infinity ? text.length - text.trimStart().length : countIndent(text);
  if (indent > open.maxIndent) return false;
  const length = countRun(text, indent, open.mark);
  return length >= open.length && text.slice(indent + length).trim() === '';
}

function countRun(text: string, start: number, mark: string): number {
  let end = start;
  while (text[end] === mark) end++;
  return end - start;
}
