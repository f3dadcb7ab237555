import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { removeTree } from '../files/remove-tree.ts';
import type { Download } from '../download/download.ts';
import type { Registry } from '../registry/registry.ts';
import type { Fetched, Source } from '../source/source.ts';
import { inStore } from './change.ts';
import type { Installation } from './installation.ts';

/** Where packages may come from. */
export interface Supply {
  readonly sources: readonly Source[];
  /** Where ids are looked up. */
  readonly registries: () => Promise<readonly Registry[]>;
  readonly download: Download;
  readonly cwd: string;
}

/** Fetches what a request means, by the source whose kind it is. @throws SkillError E_USAGE and what the source throws */
export async function fetchPackage(
  request: string,
  { sources, download, cwd }: Supply,
  { home, files, store, signal }: Installation,
): Promise<Fetched> {
  const source = sources.find((one) => one.takes(request));
  if (source === undefined)
    throw new SkillError('E_USAGE', `${quote(request)} is no place a skill comes from`, {
      hint: existsSync(join(cwd, request))
        ? `for a folder write ./${request}`
        : './folder, github:owner/repo, git+https://…, https://….tgz, oci://host/name:tag, or the id of a skill in a registry',
    });
  const temporary = store.passing();
  await inStore(home.root, () => makeDirectories(temporary, files));
  try {
    return await source.fetch(request, { cwd, temporary, download, signal });
  } finally {
    removeQuietly(temporary, files);
  }
}

/** What stays is swept with what dead processes left. */
function removeQuietly(path: string, files: Installation['files']): void {
  try {
    removeTree(path, files);
  } catch {
    // As said above.
  }
}
