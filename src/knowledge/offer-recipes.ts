import type { CatalogEntry, ListedRecipe } from '../catalog/entry.ts';
import type { OfferedRecipe } from './augmentation.ts';
import { matchTrigger, stemsOf, type TriggerSurroundings } from './match-trigger.ts';

/** A recipe that fits a prompt, with the skill it is of. */
export interface FittingRecipe extends OfferedRecipe {
  readonly entry: CatalogEntry;
  readonly why: string;
}

/** More are no help to anybody who has to choose. */
const MOST_OFFERED = 5;

/**
 * The recipes of which a trigger fits the prompt and the place where its author is: those of skills that the prompt means
 * first, then in the order of the skills.
 */
export function fittingRecipes(
  prompt: string,
  entries: readonly CatalogEntry[],
  surroundings: TriggerSurroundings,
  preferred: ReadonlySet<CatalogEntry> = new Set(),
): readonly FittingRecipe[] {
  const words = stemsOf(prompt);
  const fitting = entries
    .filter(({ recipes }) => recipes.length > 0)
    .flatMap((entry) =>
      entry.details().recipes.flatMap((recipe): FittingRecipe[] => {
        const why = whyFits(recipe, words, surroundings);
        if (why === undefined) return [];
        const { id, name, description, parameters } = recipe;
        return [{ id, skill: entry.id, name, description, parameters, entry, why }];
      }),
    );
  return fitting
    .toSorted((a, b) => Number(preferred.has(b.entry)) - Number(preferred.has(a.entry)))
    .slice(0, MOST_OFFERED);
}

function whyFits(
  { triggers }: ListedRecipe,
  words: readonly string[],
  surroundings: TriggerSurroundings,
): string | undefined {
  for (const trigger of triggers) {
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
