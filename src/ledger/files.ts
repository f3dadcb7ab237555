import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { codeOf } from './refuse.ts';

// A link planted in the directory must not lead elsewhere, and opening a planted pipe must not wait for its other end.
export const READ_PLAIN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const CREATE = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Names of files on their way in; a killed process can leave one behind, and it means nothing. */
export const BESIDE = /^\.tmp-[0-9]+-[0-9a-f]{16}$/;

/** Makes the directory, and those above it that are missing, for its owner alone. */
export function createDirectory(dir: string): void {
  makeMissing(dir);
  if (!lstatSync(dir).isDirectory()) throw new Error('it is a link or not a directory');
}

/** Node's own `recursive` never returns where ENOENT is said below a directory that is there, as `/proc` does. */
function makeMissing(dir: string): void {
  if (tryMake(dir)) return;
  makeMissing(dirname(dir));
  if (!tryMake(dir)) throw new Error('no directory can be made there');
}

/** False when the directory above is missing. */
function tryMake(dir: string): boolean {
  try {
    mkdirSync(dir, 0o700);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return true;
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Writes all or throws: a short write to a file means that the disk is full. */
export function writeWhole(fd: number, bytes: Buffer): void {
  const written = writeSync(fd, bytes);
  if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes were written`);
}

/**
 * Makes a file appear whole, on disk, and only if no file of that name is there; gives the descriptor to append by.
 * Undefined when another process was first. `link` is what never replaces and never follows.
 */
export function createWhole(path: string, bytes: Buffer): number | undefined {
  const beside = besideOf(path);
  const fd = openSync(beside, CREATE, 0o600);
  let isLinked = false;
  try {
    writeWhole(fd, bytes);
    fsyncSync(fd);
    linkSync(beside, path);
    isLinked = true;
    return fd;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return undefined;
  } finally {
    if (!isLinked) closeSync(fd);
    rmSync(beside, { force: true });
  }
}

/** Replaces a file at once. `rename` replaces the directory entry itself and never follows it. */
export function replaceWhole(path: string, bytes: Buffer): void {
  const beside = besideOf(path);
  const fd = openSync(beside, CREATE, 0o600);
  try {
    writeWhole(fd, bytes);
    fsyncSync(fd);
    renameSync(beside, path);
  } finally {
    closeSync(fd);
    rmSync(beside, { force: true });
  }
}

/** The first bytes of a plain file; undefined when there is none of that name. */
export function readStart(path: string, length: number): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, READ_PLAIN);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    refuseOther(fstatSync(fd));
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(fd, buffer, 0, length, 0));
  } finally {
    closeSync(fd);
  }
}

export function refuseOther(stats: Stats): void {
  if (!stats.isFile()) throw new Error('it is not a plain file');
}

function besideOf(path: string): string {
  return join(dirname(path), `.tmp-${process.pid}-${randomBytes(8).toString('hex')}`);
}
