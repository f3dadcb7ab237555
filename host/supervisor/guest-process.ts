import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { setPriority } from 'node:os';
import type { Readable } from 'node:stream';
import { GuestError, SkillError } from '../errors.ts';
import { shutInherited } from '../shut-inherited.ts';
import { decode, WireError } from '../wire/codec.ts';
import { frame, FrameSplitter } from '../wire/frame.ts';
import type { FromGuest, Outcome, ToGuest } from '../wire/messages.ts';
import { parseFromGuest } from '../wire/parse-message.ts';
import { explainDeath, explainWorkerDeath, overMemory } from './explain-death.ts';
import { checkPlatform, guestProgram, MAX_WORKERS } from './guest-flags.ts';
import { processCeilingMb } from './memory-ceiling.ts';
import { watchMemory } from './memory-watch.ts';
import { NeverBegan, type RunOptions, WorkerChannel } from './worker-channel.ts';

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** How many workers beyond the first ones a process can start, to replace those that were ended. */
const SPARE_CHANNELS = 6;
const CONTROL_FD = 3;
/** How long an ended run may take to be over before its process is killed: longer where that costs another run its life. */
const KILL_GRACE_MS = { alone: 40, shared: 500 };
const START_DEADLINE_MS = 20_000;
/** Inherited by every thread that the process starts. */
const GUEST_NICENESS = 5;
const DIAGNOSTICS_BYTES = 4_096;
/** More than a refusal with its details can take. */
const CONTROL_BYTES = 64 * 1024;
const MIB = 2 ** 20;
/** How long after its exit the ends of a process's pipes may take to be seen. */
const LAST_BYTES_MS = 100;

/** Guests wait for the trusted side, never it for them: it has to see deadlines when all processors are taken by guests. */
function giveWay(pid: number): void {
  try {
    setPriority(pid, GUEST_NICENESS);
  } catch {
    // It is gone already, which is told by its exit.
  }
}

/**
 * One guest process, from outside. Everything it sends is hostile: bytes are split, decoded and checked under limits, and
 * what does not fit ends the process.
 */
export class GuestProcess {
  readonly #child: ChildProcess;
  readonly #control: Socket;
  readonly #channels: readonly WorkerChannel[];
  /** Workers that were told to end, and are not gone yet. */
  readonly #endings = new Map<number, () => void>();
  /** How many channels have, or had, a worker: the first one has it from the beginning. */
  #served = 1;
  readonly #started: Promise<void>;
  readonly exited: Promise<void>;
  #onLoad: Waiting | undefined;
  #onStart: Waiting | undefined;
  #quiet: Promise<unknown> = Promise.resolve();
  #diagnostics = '';
  #death: Error | undefined;
  #memory: { readonly limitMb: number; readonly ceilingMb: number } | undefined;
  #endWatch: (() => void) | undefined;
  /** The other end was closed with bytes in it that nobody had read. */
  #isUnread = false;

