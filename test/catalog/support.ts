import { join } from 'node:path';
import { readCatalog } from '../../src/catalog/catalog.ts';
import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { scratch } from '../runtime/folders.ts';

/** So long after a change an entry is taken from the index. */
const SETTLED_MS = 70;

export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLED_MS));

export function body(name: string, rest = '', description = `What ${name} does`): string {
  return `---\nname: ${name}\ndescription: ${description}\n---\n# ${name}\n\nA text.\n${rest}`;
}

/** An entry as data, as two listings are compared: the signature only says whether it is read again. */
export function plain({ signature: _signature, details, ...entry }: CatalogEntry): unknown {
  const { path, id, ready, version, description, aliases, tools } = entry;
  return JSON.parse(JSON.stringify({ path, id, ready, version, description, aliases, tools, details: details() }));
}

export interface Place {
  readonly root: string;
  readonly skills: string;
  readonly cache: string;
  readonly warm: () => Promise<readonly CatalogEntry[]>;
  readonly cold: () => Promise<readonly CatalogEntry[]>;
}

/** A directory of skills with an index, and without. */
export function place(root = scratch()): Place {
  const skills = join(root, 'skills');
  const cache = join(root, 'cache');
  const read = (from: string | undefined) => (): Promise<readonly CatalogEntry[]> =>
    readCatalog({ directories: [skills], cache: from, maker: '1.0.0' });
  return { root, skills, cache, warm: read(cache), cold: read(undefined) };
}
