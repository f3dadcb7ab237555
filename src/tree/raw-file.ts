/** A file of a package as it came from somewhere; nothing about it was checked. */
export interface RawFile {
  /** As it was written there, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}
