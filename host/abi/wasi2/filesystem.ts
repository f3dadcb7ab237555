import { createHash } from 'node:crypto';
import { DISPOSE } from '../../component/resource.ts';
import { ResultError } from '../../component/trap.ts';
import { type GuestContext, HostCallError, preopens } from '../context.ts';
import { GuestFiles, joinPath } from '../files.ts';
import type { FileKind, FileStat, GuestFile } from '../guest-file.ts';
import { defineInterface, type HostInterface } from '../functions.ts';
import { InputStream, type IoError, OutputStream, StreamFailure } from './io.ts';

type DescriptorFlags = Readonly<Partial<Record<'read' | 'write' | 'mutate-directory', boolean>>>;

/** An open file, or the name of a directory: directories are not held open, every use of one is decided anew. */
class Descriptor {
  readonly path: string;
  readonly file: GuestFile | undefined;
  readonly flags: DescriptorFlags;

  constructor(path: string, file: GuestFile | undefined, flags: DescriptorFlags) {
    this.path = path;
    this.file = file;
    this.flags = flags;
  }

  [DISPOSE](): void {
    this.file?.drop();
  }
}

function directory(path: string): Descriptor {
  return new Descriptor(path, undefined, { read: true, 'mutate-directory': true });
}

class DirectoryStream {
  readonly entries: Iterator<{ readonly name: string; readonly kind: FileKind }>;

  constructor(entries: Iterable<{ readonly name: string; readonly kind: FileKind }>) {
    this.entries = entries[Symbol.iterator]();
  }
}

const CODES: Readonly<Record<string, string>> = {
  EACCES: 'access',
  EBADF: 'bad-descriptor',
  EBUSY: 'busy',
  EDQUOT: 'quota',
  EEXIST: 'exist',
  EFBIG: 'file-too-large',
  EINVAL: 'invalid',
  EIO: 'io',
  EISDIR: 'is-directory',
  ELOOP: 'loop',
  EMFILE: 'insufficient-memory',
  ENAMETOOLONG: 'name-too-long',
  ENOENT: 'no-entry',
  ENOSPC: 'insufficient-space',
  ENOTDIR: 'not-directory',
  ENOTEMPTY: 'not-empty',
  EPERM: 'not-permitted',
  EROFS: 'read-only',
  EXDEV: 'cross-device',
};
const BY_REFUSAL: Readonly<Record<string, string>> = {
  denied: 'access',
  'not-found': 'no-entry',
  invalid: 'invalid',
  'rate-limited': 'would-block',
  'too-large': 'file-too-large',
};

function errorCode(error: HostCallError): string {
  return (error.errno === undefined ? undefined : CODES[error.errno]) ?? BY_REFUSAL[error.code] ?? 'io';
}

function orErrorCode<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof HostCallError) throw new ResultError(errorCode(error));
    throw error;
  }
}

function refuse(code: string): never {
  throw new ResultError(code);
}

const KINDS: Readonly<Record<FileKind, string>> = { file: 'regular-file', directory: 'directory', other: 'unknown' };

function descriptorStat({ kind, size, modified }: FileStat): unknown {
  const time = { seconds: BigInt(Math.floor(modified / 1000)), nanoseconds: Math.floor(modified % 1000) * 1_000_000 };
  return {
    type: KINDS[kind],
    'link-count': 1n,
    size: BigInt(size),
    'data-access-timestamp': time,
    'data-modification-timestamp': time,
    'status-change-timestamp': time,
  };
}

interface OpenAtFlags {
  readonly create: boolean;
  readonly directory: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
}

