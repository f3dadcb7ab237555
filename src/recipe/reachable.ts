import { type Condition, evaluate, referencesOf } from './condition.ts';
import type { Parameter } from './recipe.ts';
import type { Value } from './value.ts';

/** Few enough that a file of nothing but conditions is read at once. */
const MOST_COMBINATIONS = 1_024;

/**
 * Whether a condition can ever hold, by trying what its booleans and enums may be; everything else may be anything. Of a
 * condition with too many combinations it is taken for granted.
 */
export function canHold(condition: Condition, parameters: readonly Parameter[]): boolean {
  const named = new Set(referencesOf(condition).flatMap((one) => (one.kind === 'parameter' ? [one.name] : [])));
  const choices = parameters
    .filter(({ name }) => named.has(name))
    .flatMap(({ name, type, values }): [string, readonly Value[]][] =>
      type === 'boolean' ? [[name, [true, false]]] : type === 'enum' && values.length > 0 ? [[name, values]] : [],
    );
  const count = choices.reduce((product, [, values]) => product * values.length, 1);
  if (count > MOST_COMBINATIONS) return true;
  for (let n = 0; n < count; n++) {
    const chosen = new Map<string, Value | undefined>();
    let rest = n;
    for (const [name, values] of choices) {
      chosen.set(name, values[rest % values.length]);
      rest = Math.floor(rest / values.length);
    }
    const holds = evaluate(condition, (one) => (one.kind === 'parameter' ? chosen.get(one.name) : undefined));
    if (holds !== false) return true;
  }
  return false;
}
