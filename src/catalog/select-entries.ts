import { SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import { parseSelection, selectSkills, unmatchedNames } from '../skill/select.ts';
import type { CatalogEntry } from './entry.ts';

/**
 * The entries a selection such as `a,b` or `!a` takes.
 * @throws SkillError E_USAGE for a selection that cannot be read, E_NOT_FOUND for a name that no skill has
 */
export function selectEntries(entries: readonly CatalogEntry[], text: string): readonly CatalogEntry[] {
  const selection = parseSelection(text);
  const [unknown] = unmatchedNames(selection, entries);
  if (unknown !== undefined) {
    const names = entries.flatMap(({ id, aliases }) => [id, ...aliases]);
    const similar = nearest(unknown, names);
    throw new SkillError('E_NOT_FOUND', `--skills names ${JSON.stringify(unknown)}, and there is no such skill`, {
      hint: similar === undefined ? 'skill list shows the skills that are here' : `did you mean ${similar}?`,
    });
  }
  return selectSkills(selection, entries);
}
