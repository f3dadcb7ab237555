import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gate } from '../capability/gate.ts';
import { pathOf, systemError } from '../capability/walk.ts';

/** Runs `work` with a directory that is its own, and is gone afterwards with all that is in it. */
export async function withTemporary<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'skillhost-'));
  try {
    return await work(folder);
  } finally {
    // What was killed may still be about to write there.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The environment of a child: what may be read, what is set for it, its `TMPDIR`, and nothing else. */
export function childEnvironment(
  { gate, env }: { readonly gate: Gate; readonly env: Readonly<Record<string, string | undefined>> },
  { temporary, set = {} }: { readonly temporary: string; readonly set?: Readonly<Record<string, string>> | undefined },
): Record<string, string> {
  const granted = gate
    .readable(Object.keys(env))
    .flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return { ...Object.fromEntries([...granted, ...Object.entries(set)]), TMPDIR: temporary };
}

/** Where a program starts. Whoever gets one closes it. */
export interface StartingFolder {
  readonly path: string;
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
  if (asked === undefined)
    return { path: gate.isReadable(cwd) && isDirectory(cwd) ? cwd : temporary, close: () => undefined };
  const place = gate.path(asked, 'filesystem_read');
  if (!place.at.found || !place.at.stat.isDirectory()) {
    place.close();
    throw place.at.found ? systemError('ENOTDIR', 'not a directory') : systemError('ENOENT', 'no such directory');
  }
  return { path: pathOf(place.at.fd), close: () => place.close() };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
