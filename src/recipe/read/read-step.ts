import { quote } from '../../../host/index.ts';
import { formatField } from '../../manifest/field-path.ts';
import { TableReader } from '../../manifest/table-reader.ts';
import { isUnsafeKey } from '../../manifest/check-values.ts';
import { checkLabel, type Fault } from '../../manifest/text-checks.ts';
import { isTable } from '../../manifest/values.ts';
import { type Condition, parseCondition } from '../condition.ts';
import { canHold } from '../reachable.ts';
import { type Action, type InputTemplate, type Parameter, type Retry, RISKS, type Step } from '../recipe.ts';
import { RESERVED_NAMES, type Scope, type Use } from '../scope.ts';
import { readCommand, readManner, readSeconds } from './read-command.ts';
import { readExpect } from './read-expect.ts';
import { readTemplate, readTemplates, toTemplate } from './read-template.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const ACTIONS = ['command', 'tool', 'recipe', 'prompt'] as const;
const MOST_ATTEMPTS = 10;
const MOST_ITEMS = 1_000;

type ReadStep = Omit<Step, 'isKept'>;

/** One step. Its own output is known to the steps that are read after it. */
export function readStep(table: TableReader, scope: Scope, parameters: readonly Parameter[]): ReadStep | undefined {
  const id = table.requiredText('id', { check: checkName, example: 'build' }) || undefined;
  const isRepeated = table.has('for_each');
  const use: Use = { item: isRepeated };
  const when = readWhen(table, scope, parameters);
  const step: Omit<ReadStep, 'id' | 'action'> = {
    name: table.text('name', checkLabel(128)) ?? id ?? '',
    description: table.text('description', checkLabel(1_024)) ?? '',
    manner: readManner(table, scope, use),
    confirmation: table.oneOf('confirmation', ['auto', 'prompt', 'always']),
    risk: table.oneOf('risk_level', RISKS) ?? 'low',
    when,
    forEach: readForEach(table, scope),
    retry: readRetry(table),
    continueOnError: table.flag('continue_on_error') ?? false,
    register: readRegister(table, scope),
    expect: readExpect(table, scope, use),
    message: table.text('message'),
    idempotent: table.flag('idempotent') === true || table.flag('read_only') === true,
    readOnly: table.flag('read_only') ?? false,
  };
  const action = readAction(table, scope, use);
  checkCombination(table, action);
  table.finish();
  if (id !== undefined) scope.addStep(id, step.register);
  return id === undefined || action === undefined ? undefined : { id, action, ...step };
}

/** Why a text is no name that others can use. `__proto__` and its like become keys, later. */
function checkName(name: string): Fault | undefined {
  if (NAME.test(name) && !isUnsafeKey(name)) return undefined;
  const fix = 'write at most 64 letters, digits, - and _, a letter first';
  return isUnsafeKey(name)
    ? { code: 'M_UNSAFE_KEY', wrong: 'may not be used as a name', fix: 'choose another name' }
    : { code: 'M_NAME', wrong: 'is no name', fix };
}

/** The same for what stands in templates by itself. */
export function checkValueName(name: string): Fault | undefined {
  if (!RESERVED_NAMES.has(name)) return checkName(name);
  return { code: 'M_NAME', wrong: 'has a meaning of its own', fix: 'choose another name' };
}

function readRegister(table: TableReader, scope: Scope): string | undefined {
  const name = table.text('register', checkValueName);
  if (name === undefined) return undefined;
  if (scope.hasName(name))
    table.fault('register', name, {
      code: 'M_DUPLICATE',
      wrong: 'is taken: a parameter or a step before has it',
      fix: 'choose another name',
    });
  return name;
}

/** Exactly one of what a step can do. */
function readAction(table: TableReader, scope: Scope, use: Use): Action | undefined {
  const [kind, second] = ACTIONS.filter((one) => table.has(one));
  if (kind === undefined || second !== undefined) {
    const message =
      kind === undefined
        ? `${formatField(table.path)} does nothing`
        : `${formatField(table.path)} does several things: ${kind} and ${second ?? ''}`;
    table.report.error({ code: 'M_STEP', path: table.path, message, fix: `write one of ${ACTIONS.join(', ')}` });
    for (const one of [...ACTIONS, 'shell', 'input', 'parameters']) table.value(one);
    return undefined;
  }
  if (kind === 'command') return readCommand(table, 'command', scope, use);
  if (kind === 'tool') return readTool(table, scope, use);
  const resolve = scope.resolver({ ...use, secrets: true });
  if (kind === 'recipe')
    return { kind, recipe: table.text('recipe') ?? '', parameters: readTemplates(table, 'parameters', resolve) };
  const text = readTemplate(table, 'prompt', scope.resolver(use));
  return text && { kind, text };
}

