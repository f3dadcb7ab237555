import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SkillError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Outcome } from '../wire/messages.ts';
import { MAX_WORKERS } from './guest-flags.ts';
import type { GuestProgram } from './guest-program.ts';
import { GuestProcess } from './guest-process.ts';
import { NeverBegan, type RunOptions } from './worker-channel.ts';

/** What one guest process is for: one module, under one set of grants. */
export interface Domain {
  /** Two runs share a process only if this is equal: the digest of the module and of everything it was granted. */
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly reuse: boolean;
  readonly limits: Limits;
}

interface Loaded {
  /** Undefined while others are being started. */
  process: GuestProcess | undefined;
  readonly ready: Promise<GuestProcess>;
}

/** The calls of one domain, and the process they go to. The process may be replaced; who waits stays. */
interface Home {
  current: Loaded | undefined;
  /** Calls whose caller waits. */
  calls: number;
  /** Calls that hold a worker: until they are over, which may be a little after their caller has an answer. */
  active: number;
  readonly waiting: (() => void)[];
  idleTimer: NodeJS.Timeout | undefined;
}

const IDLE_MS = 60_000;
/** More that start at once would keep each other from the processor, and this process too. */
const STARTS_AT_ONCE = Math.max(2, availableParallelism());
/** How long a start waits for others at most: so often, for so long. */
const TURNS = 100;
const TURN_MS = 100;
/** In how many processes a call is tried that did not begin: its own, the spare, which may be gone as well, and a new one. */
const ATTEMPTS = 3;

export interface SupervisorOptions {
  readonly keepSpare: boolean;
  /** What guest processes run. Tests put a hostile program there. */
  readonly program?: GuestProgram;
}

