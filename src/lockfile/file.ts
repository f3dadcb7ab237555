import { randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import type { Files } from '../files/files.ts';
import { encodeLockfile } from './encode.ts';
import { type Lockfile, NO_LOCKFILE } from './lockfile.ts';

const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const UNFINISHED = '.skills.lock-';
const MOST = 16 * 1024 * 1024;

/** The lock file at a path; one without entries where there is none. @throws SkillError E_LOCKFILE */
export async function readLockfile(file: string): Promise<Lockfile> {
  const text = readText(file);
  if (text === undefined) return NO_LOCKFILE;
  const { parseLockfile } = await import('./parse.ts');
  return parseLockfile(text, file);
}

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

function readText(file: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(file, READ);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(file, code === 'ELOOP' ? 'it is a link' : (code ?? String(error)), error);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw unreadable(file, 'it is not a regular file');
    if (stat.size > MOST) throw unreadable(file, `it has ${stat.size} bytes; at most ${MOST} are read`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(fd));
  } catch (error) {
    throw error instanceof SkillError ? error : unreadable(file, 'it is not UTF-8', error);
  } finally {
    closeSync(fd);
  }
}

function unreadable(file: string, why: string, cause?: unknown): SkillError {
  return new SkillError('E_LOCKFILE', `${quote(file, 400)} cannot be read: ${why}`, {
    hint: 'it is a plain file that only skill writes; put back the last good one',
    details: { reason: 'unreadable' },
    cause,
  });
}

/** The old file is still in its place, whatever becomes of this one. */
function removeQuietly(path: string, files: Files): void {
  try {
    files.remove(path);
  } catch {
    // As said above.
  }
}
