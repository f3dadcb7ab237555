import { constants, fstatSync, readlinkSync, readSync, realpathSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** A file that is not read: it is too large, or lies outside of its folder. */
export class NotReadable extends Error {}

/** A folder, a pipe, a device. */
export class NotAFile extends NotReadable {}

/**
 * Reads a regular file of at most `most` bytes below `root`. Links are followed as long as they stay there. Where the
 * file lies is looked at again once it is open: a folder on the way may have been swapped for a link in between. What is
 * open is read without waiting: for a file of such a size, each wait takes longer than what is waited for.
 * @throws NotReadable, or the error of the system
 */
export async function readWithin(root: string, path: string, most: number): Promise<Buffer> {
  const top = await realpath(root);
  const requireInside = (place: string): void => {
    if (place !== top && !place.startsWith(top + sep)) throw new NotReadable('it leads out of the folder of the skill');
  };
  const real = await realpath(join(root, path));
  // Opening a device or a pipe elsewhere would be an effect already.
  requireInside(real);
  const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    requireInside(placeOf(file.fd, real));
    const stat = fstatSync(file.fd);
    const { size } = stat;
    if (!stat.isFile()) throw new NotAFile('it is not a regular file');
    if (size > most) throw new NotReadable(`it has ${size} bytes; at most ${most} are read`);
    const bytes = Buffer.alloc(size);
    return bytes.subarray(0, readSync(file.fd, bytes, 0, size, 0));
  } finally {
    await file.close();
  }
}

/**
 * Where an open file lies. Linux knows; elsewhere its path is followed once more, and whoever may swap folders in it,
 * twice at the right moments, remains unseen.
 */
function placeOf(file: number, path: string): string {
  return process.platform === 'linux' ? readlinkSync(`/proc/self/fd/${file}`) : realpathSync.native(path);
}
