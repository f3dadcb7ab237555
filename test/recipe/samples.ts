import type { Problem } from '../../src/manifest/manifest.ts';
import { parseRecipe } from '../../src/recipe/parse-recipe.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';

/** What every recipe needs; the first line of a test's own text is line 5. */
export const HEAD = `id: sample
name: Sample
description: A sample
version: 1.2.3
`;

/** A step that does nothing of note, for recipes that are about something else. */
export const STEPS = `steps:
  - id: one
    command: make all
`;

export function parse(text: string): ReturnType<typeof parseRecipe> {
  return parseRecipe(new TextEncoder().encode(text), 'recipes/sample.yaml');
}

/** Reads a recipe that must have no problems. */
export async function read(text: string): Promise<Recipe> {
  const { recipe, problems } = await parse(text);
  if (recipe === undefined || problems.length > 0) throw new Error(JSON.stringify(problems, undefined, 2));
  return recipe;
}

/** The problems of a text that must have some: then there is no recipe. */
export async function problemsOf(text: string): Promise<readonly Problem[]> {
  const { recipe, problems } = await parse(text);
  if (recipe !== undefined || problems.length === 0) throw new Error('it has no problem');
  return problems;
}

/** `code line:column field`, one for each problem. */
export async function findingsOf(text: string): Promise<string[]> {
  const problems = await problemsOf(text);
  return problems.map(
    ({ code, line, column, field }) => `${code} ${line}:${column}${field === undefined ? '' : ` ${field}`}`,
  );
}

/** A recipe whose only step is what is written, four spaces further in. */
export function withStep(fields: string, rest = ''): string {
  return `${HEAD}steps:\n  - id: one\n${indent(fields)}${rest}`;
}

export function indent(fields: string, by = 4): string {
  return fields.replace(/\n?$/, '\n').replaceAll(/^(?=.)/gm, ' '.repeat(by));
}
