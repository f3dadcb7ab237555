import { quote } from '../../host/index.ts';
import type { Entry, Failure, Output, RunResultName, Settlement, Turn, UndoTask } from './entry.ts';
import type { Recipe, Retry } from './recipe.ts';

/** What is to be done next. Decided from what was written down alone, so a run that is taken up again goes on as it would have. */
export type Next =
  | { readonly do: 'check' }
  /** Look whether the step is to run, and for which items. */
  | { readonly do: 'enter'; readonly step: number }
  | ({ readonly do: 'start'; readonly attempt: number; readonly delayMs: number } & Turn)
  | { readonly do: 'verify'; readonly index: number }
  | { readonly do: 'undo'; readonly index: number; readonly task: UndoTask }
  /** It was begun, and nobody knows whether it happened. */
  | { readonly do: 'settle'; readonly open: Open }
  | { readonly do: 'finish'; readonly result: RunResultName }
  | { readonly do: 'nothing' };

export type Open =
  | ({ readonly kind: 'step'; readonly attempt: number; readonly child: string | undefined } & Turn)
  | { readonly kind: 'undo'; readonly index: number; readonly task: UndoTask };

export type Status = 'done' | 'failed' | 'doubtful';

/** A turn that was begun. */
export interface Begun extends Turn {
  status: Status;
  child: string | undefined;
  error: Failure | undefined;
  durationMs: number;
}

export interface UndoState extends UndoTask {
  status: 'waiting' | 'undone' | 'failed' | 'left';
  error: Failure | undefined;
}

type Phase = 'checking' | 'stepping' | 'verifying' | 'undoing' | 'ended';

/** No timer holds more than 24 days, and nobody waits for a retry as long. */
const LONGEST_WAIT_MS = 3_600_000;

/** Milliseconds before an attempt: nothing before the first, and at most an hour. */
export function waitBefore(attempt: number, { delayMs, backoff }: Retry): number {
  return attempt === 1 ? 0 : Math.min(delayMs * backoff ** (attempt - 2), LONGEST_WAIT_MS);
}

/**
 * Where a run stands: what its journal says, entry by entry. It holds nothing that is not written there.
 * @throws Error from `apply` for an entry that cannot follow what was before: the journal is not of this recipe
 */
export class RunState {
  readonly #recipe: Recipe;
  #phase: Phase = 'checking';
  #isNew = true;
  #step = 0;
  #items: readonly string[] | undefined;
  #item = 0;
  #attempt = 0;
  #open: Open | undefined;
  #verified = 0;
  #undoAt = 0;
  #ending: RunResultName = 'success';
  readonly begun: Begun[] = [];
  readonly skipped: string[] = [];
  readonly outputs = new Map<string, Output>();
  /** Items of the steps with a `for_each`, for whoever undoes them. */
  readonly items = new Map<number, readonly string[]>();
  readonly undos: UndoState[] = [];
  problems: readonly string[] = [];
  /** Where and why it failed; the place is a step's id or `verification[0]`. */
  failure: (Failure & { readonly at: string }) | undefined;
  result: RunResultName | undefined;

  constructor(recipe: Recipe) {
    this.#recipe = recipe;
  }

  get isEnded(): boolean {
    return this.#phase === 'ended';
  }

  get isUndoing(): boolean {
    return this.#phase === 'undoing';
  }

