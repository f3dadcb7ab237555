import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Gate, type GateRecord } from './capability/gate.ts';
import type { Layer } from './capability/layer.ts';
import { type CapabilityDenied, SkillError } from './errors.ts';
import { type Answering, Broker, type HostCallEvent } from './function/broker.ts';
import type { LogLevel, RunScope, SecretSource, StateStore, ValueCache } from './function/scope.ts';
import { FIXED, fixedLimitError, type Limits } from './limits.ts';
import type { GuestTool } from './module/tool.ts';
import { type CallResult, deadlineError, explainFailure, limitError, moduleTooLarge, readOutcome } from './outcome.ts';
import { Redactor } from './redactor.ts';
import { Supervisor, type SupervisorOptions } from './supervisor/supervisor.ts';
import type { GuestCall, Outcome } from './wire/messages.ts';

/** One call of one tool, with everything it may reach. */
export interface SandboxCall {
  readonly bytes: Uint8Array;
  /** Digest of the skill and of all it was granted: calls with another one never share a process. */
  readonly trust: string;
  readonly reuse: boolean;
  readonly config: Readonly<Record<string, string>>;
  readonly tool: GuestTool;
  /** JSON for tools with parameters, bytes for the others. */
  readonly input: unknown;
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  readonly limits: Limits;
  /** What random bytes are made of, a whole number; otherwise nobody can tell them beforehand. */
  readonly seed?: number | undefined;
  /** Milliseconds since 1970 that the clock of the call begins at; otherwise it is the real one. */
  readonly clock?: number | undefined;
  readonly layers: () => readonly Layer[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: SecretSource;
  readonly state: StateStore;
  readonly cache: ValueCache;
  readonly signal?: AbortSignal | undefined;
  /** Writes a decision down; when it throws, the effect does not happen and the run ends. */
  readonly record: (record: GateRecord) => void;
  readonly onLog: (level: LogLevel, message: string) => void;
  readonly onHostCall: (event: HostCallEvent) => void;
  /** Asked before each host call, and may answer it. */
  readonly answering?: Answering | undefined;
}

export interface Usage {
  readonly durationMs: number;
  /** WebAssembly instructions; undefined for a run that did not come to an end of its own. */
  readonly fuel: number | undefined;
  readonly memoryBytes: number;
  readonly hostCalls: number;
}

export interface SandboxResult {
  readonly usage: Usage;
  readonly stderr: Uint8Array;
  /** Refusals the guest met, whether or not it went on. */
  readonly denials: readonly CapabilityDenied[];
  readonly outcome: CallResult;
}

const ROOM = 64 * 1024;

// Made once: an error keeps a stack, and that takes longer than a call does in its guest.
const OVER = new SkillError('E_ABORTED', 'the run is over');

/** Executes guests. The only door from decisions to effects. */
export class Sandbox {
  readonly #supervisor: Supervisor;

  /** @param from what to make a supervisor by, or one that may have a process already */
  constructor(from: SupervisorOptions | Supervisor) {
    this.#supervisor = from instanceof Supervisor ? from : new Supervisor(from);
  }

  /** Starts a guest process ahead of the first call. */
  prewarm(): void {
    this.#supervisor.prewarm();
  }

  close(): Promise<void> {
    return this.#supervisor.close();
  }

  /** Runs one call to its end. Never throws for what a guest does: that is in the outcome. */
  async call(call: SandboxCall): Promise<SandboxResult> {
    const ended = new AbortController();
    const redactor = new Redactor();
    const broker = new Broker(
      runScope(call, { signal: ended.signal, redactor }),
      ({ reason, ...event }) =>
        call.onHostCall({ ...event, reason: reason === undefined ? undefined : redactor.redact(reason) }),
      call.answering,
    );
    const onAbort = (): void => ended.abort(new SkillError('E_ABORTED', 'the run was ended by its caller'));
    if (call.signal?.aborted === true) onAbort();
    call.signal?.addEventListener('abort', onAbort, { once: true });
    const timer = new CallTimer(() => ended.abort(deadlineError(call.limits.timeout_ms)), call.limits.timeout_ms);
    let outcome: Outcome | undefined;
    let result: CallResult;
    try {
      outcome = redactFailure(await this.#run(call, { broker, signal: ended.signal, timer }), redactor);
      result = readOutcome(outcome, call);
    } catch (error) {
      result = { error: toSkillError(error) };
    } finally {
      timer.stop();
      call.signal?.removeEventListener('abort', onAbort);
      // Programs and requests that the run started end with it.
      ended.abort(OVER);
      broker.close();
    }
    if ('error' in result) result = { error: redactor.redactError(explainFailure(result.error, broker)) };
    return {
      usage: {
        durationMs: timer.elapsedMs,
        fuel: outcome?.fuelUsed,
        memoryBytes: outcome?.memoryBytes ?? 0,
        hostCalls: broker.calls,
      },
      stderr: redactor.redactBytes(outcome?.stderr ?? new Uint8Array()),
      denials: broker.denials,
      outcome: result,
    };
  }

  #run(
    call: SandboxCall,
    { broker, signal, timer }: { readonly broker: Broker; readonly signal: AbortSignal; readonly timer: CallTimer },
  ): Promise<Outcome> {
    const { bytes, limits } = call;
    // What is to be repeatable cannot depend on what an instance did before.
    const reuse = call.reuse && call.seed === undefined && call.clock === undefined;
    const key = [call.trust, reuse, limits.memory_mb, limits.table_elements].join(':');
    const run = { call: guestCall(call), handler: broker, outcomeBytes: outcomeBytes(limits) };
    checkSizes(call, run.call);
    return this.#supervisor.run({ key, bytes, reuse, limits }, run, { signal, onStart: () => timer.start() });
  }
}

/** @throws SkillError E_MODULE_LIMIT, E_MESSAGE_LIMIT for what is too large to be sent to a guest process. */
function checkSizes({ bytes, limits }: SandboxCall, { input, stdin, args }: GuestCall): void {
  if (bytes.length > limits.module_mb * MIB) throw moduleTooLarge(bytes.length, limits.module_mb);
  const given = [input, ...args].reduce((sum, part) => sum + Buffer.byteLength(part), stdin.length);
  if (given > FIXED.input_mb.limit * MIB) throw fixedLimitError('input_mb');
}

const MIB = 1024 * 1024;

/** Time of a call, and its deadline: both count from when it begins to run, not while it waits. */
class CallTimer {
  readonly #onDeadline: () => void;
  readonly #deadlineMs: number;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = performance.now();

