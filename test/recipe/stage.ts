import { type CommandResult, SkillError } from '../../host/index.ts';
import { readLine, writeLine } from '../../src/journal/line.ts';
import { drive, type RecipeStep } from '../../src/recipe/drive.ts';
import type { Entry, Settlement } from '../../src/recipe/entry.ts';
import type { Outcome } from '../../src/recipe/perform.ts';
import type { Ports, Progress } from '../../src/recipe/ports.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import type { Value } from '../../src/recipe/value.ts';
import type { Report } from '../../src/recipe/report.ts';
import { type Open, RunState } from '../../src/recipe/run-state.ts';
import { Values } from '../../src/recipe/values.ts';

/** Where a process dies: at its nth entry, before it is written, in the middle of its line, or right behind it. */
export interface Kill {
  readonly at: number;
  readonly how: 'before' | 'half' | 'after';
}

/** What goes wrong in the world, by the first argument of the command, or the name of the step. */
export interface Weather {
  readonly fails?: ReadonlySet<string>;
  /** Fails so many times, and then no more. */
  readonly flaky?: ReadonlyMap<string, number>;
  readonly declines?: ReadonlySet<string>;
  /** Nobody can say what became of anything. */
  readonly isSilent?: boolean;
}

export interface Effect {
  readonly what: string;
  readonly ok: boolean;
}

export class Killed extends Error {}

/** A world of commands that do nothing but fail, with journals that are text. It outlives the processes that run in it. */
export class Stage {
  readonly #recipes: ReadonlyMap<string, Recipe>;
  readonly #weather: Weather;
  readonly #journals = new Map<string, string>();
  #kill: Kill | undefined;
  #written = 0;
  #isDead = false;
  /** How much had happened when each run began its last thing. */
  readonly #before = new Map<string, number>();
  readonly effects: Effect[] = [];
  readonly settlements: { readonly open: Open; readonly as: Settlement }[] = [];
  readonly progress: Progress[] = [];

  constructor(recipes: readonly Recipe[], weather: Weather = {}) {
    this.#recipes = new Map(recipes.map((recipe) => [recipe.id, recipe]));
    this.#weather = weather;
  }

  /** Entries written by the last process. */
  get written(): number {
    return this.#written;
  }

  /** Lets a process run a recipe, or take it up, until it ends or dies. */
  async play(id: string, how: 'begin' | 'resume' | 'rollback', kill?: Kill): Promise<Report> {
    this.#kill = kill;
    this.#written = 0;
    this.#isDead = false;
    return this.#isBegun('run')
      ? this.#takeUp(id, 'run', how === 'rollback' ? 'rollback' : 'resume')
      : this.#begin(id, 'run', new Map());
  }

  entries(run = 'run'): Entry[] {
    return this.#read(run).entries;
  }

  /** Where a run stands. */
  stateOf(id: string, run = 'run'): RunState {
    const state = new RunState(this.#recipe(id));
    for (const entry of this.entries(run)) state.apply(entry);
    return state;
  }

  #recipe(id: string): Recipe {
    const recipe = this.#recipes.get(id);
    if (recipe === undefined) throw new Error(`there is no recipe ${id}`);
    return recipe;
  }

