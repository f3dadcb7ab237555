import type * as Cockatiel from 'cockatiel';
import { type ErrorClass, findProgram, quote, type SandboxResult, SkillError } from '../../host/index.ts';
import type { BreakerRules, FallbackRule, HealthRules, Resilience, RetryRules } from '../manifest/resilience.ts';
import type { Execution } from '../executor/executor.ts';
import { programOf } from '../tool/action.ts';
import { commandTool } from '../tool/command-tool.ts';
import type { Tool } from '../tool/tool.ts';
import { validateInput } from '../tool/validate.ts';

/** What must outlive a process of what is known about tools. */
export interface Notes {
  get(scope: string, name: string): unknown;
  set(scope: string, name: string, value: unknown): void;
}

/** What happened on the way to a result. */
export type Attempt =
  | { readonly type: 'retry'; readonly attempt: number; readonly code: string; readonly waitMs: number }
  | { readonly type: 'fallback'; readonly to: string; readonly code: string }
  | { readonly type: 'breaker'; readonly state: 'open' | 'half-open' | 'closed' };

export type Perform = (execution: Execution) => Promise<SandboxResult>;

/** What a run with all its attempts came to. */
export interface Ended {
  readonly ended: SandboxResult;
  readonly attempts: number;
  /** What ran instead, if anything did. */
  readonly fallback: string | undefined;
}

/** Of these nothing else is tried: they say no, or that the call was wrong. */
const FINAL: ReadonlySet<ErrorClass> = new Set(['invalid_input', 'denied', 'not_found', 'aborted', 'internal']);
const BACKOFF_MS = 128;
const MOST_MS = 30_000;

/** Carries a failure through the policies, which know errors and no results. */
class Failed extends Error {
  readonly result: SandboxResult;
  readonly error: SkillError;

  constructor(result: SandboxResult, error: SkillError) {
    super(error.message);
    this.result = result;
    this.error = error;
  }
}

/** Answers failures as a skill says: by another attempt, by no attempt for a while, by something else. */
export class ResilienceStage {
  readonly #notes: Notes;
  readonly #breakers = new Map<string, Cockatiel.CircuitBreakerPolicy>();
  readonly #health = new Map<string, { readonly until: number; readonly error: SkillError | undefined }>();
  readonly #now: () => number;

  constructor(notes: Notes, now: () => number = Date.now) {
    this.#notes = notes;
    this.#now = now;
  }

  async run(execution: Execution, perform: Perform, tell: (attempt: Attempt) => void): Promise<Ended> {
    const rules = rulesOf(execution);
    let attempts = 0;
    const counted: Perform = (one) => {
      attempts++;
      return perform(one);
    };
    const ended = await this.#guarded(execution, rules, { perform: counted, tell });
    const error = 'error' in ended.outcome ? ended.outcome.error : undefined;
    if (error === undefined || rules.fallback === undefined || isFinal(ended, error))
      return { ended, attempts, fallback: undefined };
    const to = nameOf(rules.fallback);
    tell({ type: 'fallback', to, code: error.code });
    return { ended: await instead(rules.fallback, execution, perform), attempts, fallback: to };
  }

