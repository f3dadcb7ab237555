import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Puts a file into the cache, whole or not at all: whoever reads meanwhile sees the old one. What cannot be written is
 * left out, for a cache only saves time; it is not flushed to the disk either, so its readers check what they read.
 */
export function writeCache(file: string, bytes: Uint8Array): void {
  const temporary = `${file}.${process.pid}.${randomUUID()}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    removeIfThere(temporary);
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where nothing could be written there is nothing to remove.
  }
}
