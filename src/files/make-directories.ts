import { dirname } from 'node:path';
import type { Files } from './files.ts';

/** Makes a folder, and those above it that are missing, so that all of them are there after a power cut as well. */
export function makeDirectories(path: string, files: Files): void {
  if (tryMake(path, files)) return;
  // The root of the file system has nothing above it.
  if (dirname(path) !== path) makeDirectories(dirname(path), files);
  // Made anew or not at all: below /proc every folder is missing, and stays so.
  if (!tryMake(path, files)) files.makeDirectory(path);
}

/** False when the folder above is missing. */
function tryMake(path: string, files: Files): boolean {
  try {
    files.makeDirectory(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT') return false;
    throw error;
  }
  files.syncDirectory(dirname(path));
  return true;
}
