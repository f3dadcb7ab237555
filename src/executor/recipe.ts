import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { CapabilityDenied, Commands, quote, Redactor, type SandboxResult, SkillError } from '../../host/index.ts';
import { Journal, readJournal } from '../journal/journal.ts';
import { drive, type RecipeStep, type Run } from '../recipe/drive.ts';
import type { Entry } from '../recipe/entry.ts';
import { bindParameters, parseValue } from '../recipe/parameters.ts';
import { failureOf, type Outcome } from '../recipe/perform.ts';
import { planRecipe } from '../recipe/plan.ts';
import { levelOf, unanswerable } from '../recipe/question.ts';
import type { Ports, ToolOutcome } from '../recipe/ports.ts';
import type { Parameter, Recipe, SubRecipe } from '../recipe/recipe.ts';
import type { Value } from '../recipe/value.ts';
import type { Report } from '../recipe/report.ts';
import { replay } from '../recipe/replay.ts';
import { RunState } from '../recipe/run-state.ts';
import { Values } from '../recipe/values.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Execution, Executor } from './executor.ts';
import { asRunError, outcomeOf, succeeded } from './recipe-outcome.ts';
import { noting } from './noting.ts';
import { abortedBy, agreeing } from './recipe-ports.ts';
import { checkGiven, checkRunId, readBegun, recall } from './recipe-take-up.ts';

/** Runs a recipe: its steps behind the gate, with a journal from which a run that was cut off is carried on. */
export class RecipeExecutor implements Executor {
  readonly #journals: string;

  /** @param journals the folder that has a folder for each run */
  constructor(journals: string) {
    this.#journals = journals;
  }

  async execute(execution: Execution): Promise<SandboxResult> {
    const { action, name } = execution.tool;
    if (action.type !== 'recipe') throw new SkillError('E_NOT_FOUND', `the tool ${name} is no recipe`);
    const { recipe } = action;
    const startedAt = performance.now();
    const sheet = new Sheet(execution, this.#journals);
    const outcome = await sheet.run(recipe).catch((error: unknown) => ({ error: asRunError(error, execution) }));
    return {
      outcome: 'error' in outcome ? { error: sheet.redactor.redactError(outcome.error) } : outcome,
      usage: { durationMs: performance.now() - startedAt, fuel: undefined, memoryBytes: 0, hostCalls: 0 },
      stderr: new Uint8Array(),
      denials: sheet.denials,
    };
  }
}

/** One run of a recipe and of the recipes it runs, with what they share. */
class Sheet {
  readonly redactor = new Redactor();
  readonly denials: CapabilityDenied[] = [];
  readonly #execution: Execution;
  readonly #journals: string;
  readonly #ports: Ports;

  constructor(execution: Execution, journals: string) {
    this.#execution = execution;
    this.#journals = journals;
    this.#ports = this.#makePorts();
  }

  async run(recipe: Recipe): Promise<SandboxResult['outcome']> {
    const { recipe: options, run, input } = this.#execution;
    if (options.dryRun === true) return { value: await this.#plan(recipe, input as Readonly<Record<string, unknown>>) };
    const given = input as Readonly<Record<string, unknown>>;
    const { take } = options;
    const report =
      take === undefined
        ? await this.#begin(recipe, run, given)
        : await this.#takeUp(recipe, checkRunId(take.run), { given, how: take.how });
    return { value: succeeded(report, options.take?.run ?? run) };
  }

  async #plan(recipe: Recipe, given: Readonly<Record<string, unknown>>): Promise<unknown> {
    const parameters = await this.#bind(recipe, given);
    const { recipe: options, skill } = this.#execution;
    return planRecipe(recipe, {
      parameters,
      commands: this.#ports.commands,
      isAgreed: options.yes === true,
      confirmation: confirmationOf(skill),
      find: (id) => skill.recipes.find((one) => one.id === id),
    });
  }

