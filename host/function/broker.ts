import { CapabilityDenied, SkillError } from '../errors.ts';
import type { HostCallHandler } from '../supervisor/worker-channel.ts';
import { HostCallRefusal } from '../wire/refusal.ts';
import { WireError, type WireValue } from '../wire/codec.ts';
import { FileFunctions } from './files.ts';
import type { HostFunction, RunScope } from './scope.ts';
import { valueFunctions } from './values.ts';

/** One host call, for traces: what was asked, how it ended, how long it took. */
export interface HostCallEvent {
  readonly operation: string;
  readonly result: 'ok' | 'refused';
  readonly reason: string | undefined;
  readonly durationMs: number;
}

/**
 * Stands between a guest and the host functions: it lets a call act, or answers in its place. What it throws counts as
 * thrown by the function.
 */
export type Answering = (
  operation: string,
  args: readonly WireValue[],
  act: () => Promise<WireValue>,
) => Promise<WireValue>;

// Loaded when first called: an HTTP stack and process spawning are not needed by most runs.
const LAZY: Readonly<Record<string, () => Promise<HostFunction>>> = {
  'http.fetch': async () => (await import('./fetch.ts')).fetchFunction,
  'command.execute': async () => (await import('./execute.ts')).executeFunction,
};

const NETWORK_FAILURES = new Set(['failed', 'timeout', 'not-found']);

/**
 * Answers the host calls of one run: counts them, finds the function, and turns what it throws into what a guest may know.
 * A call over the rate is refused and may be made again; one over the budget ends the run.
 */
export class Broker implements HostCallHandler {
  readonly #scope: RunScope;
  readonly #onCall: (event: HostCallEvent) => void;
  readonly #answering: Answering | undefined;
  readonly #files = new FileFunctions();
  readonly denials: CapabilityDenied[] = [];
  /** What went wrong with the network last, if anything did. */
  networkFailure: string | undefined;
  #calls = 0;
  #tokens: number;
  #refilledAt = performance.now();

  constructor(scope: RunScope, onCall: (event: HostCallEvent) => void, answering?: Answering) {
    this.#scope = scope;
    this.#onCall = onCall;
    this.#answering = answering;
    this.#tokens = scope.limits.host_calls_per_second;
  }

  get calls(): number {
    return this.#calls;
  }

  async call(operation: string, args: readonly WireValue[]): Promise<WireValue> {
    const started = performance.now();
    let reason: string | undefined;
    try {
      this.#count();
      if (this.#answering === undefined) return await this.#act(operation, args, started);
      return await this.#answering(operation, args, () => this.#toEnd(this.#act(operation, args, started)));
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      const refusal = this.#toRefusal(error);
      if (operation === 'http.fetch' && NETWORK_FAILURES.has(refusal.code)) this.networkFailure = refusal.message;
      reason = refusal.message;
      throw refusal;
    } finally {
      const result = reason === undefined ? 'ok' : 'refused';
      this.#onCall({ operation, result, reason, durationMs: performance.now() - started });
    }
  }

  async #act(operation: string, args: readonly WireValue[], now: number): Promise<WireValue> {
    this.#pace(now);
    const run = await this.#find(operation);
    // The run may have ended while the function was loaded.
    this.#scope.signal.throwIfAborted();
    return run(args, this.#scope);
  }

  async #toEnd(answer: Promise<WireValue>): Promise<WireValue> {
    try {
      return await answer;
    } catch (error) {
      throw this.#toRefusal(error);
    }
  }

  /** Lets go of what the run still holds. */
  close(): void {
    this.#files.close();
  }

  async #find(operation: string): Promise<HostFunction> {
    for (const functions of [this.#files.functions, valueFunctions]) {
      if (Object.hasOwn(functions, operation)) return functions[operation] as HostFunction;
    }
    const load = Object.hasOwn(LAZY, operation) ? LAZY[operation] : undefined;
    if (load === undefined) throw new WireError('a host call for an unknown operation');
    return load();
  }

  #count(): void {
    const { host_calls: budget } = this.#scope.limits;
    this.#calls++;
    if (this.#calls > budget) {
      throw new SkillError('E_RATE', `the run made more host calls than host_calls = ${budget}`, {
        hint: `raise it with --limit host_calls=${budget * 10}`,
        details: { limit: 'host_calls' },
      });
    }
  }

  #pace(now: number): void {
    const { host_calls_per_second: rate } = this.#scope.limits;
    this.#tokens = Math.min(rate, this.#tokens + ((now - this.#refilledAt) / 1000) * rate);
    this.#refilledAt = now;
    if (this.#tokens < 1)
      throw new HostCallRefusal('rate-limited', `more than host_calls_per_second = ${rate}; try again later`, 'EAGAIN');
    this.#tokens--;
  }

  /** Answers what the guest is told; throws on what ends the run. */
  #toRefusal(error: unknown): HostCallRefusal {
    if (error instanceof HostCallRefusal) return error;
    if (error instanceof CapabilityDenied) {
      this.denials.push(error);
      return new HostCallRefusal(
        'denied',
        (error.details?.['guestMessage'] as string | undefined) ?? error.message,
        'EACCES',
      );
    }
    if (error instanceof SkillError || error instanceof WireError || this.#scope.signal.aborted) throw error;
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (syscall === 'getaddrinfo') return new HostCallRefusal('not-found', `the host name has no address (${code})`);
    // Messages of the file system name paths of this machine; the code says what the guest needs.
    const text = syscall === undefined ? message : code;
    return new HostCallRefusal(code === 'ENOENT' ? 'not-found' : 'failed', text, code);
  }
}
