/** A file or folder that is granted, with what the file system calls it: a name may have come to mean another since. */
export interface OrderedPlace {
  readonly path: string;
  readonly dev: string;
  readonly ino: string;
}

/** What the launcher is to do, read from a descriptor: whoever lists processes sees command lines. */
export interface Orders {
  readonly file: string;
  /** From its own name on. */
  readonly argv: readonly string[];
  /** As `NAME=value`. */
  readonly env: readonly string[];
  /** Where it starts: the launcher was started there, and finds it again by this name after it has mounted. */
  readonly folder: string;
  /** What every program needs, to read and run. Links are followed: it belongs to the operator. */
  readonly system: readonly string[];
  readonly readable: readonly OrderedPlace[];
  readonly writable: readonly OrderedPlace[];
  /** Other names of granted places. */
  readonly links: readonly (readonly [name: string, target: string])[];
  readonly hasNetwork: boolean;
}

/** What the launcher says on its status descriptor: at which step it failed, or that the program takes its place. */
export type Report =
  | { readonly starting: true }
  | { readonly failed: { readonly step: string; readonly code: string; readonly message: string } };

/** The step in which the program itself is at fault. */
export const BECOME = 'become the program';
