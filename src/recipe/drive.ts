import type { Confirmation } from '../manifest/manifest.ts';
import { quote, SkillError } from '../../host/index.ts';
import { checkPreconditions } from './check-preconditions.ts';
import { evaluate } from './condition.ts';
import type { Entry, Failure, Settlement, Turn, UndoTask } from './entry.ts';
import {
  describeCommand,
  failureOf,
  isTooLong,
  type Outcome,
  performCommand,
  performPrompt,
  performTool,
  tellFailure,
} from './perform.ts';
import type { Ports } from './ports.ts';
import { levelOf } from './question.ts';
import { EXPECT_SUCCESS } from './read/read-expect.ts';
import type { Action, Recipe, Step, SubRecipe } from './recipe.ts';
import { type Report, reportOf } from './report.ts';
import { maySettle, type Next, type Open, type RunState, waitBefore } from './run-state.ts';
import { showTemplate } from './template.ts';
import type { Values } from './values.ts';

/** A step that runs another recipe. */
export type RecipeStep = Step & { readonly action: SubRecipe };

/** A run of a recipe: what is done, with which values, and what is written down of it. */
export interface Run {
  readonly recipe: Recipe;
  readonly state: RunState;
  readonly values: Values;
  readonly ports: Ports;
  /** How steps ask that do not say. */
  readonly confirmation: Confirmation;
  /** Written before what it tells of happens; then it counts. */
  readonly write: (entry: Entry, options: { readonly flush: boolean }) => void;
  /** Runs the recipe of a step, or takes its run up again. */
  readonly runChild: (step: RecipeStep, values: Values, child: string) => Promise<Outcome>;
  /** Undoes what the recipe of a step did. */
  readonly undoChild: (step: RecipeStep, values: Values, child: string) => Promise<Outcome>;
  readonly newId: () => string;
}

/**
 * Carries a run on to its end: each round does what its state says is next, and writes it down. What ends the run from
 * outside is thrown, and leaves a state from which it can be carried on.
 * @throws SkillError E_ABORTED, E_LEDGER, E_JOURNAL, E_CONFIRM, E_DOUBT
 */
export async function drive(run: Run): Promise<Report> {
  const { recipe, state, ports } = run;
  const startedAt = performance.now();
  for (;;) {
    const next = state.next();
    if (next.do === 'nothing') break;
    if (next.do === 'finish') {
      record(run, { type: 'finished', result: next.result }, true);
      break;
    }
    ports.signal.throwIfAborted();
    await take(run, next);
  }
  const result = state.result ?? 'failed';
  ports.onProgress({ type: 'recipe-ended', recipe: recipe.id, result, durationMs: performance.now() - startedAt });
  return reportOf(recipe, state, result);
}

/** What is written counts; so it is written first. */
function record({ state, write }: Run, entry: Entry, flush = false): void {
  write(entry, { flush });
  state.apply(entry);
}

async function take(run: Run, next: Exclude<Next, { do: 'nothing' | 'finish' }>): Promise<void> {
  switch (next.do) {
    case 'check':
      return record(run, { type: 'checked', problems: await checkPreconditions(run.recipe, run.values, run.ports) });
    case 'enter':
      return enter(run, next.step);
    case 'start':
      return start(run, next);
    case 'verify':
      return verify(run, next.index);
    case 'undo':
      return takeBack(run, next);
    case 'settle':
      return settle(run, next.open);
  }
}

/** Looks whether a step is to run, and for which items. */
function enter(run: Run, index: number): void {
  const { recipe, values, ports, state } = run;
  const step = stepAt(recipe, index);
  let error: Failure | undefined;
  try {
    if (step.when === undefined || evaluate(step.when, (reference) => values.value(reference)) === true)
      return record(run, { type: 'expanded', step: index, items: itemsOf(step, values) });
  } catch (thrown) {
    error = failureOf(thrown);
  }
  const told = error !== undefined && { error: tellFailure(error) };
  ports.onProgress({
    type: 'step-skipped',
    recipe: recipe.id,
    step: step.id,
    at: index + 1,
    of: recipe.steps.length,
    ...told,
  });
  record(run, { type: 'skipped', step: index, ...(error !== undefined && { error }) });
  announceRollback(run, state);
}

const MOST_ITEMS = 1_000;

function itemsOf({ id, forEach }: Step, values: Values): readonly string[] {
  if (forEach === undefined) return [''];
  if (!('lines' in forEach)) return forEach.map((one) => values.text(one));
  const lines = values
    .text(forEach.lines)
    .split(/\r?\n/)
    .filter((line) => line !== '');
  if (lines.length <= MOST_ITEMS) return lines;
  throw new SkillError('E_INPUT', `the step ${id} would run for ${lines.length} items; at most ${MOST_ITEMS}`);
}

