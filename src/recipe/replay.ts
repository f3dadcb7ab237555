import { SkillError } from '../../host/index.ts';
import type { Entry } from './entry.ts';
import type { Recipe } from './recipe.ts';
import { RunState } from './run-state.ts';

/** Where a run stands, by its journal. @throws SkillError E_JOURNAL for entries that cannot follow each other */
export function replay(recipe: Recipe, entries: readonly { readonly type: string }[]): RunState {
  const state = new RunState(recipe);
  try {
    for (const entry of entries) state.apply(entry as Entry);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SkillError('E_JOURNAL', why, { hint: 'look by hand what was done', cause: error });
  }
  return state;
}
