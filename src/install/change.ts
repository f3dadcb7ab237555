import { isDeepStrictEqual } from 'node:util';
import { SkillError } from '../../host/index.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { removeTree } from '../files/remove-tree.ts';
import { type Turn, takeTurn } from '../home/turn.ts';
import type { LedgerEvent } from '../ledger/index.ts';
import { readLockfile } from '../lockfile/file.ts';
import { writeLockfile } from '../lockfile/write.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Store } from '../store/store.ts';
import type { FileTree } from '../tree/file-tree.ts';
import type { Installation } from './installation.ts';

/** What a change leaves: the lock file is what counts, the rest serves it. */
export interface Change {
  readonly lock: Lockfile;
  /** Trees the lock file names that are not in the store yet. */
  readonly trees: readonly StagedTree[];
  /** What is written down before any of it happens. */
  readonly records: readonly LedgerEvent[];
}

export interface StagedTree {
  readonly tree: FileTree;
  /** As `Store.stage` returned it. */
  readonly staged: string;
}

/**
 * Changes what is installed, in a turn of its own. First the records are written, then trees get their names, then the
 * lock file is replaced at once: before that nothing has changed, after it everything has. Trees that no entry names any
 * more are removed last, and before all else those that a process left which was killed.
 * @param decide is given the lock file as it is in this turn. Undefined: nothing is to change.
 * @throws SkillError E_STORE when the home cannot be written; E_LOCKFILE, E_LEDGER, E_UNAVAILABLE; what `decide` throws
 */
export async function changeInstalled(
  installation: Installation,
  decide: (lock: Lockfile) => Change | undefined | Promise<Change | undefined>,
): Promise<Lockfile> {
  const { home, files, store, record, signal } = installation;
  const turn = await inStore(home.root, () => takeTurn(home.turn, { files, signal }));
  try {
    const before = await readLockfile(home.lock);
    sweepLeftovers(installation);
    sweep(installation, before);
    const change = await decide(before);
    if (change === undefined) return before;
    for (const event of change.records) record(event);
    await inStore(home.root, () => {
      makeDirectories(home.root, files);
      for (const { staged, tree } of change.trees) store.keep(staged, tree);
      if (!isDeepStrictEqual(change.lock, before)) writeLockfile(home.lock, change.lock, files);
    });
    sweep(installation, change.lock);
    return change.lock;
  } finally {
    endQuietly(turn);
  }
}

/** Removes what processes left that were killed, and changes nothing else. */
export async function tidy(installation: Installation): Promise<void> {
  await changeInstalled(installation, () => undefined);
}

/** Runs what writes below a home. @throws SkillError E_STORE for an error of the system */
export async function inStore<T>(root: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SkillError) throw error;
    const { code, path = root, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const [why, hint] = REASONS[code] ?? [code, 'look at the folder and its disk, then run the command again'];
    throw new SkillError('E_STORE', `${path} cannot be written: ${why}`, {
      hint,
      details: { code, path },
      cause: error,
    });
  }
}

const FULL = 'make room on that disk, then run the command again';
const REASONS: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  ENOSPC: ['the disk is full', FULL],
  EDQUOT: ['your quota of that disk is used up', FULL],
  EROFS: ['the disk is read-only', 'choose another folder with --home'],
  EACCES: ['you may not write there', 'choose another folder with --home, or change who owns it'],
  EPERM: ['you may not write there', 'choose another folder with --home, or change who owns it'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n), then run the command again'],
  EIO: ['the disk reports an error', 'look at the disk before anything else'],
};

/** Removes trees that nothing names. What cannot be removed is in nobody's way, and removed by a later change. */
function sweep({ store }: Installation, lock: Lockfile): void {
  try {
    for (const hash of unnamedIn(store, lock)) store.remove(hash);
  } catch {
    // As said above.
  }
}

/** Removes what processes left that were killed. What cannot be removed is in nobody's way. */
export function sweepLeftovers({ store, files }: Installation): void {
  try {
    for (const path of store.leftovers()) removeTree(path, files);
  } catch {
    // As said above.
  }
}

/** Hashes of trees that no entry names. */
export function unnamedIn(store: Store, { skills }: Lockfile): readonly string[] {
  const named = new Set([...skills.values()].map(({ integrity }) => integrity));
  return store.list().filter((hash) => !named.has(hash));
}

/** It ends with this process at the latest. */
function endQuietly(turn: Turn): void {
  try {
    turn.end();
  } catch {
    // As said above.
  }
}