  /** The step it is at, counted from 1. */
  get at(): number {
    return Math.min(this.#step + 1, this.#recipe.steps.length);
  }

  next(): Next {
    if (this.#open !== undefined) return { do: 'settle', open: this.#open };
    switch (this.#phase) {
      case 'checking':
        return { do: 'check' };
      case 'stepping':
        return this.#nextStep();
      case 'verifying':
        return this.#verified < this.#recipe.verification.length
          ? { do: 'verify', index: this.#verified }
          : { do: 'finish', result: this.#ending };
      case 'undoing': {
        const task = this.undos[this.#undoAt];
        return task === undefined ? { do: 'finish', result: this.#ending } : { do: 'undo', index: this.#undoAt, task };
      }
      case 'ended':
        return { do: 'nothing' };
    }
  }

  /** @throws Error for what cannot be written here; then nothing has changed */
  apply(entry: Entry): void {
    // Of a run that has ended, its operator may want it undone, and nothing else.
    const isLate = this.#phase === 'ended' && entry.type !== 'recalled' && entry.type !== 'stopped';
    this.#expect((entry.type === 'begun') === this.#isNew && !isLate, entry);
    this.#isNew = false;
    switch (entry.type) {
      case 'begun':
      case 'stopped':
        return;
      case 'checked':
        this.#expect(this.#phase === 'checking' && isTexts(entry.problems), entry);
        this.problems = entry.problems;
        this.#phase = entry.problems.length === 0 ? 'stepping' : 'undoing';
        if (entry.problems.length > 0) this.#ending = 'precondition_failed';
        else this.#leaveStepping();
        return;
      case 'skipped':
        this.#expect(this.#isBefore(entry.step), entry);
        return this.#skip(this.#stepAt(entry.step), entry.error);
      case 'expanded':
        return this.#expand(entry);
      case 'started':
        return this.#start(entry);
      case 'ended':
        return this.#end(entry);
      case 'declined':
        this.#expect(this.#isAt(entry) && this.#open === undefined, entry);
        this.#ending = 'declined';
        return this.#fail(this.#stepAt(entry.step).id, { code: 'E_DECLINED', message: 'it was not confirmed' });
      case 'verified':
        this.#expect(this.#phase === 'verifying' && entry.index === this.#verified, entry);
        if (entry.error === undefined) this.#verified += 1;
        else this.#fail(`verification[${entry.index}]`, entry.error);
        return;
      case 'recalled':
        return this.#recall(entry);
      case 'undoing':
        this.#expect(this.#isUndo(entry.task), entry);
        this.#open = { kind: 'undo', index: entry.task, task: this.undos[entry.task] as UndoTask };
        return;
      case 'undone':
        this.#expect(this.#open?.kind === 'undo' && entry.task === this.#open.index, entry);
        return this.#endUndo(entry.error === undefined ? 'undone' : 'failed', entry.error);
      case 'settled':
        return this.#settle(entry.as, entry);
      case 'finished':
        return this.#finish(entry);
      default:
        // Of a version to come, or of nobody: what it tells cannot be left out.
        throw new Error('the journal has an entry of a kind that is not known here');
    }
  }

  #nextStep(): Next {
    const step = this.#recipe.steps[this.#step];
    if (step === undefined || this.#items === undefined) return { do: 'enter', step: this.#step };
    const attempt = this.#attempt + 1;
    return { do: 'start', step: this.#step, item: this.#item, attempt, delayMs: waitBefore(attempt, step.retry) };
  }

  #expand(entry: Entry & { type: 'expanded' }): void {
    const { step, items } = entry;
    this.#expect(this.#isBefore(step) && isTexts(items), entry);
    const { id, forEach } = this.#stepAt(step);
    this.#expect(forEach !== undefined || items.length === 1, entry);
    this.#items = items;
    if (forEach !== undefined) this.items.set(step, items);
    if (items.length > 0) return;
    this.skipped.push(id);
    this.#goOn();
  }

  #finish(entry: Entry & { type: 'finished' }): void {
    const next = this.next();
    this.#expect(next.do === 'finish' && next.result === entry.result, entry);
    this.result = entry.result;
    this.#phase = 'ended';
  }

  #skip({ id, continueOnError }: Recipe['steps'][number], error: Failure | undefined): void {
    this.skipped.push(id);
    if (error !== undefined && !continueOnError) return this.#fail(id, error);
    if (error !== undefined) this.#ending = 'partial';
    this.#goOn();
  }

  #start(entry: Entry & { type: 'started' }): void {
    const isNext = this.#isAt(entry) && entry.attempt === this.#attempt + 1;
    this.#expect(isNext && this.#open === undefined, entry);
    const { step, item, attempt, child } = entry;
    this.#attempt = attempt;
    this.#open = { kind: 'step', step, item, attempt, child };
    const last = this.begun.at(-1);
    if (last?.step === step && last.item === item) Object.assign(last, { status: 'doubtful', child, error: undefined });
    else this.begun.push({ step, item, status: 'doubtful', child, error: undefined, durationMs: 0 });
  }

  #end(entry: Entry & { type: 'ended' }): void {
    const open = this.#open;
    this.#expect(open?.kind === 'step' && open.step === entry.step && open.item === entry.item, entry);
    const begun = this.#lastBegun();
    const { id, continueOnError, retry } = this.#stepAt(entry.step);
    this.#open = undefined;
    begun.durationMs += entry.durationMs;
    begun.error = entry.error;
    begun.status = entry.error === undefined ? 'done' : 'failed';
    if (entry.error !== undefined && entry.mayRetry === true && this.#attempt < retry.attempts) return;
    // Of several attempts, what the last one printed.
    if (entry.output !== undefined) this.#keep(id, entry.output, entry.item);
    if (entry.error === undefined) return this.#goOn();
    if (!continueOnError) return this.#fail(id, entry.error);
    this.#ending = 'partial';
    this.#goOn();
  }

  /** Outputs of items are joined, a line each. */
  #keep(id: string, output: Output, item: number): void {
    const before = item === 0 ? undefined : this.outputs.get(id);
    if (before === undefined) return void this.outputs.set(id, output);
    this.outputs.set(id, {
      stdout: joined(before.stdout, output.stdout),
      stderr: joined(before.stderr, output.stderr),
      exitCode: before.exitCode || output.exitCode,
      ...((before.isRedacted === true || output.isRedacted === true) && { isRedacted: true }),
      ...((before.isLost === true || output.isLost === true) && { isLost: true }),
    });
  }

  #goOn(): void {
    this.#attempt = 0;
    if (this.#items !== undefined && this.#item + 1 < this.#items.length) {
      this.#item += 1;
      return;
    }
    this.#step += 1;
    this.#items = undefined;
    this.#item = 0;
    this.#leaveStepping();
  }

  #leaveStepping(): void {
    if (this.#step >= this.#recipe.steps.length) this.#phase = 'verifying';
  }

  #fail(at: string, error: Failure): void {
    if (this.#ending !== 'declined' && this.#ending !== 'rolled_back') this.#ending = 'failed';
    this.failure = { at, ...error };
    this.#undoAll();
  }

  /** Also of a run that ended well: its operator may want it undone. */
  #recall(entry: Entry): void {
    const isKept = this.#phase !== 'ended' || this.result === 'success' || this.result === 'partial';
    this.#expect(isKept && this.#phase !== 'undoing', entry);
    this.#open = undefined;
    this.result = undefined;
    this.#ending = 'rolled_back';
    this.#fail('rollback', { code: 'E_ABORTED', message: 'it was taken back' });
  }

