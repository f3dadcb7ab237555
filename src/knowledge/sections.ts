import { type Heading, readHeading } from './heading.ts';
import { contentStart, countIndent, itemStart, type MarkdownLine, readLines } from './markdown-lines.ts';

/** A heading and what stands below it, down to the next heading of any level. */
export interface Section extends Heading {
  /** Empty for what stands before the first heading. */
  readonly heading: string;
  /** 1 to 6; 0 for what stands before the first heading. */
  readonly level: number;
  /** 1-based, of its first line. */
  readonly line: number;
  /** As it stands in the text, with the heading. */
  readonly text: string;
}

interface Start extends Heading {
  readonly line: number;
  readonly start: number;
}

/**
 * Cuts a Markdown text at its headings, those underlined with `=` or `-` too. The texts of the sections, put together,
 * are the whole text. Headings within code fences and HTML comments are text, and so is a front matter.
 */
export function splitSections(markdown: string): readonly Section[] {
  const starts = findStarts(markdown);
  const first = starts[0];
  if (markdown !== '' && first?.start !== 0) starts.unshift({ heading: '', level: 0, line: 1, start: 0 });
  return starts.map(({ heading, level, line, start }, index) => {
    const text = markdown.slice(start, starts[index + 1]?.start ?? markdown.length);
    return { heading, level, line, text };
  });
}

function findStarts(markdown: string): Start[] {
  const body = frontMatterEnd(markdown);
  const linesAbove = markdown.slice(0, body).split('\n').length - 1;
  const starts: Start[] = [];
  const paragraph = new OpenParagraph();
  const open = ({ heading, level }: Heading, from: MarkdownLine): void => {
    starts.push({ heading, level, line: from.line + linesAbove, start: from.start + body });
    paragraph.endAll();
  };
  for (const line of readLines(markdown.slice(body))) {
    if (line.opaque) {
      paragraph.end();
      continue;
    }
    const heading = readHeading(line.text);
    const { first } = paragraph;
    const level = first === undefined ? undefined : readUnderline(line.text);
    if (heading !== undefined) open(heading, line);
    else if (first !== undefined && level !== undefined) {
      open({ heading: joinLines(markdown.slice(first.start + body, line.start + body)), level }, first);
    } else paragraph.take(line);
  }
  return starts;
}

/** Follows whether a line belongs to a paragraph that an underline would make a heading. */
class OpenParagraph {
  /** Its first line. */
  first: MarkdownLine | undefined;
  /** In a quotation or list item that the next line carries on. */
  #within = false;
  /** Below a list: indented lines are part of its items. */
  #inList = false;

  end(): void {
    this.first = undefined;
    this.#within = false;
  }

  /** A heading ends a list, too. */
  endAll(): void {
    this.end();
    this.#inList = false;
  }

  take(line: MarkdownLine): void {
    if (line.text.trim() === '' || isRule(line.text)) return this.end();
    const isItem = itemStart(line.text) !== undefined;
    if (isItem || isQuotation(line.text)) {
      this.first = undefined;
      this.#within = true;
      this.#inList = isItem;
    } else if (this.first === undefined && !this.#within) {
      const indent = countIndent(line.text);
      if (this.#inList && indent > 0) this.#within = true;
      else if (contentStart(line.text) !== undefined) {
        this.#inList = false;
        this.first = line;
      }
    }
  }
}

function isQuotation(text: string): boolean {
  const start = contentStart(text);
  return start !== undefined && text[start] === '>';
}

/** A line of three or more `*`, `-` or `_`, spaces between them or not. */
function isRule(text: string): boolean {
  const start = contentStart(text);
  if (start === undefined || !'*-_'.includes(text[start] ?? ' ')) return false;
  let marks = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === text[start]) marks++;
    else if (text[at] !== ' ' && text[at] !== '\t') return false;
  }
  return marks >= 3;
}

/** 1 for a line of `=`, 2 for one of `-`. */
function readUnderline(text: string): number | undefined {
  const start = contentStart(text);
  const mark = start === undefined ? undefined : text[start];
  if (start === undefined || (mark !== '=' && mark !== '-')) return undefined;
  let end = start;
  while (text[end] === mark) end++;
  if (text.slice(end).trim() !== '') return undefined;
  return mark === '=' ? 1 : 2;
}

/** A heading over several lines as one. */
function joinLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** Where the text begins behind the lines between two `---` at the top; 0 when there are none. */
function frontMatterEnd(markdown: string): number {
  if (!/^\u{feff}?---[ \t]*\r?\n/u.test(markdown)) return 0;
  for (let feed = markdown.indexOf('\n'); feed !== -1;) {
    const next = markdown.indexOf('\n', feed + 1);
    const line = markdown.slice(feed + 1, next === -1 ? markdown.length : next);
    if (line.startsWith('---') && line.slice(3).trim() === '') return next === -1 ? markdown.length : next + 1;
    feed = next;
  }
  return 0;
}
