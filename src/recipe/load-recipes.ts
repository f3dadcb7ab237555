import { quote } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from '../manifest/ceilings.ts';
import { type FieldPath, formatField } from '../manifest/field-path.ts';
import type { PlaceTree } from '../manifest/locate.ts';
import type { Manifest, Problem } from '../manifest/manifest.ts';
import { nearest } from '../manifest/nearest.ts';
import { placeFindings } from '../manifest/place-findings.ts';
import type { Finding } from '../manifest/report.ts';
import { readWithin } from '../skill/read-within.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { Parameter, Recipe, SubRecipe } from './recipe.ts';
import { isReference, showTemplate, type Template } from './template.ts';

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
  const places = new Map<string, PlaceTree | undefined>();
  if (files.length > MOST_FILES)
    problems.push({
      severity: 'error',
      code: 'M_RECIPES',
      file: manifest.file,
      field: 'recipes.files',
      message: `there are ${files.length} recipe files; at most ${MOST_FILES}`,
      fix: 'divide the skill',
    });
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
    places.set(file, parsed.places);
  }
  const found = [...checkTogether(recipes), ...checkDeclared(recipes, manifest)];
  for (const [file, tree] of places) {
    const own = found.filter((one) => one.file === file);
    problems.push(...(await placeFindings(own.map(toFinding), { file, loadPlaces: () => Promise.resolve(tree) })));
  }
  return { recipes, sources, problems };
}

/** What is wrong with one recipe beside others, and where. */
interface Fault {
  readonly file: string;
  readonly code: string;
  readonly path: FieldPath;
  readonly wrong: string;
  readonly fix: string;
}

function toFinding({ code, path, wrong, fix }: Fault): Finding {
  return { severity: 'error', code, path, message: `${formatField(path)} ${wrong}`, fix };
}

