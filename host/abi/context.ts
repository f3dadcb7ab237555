import type { WireValue } from '../wire/codec.ts';
import { ByteGatherer } from './gather.ts';

/** Every operation a guest can ask the trusted side for. */
export const HOST_OPERATIONS = [
  'cache.get',
  'cache.set',
  'command.execute',
  'env.get',
  'env.list',
  'file.close',
  'file.open',
  'file.read',
  'file.resize',
  'file.stat',
  'file.write',
  'fs.list',
  'fs.make-directory',
  'fs.read-file',
  'fs.remove-directory',
  'fs.remove-file',
  'fs.rename',
  'fs.stat',
  'fs.write-file',
  'http.fetch',
  'log',
  'secrets.get',
  'state.delete',
  'state.get',
  'state.keys',
  'state.set',
] as const;

export type HostOperation = (typeof HOST_OPERATIONS)[number];

/** Why the trusted side refused or failed a host call; the cases of `error-code` in wit/skillhost.wit. */
export const HOST_ERROR_CODES = [
  'denied',
  'not-found',
  'invalid',
  'rate-limited',
  'too-large',
  'timeout',
  'failed',
] as const;
export type HostErrorCode = (typeof HOST_ERROR_CODES)[number];

/** What a host call throws inside the guest process. */
export class HostCallError extends Error {
  override readonly name = 'HostCallError';
  readonly code: HostErrorCode;
  /** The operating system's word, such as `ENOENT`, where there is one. */
  readonly errno: string | undefined;

  constructor(code: HostErrorCode, message: string, errno?: string) {
    super(message);
    this.code = code;
    this.errno = errno;
  }
}

/** The guest asked to end, as `exit` does. */
export class GuestExit extends Error {
  override readonly name = 'GuestExit';
  readonly status: number;

  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** What standard output and standard error of one call are collected in, up to a limit. */
export class OutputSink {
  readonly #limit: number;
  readonly #limitName: string;
  readonly #written = new ByteGatherer();

  constructor(limit: number, limitName: string) {
    this.#limit = limit;
    this.#limitName = limitName;
  }

  /** Takes a copy. @throws OutputLimit once more than the limit was written. */
  write(bytes: Uint8Array): void {
    if (this.#written.size + bytes.length > this.#limit) throw new OutputLimit(this.#limitName, this.#limit);
    this.#written.push(bytes);
  }

  bytes(): Uint8Array {
    return this.#written.bytes().slice();
  }
}

/** The guest wrote more than its limit; ends the call. */
export class OutputLimit extends Error {
  override readonly name = 'OutputLimit';
  readonly limitName: string;
  readonly limit: number;

  constructor(limitName: string, limit: number) {
    super(`${limitName} is ${limit}`);
    this.limitName = limitName;
    this.limit = limit;
  }
}

/** Time as one call sees it. Coarse on purpose: a fine clock is a side channel. */
export interface GuestClock {
  /** Milliseconds since 1970, whole. */
  wall(): number;
  /** Nanoseconds since an arbitrary start, in whole milliseconds. */
  monotonic(): bigint;
  /** Sleeps until the monotonic clock reaches `until`. */
  sleepUntil(until: bigint): void;
}

/** Everything a guest can reach during one call. The ABIs are different clothes for this. */
export interface GuestContext {
  /** Asks the trusted side and waits. @throws HostCallError */
  readonly hostCall: (operation: HostOperation, ...args: readonly WireValue[]) => WireValue;
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  readonly stdout: OutputSink;
  readonly stderr: OutputSink;
  readonly clock: GuestClock;
  /** Fills with random bytes, at most 65,536 of them. */
  readonly random: (bytes: Uint8Array) => void;
  /** Absolute folders a WASI guest finds beside `/` and `.`. They only name places: every path is decided by the gate. */
  readonly roots: readonly string[];
  /** What one message to the trusted side may carry. */
  readonly messageBytes: number;
}

// What the web's own random source gives at once.
const RANDOM_AT_ONCE = 65_536;

/** Fills any number of bytes. */
export function fillRandom({ random }: Pick<GuestContext, 'random'>, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += RANDOM_AT_ONCE) random(bytes.subarray(at, at + RANDOM_AT_ONCE));
}

/** The folders WASI guests begin with. Where two fit a path, their C library takes the longer name, then the later one. */
export function preopens({ roots }: Pick<GuestContext, 'roots'>): string[] {
  return ['/', ...roots.filter((root) => root.startsWith('/') && root !== '/'), '.'];
}
