import { FIXED } from '../../limits.ts';
import { type GuestContext, preopens } from '../context.ts';
import { GuestFiles, joinPath } from '../files.ts';
import type { FileKind, FileStat, GuestFile } from '../guest-file.ts';
import { ERRNO, refuse } from './errno.ts';
import type { LinearMemory } from './memory.ts';

/** Something a descriptor stands for. */
export type Fd =
  | { readonly kind: 'stdin' | 'stdout' | 'stderr' }
  | {
      readonly kind: 'directory';
      readonly path: string;
      readonly preopen: boolean;
      /** What is in it, as read when its listing began. */
      entries?: readonly { readonly name: string; readonly kind: FileKind }[];
    }
  | {
      readonly kind: 'file';
      readonly file: GuestFile;
      /** Undefined at the end of the file, after an append. */
      position: number | undefined;
      append: boolean;
    };

// Not a character device: a C library would take that for a terminal.
export const FILETYPE: Readonly<Record<FileKind | 'stream', number>> = { other: 0, stream: 0, directory: 3, file: 4 };
const FIRST_PREOPEN = 3;

/** The open descriptors of one call. */
export class Descriptors {
  readonly files: GuestFiles;
  readonly #open: Map<number, Fd>;
  readonly #first: number;

  constructor(context: GuestContext) {
    this.files = new GuestFiles(context);
    const folders = preopens(context);
    this.#first = FIRST_PREOPEN + folders.length;
    this.#open = new Map<number, Fd>([
      [0, { kind: 'stdin' }],
      [1, { kind: 'stdout' }],
      [2, { kind: 'stderr' }],
      ...folders.map((path, i): [number, Fd] => [FIRST_PREOPEN + i, { kind: 'directory', path, preopen: true }]),
    ]);
  }

  find(fd: number): Fd | undefined {
    return this.#open.get(fd);
  }

  get(fd: number): Fd {
    return this.#open.get(fd) ?? refuse(ERRNO.EBADF);
  }

  file(fd: number): Fd & { kind: 'file' } {
    const entry = this.get(fd);
    return entry.kind === 'file' ? entry : refuse(entry.kind === 'directory' ? ERRNO.EISDIR : ERRNO.ESPIPE);
  }

  directory(fd: number): Fd & { kind: 'directory' } {
    const entry = this.get(fd);
    return entry.kind === 'directory' ? entry : refuse(ERRNO.ENOTDIR);
  }

  preopen(fd: number): Fd & { kind: 'directory' } {
    const entry = this.get(fd);
    return entry.kind === 'directory' && entry.preopen ? entry : refuse(ERRNO.EBADF);
  }

  /** The whole path of one that is relative to a directory. */
  path(fd: number, relative: string): string {
    return joinPath(this.directory(fd).path, relative);
  }

  /** Refuses when no further descriptor can be had. */
  reserve(): void {
    if (this.#open.size >= FIXED.descriptors.limit) refuse(ERRNO.EMFILE);
  }

  add(entry: Fd): number {
    let fd = this.#first;
    while (this.#open.has(fd)) fd++;
    this.#open.set(fd, entry);
    return fd;
  }

  close(fd: number): void {
    const entry = this.get(fd);
    this.#open.delete(fd);
    if (entry.kind === 'file') entry.file.close();
  }

  /** Puts `from` in the place of `to`, which is closed. */
  move(from: number, to: number): void {
    const entry = this.get(from);
    this.get(to);
    if (from === to) return;
    this.close(to);
    this.#open.delete(from);
    this.#open.set(to, entry);
  }
}

/** Where the next byte is read or written. */
export function positionOf(entry: Fd & { kind: 'file' }): number {
  return (entry.position ??= entry.file.stat().size);
}

/** Programs take two files with the same device and number for one. Hosts tell no numbers, so a path gives its own. */
export function inodeOf(path: string): bigint {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let i = 0; i < path.length; i++) {
    low = Math.imul(low ^ path.charCodeAt(i), 0x01000193);
    high = Math.imul(high ^ low ^ path.charCodeAt(i), 0x85ebca6b);
  }
  return (BigInt(high >>> 1) << 32n) | BigInt(low >>> 0) | 1n;
}

export function writeStat(
  memory: LinearMemory,
  at: number,
  {
    type,
    path,
    stat,
  }: { readonly type: number; readonly path: string; readonly stat: Pick<FileStat, 'size' | 'modified'> },
): void {
  const time = BigInt(Math.floor(stat.modified)) * 1_000_000n;
  memory.bytes(at, 64).fill(0);
  const view = memory.view(at, 64);
  view.setBigUint64(8, inodeOf(path), true);
  view.setUint8(16, type);
  view.setBigUint64(24, 1n, true);
  view.setBigUint64(32, BigInt(stat.size), true);
  for (const offset of [40, 48, 56]) view.setBigUint64(offset, time, true);
}
