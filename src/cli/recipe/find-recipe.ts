import { quote, SkillError } from '../../../host/index.ts';
import { nearest } from '../../manifest/nearest.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { Callable } from '../../runtime/callable.ts';
import type { Runtime } from '../../runtime/runtime.ts';

/** A recipe with the skill it is of, ready to be called. */
export interface FoundRecipe extends Callable {
  readonly recipe: Recipe;
}

/**
 * The recipe that is meant: by its id, where only one skill has it, by `skill.recipe`, or of a skill that is named beside.
 * @throws SkillError E_NOT_FOUND, E_AMBIGUOUS, E_MANIFEST
 */
export async function findRecipe(runtime: Runtime, id: string, skill: string | undefined): Promise<FoundRecipe> {
  if (skill !== undefined) return asRecipe(await runtime.find(skill, id));
  if (id.includes('.')) return asRecipe(await runtime.find(id));
  const entries = await runtime.skills();
  const [found, second] = entries.filter(({ recipes }) => recipes.includes(id));
  if (found === undefined) {
    const similar = nearest(
      id,
      entries.flatMap(({ recipes }) => recipes),
    );
    throw new SkillError('E_NOT_FOUND', `there is no recipe ${quote(id)}`, {
      hint:
        similar === undefined
          ? 'skill recipe list shows those there are; --skill FOLDER looks in a folder'
          : `did you mean ${similar}?`,
    });
  }
  if (second !== undefined)
    throw new SkillError('E_AMBIGUOUS', `several skills have a recipe ${quote(id)}: ${found.id}, ${second.id}`, {
      hint: `write ${found.id}.${id}`,
    });
  return asRecipe(await runtime.find(found.path, id));
}

function asRecipe(found: Callable): FoundRecipe {
  const { action, name } = found.tool;
  if (action.type === 'recipe') return { ...found, recipe: action.recipe };
  throw new SkillError('E_NOT_FOUND', `${quote(name)} is a tool of ${found.skill.id}, and no recipe`, {
    hint: `skill run ${found.skill.id} ${name}`,
  });
}
