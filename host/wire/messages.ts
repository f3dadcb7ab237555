import type { ErrorCode } from '../errors.ts';
import type { Entry } from '../module/tool.ts';
import type { WireValue } from './codec.ts';

/** What the trusted side sends a guest process over its control channel. */
export type ToGuest =
  | {
      readonly op: 'load';
      readonly bytes: Uint8Array;
      readonly memoryMb: number;
      readonly tableElements: number;
      readonly reuse: boolean;
    }
  /** A worker is to wait at this channel for calls. */
  | { readonly op: 'serve'; readonly channel: number }
  /** The worker of this channel is to end, whatever it does. */
  | { readonly op: 'abort'; readonly channel: number };

/** One call of one tool, as the guest process needs to know it. */
export interface GuestCall {
  readonly entry: Entry;
  /** JSON text for tools with parameters, bytes for the others. */
  readonly input: string | Uint8Array;
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  /** The largest host call, in bytes. */
  readonly messageBytes: number;
  /** Absolute folders that were granted by such a name. */
  readonly roots: readonly string[];
  readonly outputBytes: number;
  readonly logBytes: number;
  /** How many instructions the call may execute. */
  readonly fuel: number;
  /** What random bytes are made of; null for unforeseeable ones. */
  readonly seed: number | null;
  /** Where a clock that is not the real one begins, in milliseconds since 1970. */
  readonly clock: number | null;
  readonly config: Readonly<Record<string, string>>;
}

/** What a guest process sends back. The trusted side believes none of it before `parseFromGuest`. */
export type FromGuest =
  | { readonly op: 'ready' }
  | { readonly op: 'loaded' }
  | {
      readonly op: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | null;
      readonly details: Readonly<Record<string, string | number>>;
    }
  /** The worker of this channel ended; why, unless it was told to. */
  | { readonly op: 'gone'; readonly channel: number; readonly why: string };

/**
 * What a worker sends over its own channel, where it gets a `GuestCall` and later the answer to each host call: a list
 * `[ok, value]`, or `[ok, code, message, errno]`.
 */
export type FromWorker =
  | { readonly op: 'host-call'; readonly operation: string; readonly args: readonly WireValue[] }
  | { readonly op: 'outcome'; readonly outcome: Outcome };

/** How a call ended inside the guest process. */
export interface Outcome {
  readonly kind:
    | 'ok'
    /** The tool's own `err`, or its own words for a failure, in `result`. */
    | 'failed'
    /** A command ended with a status other than 0. */
    | 'exit'
    | 'trap'
    | 'output-limit'
    | 'out-of-fuel'
    /** A fixed limit was reached; its name is the result. */
    | 'limit'
    /** The arguments do not fit the types of the guest. */
    | 'invalid-input'
    /** A host call was refused and the guest could not go on. */
    | 'host-error';
  /** JSON text, or bytes. */
  readonly result: string | Uint8Array;
  readonly status: number;
  readonly message: string;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Linear memory at the end of the call, in bytes; the guest process's own word. */
  readonly memoryBytes: number;
  /** Instructions of the call; the guest process's own word. */
  readonly fuelUsed: number;
}
