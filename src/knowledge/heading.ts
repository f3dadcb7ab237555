import { contentStart } from './markdown-lines.ts';

export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  /** As written, without the marks around it. */
  readonly heading: string;
}

/** A heading that begins with `#`, or undefined when the line is none. */
export function readHeading(text: string): Heading | undefined {
  const start = contentStart(text);
  if (start === undefined || text[start] !== '#') return undefined;
  let end = start;
  while (text[end] === '#') end++;
  const level = end - start;
  if (level > 6 || (end < text.length && text[end] !== ' ' && text[end] !== '\t')) return undefined;
  return { level, heading: dropClosingMarks(text.slice(end).trim()) };
}

/** `Name ##` is `Name`; `C#` stays. */
function dropClosingMarks(text: string): string {
  let end = text.length;
  while (text[end - 1] === '#') end--;
  if (end === text.length) return text;
  if (end > 0 && text[end - 1] !== ' ' && text[end - 1] !== '\t') return text;
  return text.slice(0, end).trimEnd();
}
