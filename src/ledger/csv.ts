import { escapeInvisible, hasInvisible } from '../../host/index.ts';
import { EVENT_FIELDS } from './event.ts';
import type { LedgerRecord } from './record.ts';

const COLUMNS = ['time', 'segment', 'seq', ...EVENT_FIELDS] as const;

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * Yields the records as RFC 4180, a line at a time, the header first. A cell that a spreadsheet would run is prefixed
 * with `'`, and invisible characters are written as `\u{…}`, so that the text is harmless in a terminal too.
 */
export async function* exportCsv(
  records: AsyncIterable<LedgerRecord> | Iterable<LedgerRecord>,
): AsyncGenerator<string, void, void> {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const record of records) {
    yield `${COLUMNS.map((name) => writeCell(record[name])).join(',')}\r\n`;
  }
}

function writeCell(value: string | number | undefined): string {
  const text = String(value ?? '');
  const inert = FORMULA.test(text) ? `'${text}` : text;
  const visible = hasInvisible(inert) ? escapeInvisible(inert) : inert;
  return /[",]/.test(visible) ? `"${visible.replaceAll('"', '""')}"` : visible;
}