  /** In the reverse order of their starts; what undoes no step in particular comes last, the last entry first. */
  #undoAll(): void {
    this.#phase = 'undoing';
    if (this.begun.length === 0) return;
    const byStep = new Map<string | undefined, number[]>();
    for (const [entry, { undoes }] of [...this.#recipe.rollback.entries()].toReversed()) {
      const own = byStep.get(undoes);
      if (own === undefined) byStep.set(undoes, [entry]);
      else own.push(entry);
    }
    const add = (entry: number | undefined, turn: Turn | undefined): void =>
      void this.undos.push({ entry, turn, status: 'waiting', error: undefined });
    for (const { step, item } of this.begun.toReversed()) {
      const { id, action } = this.#stepAt(step);
      const own = byStep.get(id) ?? (action.kind === 'recipe' ? [undefined] : []);
      for (const entry of own) add(entry, { step, item });
    }
    for (const entry of byStep.get(undefined) ?? []) add(entry, undefined);
  }

  #endUndo(status: UndoState['status'], error: Failure | undefined): void {
    Object.assign(this.undos[this.#undoAt] as UndoState, { status, error });
    this.#open = undefined;
    this.#undoAt += 1;
  }

  #settle(as: Settlement, entry: Entry): void {
    const open = this.#open;
    this.#expect(open !== undefined && maySettle(open, as), entry);
    if (open?.kind === 'undo') {
      if (as === 'redo') this.#open = undefined;
      else this.#endUndo(as === 'done' ? 'undone' : 'left', undefined);
      return;
    }
    this.#open = undefined;
    if (as === 'redo') {
      this.#attempt = 0;
      return;
    }
    const begun = this.#lastBegun();
    const { id, isKept, register, expect } = this.#stepAt(begun.step);
    begun.status = 'done';
    // It happened, and nobody wrote down what it printed.
    const output = { stdout: '', stderr: '', exitCode: expect.exitCode, isLost: true };
    if (isKept || register !== undefined) this.#keep(id, output, begun.item);
    this.#goOn();
  }

  #lastBegun(): Begun {
    const begun = this.begun.at(-1);
    if (begun === undefined) throw new Error('the journal tells of a step that was not started');
    return begun;
  }

  /** The step is the next one, and it was not looked at yet. */
  #isBefore(step: number): boolean {
    return this.#phase === 'stepping' && this.#items === undefined && step === this.#step;
  }

  #isAt({ step, item }: Turn): boolean {
    return this.#phase === 'stepping' && this.#items !== undefined && step === this.#step && item === this.#item;
  }

  #isUndo(index: number): boolean {
    return this.#phase === 'undoing' && this.#open === undefined && index === this.#undoAt && index < this.undos.length;
  }

  #stepAt(index: number): Recipe['steps'][number] {
    const step = this.#recipe.steps[index];
    if (step === undefined) throw new Error(`the journal tells of step ${index}, which the recipe does not have`);
    return step;
  }

  #expect(isSo: boolean, { type }: Entry): void {
    if (!isSo) throw new Error(`the journal has ${quote(type, 40)} where it cannot be`);
  }
}

/** Whether a person can say that of it: a step that may have run is not left as it may be while others go on from it. */
export function maySettle({ kind }: Open, as: Settlement): boolean {
  return as === 'done' || as === 'redo' || (as === 'left' && kind === 'undo');
}

function joined(before: string, text: string): string {
  return before === '' || text === '' ? before + text : `${before}\n${text}`;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
