import { contentStart } from './markdown-lines.ts';

/** What a case may say, each in bold at the beginning of a line. */
export const FIELD_NAMES = [
  'Input topic',
  'Input prompt',
  'Expected files loaded',
  'Expected context contains',
  'Expected context',
] as const;

export type FieldName = (typeof FIELD_NAMES)[number];

/** One line of a field's value. */
export interface ValueLine {
  readonly text: string;
  readonly line: number;
  /** Where `text` begins, 1-based. */
  readonly column: number;
}

export interface FieldStart {
  /** As written, without its colon. */
  readonly label: string;
  /** Undefined for a label that is none of ours. */
  readonly name: FieldName | undefined;
  readonly column: number;
  /** What stands behind the label, and the column where it begins. */
  readonly rest: { readonly text: string; readonly column: number };
}

/**
 * The field a line begins: `**Label**: value`, `**Label:** value`, or, for a label of ours, `**Label** value`. Any other
 * bold text without a colon is prose.
 */
export function readFieldStart(text: string): FieldStart | undefined {
  const start = contentStart(text);
  if (start === undefined || !text.startsWith('**', start)) return undefined;
  const close = text.indexOf('**', start + 2);
  if (close === -1) return undefined;
  const inner = text.slice(start + 2, close).trim();
  const behind = text[close + 2] === ':';
  const label = inner.endsWith(':') ? inner.slice(0, -1).trimEnd() : inner;
  const name = FIELD_NAMES.find((known) => known.toLowerCase() === label.toLowerCase());
  if (label === '' || (name === undefined && label === inner && !behind)) return undefined;
  return { label, name, column: start + 1, rest: trimLine(text, close + (behind ? 3 : 2)) };
}

/** The text of a line from `from` on without white space around it, and its column. */
export function trimLine(text: string, from: number): { readonly text: string; readonly column: number } {
  const rest = text.slice(from);
  const trimmed = rest.trimStart();
  return { text: trimmed.trimEnd(), column: from + rest.length - trimmed.length + 1 };
}
