import { crc32 } from 'node:zlib';
import type { EntryDetails, EntryRecord } from './entry.ts';

/** Raise when the lines below, or what a skill is checked for, change. */
const FORMAT = 1;

interface StoredCatalog {
  readonly records: readonly EntryRecord[];
  /** The details of the record of that number. */
  readonly detailsAt: (index: number) => EntryDetails;
}

type Row = readonly [
  folder: string,
  signature: string,
  id: string,
  ready: boolean,
  version: string,
  description: string,
  aliases: readonly string[],
  tools: readonly string[],
  manifest: string,
  module: string,
  isLive: boolean,
];

/**
 * One directory's index as bytes: a line with a checksum, a line with all records, then a line of details for each. A
 * listing reads the first two; the rest is parsed a skill at a time.
 */
export function encodeCatalog(
  maker: string,
  entries: readonly { readonly record: EntryRecord; readonly details: EntryDetails }[],
): Buffer {
  const rows = entries.map(({ record }) => toRow(record));
  const lines = [JSON.stringify(rows), ...entries.map(({ details }) => JSON.stringify(details))];
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return Buffer.concat([Buffer.from(`${headOf(maker, body)}\n`), body]);
}

/** Undefined when the bytes are not what this version of skillhost wrote, whole: an index can be made again. */
export function decodeCatalog(maker: string, bytes: Buffer): StoredCatalog | undefined {
  const end = bytes.indexOf(LINE_END);
  const body = bytes.subarray(end + 1);
  if (end === -1 || bytes.toString('utf8', 0, end) !== headOf(maker, body)) return undefined;
  const starts = [0];
  for (let at = body.indexOf(LINE_END); at !== -1; at = body.indexOf(LINE_END, at + 1)) starts.push(at + 1);
  const line = (number: number): unknown =>
    JSON.parse(body.toString('utf8', starts[number], (starts[number + 1] ?? 1) - 1));
  const records = (line(0) as Row[]).map(fromRow);
  return { records, detailsAt: (index) => line(index + 1) as EntryDetails };
}

const LINE_END = 0x0a;

function headOf(maker: string, body: Uint8Array): string {
  return `skillhost catalog ${FORMAT} ${maker} ${crc32(body).toString(16)} ${body.length}`;
}

function toRow(record: EntryRecord): Row {
  const { folder, signature, id, ready, version, description, aliases, tools, manifest, module, isLive } = record;
  return [folder, signature, id, ready, version, description, aliases, tools, manifest, module, isLive];
}

function fromRow(row: Row): EntryRecord {
  const [folder, signature, id, ready, version, description, aliases, tools, manifest, module, isLive] = row;
  return { folder, signature, id, ready, version, description, aliases, tools, manifest, module, isLive };
}
