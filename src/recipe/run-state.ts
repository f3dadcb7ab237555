import type { Entry, Failure, Output, RunResultName, Settlement, Turn, UndoTask } from './entry.ts';
import type { Recipe } from './recipe.ts';

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

/**
 * Where a run stands: what its journal says, entry by entry. It holds nothing that is not written there.
 * @throws Error from `apply` for an entry that cannot follow what was before: the journal is not of this recipe
 */
export class RunState {
  readonly #recipe: Recipe;
  #phase: Phase = 'checking';
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

  apply(entry: Entry): void {
    switch (entry.type) {
      case 'begun':
      case 'stopped':
        return;
      case 'checked':
        this.#expect(this.#phase === 'checking', entry);
        this.problems = entry.problems;
        this.#phase = entry.problems.length === 0 ? 'stepping' : 'undoing';
        if (entry.problems.length > 0) this.#ending = 'precondition_failed';
        else this.#leaveStepping();
        return;
      case 'skipped':
        this.#expect(this.#phase === 'stepping' && entry.step === this.#step, entry);
        return this.#skip(this.#stepAt(entry.step), entry.error);
      case 'expanded':
        this.#expect(this.#phase === 'stepping' && entry.step === this.#step, entry);
        this.#items = entry.items;
        if (this.#stepAt(entry.step).forEach !== undefined) this.items.set(entry.step, entry.items);
        if (entry.items.length === 0) this.#goOn();
        return;
      case 'started':
        return this.#start(entry);
      case 'ended':
        return this.#end(entry);
      case 'declined':
        this.#expect(this.#isAt(entry), entry);
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
        this.#expect(this.#open?.kind === 'undo' && entry.task === this.#undoAt, entry);
        return this.#endUndo(entry.error === undefined ? 'undone' : 'failed', entry.error);
      case 'settled':
        return this.#settle(entry.as, entry);
      case 'finished':
        this.#expect(this.#open === undefined && this.#phase !== 'ended', entry);
        this.result = entry.result;
        this.#phase = 'ended';
        return;
    }
  }

  #nextStep(): Next {
    const step = this.#recipe.steps[this.#step];
    if (step === undefined || this.#items === undefined) return { do: 'enter', step: this.#step };
    const { delayMs, backoff } = step.retry;
    const wait = this.#attempt === 0 ? 0 : delayMs * backoff ** (this.#attempt - 1);
    return { do: 'start', step: this.#step, item: this.#item, attempt: this.#attempt + 1, delayMs: wait };
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
    const begun = this.#latest();
    const { id, continueOnError, retry } = this.#stepAt(entry.step);
    this.#open = undefined;
    begun.durationMs += entry.durationMs;
    begun.error = entry.error;
    begun.status = entry.error === undefined ? 'done' : 'failed';
    if (entry.output !== undefined) this.#keep(id, entry.output, entry.item);
    if (entry.error === undefined) return this.#goOn();
    if (entry.mayRetry === true && this.#attempt < retry.attempts) return;
    if (!continueOnError) return this.#fail(id, entry.error);
    this.#ending = 'partial';
    this.#goOn();
  }

  /** Outputs of items are joined, a line each. */
  #keep(id: string, output: Output, item: number): void {
    const before = item === 0 ? undefined : this.outputs.get(id);
    if (before === undefined) return void this.outputs.set(id, output);
    this.outputs.set(id, {
      stdout: `${before.stdout}\n${output.stdout}`,
      stderr: `${before.stderr}\n${output.stderr}`,
      exitCode: before.exitCode || output.exitCode,
      ...((before.isRedacted === true || output.isRedacted === true) && { isRedacted: true }),
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
    if (this.#ending !== 'declined') this.#ending = 'failed';
    this.failure = { at, ...error };
    this.#undoAll();
  }

  /** Also of a run that ended well: its operator may want it undone. */
  #recall(entry: Entry): void {
    const isKept = this.#phase !== 'ended' || this.result === 'success' || this.result === 'partial';
    this.#expect(isKept && this.#phase !== 'undoing', entry);
    this.#open = undefined;
    this.result = undefined;
    this.#ending = 'failed';
    this.#fail('rollback', { code: 'E_ABORTED', message: 'it was taken back' });
  }

  /** In the reverse order of their starts; what undoes no step in particular comes last, the last entry first. */
  #undoAll(): void {
    this.#phase = 'undoing';
    const entries = [...this.#recipe.rollback.entries()].toReversed();
    for (const turn of this.begun.toReversed()) {
      const { id, action } = this.#stepAt(turn.step);
      const own = entries.filter(([, { undoes }]) => undoes === id);
      for (const [entry] of own) this.undos.push({ entry, turn, status: 'waiting', error: undefined });
      if (own.length === 0 && action.kind === 'recipe')
        this.undos.push({ entry: undefined, turn, status: 'waiting', error: undefined });
    }
    if (this.begun.length === 0) return;
    for (const [entry, { undoes }] of entries)
      if (undoes === undefined) this.undos.push({ entry, turn: undefined, status: 'waiting', error: undefined });
  }

  #endUndo(status: UndoState['status'], error: Failure | undefined): void {
    Object.assign(this.undos[this.#undoAt] as UndoState, { status, error });
    this.#open = undefined;
    this.#undoAt += 1;
  }

  #settle(as: Settlement, entry: Entry): void {
    const open = this.#open;
    this.#expect(open !== undefined, entry);
    if (open?.kind === 'undo') {
      if (as === 'redo') this.#open = undefined;
      else this.#endUndo(as === 'done' ? 'undone' : 'left', undefined);
      return;
    }
    this.#open = undefined;
    if (as === 'redo') this.#attempt = 0;
    else {
      this.#expect(as === 'done', entry);
      this.#latest().status = 'done';
      this.#goOn();
    }
  }

  #isAt({ step, item }: Turn): boolean {
    return this.#phase === 'stepping' && this.#items !== undefined && step === this.#step && item === this.#item;
  }

  #isUndo(index: number): boolean {
    return this.#phase === 'undoing' && this.#open === undefined && index === this.#undoAt && index < this.undos.length;
  }

  #latest(): Begun {
    const [latest] = this.begun.slice(-1);
    if (latest === undefined) throw new Error('the journal ends what it did not begin');
    return latest;
  }

  #stepAt(index: number): Recipe['steps'][number] {
    const step = this.#recipe.steps[index];
    if (step === undefined) throw new Error(`the journal tells of step ${index}, which the recipe does not have`);
    return step;
  }

  #expect(isSo: boolean, { type }: Entry): void {
    if (!isSo) throw new Error(`the journal has ${type} where it cannot be`);
  }
}
