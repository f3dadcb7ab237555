import { checkPath } from '../tree/check-path.ts';
import type { RawFile } from '../tree/raw-file.ts';
import { ARCHIVE_CEILINGS } from './ceilings.ts';
import { refuseArchive } from './refuse-archive.ts';

/** The entries of one archive as they are read: counted, with names that a package may have, each once. */
export class Entries {
  readonly shown: string;
  readonly files: RawFile[] = [];
  readonly folders = new Set<string>();
  readonly #names = new Set<string>();
  #count = 0;
  #fileCount = 0;
  #bytes = 0;

  constructor(shown: string) {
    this.shown = shown;
  }

  /** Before anything of an entry is unpacked. `name` is as it stands in the archive, `size` in unpacked bytes. */
  open(name: string, kind: 'file' | 'folder', size: number): string {
    if (++this.#count > ARCHIVE_CEILINGS.entries)
      throw this.refuse('too_many_files', `is one entry too many; at most ${ARCHIVE_CEILINGS.entries} are read`, name);
    // The folder itself, as `tar -C folder .` writes it.
    if (kind === 'folder' && name === '') return name;
    const path = kind === 'folder' ? name.replace(/\/$/, '') : name;
    const wrong = checkPath(path);
    if (wrong !== undefined) throw this.refuse('path', wrong, name);
    if (this.#names.has(path)) throw this.refuse('same_name', 'is in it twice', name);
    this.#names.add(path);
    if (kind === 'folder') this.folders.add(path);
    else this.#countFile(name, size);
    return path;
  }

  take(file: RawFile): void {
    this.files.push(file);
  }

  refuse(reason: string, wrong: string, entry?: string): Error {
    return refuseArchive(this.shown, reason, wrong, entry);
  }

  #countFile(name: string, size: number): void {
    const { files, bytes } = ARCHIVE_CEILINGS;
    this.#bytes += size;
    if (this.#bytes > bytes)
      throw this.refuse('too_large', `is over what a package may unpack to, ${bytes / 2 ** 20} MiB`, name);
    if (++this.#fileCount > files)
      throw this.refuse('too_many_files', `is one file too many; a package has at most ${files}`, name);
  }
}
