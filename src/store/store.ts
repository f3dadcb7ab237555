import { randomUUID } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from '../files/files.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { removeTree } from '../files/remove-tree.ts';
import { isAlive } from '../home/owner.ts';
import type { FileTree } from '../tree/file-tree.ts';
import { checkTree } from './check-tree.ts';

const HASH = /^sha256:([0-9a-f]{64})$/;
const PASSING = /^\d+-/;
const HEX = /^[0-9a-f]{64}$/;
const [FILE, PROGRAM, FOLDER] = [0o444, 0o555, 0o555];

/**
 * Trees of files by their hash. A tree is written beside, flushed, and moved to its name at once: whatever has a name here
 * is whole. It is never changed after that.
 */
export class Store {
  /**
   * Where trees have their names. Those on their way in or out lie beside them, for a folder that may not be written moves
   * only within the folder it lies in.
   */
  readonly trees: string;
  readonly #files: Files;

  constructor(root: string, files: Files) {
    this.trees = join(root, 'sha256');
    this.#files = files;
  }

  /** Where something of this process may lie for a while; `leftovers` finds it when the process is gone. */
  passing(): string {
    return join(this.trees, `${process.pid}-${randomUUID()}`);
  }

  /** Where a tree is, or would be. */
  pathOf(hash: string): string {
    const [, hex] = HASH.exec(hash) ?? [];
    if (hex === undefined) throw new TypeError(`no hash of a tree: ${hash}`);
    return join(this.trees, hex);
  }

  /** Hashes of all trees. */
  list(): readonly string[] {
    return namesIn(this.trees)
      .filter((name) => HEX.test(name))
      .map((name) => `sha256:${name}`);
  }

  /**
   * Writes a tree where nothing looks for it, and flushes it.
   * @returns its folder, for `keep` or `discard`
   */
  stage(tree: FileTree): string {
    const folder = this.passing();
    makeDirectories(folder, this.#files);
    const folders = new Set<string>([folder]);
    for (const { path, bytes, executable } of tree.files) {
      const file = join(folder, path);
      this.#makeFolders(dirname(file), folders);
      this.#files.writeNew(file, bytes, executable ? PROGRAM : FILE);
    }
    for (const inner of [...folders].toReversed()) {
      this.#files.syncDirectory(inner);
      // Against accidents: whoever owns a file can always change it, which is what `checkTree` finds.
      this.#files.chmod(inner, FOLDER);
    }
    return folder;
  }

  /** Gives a staged tree its name. One that is there already, and is as it should be, stays; one that is not is replaced. */
  keep(staged: string, { hash }: FileTree): void {
    const path = this.pathOf(hash);
    if (isThere(path)) {
      if (checkTree(path, hash) === undefined) return this.discard(staged);
      this.#retire(path);
    }
    this.#files.rename(staged, path);
    this.#files.syncDirectory(this.trees);
  }

  discard(staged: string): void {
    removeTree(staged, this.#files);
  }

  /** As `discard`; what stays is swept later, as what dead processes left. */
  discardQuietly(staged: string): void {
    try {
      this.discard(staged);
    } catch {
      // As said above.
    }
  }

  /** Takes a tree out of the store. It loses its name first, so that none is ever there in part. */
  remove(hash: string): void {
    const path = this.pathOf(hash);
    if (isThere(path)) this.#retire(path);
  }

  /** Folders that processes left which no longer are: of trees on their way in or out. */
  leftovers(): readonly string[] {
    return namesIn(this.trees)
      .filter((name) => PASSING.test(name) && !isAlive({ pid: Number.parseInt(name, 10), started: '' }))
      .map((name) => join(this.trees, name));
  }

  #retire(path: string): void {
    const gone = this.passing();
    this.#files.rename(path, gone);
    removeTree(gone, this.#files);
  }

  #makeFolders(path: string, made: Set<string>): void {
    if (made.has(path)) return;
    this.#makeFolders(dirname(path), made);
    this.#files.makeDirectory(path);
    made.add(path);
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
