import { randomUUID } from 'node:crypto';
import {
  type CapabilityDenied,
  type Layer,
  type Limits,
  type SandboxResult,
  SkillError,
  type Usage,
} from '../../host/index.ts';
import type { LedgerEvent } from '../ledger/index.ts';
import { type Grant, trustOf } from '../policy/grant.ts';
import { layersOf, type Surroundings } from '../policy/layers.ts';
import { valuesOf, type WrittenLimits } from '../policy/limits.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Tool } from '../tool/tool.ts';
import { validateInput, validateOutput } from '../tool/validate.ts';
import { type Confirm, confirmGrant } from './confirm.ts';
import type { EventHub } from './events.ts';
import type { Asker } from '../recipe/ports.ts';
import { askerOf, isAsked } from './asker.ts';
import type { Callable } from './callable.ts';
import type { Execution, Executor, RecipeRun } from './executor.ts';
import { limitsOf } from './limits-of.ts';
import { readRepeatable, type Repeatable } from './repeatable.ts';
import { type StateStores, withoutSecrets } from './sources.ts';

export interface RunOptions extends Repeatable {
  /** Arguments by the tool's schema; for tools without one, bytes or text. */
  readonly input?: unknown;
  /** Words for a command. */
  readonly args?: readonly string[];
  /** Standard input for a command. */
  readonly stdin?: Uint8Array | string;
  /** What the skill may touch during this run, beside what the runtime grants. */
  readonly grant?: Grant;
  readonly limits?: Partial<Limits>;
  /** For a recipe. */
  readonly recipe?: RecipeRun;
  readonly signal?: AbortSignal;
}

export type RunResult = {
  /** Correlation id, the same in events and in the ledger. */
  readonly run: string;
  readonly usage: Usage;
  /** Refusals the skill met, whether or not it went on. */
  readonly denials: readonly CapabilityDenied[];
  /** What the guest wrote to standard error. */
  readonly stderr: string;
} & (
  | { readonly ok: true; /** JSON, or bytes for a tool without a schema. */ readonly result: unknown }
  | { readonly ok: false; readonly error: SkillError }
);

/** What every run needs that does not change from one to the next. */
export interface RunParts extends Surroundings {
  readonly executor: Executor;
  readonly events: EventHub;
  readonly append: (event: LedgerEvent) => void;
  readonly secrets: { get(name: string): Promise<string | undefined> };
  readonly states: StateStores;
  readonly actor: string;
  readonly confirm: Confirm | undefined;
  /** Answers what recipes ask; otherwise `confirm` does, as far as it can. */
  readonly asker: Partial<Asker>;
  /** Finds a tool by `skill.tool`, for recipes that call it. */
  readonly find: (reference: string) => Promise<Callable>;
  /** Limits of every run. */
  readonly limits: WrittenLimits;
  /** What no run gets more of, by the name of the policy that says so. */
  readonly caps: Readonly<Record<string, WrittenLimits>>;
}

const NO_USAGE: Usage = { durationMs: 0, fuel: undefined, memoryBytes: 0, hostCalls: 0 };

/** Who ran what, as every record of a run says it. */
type Identity = Pick<LedgerEvent, 'run' | 'actor' | 'skill' | 'version' | 'hash' | 'tool'>;

/**
 * The one path of every call: resolve → validate input → confirm → authorize → execute → validate output → record. What fails
 * becomes a result; nothing is thrown for what a skill or its caller did.
 */
export async function runTool(
  find: () => Promise<Callable>,
  options: RunOptions,
  parts: RunParts,
  callers: readonly Layer[] = [],
): Promise<RunResult> {
  const run = randomUUID();
  let begun: Identity | undefined;
  let result: RunResult;
  try {
    const { skill, tool } = await find();
    const input = readInput(tool, options);
    const identity = identify({ skill, tool }, run, parts);
    const grant = await askFor({ skill, tool }, options, identity, parts);
    const permission = authorize(skill, { ...options, grant }, parts, callers);
    const repeatable = readRepeatable(options);
    parts.append({ event: 'started', result: 'ok', ...identity, ...given(repeatable) });
    begun = identity;
    parts.events.emit({ type: 'started', run, skill: skill.id, tool: tool.name, hash: skill.hash });
    const ended = await parts.executor.execute({
      skill,
      tool,
      ...input,
      ...permission,
      ...repeatable,
      ...surroundings(skill, parts),
      ...reporting(identity, run, parts),
      ...forRecipes({ skill, tool }, { ...options, grant }, parts, permission.layers, run),
      run,
      signal: options.signal,
    });
    result = readEnd(ended, tool, run);
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    result = { ok: false, error, run, usage: NO_USAGE, denials: [], stderr: '' };
  }
  return recordEnd(result, begun, parts);
}

function identify({ skill, tool }: Callable, run: string, { actor }: RunParts): Identity {
  return { run, actor, skill: skill.id, version: skill.version, hash: skill.hash, tool: tool.name };
}

/** What the tool is given. @throws SkillError E_INPUT when it does not fit the parameters */
function readInput(tool: Tool, options: RunOptions): Pick<Execution, 'input' | 'args' | 'stdin'> {
  const args = options.args ?? [];
  if (tool.input === 'json') {
    const input = options.input ?? {};
    // Of a recipe that is carried on, most of its values are in its journal.
    if (options.recipe?.take === undefined) validateInput(tool, input);
    return { input, args, stdin: toBytes(options.stdin) };
  }
  const input = toBytes(options.input);
  return {
    input,
    args,
    stdin: tool.input === 'command' && options.stdin === undefined ? input : toBytes(options.stdin),
  };
}

