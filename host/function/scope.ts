import type { Gate } from '../capability/gate.ts';
import type { Limits } from '../limits.ts';
import { HostCallRefusal } from '../wire/refusal.ts';
import type { WireValue } from '../wire/codec.ts';

/** Where secrets come from. Undefined for a secret that does not exist. */
export interface SecretSource {
  get(name: string): Promise<string | undefined>;
}

/** One skill's key-value store. */
export interface StateStore {
  get(key: string): Uint8Array | undefined;
  set(key: string, value: Uint8Array): void;
  delete(key: string): void;
  keys(): readonly string[];
}

/** What one skill can make again: any of it may be gone at any time. */
export interface ValueCache {
  get(key: string): Uint8Array | undefined;
  /** @param ttlMs milliseconds that it is good for, at the most */
  set(key: string, value: Uint8Array, ttlMs: number): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What the host functions of one run act with. */
export interface RunScope {
  readonly gate: Gate;
  readonly limits: Limits;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: SecretSource;
  readonly state: StateStore;
  readonly cache: ValueCache;
  readonly cwd: string;
  /** Aborted when the run ends, however it ends. */
  readonly signal: AbortSignal;
  readonly log: (level: LogLevel, message: string) => void;
  /** Told every secret value that was handed out, so that it can be kept out of everything shown. */
  readonly onSecret: (value: string) => void;
}

/** Parses its arguments, asks the gate, acts with what the gate gave back. */
export type HostFunction = (args: readonly WireValue[], scope: RunScope) => WireValue | Promise<WireValue>;

export function invalid(message: string): never {
  throw new HostCallRefusal('invalid', message);
}

export function tooLarge(message: string): never {
  throw new HostCallRefusal('too-large', message, 'EFBIG');
}
