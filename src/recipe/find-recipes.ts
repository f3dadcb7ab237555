import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { matchesGlob } from './glob.ts';

/**
 * The files of a skill that `recipes.files` means, in order. `*` stands for any part of one name in the last place of a
 * path; folders are named.
 */
export function findRecipeFiles(dir: string, globs: readonly string[]): string[] {
  const found = new Set<string>();
  for (const glob of globs) {
    const path = glob.replace(/^(?:\.\/)+/, '');
    const slash = path.lastIndexOf('/') + 1;
    const [folder, pattern] = [path.slice(0, slash), path.slice(slash)];
    for (const name of namesIn(join(dir, folder))) if (matchesGlob(pattern, name)) found.add(folder + name);
  }
  return [...found].toSorted();
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // That a declared part is missing is for the check of the folder to say.
    return [];
  }
}
