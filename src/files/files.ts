/**
 * Everything that changes the disk below a home, one call of the system each, so that each can fail or be the last one.
 * Reading is not among it: nothing tears by being read.
 */
export interface Files {
  /** @throws the system's error, `EEXIST` for one that is there */
  makeDirectory(path: string): void;
  /** Writes a new file and flushes it. @throws the system's error, `EEXIST` for one that is there */
  writeNew(path: string, bytes: Uint8Array, mode: number): void;
  /** Moves a file or folder; a file that is there is replaced at once. */
  rename(from: string, to: string): void;
  /** Gives a file a second name, unless that is taken (`EEXIST`). */
  link(from: string, to: string): void;
  remove(path: string): void;
  removeDirectory(path: string): void;
  chmod(path: string, mode: number): void;
  /** Flushes the names in a folder. */
  syncDirectory(path: string): void;
}
