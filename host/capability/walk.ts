import { closeSync, constants, fstatSync, openSync, readlinkSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { FIXED } from '../limits.ts';

// Node does not export O_PATH. The value is the kernel's for every architecture Node supports.
const O_PATH = 0o10000000;

/** A place reached by descriptors alone. The caller closes `fd`. */
export type Walked =
  /** Something is there; `fd` is a handle on that very object. */
  | { readonly found: true; readonly fd: number; readonly realPath: string; readonly stat: Stats }
  /** Nothing is there; `fd` is a handle on the directory it would be made in. */
  | { readonly found: false; readonly fd: number; readonly realPath: string; readonly name: string };

/**
 * Walks an absolute path from the root, one name at a time through directory descriptors, so that no name is looked up
 * twice and the kernel never follows a link. Links are followed here: where one leads is a new path, which `permit` sees
 * before anything of it is touched. `permit` sees the real path of the end, too.
 */
export function walk(path: string, permit: (path: string) => void): Walked {
  let target = path;
  for (let links = 0; links <= FIXED.path_links.limit; links++) {
    const step = walkOnce(target);
    if ('link' in step) {
      target = step.link;
      permit(target);
      continue;
    }
    try {
      permit(step.realPath);
    } catch (error) {
      closeSync(step.fd);
      throw error;
    }
    return step;
  }
  throw systemError('ELOOP', `more than path_links = ${FIXED.path_links.limit} links`);
}

/** Opens the directory of a path and answers the last name in it, whether or not anything is there. */
export function walkToParent(path: string, permit: (path: string) => void): Walked & { readonly found: false } {
  const name = posix.basename(path);
  // The directory itself need not be granted, but every place a link on the way leads to is asked for with the name in it.
  const parent = walk(posix.dirname(path), (directory) => permit(posix.join(directory, name)));
  if (!parent.found || !parent.stat.isDirectory()) {
    closeSync(parent.fd);
    throw parent.found ? systemError('ENOTDIR', 'not a directory') : systemError('ENOENT', 'no such directory');
  }
  return { found: false, fd: parent.fd, realPath: posix.join(parent.realPath, name), name };
}

/** The path that names what a descriptor holds, for this process alone. */
export function pathOf(fd: number, name?: string): string {
  return name === undefined ? `/proc/self/fd/${fd}` : `/proc/self/fd/${fd}/${name}`;
}

function walkOnce(path: string): Walked | { readonly link: string } {
  const names = path.split('/').filter((name) => name !== '');
  let fd = openSync('/', O_PATH | constants.O_DIRECTORY);
  try {
    for (const [i, name] of names.entries()) {
      const isLast = i === names.length - 1;
      const next = openAt(fd, name);
      if (next === undefined) {
        if (!isLast) throw systemError('ENOENT', 'no such file or directory');
        const realPath = posix.join(readlinkSync(pathOf(fd)), name);
        return { found: false, fd: hold(fd), realPath, name };
      }
      const directory = fd;
      fd = next;
      try {
        const stat = fstatSync(fd);
        if (stat.isSymbolicLink()) {
          const link = readlinkSync(pathOf(directory, name));
          return { link: posix.resolve(readlinkSync(pathOf(directory)), link, ...names.slice(i + 1)) };
        }
        if (!isLast && !stat.isDirectory()) throw systemError('ENOTDIR', 'not a directory');
      } finally {
        closeSync(directory);
      }
    }
    // The kernel tells no path over 4 KiB and throws, so nothing is held before it has answered.
    const realPath = readlinkSync(pathOf(fd));
    const stat = fstatSync(fd);
    return { found: true, fd: hold(fd), realPath, stat };
  } finally {
    closeSync(fd);
  }
}

/** A second descriptor on the same object, so that the first can be closed on every way out. */
function hold(fd: number): number {
  return openSync(pathOf(fd), O_PATH);
}

function openAt(fd: number, name: string): number | undefined {
  try {
    return openSync(pathOf(fd, name), O_PATH | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function systemError(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
