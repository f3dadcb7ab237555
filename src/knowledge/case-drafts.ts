import { type FieldStart, readFieldStart, trimLine, type ValueLine } from './case-field.ts';
import { readHeading } from './heading.ts';
import { readLines } from './markdown-lines.ts';

export interface DraftField extends Omit<FieldStart, 'rest'> {
  readonly line: number;
  /** The lines of its value, blank ones left out. */
  readonly value: ValueLine[];
}

/** A case as it stands in the file, before anything in it is judged. */
export interface Draft {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly fields: readonly DraftField[];
}

export interface Drafts {
  readonly drafts: readonly Draft[];
  /** Fields of ours that no heading of a case precedes. */
  readonly strays: readonly DraftField[];
  /** Where a code fence or comment begins that never ends. */
  readonly openSince: number | undefined;
}

const CASE = /^test[ \t]*:/i;

/** Cuts the file into cases and their fields. Code fences and comments are passed over. */
export function draftCases(source: string): Drafts {
  const drafts: Draft[] = [];
  const strays: DraftField[] = [];
  let current: { readonly fields: DraftField[]; readonly level: number } | undefined;
  let field: DraftField | undefined;
  let openSince: number | undefined;
  for (const line of readLines(source)) {
    openSince = line.openSince;
    if (line.opaque) continue;
    const found = readHeading(line.text);
    if (found !== undefined) {
      field = undefined;
      const mark = CASE.exec(found.heading)?.[0];
      if (mark !== undefined) {
        current = { fields: [], level: found.level };
        const name = found.heading.slice(mark.length).trim();
        drafts.push({ name, line: line.line, column: line.text.indexOf('#') + 1, fields: current.fields });
      } else if (current !== undefined && found.level <= current.level) current = undefined;
      continue;
    }
    const started = readFieldStart(line.text);
    if (started !== undefined) {
      field = openField(started, line.line);
      if (current !== undefined) current.fields.push(field);
      else if (started.name !== undefined) strays.push(field);
    } else if (line.text.trim() !== '') field?.value.push({ ...trimLine(line.text, 0), line: line.line });
  }
  return { drafts, strays, openSince };
}

function openField({ rest, ...start }: FieldStart, line: number): DraftField {
  return { ...start, line, value: rest.text === '' ? [] : [{ ...rest, line }] };
}
