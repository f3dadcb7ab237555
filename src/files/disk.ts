import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Files } from './files.ts';

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** The disk itself. */
export const DISK: Files = {
  makeDirectory(path) {
    mkdirSync(path, 0o700);
  },
  writeNew(path, bytes, mode) {
    const file = openSync(path, CREATE, mode);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      // What the umask took away.
      fchmodSync(file, mode);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },
  rename: renameSync,
  link: linkSync,
  remove: unlinkSync,
  removeDirectory: rmdirSync,
  chmod: chmodSync,
  syncDirectory(path) {
    // Windows opens no folder, and flushes names by itself.
    if (process.platform === 'win32') return;
    const folder = openSync(path, constants.O_RDONLY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
};
