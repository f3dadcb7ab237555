import type { GuestContext } from '../context.ts';
import type { GuestFile } from '../guest-file.ts';
import { type Descriptors, type Fd, FILETYPE, inodeOf, positionOf, writeStat } from './descriptors.ts';
import { ERRNO, refuse, type Wasi1Function } from './errno.ts';
import type { LinearMemory } from './memory.ts';

const RIGHTS_ALL = (1n << 29n) - 1n;
const RIGHT_READ = 1n << 1n;
const RIGHT_WRITE = 1n << 6n;
const FLAG_APPEND = 1;
const WHENCE = ['start', 'current', 'end'] as const;
const ENTRY_HEAD = 24;
const NOTHING = { size: 0, modified: 0 };

const encoder = new TextEncoder();

/** The functions of preview 1 that take an open descriptor. */
export function fdFunctions(
  context: GuestContext,
  { memory, fds, stdin }: { readonly memory: LinearMemory; readonly fds: Descriptors; readonly stdin: StdinCursor },
): Record<string, Wasi1Function> {
  return {
    fd_write: (fd: number, at: number, count: number, doneAt: number) => {
      const entry = fds.get(fd);
      const buffers = memory.buffers(at, count);
      if (entry.kind === 'stdout' || entry.kind === 'stderr') {
        const sink = entry.kind === 'stdout' ? context.stdout : context.stderr;
        memory.setU32(
          doneAt,
          writeAll(buffers, (bytes) => sink.write(bytes)),
        );
      } else if (entry.kind === 'file') memory.setU32(doneAt, writeOn(entry, buffers));
      else refuse(ERRNO.EBADF);
    },
    fd_read: (fd: number, at: number, count: number, doneAt: number) => {
      const entry = fds.get(fd);
      const buffers = memory.buffers(at, count);
      if (entry.kind === 'stdin') memory.setU32(doneAt, stdin.readInto(buffers));
      else if (entry.kind === 'file') {
        const start = positionOf(entry);
        const done = readFrom(entry.file, start, buffers);
        entry.position = start + done;
        memory.setU32(doneAt, done);
      } else refuse(entry.kind === 'directory' ? ERRNO.EISDIR : ERRNO.EBADF);
    },
    fd_pread: (fd: number, at: number, count: number, offset: bigint, doneAt: number) =>
      memory.setU32(doneAt, readFrom(fds.file(fd).file, Number(offset), memory.buffers(at, count))),
    fd_pwrite: (fd: number, at: number, count: number, offset: bigint, doneAt: number) => {
      const { file } = fds.file(fd);
      const buffers = memory.buffers(at, count);
      memory.setU32(
        doneAt,
        writeAll(buffers, (bytes, before) => file.write(Number(offset) + before, bytes)),
      );
    },
    fd_seek: (fd: number, offset: bigint, whence: number, at: number) => {
      const entry = fds.file(fd);
      const from = WHENCE[whence] ?? refuse(ERRNO.EINVAL);
      const base = from === 'start' ? 0 : from === 'current' ? positionOf(entry) : entry.file.stat().size;
      const position = base + Number(offset);
      if (position < 0 || !Number.isSafeInteger(position)) refuse(ERRNO.EINVAL);
      entry.position = position;
      memory.setU64(at, BigInt(position));
    },
    fd_tell: (fd: number, at: number) => memory.setU64(at, BigInt(positionOf(fds.file(fd)))),
    fd_close: (fd: number) => fds.close(fd),
    fd_renumber: (from: number, to: number) => fds.move(from, to),
    fd_fdstat_get: (fd: number, at: number) => {
      const entry = fds.get(fd);
      memory.bytes(at, 24).fill(0);
      const view = memory.view(at, 24);
      view.setUint8(0, typeOf(entry));
      view.setUint16(2, entry.kind === 'file' && entry.append ? FLAG_APPEND : 0, true);
      view.setBigUint64(8, rightsOf(entry), true);
      view.setBigUint64(16, RIGHTS_ALL, true);
    },
    fd_fdstat_set_flags: (fd: number, flags: number) => {
      const entry = fds.get(fd);
      if (entry.kind === 'file') entry.append = (flags & FLAG_APPEND) !== 0;
    },
    fd_fdstat_set_rights: (fd: number) => void fds.get(fd),
    fd_advise: (fd: number) => void fds.get(fd),
    fd_allocate: () => ERRNO.ENOTSUP,
    fd_datasync: (fd: number) => fds.file(fd).file.flush(),
    fd_sync: (fd: number) => fds.file(fd).file.flush(),
    fd_filestat_get: (fd: number, at: number) => {
      const entry = fds.get(fd);
      const path = entry.kind === 'file' ? entry.file.path : entry.kind === 'directory' ? entry.path : entry.kind;
      const stat =
        entry.kind === 'file'
          ? entry.file.stat()
          : entry.kind === 'directory' && !entry.preopen
            ? fds.files.stat(path)
            : NOTHING;
      writeStat(memory, at, { type: typeOf(entry), path, stat });
    },
    fd_filestat_set_size: (fd: number, size: bigint) => fds.file(fd).file.resize(Number(size)),
    fd_filestat_set_times: () => ERRNO.ENOTSUP,
    fd_prestat_get: (fd: number, at: number) => {
      const name = encoder.encode(fds.preopen(fd).path);
      memory.bytes(at, 8).fill(0);
      memory.setU32(at + 4, name.length);
    },
    fd_prestat_dir_name: (fd: number, at: number, length: number) => {
      const name = encoder.encode(fds.preopen(fd).path);
      if (length >>> 0 < name.length) refuse(ERRNO.ENAMETOOLONG);
      memory.bytes(at, name.length).set(name);
    },
    fd_readdir: (fd: number, at: number, length: number, cookie: bigint, doneAt: number) => {
      const entry = fds.directory(fd);
      const out = memory.bytes(at, length);
      if (cookie === 0n) delete entry.entries;
      const { path } = entry;
      entry.entries ??= [{ name: '.', kind: 'directory' }, { name: '..', kind: 'directory' }, ...fds.files.list(path)];
      let used = 0;
      for (let i = Number(cookie); i < entry.entries.length && used < out.length; i++) {
        const item = entry.entries[i];
        if (item === undefined) break;
        const record = directoryRecord({
          next: i + 1,
          inode: inodeOf(`${path}/${item.name}`),
          name: item.name,
          type: FILETYPE[item.kind],
        });
        const part = record.subarray(0, out.length - used);
        out.set(part, used);
        used += part.length;
      }
      memory.setU32(doneAt, used);
    },
  };
}