  /** @throws SkillError E_UNAVAILABLE when the operating system has no room for another process. */
  constructor(program = guestProgram()) {
    checkPlatform();
    const channels = MAX_WORKERS + SPARE_CHANNELS;
    const { child, pid } = startGuest(program, channels);
    this.#child = child;
    giveWay(pid);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.#note(chunk, stream));
    this.#control = child.stdio[CONTROL_FD] as Socket;
    this.#listenToControl();
    this.#channels = Array.from({ length: channels }, (_, i) => {
      const owner = {
        onBreach: (error: unknown) => this.#endAfter(error),
        onFailure: (error: Error) => this.#abort(i, error),
        onClose: () => void child.kill('SIGKILL'),
      };
      return new WorkerChannel(child.stdio[CONTROL_FD + 1 + i] as Socket, owner);
    });
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
    const open = this.#channels.filter(({ isClosed }) => !isClosed).length;
    return this.#death === undefined && open > MAX_WORKERS;
  }

  get idle(): boolean {
    return this.#endings.size === 0 && !this.#channels.some(({ isBusy }) => isBusy);
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
    const index = this.#freeChannel();
    const onAbort = (): void => this.#abort(index, signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const outcome = this.#channelOf(index).run(options);
      this.#watch();
      return await outcome;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#watch();
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
    for (const socket of this.#openSockets()) socket.unref();
  }

  ref(): void {
    this.#child.ref();
    for (const socket of this.#openSockets()) socket.ref();
  }

  /** A socket that was closed would wait for another connection each time it is told something. */
  #openSockets(): Socket[] {
    return (this.#child.stdio as readonly (Socket | null)[]).filter(
      (one) => one !== null && !one.destroyed,
    ) as Socket[];
  }

  /** A channel whose worker has nothing to do, or one that gets a worker now. */
  #freeChannel(): number {
    const index = this.#channels.findIndex(({ isBusy, isClosed }, i) => i <= this.#served && !isBusy && !isClosed);
    if (index < 0) throw new SkillError('E_INTERNAL', 'a guest process was asked for more runs than it has workers');
    if (index === this.#served) {
      this.#served++;
      this.#send({ op: 'serve', channel: index });
    }
    return index;
  }

  #channelOf(index: number): WorkerChannel {
    const channel = this.#channels[index];
    if (channel === undefined) throw new WireError('of a channel that does not exist');
    return channel;
  }

  #abort(index: number, reason: Error): void {
    const channel = this.#channelOf(index);
    if (!channel.isBusy || this.#death !== undefined) return;
    channel.close();
    channel.fail(reason);
    const stuck = new GuestError(
      'E_GUEST_DIED',
      'the guest process was killed, because another run in it did not end',
      { hint: 'run it again' },
    );
    const isShared = this.#channels.some(({ isBusy }) => isBusy);
    const timer = setTimeout(() => this.kill(stuck), KILL_GRACE_MS[isShared ? 'shared' : 'alone']);
    const gone = new Promise<void>((resolve) => this.#endings.set(index, resolve)).then(() => {
      clearTimeout(timer);
      this.#endings.delete(index);
      this.#watch();
    });
    this.#quiet = Promise.all([this.#quiet, gone]);
    this.#send({ op: 'abort', channel: index });
  }

  /** Memory is looked at while the process has something to do. */
  #watch(): void {
    const isBusy = this.#death === undefined && (this.#onLoad !== undefined || !this.idle);
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
    const bytes = frame(message);
    this.#control.write(bytes, (error) => (this.#isUnread ||= error instanceof Error));
  }

  #listenToControl(): void {
    const splitter = new FrameSplitter(CONTROL_BYTES);
    this.#control.on('data', (chunk) =>
      this.#guard(() => {
        for (const payload of splitter.push(chunk)) this.#onMessage(parseFromGuest(decode(payload)));
      }),
    );
    this.#control.on('error', () => (this.#isUnread = true));
    // Deaf to us, it is of no use; how it ended is told by its exit.
    this.#control.on('close', () => void this.#child.kill('SIGKILL'));
  }

  #onMessage(message: FromGuest): void {
    if (message.op === 'ready') {
      if (this.#onStart === undefined) throw new WireError('that it is ready twice');
      this.#onStart.resolve();
      this.#onStart = undefined;
    } else if (message.op === 'gone') this.#onGone(message.channel, message.why);
    else {
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

  #onGone(index: number, why: string): void {
    const channel = this.#channelOf(index);
    const ending = this.#endings.get(index);
    if (ending !== undefined) return ending();
    if (this.#onStart !== undefined || index >= this.#served || channel.isClosed)
      throw new WireError('the end of a worker that it has not');
    channel.close();
    channel.fail(explainWorkerDeath(why));
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

  /** Whether its last messages reached it is known when its ends of the pipes are: most often at once. */
  async #failWhenHeard(death: Error): Promise<void> {
    const busy = this.#channels.filter(({ isBusy }) => isBusy);
    const drained = Promise.all([
      this.#control.closed ? undefined : new Promise((resolve) => this.#control.once('close', resolve)),
      ...busy.map((channel) => channel.drained()),
    ]);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([drained, new Promise((resolve) => (timer = setTimeout(resolve, LAST_BYTES_MS)))]);
    clearTimeout(timer);
    this.#failAll(death);
  }

  #failAll(error: Error): void {
    const neverBegan = this.#isUnread ? new NeverBegan(error) : error;
    this.#onStart?.reject(neverBegan);
    this.#onLoad?.reject(neverBegan);
    for (const channel of this.#channels) channel.failAfterDeath(error);
    for (const ending of this.#endings.values()) ending();
    this.#watch();
  }
}

/** @throws SkillError E_UNAVAILABLE when there is no room for another process, E_UNSUPPORTED as `shutInherited` */
function startGuest(
  { file, args, cwd }: ReturnType<typeof guestProgram>,
  channels: number,
): { child: ChildProcess; pid: number } {
  const noRoom = 'a guest process cannot be started: no descriptors, processes or memory are left';
  try {
    const pipes = Array.from({ length: channels + 3 }, () => 'pipe' as const);
    const child = spawn(file, [...args, String(CONTROL_FD + 1)], {
      env: {},
      cwd,
      stdio: shutInherited(['ignore', ...pipes]),
      serialization: 'json',
    });
    // Also emitted when the process cannot be started; without a listener that would end the runtime.
    child.on('error', () => undefined);
    if (child.pid === undefined) throw new SkillError('E_UNAVAILABLE', noRoom);
    return { child, pid: child.pid };
  } catch (cause) {
    throw cause instanceof SkillError ? cause : new SkillError('E_UNAVAILABLE', noRoom, { cause });
  }
}
