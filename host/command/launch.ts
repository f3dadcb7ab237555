import type { CheckedCommand } from '../capability/gate.ts';

/** What the operating system is asked to start. */
export interface Launch {
  readonly file: string;
  readonly argv0: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox?: SandboxLaunch;
}

/** For a program that is started by way of a sandbox. */
export interface SandboxLaunch {
  /** Where the sandbox reads its options. */
  readonly options: readonly string[];
  /** Handed on, from `FIRST_MOUNT` on. */
  readonly descriptors: readonly number[];
}

/** Descriptors of a sandbox: where it reads its options, where it tells how the program ended, and what it mounts. */
export const OPTIONS_FD = 3;
export const STATUS_FD = 4;
export const FIRST_MOUNT = 5;

export interface Surroundings {
  /** A folder of its own, for temporary files. */
  readonly temporary: string;
  /** Its real path. */
  readonly folder: string;
  /** A name of the folder that cannot come to mean another. */
  readonly pinned: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A program that sees what its user sees. */
export function launchOpenly({ file, name, args }: CheckedCommand, { pinned, env }: Surroundings): Launch {
  return { file, argv0: name, args, cwd: pinned, env };
}
