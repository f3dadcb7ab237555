import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** A file that is not read: it is none, is too large, or lies outside of its folder. */
export class NotReadable extends Error {}

/**
 * Reads a regular file of at most `most` bytes below `root`. Links are followed, and what they led to is checked once it
 * is open, so that nobody can change where a path leads between the check and the reading.
 * @throws NotReadable, or the error of the system
 */
export async function readWithin(root: string, path: string, most: number): Promise<Buffer> {
  // Without waiting for a writer, should it be a pipe.
  const file = await open(join(root, path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const opened = await file.stat();
    const real = await realpath(join(root, path));
    const there = await stat(real);
    const isInside = real.startsWith((await realpath(root)) + sep);
    if (!isInside || there.ino !== opened.ino || there.dev !== opened.dev)
      throw new NotReadable('it leads out of the folder of the skill');
    if (!opened.isFile()) throw new NotReadable('it is not a regular file');
    if (opened.size > most) throw new NotReadable(`it has ${opened.size} bytes; at most ${most} are read`);
    const bytes = Buffer.alloc(opened.size);
    const { bytesRead } = await file.read(bytes, 0, opened.size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
