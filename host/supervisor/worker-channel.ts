import type { Socket } from 'node:net';
import { decode, WireError, type WireValue } from '../wire/codec.ts';
import { frame, FrameSplitter } from '../wire/frame.ts';
import type { GuestCall, Outcome } from '../wire/messages.ts';
import { parseFromWorker } from '../wire/parse-message.ts';
import { HostCallRefusal } from '../wire/refusal.ts';

/** Answers the host calls of one run. */
export interface HostCallHandler {
  /** Resolves to what the guest gets, or rejects with a `HostCallRefusal`; anything else ends the run. */
  call(operation: string, args: readonly WireValue[]): Promise<WireValue>;
}

export interface RunOptions {
  readonly call: GuestCall;
  readonly handler: HostCallHandler;
  /** The largest outcome, in bytes. */
  readonly outcomeBytes: number;
}

interface OpenRun extends RunOptions {
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: Error) => void;
  /** Something came back from it. */
  hasBegun: boolean;
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

/** What the process of a channel is told. */
export interface ChannelOwner {
  /** What came over it breaks the protocol. */
  onBreach(error: unknown): void;
  /** The run that is open cannot go on. */
  onFailure(error: Error): void;
  /** The other end closed it while a call was on. */
  onClose(): void;
}

const MESSAGE_ROOM = 4_096;

/**
 * A worker, from outside: the pipe that its calls go through, one at a time. It asks, gets its answers, and says how the
 * call ended; whatever else comes is a breach.
 */
export class WorkerChannel {
  readonly #socket: Socket;
  readonly #owner: ChannelOwner;
  #run: OpenRun | undefined;
  #splitter: FrameSplitter | undefined;
  #isAnswering = false;
  #written: Promise<void> = Promise.resolve();
  /** The other end was closed with bytes in it that nobody had read. */
  #isUnread = false;

  constructor(socket: Socket, owner: ChannelOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on('error', () => (this.#isUnread = true));
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('close', () => this.isBusy && owner.onClose());
  }

  get isBusy(): boolean {
    return this.#run !== undefined;
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** Sends a call, and answers what it asks until it has ended. */
  run(options: RunOptions): Promise<Outcome> {
    return new Promise((settle, fail) => {
      this.#run = { ...options, settle, fail, hasBegun: false };
      this.#splitter = new FrameSplitter(Math.max(options.call.messageBytes, options.outcomeBytes) + MESSAGE_ROOM);
      this.#socket.write(frame({ ...options.call } as unknown as WireValue));
    });
  }

  /** Ends the run that is open, for its caller. */
  fail(error: Error): void {
    this.#run?.fail(error);
    this.#run = undefined;
  }

  /** The process is gone; the caller of the run that is open hears why. */
  failAfterDeath(death: Error): void {
    this.fail(this.#isUnread && this.#run?.hasBegun === false ? new NeverBegan(death) : death);
  }

  /** Frees the worker that waits for a call or an answer here: its thread ends. */
  close(): void {
    this.#socket.destroy();
  }

  /** Resolves when nothing more can come. */
  async drained(): Promise<void> {
    if (!this.#socket.closed) await new Promise((resolve) => this.#socket.once('close', resolve));
  }

  #take(chunk: Buffer): void {
    try {
      if (this.#run === undefined) throw new WireError('a message without a call');
      if (this.#isAnswering) throw new WireError('a message while it waits for an answer');
      this.#run.hasBegun = true;
      const [payload, second] = this.#splitter?.push(chunk) ?? [];
      if (payload === undefined) return;
      if (second !== undefined || this.#splitter?.empty === false) throw new WireError('two messages at once');
      this.#receive(this.#run, payload);
    } catch (error) {
      this.#owner.onBreach(error);
    }
  }

  #receive(run: OpenRun, payload: Uint8Array): void {
    const message = parseFromWorker(decode(payload));
    if (message.op === 'outcome') {
      this.#run = undefined;
      run.settle(message.outcome);
      return;
    }
    const limit = run.call.messageBytes + MESSAGE_ROOM;
    if (payload.length > limit)
      throw new WireError(`a message of ${payload.length} bytes is over the limit of ${limit}`);
    this.#isAnswering = true;
    // One that does not read its answers gets no further one: they would pile up on this side.
    void this.#written.then(async () => {
      const reply = await this.#answer(run, message);
      if (reply === undefined || this.#run !== run || this.#socket.destroyed) return;
      this.#isAnswering = false;
      this.#written = new Promise((resolve) => void this.#socket.write(reply, () => resolve()));
    });
  }

  async #answer(
    { handler }: OpenRun,
    { operation, args }: { readonly operation: string; readonly args: readonly WireValue[] },
  ): Promise<Uint8Array | undefined> {
    try {
      return frame([true, await handler.call(operation, args)]);
    } catch (error) {
      if (error instanceof HostCallRefusal) return frame([false, error.code, error.message, error.errno ?? null]);
      if (error instanceof WireError) this.#owner.onBreach(error);
      else this.#owner.onFailure(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }
}
