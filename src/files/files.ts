/**
 * Everything that changes the disk below a home, one call of the system each, so that each can fail or be the last one.
 * Reading is not among it: nothing tears by being read.
 */
export interface Files {
  /** @throws the system's error, `EEXIST` for one that is there */
  readonly makeDirectory: (path: string) => void;
  /** Writes a new file and flushes it. @throws the system's error, `EEXIST` for one that is there */
  readonly writeNew: (path: string, bytes: Uint8Array, mode: number) => void;
  /** Moves a file or folder; a file that is there is replaced at once. */
  readonly rename: (from: string, to: string) => void;
  /** Gives a file a second name, unless that is taken (`EEXIST`). */
  readonly link: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly removeDirectory: (path: string) => void;
  readonly chmod: (path: string, mode: number) => void;
  /** Flushes the names in a folder. */
  readonly syncDirectory: (path: string) => void;
}
