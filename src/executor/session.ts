import { createHash } from 'node:crypto';
import {
  type CapabilityDenied,
  Commands,
  GuestError,
  type Layer,
  type Limits,
  SkillError,
  type SandboxResult,
} from '../../host/index.ts';
import type { SessionPool } from '../session/pool.ts';
import type { SessionAction } from '../tool/action.ts';
import { startOf } from '../tool/words.ts';
import type { Execution, Executor } from './executor.ts';
import { forPrograms, inOwnNames, programLayers } from './program-limits.ts';

/** What a request to a session came to: the result of a tool of type `code_session`. */
export interface SessionResult {
  readonly session: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** How many requests were sent again first, to a session that took the place of one that ended. */
  readonly replayed: number;
}

interface Request {
  readonly code: string;
  readonly session?: string;
}

/** Sends the code of a call to the session that it names. */
export class SessionExecutor implements Executor {
  readonly #pool: SessionPool;

  constructor(pool: SessionPool) {
    this.#pool = pool;
  }

  async execute(execution: Execution): Promise<SandboxResult> {
    const { action } = execution.tool;
    if (action.type !== 'code_session')
      throw new SkillError('E_NOT_FOUND', `the tool ${execution.tool.name} has no sessions`);
    const started = performance.now();
    const denials: CapabilityDenied[] = [];
    let outcome: SandboxResult['outcome'];
    try {
      outcome = await this.#send(action, execution, denials);
    } catch (error) {
      if (!(error instanceof SkillError)) throw error;
      outcome = { error: inOwnNames(error, printedBefore(error, performance.now() - started)) };
    }
    return {
      outcome,
      usage: { durationMs: performance.now() - started, fuel: undefined, memoryBytes: 0, hostCalls: 0 },
      stderr: Buffer.from(printedBy(outcome)),
      denials,
    };
  }

  async #send(
    action: SessionAction,
    execution: Execution,
    denials: CapabilityDenied[],
  ): Promise<SandboxResult['outcome']> {
    const { skill, tool, input, limits, signal } = execution;
    const { code, session: name = 'default' } = input as Request;
    const layers = programLayers(action, execution);
    const started = performance.now();
    const { stdout, stderr, error, replayed } = await this.#pool.send({
      id: idOf(action, { name, layers, execution }),
      identity: { skill: skill.id, tool: tool.name, name, program: action.program },
      settings: action.session,
      open: () => open(action, { layers, execution, denials }),
      code,
      timeoutMs: limits.timeout_ms,
      outputKb: limits.output_kb,
      signal,
    });
    const result: SessionResult = {
      session: name,
      stdout,
      stderr,
      durationMs: Math.round(performance.now() - started),
      replayed,
    };
    if (error === undefined) return { value: result };
    return { error: new GuestError('E_GUEST', `${action.program}: ${error}`, { details: { ...result, error } }) };
  }
}

function printedBefore({ details }: SkillError, ms: number): { stdout: string; stderr: string; durationMs: number } {
  const text = (name: string): string => (typeof details?.[name] === 'string' ? details[name] : '');
  return { stdout: text('stdout'), stderr: text('stderr'), durationMs: Math.round(ms) };
}

/** Standard error, of a failure as well. */
function printedBy(outcome: SandboxResult['outcome']): string {
  const printed = 'error' in outcome ? outcome.error.details : (outcome.value as SessionResult);
  const stderr: unknown = printed?.['stderr' as keyof typeof printed];
  return typeof stderr === 'string' ? stderr : '';
}

async function open(
  action: SessionAction,
  {
    layers,
    execution,
    denials,
  }: { readonly layers: readonly Layer[]; readonly execution: Execution; readonly denials: CapabilityDenied[] },
): ReturnType<Commands['open']> {
  const { skill, record, cwd, env, limits } = execution;
  // Skills that share a session do not share their folders.
  const own = action.session.share === undefined ? skill.path : undefined;
  const options = { layers: () => layers, record, cwd, env, limits: forPrograms(limits), own };
  const commands = new Commands(options);
  try {
    const { program, args, env: set } = startOf(action, {}, (name) => commands.variable(name));
    return await commands.open({ program, args, env: set });
  } catch (error) {
    if (error instanceof SkillError && error.code === 'E_DENIED') denials.push(error as CapabilityDenied);
    throw error;
  }
}

/**
 * Equal for calls that may share a session: of one skill as it is, or of skills that share sessions by a name, and always
 * with exactly the same rights and limits in the same place.
 */
function idOf(
  { program, words, variables, session }: SessionAction,
  {
    name,
    layers,
    execution,
  }: { readonly name: string; readonly layers: readonly Layer[]; readonly execution: Execution },
): string {
  const { skill, tool, cwd, trust, limits } = execution;
  const whose = session.share === undefined ? [skill.id, tool.name, trust] : ['shared', session.share];
  return createHash('sha256')
    .update(JSON.stringify([whose, name, program, words, [...variables], cwd, standing(limits), layers.map(rightsOf)]))
    .digest('hex')
    .slice(0, 16);
}

/** What the process is held to as long as it lives; how long a request may take, and what it may print, is its own. */
function standing(limits: Limits): unknown {
  const { command_memory_mb, file_size_mb, cpu_percent, processes } = forPrograms(limits);
  return [command_memory_mb, file_size_mb, cpu_percent, processes];
}

function rightsOf({ filesystemRead, filesystemWrite, network, envRead, commands, blocked }: Layer): unknown {
  return [filesystemRead, filesystemWrite, network, envRead, commands, blocked];
}
