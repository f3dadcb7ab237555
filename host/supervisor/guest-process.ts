import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { GuestError, SkillError } from '../errors.ts';
import { decode, WireError, type WireValue } from '../wire/codec.ts';
import { HostCallRefusal } from '../wire/refusal.ts';
import { frame, FrameSplitter } from '../wire/frame.ts';
import type { FromGuest, GuestCall, Outcome, ToGuest } from '../wire/messages.ts';
import { list, parseFromGuest, text } from '../wire/parse-message.ts';
import { explainDeath, overMemory } from './explain-death.ts';
import { checkPlatform, guestProgram, MAX_WORKERS } from './guest-flags.ts';
import { processCeilingMb } from './memory-ceiling.ts';
import { watchMemory } from './memory-watch.ts';

/** Answers the host calls of one run. */
export interface HostCallHandler {
  /** Resolves to what the guest gets, or rejects with a `HostCallRefusal`; anything else ends the run. */
  call(operation: string, args: readonly WireValue[]): Promise<WireValue>;
}

export interface RunOptions {
  readonly run: string;
  readonly call: GuestCall;
  readonly handler: HostCallHandler;
  /** The largest outcome, in bytes. */
  readonly outcomeBytes: number;
}

interface OpenRun extends RunOptions {
  settle(outcome: Outcome): void;
  fail(error: Error): void;
  /** What its host calls come over; closed to free a worker that waits in one. */
  channel: Socket | undefined;
  /** Its caller has an answer. It stays in the table until the process says that it is over. */
  ended: boolean;
}

/** The process died before it read what it was sent last, so none of it happened: it can be sent to another one. */
export class NeverBegan extends Error {
  override readonly name = 'NeverBegan';
  override readonly cause: Error;

  constructor(cause: Error) {
    super('the guest process was gone before it was asked');
    this.cause = cause;
  }
}

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** How many workers beyond the first ones a process can start, to replace those that were ended. */
const SPARE_CHANNELS = 6;
const CONTROL_FD = 3;
/** How long an ended run may take to be over before its process is killed: longer where that costs another run its life. */
const KILL_GRACE_MS = { alone: 60, shared: 500 };
const START_DEADLINE_MS = 20_000;
const DIAGNOSTICS_BYTES = 4_096;
const MESSAGE_ROOM = 4_096;
const MIB = 2 ** 20;
/** How long after its exit the end of a process's control channel may take to be seen. */
const LAST_BYTES_MS = 100;

/**
 * One guest process, from outside. Everything it sends is hostile: bytes are split, decoded and checked under limits, a
 * host call counts only with the token of an open run, and what does not fit ends the process.
 */
export class GuestProcess {
  readonly #child: ChildProcess;
  readonly #control: Socket;
  readonly #runs = new Map<string, OpenRun>();
  readonly #started: Promise<void>;
  readonly exited: Promise<void>;
  #onLoad: Waiting | undefined;
  #onStart: Waiting | undefined;
  #quiet: Promise<unknown> = Promise.resolve();
  #diagnostics = '';
  #death: Error | undefined;
  #sparesLeft = SPARE_CHANNELS;
  #memory: { readonly limitMb: number; readonly ceilingMb: number } | undefined;
  #endWatch: (() => void) | undefined;
  /** What was sent last: the token of a run, or the operation. */
  #lastSent = '';
  /** The other end was closed with bytes in it that nobody had read. */
  #isUnread = false;

