import { createHash } from 'node:crypto';

/** An entry as it is kept: JSON. */
export type JournalEntry = { readonly type: string };

const SUM = 16;

/** One line: a checksum over the line before and this one, and the entry. */
export function writeLine(before: string, entry: unknown): { readonly text: string; readonly sum: string } {
  const json = JSON.stringify(entry);
  const sum = sumOf(before, json);
  return { text: `${sum} ${json}\n`, sum };
}

/** The entry of a line; undefined for one that was cut, changed, or stands elsewhere. */
export function readLine(
  before: string,
  line: string,
): { readonly entry: JournalEntry; readonly sum: string } | undefined {
  const sum = line.slice(0, SUM);
  const json = line.slice(SUM + 1);
  if (line.charAt(SUM) !== ' ' || sum !== sumOf(before, json)) return undefined;
  const entry = parse(json);
  return isEntry(entry) ? { entry, sum } : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is JournalEntry {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function sumOf(before: string, json: string): string {
  return createHash('sha256').update(`${before}\n${json}`).digest('hex').slice(0, SUM);
}
