import { ARCHIVE_CEILINGS } from './ceilings.ts';
import type { Entries } from './entries.ts';
import type { PaxWords } from './pax.ts';
import { isAhead, readAhead } from './tar-ahead.ts';
import { BLOCK, isZero, parseTarHeader, type TarHeader } from './tar-header.ts';

/** What is not read, by the type in its header. */
const REFUSED: Readonly<Record<string, readonly [reason: string, wrong: string]>> = {
  '1': ['link', 'is a hard link'],
  '2': ['link', 'is a link'],
  '3': ['special_file', 'is a device'],
  '4': ['special_file', 'is a device'],
  '6': ['special_file', 'is a pipe'],
  K: ['link', 'is a link'],
  S: ['sparse', 'is a sparse file'],
};

/** The largest records tar is known to write. */
const MOST_PADDING = 2 ** 20;

/** An entry has two of them at most, but for remarks on all. */
const MOST_HEADERS = ARCHIVE_CEILINGS.entries * 3;

/**
 * Reads a tar by its blocks. Libraries repair what is odd, each in its own way, so that two of them see two packages in
 * one archive; this reader takes what all understand alike, and refuses the rest. Contents are views of `bytes`.
 */
export function readTar(bytes: Uint8Array, entries: Entries): void {
  let ahead: PaxWords | undefined;
  let at = 0;
  for (let headers = 1; ; headers++) {
    if (headers > MOST_HEADERS) throw entries.refuse('too_many_files', `has more than ${MOST_HEADERS} headers`);
    const block = blockAt(bytes, at, entries);
    if (isZero(block)) break;
    const { header, content, next } = readEntry(bytes, at, ahead, entries);
    if (isAhead(header)) {
      if (ahead !== undefined && header.type !== 'g')
        throw entries.refuse('two_names', 'has two headers that say what it is', header.name);
      const said = readAhead(header, content, entries);
      ahead = header.type === 'g' ? ahead : said;
      at = next;
      continue;
    }
    const name = ahead?.path ?? header.name;
    if (name === undefined)
      throw entries.refuse(
        'name_encoding',
        `has an entry whose name is not UTF-8, or goes on behind its end (byte ${at})`,
      );
    takeEntry({ ...header, name }, content, entries);
    ahead = undefined;
    at = next;
  }
  if (ahead !== undefined) throw entries.refuse('truncated', 'ends before the entry of its last header', ahead.path);
  requireEnd(bytes.subarray(at), entries);
}

/** Two blocks of zeros, and more of them to fill a record. */
function requireEnd(end: Uint8Array, entries: Entries): void {
  if (end.length < 2 * BLOCK) throw entries.refuse('truncated', 'ends before its end: it was cut off');
  if (end.length > MOST_PADDING || !isZero(end)) throw entries.refuse('trailing_data', 'goes on behind its end');
}

function blockAt(bytes: Uint8Array, at: number, entries: Entries): Uint8Array {
  if (at + BLOCK > bytes.length) throw entries.refuse('truncated', 'ends before its end: it was cut off');
  return bytes.subarray(at, at + BLOCK);
}

function readEntry(
  bytes: Uint8Array,
  at: number,
  ahead: PaxWords | undefined,
  entries: Entries,
): { readonly header: TarHeader; readonly content: Uint8Array; readonly next: number } {
  const header = parseTarHeader(bytes.subarray(at, at + BLOCK));
  if (typeof header === 'string') throw entries.refuse('header', `${header} (block ${at / BLOCK})`, ahead?.path);
  const size = isAhead(header) ? header.size : (ahead?.size ?? header.size);
  const start = at + BLOCK;
  const end = start + size;
  if (end > bytes.length)
    throw entries.refuse('truncated', `says it has ${size} bytes, more than are left`, ahead?.path ?? header.name);
  return {
    header: { ...header, size },
    content: bytes.subarray(start, end),
    next: start + BLOCK * Math.ceil(size / BLOCK),
  };
}

function takeEntry(
  { name, type, size, mode }: TarHeader & { readonly name: string },
  content: Uint8Array,
  entries: Entries,
): void {
  const refused = REFUSED[type];
  if (refused !== undefined) throw entries.refuse(...refused, name);
  // As `tar -C folder .` writes all its names.
  const plain = name.replace(/^\.\/(?!\/)/, '');
  if (type === '5') {
    if (size !== 0) throw entries.refuse('header', 'is a folder with a content', name);
    entries.open(plain === '.' ? '' : plain, 'folder', 0);
  } else if (type === '0' || type === '\0') {
    const path = entries.open(plain, 'file', size);
    entries.take({ path, bytes: content, executable: (mode & 0o100) !== 0 });
  } else throw entries.refuse('unknown_entry', `is of the unknown type ${JSON.stringify(type)}`, name);
}
