import type { Confirmation } from '../manifest/manifest.ts';
import { type Condition, evaluate } from './condition.ts';
import type { Recipe, Step } from './recipe.ts';
import type { Reference } from './template.ts';
import type { Value } from './value.ts';
import type { Values } from './values.ts';

/** How a step asks before it runs. `high` and `critical` are never done without a question. */
export function levelOf({ confirmation, risk }: Step, usual: Confirmation): Confirmation {
  const written = confirmation ?? usual;
  return written === 'auto' && (risk === 'high' || risk === 'critical') ? 'prompt' : written;
}

interface Answers {
  /** How steps ask that do not say. */
  readonly usual: Confirmation;
  /** A yes was given for all that do not always ask. */
  readonly isAgreed: boolean;
  /** There is somebody who says yes or no. */
  readonly canConfirm: boolean;
  /** There is somebody who answers by a text. */
  readonly canAnswer: boolean;
  /** The recipe that a step runs. */
  readonly find: (id: string) => Recipe | undefined;
}

/**
 * The first step that will ask what nobody can answer, if the recipe comes to it; a run that would stop there had better not
 * begin. A step that depends on what others print is not looked at, nor within a recipe it runs one that has a condition.
 */
export function unanswerable(recipe: Recipe, values: Values, answers: Answers): Step | undefined {
  const seen = new Set<string>();
  const look = ({ id, steps }: Recipe, holds: (condition: Condition) => boolean): Step | undefined => {
    if (seen.has(id)) return undefined;
    seen.add(id);
    for (const step of steps) {
      if (step.when !== undefined && !holds(step.when)) continue;
      if (isUnanswerable(step, answers)) return step;
      const inner = step.action.kind === 'recipe' ? answers.find(step.action.recipe) : undefined;
      const found = inner && look(inner, () => false);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const valueOf = (one: Reference): Value | undefined => (one.kind === 'parameter' ? values.value(one) : undefined);
  return look(recipe, (condition) => evaluate(condition, valueOf) === true);
}

function isUnanswerable(step: Step, { usual, isAgreed, canConfirm, canAnswer }: Answers): boolean {
  if (step.action.kind === 'prompt') return !canAnswer;
  const level = levelOf(step, usual);
  return !canConfirm && (level === 'always' || (level === 'prompt' && !isAgreed));
}