async function start(run: Run, { step: index, item, attempt, delayMs }: Next & { do: 'start' }): Promise<void> {
  const { recipe, state, ports } = run;
  const step = stepAt(recipe, index);
  const turn: Turn = { step: index, item };
  const text = step.forEach === undefined ? undefined : state.items.get(index)?.[item];
  const values = run.values.withItem(text);
  if (delayMs > 0) await ports.sleep(delayMs, ports.signal);
  const does = describe(step.action, values);
  if (attempt === 1 && !(await isConfirmed(run, step, does))) {
    record(run, { type: 'declined', ...turn }, true);
    return announceRollback(run, state);
  }
  const child = step.action.kind === 'recipe' ? run.newId() : undefined;
  record(run, { type: 'started', ...turn, attempt, ...(child !== undefined && { child }) }, true);
  ports.onProgress({
    type: 'step-started',
    recipe: recipe.id,
    step: step.id,
    name: step.name,
    at: index + 1,
    of: recipe.steps.length,
    does,
    attempt,
    ...(text !== undefined && { item: text }),
  });
  const startedAt = performance.now();
  const outcome = explain(await act(run, step, values, child), step.message);
  end(run, { step, turn, outcome, attempt, durationMs: performance.now() - startedAt });
}

/** What its author says of an outcome that is not as expected goes before what was found. */
function explain(outcome: Outcome, message: string | undefined): Outcome {
  const { error } = outcome;
  return error?.code === 'E_EXPECTATION' ? { ...outcome, error: prefix(error, message) } : outcome;
}

function prefix(error: Failure, message: string | undefined): Failure {
  return message === undefined ? error : { ...error, message: `${message} (${error.message})` };
}

function act(run: Run, step: Step, values: Values, child: string | undefined): Promise<Outcome> {
  const { recipe, ports } = run;
  const { action, manner, expect, id } = step;
  const onOutput = (stream: 'stdout' | 'stderr', text: string): void =>
    ports.onProgress({ type: 'step-output', recipe: recipe.id, step: id, stream, text });
  switch (action.kind) {
    case 'command':
    case 'shell':
      return performCommand(action, manner, { values, expect, onOutput }, ports);
    case 'tool':
      return performTool(action, { values, expect }, ports);
    case 'prompt':
      return performPrompt(action, { values }, { recipe: recipe.id, step: id }, ports);
    case 'recipe':
      return run.runChild({ ...step, action }, values, child ?? '');
  }
}

interface Ended {
  readonly step: Step;
  readonly turn: Turn;
  readonly outcome: Outcome;
  readonly attempt: number;
  readonly durationMs: number;
}

function end(run: Run, { step, turn, outcome, attempt, durationMs }: Ended): void {
  const { recipe, state, ports } = run;
  const before = turn.item === 0 ? undefined : state.outputs.get(step.id);
  const isOver = step.isKept && isTooLong([outcome.output, before]);
  const error = outcome.error ?? (isOver ? TOO_LONG : undefined);
  const mayRetry = outcome.mayRetry && !isOver;
  record(run, {
    type: 'ended',
    ...turn,
    durationMs,
    ...(step.isKept || step.register !== undefined ? { output: isOver ? NOTHING : outcome.output } : {}),
    ...(error !== undefined && { error, mayRetry }),
  });
  const retries = error !== undefined && mayRetry && attempt < step.retry.attempts;
  ports.onProgress({
    type: 'step-ended',
    recipe: recipe.id,
    step: step.id,
    ok: error === undefined,
    durationMs,
    ...(error !== undefined && { error: tellFailure(error) }),
    ...(retries && { retryInMs: waitBefore(attempt + 1, step.retry) }),
  });
  announceRollback(run, state);
}

const NOTHING = { stdout: '', stderr: '', exitCode: -1 };
const TOO_LONG = {
  code: 'E_OUTPUT_LIMIT',
  message: 'its output is used by others, and is over 64 KiB (print less, or write it to a file)',
};

function announceRollback({ recipe, ports }: Run, state: RunState): void {
  if (!state.isUndoing || state.failure === undefined || state.undos.length === 0) return;
  const { at, message } = state.failure;
  ports.onProgress({ type: 'rolling-back', recipe: recipe.id, why: `${at}: ${message}`, tasks: state.undos.length });
}

async function isConfirmed({ recipe, ports, confirmation }: Run, step: Step, does: string): Promise<boolean> {
  const level = levelOf(step, confirmation);
  if (level === 'auto' || step.action.kind === 'prompt') return true;
  const { id, name, risk } = step;
  const question = { recipe: recipe.id, step: id, name, does, risk, level, signal: ports.signal };
  // Untyped hosts answer what they like, and only this is a yes.
  return ((await ports.asker.confirm(question)) as unknown) === true;
}

async function verify(run: Run, index: number): Promise<void> {
  const { recipe, values, ports, state } = run;
  const check = recipe.verification[index];
  if (check === undefined) return;
  const { action, manner, expect, message } = check;
  ports.onProgress({
    type: 'verifying',
    recipe: recipe.id,
    at: index + 1,
    of: recipe.verification.length,
    does: message ?? describe(action, values),
  });
  const { error } = await performCommand(action, manner, { values, expect }, ports);
  // The message says what is to hold, as it is shown while that is looked at.
  const told = error && prefix(error, message && `not so: ${message}`);
  record(run, { type: 'verified', index, ...(told !== undefined && { error: told }) });
  announceRollback(run, state);
}