  /** A run that would stop for want of an answer does not begin. @throws SkillError E_CONFIRM */
  #requireAnswers(recipe: Recipe, parameters: ReadonlyMap<string, Value>): void {
    const { skill, recipe: options } = this.#execution;
    const values = new Values({ recipe, parameters, outputs: new Map(), variable: () => undefined });
    const step = unanswerable(recipe, values, {
      usual: confirmationOf(skill),
      isAgreed: options.yes === true,
      canConfirm: options.isAsked.confirm,
      canAnswer: options.isAsked.answer,
      find: (id) => skill.recipes.find((one) => one.id === id),
    });
    if (step === undefined) return;
    const isText = step.action.kind === 'prompt';
    const may = !isText && levelOf(step, confirmationOf(skill)) === 'prompt';
    throw new SkillError(
      'E_CONFIRM',
      `the step ${quote(step.id)} ${isText ? 'asks for a text' : 'wants a yes'}, and there is nobody to ask`,
      { hint: `nothing was done; ${may ? '--yes agrees' : 'run it in a terminal'}`, details: { step: step.id } },
    );
  }

  async #begin(recipe: Recipe, id: string, given: Readonly<Record<string, unknown>>, parent?: string): Promise<Report> {
    const parameters = await this.#bind(recipe, given);
    if (parent === undefined) this.#requireAnswers(recipe, parameters);
    const { skill, cwd, grant } = this.#execution;
    const secrets = recipe.parameters.filter(({ type }) => type === 'secret').map(({ name }) => name);
    const entry: Entry = {
      type: 'begun',
      run: id,
      skill: skill.id,
      path: skill.path,
      recipe: recipe.id,
      digest: recipe.digest,
      time: new Date().toISOString(),
      cwd,
      parameters: Object.fromEntries([...parameters].filter(([name]) => !secrets.includes(name))),
      secrets: secrets.filter((name) => parameters.has(name)),
      grant,
      ...(parent !== undefined && { parent }),
    };
    const state = new RunState(recipe);
    state.apply(entry);
    const journal = Journal.create(join(this.#journals, id), entry);
    return this.#drive(recipe, { id, journal, parameters, state });
  }

  async #takeUp(
    recipe: Recipe,
    id: string,
    { given, how }: { readonly given: Readonly<Record<string, unknown>>; readonly how: 'resume' | 'rollback' },
  ): Promise<Report> {
    const { journal, entries } = Journal.resume(join(this.#journals, id));
    try {
      const begun = readBegun(entries, recipe, this.#execution);
      checkGiven(begun, given);
      const parameters = await this.#bind(recipe, { ...begun.parameters, ...given });
      const state = replay(recipe, entries);
      if (how === 'rollback') recall(state, id, journal);
      return await this.#drive(recipe, { id, journal, parameters, state });
    } finally {
      journal.close();
    }
  }

  async #drive(
    recipe: Recipe,
    {
      id,
      journal,
      parameters,
      state,
    }: {
      readonly id: string;
      readonly journal: Journal;
      readonly parameters: ReadonlyMap<string, Value>;
      readonly state: RunState;
    },
  ): Promise<Report> {
    const { skill } = this.#execution;
    const ports = this.#ports;
    const values = new Values({
      recipe,
      parameters,
      outputs: state.outputs,
      variable: (name) => ports.commands.variable(name),
    });
    const run: Run = {
      recipe,
      state,
      values,
      ports,
      confirmation: confirmationOf(skill),
      write: (entry, options) => journal.append(entry, options),
      newId: () => `${id}.${state.begun.length + 1}`,
      runChild: (step, own, child) => this.#runChild(step, own, { child, parent: id }),
      undoChild: (step, own, child) => this.#undoChild(step, own, child),
    };
    ports.onProgress({
      type: 'recipe-started',
      recipe: recipe.id,
      name: recipe.name,
      steps: recipe.steps.length,
      journal: id,
    });
    try {
      return await drive(run);
    } finally {
      journal.close();
    }
  }

  async #runChild(
    { action }: RecipeStep,
    values: Values,
    { child, parent }: { readonly child: string; readonly parent: string },
  ): Promise<Outcome> {
    const recipe = this.#sibling(action.recipe);
    try {
      const report = Journal.exists(join(this.#journals, child))
        ? await this.#takeUp(recipe, child, { given: givenTo(recipe, action, values, isSecret), how: 'resume' })
        : await this.#begin(recipe, child, givenTo(recipe, action, values), parent);
      return outcomeOf(report);
    } catch (error) {
      // Values that do not fit, or cannot be had: the step failed, and nothing of it ran.
      if (!(error instanceof CapabilityDenied || (error instanceof SkillError && error.code === 'E_INPUT')))
        throw error;
      const { code, message } = failureOf(error);
      return { error: { code, message: this.redactor.redact(message) }, output: NOTHING, mayRetry: false };
    }
  }

  /** A child that failed has taken itself back, as far as it could; one that never began has nothing to take back. */
  async #undoChild({ action }: RecipeStep, values: Values, child: string): Promise<Outcome> {
    const recipe = this.#sibling(action.recipe);
    const directory = join(this.#journals, child);
    if (!Journal.exists(directory)) return { error: undefined, output: NOTHING, mayRetry: false };
    const state = replay(recipe, readJournal(directory).entries);
    const isThere = !state.isEnded || state.result === 'success' || state.result === 'partial';
    const report = isThere
      ? await this.#takeUp(recipe, child, { given: givenTo(recipe, action, values, isSecret), how: 'rollback' })
      : { rollbackErrors: state.undos.filter(({ status }) => status !== 'undone') };
    const left = report.rollbackErrors.length;
    const error = left === 0 ? undefined : { code: 'E_RECIPE', message: `${left} of its steps could not be undone` };
    return { error, output: NOTHING, mayRetry: false };
  }

  #sibling(id: string): Recipe {
    const recipe = this.#execution.skill.recipes.find((one) => one.id === id);
    if (recipe === undefined) throw new SkillError('E_NOT_FOUND', `the skill has no recipe ${quote(id)}`);
    return recipe;
  }

  async #bind(recipe: Recipe, given: Readonly<Record<string, unknown>>): Promise<ReadonlyMap<string, Value>> {
    const parameters = await bindParameters(recipe, given);
    for (const { name, type } of recipe.parameters)
      if (type === 'secret') this.redactor.add(String(parameters.get(name) ?? ''));
    return parameters;
  }

  #makePorts(): Ports {
    const { layers, record, cwd, env, limits, signal, callTool, skill, recipe: options } = this.#execution;
    const redact = (text: string): string => this.redactor.redact(text);
    const commands = new Commands({
      layers,
      record: (one) => record({ ...one, resource: redact(one.resource), rule: redact(one.rule) }),
      cwd,
      env,
      limits,
      own: skill.path,
    });
    return {
      commands: noting(commands, this.denials),
      asker: options.yes === true ? agreeing(options.asker) : options.asker,
      callTool: (reference, input, on): Promise<ToolOutcome> => callTool(reference, input, on),
      onProgress: (progress) => this.#execution.onProgress(progress),
      redact,
      sleep: (ms, on) => sleep(ms, undefined, { signal: on }).catch(() => on.throwIfAborted()),
      signal: abortedBy(signal),
    };
  }
}

const NOTHING = { stdout: '', stderr: '', exitCode: 0 };

/** What no journal keeps, and a run that is carried on must be given again. */
function isSecret({ type }: Parameter): boolean {
  return type === 'secret';
}

function confirmationOf({ manifest }: ReadySkill): 'auto' | 'prompt' | 'always' {
  return manifest?.recipes.defaultConfirmation ?? 'prompt';
}

/** What a step gives to its recipe, as the types of its parameters. @throws SkillError E_INPUT, CapabilityDenied */
function givenTo(
  { parameters }: Recipe,
  action: SubRecipe,
  values: Values,
  isMeant: (parameter: Parameter) => boolean = () => true,
): Record<string, Value> {
  const given = parameters.flatMap((parameter) => {
    const template = isMeant(parameter) ? action.parameters.get(parameter.name) : undefined;
    return template === undefined ? [] : [[parameter.name, parseValue(parameter, values.text(template))] as const];
  });
  return Object.fromEntries(given);
}
