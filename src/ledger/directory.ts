import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { entryNumber } from './entry.ts';
import { codeOf } from './refuse.ts';

/** What is in the directory of a ledger. */
export interface Listing {
  readonly stats: Stats;
  readonly names: readonly string[];
  /** The numbered files, ascending. */
  readonly numbers: readonly number[];
}

/** Undefined when there is no ledger yet; throws when something other than a directory is in its place. */
export async function listDirectory(dir: string): Promise<Listing | undefined> {
  try {
    const stats = await lstat(dir);
    if (!stats.isDirectory()) throw new Error('it is a link or not a directory');
    const names = await readdir(dir);
    const numbers = names.flatMap((name) => entryNumber(name) ?? []).toSorted((a, b) => a - b);
    return { stats, names, numbers };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
