import { findProgram } from '../capability/find-program.ts';
import type { Decision } from '../capability/decide.ts';
import { Gate, type GateRecord } from '../capability/gate.ts';
import type { Layer } from '../capability/layer.ts';
import { SkillError } from '../errors.ts';
import { FIXED, type Limits } from '../limits.ts';
import { quote } from '../quote.ts';
import { type Isolation, isolationHere } from './isolation.ts';
import type { Session } from '../session/session.ts';
import type { Ended } from './run-program.ts';
import type { CommandScope } from './with-launch.ts';

export interface CommandOptions {
  /** All must allow; read at every decision. */
  readonly layers: () => readonly Layer[];
  /** Writes a decision down before its effect; when it throws, nothing happens. */
  readonly record: (record: GateRecord) => void;
  readonly cwd: string;
  /** Where granted variables are read from, and `PATH`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Those of started programs apply, and `message_kb`. */
  readonly limits: Limits;
  /** A folder that programs may read whatever is granted: that of the skill that starts them. */
  readonly own?: string | undefined;
}

export interface CommandRequest {
  /** A bare name, found on `PATH`. */
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin?: Uint8Array;
  /** Where it starts: relative to the `cwd` of the options, and readable. Otherwise that where it may be read, or an empty folder. */
  readonly cwd?: string;
  /** Set for the program beside the granted environment; `TMPDIR` is always its own folder. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds, at most `command_ms`. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told of output as it comes, up to `message_kb`. When it throws, the program is ended with that error. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
}

export interface CommandResult {
  /** 128 and the number of the signal, for a program that one ended. */
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly durationMs: number;
  /** The most memory that was seen; 0 for a program that was too short to be looked at. */
  readonly memoryBytes: number;
  readonly isolation: Isolation;
}

/** Starts programs for whoever decided to: by the gate and in the walls that the guests' programs have. */
export class Commands {
  readonly #options: CommandOptions;
  readonly #gate: Gate;

  constructor(options: CommandOptions) {
    this.#options = options;
    this.#gate = new Gate({ ...options, path: options.env['PATH'] ?? '' });
  }

  /** How programs are closed in on this machine. */
  get isolation(): Isolation {
    return isolationHere();
  }

  /** What the gate would say, without record or effect. */
  decide({ program, args }: Pick<CommandRequest, 'program' | 'args'>): Decision {
    return this.#gate.judgeCommand(program, args);
  }

  /**
   * Starts a program and waits for its end.
   * @throws CapabilityDenied; SkillError E_TIMEOUT, E_MESSAGE_LIMIT, E_NOT_FOUND (program or folder), E_ABORTED,
   * E_UNAVAILABLE when the system cannot start it
   */
  async run(request: CommandRequest): Promise<CommandResult> {
    const { program, args, signal } = request;
    if (args.length > FIXED.command_args.limit)
      throw new SkillError('E_MESSAGE_LIMIT', `${args.length} arguments; command_args = ${FIXED.command_args.limit}`, {
        details: { limit: 'command_args' },
      });
    const started = performance.now();
    const isolation = this.isolation;
    try {
      signal?.throwIfAborted();
      const ended = await this.#runToEnd(request, isolation);
      return { ...ended, durationMs: performance.now() - started, isolation };
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason && !(error instanceof SkillError))
        throw new SkillError('E_ABORTED', `${quote(program)} was ended by its caller`, { cause: error });
      throw explainStart(error, program);
    }
  }

  /**
   * Starts a program that takes one request after another, and leaves it open.
   * @throws CapabilityDenied; SkillError E_UNSUPPORTED for a program that cannot be fed, and as `run`
   */
  async open({
    program,
    args,
    env,
    signal,
  }: Pick<CommandRequest, 'program' | 'args' | 'env' | 'signal'>): Promise<Session> {
    const { openSession } = await import('../session/open-session.ts');
    const isolation = this.isolation;
    try {
      signal?.throwIfAborted();
      const command = this.#gate.command(program, args, { isolation, variables: Object.keys(env ?? {}) });
      return await openSession(command, this.#scope, env);
    } catch (error) {
      throw explainStart(error, program);
    }
  }

  /** The value of a granted variable, undefined when it is not set. Recorded. @throws CapabilityDenied */
  variable(name: string): string | undefined {
    const checked = this.#gate.name('env_read', name);
    return Object.hasOwn(this.#options.env, checked.name) ? this.#options.env[checked.name] : undefined;
  }

  /** Whether a file or directory is there, through the gate. @throws CapabilityDenied */
  exists(path: string): boolean {
    try {
      const place = this.#gate.path(path, 'filesystem_read');
      place.close();
      return place.at.found;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  }

  /** Whether a program is installed; nothing is started. */
  isInstalled(program: string): boolean {
    return findProgram(program, this.#options.env['PATH'] ?? '') !== undefined;
  }

  get #scope(): CommandScope {
    const { cwd, env, limits, own } = this.#options;
    return { gate: this.#gate, cwd, env, limits, own };
  }

  async #runToEnd({ program, args, stdin, cwd, env, ...rest }: CommandRequest, isolation: Isolation): Promise<Ended> {
    // Loaded when first called: most runs start nothing.
    const { runCommand } = await import('./run-command.ts');
    const command = this.#gate.command(program, args, { isolation, variables: Object.keys(env ?? {}) });
    return runCommand(command, this.#scope, { stdin: stdin ?? new Uint8Array(), cwd, set: env, ...rest });
  }
}

function explainStart(error: unknown, program: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof SkillError || code === undefined) return error;
  const details = { program, code };
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new SkillError('E_NOT_FOUND', `${quote(program)} cannot be started: ${(error as Error).message}`, {
      hint: 'install it, or see that the folder it starts in is there',
      details,
      cause: error,
    });
  return new SkillError('E_UNAVAILABLE', `${quote(program)} cannot be started (${code})`, { details, cause: error });
}
