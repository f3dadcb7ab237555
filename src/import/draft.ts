import type { Manifest, Problem } from '../manifest/manifest.ts';
import type { RawFile } from '../tree/raw-file.ts';
import type { NotCarried } from './not-carried.ts';

/** A skill as it will be written: what `skill.toml` says, and every other file. */
export interface Draft {
  readonly manifest: Manifest;
  readonly files: readonly RawFile[];
  readonly notCarried: readonly NotCarried[];
  /** Lines for people, in the README of a skill that has none. */
  readonly about?: readonly string[];
}

/** A draft, or all that is wrong with the source. */
export type Drafted = Draft | { readonly problems: readonly Problem[] };

export function textFile(path: string, text: string, executable = false): RawFile {
  return { path, bytes: Buffer.from(text), executable };
}
