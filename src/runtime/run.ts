import { randomUUID } from 'node:crypto';
import {
  type Answering,
  type CapabilityDenied,
  type Layer,
  type Limits,
  SkillError,
  type Usage,
} from '../../host/index.ts';
import type { GrantRules } from '../config/config.ts';
import type { LedgerEvent } from '../ledger/index.ts';
import { withoutCapabilities } from '../policy/limit-grant.ts';
import { type Grant, isGrantable, mergeGrants, requireGrant, showGrant, trustOf } from '../policy/grant.ts';
import { anchorsOf, layersOf, type Surroundings } from '../policy/layers.ts';
import { valuesOf, type WrittenLimits } from '../policy/limits.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Tool } from '../tool/tool.ts';
import { prepareInput } from '../tool/prepare-input.ts';
import { type Confirm, confirmGrant } from './confirm.ts';
import type { EventHub } from './events.ts';
import type { Asker } from '../recipe/ports.ts';
import { askerOf, isAsked } from './asker.ts';
import type { Callable } from './callable.ts';
import { carryOut, type Stages } from './carry-out.ts';
import { dependenceOf } from './dependence.ts';
import type { Execution, Executor, RecipeRun } from '../executor/executor.ts';
import { guestCache } from './guest-cache.ts';
import { limitsOf } from './limits-of.ts';
import { migrateFirst } from './migrate-first.ts';
import { readRepeatable, type Repeatable } from './repeatable.ts';
import { stateKey } from '../state/state-key.ts';
import type { StateStores } from '../state/states.ts';

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
  /** Run it, also where what came of it before would do. */
  readonly fresh?: boolean;
  /** The tool and nothing else: no migration before it, no health check, no further attempt, nothing instead of it. */
  readonly alone?: boolean;
  readonly signal?: AbortSignal;
  /** Of a guest: asked before each of its host calls, and may answer it, in which case nobody decides about it. */
  readonly answering?: Answering | undefined;
}

export type RunResult = {
  /** Correlation id, the same in events and in the ledger. */
  readonly run: string;
  readonly usage: Usage;
  /** Refusals the skill met, whether or not it went on. */
  readonly denials: readonly CapabilityDenied[];
  /** What the guest wrote to standard error. */
  readonly stderr: string;
  /** How often the tool ran; 0 when it was answered by what came of it before, or never began. */
  readonly attempts: number;
  /** What answered instead of the tool: the cache, or what the skill falls back to, by its name. */
  readonly instead: { readonly cache: true } | { readonly fallback: string } | undefined;
} & (
  | { readonly ok: true; /** JSON, or bytes for a tool without a schema. */ readonly result: unknown }
  | { readonly ok: false; readonly error: SkillError }
);