async function readRecipe(dir: string, file: string): Promise<Uint8Array | Problem> {
  try {
    return await readWithin(dir, file, MANIFEST_CEILINGS.bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const fix = 'a recipe is a regular file of at most 256 KiB inside of the skill';
    return {
      severity: 'error',
      code: 'M_UNREADABLE',
      file,
      message: `it cannot be read: ${code ?? quote(message).slice(1, -1)}`,
      fix,
    };
  }
}

/** Ids are taken once; a sub-recipe is there, is given what it needs, and does not run itself. */
function checkTogether(recipes: readonly Recipe[]): Fault[] {
  const faults: Fault[] = [];
  const byId = new Map<string, Recipe>();
  for (const recipe of recipes) {
    const { id, file } = recipe;
    const other = byId.get(id);
    if (other === undefined) byId.set(id, recipe);
    else
      faults.push({
        file,
        code: 'M_DUPLICATE',
        path: ['id'],
        wrong: `${quote(id)} is taken by ${other.file}`,
        fix: 'choose another id',
      });
  }
  for (const recipe of recipes) {
    for (const [i, { action }] of recipe.steps.entries())
      if (action.kind === 'recipe') faults.push(...checkCall(recipe, ['steps', i], action, byId));
    const circle = findCircle(recipe, byId);
    if (circle !== undefined)
      faults.push({
        file: recipe.file,
        code: 'M_CYCLE',
        path: ['steps', circle.step, 'recipe'],
        wrong: `makes the recipe run itself: ${circle.ids.join(' → ')}`,
        fix: 'remove one of the steps',
      });
  }
  return faults;
}

function checkCall(
  { id, file, parameters }: Recipe,
  step: FieldPath,
  action: SubRecipe,
  byId: ReadonlyMap<string, Recipe>,
): Fault[] {
  const called = byId.get(action.recipe);
  if (called === undefined) {
    const others = [...byId.keys()].filter((one) => one !== id);
    const meant = nearest(action.recipe, others);
    const fix = meant === undefined ? 'name a recipe of this skill that has no problems' : `write ${meant}`;
    const wrong = `= ${quote(action.recipe)}: the skill has no such recipe`;
    return [{ file, code: 'M_UNKNOWN_NAME', path: [...step, 'recipe'], wrong, fix }];
  }
  const faults: Fault[] = [];
  for (const [name, template] of action.parameters) {
    const path = [...step, 'parameters', name];
    const target = called.parameters.find((one) => one.name === name);
    if (target === undefined) {
      const meant = nearest(
        name,
        called.parameters.map((one) => one.name),
      );
      const fix = meant === undefined ? 'remove it' : `write ${meant}`;
      faults.push({ file, code: 'M_UNKNOWN_NAME', path, wrong: `is no parameter of ${called.id}`, fix });
    } else if (target.type !== 'secret' && holdsSecret(template, parameters)) {
      const fix = `write type: secret in ${called.file}`;
      faults.push({ file, code: 'M_SECRET', path, wrong: 'gives a secret to a parameter that is none', fix });
    }
  }
  for (const { name, required } of called.parameters)
    if (required && !action.parameters.has(name)) {
      const fix = `write parameters: { ${name}: "…" }`;
      faults.push({
        file,
        code: 'M_MISSING',
        path: [...step, 'parameters'],
        wrong: `lacks ${name} of ${called.id}`,
        fix,
      });
    }
  return faults;
}

function holdsSecret(template: Template, parameters: readonly Parameter[]): boolean {
  const secrets = new Set(parameters.flatMap(({ name, type }) => (type === 'secret' ? [name] : [])));
  return template.some((part) => isReference(part) && part.kind === 'parameter' && secrets.has(part.name));
}

/** The way by which a recipe runs itself, and the step that begins it. Each recipe is looked at once. */
function findCircle(
  from: Recipe,
  byId: ReadonlyMap<string, Recipe>,
): { readonly step: number; readonly ids: readonly string[] } | undefined {
  const seen = new Set<string>();
  const wayFrom = (id: string): readonly string[] | undefined => {
    if (id === from.id) return [id];
    if (seen.has(id)) return undefined;
    seen.add(id);
    for (const { action } of byId.get(id)?.steps ?? []) {
      const way = action.kind === 'recipe' ? wayFrom(action.recipe) : undefined;
      if (way !== undefined) return [id, ...way];
    }
    return undefined;
  };
  for (const [step, { action }] of from.steps.entries()) {
    const way = action.kind === 'recipe' ? wayFrom(action.recipe) : undefined;
    if (way !== undefined) return { step, ids: [from.id, ...way] };
  }
  return undefined;
}

/** What the manifest does not declare can never be granted, so a recipe that needs it can never run. */
function checkDeclared(recipes: readonly Recipe[], { capabilities, file: manifest }: Manifest): Fault[] {
  const { commands } = capabilities.terminalExec;
  const isDeclared = (program: string): boolean => commands.some(({ text }) => text === '*' || text === program);
  return recipes.flatMap((recipe) =>
    programsOf(recipe).flatMap(([program, path]) =>
      isDeclared(program)
        ? []
        : [
            {
              file: recipe.file,
              code: 'M_NOT_DECLARED',
              path,
              wrong: `starts ${quote(program)}, which the skill does not declare`,
              fix: `add it in ${manifest}: terminal_exec = { allowed = true, commands = [${quote(program)}] }`,
            },
          ],
    ),
  );
}

/** The programs a recipe starts, each with what does. */
export function programsOf({ steps, rollback, verification, preconditions }: Recipe): (readonly [string, FieldPath])[] {
  const custom = preconditions.map((one) => (one.check === 'custom' ? one : undefined));
  const all = { steps, rollback, verification, preconditions: custom };
  return Object.entries(all).flatMap(([part, entries]) =>
    entries.flatMap((entry, i) => {
      if (entry?.action.kind === 'shell') return [['sh', [part, i]] as const];
      return entry?.action.kind === 'command' ? [[showTemplate(entry.action.words[0] ?? []), [part, i]] as const] : [];
    }),
  );
}