  /** @throws SkillError E_UNAVAILABLE when the operating system has no room for another process. */
  constructor(program = guestProgram()) {
    checkPlatform();
    const channels = MAX_WORKERS + SPARE_CHANNELS;
    const child = spawn(
      program.file,
      [...program.args, String(CONTROL_FD + 1), String(channels), String(MAX_WORKERS)],
      {
        env: {},
        cwd: program.cwd,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...Array.from({ length: channels }, () => 'pipe' as const)],
        serialization: 'json',
      },
    );
    // Also emitted when the process cannot be started; without a listener that would end the runtime.
    child.on('error', () => undefined);
    if (child.pid === undefined)
      throw new SkillError(
        'E_UNAVAILABLE',
        'a guest process cannot be started: no descriptors, processes or memory are left',
      );
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.#note(chunk, stream));
    this.#control = child.stdio[CONTROL_FD] as Socket;
    this.#listenToControl();
    for (let i = 0; i < channels; i++) this.#listenToChannel(child.stdio[CONTROL_FD + 1 + i] as Socket);
    this.#started = new Promise((resolve, reject) => (this.#onStart = { resolve, reject }));
    // A spare may die while nobody waits for it.
    this.#started.catch(() => undefined);
    const deadline = setTimeout(
      () => this.kill(new SkillError('E_UNAVAILABLE', 'the guest process did not start in time')),
      START_DEADLINE_MS,
    );
    this.#started.then(
      () => clearTimeout(deadline),
      () => clearTimeout(deadline),
    );
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        // One that cannot start says so by its exit code; a signal comes from outside, and the next one may be luckier.
        if (signal !== null && this.#death === undefined && this.#onStart !== undefined) this.#isUnread = true;
        this.#death ??= explainDeath(code, signal, this.#diagnostics);
        void this.#failWhenHeard(this.#death);
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** False once it died, was killed, or has no channel left for another worker. */
  get usable(): boolean {
    return this.#death === undefined && this.#sparesLeft > 0;
  }

  get idle(): boolean {
    return this.#runs.size === 0;
  }

  /** Waits until workers are up. */
  async start(): Promise<void> {
    await this.#started;
  }

  /** Waits while an ended run may still cost the process its life. Never long: it ends, or the process is killed. */
  async quiet(): Promise<void> {
    await this.#quiet;
  }

  /** Gives the process the one module it will ever run. @throws SkillError when the module is refused, or takes too long. */
  async load(module: Omit<ToGuest & { op: 'load' }, 'op'>, deadlineMs: number): Promise<void> {
    await this.#started;
    const late = new SkillError(
      'E_TIMEOUT',
      `the module took longer than start_ms = ${deadlineMs} to decode and compile`,
      {
        hint: `raise it with --limit start_ms=${deadlineMs * 2}`,
        details: { limit: 'start_ms' },
      },
    );
    const timer = setTimeout(() => this.kill(late), deadlineMs);
    const { memoryMb, bytes } = module;
    this.#memory = { limitMb: memoryMb, ceilingMb: processCeilingMb(memoryMb, bytes.length, MAX_WORKERS) };
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onLoad = { resolve, reject };
        this.#watch();
        if (this.#death !== undefined) reject(new NeverBegan(this.#death));
        this.#send({ op: 'load', ...module });
      });
    } finally {
      clearTimeout(timer);
      this.#onLoad = undefined;
      this.#watch();
    }
  }

  /**
   * Runs one call. With `signal` aborted the run ends at once, with the signal's reason; the process is killed if the
   * worker does not end as quickly.
   * @throws NeverBegan when it can be run again, in another process
   */
  async run(options: RunOptions, signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    if (this.#death !== undefined) throw new NeverBegan(this.#death);
    const outcome = new Promise<Outcome>((settle, fail) =>
      this.#runs.set(options.run, { ...options, settle, fail, channel: undefined, ended: false }),
    );
    const onAbort = (): void => this.#abort(options.run, signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#watch();
    this.#send({ op: 'run', run: options.run, call: options.call });
    try {
      return await outcome;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Ends the process; every open run fails with `reason`. */
  kill(reason: Error): void {
    this.#death ??= reason;
    this.#child.kill('SIGKILL');
    this.#failAll(this.#death);
  }

  /** Lets go of a process that is not needed any more. */
  async close(): Promise<void> {
    this.ref();
    this.kill(new SkillError('E_UNAVAILABLE', 'the runtime was closed'));
    await this.exited;
  }

  /** Keeps the event loop from waiting for an idle process. */
  unref(): void {
    this.#child.unref();
    for (const stream of this.#child.stdio) (stream as Socket | null)?.unref();
  }

  ref(): void {
    this.#child.ref();
    for (const stream of this.#child.stdio) (stream as Socket | null)?.ref();
  }

  #abort(id: string, reason: Error): void {
    const run = this.#runs.get(id);
    if (run === undefined || run.ended) return;
    this.#sparesLeft--;
    run.channel?.destroy();
    this.#send({ op: 'abort', run: id });
    run.fail(reason);
    run.ended = true;
    const stuck = new GuestError(
      'E_GUEST_DIED',
      'the guest process was killed, because another run in it did not end',
      { hint: 'run it again' },
    );
    const isShared = [...this.#runs.values()].some(({ ended }) => !ended);
    const timer = setTimeout(() => this.kill(stuck), KILL_GRACE_MS[isShared ? 'shared' : 'alone']);
    const gone = new Promise<void>((resolve) => (run.settle = run.fail = () => resolve())).then(() =>
      clearTimeout(timer),
    );
    this.#quiet = Promise.all([this.#quiet, gone]);
  }

  /** Memory is looked at while the process has something to do. */
  #watch(): void {
    const isBusy = this.#death === undefined && (this.#onLoad !== undefined || this.#runs.size > 0);
    if (isBusy === (this.#endWatch !== undefined)) return;
    this.#endWatch?.();
    this.#endWatch = undefined;
    const { pid } = this.#child;
    if (!isBusy || this.#memory === undefined || pid === undefined) return;
    const { limitMb, ceilingMb } = this.#memory;
    this.#endWatch = watchMemory(pid, ceilingMb * MIB, (bytes) =>
      this.kill(overMemory(Math.round(bytes / MIB), ceilingMb, limitMb)),
    );
  }

  #send(message: ToGuest): void {
    this.#lastSent = message.op === 'run' ? message.run : message.op;
    const bytes = frame(message as { readonly [key in keyof ToGuest]: WireValue });
    this.#control.write(bytes, (error) => (this.#isUnread ||= error != null));
  }

  #listenToControl(): void {
    const largest = (): number =>
      [...this.#runs.values()].reduce((max, run) => Math.max(max, run.outcomeBytes), 0) + MESSAGE_ROOM * 4;
    let splitter: FrameSplitter | undefined;
    let limit = 0;
    this.#control.on('data', (chunk) => {
      // The splitter is made anew only between messages, when the runs that are open allow another size.
      if (splitter === undefined || (splitter.empty && limit !== largest())) {
        limit = largest();
        splitter = new FrameSplitter(limit);
      }
      const current = splitter;
      this.#guard(() => {
        for (const payload of current.push(chunk)) this.#onMessage(parseFromGuest(decode(payload)));
      });
    });
    this.#control.on('error', () => (this.#isUnread = true));
    // Deaf to us, it is of no use; how it ended is told by its exit.
    this.#control.on('close', () => void this.#child.kill('SIGKILL'));
  }

  #onMessage(message: FromGuest): void {
    if (message.op === 'ready') {
      if (this.#onStart === undefined) throw new WireError('that it is ready twice');
      this.#onStart.resolve();
      this.#onStart = undefined;
    } else if (message.op === 'done') {
      const run = this.#runs.get(message.run);
      if (run === undefined) throw new WireError('an outcome of a run that is not open');
      this.#runs.delete(message.run);
      this.#watch();
      // That worker took its channel with it.
      if (message.outcome.kind === 'died' && !run.ended) this.#sparesLeft--;
      run.settle(message.outcome);
    } else {
      const load = this.#onLoad;
      if (load === undefined) throw new WireError('an answer to a load that is not open');
      this.#onLoad = undefined;
      if (message.op === 'loaded') load.resolve();
      else
        load.reject(
          new SkillError(message.code, message.message, { hint: message.hint ?? undefined, details: message.details }),
        );
    }
  }

  #listenToChannel(channel: Socket): void {
    let splitter: FrameSplitter | undefined;
    let busy = false;
    let answered: Promise<void> = Promise.resolve();
    channel.on('error', () => undefined);
    channel.on('data', (chunk) => {
      this.#guard(() => {
        if (busy) throw new WireError('a host call while another is open');
        splitter ??= new FrameSplitter(this.#largestMessage());
        const [payload, second] = splitter.push(chunk);
        if (payload === undefined) return;
        if (second !== undefined || !splitter.empty) throw new WireError('a host call while another is open');
        splitter = undefined;
        busy = true;
        // One that does not read its answers gets no further one: they would pile up on this side.
        void answered.then(async () => {
          const reply = await this.#answer(channel, payload);
          busy = false;
          if (reply !== undefined && !channel.destroyed)
            answered = new Promise((resolve) => void channel.write(reply, () => resolve()));
        });
      });
    });
  }

  #largestMessage(): number {
    return [...this.#runs.values()].reduce((max, { call }) => Math.max(max, call.messageBytes), 0) + MESSAGE_ROOM;
  }

  async #answer(channel: Socket, payload: Uint8Array): Promise<Uint8Array | undefined> {
    let run: OpenRun | undefined;
    try {
      const [token, operation, args] = list(decode(payload), 'a host call');
      run = this.#runs.get(text(token, 'the token of the run'));
      if (run === undefined) throw new WireError('a host call of a run that is not open');
      run.channel ??= channel;
      if (run.channel !== channel) throw new WireError('a host call of a run over the channel of another');
      if (run.ended) {
        channel.destroy();
        return undefined;
      }
      try {
        return frame([true, await run.handler.call(text(operation, 'the operation'), list(args, 'the arguments'))]);
      } catch (error) {
        if (!(error instanceof HostCallRefusal)) throw error;
        return frame([false, error.code, error.message, error.errno ?? null]);
      }
    } catch (error) {
      if (run === undefined || error instanceof WireError) this.#endAfter(error);
      else this.#abort(run.run, error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#endAfter(error);
    }
  }

  /** The process broke the protocol. */
  #endAfter(error: unknown): void {
    if (error instanceof WireError)
      this.kill(new GuestError('E_GUEST_DIED', `the guest process was killed: it sent ${error.message}`));
    else this.kill(error instanceof Error ? error : new Error(String(error)));
  }

  #note(chunk: Buffer, stream: Readable): void {
    this.#diagnostics += chunk.toString('latin1').slice(0, DIAGNOSTICS_BYTES);
    if (this.#diagnostics.length > DIAGNOSTICS_BYTES) stream.destroy();
  }

  /** Whether its last message reached it is known when its end of the control channel is: most often at once. */
  async #failWhenHeard(death: Error): Promise<void> {
    if (!this.#control.closed)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LAST_BYTES_MS);
        this.#control.once('close', () => (clearTimeout(timer), resolve()));
      });
    this.#failAll(death);
  }

  #failAll(error: Error): void {
    const neverBegan = this.#isUnread ? new NeverBegan(error) : error;
    this.#onStart?.reject(neverBegan);
    this.#onLoad?.reject(this.#lastSent === 'load' ? neverBegan : error);
    // A run that made a host call has begun, whatever became of its message.
    for (const [id, run] of this.#runs)
      run.fail(this.#lastSent === id && run.channel === undefined ? neverBegan : error);
    this.#runs.clear();
    this.#watch();
  }
}