  constructor(onDeadline: () => void, deadlineMs: number) {
    this.#onDeadline = onDeadline;
    this.#deadlineMs = deadlineMs;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  start(): void {
    this.stop();
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#onDeadline, this.#deadlineMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** Takes secrets out of what a failed guest said, before anything is cut from it: half a secret is not found again. */
function redactFailure(outcome: Outcome, redactor: Redactor): Outcome {
  const { kind, message, result, stdout, stderr } = outcome;
  if (kind === 'ok') return outcome;
  return {
    ...outcome,
    message: redactor.redact(message),
    result: typeof result === 'string' ? redactor.redact(result) : redactor.redactBytes(result),
    stdout: redactor.redactBytes(stdout),
    stderr: redactor.redactBytes(stderr),
  };
}

function runScope(
  call: SandboxCall,
  { signal, redactor }: { readonly signal: AbortSignal; readonly redactor: Redactor },
): RunScope {
  const { limits, env, secrets, state, cache, cwd } = call;
  let logged = 0;
  const gate = new Gate({
    layers: call.layers,
    record: (record) =>
      call.record({ ...record, resource: redactor.redact(record.resource), rule: redactor.redact(record.rule) }),
    cwd,
    path: env['PATH'] ?? '',
  });
  return {
    gate,
    limits,
    env,
    secrets,
    state,
    cache,
    cwd,
    signal,
    onSecret: (value) => redactor.add(value),
    log: (level, message) => {
      const clean = redactor.redact(message);
      const most = FIXED.log_line_chars.limit;
      const line = clean.length > most ? `${clean.slice(0, most)}… (log_line_chars = ${most})` : clean;
      logged += line.length;
      if (logged > limits.log_kb * 1024)
        throw limitError(
          'E_OUTPUT_LIMIT',
          'log_kb',
          `the guest logged more than log_kb = ${limits.log_kb}`,
          limits.log_kb,
        );
      call.onLog(level, line);
    },
  };
}

function guestCall({ tool, input, args, stdin, limits, seed, clock, config, layers }: SandboxCall): GuestCall {
  return {
    entry: tool.entry,
    input: tool.input === 'json' ? JSON.stringify(input) : input instanceof Uint8Array ? input : new Uint8Array(),
    args,
    stdin,
    messageBytes: limits.message_kb * 1024,
    roots: grantedRoots(layers()),
    outputBytes: limits.output_kb * 1024,
    logBytes: limits.log_kb * 1024,
    fuel: limits.fuel,
    seed: seed ?? null,
    clock: clock ?? null,
    config,
  };
}

/**
 * The absolute folders that were granted, as they were written: C libraries of WASI guests look paths up below those only.
 * Relative grants lie below `.`, and tell a guest nothing of where that is.
 */
function grantedRoots(layers: readonly Layer[]): string[] {
  const rules = layers.at(-1);
  const written = [...(rules?.filesystemRead ?? []), ...(rules?.filesystemWrite ?? [])].filter(({ rule }) =>
    rule.text.startsWith('/'),
  );
  return [...new Set(written.map(({ written: path, real }) => (isDirectory(real) ? path : dirname(path))))];
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function outcomeBytes(limits: Limits): number {
  // A command's standard output and a result are both bounded by output_kb; JSON escapes at most sixfold.
  return (limits.output_kb * 7 + limits.log_kb) * 1024 + ROOM;
}

function toSkillError(error: unknown): SkillError {
  if (error instanceof SkillError) return error;
  return new SkillError('E_INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}
