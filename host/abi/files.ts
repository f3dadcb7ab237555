import { type GuestContext, HostCallError } from './context.ts';
import { asKind, asList, asStat, type FileKind, type FileStat, GuestFile, type OpenFlags } from './guest-file.ts';

/** The file system as a guest sees it: every path goes to the gate, whole. */
export class GuestFiles {
  readonly #context: GuestContext;
  readonly #open = new Set<GuestFile>();
  #failure: { readonly error: unknown } | undefined;

  constructor(context: GuestContext) {
    this.#context = context;
  }

  open(path: string, { read, write, create, exclusive, truncate }: OpenFlags): GuestFile {
    for (const file of this.#open) if (file.path === path) file.flush();
    const flags = { read, write, create, exclusive, truncate };
    const handle = Number(this.#context.hostCall('file.open', path, flags));
    const file = new GuestFile(this, this.#context, { handle, path, flags });
    this.#open.add(file);
    return file;
  }

  /** Opens what is there to be read; undefined when that is a directory, which needs no handle. */
  openExisting(path: string): GuestFile | undefined {
    try {
      return this.open(path, { read: true, write: false, create: false, exclusive: false, truncate: false });
    } catch (error) {
      if (error instanceof HostCallError && error.errno === 'EISDIR') return undefined;
      throw error;
    }
  }

  stat(path: string): FileStat {
    for (const file of this.#open) if (file.path === path) file.flush();
    return asStat(this.#context.hostCall('fs.stat', path));
  }

  list(path: string): { readonly name: string; readonly kind: FileKind }[] {
    return asList(this.#context.hostCall('fs.list', path)).map((entry) => {
      const [name, kind] = asList(entry);
      return { name: String(name), kind: asKind(kind) };
    });
  }

  makeDirectory(path: string): void {
    this.#context.hostCall('fs.make-directory', path);
  }

  removeDirectory(path: string): void {
    this.#context.hostCall('fs.remove-directory', path);
  }

  removeFile(path: string): void {
    this.#context.hostCall('fs.remove-file', path);
  }

  rename(from: string, to: string): void {
    // Whoever opens the new name must find what was written under the old one.
    for (const file of this.#open) if (file.path === from) file.flush();
    this.#context.hostCall('fs.rename', from, to);
  }

  /** The other open descriptors of the same path. */
  others(of: GuestFile): GuestFile[] {
    return [...this.#open].filter((file) => file !== of && file.path === of.path);
  }

  forget(file: GuestFile): void {
    this.#open.delete(file);
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Sends what guests left unflushed; at the end of a call. @throws the first failure, also an earlier one nobody was told. */
  flush(): void {
    for (const file of this.#open) {
      try {
        file.flush();
      } catch (error) {
        this.fail(error);
      }
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }
}

/**
 * Joins a path to the directory it is relative to, by text: `.` and empty parts vanish, `..` takes one part away.
 * Links are no concern here; the gate sees the result whole.
 * @throws HostCallError denied when it climbs out of the directory.
 */
export function joinPath(directory: string, path: string): string {
  if (path === '') throw new HostCallError('not-found', 'an empty path', 'ENOENT');
  if (path.startsWith('/')) throw new HostCallError('denied', 'an absolute path where a relative one belongs', 'EPERM');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined)
      throw new HostCallError('denied', 'the path climbs out of its directory', 'EPERM');
  }
  if (parts.length === 0) return directory;
  return directory.endsWith('/') ? directory + parts.join('/') : `${directory}/${parts.join('/')}`;
}
