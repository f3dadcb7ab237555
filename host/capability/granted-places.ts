import { closeSync } from 'node:fs';
import { decide } from './decide.ts';
import type { Layer } from './layer.ts';
import { isKernelPath } from './parse-path.ts';
import { walk } from './walk.ts';

/** A file or folder that every layer grants, held by a descriptor on that very object. Whoever gets one closes it. */
export interface GrantedPlace {
  readonly fd: number;
  /** As a rule names it, which may be by way of links. */
  readonly at: string;
  readonly real: string;
  readonly isDirectory: boolean;
}

export type FileCapability = 'filesystem_read' | 'filesystem_write';

/**
 * The largest files and folders that all layers grant, together the same as what the gate lets through: a path is covered
 * by every layer exactly when it lies below a path that some layer names and the others cover. What is not there, is
 * neither file nor folder, or is reached by a link that leads out of the grants, is left out.
 */
export function grantedPlaces(capability: FileCapability, layers: readonly Layer[]): GrantedPlace[] {
  const named = layers.flatMap((layer) =>
    layer[capability === 'filesystem_read' ? 'filesystemRead' : 'filesystemWrite'].flatMap(({ written, real }) => [
      written,
      real,
    ]),
  );
  return [...new Set(named)].flatMap((at) => openGranted(at, capability, layers) ?? []);
}

/** Opens what a path leads to, where all layers grant the path and each place its links lead to. */
export function openGranted(
  at: string,
  capability: FileCapability,
  layers: readonly Layer[],
): GrantedPlace | undefined {
  const permit = (path: string): void => {
    if (isKernelPath(path) || !decide({ capability, path }, layers).allowed) throw new Error('not granted');
  };
  try {
    permit(at);
    const place = walk(at, permit);
    if (place.found && (place.stat.isDirectory() || (place.stat.isFile() && place.stat.nlink === 1)))
      return { fd: place.fd, at, real: place.realPath, isDirectory: place.stat.isDirectory() };
    closeSync(place.fd);
  } catch {
    // Refused, or not to be reached by this user: not there, as far as a program is concerned.
  }
  return undefined;
}
