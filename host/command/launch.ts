import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
  /** Why the program was not started; undefined when it was. */
  readonly explain: (end: SandboxEnd) => Error | undefined;
}

/** What is known of a sandbox that has ended. */
export interface SandboxEnd {
  /** Of the program, for messages. */
  readonly name: string;
  /** What it told, which the program cannot. */
  readonly heard: string;
  readonly stderr: string;
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
  /** A folder that it may read whatever is granted: that of its skill. */
  readonly own?: string | undefined;
  /** Words of ours, in front of its own. */
  readonly before?: readonly string[] | undefined;
}

/** A program that sees what its user sees. One of several names is started by a link that has the one that was meant. */
export function launchOpenly(
  { file, name, args: own }: CheckedCommand,
  { pinned, env, temporary, before = [] }: Surroundings,
): Launch {
  const args = [...before, ...own];
  if (basename(file) === name) return { file, argv0: name, args, cwd: pinned, env };
  const link = join(temporary, '.skillhost', name);
  mkdirSync(dirname(link));
  symlinkSync(file, link);
  return { file: link, argv0: name, args, cwd: pinned, env };
}