  async #guarded(
    execution: Execution,
    { healthCheck, retry, breaker }: Resilience,
    { perform, tell }: { readonly perform: Perform; readonly tell: (attempt: Attempt) => void },
  ): Promise<SandboxResult> {
    const unhealthy = healthCheck && (await this.#checkHealth(healthCheck, execution, perform));
    if (unhealthy !== undefined) return nothing(unhealthy);
    if (retry === undefined && breaker === undefined) return perform(execution);
    const policies = await import('cockatiel');
    const attempt = async (): Promise<SandboxResult> => {
      execution.signal?.throwIfAborted();
      const result = await perform(execution);
      if ('error' in result.outcome) throw new Failed(result, result.outcome.error);
      return result;
    };
    const circuit = breaker && this.#breakerOf(execution, breaker, { policies, tell });
    const broken = circuit === undefined ? attempt : () => circuit.execute(attempt);
    try {
      if (retry === undefined) return await broken();
      const mayPass = (error: Error): boolean =>
        error instanceof Failed && !isFinal(error.result, error.error) && isRetried(error.error, retry);
      const policy = policies.retry(policies.handleWhen(mayPass), {
        maxAttempts: retry.maxAttempts - 1,
        backoff: backoffOf(retry, policies),
      });
      let number = 0;
      policy.onRetry((event) => {
        const code = 'error' in event && event.error instanceof Failed ? event.error.error.code : '';
        tell({ type: 'retry', attempt: ++number, code, waitMs: event.delay });
      });
      return await untilAborted(policy.execute(broken, execution.signal), execution.signal);
    } catch (error) {
      if (error instanceof Failed) return error.result;
      if (error instanceof policies.BrokenCircuitError) return nothing(circuitOpen(execution, breaker));
      if (error instanceof policies.TaskCancelledError || execution.signal?.aborted === true)
        return nothing(new SkillError('E_ABORTED', 'the run was ended by its caller', { cause: error }));
      throw error;
    } finally {
      if (circuit !== undefined) this.#keep(execution, circuit);
    }
  }

  #breakerOf(
    execution: Execution,
    { failureThreshold, recoveryMs }: BreakerRules,
    { policies, tell }: { readonly policies: typeof Cockatiel; readonly tell: (attempt: Attempt) => void },
  ): Cockatiel.CircuitBreakerPolicy {
    const name = circuitKey(execution);
    const known = this.#breakers.get(name);
    if (known !== undefined) return known;
    const initialState = this.#notes.get('breaker', name);
    const counts = (error: Error): boolean => error instanceof Failed && !isFinal(error.result, error.error);
    const circuit = policies.circuitBreaker(policies.handleWhen(counts), {
      breaker: new policies.ConsecutiveBreaker(failureThreshold),
      halfOpenAfter: recoveryMs,
      ...(initialState !== undefined && { initialState }),
    });
    circuit.onBreak(() => tell({ type: 'breaker', state: 'open' }));
    circuit.onHalfOpen(() => tell({ type: 'breaker', state: 'half-open' }));
    circuit.onReset(() => tell({ type: 'breaker', state: 'closed' }));
    this.#breakers.set(name, circuit);
    return circuit;
  }

  #keep(execution: Execution, circuit: Cockatiel.CircuitBreakerPolicy): void {
    this.#notes.set('breaker', circuitKey(execution), circuit.toJSON());
  }

  /** Asked at most once in an interval; a tool that is not well is not called. */
  async #checkHealth(
    { intervalMs, check }: HealthRules,
    execution: Execution,
    perform: Perform,
  ): Promise<SkillError | undefined> {
    const { id, hash } = execution.skill;
    const known = this.#health.get(hash);
    if (known !== undefined && known.until > this.#now()) return known.error;
    const failure = check === undefined ? missingProgram(execution) : await failureOf(check, execution, perform);
    const error =
      failure === undefined
        ? undefined
        : new SkillError('E_UNAVAILABLE', `${id} is not well: ${failure.message}`, {
            hint: failure.hint,
            details: { reason: 'unhealthy', code: failure.code },
            cause: failure,
          });
    this.#health.set(hash, { until: this.#now() + intervalMs, error });
    return error;
  }
}

/** A wait between two attempts is not waited for once nobody wants them. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}

/** A tool's own rules count before those of its skill, one by one. */
function rulesOf({ skill, tool }: Pick<Execution, 'skill' | 'tool'>): Resilience {
  const own = Object.entries(tool.resilience ?? {}).filter(([, value]) => value !== undefined);
  const rules = { ...NOTHING_SET, ...skill.manifest?.resilience, ...Object.fromEntries(own) };
  // A recipe tries its steps again by itself; what it did before is in its journal.
  return tool.action.type === 'recipe' ? { ...rules, retry: undefined } : rules;
}

const NOTHING_SET: Resilience = {
  retry: undefined,
  breaker: undefined,
  healthCheck: undefined,
  fallback: undefined,
  maxConcurrent: undefined,
  queueSize: undefined,
};

