import type { FileTree } from '../tree/file-tree.ts';
import type { RawFile } from '../tree/raw-file.ts';

/** What became of files, by their paths. */
export interface FileChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export function compareFiles(before: readonly RawFile[], { files }: FileTree): FileChanges {
  const old = new Map(before.map((file) => [file.path, file]));
  const now = new Set(files.map(({ path }) => path));
  const isOther = (file: RawFile): boolean => {
    const was = old.get(file.path);
    return was !== undefined && (was.executable !== file.executable || Buffer.compare(was.bytes, file.bytes) !== 0);
  };
  return {
    added: files.filter(({ path }) => !old.has(path)).map(({ path }) => path),
    changed: files.filter(isOther).map(({ path }) => path),
    removed: before.filter(({ path }) => !now.has(path)).map(({ path }) => path),
  };
}
