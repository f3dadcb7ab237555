import type { Failure, RunResultName, Turn } from './entry.ts';
import type { Recipe, Step } from './recipe.ts';
import type { Begun, RunState } from './run-state.ts';

/** What became of one step, or of one item of it. */
export interface StepReport {
  readonly step: string;
  readonly item?: string;
  readonly status: 'done' | 'failed' | 'doubtful' | 'skipped' | 'undone' | 'not reached';
  /** After a rollback: what it did is still there, as far as anybody knows. */
  readonly left?: boolean;
  readonly error?: Failure;
  readonly durationMs?: number;
}

/** How a run ended: everything that was done, undone and left. */
export interface Report {
  readonly recipe: string;
  readonly result: RunResultName;
  /** By the names under which steps registered them. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepReport[];
  readonly problems: readonly string[];
  readonly failure?: Failure & { readonly at: string };
  /** Ids of the steps that were undone, in this order. */
  readonly rolledBack: readonly string[];
  readonly rollbackErrors: readonly { readonly undo: string; readonly error: Failure }[];
}

/** Everything that is known of a run that has ended. */
export function reportOf(recipe: Recipe, state: RunState, result: RunResultName): Report {
  const { failure, problems, undos } = state;
  return {
    recipe: recipe.id,
    result,
    outputs: outputsOf(recipe, state),
    steps: stepsOf(recipe, state),
    problems,
    ...(failure !== undefined && { failure }),
    rolledBack: undos.flatMap(({ status, turn }) =>
      status === 'undone' && turn !== undefined ? [recipe.steps[turn.step]?.id ?? ''] : [],
    ),
    rollbackErrors: undos.flatMap(({ status, error, entry, turn }) => {
      if (status === 'undone' || status === 'waiting') return [];
      const undo =
        entry === undefined ? `the recipe of ${recipe.steps[turn?.step ?? -1]?.id ?? ''}` : `rollback[${entry}]`;
      return [{ undo, error: error ?? { code: 'E_DOUBT', message: 'nobody knows whether it happened' } }];
    }),
  };
}

function outputsOf({ steps }: Recipe, { outputs }: RunState): Record<string, string> {
  const named: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { id, register } of steps) {
    const output = outputs.get(id);
    if (register !== undefined && output !== undefined && output.isLost !== true) named[register] = output.stdout;
  }
  return named;
}

function stepsOf(recipe: Recipe, state: RunState): StepReport[] {
  const skipped = new Set(state.skipped);
  const byStep = new Map<number, Begun[]>();
  for (const one of state.begun) {
    const own = byStep.get(one.step);
    if (own === undefined) byStep.set(one.step, [one]);
    else own.push(one);
  }
  const isUndone = undoneIn(state);
  return recipe.steps.flatMap(({ id, action, readOnly }, step): StepReport[] => {
    const begun = byStep.get(step);
    if (begun === undefined) return [{ step: id, status: skipped.has(id) ? 'skipped' : 'not reached' }];
    return begun.map((one) => reportTurn({ id, action, readOnly }, one, { state, isUndone: isUndone(one) }));
  });
}

/** Whether a turn was undone: something undoes it, and all that does has happened. */
function undoneIn({ undos }: RunState): (turn: Turn) => boolean {
  const keyOf = ({ step, item }: Turn): string => `${step}:${item}`;
  const undone = new Map<string, boolean>();
  for (const { turn, status } of undos)
    if (turn !== undefined) undone.set(keyOf(turn), status === 'undone' && undone.get(keyOf(turn)) !== false);
  return (turn) => undone.get(keyOf(turn)) === true;
}

/** With these a command ends before it begins. */
const NEVER_BEGAN = new Set(['E_DENIED', 'E_INPUT', 'E_NOT_FOUND']);

function reportTurn(
  { id, action, readOnly }: Pick<Step, 'id' | 'action' | 'readOnly'>,
  begun: Begun,
  { state, isUndone }: { readonly state: RunState; readonly isUndone: boolean },
): StepReport {
  const { items, failure } = state;
  const item = items.get(begun.step)?.[begun.item];
  const isCommand = action.kind === 'command' || action.kind === 'shell';
  const isThere = !isUndone && !readOnly && !(isCommand && NEVER_BEGAN.has(begun.error?.code ?? ''));
  return {
    step: id,
    ...(item !== undefined && { item }),
    status: isUndone ? 'undone' : begun.status,
    ...(failure !== undefined && isThere && { left: true }),
    ...(begun.error !== undefined && { error: begun.error }),
    durationMs: Math.round(begun.durationMs),
  };
}
