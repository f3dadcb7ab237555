import type { RawFile } from '../tree/raw-file.ts';
import { BLOB_OVERHEAD, parseBlobs } from './parse-blobs.ts';
import { pickEntries } from './pick-entries.ts';
import { ask, type Repository } from './repository.ts';
import { parseTreeEntries } from './tree-entry.ts';

const MOST_LISTING = 32 * 1024 * 1024;

/**
 * The files of the skills below a tree, into memory. Nothing is checked out: no filter, hook or submodule comes to run.
 * @throws SkillError E_PACKAGE
 */
export async function readFiles(repository: Repository, tree: string): Promise<readonly RawFile[]> {
  const list = ['ls-tree', '-r', '-z', '--full-tree', '--long', tree];
  const entries = pickEntries(parseTreeEntries(await ask(repository, { args: list, most: MOST_LISTING })));
  const most = entries.reduce((sum, { size }) => sum + size + BLOB_OVERHEAD, 0);
  const input = entries.map(({ id }) => `${id}\n`).join('');
  return parseBlobs(await ask(repository, { args: ['cat-file', '--batch'], input, most }), entries);
}
