import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { quote, SkillError } from '../../host/index.ts';
import { type Lockfile, NO_LOCKFILE } from './lockfile.ts';

const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const MOST = 16 * 1024 * 1024;

/** The lock file at a path; one without entries where there is none. @throws SkillError E_LOCKFILE */
export async function readLockfile(file: string): Promise<Lockfile> {
  const text = readText(file);
  if (text === undefined) return NO_LOCKFILE;
  const { parseLockfile } = await import('./parse.ts');
  return parseLockfile(text, file);
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
