import { closeSync, fstatSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isWithin } from '../../mounts.ts';
import { type CopiedPlace, putInPlace } from './copied-place.ts';
import { holdPresent } from './held-place.ts';
import { makeReadOnly, mountNew } from './mounts.ts';

/** Made anew by others, or not at all. */
const OF_THE_KERNEL = ['/dev', '/proc', '/sys'];

/**
 * Replaces the folders of the root by ones that hold nothing but the places, each at its name: what may not be read is not
 * there, as programs expect of machines that lack it, and the servers of this machine have no name in it.
 * @param places outer ones first
 */
export function rebuildFolders(
  places: readonly CopiedPlace[],
  links: readonly (readonly [name: string, target: string])[],
): void {
  const paths = places.map(({ path }) => path);
  const rebuilt = rootFolders().filter((folder) => !paths.includes(folder));
  for (const folder of rebuilt) mountNew('tmpfs', folder, 'mode=0755,size=1m');
  for (const [i, place] of places.entries()) {
    const isThere = dirname(place.path) === '/' || paths.slice(0, i).some((around) => isWithin(place.path, around));
    if (isThere && !place.isWritable) continue;
    makeMountPoint(place);
    putInPlace(place);
  }
  for (const [name, target] of links.filter(([link]) => lstatSync(link, { throwIfNoEntry: false }) === undefined)) {
    mkdirSync(dirname(name), { recursive: true });
    symlinkSync(target, name);
  }
  for (const folder of rebuilt) makeReadOnly(folder);
}

const rootFolders = (): string[] =>
  readdirSync('/', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join('/', name))
    .filter((folder) => !OF_THE_KERNEL.includes(folder));

function makeMountPoint({ path, fd }: CopiedPlace): void {
  const there = holdPresent(path);
  if (there !== undefined) return closeSync(there.fd);
  const isFolder = fstatSync(fd).isDirectory();
  mkdirSync(isFolder ? path : dirname(path), { recursive: true });
  if (!isFolder) writeFileSync(path, '');
}
