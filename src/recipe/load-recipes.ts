import { quote } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from '../manifest/ceilings.ts';
import type { Manifest, Problem } from '../manifest/manifest.ts';
import { nearest } from '../manifest/nearest.ts';
import { readWithin } from '../skill/read-within.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { Recipe } from './recipe.ts';
import { showTemplate } from './template.ts';

const MOST_FILES = 64;

/**
 * Reads the recipe files of a skill. A recipe with a problem is left out and its problems told; so are what recipes say of
 * each other, and programs they start that the manifest does not declare.
 */
export async function loadRecipes(
  dir: string,
  files: readonly string[],
  manifest: Manifest,
): Promise<{
  readonly recipes: readonly Recipe[];
  readonly problems: readonly Problem[];
  readonly sources: readonly Uint8Array[];
}> {
  const recipes: Recipe[] = [];
  const problems: Problem[] = [];
  const sources: Uint8Array[] = [];
  if (files.length > MOST_FILES)
    problems.push(
      fault(
        files[0] ?? '',
        'M_RECIPES',
        `there are ${files.length} recipe files; at most ${MOST_FILES}`,
        'divide the skill',
      ),
    );
  for (const file of files.slice(0, MOST_FILES)) {
    const bytes = await readRecipe(dir, file);
    if ('code' in bytes) {
      problems.push(bytes);
      continue;
    }
    sources.push(bytes);
    const parsed = await parseRecipe(bytes, file);
    problems.push(...parsed.problems);
    if (parsed.recipe !== undefined) recipes.push(parsed.recipe);
  }
  return { recipes, sources, problems: [...problems, ...checkTogether(recipes), ...checkDeclared(recipes, manifest)] };
}

async function readRecipe(dir: string, file: string): Promise<Uint8Array | Problem> {
  try {
    return await readWithin(dir, file, MANIFEST_CEILINGS.bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const fix = 'a recipe is a regular file of at most 256 KiB inside of the skill';
    return fault(file, 'M_UNREADABLE', `it cannot be read: ${code ?? message}`, fix);
  }
}

/** Ids are taken once; a sub-recipe is there, is given what it needs, and does not run itself. */
function checkTogether(recipes: readonly Recipe[]): Problem[] {
  const problems: Problem[] = [];
  const byId = new Map<string, Recipe>();
  for (const recipe of recipes) {
    const { id, file } = recipe;
    if (byId.has(id))
      problems.push(
        fault(
          file,
          'M_DUPLICATE',
          `the id ${quote(id)} is taken by ${byId.get(id)?.file ?? ''}`,
          'choose another id',
          'id',
        ),
      );
    else byId.set(id, recipe);
  }
  for (const recipe of recipes) {
    for (const [i, { action }] of recipe.steps.entries()) {
      if (action.kind !== 'recipe') continue;
      const field = `steps[${i}].recipe`;
      const called = byId.get(action.recipe);
      if (called !== undefined) problems.push(...checkCall(recipe, i, called));
      else {
        const meant = nearest(action.recipe, byId.keys());
        problems.push(
          fault(
            recipe.file,
            'M_UNKNOWN_NAME',
            `${field}: the skill has no recipe ${quote(action.recipe)}`,
            meant === undefined ? 'name a recipe of this skill' : `write ${meant}`,
            field,
          ),
        );
      }
    }
    const circle = findCircle(recipe, byId);
    if (circle !== undefined)
      problems.push(
        fault(
          recipe.file,
          'M_CYCLE',
          `the recipe runs itself: ${circle.join(' → ')}`,
          'remove one of the steps',
          'steps',
        ),
      );
  }
  return problems;
}

function checkCall({ file, steps, parameters }: Recipe, index: number, called: Recipe): Problem[] {
  const { action } = steps[index] ?? {};
  if (action?.kind !== 'recipe') return [];
  const problems: Problem[] = [];
  const field = `steps[${index}].parameters`;
  for (const [name, template] of action.parameters) {
    const target = called.parameters.find((one) => one.name === name);
    if (target === undefined) {
      const meant = nearest(
        name,
        called.parameters.map((one) => one.name),
      );
      problems.push(
        fault(
          file,
          'M_UNKNOWN_NAME',
          `${field}: ${called.id} has no parameter ${quote(name)}`,
          meant === undefined ? 'remove it' : `write ${meant}`,
          `${field}.${name}`,
        ),
      );
      continue;
    }
    const isSecret = template.some(
      (part) =>
        typeof part !== 'string' &&
        part.kind === 'parameter' &&
        parameters.find((one) => one.name === part.name)?.type === 'secret',
    );
    if (isSecret && target.type !== 'secret')
      problems.push(
        fault(
          file,
          'M_SECRET',
          `${field}.${name} gives a secret to a parameter that is none`,
          `write type: secret in ${called.file}`,
          `${field}.${name}`,
        ),
      );
  }
  for (const { name, required } of called.parameters)
    if (required && !action.parameters.has(name))
      problems.push(
        fault(file, 'M_MISSING', `${field}: ${called.id} needs ${name}`, `write parameters: { ${name}: "…" }`, field),
      );
  return problems;
}

function findCircle(from: Recipe, byId: ReadonlyMap<string, Recipe>): readonly string[] | undefined {
  const walk = (id: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(id)) return id === from.id ? [...path, id] : undefined;
    for (const { action } of byId.get(id)?.steps ?? []) {
      const found = action.kind === 'recipe' ? walk(action.recipe, [...path, id]) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(from.id, []);
}

/** What the manifest does not declare can never be granted, so a recipe that needs it can never run. */
function checkDeclared(recipes: readonly Recipe[], { capabilities, file: manifest }: Manifest): Problem[] {
  const { commands } = capabilities.terminalExec;
  const isDeclared = (program: string): boolean => commands.some(({ text }) => text === '*' || text === program);
  return recipes.flatMap((recipe) =>
    programsOf(recipe).flatMap(([program, field]) =>
      isDeclared(program)
        ? []
        : [
            fault(
              recipe.file,
              'M_NOT_DECLARED',
              `${field} starts ${quote(program)}, which the skill does not declare`,
              `add it to terminal_exec in ${manifest}: commands = [${quote(program)}]`,
              field,
            ),
          ],
    ),
  );
}

/** The programs a recipe starts, each with the field that does. */
export function programsOf({ steps, rollback, verification, preconditions }: Recipe): (readonly [string, string])[] {
  const custom = preconditions.map((one) => (one.check === 'custom' ? one : undefined));
  const all = { steps, rollback, verification, preconditions: custom };
  return Object.entries(all).flatMap(([part, entries]) =>
    entries.flatMap((entry, i) => {
      const field = `${part}[${i}]`;
      if (entry?.action.kind === 'shell') return [['sh', field] as const];
      return entry?.action.kind === 'command' ? [[showTemplate(entry.action.words[0] ?? []), field] as const] : [];
    }),
  );
}

function fault(file: string, code: string, message: string, fix: string, field?: string): Problem {
  return { severity: 'error', code, file, message, fix, ...(field !== undefined && { field }) };
}