/** Keeps one guest process a domain, and a warm one for the next. Crash-only: a process that died is simply not used again. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #homes = new Map<string, Home>();
  readonly #alive = new Set<GuestProcess>();
  readonly #starting = new Set<Promise<unknown>>();
  #spare: GuestProcess | undefined;
  #closed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts a process ahead of its use. */
  prewarm(): void {
    if (this.#closed || this.#spare?.usable === true) return;
    try {
      this.#spare = this.#startProcess();
      this.#spare.unref();
    } catch {
      // A spare is a convenience: the call that needs a process says why there is none.
    }
  }

  /**
   * Runs one call in the domain's process, which is started if need be; in a new one if that was gone before it was asked.
   * `signal` ends it, while it waits as well.
   * @param onStart called when the call begins to run; deadlines count from here, and anew when it is called again
   * @throws SkillError E_UNAVAILABLE when too many calls wait already; whatever the process dies of.
   */
  async run(
    domain: Domain,
    options: RunOptions,
    { signal, onStart }: { readonly signal: AbortSignal; readonly onStart: () => void },
  ): Promise<Outcome> {
    signal.throwIfAborted();
    const home = this.#homeOf(domain);
    clearTimeout(home.idleTimer);
    home.calls++;
    let process: GuestProcess | undefined;
    try {
      await takeSlot(home, signal);
      try {
        for (let left = ATTEMPTS; ; left--) {
          try {
            process = await this.#readyProcess(home, domain, signal);
            onStart();
            return await process.run(options, signal);
          } catch (error) {
            if (!(error instanceof NeverBegan)) throw error;
            if (left === 1) throw error.cause;
          }
        }
      } finally {
        void this.#freeSlot(domain.key, home, process);
      }
    } finally {
      home.calls--;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { idleTimer } of this.#homes.values()) clearTimeout(idleTimer);
    this.#homes.clear();
    this.#spare = undefined;
    await Promise.all([...this.#alive].map((process) => process.close()));
  }

  #homeOf({ key, limits }: Domain): Home {
    if (this.#closed) throw new SkillError('E_UNAVAILABLE', 'the runtime is closed');
    const home = this.#homes.get(key) ?? { current: undefined, calls: 0, active: 0, waiting: [], idleTimer: undefined };
    if (home.calls >= limits.max_concurrent) {
      throw new SkillError(
        'E_UNAVAILABLE',
        `max_concurrent = ${limits.max_concurrent} calls of this skill are running or waiting`,
        {
          hint: 'call it again when one of them is done',
          details: { limit: 'max_concurrent' },
        },
      );
    }
    this.#homes.set(key, home);
    return home;
  }

  /** The domain's process, loaded. One that died or is about to is replaced, once. */
  async #readyProcess(home: Home, domain: Domain, signal: AbortSignal): Promise<GuestProcess> {
    for (let again = true; ; again = false) {
      const current = this.#currentOf(home, domain);
      current.process?.ref();
      const process = await untilAborted(current.ready, signal);
      process.ref();
      await process.quiet();
      if (process.usable || !again) return process;
    }
  }

  #currentOf(home: Home, domain: Domain): Loaded {
    const known = home.current;
    if (known !== undefined && known.process?.usable !== false) return known;
    const onStart = (process: GuestProcess): void => {
      current.process = process;
      // Who asked for it may have gone meanwhile.
      if (home.active === 0) process.unref();
    };
    const current: Loaded = { process: undefined, ready: this.#load(domain, onStart) };
    home.current = current;
    current.ready.catch(() => {
      if (home.current === current) home.current = undefined;
      return current.process?.close();
    });
    return current;
  }

  async #load({ bytes, reuse, limits }: Domain, onStart: (process: GuestProcess) => void): Promise<GuestProcess> {
    const process = await this.#takeProcess();
    onStart(process);
    const { memory_mb: memoryMb, table_elements: tableElements, start_ms: startMs } = limits;
    await process.load({ bytes, reuse, memoryMb, tableElements }, startMs);
    return process;
  }

  async #takeProcess(): Promise<GuestProcess> {
    for (let left = TURNS; left > 0 && this.#spare?.usable !== true && this.#starting.size >= STARTS_AT_ONCE; left--)
      await Promise.race([...this.#starting, sleep(TURN_MS)]);
    if (this.#closed) throw new SkillError('E_UNAVAILABLE', 'the runtime is closed');
    const spare = this.#spare;
    this.#spare = undefined;
    const process = spare?.usable === true ? spare : this.#startProcess();
    if (this.#options.keepSpare)
      void process.start().then(
        () => this.prewarm(),
        () => undefined,
      );
    return process;
  }

  #startProcess(): GuestProcess {
    const process = new GuestProcess(this.#options.program);
    this.#alive.add(process);
    const started = process.start().catch(() => undefined);
    this.#starting.add(started);
    void started.then(() => this.#starting.delete(started));
    void process.exited.then(() => this.#alive.delete(process));
    return process;
  }

  /** After a run: the next one may start, a process that is done for goes, an idle one may go later and keeps nobody waiting. */
  async #freeSlot(key: string, home: Home, process: GuestProcess | undefined): Promise<void> {
    await process?.quiet();
    home.active--;
    home.waiting.shift()?.();
    if (process?.usable === false && process.idle) void process.close();
    if (home.active > 0 || this.#closed) return;
    home.current?.process?.unref();
    clearTimeout(home.idleTimer);
    home.idleTimer = setTimeout(() => this.#retire(key, home), IDLE_MS).unref();
  }

  #retire(key: string, home: Home): void {
    if (home.calls > 0) return;
    this.#homes.delete(key);
    void home.current?.process?.close();
  }
}

async function takeSlot(home: Home, signal: AbortSignal): Promise<void> {
  if (home.active < MAX_WORKERS) {
    home.active++;
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const start = (): void => {
      signal.removeEventListener('abort', onAbort);
      home.active++;
      resolve();
    };
    const onAbort = (): void => {
      home.waiting.splice(home.waiting.indexOf(start), 1);
      reject(signal.reason as Error);
    };
    home.waiting.push(start);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