function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return typeof value === 'string' ? Buffer.from(value) : new Uint8Array();
}

/** What was granted, and what the host grants now; its answer is written down before it counts. */
async function askFor(callable: Callable, options: RunOptions, identity: Identity, parts: RunParts): Promise<Grant> {
  const { confirm, append } = parts;
  const { grant, asked, isConfirmed } = await confirmGrant(callable, options.grant ?? {}, {
    confirm,
    signal: options.signal,
  });
  for (const [capability, scopes] of Object.entries(asked ?? {})) {
    const result = isConfirmed ? 'allowed' : 'denied';
    append({ event: 'granted', result, layer: 'confirm', capability, resource: scopes.join(', '), ...identity });
  }
  return grant;
}

/** What this run may do: who must agree, and how much it may use. */
function authorize(
  skill: ReadySkill,
  options: RunOptions,
  parts: RunParts,
  callers: readonly Layer[],
): { readonly limits: Limits; readonly layers: readonly Layer[]; readonly trust: string } {
  const grant = options.grant ?? {};
  const limits = valuesOf(limitsOf(skill, options.limits ?? {}, parts));
  const around = [skill.id, parts.cwd, ...callers.map(({ source }) => source)];
  return {
    limits,
    layers: [...callers, ...layersOf(skill, grant, parts)],
    trust: trustOf(skill.hash, grant, around),
  };
}

/** For the record: a run can be repeated from it. */
function given({ seed, clock }: Pick<Execution, 'seed' | 'clock'>): Pick<LedgerEvent, 'seed' | 'clock'> {
  return { ...(seed !== undefined && { seed }), ...(clock !== undefined && { clock }) };
}

function surroundings(skill: ReadySkill, parts: RunParts): Pick<Execution, 'cwd' | 'env' | 'secrets' | 'state'> {
  const { cwd, env, secrets, states } = parts;
  return { cwd, env: withoutSecrets(env), secrets, state: states.of(skill.id) };
}

/** Nested deeper, recipes that call recipes of other skills call themselves. */
const MOST_CALLERS = 8;

/** What a recipe needs beside. A tool it calls has its voices in front of its own: together they allow no more than each. */
function forRecipes(
  { skill, tool }: Callable,
  options: RunOptions,
  parts: RunParts,
  layers: readonly Layer[],
  run: string,
): Pick<Execution, 'grant' | 'recipe' | 'onProgress' | 'callTool'> {
  const { grant = {}, recipe = {} } = options;
  const callers = layers.filter(({ name }) => name !== 'grant').map((layer) => ({ ...layer, name: 'caller' }));
  return {
    grant,
    recipe: { ...recipe, asker: askerOf({ skill, tool }, recipe, parts), isAsked: isAsked(parts) },
    onProgress: (progress) => parts.events.emit({ type: 'progress', run, progress }),
    callTool: async (reference, input, signal) => {
      if (callers.length > MOST_CALLERS)
        return { ok: false, code: 'E_RESOURCE', message: 'recipes call each other too deep' };
      const result = await runTool(() => parts.find(reference), { input, grant, signal }, parts, callers);
      return result.ok
        ? { ok: true, result: result.result }
        : { ok: false, code: result.error.code, message: result.error.message };
    },
  };
}

/** Where decisions, log lines and host calls go. A decision is written down before it is told. */
function reporting(
  identity: Identity,
  run: string,
  { append, events }: RunParts,
): Pick<Execution, 'record' | 'onLog' | 'onHostCall'> {
  return {
    record: (decision) => {
      append({ ...decision, ...identity });
      events.emit({ type: 'decision', run, ...decision });
    },
    onLog: (level, message) => events.emit({ type: 'log', run, level, message }),
    onHostCall: (event) => events.emit({ type: 'host-call', run, ...event }),
  };
}

/** How it ended, as the caller is told: a result only when it is what the tool declares. */
function readEnd({ outcome, usage, denials, stderr }: SandboxResult, tool: Tool, run: string): RunResult {
  const common = { run, usage, denials, stderr: Buffer.from(stderr).toString() };
  if ('error' in outcome) return { ok: false, error: outcome.error, ...common };
  try {
    if (!(outcome.value instanceof Uint8Array)) validateOutput(tool, outcome.value);
    return { ok: true, result: outcome.value, ...common };
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    return { ok: false, error, ...common };
  }
}

/** The end of the path: the ledger learns how it went. A run whose end cannot be written down has failed. */
function recordEnd(
  result: RunResult,
  told: Omit<LedgerEvent, 'event' | 'result'> | undefined,
  parts: RunParts,
): RunResult {
  const code = result.ok ? undefined : result.error.code;
  const { durationMs, hostCalls, memoryBytes, fuel } = result.usage;
  if (told !== undefined) {
    const event = result.ok ? 'finished' : code === 'E_TIMEOUT' || code === 'E_ABORTED' ? 'killed' : 'failed';
    try {
      parts.append({
        ...told,
        event,
        result: result.ok ? 'ok' : 'error',
        durationMs: Math.round(durationMs),
        hostCalls,
        memoryBytes,
        ...(fuel !== undefined && { fuel }),
        ...(code !== undefined && { code }),
      });
    } catch (error) {
      if (!(error instanceof SkillError)) throw error;
      const { run, usage, denials, stderr } = result;
      return { ok: false, error, run, usage, denials, stderr };
    }
  }
  parts.events.emit({ type: 'finished', run: result.run, ok: result.ok, code, usage: result.usage });
  return result;
}