/** Standard input, and how far it was read. */
export class StdinCursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  readInto(buffers: readonly Uint8Array[]): number {
    const start = this.#at;
    for (const buffer of buffers) {
      const bytes = this.#bytes.subarray(this.#at, this.#at + buffer.length);
      buffer.set(bytes);
      this.#at += bytes.length;
    }
    return this.#at - start;
  }
}

function typeOf({ kind }: Fd): number {
  return kind === 'file' ? FILETYPE.file : kind === 'directory' ? FILETYPE.directory : FILETYPE.stream;
}

function rightsOf(entry: Fd): bigint {
  if (entry.kind === 'directory') return RIGHTS_ALL;
  if (entry.kind !== 'file') return entry.kind === 'stdin' ? RIGHT_READ : RIGHT_WRITE;
  const { read, write } = entry.file.flags;
  return RIGHTS_ALL & ~(read ? 0n : RIGHT_READ) & ~(write ? 0n : RIGHT_WRITE);
}

function readFrom(file: GuestFile, start: number, buffers: readonly Uint8Array[]): number {
  let done = 0;
  for (const buffer of buffers) {
    const count = file.readInto(start + done, buffer);
    done += count;
    if (count < buffer.length) break;
  }
  return done;
}

function writeOn(entry: Fd & { kind: 'file' }, buffers: readonly Uint8Array[]): number {
  if (entry.append) {
    const done = writeAll(buffers, (bytes) => entry.file.append(bytes));
    entry.position = undefined;
    return done;
  }
  const start = positionOf(entry);
  const done = writeAll(buffers, (bytes, before) => entry.file.write(start + before, bytes));
  entry.position = start + done;
  return done;
}

function writeAll(buffers: readonly Uint8Array[], write: (bytes: Uint8Array, done: number) => void): number {
  let done = 0;
  for (const buffer of buffers) {
    write(buffer, done);
    done += buffer.length;
  }
  return done;
}

function directoryRecord(entry: {
  readonly next: number;
  readonly inode: bigint;
  readonly name: string;
  readonly type: number;
}): Uint8Array {
  const name = encoder.encode(entry.name);
  const record = new Uint8Array(ENTRY_HEAD + name.length);
  const head = new DataView(record.buffer);
  head.setBigUint64(0, BigInt(entry.next), true);
  head.setBigUint64(8, entry.inode, true);
  head.setUint32(16, name.length, true);
  head.setUint8(20, entry.type);
  record.set(name, ENTRY_HEAD);
  return record;
}
