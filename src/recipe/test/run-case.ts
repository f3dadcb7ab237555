import { SkillError } from '../../../host/index.ts';
import type { Confirmation } from '../../manifest/manifest.ts';
import { drive } from '../drive.ts';
import { bindParameters, parseValue } from '../parameters.ts';
import type { Outcome } from '../perform.ts';
import type { Recipe } from '../recipe.ts';
import type { Value } from '../value.ts';
import type { Report } from '../report.ts';
import { RunState } from '../run-state.ts';
import { Values } from '../values.ts';
import { MockWorld, TooManyCalls } from './mock-ports.ts';
import type { RecipeCase } from './recipe-test.ts';

/** One run of a recipe within a case. */
export interface Ran {
  readonly recipe: Recipe;
  readonly state: RunState;
}

/** What came of a case. */
export interface CaseEnd {
  /** How the run ended; otherwise why it did not. */
  readonly end: Report | { readonly refused: string } | { readonly broken: string };
  readonly calls: readonly string[];
  readonly unexpected: readonly string[];
  /** The recipe itself and those it ran. */
  readonly ran: readonly Ran[];
}

/** Runs a case by what runs recipes, in a world that is made up: nothing is started, read or written down. */
export async function runCase(
  test: RecipeCase,
  recipes: readonly Recipe[],
  confirmation: Confirmation,
): Promise<CaseEnd> {
  const rehearsal = new Rehearsal(test, { recipes, confirmation });
  const end = await rehearsal.run();
  const { calls, unexpected } = rehearsal.world;
  return { end, calls, unexpected, ran: [...rehearsal.ran.values()] };
}

class Rehearsal {
  readonly world: MockWorld;
  readonly ran = new Map<string, Ran & { readonly parameters: ReadonlyMap<string, Value> }>();
  readonly #case: RecipeCase;
  readonly #skill: { readonly recipes: readonly Recipe[]; readonly confirmation: Confirmation };

  constructor(test: RecipeCase, skill: { readonly recipes: readonly Recipe[]; readonly confirmation: Confirmation }) {
    this.#case = test;
    this.#skill = skill;
    this.world = new MockWorld(test);
  }

  async run(): Promise<CaseEnd['end']> {
    try {
      return await this.#begin(this.#find(this.#case.recipe), this.#case.parameters, '0');
    } catch (error) {
      if (error instanceof TooManyCalls) return { broken: error.message };
      if (!(error instanceof SkillError)) throw error;
      const { code, message, hint } = error;
      if (code === 'E_INPUT') return { refused: message };
      return { broken: hint === undefined ? message : `${message} (${hint})` };
    }
  }

  async #begin(recipe: Recipe, given: Readonly<Record<string, unknown>>, id: string): Promise<Report> {
    const parameters = await bindParameters(recipe, given);
    for (const { name, type } of recipe.parameters)
      if (type === 'secret') this.world.addSecret(String(parameters.get(name) ?? ''));
    this.ran.set(id, { recipe, parameters, state: new RunState(recipe) });
    return this.#drive(id);
  }

  #drive(id: string): Promise<Report> {
    const { recipe, state, parameters } = this.#ran(id);
    const { ports } = this.world;
    const { outputs } = state;
    return drive({
      recipe,
      state,
      values: new Values({ recipe, parameters, outputs, variable: (name) => ports.commands.variable(name) }),
      ports,
      confirmation: this.#skill.confirmation,
      write: () => undefined,
      newId: () => `${id}.${state.begun.length}`,
      runChild: ({ action }, values, child) => {
        const texts = [...action.parameters].map(([name, template]) => [name, values.text(template)] as const);
        return this.#runChild(this.#find(action.recipe), texts, child);
      },
      undoChild: (_step, _values, child) => this.#undoChild(child),
    });
  }

  async #runChild(
    recipe: Recipe,
    texts: readonly (readonly [name: string, text: string])[],
    child: string,
  ): Promise<Outcome> {
    this.world.spend();
    const given = texts.map(([name, text]) => {
      const parameter = recipe.parameters.find((one) => one.name === name);
      return [name, parameter === undefined ? text : parseValue(parameter, text)] as const;
    });
    try {
      const { result, outputs, failure, problems } = await this.#begin(recipe, Object.fromEntries(given), child);
      const output = { ...DONE.output, stdout: JSON.stringify(outputs) };
      if (result === 'success' || result === 'partial') return { ...DONE, output };
      const why = failure === undefined ? problems.join('; ') : `${failure.at}: ${failure.message}`;
      return failed('E_RECIPE', `the recipe ${recipe.id} ended as ${result}: ${why}`);
    } catch (error) {
      if (!(error instanceof SkillError) || error.code !== 'E_INPUT') throw error;
      return failed(error.code, error.message);
    }
  }

  /** One that failed has undone itself. */
  async #undoChild(child: string): Promise<Outcome> {
    const { state } = this.ran.get(child) ?? {};
    // Its parameters were refused, so nothing of it ran.
    if (state === undefined) return DONE;
    if (state.result === 'success' || state.result === 'partial') {
      state.apply({ type: 'recalled' });
      await this.#drive(child);
    }
    const left = state.undos.filter(({ status }) => status !== 'undone').length;
    return left === 0 ? DONE : failed('E_RECIPE', `${left} of its steps could not be undone`);
  }

  #find(id: string): Recipe {
    const recipe = this.#skill.recipes.find((one) => one.id === id);
    if (recipe === undefined) throw new Error(`there is no recipe ${id}`);
    return recipe;
  }

  #ran(id: string): Ran & { readonly parameters: ReadonlyMap<string, Value> } {
    const ran = this.ran.get(id);
    if (ran === undefined) throw new Error(`there is no run ${id}`);
    return ran;
  }
}

const DONE: Outcome = { error: undefined, output: { stdout: '', stderr: '', exitCode: 0 }, mayRetry: false };

function failed(code: string, message: string): Outcome {
  return { ...DONE, error: { code, message } };
}