/** What was refused, or met a refusal on its way: asking again changes nothing. */
function isFinal({ denials }: SandboxResult, error: SkillError): boolean {
  return FINAL.has(error.class) || denials.length > 0;
}

/** What may be tried again: what passes by itself, or what the skill names. */
function isRetried(error: SkillError, { retryOn }: RetryRules): boolean {
  return retryOn === undefined ? error.transient : retryOn.includes(error.class);
}

function backoffOf({ backoff }: RetryRules, policies: typeof Cockatiel): Cockatiel.IBackoffFactory<unknown> {
  switch (backoff) {
    case 'none':
      return new policies.ConstantBackoff(0);
    case 'fixed':
      return new policies.ConstantBackoff(BACKOFF_MS);
    case 'linear':
      return new policies.DelegateBackoff((_context, count: number = 0) => ({
        delay: Math.min(BACKOFF_MS * (count + 1), MOST_MS),
        state: count + 1,
      }));
    case 'exponential':
      return new policies.ExponentialBackoff({
        generator: policies.fullJitterGenerator,
        initialDelay: BACKOFF_MS,
        maxDelay: MOST_MS,
      });
  }
}

/** Runs what stands in for a tool: another tool of the skill with the same input, or a program. */
async function instead(rule: FallbackRule, execution: Execution, perform: Perform): Promise<SandboxResult> {
  try {
    const tool = 'command' in rule ? commandTool(rule.command) : otherTool(rule.tool, execution);
    return await perform({ ...execution, tool, ...('command' in rule && { input: {} }) });
  } catch (error) {
    if (error instanceof SkillError) return nothing(error);
    throw error;
  }
}

async function failureOf(check: FallbackRule, execution: Execution, perform: Perform): Promise<SkillError | undefined> {
  const { outcome } = await instead(check, { ...execution, input: {} }, perform);
  if (!('error' in outcome)) return undefined;
  const { code, message, hint } = outcome.error;
  return new SkillError(code, `${nameOf(check)} failed: ${message}`, { hint, cause: outcome.error });
}

function missingProgram({ tool, env }: Execution): SkillError | undefined {
  const program = programOf(tool.action)?.program;
  if (program === undefined || findProgram(program, env['PATH'] ?? '') !== undefined) return undefined;
  return new SkillError('E_NOT_FOUND', `the program ${quote(program)} is not installed`, { hint: 'install it' });
}

function otherTool(name: string, { skill, tool, input }: Execution): Tool {
  const other = skill.tools.find((one) => one.name === name && one !== tool);
  if (other === undefined)
    throw new SkillError('E_NOT_FOUND', `${skill.id} has no other tool ${quote(name)} to run instead`, {
      hint: 'its author must name one in resilience',
    });
  validateInput(other, input);
  return other;
}

function nameOf(rule: FallbackRule): string {
  return 'command' in rule ? (rule.command[0] ?? '') : rule.tool;
}

function circuitName({ skill, tool }: Execution): string {
  return `${skill.id}.${tool.name}`;
}

/** By what the skill is, for another one may have its name. */
function circuitKey({ skill, tool }: Execution): string {
  return `${skill.hash} ${tool.name}`;
}

function circuitOpen(execution: Execution, rules: BreakerRules | undefined): SkillError {
  const { failureThreshold = 0, recoveryMs = 0 } = rules ?? {};
  return new SkillError(
    'E_UNAVAILABLE',
    `${circuitName(execution)} failed ${failureThreshold} times in a row, and is not called for a while`,
    {
      hint: `call it again in ${Math.ceil(recoveryMs / 1_000)} s, and see to why it fails`,
      details: { reason: 'circuit_open' },
    },
  );
}

function nothing(error: SkillError): SandboxResult {
  return {
    outcome: { error },
    usage: { durationMs: 0, fuel: undefined, memoryBytes: 0, hostCalls: 0 },
    stderr: new Uint8Array(),
    denials: [],
  };
}
