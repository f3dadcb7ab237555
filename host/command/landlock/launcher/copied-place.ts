import { closeSync } from 'node:fs';
import { type HeldPlace, hold } from './held-place.ts';
import { attach, copyTree, disarm, makeTreeReadOnly } from './mounts.ts';

/** Something that is to be seen, with a copy of what is mounted there. */
export interface CopiedPlace extends HeldPlace {
  readonly isWritable: boolean;
  readonly tree: number;
}

/** To be called before anything is made read-only, which would stay so in copies. Outer places come first. */
export function copyPlaces(readable: readonly HeldPlace[], writable: readonly HeldPlace[]): CopiedPlace[] {
  const read = readable.map((place) => ({ ...place, isWritable: false, tree: copyTree(place.fd) }));
  const written = writable.map((place) => ({ ...place, isWritable: true, tree: copyTree(place.fd) }));
  for (const { tree } of read) makeTreeReadOnly(tree);
  for (const { tree } of written) disarm(tree);
  return [...read, ...written].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

export function putInPlace({ path, tree }: CopiedPlace): void {
  const at = hold(path);
  attach(tree, at);
  closeSync(at);
}
