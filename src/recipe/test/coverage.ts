import type { Recipe } from '../recipe.ts';
import type { Ran } from './run-case.ts';

/** How many of the parts of a recipe ran in any case, and the names of those that never did. */
export interface PartCoverage {
  readonly run: number;
  readonly of: number;
  readonly never: readonly string[];
}

/** What the cases of a skill tried of one of its recipes. */
export interface RecipeCoverage {
  readonly recipe: string;
  readonly steps: PartCoverage;
  readonly rollback: PartCoverage;
}

/** Of every recipe of a skill, those without a case, too. A step that was skipped did not run. */
export function coverageOf(recipes: readonly Recipe[], ran: readonly Ran[]): RecipeCoverage[] {
  return recipes.map((recipe) => {
    const states = ran.filter((one) => one.recipe === recipe).map(({ state }) => state);
    const steps = new Set(states.flatMap(({ begun }) => begun.map(({ step }) => step)));
    const undos = new Set(
      states.flatMap((state) => state.undos.flatMap(({ entry, status }) => (status === 'waiting' ? [] : [entry]))),
    );
    return {
      recipe: recipe.id,
      steps: partOf(
        recipe.steps.map(({ id }) => id),
        (i) => steps.has(i),
      ),
      rollback: partOf(
        recipe.rollback.map(({ undoes }, i) => `rollback[${i}]${undoes === undefined ? '' : ` of ${undoes}`}`),
        (i) => undos.has(i),
      ),
    };
  });
}

function partOf(names: readonly string[], hasRun: (index: number) => boolean): PartCoverage {
  const never = names.filter((_name, i) => !hasRun(i));
  return { run: names.length - never.length, of: names.length, never };
}
