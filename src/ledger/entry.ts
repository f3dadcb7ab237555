import { join } from 'node:path';
import { readStart } from './files.ts';
import { isCount, type IntactLine, parseLine } from './line.ts';

/** The first line of a numbered file of the ledger: the link that names the number before. */
export interface Entry {
  readonly n: number;
  readonly time: string;
  readonly prev: string;
  readonly sum: string;
  /** Present when the file only seals a segment: how many records it has, and the sum of its last line. */
  readonly seals?: Seal;
}

export interface Seal {
  readonly segment: number;
  readonly records: number;
  readonly last: string;
}

/** Longer than any first line, so that one read is enough. */
const MAX_FIRST_LINE = 1024;

const NAME = /^[0-9]{8,15}\.jsonl$/;

export function entryName(n: number): string {
  return `${String(n).padStart(8, '0')}.jsonl`;
}

/** The number in a file name; undefined for any other name, also for another spelling of the same number. */
export function entryNumber(name: string): number | undefined {
  const n = NAME.test(name) ? Number.parseInt(name, 10) : 0;
  return n > 0 && entryName(n) === name ? n : undefined;
}

/** The link of file `n`: undefined when there is no such file, `'damaged'` when its first line is not intact. */
export function readEntry(dir: string, n: number): Entry | 'damaged' | undefined {
  const start = readStart(join(dir, entryName(n)), MAX_FIRST_LINE);
  if (start === undefined) return undefined;
  const line = start.indexOf(10) === -1 ? undefined : parseLine(start.subarray(0, start.indexOf(10)));
  return (line && parseEntry(line)) ?? 'damaged';
}

/** Reads an intact first line as a link; undefined when it is some other line. */
export function parseEntry({ fields, sum }: IntactLine): Entry | undefined {
  const { seq, prev, n, time, segment, records, last } = fields;
  if (seq !== 0 || !isCount(n) || !isTime(time)) return undefined;
  const link = { n, time, prev, sum };
  if (segment === undefined) return link;
  const isSeal = isCount(segment) && isCount(records) && typeof last === 'string';
  return isSeal ? { ...link, seals: { segment, records, last } } : undefined;
}

/** True for a time as this ledger writes it, which also sorts as text. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/.test(value);
}
