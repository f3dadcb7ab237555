import { parse, TomlError } from 'smol-toml';
import { MANIFEST_CEILINGS } from './ceilings.ts';
import { checkKeys } from './check-keys.ts';
import type { Report } from './report.ts';
import type { Table } from './values.ts';

/** The TOML text as one table of plain values; undefined, and reported, when it is no TOML. Never throws. */
export function parseTable(text: string, report: Report): Table | undefined {
  if (!checkKeys(text, report)) return undefined;
  try {
    return parse(text, { integersAsBigInt: 'asNeeded', maxDepth: MANIFEST_CEILINGS.depth });
  } catch (error) {
    // Whatever a parser throws at bytes from outside is a fault of the bytes; there is nothing to rethrow to.
    reportSyntax(error, text, report);
    return undefined;
  }
}

function reportSyntax(error: unknown, text: string, report: Report): void {
  const place = error instanceof TomlError ? { place: { line: error.line, column: error.column } } : {};
  const firstLine = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
  const told = firstLine.replace('Invalid TOML document: ', '');
  const reason = error instanceof TomlError && isOpenString(told, error, text) ? 'unfinished string' : told;
  if (reason.includes('excessively nested')) {
    const message = `tables and arrays are nested more than ${MANIFEST_CEILINGS.depth} deep here`;
    report.error({ code: 'M_TOO_DEEP', path: [], message, fix: 'flatten the value', ...place });
    return;
  }
  report.error({ code: 'M_SYNTAX', path: [], message: `this is not TOML: ${reason}`, fix: fixFor(reason), ...place });
}

/** Of a string that its line ends before its quote does, the parser says that the line end may not stand in it. */
function isOpenString(reason: string, { line, column }: TomlError, text: string): boolean {
  const at = text.split(/\r\n|\n|\r/)[line - 1];
  return reason.includes('control characters') && at !== undefined && column > at.length;
}

/** One way out for each mistake people make often; the parser's own words say what is wrong, not what to do. */
const FIXES: readonly (readonly [RegExp, string])[] = [
  [/already defined/, 'remove one of the two definitions, or merge them under one header'],
  [/unfinished string/, 'close the string with the quote it was opened with; only """…""" takes several lines'],
  [/unfinished (array|table)/, 'close it, and put a comma between its items'],
  [/expected comma/, 'put a comma between the items, and close with ] or }'],
  [/end-of-line/, 'put each key = value on a line of its own'],
  [/find end of key|end of key/, 'write key = value, or [section]'],
  [/leading zero/, 'write the number without leading zeros'],
  [/escape/, "double the backslash, or use '…' in which it stands for itself"],
  [/invalid value/, 'put text in quotes: key = "text"'],
  [/control characters/, 'remove the character; in a "…" string it can be written \\uXXXX'],
];

function fixFor(reason: string): string {
  return FIXES.find(([pattern]) => pattern.test(reason))?.[1] ?? 'correct the line; https://toml.io shows the format';
}
