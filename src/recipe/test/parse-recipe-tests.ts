import type { Problem } from '../../manifest/manifest.ts';
import type { Recipe } from '../recipe.ts';
import { parseCases } from './parse-cases.ts';
import { readCase } from './read-case.ts';
import type { RecipeCase } from './recipe-test.ts';

/**
 * Reads `tests/recipe_test.yaml`: cases of which every name stands for something.
 * @param recipes those of the skill, for the names in the cases
 */
export function parseRecipeTests(
  bytes: Uint8Array,
  file: string,
  recipes: readonly Recipe[],
): Promise<{ readonly cases: readonly RecipeCase[]; readonly problems: readonly Problem[] }> {
  const example = 'write test_cases: and below it - name: …, recipe: …, mock_commands: …';
  return parseCases(bytes, { file, example, read: (table) => readCase(table, recipes) });
}
