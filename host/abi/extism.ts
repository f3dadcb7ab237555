import { keepWithin } from '../limits.ts';
import type { GuestContext } from './context.ts';

// https://extism.org/docs/concepts/memory and the `extism:host/env` imports of the plug-in development kits, version 1.
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

/** The memory an Extism plug-in shares with its host: one growing arena, addresses are plain offsets into it. */
class Arena {
  readonly #max: number;
  // Grows as it is used: to clear a larger one takes longer than most calls.
  #bytes = new Uint8Array(4 * 1024);
  #view = new DataView(this.#bytes.buffer);
  // Address 0 means "nothing" in the ABI.
  #top = 8;
  readonly #lengths = new Map<number, number>();

  constructor(max: number) {
    this.#max = max;
  }

  allocate(length: number): number {
    const at = this.#top;
    const end = at + sizeOf(length);
    if (end > this.#max) return 0;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(this.#max, Math.max(end, this.#bytes.length * 2)));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#top = end;
    this.#lengths.set(at, length);
    return at;
  }

  put(bytes: Uint8Array): number {
    const at = this.allocate(bytes.length);
    if (at !== 0) this.#bytes.set(bytes, at);
    return at;
  }

  free(at: number): void {
    const length = this.#lengths.get(at);
    if (length === undefined) return;
    this.#lengths.delete(at);
    if (at + sizeOf(length) === this.#top) this.#top = at;
  }

  lengthOf(at: number): number {
    return this.#lengths.get(at) ?? 0;
  }

  block(at: number): Uint8Array {
    return this.slice(at, this.lengthOf(at));
  }

  slice(at: number, length: number): Uint8Array {
    if (at < 0 || length < 0 || at + length > this.#bytes.length)
      throw new RangeError('address outside of the shared memory');
    return this.#bytes.slice(at, at + length);
  }

  text(at: number): string {
    return decoder.decode(this.block(at));
  }

  get view(): DataView {
    return this.#view;
  }
}

/** Blocks begin at multiples of 8, each at a place of its own, even an empty one. */
function sizeOf(length: number): number {
  return Math.max(8, Math.ceil(length / 8) * 8);
}

/** What a plug-in is called with. */
export interface PluginCall {
  readonly input: Uint8Array;
  /** What the manifest gives the plug-in. */
  readonly config: Readonly<Record<string, string>>;
  /** The largest the shared memory may become. */
  readonly maxBytes: number;
}

export interface Extism {
  readonly functions: Readonly<Record<string, (...args: never[]) => unknown>>;
  output(): Uint8Array;
  /** What the plug-in said went wrong, if it said so. */
  error(): string | undefined;
}

interface Shared extends PluginCall {
  readonly arena: Arena;
  readonly inputAt: number;
}

/** `extism:host/env` for one call, which `begin` tells when something of it is needed first. */
export function createExtism(context: GuestContext, begin: () => PluginCall): Extism {
  let begun: Shared | undefined;
  const shared = (): Shared => (begun ??= share(begin()));
  const variables = new Map<string, Uint8Array>();
  let variableBytes = 0;
  const setVariable = (name: string, value: Uint8Array | undefined): void => {
    const size = (kept: Uint8Array | undefined): number => (kept === undefined ? 0 : name.length + kept.length);
    variableBytes += size(value) - size(variables.get(name));
    // Copies, outside of every memory that has a limit of its own.
    keepWithin('plugin_variable_bytes', variableBytes);
    if (value === undefined) variables.delete(name);
    else variables.set(name, value);
  };
  let output = new Uint8Array();
  let failure: string | undefined;
  let status = 0;
  let headers: readonly (readonly [string, string])[] = [];
  const address = (at: number): bigint => BigInt(at);
  const big = Number;

  const fetch = (requestAt: bigint, bodyAt: bigint): bigint => {
    const request = JSON.parse(shared().arena.text(big(requestAt))) as {
      url?: unknown;
      method?: unknown;
      headers?: Record<string, unknown>;
    };
    const fields = Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value)]);
    const body = bodyAt === 0n ? new Uint8Array() : shared().arena.block(big(bodyAt));
    const method = typeof request.method === 'string' ? request.method : 'GET';
    const answer = context.hostCall('http.fetch', method, String(request.url), fields, body) as [
      number,
      [string, string][],
      Uint8Array,
    ];
    [status, headers] = answer;
    return address(shared().arena.put(answer[2]));
  };
  const log = (level: string) => (at: bigint) => {
    context.hostCall('log', level, shared().arena.text(big(at)));
    shared().arena.free(big(at));
  };
  const functions = {
    alloc: (length: bigint) =>
      length < 0n || length > BigInt(shared().maxBytes) ? 0n : address(shared().arena.allocate(big(length))),
    free: (at: bigint) => shared().arena.free(big(at)),
    length: (at: bigint) => BigInt(shared().arena.lengthOf(big(at))),
    length_unsafe: (at: bigint) => BigInt(shared().arena.lengthOf(big(at))),
    load_u8: (at: bigint) => shared().arena.view.getUint8(big(at)),
    load_u64: (at: bigint) => shared().arena.view.getBigUint64(big(at), true),
    store_u8: (at: bigint, value: number) => shared().arena.view.setUint8(big(at), value),
    store_u64: (at: bigint, value: bigint) => shared().arena.view.setBigUint64(big(at), value, true),
    input_length: () => BigInt(shared().input.length),
    input_offset: () => address(shared().inputAt),
    input_load_u8: (at: bigint) => shared().arena.view.getUint8(shared().inputAt + big(at)),
    input_load_u64: (at: bigint) => shared().arena.view.getBigUint64(shared().inputAt + big(at), true),
    output_set: (at: bigint, length: bigint) => {
      output = Uint8Array.from(shared().arena.slice(big(at), big(length)));
    },
    error_set: (at: bigint) => {
      failure = at === 0n ? undefined : shared().arena.text(big(at));
    },
    error_get: () => (failure === undefined ? 0n : address(shared().arena.put(encoder.encode(failure)))),
    reset: () => undefined,
    config_get: (at: bigint) => {
      const name = shared().arena.text(big(at));
      const value = Object.hasOwn(shared().config, name) ? shared().config[name] : undefined;
      return value === undefined ? 0n : address(shared().arena.put(encoder.encode(value)));
    },
    var_get: (at: bigint) => {
      const value = variables.get(shared().arena.text(big(at)));
      return value === undefined ? 0n : address(shared().arena.put(value));
    },
    var_set: (at: bigint, valueAt: bigint) => {
      setVariable(shared().arena.text(big(at)), valueAt === 0n ? undefined : shared().arena.block(big(valueAt)));
    },
    // A refusal ends the call, as in Extism's own hosts: the ABI has no error for it.
    http_request: fetch,
    http_status_code: () => status,
    http_headers: () =>
      headers.length === 0
        ? 0n
        : address(shared().arena.put(encoder.encode(JSON.stringify(Object.fromEntries(headers))))),
    get_log_level: () => 2,
    log_trace: log('debug'),
    log_debug: log('debug'),
    log_info: log('info'),
    log_warn: log('warn'),
    log_error: log('error'),
  };
  return { functions, output: () => output, error: () => failure };
}

function share(call: PluginCall): Shared {
  const arena = new Arena(call.maxBytes);
  return { ...call, arena, inputAt: arena.put(call.input) };
}

/** The module namespace plug-ins import from. */
export const EXTISM_MODULE = 'extism:host/env';
