import { type GuestContext, HostCallError } from './context.ts';
import { ByteGatherer } from './gather.ts';

export type FileKind = 'file' | 'directory' | 'other';

export interface FileStat {
  readonly kind: FileKind;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface OpenFlags {
  readonly read: boolean;
  readonly write: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
}

// One host call moves at most this much: WASI programs read and write a few KiB at a time, and calls are counted.
const CHUNK = 256 * 1024;
const NOTHING = new Uint8Array();
// The trusted side cuts a read to a whole number of these, so that another length is the end of the file.
const READ_UNIT = 1024;

interface Ahead {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

/** Writes held back. Appended ones have no place before they are sent, for others may append too. */
interface Behind {
  readonly at: number | 'end';
  readonly bytes: ByteGatherer;
}

/** What a file needs to know of the others that a guest holds open. */
interface Siblings {
  /** The other open descriptors of the same path. */
  others(of: GuestFile): readonly GuestFile[];
  /** It was closed. */
  forget(file: GuestFile): void;
  /** Nobody else can be told of this failure. */
  fail(error: unknown): void;
}

/**
 * A file opened through the gate, with reads ahead and writes gathered. A program sees its own writes at once, also by
 * another descriptor of the same path; other programs see them when this one closes, syncs or ends.
 */
export class GuestFile {
  readonly path: string;
  readonly flags: Pick<OpenFlags, 'read' | 'write'>;
  readonly #siblings: Siblings;
  readonly #context: GuestContext;
  readonly #handle: number;
  readonly #chunk: number;
  #ahead: Ahead | undefined;
  #behind: Behind | undefined;
  #owners = 1;

  constructor(
    siblings: Siblings,
    context: GuestContext,
    of: { readonly handle: number; readonly path: string; readonly flags: OpenFlags },
  ) {
    this.#siblings = siblings;
    this.#context = context;
    this.#handle = of.handle;
    this.path = of.path;
    this.flags = of.flags;
    this.#chunk = Math.min(CHUNK, context.messageBytes);
  }

  /** Up to `length` bytes from `offset`, at most 1 MiB; none at the end of the file. */
  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(length, MAX_READ));
    return bytes.subarray(0, this.readInto(offset, bytes));
  }

  /** Fills `target` as far as the file goes, and answers how far. */
  readInto(offset: number, target: Uint8Array): number {
    if (!this.flags.read) badDescriptor('reading');
    checkRange(offset, target.length);
    this.flush();
    let done = 0;
    while (done < target.length) {
      if (done > 0 && this.#isLast(offset + done)) break;
      const window = this.#window(offset + done).subarray(0, target.length - done);
      if (window.length === 0) break;
      target.set(window, done);
      done += window.length;
    }
    return done;
  }

  /** The file was seen to end here. */
  #isLast(offset: number): boolean {
    const ahead = this.#ahead;
    return ahead?.last === true && offset === ahead.at + ahead.bytes.length;
  }

  /** What is in the file from `offset`, as much as is at hand after at most one host call. */
  #window(offset: number): Uint8Array {
    const ahead = this.#ahead;
    if (ahead !== undefined && offset >= ahead.at && offset < ahead.at + ahead.bytes.length)
      return ahead.bytes.subarray(offset - ahead.at);
    if (this.#isLast(offset)) {
      // Told once from memory, then asked again: the file may be growing.
      this.#ahead = undefined;
      return NOTHING;
    }
    for (const other of this.#siblings.others(this)) other.flush();
    const bytes = asBytes(this.#context.hostCall('file.read', this.#handle, offset, this.#chunk));
    this.#ahead = { at: offset, bytes, last: bytes.length % READ_UNIT !== 0 };
    return bytes;
  }

  write(offset: number, bytes: Uint8Array): void {
    checkRange(offset, bytes.length);
    this.#gather(offset, bytes);
  }

  /** Writes at the end of the file, wherever that is when the bytes are sent. */
  append(bytes: Uint8Array): void {
    this.#gather('end', bytes);
  }

  #gather(at: number | 'end', bytes: Uint8Array): void {
    if (!this.flags.write) badDescriptor('writing');
    if (bytes.length === 0) return;
    this.#changed();
    for (let done = 0; done < bytes.length;) {
      const part = bytes.subarray(done, done + this.#chunk);
      const place = at === 'end' ? at : at + done;
      if (!this.#continues(place, part.length)) {
        this.flush();
        this.#behind = { at: place, bytes: new ByteGatherer() };
      }
      this.#behind?.bytes.push(part);
      done += part.length;
    }
  }

  #continues(place: number | 'end', length: number): boolean {
    const behind = this.#behind;
    if (behind === undefined || behind.bytes.size + length > this.#chunk) return false;
    return behind.at === 'end' ? place === 'end' : behind.at + behind.bytes.size === place;
  }

  /** What was read ahead, here and by other descriptors of the path, is of the past; what those hold back comes first. */
  #changed(): void {
    this.#ahead = undefined;
    for (const other of this.#siblings.others(this)) {
      other.flush();
      other.#ahead = undefined;
    }
  }

  /** Sends what was gathered. */
  flush(): void {
    const behind = this.#behind;
    if (behind === undefined) return;
    this.#behind = undefined;
    const at = behind.at === 'end' ? this.#stat().size : behind.at;
    this.#context.hostCall('file.write', this.#handle, at, behind.bytes.bytes());
  }

  stat(): FileStat {
    this.flush();
    for (const other of this.#siblings.others(this)) other.flush();
    return this.#stat();
  }

  #stat(): FileStat {
    return asStat(this.#context.hostCall('file.stat', this.#handle));
  }

  resize(size: number): void {
    if (!this.flags.write) badDescriptor('writing');
    checkRange(size, 0);
    this.flush();
    this.#changed();
    this.#context.hostCall('file.resize', this.#handle, size);
  }

  /** One more user, such as a stream, who will close it too. */
  retain(): this {
    this.#owners++;
    return this;
  }

  /** Lets go of it; the last user's closing sends what was gathered and gives the handle back. */
  close(): void {
    if (--this.#owners > 0) return;
    try {
      this.flush();
    } finally {
      this.#siblings.forget(this);
      this.#context.hostCall('file.close', this.#handle);
    }
  }

  /** As `close`, for where nobody can be told of a failure: the call is told at its end. */
  drop(): void {
    try {
      this.close();
    } catch (error) {
      this.#siblings.fail(error);
    }
  }
}

const MAX_READ = 1024 * 1024;

function badDescriptor(what: string): never {
  throw new HostCallError('invalid', `the file is not open for ${what}`, 'EBADF');
}

/** Offsets come from guests as 64 bits; the trusted side takes whole numbers that JavaScript can count. */
function checkRange(offset: number, length: number): void {
  if (offset >= 0 && Number.isSafeInteger(offset + length)) return;
  throw new HostCallError('invalid', 'an offset beyond any file', 'EINVAL');
}

function asBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new HostCallError('failed', 'the host answered something else than bytes');
}

export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new HostCallError('failed', 'the host answered something else than a list');
}

export function asKind(value: unknown): FileKind {
  return value === 'file' || value === 'directory' ? value : 'other';
}

export function asStat(value: unknown): FileStat {
  const [kind, size, modified] = asList(value);
  return { kind: asKind(kind), size: Number(size), modified: Number(modified) };
}
