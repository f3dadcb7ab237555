import { parseRecipe } from '../../src/recipe/parse-recipe.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { coverageOf, type RecipeCoverage } from '../../src/recipe/test/coverage.ts';
import { judgeRun, type Unmet } from '../../src/recipe/test/judge-run.ts';
import { parseRecipeTests } from '../../src/recipe/test/parse-recipe-tests.ts';
import { type Ran, runCase } from '../../src/recipe/test/run-case.ts';

/** Recipes of texts that leave out what every recipe has: `id` is the key. */
export function recipesOf(texts: Readonly<Record<string, string>>): Promise<Recipe[]> {
  return Promise.all(
    Object.entries(texts).map(async ([id, text]) => {
      const whole = `id: ${id}\nname: Sample\ndescription: A sample\nversion: 1.0.0\n${text}`;
      const { recipe, problems } = await parseRecipe(Buffer.from(whole), `recipes/${id}.yaml`);
      if (recipe === undefined) throw new Error(JSON.stringify(problems));
      return recipe;
    }),
  );
}

export interface Tried {
  readonly failures: readonly Unmet[];
  readonly calls: readonly string[];
  readonly coverage: readonly RecipeCoverage[];
}

/** Runs one case, of which `fields` are those behind its name and recipe. */
export async function tryCase(
  recipes: readonly Recipe[],
  fields: string,
  { recipe = recipes[0]?.id ?? '', confirmation = 'prompt' as const } = {},
): Promise<Tried> {
  const indented = fields.replaceAll(/^(?=.)/gm, '    ');
  const text = `test_cases:\n  - name: one\n    recipe: ${recipe}\n${indented}`;
  const { cases, problems } = await parseRecipeTests(Buffer.from(text), 'tests/recipe_test.yaml', recipes);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const ran: Ran[] = [];
  const failures: Unmet[] = [];
  const calls: string[] = [];
  for (const test of cases) {
    const end = await runCase(test, recipes, confirmation);
    ran.push(...end.ran);
    calls.push(...end.calls);
    failures.push(...judgeRun(test, end));
  }
  return { failures, calls, coverage: coverageOf(recipes, ran) };
}