async function takeBack(run: Run, { index, task }: Next & { do: 'undo' }): Promise<void> {
  const { recipe, state, ports } = run;
  const does = describeUndo(run, task);
  record(run, { type: 'undoing', task: index }, true);
  const step = task.turn === undefined ? undefined : stepAt(recipe, task.turn.step);
  ports.onProgress({
    type: 'undo-started',
    recipe: recipe.id,
    at: index + 1,
    of: state.undos.length,
    does,
    ...(step !== undefined && { step: step.id }),
  });
  const { error } = await actUndo(run, task, step);
  record(run, { type: 'undone', task: index, ...(error !== undefined && { error }) });
  ports.onProgress({
    type: 'undo-ended',
    recipe: recipe.id,
    ok: error === undefined,
    ...(error && { error: tellFailure(error) }),
  });
}

function actUndo(run: Run, { entry, turn }: UndoTask, step: Step | undefined): Promise<Outcome> {
  const { recipe, state, ports } = run;
  const values = valuesOf(run, turn);
  const undo = entry === undefined ? undefined : recipe.rollback[entry];
  if (undo !== undefined) {
    const acting = { values, expect: EXPECT_SUCCESS };
    return undo.action.kind === 'tool'
      ? performTool(undo.action, acting, ports)
      : performCommand(undo.action, undo.manner, acting, ports);
  }
  const child = state.begun.find((one) => one.step === turn?.step && one.item === turn.item)?.child;
  return step?.action.kind !== 'recipe' || child === undefined
    ? Promise.resolve({ error: undefined, output: NOTHING, mayRetry: false })
    : run.undoChild({ ...step, action: step.action }, values, child);
}

function describeUndo(run: Run, { entry, turn }: UndoTask): string {
  const undo = entry === undefined ? undefined : run.recipe.rollback[entry];
  if (undo === undefined) return `undo the recipe of ${turn === undefined ? '' : stepAt(run.recipe, turn.step).id}`;
  return undo.description === '' ? describe(undo.action, valuesOf(run, turn)) : undo.description;
}

function valuesOf({ state, values }: Run, turn: Turn | undefined): Values {
  return values.withItem(turn === undefined ? undefined : state.items.get(turn.step)?.[turn.item]);
}

/** Of what may have happened: what may be repeated is, a sub-recipe knows itself, and of the rest a person says it. */
async function settle(run: Run, open: Open): Promise<void> {
  const { recipe } = run;
  if (open.kind === 'step') {
    const step = stepAt(recipe, open.step);
    if (step.action.kind === 'recipe' && open.child !== undefined) {
      const startedAt = performance.now();
      const values = valuesOf(run, open);
      const outcome = await run.runChild({ ...step, action: step.action }, values, open.child);
      return end(run, {
        step,
        turn: { step: open.step, item: open.item },
        outcome,
        attempt: open.attempt,
        durationMs: performance.now() - startedAt,
      });
    }
    if (step.idempotent || step.action.kind === 'prompt') return record(run, { type: 'settled', as: 'redo' }, true);
    const what = `step ${step.id}: ${describe(step.action, valuesOf(run, open))}`;
    return record(run, { type: 'settled', as: await askSettlement(run, open, what) }, true);
  }
  const undo = open.task.entry === undefined ? undefined : recipe.rollback[open.task.entry];
  // The undoing of a sub-recipe has a journal of its own.
  const mayRepeat = undo === undefined || undo.idempotent;
  const what = `rollback of ${open.task.turn === undefined ? recipe.id : stepAt(recipe, open.task.turn.step).id}: ${describeUndo(run, open.task)}`;
  const as = mayRepeat ? 'redo' : await askSettlement(run, open, what);
  record(run, { type: 'settled', as }, true);
}

/** @throws SkillError E_DOUBT for an answer that settles nothing: written down, it would end the journal */
async function askSettlement({ recipe, ports }: Run, open: Open, what: string): Promise<Settlement> {
  const as = await ports.asker.settle({ recipe: recipe.id, what, open });
  if (maySettle(open, as)) return as;
  // Untyped hosts answer what they like.
  const answer: unknown = as;
  throw new SkillError('E_DOUBT', `${quote(String(answer), 40)} does not settle what became of ${quote(what, 200)}`, {
    hint: open.kind === 'undo' ? 'say done, redo or left' : 'say done or redo, or take the run back',
  });
}

/** What an action does, in one line. A value that cannot be had is shown by its name. */
export function describe(action: Action, values: Values): string {
  switch (action.kind) {
    case 'command':
    case 'shell':
      return describeCommand(action, values);
    case 'tool':
      return `${action.reference} ${JSON.stringify(Object.keys('fields' in action.input ? Object.fromEntries(action.input.fields) : {}))}`;
    case 'recipe':
      return `recipe ${action.recipe}`;
    case 'prompt':
      return `ask: ${showTemplate(action.text)}`;
  }
}

function stepAt({ steps }: Recipe, index: number): Step {
  const step = steps[index];
  if (step === undefined) throw new Error(`the recipe has no step ${index}`);
  return step;
}
