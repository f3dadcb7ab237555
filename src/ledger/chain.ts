import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { entryName, readEntry } from './entry.ts';
import { createWhole, replaceWhole } from './files.ts';
import { HEAD, type Link, readHead, writeHead } from './head.ts';
import { GENESIS, writeLine } from './line.ts';
import { damaged } from './refuse.ts';

/** Each failed try means that another process got its number, so this many only fail when something is very wrong. */
const MAX_TRIES = 10_000;

/** A file this process has just added, and the descriptor to append to it. */
export interface Claim extends Link {
  readonly fd: number;
  readonly size: number;
}

/**
 * Adds the next numbered file with its link as the first line. There is no lock that a killed process could leave
 * behind: the file appears whole or not at all, and who loses the race for a number takes the next one.
 */
export function claimEntry(dir: string, fields: Readonly<Record<string, unknown>>): Claim {
  if (readEntry(dir, 1) === undefined && readHead(dir) === undefined) createHead(dir);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const latest = findLatest(dir);
    const n = latest.n + 1;
    const { bytes, sum } = writeLine({ seq: 0, prev: latest.sum, n, ...fields });
    const fd = createWhole(join(dir, entryName(n)), bytes);
    if (fd === undefined) continue;
    try {
      advanceHead(dir, { n, sum });
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return { n, sum, fd, size: bytes.length };
  }
  throw damaged(dir, `no number was free after ${MAX_TRIES} tries`);
}

/** The head stands before the first file does, so that a file without a head always means that the head was taken. */
function createHead(dir: string): void {
  const fd = createWhole(join(dir, HEAD), writeHead({ n: 0, sum: GENESIS }));
  if (fd !== undefined) closeSync(fd);
}

/** The last link. A process killed before it moved the head leaves links after it; they count when they follow. */
function findLatest(dir: string): Link {
  const head = readHead(dir);
  if (head === undefined) throw damaged(dir, `${HEAD} is missing`);
  if (head.n > 0 && !holdsLink(dir, head)) {
    throw damaged(dir, `${entryName(head.n)} is missing or not the file ${HEAD} names`);
  }
  for (let latest: Link = head; ;) {
    const next = readEntry(dir, latest.n + 1);
    if (next === undefined) return latest;
    if (next === 'damaged' || next.n !== latest.n + 1 || next.prev !== latest.sum) {
      throw damaged(dir, `${entryName(latest.n + 1)} does not follow the file before it`);
    }
    latest = next;
  }
}

/** A slower process may put an older head over a newer one, so each looks again after writing until nothing follows. */
function advanceHead(dir: string, link: Link): void {
  for (let latest = link; ; latest = findLatest(dir)) {
    replaceWhole(join(dir, HEAD), writeHead(latest));
    if (readEntry(dir, latest.n + 1) === undefined) return;
  }
}

/** True when the file of that number is there and begins with that link. */
export function holdsLink(dir: string, link: Link): boolean {
  const entry = readEntry(dir, link.n);
  return typeof entry === 'object' && entry.n === link.n && entry.sum === link.sum;
}