/** `tool: tool.text.slugify` and what it is given. */
export function readTool(table: TableReader, scope: Scope, use: Use): Action & { readonly kind: 'tool' } {
  const reference = table.text('tool') ?? '';
  if (typeof table.value('tool') === 'string' && !/^[a-z0-9-]+\.[a-z0-9-]+(\.[\w-]+)?$/.test(reference))
    table.fault('tool', reference, {
      code: 'M_TOOL',
      wrong: 'is no tool of a skill',
      fix: 'write SKILL.TOOL, such as tool.text.slugify',
    });
  const input = table.section('input');
  const fields = new Map<string, InputTemplate>();
  for (const name of input.names()) {
    const read = readInput(input.value(name), input.at(name));
    if (read !== undefined) fields.set(name, read);
  }
  return { kind: 'tool', reference, input: { fields } };

  function readInput(value: unknown, path: readonly (string | number)[]): InputTemplate | undefined {
    const resolve = scope.resolver({ ...use, secrets: true });
    if (typeof value === 'string') return { template: toTemplate(value, resolve, { path, report: table.report }) };
    if (typeof value === 'number' || typeof value === 'boolean') return { value };
    if (Array.isArray(value))
      return { list: (value as unknown[]).flatMap((item, i) => readInput(item, [...path, i]) ?? []) };
    if (!isTable(value)) return undefined;
    const reader = new TableReader(value, path, table.report);
    return {
      fields: new Map(
        reader.names().flatMap((name) => {
          const read = readInput(reader.value(name), reader.at(name));
          return read === undefined ? [] : [[name, read]];
        }),
      ),
    };
  }
}

/** What belongs to commands alone, on a step that is none; and what cannot be meant together. */
function checkCombination(table: TableReader, action: Action | undefined): void {
  if (action === undefined) return;
  const refuse = (key: string, wrong: string, fix: string): void => {
    const path = table.at(key);
    table.report.error({ code: 'M_COMBINATION', path, message: `${formatField(path)} ${wrong}`, fix });
  };
  const isCommand = action.kind === 'command' || action.kind === 'shell';
  for (const key of ['shell', 'working_dir', 'env', 'timeout'])
    if (!isCommand && table.has(key))
      refuse(key, `belongs to a command, and this step is a ${action.kind}`, 'remove it');
  for (const key of ['expect', 'message'])
    if (!isCommand && action.kind !== 'tool' && table.has(key))
      refuse(key, `belongs to a command or a tool, and this step is a ${action.kind}`, 'remove it');
  if (action.kind !== 'tool' && table.has('input')) refuse('input', 'belongs to a tool', 'remove it');
  if (action.kind !== 'recipe' && table.has('parameters')) refuse('parameters', 'belongs to a recipe', 'remove it');
  if (action.kind === 'prompt' && table.has('retry')) refuse('retry', 'would ask a person again', 'remove it');
  if (action.kind === 'recipe' && table.has('retry'))
    refuse('retry', 'would run a whole recipe again', 'put retry on the steps of that recipe');
}

function readWhen(table: TableReader, scope: Scope, parameters: readonly Parameter[]): Condition | undefined {
  const value = table.value('when');
  const text = typeof value === 'boolean' ? String(value) : table.text('when');
  if (text === undefined) return undefined;
  const path = table.at('when');
  const names = {
    resolve: scope.resolver(),
    isBoolean: (one: Parameters<Scope['isBoolean']>[0]) => scope.isBoolean(one),
  };
  const condition = parseCondition(text, names, ({ code, wrong, fix }) =>
    table.report.error({ code, path, message: `${formatField(path)} ${wrong}`, fix }),
  );
  if (condition !== undefined && !canHold(condition, parameters)) {
    const message = `${formatField(path)} never holds, so the step is never reached`;
    table.report.error({ code: 'M_UNREACHABLE', path, message, fix: 'correct the condition, or remove the step' });
  }
  return condition;
}

function readForEach(table: TableReader, scope: Scope): Step['forEach'] {
  const value = table.value('for_each');
  if (value === undefined) return undefined;
  const resolve = scope.resolver();
  if (typeof value === 'string') {
    const lines = readTemplate(table, 'for_each', resolve);
    if (value.trim() === '') {
      const message = `${formatField(table.at('for_each'))} is empty, so the step is never reached`;
      table.report.error({
        code: 'M_UNREACHABLE',
        path: table.at('for_each'),
        message,
        fix: 'write its items, or remove it',
      });
    }
    return lines && { lines };
  }
  const texts = table.texts('for_each') ?? [];
  const path = table.at('for_each');
  if (Array.isArray(value) && (value.length === 0 || value.length > MOST_ITEMS)) {
    const message =
      value.length === 0
        ? `${formatField(path)} is empty, so the step is never reached`
        : `${formatField(path)} has ${value.length} items; at most ${MOST_ITEMS}`;
    table.report.error({
      code: value.length === 0 ? 'M_UNREACHABLE' : 'M_RANGE',
      path,
      message,
      fix: 'write its items, or remove the step',
    });
  }
  return texts.map((text, i) => toTemplate(text, resolve, { path: [...path, i], report: table.report }));
}

/** `retry: 3`, or `{ attempts, delay, backoff }`. */
function readRetry(table: TableReader): Retry {
  const range = { min: 1, max: MOST_ATTEMPTS };
  if (!isTable(table.value('retry'))) return { attempts: table.whole('retry', range) ?? 1, delayMs: 1_000, backoff: 2 };
  const retry = table.section('retry');
  const read = {
    attempts: retry.whole('attempts', range) ?? 3,
    delayMs: readSeconds(retry, 'delay') ?? 1_000,
    backoff: retry.whole('backoff', { min: 1, max: 10 }) ?? 2,
  };
  retry.finish();
  return read;
}

/** Every id, in order, before steps are read: a name that is known later is told apart from one that is not known. */
export function idsOf(steps: readonly TableReader[]): string[] {
  const seen = new Set<string>();
  for (const table of steps) {
    const id = table.value('id');
    if (typeof id !== 'string') continue;
    if (seen.has(id))
      table.fault('id', id, {
        code: 'M_DUPLICATE',
        wrong: 'is the id of a step before',
        fix: `choose another, such as ${quote(`${id}-2`)}`,
      });
    seen.add(id);
  }
  return [...seen];
}
