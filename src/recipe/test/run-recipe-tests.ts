import type { Manifest, Problem } from '../../manifest/manifest.ts';
import type { Recipe } from '../recipe.ts';
import { coverageOf, type RecipeCoverage } from './coverage.ts';
import { judgeRun, type Unmet } from './judge-run.ts';
import { parseRecipeTests } from './parse-recipe-tests.ts';
import { readTestFile } from './read-test-file.ts';
import { type Ran, runCase } from './run-case.ts';

/** Where a skill keeps the tests of its recipes. */
const RECIPE_TESTS = 'tests/recipe_test.yaml';

export interface RecipeCaseResult {
  readonly name: string;
  readonly recipe: string;
  readonly line: number;
  /** Empty when the case passed. */
  readonly failures: readonly Unmet[];
  /** Every command and tool that ran, in order. */
  readonly commands: readonly string[];
}

export interface RecipeTestReport {
  /** Whether the skill has tests of its recipes. */
  readonly isThere: boolean;
  readonly cases: readonly RecipeCaseResult[];
  /** What is wrong with the tests themselves. */
  readonly problems: readonly Problem[];
  /** Of all recipes of the skill, by the cases that ran. */
  readonly coverage: readonly RecipeCoverage[];
}

interface Tested {
  readonly path: string;
  readonly recipes: readonly Recipe[];
  readonly manifest: Pick<Manifest, 'recipes'> | undefined;
}

/** Runs the tests of the recipes of a skill. Nothing is started, and nothing but the file of tests is read. */
export async function runRecipeTests(
  { path, recipes, manifest }: Tested,
  isWanted: (name: string) => boolean,
): Promise<RecipeTestReport> {
  const bytes = await readTestFile(path, RECIPE_TESTS);
  if (bytes === undefined) return { isThere: false, cases: [], problems: [], coverage: [] };
  if ('code' in bytes) return { isThere: true, cases: [], problems: [bytes], coverage: [] };
  const { cases, problems } = await parseRecipeTests(bytes, RECIPE_TESTS, recipes);
  const results: RecipeCaseResult[] = [];
  const ran: Ran[] = [];
  for (const test of cases.filter(({ name }) => isWanted(name))) {
    const ended = await runCase(test, recipes, manifest?.recipes.defaultConfirmation ?? 'prompt');
    const { name, recipe, line } = test;
    results.push({ name, recipe, line, failures: judgeRun(test, ended), commands: ended.calls });
    ran.push(...ended.ran);
  }
  const coverage = results.length === 0 ? [] : coverageOf(recipes, ran);
  return { isThere: true, cases: results, problems, coverage };
}