/** `wasi:filesystem`: two preopens, `/` and `.`; what is below them is decided by the gate, path by path. */
export function filesystemInterfaces(context: GuestContext): {
  readonly files: GuestFiles;
  readonly interfaces: [string, HostInterface][];
} {
  const files = new GuestFiles(context);
  const statOf = (self: Descriptor): FileStat => self.file?.stat() ?? files.stat(self.path);
  const fileOf = (self: Descriptor): GuestFile => self.file ?? refuse('is-directory');
  const at = (self: Descriptor, path: string): string =>
    self.file === undefined ? joinPath(self.path, path) : refuse('not-directory');

  const openAt = (
    self: Descriptor,
    _follow: unknown,
    path: string,
    open: OpenAtFlags,
    flags: DescriptorFlags,
  ): Descriptor =>
    orErrorCode(() => {
      const target = at(self, path);
      const write = flags.write === true;
      if (open.directory) {
        if (open.create || open.truncate || write) refuse('is-directory');
        if (files.stat(target).kind !== 'directory') refuse('not-directory');
        return directory(target);
      }
      if (!open.create && !open.truncate && !write) {
        const existing = files.openExisting(target);
        return existing === undefined ? directory(target) : new Descriptor(target, existing, { read: true });
      }
      const file = files.open(target, { ...open, read: flags.read === true || !write, write });
      return new Descriptor(target, file, flags);
    });

  const hash = (path: string, { size, modified }: FileStat): unknown => {
    const digest = createHash('sha256').update(`${path}\0${size}\0${modified}`).digest();
    return { lower: digest.readBigUInt64LE(0), upper: digest.readBigUInt64LE(8) };
  };
  // A flush leaves the bytes gathered: the adapters of preview 1 flush after each write, and host calls are counted. The
  // guest sees them at once all the same; `sync`, and the end of the call, send them.
  const writer = (self: Descriptor, write: (file: GuestFile, bytes: Uint8Array) => void): OutputStream => {
    const file = fileOf(self).retain();
    return new OutputStream(
      (bytes) => failing(() => write(file, bytes)),
      () => undefined,
      () => file.drop(),
    );
  };

  const types = defineInterface({
    '[method]descriptor.read-via-stream': (self: Descriptor, offset: bigint) => {
      const file = fileOf(self).retain();
      let position = Number(offset);
      const source = (length: number): Uint8Array | undefined => {
        const bytes = failing(() => file.read(position, length));
        position += bytes.length;
        return bytes.length === 0 && length > 0 ? undefined : bytes;
      };
      return new InputStream(source, () => file.drop());
    },
    '[method]descriptor.write-via-stream': (self: Descriptor, offset: bigint) => {
      let position = Number(offset);
      return writer(self, (file, bytes) => {
        file.write(position, bytes);
        position += bytes.length;
      });
    },
    '[method]descriptor.append-via-stream': (self: Descriptor) => writer(self, (file, bytes) => file.append(bytes)),
    '[method]descriptor.advise': () => undefined,
    '[method]descriptor.sync-data': (self: Descriptor) => orErrorCode(() => self.file?.flush()),
    '[method]descriptor.sync': (self: Descriptor) => orErrorCode(() => self.file?.flush()),
    '[method]descriptor.get-flags': (self: Descriptor) => self.flags,
    // Without asking: the adapters of preview 1 ask this of every preopen before anything is granted or denied.
    '[method]descriptor.get-type': (self: Descriptor) => KINDS[self.file === undefined ? 'directory' : 'file'],
    '[method]descriptor.set-size': (self: Descriptor, size: bigint) =>
      orErrorCode(() => fileOf(self).resize(Number(size))),
    '[method]descriptor.set-times': () => refuse('unsupported'),
    '[method]descriptor.set-times-at': () => refuse('unsupported'),
    '[method]descriptor.read': (self: Descriptor, length: bigint, offset: bigint) =>
      orErrorCode(() => {
        const bytes = fileOf(self).read(Number(offset), Number(length));
        return [bytes, bytes.length === 0 && length > 0n];
      }),
    '[method]descriptor.write': (self: Descriptor, bytes: Uint8Array, offset: bigint) =>
      orErrorCode(() => {
        fileOf(self).write(Number(offset), bytes);
        return BigInt(bytes.length);
      }),
    '[method]descriptor.read-directory': (self: Descriptor) =>
      orErrorCode(() => new DirectoryStream(self.file === undefined ? files.list(self.path) : refuse('not-directory'))),
    '[method]descriptor.create-directory-at': (self: Descriptor, path: string) =>
      orErrorCode(() => files.makeDirectory(at(self, path))),
    '[method]descriptor.stat': (self: Descriptor) => orErrorCode(() => descriptorStat(statOf(self))),
    '[method]descriptor.stat-at': (self: Descriptor, _follow: unknown, path: string) =>
      orErrorCode(() => descriptorStat(files.stat(at(self, path)))),
    '[method]descriptor.link-at': () => refuse('not-permitted'),
    '[method]descriptor.symlink-at': () => refuse('not-permitted'),
    '[method]descriptor.readlink-at': () => refuse('invalid'),
    '[method]descriptor.open-at': openAt,
    '[method]descriptor.remove-directory-at': (self: Descriptor, path: string) =>
      orErrorCode(() => files.removeDirectory(at(self, path))),
    '[method]descriptor.unlink-file-at': (self: Descriptor, path: string) =>
      orErrorCode(() => files.removeFile(at(self, path))),
    '[method]descriptor.rename-at': (self: Descriptor, from: string, target: Descriptor, to: string) =>
      orErrorCode(() => files.rename(at(self, from), at(target, to))),
    '[method]descriptor.is-same-object': (self: Descriptor, other: Descriptor) => self === other,
    '[method]descriptor.metadata-hash': (self: Descriptor) => orErrorCode(() => hash(self.path, statOf(self))),
    '[method]descriptor.metadata-hash-at': (self: Descriptor, _follow: unknown, path: string) =>
      orErrorCode(() => hash(at(self, path), files.stat(at(self, path)))),
    '[method]directory-entry-stream.read-directory-entry': (self: DirectoryStream) => {
      const next = self.entries.next();
      return next.done === true ? null : { type: KINDS[next.value.kind], name: next.value.name };
    },
    'filesystem-error-code': ({ code }: IoError) => (typeof code === 'string' ? code : null),
  });
  const folders = defineInterface({
    'get-directories': () => preopens(context).map((path) => [directory(path), path]),
  });
  return {
    files,
    interfaces: [
      ['wasi:filesystem/types', types],
      ['wasi:filesystem/preopens', folders],
    ],
  };
}

/** Turns a refused host call into the failure of a stream. */
function failing<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof HostCallError) throw new StreamFailure(error.message, errorCode(error));
    throw error;
  }
}