/** What every run needs that does not change from one to the next. */
export interface RunParts extends Surroundings, Pick<Stages, 'cache' | 'queue' | 'resilience'> {
  readonly executor: Executor;
  /** Loads a skill by its id. */
  readonly load: (reference: string) => Promise<ReadySkill>;
  readonly events: EventHub;
  readonly append: (event: LedgerEvent) => void;
  readonly secrets: { get(name: string): Promise<string | undefined> };
  readonly states: StateStores;
  readonly actor: string;
  readonly rules: GrantRules;
  /** No program is started in the open. */
  readonly needsSandbox: boolean;
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

const NOTHING_RAN = {
  usage: { durationMs: 0, fuel: undefined, memoryBytes: 0, hostCalls: 0 },
  denials: [],
  stderr: '',
  attempts: 0,
  instead: undefined,
} as const;

/** Who ran what, as every record of a run says it. */
type Identity = Pick<LedgerEvent, 'run' | 'actor' | 'skill' | 'version' | 'hash' | 'tool'>;

/**
 * The one path of every call: resolve → validate input → confirm → authorize → cache → queue → resilience → execute → validate
 * output → record. What fails becomes a result; nothing is thrown for what a skill or its caller did.
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
    const input = await readInput(tool, options);
    const identity = identify({ skill, tool }, run, parts);
    const grant = await askFor({ skill, tool }, options, identity, parts);
    const permission = authorize({ skill, tool }, { ...options, grant }, parts, callers);
    const repeatable = readRepeatable(options);
    parts.append({ event: 'started', result: 'ok', ...identity, ...given(repeatable) });
    begun = identity;
    parts.events.emit({ type: 'started', run, skill: skill.id, tool: tool.name, hash: skill.hash });
    const execution: Execution = {
      skill,
      tool,
      ...input,
      ...permission,
      ...repeatable,
      ...surroundings(skill, permission.trust, parts),
      ...reporting(identity, run, parts),
      ...forRecipes({ skill, tool }, { ...options, grant }, parts, permission.layers, run),
      run,
      signal: options.signal,
      answering: options.answering,
    };
    const stages = { ...parts, perform: (one: Execution) => parts.executor.execute(one) };
    const isAlone = options.alone === true;
    if (!isAlone)
      await migrateFirst(execution, { states: parts.states, key: stateKey(skill, parts.home.store) }, stages.perform);
    const end = await carryOut(execution, stages, {
      isNested: callers.length > 0,
      isFresh: options.fresh === true,
      isAlone,
      dependsOn: () => dependenceOf(execution, parts.load),
    });
    result = { ...end, run };
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    result = { ok: false, error, run, ...NOTHING_RAN };
  }
  return recordEnd(result, begun, parts);
}

function identify({ skill, tool }: Callable, run: string, { actor }: RunParts): Identity {
  return { run, actor, skill: skill.id, version: skill.version, hash: skill.hash, tool: tool.name };
}

/** What the tool is given. @throws SkillError E_INPUT when it does not fit the parameters */
async function readInput(tool: Tool, options: RunOptions): Promise<Pick<Execution, 'input' | 'args' | 'stdin'>> {
  const args = options.args ?? [];
  if (tool.input === 'json') {
    const written = options.input ?? {};
    // Of a recipe that is carried on, most of its values are in its journal.
    const input = options.recipe?.take === undefined ? await prepareInput(tool, written) : written;
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
  const { neverGrant: never, alwaysConfirm } = parts.rules;
  const forThisRun = options.grant ?? {};
  const refused = Object.keys(forThisRun).find((name) => isGrantable(name) && never.has(name));
  if (refused !== undefined)
    throw new SkillError('E_DENIED', `${refused} is never granted`, {
      hint: 'never_grant in the configuration says so',
    });
  const before = withoutCapabilities(callable.skill.granted, new Set([...never, ...alwaysConfirm]));
  const { grant, asked, isConfirmed } = await confirmGrant(callable, mergeGrants([before, forThisRun]), {
    confirm,
    never,
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
  { skill, tool }: Callable,
  options: RunOptions,
  parts: RunParts,
  callers: readonly Layer[],
): Pick<Execution, 'limits' | 'layers' | 'trust'> {
  const grant = options.grant ?? {};
  const limits = valuesOf(limitsOf({ skill, tool }, options.limits ?? {}, parts));
  requireGrant(grant);
  const around = [skill.id, ...Object.values(anchorsOf(skill, parts)), ...callers.map(({ source }) => source)];
  return {
    limits,
    layers: once(() =>
      [...callers, ...layersOf(skill, grant, parts)].map((layer) => ({ ...layer, needsSandbox: parts.needsSandbox })),
    ),
    trust: trustOf(skill.hash, grant, around),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** For the record: a run can be repeated from it. */
function given({ seed, clock }: Pick<Execution, 'seed' | 'clock'>): Pick<LedgerEvent, 'seed' | 'clock'> {
  return { ...(seed !== undefined && { seed }), ...(clock !== undefined && { clock }) };
}

function surroundings(
  { id, path, manifest }: ReadySkill,
  trust: string,
  { home, cwd, env, secrets, states, cache }: RunParts,
): Pick<Execution, 'cwd' | 'env' | 'secrets' | 'state' | 'cache'> {
  return {
    cwd,
    env,
    secrets,
    state: states.of(stateKey({ id, path }, home.store), manifest?.state),
    cache: guestCache(cache, { skill: id, trust, rules: manifest?.cache }),
  };
}

/** Nested deeper, recipes that call recipes of other skills call themselves. */
const MOST_CALLERS = 16;

/**
 * What a recipe needs beside. A tool it calls has its voices in front of its own, what was granted to it among them:
 * together they allow no more than each.
 */
function forRecipes(
  { skill, tool }: Callable,
  options: RunOptions,
  parts: RunParts,
  layers: Execution['layers'],
  run: string,
): Pick<Execution, 'grant' | 'recipe' | 'onProgress' | 'callTool'> {
  const { grant = {}, recipe = {} } = options;
  const granted = `--grant ${showGrant(grant).join(' ')}`;
  const asCallers = once(() =>
    layers().map(({ name, source, ...layer }) => ({
      ...layer,
      name: 'caller',
      source: name === 'grant' ? granted : source,
    })),
  );
  return {
    grant,
    recipe: { ...recipe, asker: askerOf({ skill, tool }, recipe, parts), isAsked: isAsked(parts) },
    onProgress: (progress) => parts.events.emit({ type: 'progress', run, progress }),
    callTool: async (reference, input, signal) => {
      const callers = asCallers();
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
): Pick<Execution, 'record' | 'onLog' | 'onText' | 'onHostCall'> {
  return {
    record: (decision) => {
      append({ ...decision, ...identity });
      events.emit({ type: 'decision', run, ...decision });
    },
    onLog: (level, message) => events.emit({ type: 'log', run, level, message }),
    onText: (text) => events.emit({ type: 'text', run, text }),
    onHostCall: (event) => events.emit({ type: 'host-call', run, ...event }),
  };
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
        ...(result.instead !== undefined && { reason: insteadOf(result.instead) }),
      });
    } catch (error) {
      if (!(error instanceof SkillError)) throw error;
      const { run, usage, denials, stderr, attempts, instead } = result;
      return { ok: false, error, run, usage, denials, stderr, attempts, instead };
    }
  }
  parts.events.emit({ type: 'finished', run: result.run, ok: result.ok, code, usage: result.usage });
  return result;
}

function insteadOf(instead: NonNullable<RunResult['instead']>): string {
  return 'cache' in instead ? 'answered by the cache' : `answered by ${instead.fallback}`;
}
