import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isSignaturePath } from '../trust/statement.ts';
import { matchesGlob } from './glob.ts';

interface RecipeFiles {
  /** Relative to the skill's folder. */
  readonly files: readonly string[];
  /** The folders they lie in, or may lie in, as far as these are there. */
  readonly folders: readonly string[];
}

/**
 * The files of a skill that `recipes.files` means, in order. `*` stands for any part of one name in the last place of a
 * path; folders are named.
 */
export function findRecipeFiles(dir: string, globs: readonly string[]): RecipeFiles {
  const found = new Set<string>();
  const folders = new Set<string>();
  for (const glob of globs) {
    const path = glob.replace(/^(?:\.\/)+/, '');
    const slash = path.lastIndexOf('/') + 1;
    const [folder, pattern] = [path.slice(0, slash), path.slice(slash)];
    const names = namesIn(join(dir, folder));
    if (names !== undefined) folders.add(folder);
    for (const name of names ?? [])
      if (matchesGlob(pattern, name) && !isSignaturePath(folder + name)) found.add(folder + name);
  }
  return { files: [...found].toSorted(), folders: [...folders] };
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    // That a declared part is missing is for the check of the folder to say.
    return undefined;
  }
}
