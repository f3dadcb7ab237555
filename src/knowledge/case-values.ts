import { quote } from '../../host/index.ts';
import { checkInnerPath } from '../manifest/text-checks.ts';
import type { DraftField } from './case-drafts.ts';
import type { CaseFault } from './case-fault.ts';
import type { ValueLine } from './case-field.ts';
import { itemStart } from './markdown-lines.ts';
import { readQuoted } from './quoted.ts';

/** The text behind an input, without the quotes around it. */
export function readInput(field: DraftField, faults: CaseFault[]): string {
  const lines = firstParagraph(field);
  const text = lines.map((line) => withoutMark(line).text).join('\n');
  if (text === '') faults.push(noValue(field, 'write what is asked, such as "how do I undo a commit"'));
  if (text.startsWith('`') && text.indexOf('`', 1) === text.length - 1) return text.slice(1, -1);
  if (!text.startsWith('"')) return text;
  const { strings, end, unclosed } = readQuoted(text);
  if (unclosed !== undefined) faults.push(unclosedQuote(lines[0] ?? field));
  return strings.length === 1 && end === text.length ? (strings[0] ?? '') : text;
}

/** The files that are to be loaded, none for `(none)`. */
export function readFiles(field: DraftField, faults: CaseFault[]): string[] {
  const entries = listEntries(field, faults);
  const files = entries.filter(({ text }) => text.toLowerCase() !== '(none)');
  if (entries.length === 0) faults.push(noValue(field, 'list the files below it, or write (none)'));
  const [first] = files;
  if (first !== undefined && files.length < entries.length) {
    const message = `(none) and ${quote(first.text)} contradict each other`;
    faults.push({ code: 'K_TEST_CONTRADICTION', ...placeOf(first), message, fix: 'keep one of them' });
  }
  for (const entry of files) {
    const wrong = checkInnerPath(entry.text)?.wrong;
    if (wrong === undefined) continue;
    const fix = 'write it relative to the skill, or to its knowledge/';
    faults.push({ code: 'K_TEST_PATH', ...placeOf(entry), message: `the file ${quote(entry.text)} ${wrong}`, fix });
  }
  return files.map(({ text }) => text);
}

/** The strings in quotes; the words around them are for people. */
export function readStrings(field: DraftField, faults: CaseFault[]): string[] {
  if (field.value.length === 0) faults.push(noValue(field, 'list strings in double quotes below it'));
  const before = faults.length;
  const strings: string[] = [];
  for (const line of field.value) {
    const quoted = readQuoted(line.text);
    strings.push(...quoted.strings);
    if (quoted.unclosed !== undefined) faults.push(unclosedQuote({ ...line, column: line.column + quoted.unclosed }));
    if (quoted.strings.includes('')) {
      const message = 'an empty string stands in every context';
      faults.push({
        code: 'K_TEST_VALUE',
        ...placeOf(line),
        message,
        fix: 'write what is to be found between the quotes',
      });
    }
  }
  if (field.value.length > 0 && strings.length === 0 && faults.length === before) {
    const message = 'nothing here is in double quotes, so nothing is checked';
    const fix = 'put the words that are to be found in "double quotes"';
    faults.push({ severity: 'warning', code: 'K_TEST_PROSE', ...placeOf(field), message, fix });
  }
  return strings;
}

/** Whether the context is to be empty, which is all that can be said of it in this way. */
export function readEmpty(field: DraftField, faults: CaseFault[]): boolean {
  const [first] = field.value;
  if (first?.text.toLowerCase() === '(empty)') return true;
  const fix = 'write (empty), or list strings below **Expected context contains**:';
  if (first === undefined) faults.push(noValue(field, fix));
  else {
    const message = `${field.label} can only be (empty), not ${quote(first.text)}`;
    faults.push({ code: 'K_TEST_VALUE', ...placeOf(first), message, fix });
  }
  return false;
}

/** The value on the field's own line, or else the lines below it down to a blank one. */
function firstParagraph({ line, value }: DraftField): ValueLine[] {
  const [first] = value;
  if (first === undefined || first.line === line) return value.slice(0, 1);
  return value.filter((other, index) => other.line === first.line + index);
}

/** The items of a list; without one, what stands between commas. */
function listEntries(field: DraftField, faults: CaseFault[]): ValueLine[] {
  const items = field.value.filter(({ text }) => itemStart(text) !== undefined).map(withoutMark);
  const plain = firstParagraph(field).filter(({ text }) => itemStart(text) === undefined);
  const [onLine] = plain;
  if (items.length === 0) return plain.flatMap(splitAtCommas).map(unwrap).filter(isFilled);
  if (onLine?.line === field.line) {
    const message = `${field.label} has ${quote(onLine.text)} on its line and a list below`;
    faults.push({ code: 'K_TEST_VALUE', ...placeOf(onLine), message, fix: 'put all of it into the list' });
  }
  return items.map(unwrap).filter(isFilled);
}

function isFilled({ text }: ValueLine): boolean {
  return text !== '';
}

function withoutMark(line: ValueLine): ValueLine {
  const start = itemStart(line.text);
  return start === undefined ? line : { ...line, text: line.text.slice(start), column: line.column + start };
}

function splitAtCommas(line: ValueLine): ValueLine[] {
  let column = line.column;
  return line.text.split(',').map((part) => {
    const entry = { text: part.trim(), line: line.line, column: column + part.length - part.trimStart().length };
    column += part.length + 1;
    return entry;
  });
}

/** A name in quotes or backticks without them; what follows is a remark. */
function unwrap(entry: ValueLine): ValueLine {
  const mark = entry.text[0];
  if (mark !== '`' && mark !== '"') return entry;
  const close = entry.text.indexOf(mark, 1);
  return close === -1 ? entry : { ...entry, text: entry.text.slice(1, close) };
}

function noValue(field: DraftField, fix: string): CaseFault {
  return { code: 'K_TEST_VALUE', ...placeOf(field), message: `${field.label} has no value`, fix };
}

function unclosedQuote(place: { readonly line: number; readonly column: number }): CaseFault {
  const fix = 'close it on the same line; a quote within the string is written \\"';
  return { code: 'K_TEST_QUOTE', ...placeOf(place), message: 'a double quote is never closed', fix };
}

function placeOf({ line, column }: { readonly line: number; readonly column: number }): {
  readonly line: number;
  readonly column: number;
} {
  return { line, column };
}