  #isBegun(run: string): boolean {
    return this.#journals.has(run);
  }

  async #begin(id: string, run: string, parameters: ReadonlyMap<string, Value>): Promise<Report> {
    const recipe = this.#recipe(id);
    const values = { parameters: Object.fromEntries(parameters), secrets: [], grant: {} };
    const entry: Entry = {
      type: 'begun',
      run,
      skill: 's',
      path: '/skill',
      recipe: id,
      digest: recipe.digest,
      time: '',
      cwd: '',
      ...values,
    };
    this.#write(run, entry);
    const state = new RunState(recipe);
    state.apply(entry);
    return this.#drive(recipe, run, parameters, state);
  }

  async #takeUp(id: string, run: string, how: 'resume' | 'rollback'): Promise<Report> {
    const { entries, text } = this.#read(run);
    this.#journals.set(run, text);
    const state = this.stateOf(id, run);
    const [begun] = entries;
    if (begun?.type !== 'begun') throw new Error('it was not begun');
    const isKept = !state.isEnded || state.result === 'success' || state.result === 'partial';
    if (how === 'rollback' && !state.isUndoing && isKept) {
      this.#write(run, { type: 'recalled' });
      state.apply({ type: 'recalled' });
    }
    return this.#drive(this.#recipe(id), run, new Map(Object.entries(begun.parameters)), state);
  }

  #drive(recipe: Recipe, run: string, parameters: ReadonlyMap<string, Value>, state: RunState): Promise<Report> {
    return drive({
      recipe,
      state,
      values: new Values({ recipe, parameters, outputs: state.outputs, variable: () => undefined }),
      ports: this.#ports(run),
      confirmation: 'auto',
      write: (entry) => this.#write(run, entry),
      newId: () => `${run}.${state.begun.length + 1}`,
      runChild: (step, values, child) => this.#runChild(step, values, child),
      undoChild: (step, _values, child) => this.#undoChild(step, child),
    });
  }

  async #runChild({ action }: RecipeStep, values: Values, child: string): Promise<Outcome> {
    const given = new Map([...action.parameters].map(([name, template]) => [name, values.text(template)]));
    const report = this.#isBegun(child)
      ? await this.#takeUp(action.recipe, child, 'resume')
      : await this.#begin(action.recipe, child, given);
    const isDone = report.result === 'success' || report.result === 'partial';
    const error = isDone ? undefined : { code: 'E_RECIPE', message: `it ended as ${report.result}` };
    return { error, output: { stdout: '', stderr: '', exitCode: 0 }, mayRetry: false };
  }

  async #undoChild({ action }: RecipeStep, child: string): Promise<Outcome> {
    const nothing = { stdout: '', stderr: '', exitCode: 0 };
    if (!this.#isBegun(child)) return { error: undefined, output: nothing, mayRetry: false };
    const { rollbackErrors } = await this.#takeUp(action.recipe, child, 'rollback');
    const error = rollbackErrors.length === 0 ? undefined : { code: 'E_RECIPE', message: 'not everything was undone' };
    return { error, output: nothing, mayRetry: false };
  }

  #write(run: string, entry: Entry): void {
    if (this.#isDead) throw new Error(`a dead process writes ${entry.type}`);
    this.#written += 1;
    const how = this.#kill?.at === this.#written ? this.#kill.how : undefined;
    const { text, sum } = this.#read(run);
    const line = writeLine(sum, entry).text;
    // A journal begins with a whole entry, or not at all.
    const half = entry.type === 'begun' ? '' : line.slice(0, Math.floor(line.length / 2));
    const put = how === undefined || how === 'after' ? line : how === 'half' ? half : '';
    if (put !== '') this.#journals.set(run, text + put);
    if (put === line && (entry.type === 'started' || entry.type === 'undoing'))
      this.#before.set(run, this.effects.length);
    if (how === undefined) return;
    this.#isDead = true;
    throw new Killed();
  }

  /** As a journal is read: what is behind the last line end was being written. */
  #read(run: string): { readonly entries: Entry[]; readonly text: string; readonly sum: string } {
    const lines = (this.#journals.get(run) ?? '').split('\n').slice(0, -1);
    const entries: Entry[] = [];
    let sum = '';
    for (const line of lines) {
      const read = readLine(sum, line);
      if (read === undefined) throw new Error('the journal does not verify');
      sum = read.sum;
      entries.push(read.entry as Entry);
    }
    return { entries, sum, text: lines.map((line) => `${line}\n`).join('') };
  }

  #happen(what: string): boolean {
    if (this.#isDead) throw new Error(`a dead process does ${what}`);
    const times = this.effects.filter((one) => one.what === what).length;
    const name = what.split(' ')[1] ?? '';
    const ok = this.#weather.fails?.has(name) !== true && times >= (this.#weather.flaky?.get(name) ?? 0);
    this.effects.push({ what, ok });
    return ok;
  }

  #ports(run: string): Ports {
    const print = (ok: boolean, text: string): CommandResult => ({
      exitCode: ok ? 0 : 1,
      stdout: Buffer.from(`${text}\n`),
      stderr: new Uint8Array(),
      durationMs: 1,
      memoryBytes: 0,
      isolation: 'none',
    });
    return {
      commands: {
        decide: () => ({ allowed: true, layer: 'grant', rule: 'all' }) as never,
        run: ({ program, args }) =>
          Promise.resolve(print(this.#happen([program, ...args].join(' ')), `printed by ${args[0] ?? ''}`)),
        variable: () => undefined,
        exists: () => true,
        isInstalled: () => true,
      },
      asker: {
        confirm: ({ step }) => Promise.resolve(this.#weather.declines?.has(step) !== true),
        answer: ({ step }) => Promise.resolve(this.#happen(`ask ${step}`) ? 'answer' : 'answer'),
        settle: ({ open }) => {
          if (this.#weather.isSilent === true) throw new SkillError('E_DOUBT', 'nobody knows');
          // Whoever looks sees whether it happened, and does again what failed.
          const last = this.effects.length > (this.#before.get(run) ?? 0) ? this.effects.at(-1) : undefined;
          const as = last?.ok === true ? 'done' : 'redo';
          this.settlements.push({ open, as });
          return Promise.resolve(as);
        },
      },
      callTool: (reference, input) => {
        const { name } = input as { readonly name: string };
        const ok = this.#happen(`tool ${name}`);
        return Promise.resolve(ok ? { ok, result: reference } : { ok, code: 'E_GUEST', message: 'it failed' });
      },
      onProgress: (one) => void this.progress.push(one),
      redact: (text) => text,
      sleep: () => Promise.resolve(),
      signal: new AbortController().signal,
    };
  }
}
