import { DISPOSE } from '../../component/resource.ts';
import { ResultError, trap } from '../../component/trap.ts';
import type { GuestClock, GuestContext } from '../context.ts';
import { defineInterface, type HostInterface } from '../functions.ts';

/** `wasi:io/error#error`. */
export class IoError {
  readonly message: string;
  /** What `filesystem-error-code` or `http-error-code` make of it. */
  readonly code: unknown;

  constructor(message: string, code: unknown) {
    this.message = message;
    this.code = code;
  }
}

/** Something that happens when a guest waits for it. */
export interface Awaited {
  /** False while the guest has a part of its own to do first. */
  isDue(): boolean;
  /** Makes it happen; blocks. */
  settle(): void;
}

/** `wasi:io/poll#pollable`: ready at once, at a time, or after something that is done when it is waited for. */
export class Pollable {
  readonly at: bigint | undefined;
  readonly awaited: Awaited | undefined;

  constructor(at?: bigint, awaited?: Awaited) {
    this.at = at;
    this.awaited = awaited;
  }

  ready(clock: GuestClock): boolean {
    if (this.awaited !== undefined) {
      if (!this.awaited.isDue()) return false;
      this.awaited.settle();
    }
    return this.at === undefined || clock.monotonic() >= this.at;
  }
}

/** Where an input stream gets its bytes: at most `length`, or undefined at the end. */
export type ByteSource = (length: number) => Uint8Array | undefined;

/** After its end or a failure a stream is closed for good. */
export class InputStream {
  readonly #source: ByteSource;
  readonly #onDrop: () => void;
  #closed = false;

  constructor(source: ByteSource, onDrop: () => void = () => undefined) {
    this.#source = source;
    this.#onDrop = onDrop;
  }

  read(length: bigint): Uint8Array {
    if (this.#closed) return closed();
    const bytes = this.#try(() => this.#source(Number(length < MAX_CHUNK ? length : MAX_CHUNK)));
    if (bytes !== undefined) return bytes;
    this.#closed = true;
    return closed();
  }

  #try<T>(act: () => T): T {
    return streaming(act, () => {
      this.#closed = true;
    });
  }

  [DISPOSE](): void {
    this.#onDrop();
  }
}

export class OutputStream {
  readonly #sink: (bytes: Uint8Array) => void;
  readonly #flush: () => void;
  readonly #onDrop: () => void;
  #closed = false;

  constructor(
    sink: (bytes: Uint8Array) => void,
    flush: () => void = () => undefined,
    onDrop: () => void = () => undefined,
  ) {
    this.#sink = sink;
    this.#flush = flush;
    this.#onDrop = onDrop;
  }

  /** How much may be written next. */
  permit(): bigint {
    return this.#closed ? closed() : WRITE_PERMIT;
  }

  write(bytes: Uint8Array): void {
    this.#try(() => this.#sink(bytes));
  }

  flush(): void {
    this.#try(() => this.#flush());
  }

  #try(act: () => void): void {
    if (this.#closed) closed();
    streaming(act, () => {
      this.#closed = true;
    });
  }

  [DISPOSE](): void {
    this.#onDrop();
  }
}

function closed(): never {
  throw new ResultError({ tag: 'closed' });
}

/** Thrown by sources and sinks; becomes `last-operation-failed`. */
export class StreamFailure extends Error {
  override readonly name = 'StreamFailure';
  readonly code: unknown;

  constructor(message: string, code: unknown) {
    super(message);
    this.code = code;
  }
}

function streaming<T>(act: () => T, onFailure: () => void): T {
  try {
    return act();
  } catch (error) {
    onFailure();
    if (error instanceof StreamFailure)
      throw new ResultError({ tag: 'last-operation-failed', val: new IoError(error.message, error.code) });
    throw error;
  }
}

const MAX_CHUNK = 1n << 20n;
const WRITE_PERMIT = 65_536n;

/** A source over bytes at hand. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  let at = 0;
  return (length) => {
    if (at >= bytes.length) return undefined;
    const chunk = bytes.subarray(at, at + length);
    at += chunk.length;
    return chunk;
  };
}

export function streamsInterface(): HostInterface {
  const splice = (to: OutputStream, from: InputStream, length: bigint): bigint => {
    const bytes = from.read(length < WRITE_PERMIT ? length : WRITE_PERMIT);
    to.write(bytes);
    return BigInt(bytes.length);
  };
  const zeroes = (to: OutputStream, length: bigint): void => {
    if (length > WRITE_PERMIT) trap('write-zeroes beyond what check-write permitted');
    to.write(new Uint8Array(Number(length)));
  };
  return defineInterface({
    '[method]input-stream.read': (self: InputStream, length: bigint) => self.read(length),
    '[method]input-stream.blocking-read': (self: InputStream, length: bigint) => self.read(length),
    '[method]input-stream.skip': (self: InputStream, length: bigint) => BigInt(self.read(length).length),
    '[method]input-stream.blocking-skip': (self: InputStream, length: bigint) => BigInt(self.read(length).length),
    '[method]input-stream.subscribe': () => new Pollable(),
    '[method]output-stream.check-write': (self: OutputStream) => self.permit(),
    '[method]output-stream.write': (self: OutputStream, bytes: Uint8Array) => self.write(bytes),
    '[method]output-stream.blocking-write-and-flush': (self: OutputStream, bytes: Uint8Array) => {
      self.write(bytes);
      self.flush();
    },
    '[method]output-stream.flush': (self: OutputStream) => self.flush(),
    '[method]output-stream.blocking-flush': (self: OutputStream) => self.flush(),
    '[method]output-stream.subscribe': () => new Pollable(),
    '[method]output-stream.write-zeroes': zeroes,
    '[method]output-stream.blocking-write-zeroes-and-flush': (self: OutputStream, length: bigint) => {
      zeroes(self, length);
      self.flush();
    },
    '[method]output-stream.splice': splice,
    '[method]output-stream.blocking-splice': splice,
  });
}

export function errorInterface(): HostInterface {
  return defineInterface({ '[method]error.to-debug-string': (self: IoError) => self.message });
}

export function pollInterface(context: Pick<GuestContext, 'clock'>): HostInterface {
  const block = ({ at, awaited }: Pollable): void => {
    awaited?.settle();
    if (at !== undefined && context.clock.monotonic() < at) context.clock.sleepUntil(at);
  };
  return defineInterface({
    '[method]pollable.ready': (self: Pollable) => self.ready(context.clock),
    '[method]pollable.block': block,
    poll: (pollables: Pollable[]) => {
      if (pollables.length === 0) trap('poll of an empty list');
      for (;;) {
        const ready = pollables.flatMap((pollable, i) => (pollable.ready(context.clock) ? [i] : []));
        if (ready.length > 0) return ready;
        // Nothing else can go on: what waits for the guest has to do with what it got.
        const undue = pollables.flatMap(({ awaited }, i) => (awaited === undefined ? [] : [{ awaited, i }]));
        if (undue.length > 0) return undue.map(({ awaited, i }) => (awaited.settle(), i));
        const times = pollables.flatMap(({ at }) => (at === undefined ? [] : [at]));
        context.clock.sleepUntil(times.reduce((first, at) => (at < first ? at : first)));
      }
    },
  });
}
