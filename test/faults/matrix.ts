import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { assemble, TEXTS } from '../host/sandbox/guests.ts';
import type { Shape } from './shapes/shape.ts';

// Every shape some times. With SKILLHOST_FAULTS=full as often as was promised, on a machine that does nothing else, and then
// the times are held to what was promised as well.
const IS_FULL = process.env['SKILLHOST_FAULTS'] === 'full';

/** How often, and how long things may take: less often, and longer, where other tests run beside. */
export const ROUNDS = IS_FULL
  ? { crash: 50, hang: 100, hunger: 50, cycles: 1_500, atOnce: 5 }
  : { crash: 3, hang: 5, hunger: 3, cycles: 25, atOnce: 1 };
export const MAX_MS = IS_FULL
  ? { lateAlone: 100, lateAtOnce: 300, back: 250, delay: 250 }
  : { lateAlone: 1_000, lateAtOnce: 3_000, back: 3_000, delay: 1_000 };
/** Of memory, as a share: a few rounds may meet the engine while it still grows. */
export const MAX_DRIFT = IS_FULL ? 1.05 : 1.3;
export const MAX_GROWTH_BYTES = 64 * 2 ** 20;

interface Times {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** What came of some rounds: how often each error, and in ms after the deadline or the fault. */
export interface Seen {
  readonly got: Readonly<Record<string, number>>;
  /** Until the caller had an answer. */
  readonly late: Times;
  /** Until nothing of the run was left. */
  readonly gone: Times;
  /** Until the next call had its answer. */
  readonly back: Times;
  /** The most memory of the trusted process while it went on, and afterwards. */
  readonly peakRss: number;
  readonly rss: number;
}

export interface Health {
  readonly rss: number;
  /** The longest time in which the process could not have answered. */
  readonly delayMs: number;
  readonly neighbour: { readonly answers: number; readonly failures: readonly string[]; readonly slowestMs: number };
}

/** How many modules a shape has whose module differs by round. */
const MODULES = 3;
const HOST = join(import.meta.dirname, 'host.mjs');
const HOSTILE = join(import.meta.dirname, '../host/supervisor/hostile-guest.mjs');

/** The trusted process of a matrix, from outside. */
export class MatrixHost {
  readonly #child: ChildProcess;

  #onAnswer: (message: object) => void = () => undefined;
  #onDeath: () => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: object) => this.#onAnswer(message));
    child.on('exit', () => this.#onDeath());
  }

  static async start(): Promise<MatrixHost> {
    const host = new MatrixHost(
      fork(HOST, { execArgv: ['--expose-gc', '--max-semi-space-size=2'], serialization: 'advanced', env: {} }),
    );
    await host.#ask('begin', { bytes: await assemble(TEXTS.counter) });
    return host;
  }

  async run(shape: Shape, rounds: number): Promise<Seen> {
    const program =
      shape.hostile === undefined
        ? undefined
        : { file: process.execPath, args: [HOSTILE, shape.hostile[0], shape.hostile[1] ?? ''], cwd: '/' };
    return this.#ask('runShape', { ...(await jobOf(shape, rounds)), rounds, program });
  }

  async runAtOnce(shape: Shape, rounds: number, count: number): Promise<Pick<Seen, 'got' | 'late' | 'gone'>> {
    return this.#ask('runAtOnce', { ...(await jobOf(shape, rounds)), rounds, count });
  }

  async cycles(rounds: number): Promise<{ settledRss: number; endRss: number; back: Times }> {
    return this.#ask('runCycles', { rounds });
  }

  async health(): Promise<Health> {
    return this.#ask('health', {});
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    if (this.isAlive) await once(this.#child, 'exit');
  }

  async #ask<T>(act: string, job: object): Promise<T> {
    this.#child.send({ act, ...job });
    const message = await new Promise<{ answer: T; error?: string }>((resolve, reject) => {
      this.#onAnswer = resolve as (message: object) => void;
      this.#onDeath = () => reject(new Error(`the trusted process died during ${act}`));
    });
    if (message.error !== undefined) throw new Error(message.error);
    return message.answer;
  }
}

async function jobOf(shape: Shape, rounds: number): Promise<object> {
  const { wasm = TEXTS.counter, padding = 0, tool, input, limits } = shape;
  const modules =
    typeof wasm === 'string'
      ? [await assemble(wasm)]
      : Array.from({ length: Math.min(rounds, Math.max(1, wasm.length * MODULES)) }, (_, round) => wasm(round));
  const hasOne = typeof wasm === 'string' && wasm.includes('(export "one")');
  return { modules, padding, shape: { tool, input, limits, hasOne } };
}

/** What all rounds of a shape must come to. */
export function expected({ code, limit = '' }: Shape, rounds: number): Readonly<Record<string, number>> {
  const limits = typeof limit === 'string' ? [limit] : limit;
  const all = Array.from({ length: rounds }, (_, round) => `${code} ${limits[round % limits.length]}`.trim());
  return Object.fromEntries(all.map((one) => [one, all.filter((other) => other === one).length]));
}

/** Says what was measured, where somebody asked for it. */
export function tell(what: string, measured: object): void {
  if (IS_FULL)
    console.log(
      what,
      JSON.stringify(measured, (_key, value: unknown) => rounded(value)),
    );
}

function rounded(value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return value > 2 ** 20 ? `${(value / 2 ** 20).toFixed(1)} MiB` : Math.round(value * 10) / 10;
}
