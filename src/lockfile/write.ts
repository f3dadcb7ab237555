import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from '../files/files.ts';
import { encodeLockfile } from './encode.ts';
import type { Lockfile } from './lockfile.ts';

const UNFINISHED = '.skills.lock-';

/**
 * Puts a lock file in its place, whole: whoever reads meanwhile, or after a power cut, sees the old one or the new one.
 * Only whoever has the turn of the home may.
 */
export function writeLockfile(file: string, lock: Lockfile, files: Files): void {
  const temporary = join(dirname(file), `${UNFINISHED}${randomUUID()}`);
  // Of processes that were killed in their turn.
  for (const name of readdirSync(dirname(file)))
    if (name.startsWith(UNFINISHED)) removeQuietly(join(dirname(file), name), files);
  try {
    files.writeNew(temporary, Buffer.from(encodeLockfile(lock)), 0o600);
    files.rename(temporary, file);
  } catch (error) {
    removeQuietly(temporary, files);
    throw error;
  }
  files.syncDirectory(dirname(file));
}

/** The old file is still in its place, whatever becomes of this one. */
function removeQuietly(path: string, files: Files): void {
  try {
    files.remove(path);
  } catch {
    // As said above.
  }
}
