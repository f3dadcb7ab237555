import type { Confirmation } from '../manifest/manifest.ts';
import { evaluate } from './condition.ts';
import { describe } from './drive.ts';
import { requestOf } from './perform.ts';
import type { CommandPort } from './ports.ts';
import { levelOf } from './question.ts';
import { parseValue } from './parameters.ts';
import type { Command, Manner, Recipe, Step, SubRecipe } from './recipe.ts';
import type { Value } from './value.ts';
import { Values } from './values.ts';
import { SkillError } from '../../host/index.ts';

/** What one step would do. */
export interface PlannedStep {
  readonly step: string;
  readonly name: string;
  /** The command with its values; values that are known only when it runs stand there by their names. */
  readonly does: string;
  readonly runs: 'yes' | 'no' | 'depends';
  readonly forEach?: readonly string[];
  /** What the gate says, and which rule. */
  readonly decision?: { readonly allowed: boolean; readonly layer: string; readonly rule: string };
  /** Why it would fail before it runs. */
  readonly fault?: string;
  readonly confirmation: 'none' | 'given' | 'asks' | 'asks for a typed yes';
  readonly undoneBy: readonly string[];
  /** What the recipe of the step would do; not there when the plan would be too long. */
  readonly plan?: Plan;
}

/** Everything a run would do, and nothing done. */
export interface Plan {
  readonly recipe: string;
  readonly parameters: Readonly<Record<string, Value>>;
  readonly preconditions: readonly string[];
  readonly steps: readonly PlannedStep[];
  readonly verification: readonly string[];
}

interface Planning {
  readonly parameters: ReadonlyMap<string, Value>;
  readonly commands: CommandPort;
  /** A yes was given for all. */
  readonly isAgreed: boolean;
  readonly confirmation: Confirmation;
  /** Finds the recipe that a step runs. */
  readonly find: (id: string) => Recipe | undefined;
}

/** Recipes that run each other in a thousand ways are not shown in a thousand ways. */
const MOST_STEPS = 2_000;

/** Pure but for the questions to the gate, which records nothing of them. */
export function planRecipe(recipe: Recipe, planning: Planning): Plan {
  return plan(recipe, { ...planning, room: { steps: MOST_STEPS } });
}

/** The same, and how many more steps are shown. */
interface Place extends Planning {
  readonly room: { steps: number };
}

function plan(recipe: Recipe, planning: Place): Plan {
  planning.room.steps -= recipe.steps.length;
  const { parameters } = planning;
  const values = new Values({
    recipe,
    parameters,
    outputs: new Map(),
    variable: (name) => `{{env.${name}}}`,
    isPlan: true,
  });
  const secrets = new Set(recipe.parameters.flatMap(({ name, type }) => (type === 'secret' ? [name] : [])));
  return {
    recipe: recipe.id,
    parameters: Object.fromEntries(
      [...parameters].map(([name, value]) => [name, secrets.has(name) ? '[secret]' : value]),
    ),
    preconditions: recipe.preconditions.map((one) => describePrecondition(one, values)),
    steps: recipe.steps.map((step) => planStep(step, values, recipe, planning)),
    verification: recipe.verification.map(({ action, message }) => message ?? describe(action, values)),
  };
}

function planStep(step: Step, values: Values, recipe: Recipe, planning: Place): PlannedStep {
  const { id, name, action, manner, when, forEach } = step;
  const holds =
    when === undefined || evaluate(when, (one) => (one.kind === 'parameter' ? values.value(one) : undefined));
  const items =
    forEach === undefined
      ? undefined
      : 'lines' in forEach
        ? [values.show(forEach.lines)]
        : forEach.map((one) => values.show(one));
  const own = items?.[0] === undefined ? values : values.withItem(items[0]);
  const undoneBy = recipe.rollback.filter(({ undoes }) => undoes === id).map((undo) => describe(undo.action, own));
  return {
    step: id,
    name,
    does: describe(action, own),
    runs: holds === undefined ? 'depends' : holds ? 'yes' : 'no',
    ...(items !== undefined && { forEach: items }),
    ...(action.kind === 'command' || action.kind === 'shell' ? decide(action, manner, own, planning) : {}),
    confirmation: confirmationOf(step, planning),
    undoneBy,
    ...(action.kind === 'recipe' && planChild(action, own, planning)),
  };
}

/** With what it would be given, as far as that is known. */
function planChild(
  { recipe: id, parameters: given }: SubRecipe,
  values: Values,
  planning: Place,
): Pick<PlannedStep, 'plan'> {
  const recipe = planning.find(id);
  if (recipe === undefined || recipe.steps.length > planning.room.steps) return {};
  const parameters = recipe.parameters.flatMap((parameter): [string, Value][] => {
    const template = given.get(parameter.name);
    const value = template === undefined ? parameter.default : parseValue(parameter, values.show(template));
    return value === undefined ? [] : [[parameter.name, value]];
  });
  return { plan: plan(recipe, { ...planning, parameters: new Map(parameters) }) };
}

function decide(action: Command, manner: Manner, values: Values, { commands }: Planning): Partial<PlannedStep> {
  try {
    const { program, args } = requestOf(action, manner, values);
    const { allowed, layer, rule } = commands.decide({ program, args });
    return { decision: { allowed, layer, rule } };
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    return { fault: error.message };
  }
}

function confirmationOf(step: Step, { confirmation, isAgreed }: Planning): PlannedStep['confirmation'] {
  if (step.action.kind === 'prompt') return 'asks';
  const level = levelOf(step, confirmation);
  if (level === 'always') return 'asks for a typed yes';
  if (level === 'auto') return 'none';
  return isAgreed ? 'given' : 'asks';
}

function describePrecondition(one: Recipe['preconditions'][number], values: Values): string {
  switch (one.check) {
    case 'command_exists':
      return `installed: ${one.programs.join(', ')}`;
    case 'env_set':
      return `set: ${one.names.join(', ')}`;
    case 'file_exists':
      return `there: ${one.paths.map((path) => values.show(path)).join(', ')}`;
    case 'custom':
      return `succeeds: ${describe(one.action, values)}`;
  }
}
