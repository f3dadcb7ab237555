import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { findBubblewrap } from '../../../host/command/bubblewrap.ts';
import { findLandlock } from '../../../host/command/landlock/find-landlock.ts';
import type { WireValue } from '../../../host/wire/codec.ts';
import { temporaryFolder } from './scope-fixture.ts';

/** What the program `tell` prints of itself. */
export interface Told {
  readonly argv: readonly string[];
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: string;
}

const TELL = `
const { readFileSync } = require('node:fs');
const telling = { argv: process.argv.slice(2), name: process.argv0, env: process.env, cwd: process.cwd(), stdin: readFileSync(0, 'latin1') };
process.stdout.write(JSON.stringify(telling));
`;

export interface Programs {
  readonly root: string;
  /** The folder of the programs, for PATH. */
  readonly bin: string;
  /** Adds a Node program. */
  readonly add: (name: string, source: string) => string;
}

/** A folder of programs, with \`tell\` in it, which prints its arguments and surroundings as JSON. */
export function programs(): Programs {
  const root = temporaryFolder();
  const bin = join(root, 'bin');
  mkdirSync(bin);
  const add = (name: string, source: string): string => {
    const file = join(bin, name);
    writeFileSync(file, `#!${process.execPath}\n${source}`);
    chmodSync(file, 0o755);
    return file;
  };
  add('tell', TELL);
  return { root, bin, add };
}

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The answer of `command.execute`, by name. */
export function endedOf(value: WireValue): Ended {
  const [status, stdout, stderr] = value as unknown as [number, Uint8Array, Uint8Array];
  return { status, stdout: Buffer.from(stdout).toString(), stderr: Buffer.from(stderr).toString() };
}

export function toldOf(value: WireValue): Told {
  const { status, stdout, stderr } = endedOf(value);
  if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Told;
}

/** Gives this process a folder for temporary files until the test ends; answers how to list the folders of programs in it. */
export function ownTemporaries(): () => string[] {
  const folder = temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return () => readdirSync(folder).filter((name) => /^skillhost-.{6}$/.test(name));
}

export const HAS_BUBBLEWRAP = findBubblewrap() !== undefined;

export const HAS_LANDLOCK = findLandlock() !== undefined;

/** Until the test ends, the bubblewrap that this process finds does not work. */
export function breakBubblewrap(): void {
  breakPrograms(['bwrap']);
}

/** Until the test ends, nothing that this process finds makes namespaces, so that programs run in the open. */
export function breakSandboxes(): void {
  breakPrograms(['bwrap', 'unshare']);
}

function breakPrograms(names: readonly string[]): void {
  const bin = temporaryFolder();
  for (const name of names) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name}: No permissions to create a new namespace" >&2; exit 1\n`);
    chmodSync(join(bin, name), 0o755);
  }
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** Whether a process runs that has this word among its arguments, in whatever namespace. */
export function isRunning(word: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word)) return false;
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  });
}
