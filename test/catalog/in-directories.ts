import { type CatalogOptions, readCatalog } from '../../src/catalog/catalog.ts';
import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { findSkill as find } from '../../src/catalog/find-skill.ts';
import type { ReadySkill } from '../../src/skill/skill.ts';

/** A catalog of these directories that keeps no index. */
const uncached = (directories: readonly string[]): CatalogOptions => ({
  directories,
  cache: undefined,
  maker: 'test',
});

export const findSkill = (reference: string, directories: readonly string[]): Promise<ReadySkill> =>
  find(reference, uncached(directories));

export const listSkills = (directories: readonly string[]): Promise<readonly CatalogEntry[]> =>
  readCatalog(uncached(directories));
