import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { CheckedPath } from '../capability/gate.ts';
import { pathOf, systemError } from '../capability/walk.ts';
import { FIXED } from '../limits.ts';
import { HostCallRefusal } from '../wire/refusal.ts';
import type { WireValue } from '../wire/codec.ts';
import { bytes, flag, record, text, whole } from '../wire/parse-message.ts';
import { type HostFunction, type RunScope, tooLarge } from './scope.ts';

interface OpenFile {
  readonly fd: number;
  readonly read: boolean;
  readonly write: boolean;
  /** What the gate gave for it: asked again at every use. */
  readonly places: readonly CheckedPath[];
}

/** The file functions of one run, with the files it holds open. */
export class FileFunctions {
  readonly #open = new Map<number, OpenFile>();
  #next = 1;

  readonly functions: Readonly<Record<string, HostFunction>> = {
    'fs.read-file': ([path], scope) =>
      using(scope.gate.path(text(path, 'path'), 'filesystem_read'), (place) => readWhole(place, scope)),
    'fs.write-file': ([path, contents], scope) => {
      const data = bytes(contents, 'contents');
      return using(scope.gate.path(text(path, 'path'), 'filesystem_write'), (place) => {
        const fd = openPlace(place, { write: true, create: true, truncate: true });
        return closing(fd, () => writeAll(fd, data, 0));
      });
    },
    'fs.list': ([path], scope) => using(scope.gate.path(text(path, 'path'), 'filesystem_read'), listDirectory),
    'fs.stat': ([path], scope) =>
      using(scope.gate.path(text(path, 'path'), 'filesystem_read'), (place) => statTuple(existing(place).stat)),
    'fs.make-directory': ([path], scope) =>
      using(scope.gate.entry(text(path, 'path')), (place) => act(() => mkdirSync(childOf(place)))),
    'fs.remove-file': ([path], scope) =>
      using(scope.gate.entry(text(path, 'path')), (place) => act(() => unlinkSync(childOf(place)))),
    'fs.remove-directory': ([path], scope) =>
      using(scope.gate.entry(text(path, 'path')), (place) => act(() => rmdirSync(childOf(place)))),
    'fs.rename': ([from, to], scope) => {
      const [before, after] = [text(from, 'from'), text(to, 'to')];
      return using(scope.gate.entry(before), (source) =>
        using(scope.gate.entry(after), (target) => act(() => renameSync(childOf(source), childOf(target)))),
      );
    },
    'file.open': ([path, flags], scope) => this.#openFile(text(path, 'path'), record(flags), scope),
    'file.read': ([handle, offset, length], scope) => {
      const { fd } = this.#use(handle, scope, 'read');
      const size = Math.min(whole(length, 'length'), scope.limits.message_kb * 1024);
      const buffer = new Uint8Array(size);
      return buffer.subarray(0, readFully(fd, buffer, whole(offset, 'offset')));
    },
    'file.write': ([handle, offset, contents], scope) => {
      const { fd } = this.#use(handle, scope, 'write');
      return writeAll(fd, bytes(contents, 'contents'), whole(offset, 'offset'));
    },
    'file.stat': ([handle], scope) => statTuple(fstatSync(this.#use(handle, scope).fd)),
    'file.resize': ([handle, size], scope) =>
      act(() => ftruncateSync(this.#use(handle, scope, 'write').fd, whole(size, 'size'))),
    'file.close': ([handle]) => {
      const { fd } = this.#get(handle);
      this.#open.delete(handle as number);
      return act(() => closeSync(fd));
    },
  };

  /** Closes what the guest left open. */
  close(): void {
    for (const { fd } of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }

  #openFile(path: string, flags: Readonly<Record<string, WireValue | undefined>>, scope: RunScope): number {
    const write = flag(flags['write'], 'write');
    const read = flag(flags['read'], 'read');
    const create = flag(flags['create'], 'create');
    const truncate = flag(flags['truncate'], 'truncate');
    const exclusive = flag(flags['exclusive'], 'exclusive');
    if (this.#open.size >= scope.limits.open_files)
      throw systemError('EMFILE', `more than open_files = ${scope.limits.open_files}`);
    const changes = write || create || truncate;
    const open = (places: readonly [CheckedPath, ...CheckedPath[]]): number => {
      const fd = openPlace(places[0], { read, write: changes, create, truncate, exclusive });
      const handle = this.#next++;
      this.#open.set(handle, { fd, read, write, places });
      return handle;
    };
    return using(scope.gate.path(path, changes ? 'filesystem_write' : 'filesystem_read'), (place) => {
      if (!read || !changes) return open([place]);
      return using(scope.gate.path(path, 'filesystem_read'), (readable) => {
        // Two walks may end in two places when somebody swaps links: each right is for the place it was asked for.
        if (readable.at.realPath !== place.at.realPath)
          throw systemError('EAGAIN', 'the path changed while it was opened');
        return open([place, readable]);
      });
    });
  }

  #get(handle: WireValue | undefined): OpenFile {
    const file = this.#open.get(whole(handle, 'handle'));
    if (file === undefined) throw systemError('EBADF', 'no such open file');
    return file;
  }

  #use(handle: WireValue | undefined, { gate }: RunScope, right?: 'read' | 'write'): OpenFile {
    const file = this.#get(handle);
    if (right !== undefined && !file[right]) throw systemError('EBADF', 'no such open file');
    for (const place of file.places) gate.recheck(place);
    return file;
  }
}

function using<T>(place: CheckedPath, work: (place: CheckedPath) => T): T {
  try {
    return work(place);
  } finally {
    place.close();
  }
}

function closing<T>(fd: number, work: () => T): T {
  try {
    return work();
  } finally {
    closeSync(fd);
  }
}

function act(work: () => void): null {
  work();
  return null;
}

function existing({ at }: CheckedPath): { readonly fd: number; readonly stat: Stats } {
  if (!at.found) throw systemError('ENOENT', 'no such file or directory');
  return at;
}

function childOf({ at }: CheckedPath): string {
  if (at.found) throw new Error('a directory entry was expected');
  return pathOf(at.fd, at.name);
}

interface OpenPlaceFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  readonly truncate?: boolean;
  readonly exclusive?: boolean;
}

/** Opens the very object that was checked, or makes it where nothing was: never what a name leads to by now. */
function openPlace(
  { at }: CheckedPath,
  { read = false, write = false, create = false, truncate = false, exclusive = false }: OpenPlaceFlags,
): number {
  const mode = write ? (read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  if (!at.found) {
    if (!create) throw systemError('ENOENT', 'no such file or directory');
    return openSync(pathOf(at.fd, at.name), mode | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644);
  }
  if (exclusive) throw systemError('EEXIST', 'the file exists');
  if (at.stat.isDirectory()) throw systemError('EISDIR', 'it is a directory');
  return openSync(pathOf(at.fd), mode | (truncate ? constants.O_TRUNC : 0));
}

function readWhole(place: CheckedPath, { limits }: RunScope): Uint8Array {
  const { stat } = existing(place);
  const most = limits.message_kb * 1024;
  if (stat.size > most)
    tooLarge(`the file has ${stat.size} bytes; one message carries message_kb = ${limits.message_kb}`);
  const fd = openPlace(place, { read: true });
  return closing(fd, () => {
    const buffer = new Uint8Array(Math.min(stat.size + 1, most + 1));
    const size = readFully(fd, buffer, 0);
    if (size > most) tooLarge('the file grew over the limit while it was read');
    return buffer.subarray(0, size);
  });
}

function readFully(fd: number, buffer: Uint8Array, offset: number): number {
  let done = 0;
  while (done < buffer.length) {
    const count = readSync(fd, buffer, done, buffer.length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

function writeAll(fd: number, data: Uint8Array, offset: number): null {
  for (let done = 0; done < data.length;) done += writeSync(fd, data, done, data.length - done, offset + done);
  return null;
}

function listDirectory(place: CheckedPath): WireValue {
  const { fd, stat } = existing(place);
  if (!stat.isDirectory()) throw systemError('ENOTDIR', 'not a directory');
  const entries = readdirSync(pathOf(fd), { withFileTypes: true });
  if (entries.length > FIXED.directory_entries.limit)
    throw new HostCallRefusal(
      'too-large',
      `the directory has ${entries.length} entries; directory_entries = ${FIXED.directory_entries.limit}`,
    );
  return entries
    .map((entry): [string, string] => [
      entry.name,
      entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other',
    ])
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function statTuple(stat: Stats): WireValue {
  return [stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other', stat.size, Math.floor(stat.mtimeMs)];
}
