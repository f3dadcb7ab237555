import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** A file that is not read: it is too large, lies outside of its folder, or is a folder, a pipe or a device. */
export class NotReadable extends Error {}

/**
 * Reads a regular file of at most `most` bytes below `root`. Links are followed as long as they stay there. What was
 * opened is checked again: a folder on the way may have been swapped for a link in between.
 * @throws NotReadable, or the error of the system
 */
export async function readWithin(root: string, path: string, most: number): Promise<Buffer> {
  const real = await realpath(join(root, path));
  const top = await realpath(root);
  if (real !== top && !real.startsWith(top + sep)) throw new NotReadable('it leads out of the folder of the skill');
  // Without waiting for a writer, should it be a pipe.
  const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const opened = await file.stat();
    const there = await stat(real);
    if ((await realpath(real)) !== real || there.ino !== opened.ino || there.dev !== opened.dev)
      throw new NotReadable('it was swapped for another file');
    if (!opened.isFile()) throw new NotReadable('it is not a regular file');
    if (opened.size > most) throw new NotReadable(`it has ${opened.size} bytes; at most ${most} are read`);
    const bytes = Buffer.alloc(opened.size);
    const { bytesRead } = await file.read(bytes, 0, opened.size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
