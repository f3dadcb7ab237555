import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** A file that is not read, for it is too large. */
export class TooLarge extends Error {}

/**
 * Reads a regular file of at most `most` bytes. Synchronous, as `listFolder` is.
 * @throws TooLarge, or an error with a `code`
 */
export function readCapped(path: string, most: number): Buffer {
  // Opening a pipe would wait for its writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'not a regular file' });
    if (stat.size > most) throw new TooLarge(`it has ${stat.size} bytes; at most ${most} are read`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
