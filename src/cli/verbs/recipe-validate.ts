import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { quote, SkillError } from '../../../host/index.ts';
import { readVersion } from '../../home/package.ts';
import { parseRecipe } from '../../recipe/parse-recipe.ts';
import { readCapped } from '../../skill/read-capped.ts';
import { loadSkill } from '../../skill/load-skill.ts';
import { MANIFEST_CEILINGS } from '../../manifest/ceilings.ts';
import { type Context, parseFormat } from '../context.ts';
import { printProblems, type Validated } from '../print-problems.ts';

const INVALID = 5;

/** `skill recipe validate FILE…`: all problems of recipe files, or of the skills that have them. Exit code 5 for an error. */
export async function recipeValidate(
  paths: readonly string[],
  flags: { readonly format: string },
  { terminal }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json', 'sarif']);
  const validated: Validated[] = [];
  for (const path of paths) validated.push(await validateOne(path));
  await printProblems(validated, format, { terminal, version: readVersion() });
  return validated.every(({ ready }) => ready) ? 0 : INVALID;
}

/** A file by itself: what it says of other recipes and of its manifest is seen with its skill alone. */
async function validateOne(path: string): Promise<Validated> {
  if (!(await isFile(path))) {
    const skill = await loadSkill(path, { strict: true });
    return { path, folder: resolve(path), id: skill.id, ready: skill.ready, problems: skill.problems };
  }
  const file = basename(path);
  const { recipe, problems } = await parseRecipe(readCapped(path, MANIFEST_CEILINGS.bytes + 1), file);
  return {
    path,
    folder: resolve(dirname(path)),
    id: recipe?.id ?? file,
    ready: recipe !== undefined,
    problems: problems,
  };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    throw new SkillError('E_NOT_FOUND', `there is no ${quote(path)}`, {
      hint: 'give recipe files, or the folders of skills',
    });
  }
}
