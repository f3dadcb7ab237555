import { realpathSync, rmdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gate } from '../capability/gate.ts';
import { pathOf, systemError } from '../capability/walk.ts';

/** Runs `work` with a directory that is its own, and is gone afterwards with all that is in it. */
export async function withTemporary<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(realpathSync(tmpdir()), 'skillhost-'));
  try {
    return await work(folder);
  } finally {
    // What was killed may still be about to write there.
    if (!isRemoved(folder)) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Most programs leave it empty; to look through it takes three times as long as to make it. */
function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** The environment of a child: what may be read, what is set for it, where it is, and nothing else. */
export function childEnvironment(
  { gate, env }: { readonly gate: Gate; readonly env: Readonly<Record<string, string | undefined>> },
  { temporary, folder, set = {} }: Places & { readonly set?: Readonly<Record<string, string>> | undefined },
): Record<string, string> {
  const granted = gate
    .readable(Object.keys(env))
    .flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return { ...Object.fromEntries([...granted, ...Object.entries(set)]), TMPDIR: temporary, PWD: folder };
}

interface Places {
  readonly temporary: string;
  /** Where it starts. */
  readonly folder: string;
}

/** Where a program starts. Whoever gets one closes it. */
export interface StartingFolder {
  readonly real: string;
  /** A name of the folder that cannot come to mean another. */
  readonly pinned: string;
  readonly close: () => void;
}

/**
 * The folder that was asked for; otherwise `cwd` where it may be read; otherwise the program's own.
 * @throws CapabilityDenied; NodeJS.ErrnoException ENOENT, ENOTDIR for one that is not there
 */
export function startingFolder(
  { gate, cwd }: { readonly gate: Gate; readonly cwd: string },
  { asked, temporary }: { readonly asked?: string | undefined; readonly temporary: string },
): StartingFolder {
  if (asked === undefined) {
    const real = gate.readableFolder(cwd) ?? temporary;
    return { real, pinned: real, close: () => undefined };
  }
  const place = gate.path(asked, 'filesystem_read');
  if (!place.at.found || !place.at.stat.isDirectory()) {
    place.close();
    throw place.at.found ? systemError('ENOTDIR', 'not a directory') : systemError('ENOENT', 'no such directory');
  }
  return { real: place.at.realPath, pinned: pathOf(place.at.fd), close: () => place.close() };
}
