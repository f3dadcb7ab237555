import type { CatalogEntry, ListedRecipe } from '../catalog/entry.ts';
import type { OfferedRecipe } from './augmentation.ts';
import { matchTrigger, stemsOf, tellingPart, type TriggerSurroundings } from './match-trigger.ts';

/** A recipe that fits a prompt, with the skill it is of. */
export interface FittingRecipe extends OfferedRecipe {
  readonly entry: CatalogEntry;
  readonly why: string;
}

/** More are no help to anybody who has to choose. */
const MOST_OFFERED = 5;
/** Of one skill, of which a prompt may mean nothing. */
const MOST_OF_A_SKILL = 2;

/**
 * The recipes of which a trigger fits the prompt and the place where its author is: those of skills that the prompt means
 * first, then in the order of the skills. A skill that it does not mean has at most two, and only by triggers of words that
 * tell something: otherwise whoever writes "the" into a trigger would stand in every prompt.
 * @param preferred the skills that the prompt means; without it the recipes themselves are asked for, and each may count
 */
export function fittingRecipes(
  prompt: string,
  entries: readonly CatalogEntry[],
  surroundings: TriggerSurroundings,
  preferred?: ReadonlySet<CatalogEntry>,
): readonly FittingRecipe[] {
  const words = stemsOf(prompt);
  const fitting = entries
    .filter(({ recipes }) => recipes.length > 0)
    .flatMap((entry) => {
      const isMeant = preferred?.has(entry) ?? true;
      const found = entry.details().recipes.flatMap((recipe): FittingRecipe[] => {
        const why = whyFits(recipe, words, { surroundings, mustTell: !isMeant });
        if (why === undefined) return [];
        const { id, name, description, parameters } = recipe;
        return [{ id, skill: entry.id, name, description, parameters, entry, why }];
      });
      return isMeant ? found : found.slice(0, MOST_OF_A_SKILL);
    });
  const rank = ({ entry }: FittingRecipe): number => Number(preferred?.has(entry) ?? false);
  return fitting.toSorted((a, b) => rank(b) - rank(a)).slice(0, MOST_OFFERED);
}

function whyFits(
  { triggers }: ListedRecipe,
  words: readonly string[],
  { surroundings, mustTell }: { readonly surroundings: TriggerSurroundings; readonly mustTell: boolean },
): string | undefined {
  for (const trigger of mustTell ? triggers.flatMap(tellingPart) : triggers) {
    const why = matchTrigger(trigger, words, surroundings);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** As a context shows a recipe: one line for its model. */
export function describeOffer({ id, skill, name, description, parameters }: OfferedRecipe): string {
  const takes = parameters.length === 0 ? 'no parameters' : `parameters: ${parameters.join(', ')}`;
  return `Recipe on offer: ${skill}.${id} (${name}; ${takes}). ${description}`;
}
