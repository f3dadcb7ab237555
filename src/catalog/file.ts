import { sep } from 'node:path';
import { crc32 } from 'node:zlib';
import { COLUMN_CHECKS, parseDetails } from './check-shape.ts';
import type { EntryDetails, IndexedEntry } from './entry.ts';

/** Raise when the lines below, or what a skill is checked for, change. */
const FORMAT = 2;

/** One line of the file each. Ten thousand records are read three times as fast by columns as by rows. */
const COLUMNS = [
  'folder',
  'signature',
  'id',
  'ready',
  'version',
  'description',
  'aliases',
  'tools',
  'recipes',
  'manifest',
  'parts',
  'isLive',
] as const satisfies readonly (keyof IndexedEntry)[];

type Columns = { readonly [Name in (typeof COLUMNS)[number]]: readonly IndexedEntry[Name][] };

/**
 * One directory's index as bytes: a line with a checksum, a line for each column of the records, then a line of details
 * for each skill. A listing reads the columns; the rest is parsed a skill at a time.
 */
export function encodeCatalog(maker: string, entries: readonly IndexedEntry[]): Buffer {
  const lines = [
    ...COLUMNS.map((name) => JSON.stringify(entries.map((entry) => entry[name]))),
    ...entries.map(({ details }) => JSON.stringify(details())),
  ];
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return Buffer.concat([Buffer.from(`${headOf(maker, body)}\n`), body]);
}

/**
 * The entries of the directory `root`; undefined when the bytes are not what this version of skillhost wrote, whole: an
 * index can be made again.
 * @throws SyntaxError for a column that is no JSON
 */
export function decodeCatalog(maker: string, root: string, bytes: Buffer): IndexedEntry[] | undefined {
  const end = bytes.indexOf(LINE_END);
  const body = bytes.subarray(end + 1);
  if (end === -1 || bytes.toString('utf8', 0, end) !== headOf(maker, body)) return undefined;
  const lines = createLines(body);
  const columns = Object.fromEntries(COLUMNS.map((name, i) => [name, JSON.parse(lines(i)) as unknown]));
  if (!areColumns(columns)) return undefined;
  const detailsAt = (i: number): EntryDetails => parseDetails(lines(COLUMNS.length + i));
  return columns.folder.map((folder, i) => entryAt(columns, i, `${root}${sep}${folder}`, detailsAt));
}

const LINE_END = 0x0a;

/** The lines of some bytes by their numbers. Their ends are looked for as far as they are asked for. */
function createLines(body: Buffer): (number: number) => string {
  const starts = [0];
  return (number) => {
    while (starts.length < number + 2) {
      const end = body.indexOf(LINE_END, starts.at(-1));
      if (end === -1) return '';
      starts.push(end + 1);
    }
    return body.toString('utf8', starts[number], (starts[number + 1] ?? 1) - 1);
  };
}

/** The checksum tells what was torn, not what somebody wrote. */
function areColumns(columns: Readonly<Record<string, unknown>>): columns is Columns {
  const { folder } = columns;
  return (
    Array.isArray(folder) &&
    COLUMNS.every((name) => {
      const column = columns[name];
      return Array.isArray(column) && column.length === folder.length && column.every(COLUMN_CHECKS[name]);
    })
  );
}

function headOf(maker: string, body: Uint8Array): string {
  return `skillhost catalog ${FORMAT} ${maker} ${crc32(body).toString(16)} ${body.length}`;
}

/** Written out, for a loop over the columns takes longer than all the rest. */
function entryAt(columns: Columns, i: number, path: string, detailsAt: (i: number) => EntryDetails): IndexedEntry {
  return {
    path,
    folder: columns.folder[i] ?? '',
    signature: columns.signature[i] ?? '',
    id: columns.id[i] ?? '',
    ready: columns.ready[i] ?? false,
    version: columns.version[i] ?? '',
    description: columns.description[i] ?? '',
    aliases: columns.aliases[i] ?? [],
    tools: columns.tools[i] ?? [],
    recipes: columns.recipes[i] ?? [],
    manifest: columns.manifest[i] ?? '',
    parts: columns.parts[i] ?? [],
    isLive: columns.isLive[i] ?? true,
    details: () => detailsAt(i),
  };
}
