import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Files } from '../../src/files/files.ts';

/** A disk that keeps the names in a folder only once that folder was flushed. */
export interface LossyFiles extends Files {
  /** Takes back whatever was not flushed, the last first. */
  cutPower(): void;
}

interface Unflushed {
  readonly folder: string;
  readonly undo: () => void;
}

export function lossyFiles(files: Files): LossyFiles {
  let unflushed: Unflushed[] = [];
  const noted = (path: string, undo: () => void): void => void unflushed.push({ folder: dirname(path), undo });
  return {
    makeDirectory(path) {
      files.makeDirectory(path);
      noted(path, () => rmSync(path, { recursive: true }));
    },
    writeNew(path, bytes, mode) {
      files.writeNew(path, bytes, mode);
      noted(path, () => rmSync(path));
    },
    rename(from, to) {
      const restore = existsSync(to) ? backUp(to) : (): void => undefined;
      files.rename(from, to);
      noted(to, () => {
        renameSync(to, from);
        restore();
      });
    },
    link(from, to) {
      files.link(from, to);
      noted(to, () => rmSync(to));
    },
    remove(path) {
      const restore = backUp(path);
      files.remove(path);
      noted(path, restore);
    },
    removeDirectory(path) {
      const mode = lstatSync(path).mode;
      files.removeDirectory(path);
      noted(path, () => mkdirSync(path, mode));
    },
    chmod: files.chmod,
    syncDirectory(path) {
      files.syncDirectory(path);
      unflushed = unflushed.filter(({ folder }) => folder !== path);
    },
    cutPower() {
      for (const { undo } of unflushed.toReversed()) {
        try {
          undo();
        } catch (error) {
          // The folder it was in is gone by itself.
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
      }
      unflushed = [];
    },
  };
}

/** @returns what puts a file back */
function backUp(path: string): () => void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory()) return () => undefined;
  const bytes = readFileSync(path);
  return () => {
    writeFileSync(path, bytes);
    chmodSync(path, stat.mode);
  };
}
