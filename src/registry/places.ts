import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quote, SkillError } from '../../host/index.ts';
import type { Download } from '../download/download.ts';

export interface Way {
  readonly download: Download;
  readonly signal: AbortSignal;
}

/**
 * Reads a file of a registry from where it first can be had: the registry, then its mirrors in their order, which are asked
 * when one before cannot answer, and not when it says that there is no such file.
 * @param places addresses; a folder of this machine begins with `file:`
 * @param most bytes
 * @throws SkillError E_NOT_FOUND, E_NETWORK, E_TIMEOUT, E_PACKAGE, E_DENIED
 */
export async function readFromPlaces(
  places: readonly string[],
  path: string,
  most: number,
  way: Way,
): Promise<Uint8Array> {
  let first: SkillError | undefined;
  for (const place of places) {
    try {
      return await (place.startsWith('file:') ? readHere(place, path, most) : readThere(place, path, most, way));
    } catch (error) {
      if (!(error instanceof SkillError) || (error.code !== 'E_NETWORK' && error.code !== 'E_TIMEOUT')) throw error;
      first ??= error;
    }
  }
  throw first ?? missing('', path);
}

async function readThere(place: string, path: string, most: number, { download, signal }: Way): Promise<Uint8Array> {
  const url = `${place.replace(/\/$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const { status, bytes } = await download({ url, most, signal });
  if (status === 200) return bytes;
  if (status === 404 || status === 410) throw missing(place, path);
  throw new SkillError('E_NETWORK', `${quote(url, 300)} answers with status ${status}`, {
    hint: 'try again later, or ask whoever runs the registry',
    details: { reason: 'status', status },
  });
}

function readHere(place: string, path: string, most: number): Uint8Array {
  const file = join(fileURLToPath(place), path);
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw missing(place, path);
    throw new SkillError('E_NETWORK', `${quote(file, 300)} cannot be read: ${code}`, { cause: error });
  }
  try {
    const { size } = fstatSync(fd);
    if (size > most)
      throw new SkillError('E_PACKAGE', `${quote(file, 300)} has ${size} bytes; at most ${most} are read`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function missing(place: string, path: string): SkillError {
  return new SkillError('E_NOT_FOUND', `the registry ${quote(place, 300)} has no file ${quote(path, 300)}`, {
    hint: 'look at its address in config.toml: index.json lies below it',
    details: { reason: 'no_file' },
  });
}
