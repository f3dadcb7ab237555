import { openClock } from '../abi/clock.ts';
import {
  GuestExit,
  type GuestClock,
  type GuestContext,
  HostCallError,
  OutputLimit,
  OutputSink,
} from '../abi/context.ts';
import { createExtism, EXTISM_MODULE } from '../abi/extism.ts';
import type { GuestFiles } from '../abi/files.ts';
import { componentImports } from '../abi/interfaces.ts';
import { openRandom } from '../abi/random.ts';
import { createWasi1, WASI1_MODULES } from '../abi/wasi1.ts';
import { IncomingRequest, readResponse, ResponseOutparam } from '../abi/wasi2/http.ts';
import type { Component } from '../component/ast.ts';
import { type ComponentInstance, instantiateComponent, type LinkedFunction } from '../component/instantiate.ts';
import { argumentsFromJson, toJson } from '../component/json-value.ts';
import { expected, ValueError } from '../component/layout-base.ts';
import { SkillError } from '../errors.ts';
import { type FixedName, LimitReached } from '../limits.ts';
import { malformed } from '../wasm/bytes.ts';
import type { CoreType, FunctionType } from '../wasm/module.ts';
import type { GuestCall, Outcome } from '../wire/messages.ts';
import { FuelTank } from './fuel-tank.ts';

/** A module decoded, capped, metered and compiled; made once per guest process and posted to its workers. */
export type CompiledModule = {
  /** Where its modules import their fuel from. */
  readonly fuelNamespace: string;
} & (
  | { readonly kind: 'component'; readonly component: Component; readonly modules: readonly WebAssembly.Module[] }
  | {
      readonly kind: 'core';
      readonly module: WebAssembly.Module;
      readonly signatures: ReadonlyMap<string, FunctionType>;
    }
);

type HostCall = GuestContext['hostCall'];
type Finish = Pick<Outcome, 'kind' | 'result'> & Partial<Outcome>;

/** What a guest uses up. */
interface Meters {
  readonly memory: MemoryMeter;
  readonly fuel: FuelTank;
}

/** A component instance with what it was linked to. */
interface Live extends Meters {
  readonly instance: ComponentInstance;
  readonly context: CurrentContext;
  readonly files: GuestFiles;
}

/** What a run leaves behind for the next one, when its skill asked to keep one instance. */
export interface Kept {
  live: Live | undefined;
}

/** Stands for the call that is on: an instance that is kept outlives the call it was made for. */
class CurrentContext implements GuestContext {
  of: GuestContext;

  constructor(of: GuestContext) {
    this.of = of;
  }

  readonly hostCall: HostCall = (operation, ...args) => this.of.hostCall(operation, ...args);
  readonly random: GuestContext['random'] = (bytes) => this.of.random(bytes);

  get roots(): readonly string[] {
    return this.of.roots;
  }

  get messageBytes(): number {
    return this.of.messageBytes;
  }

  get args(): readonly string[] {
    return this.of.args;
  }

  get stdin(): Uint8Array {
    return this.of.stdin;
  }

  get stdout(): OutputSink {
    return this.of.stdout;
  }

  get stderr(): OutputSink {
    return this.of.stderr;
  }

  get clock(): GuestClock {
    return this.of.clock;
  }
}

/** Runs one call in this thread, to its end. Never throws: whatever happens becomes an outcome. */
export function runCall(module: CompiledModule, call: GuestCall, hostCall: HostCall, kept: Kept | undefined): Outcome {
  const context: GuestContext = {
    hostCall,
    args: call.args,
    roots: call.roots,
    messageBytes: call.messageBytes,
    stdin: call.stdin,
    stdout: new OutputSink(call.outputBytes, 'output_kb'),
    stderr: new OutputSink(call.logBytes, 'log_kb'),
    clock: openClock(call.clock),
    random: openRandom(call.seed),
  };
  let finish: Finish;
  const meters: Meters = kept?.live ?? { memory: new MemoryMeter(), fuel: new FuelTank() };
  meters.fuel.fill(call.fuel);
  try {
    finish =
      module.kind === 'component'
        ? runComponent(enterInstance(module, context, { meters, kept }), call)
        : runCore(module, call, context, meters);
  } catch (error) {
    if (kept !== undefined) kept.live = undefined;
    finish = explain(error);
  }
  // Far more than is allowed would count as an attack on the other side.
  if (finish.result.length > call.outputBytes) finish = { kind: 'output-limit', result: 'output_kb' };
  if (meters.fuel.isEmpty) finish = { kind: 'out-of-fuel', result: '' };
  return {
    status: 0,
    message: '',
    ...finish,
    stdout: context.stdout.bytes(),
    stderr: context.stderr.bytes(),
    memoryBytes: meters.memory.bytes(),
    fuelUsed: meters.fuel.used,
  };
}

/** Remembers the memories of a guest, to say how large they became. */
class MemoryMeter {
  readonly #memories = new Set<WebAssembly.Memory>();

  see(exports: object): void {
    for (const value of Object.values(exports)) if (value instanceof WebAssembly.Memory) this.#memories.add(value);
  }

  bytes(): number {
    return [...this.#memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  }
}

/** The instance that was kept, working for this call from now on, or a fresh one. */
function enterInstance(
  { component, modules, fuelNamespace }: CompiledModule & { kind: 'component' },
  of: GuestContext,
  { meters, kept }: { readonly meters: Meters; readonly kept: Kept | undefined },
): Live {
  if (kept?.live !== undefined) {
    kept.live.context.of = of;
    return kept.live;
  }
  const context = new CurrentContext(of);
  const { resolve, files } = componentImports(context);
  const instance = instantiateComponent(component, modules, {
    resolve,
    added: { [fuelNamespace]: meters.fuel.imports },
    onInstance: (exports) => meters.memory.see(exports),
  });
  const live = { instance, context, files, ...meters };
  if (kept !== undefined) kept.live = live;
  return live;
}

function runComponent({ instance, files }: Live, call: GuestCall): Finish {
  const { abi, interfaceName, name } = call.entry;
  const target = instance.get(interfaceName)?.get(name) ?? malformed(`no export ${name}`, 0);
  const finish =
    abi === 'component-command'
      ? runCommand(target)
      : abi === 'http-handler'
        ? handleRequest(target, call)
        : callFunction(target, call);
  files.flush();
  return finish;
}

function callFunction({ signature, call: fn }: LinkedFunction, { input }: GuestCall): Finish {
  const value = fn(...argumentsFromJson(signature, JSON.parse(String(input))));
  const { result } = signature;
  if (result === undefined) return { kind: 'ok', result: 'null' };
  if (result.kind !== 'result') return { kind: 'ok', result: JSON.stringify(toJson(result, value)) };
  const { tag, val } = value as { tag: 'ok' | 'err'; val: unknown };
  const side = result[tag];
  return {
    kind: tag === 'ok' ? 'ok' : 'failed',
    result: side === undefined ? 'null' : JSON.stringify(toJson(side, val)),
  };
}

function runCommand({ call: fn }: LinkedFunction): Finish {
  try {
    const { tag } = fn() as { tag: string };
    return tag === 'ok' ? { kind: 'ok', result: '' } : { kind: 'exit', result: '', status: 1 };
  } catch (error) {
    return exited(error);
  }
}

function handleRequest({ call: fn }: LinkedFunction, { input }: GuestCall): Finish {
  const given = JSON.parse(String(input)) as {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
  };
  const request = new IncomingRequest({
    method: given.method ?? 'GET',
    path: given.path ?? '/',
    authority: given.headers?.['host'] ?? 'localhost',
    headers: Object.entries(given.headers ?? {}),
    body: Buffer.from(given.body ?? ''),
  });
  const outparam = new ResponseOutparam();
  fn(request, outparam);
  const response = readResponse(outparam);
  if ('error' in response) return { kind: 'failed', result: JSON.stringify(response.error) };
  const { status, headers, body } = response;
  return {
    kind: 'ok',
    result: JSON.stringify({ status, headers: Object.fromEntries(headers), body: Buffer.from(body).toString() }),
  };
}

function runCore(
  { module, signatures, fuelNamespace }: CompiledModule & { kind: 'core' },
  call: GuestCall,
  context: GuestContext,
  { memory, fuel }: Meters,
): Finish {
  const wasi = createWasi1(context);
  const { abi, name } = call.entry;
  const input = typeof call.input === 'string' ? Buffer.from(call.input) : call.input;
  const extism = createExtism(context, input, {
    config: call.config,
    maxBytes: Math.max(call.outputBytes, input.length) + EXTISM_ROOM,
  });
  const imports = Object.fromEntries(WASI1_MODULES.map((namespace) => [namespace, wasi.functions]));
  const { exports } = new WebAssembly.Instance(module, {
    ...imports,
    [EXTISM_MODULE]: extism.functions,
    [fuelNamespace]: fuel.imports,
  });
  memory.see(exports);
  if (exports['memory'] instanceof WebAssembly.Memory) wasi.bind(exports['memory']);
  const target = exports[name];
  if (typeof target !== 'function') return malformed(`no export ${name}`, 0);
  const enter = target as (...args: unknown[]) => unknown;
  const finish =
    abi === 'wasi-command'
      ? startCommand(enter)
      : enterReactor(exports, () =>
          abi === 'extism' ? callExtism(enter, extism) : callNumbers(enter, signatures.get(name), call),
        );
  wasi.flush();
  return finish;
}

// Plug-ins keep what they load and build in the shared memory, beside input and output.
const EXTISM_ROOM = 16 * 1024 * 1024;

function startCommand(start: () => unknown): Finish {
  try {
    start();
    return { kind: 'ok', result: '' };
  } catch (error) {
    return exited(error);
  }
}

function exited(error: unknown): Finish {
  if (!(error instanceof GuestExit)) throw error;
  return error.status === 0 ? { kind: 'ok', result: '' } : { kind: 'exit', result: '', status: error.status };
}

function enterReactor(exports: Readonly<Record<string, unknown>>, call: () => Finish): Finish {
  const initialize = exports['hs_init'] ?? exports['_initialize'];
  if (typeof initialize === 'function') (initialize as () => void)();
  return call();
}

function callExtism(enter: () => unknown, extism: ReturnType<typeof createExtism>): Finish {
  const status = enter();
  const error = extism.error();
  if (error !== undefined || (status !== undefined && status !== 0)) {
    return { kind: 'failed', result: JSON.stringify(error ?? `the plug-in returned ${String(status)}`) };
  }
  return { kind: 'ok', result: extism.output() };
}

function callNumbers(
  enter: (...args: unknown[]) => unknown,
  signature: FunctionType | undefined,
  { input }: GuestCall,
): Finish {
  const given = JSON.parse(String(input)) as Readonly<Record<string, unknown>>;
  const result = enter(...(signature?.params ?? []).map((type, i) => toCore(type, given[`p${i}`])));
  if (typeof result === 'bigint')
    return {
      kind: 'ok',
      result: JSON.stringify(Number.isSafeInteger(Number(result)) ? Number(result) : String(result)),
    };
  return {
    kind: 'ok',
    result: JSON.stringify(typeof result === 'number' && !Number.isFinite(result) ? String(result) : (result ?? null)),
  };
}

function toCore(type: CoreType, value: unknown): number | bigint {
  if (type !== 'i64') return Number(value);
  const isWhole = (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) || Number.isSafeInteger(value);
  const whole = isWhole ? BigInt(value as string | number) : expected('a whole number', value);
  return BigInt.asIntN(64, whole) === whole ? whole : expected('a whole number of 64 bits', value);
}

function explain(error: unknown): Finish {
  const limit = limitOf(error);
  if (limit !== undefined) return { kind: 'limit', result: limit };
  if (error instanceof OutputLimit) return { kind: 'output-limit', result: error.limitName, message: error.message };
  if (error instanceof ValueError) return { kind: 'invalid-input', result: '', message: error.message };
  if (error instanceof HostCallError)
    return {
      kind: 'host-error',
      result: error.errno === 'EMSGSIZE' ? 'message_kb' : error.code,
      message: error.message,
    };
  if (error instanceof GuestExit) return exited(error);
  if (error instanceof SkillError) return { kind: 'trap', result: error.code, message: error.message };
  return {
    kind: 'trap',
    result: '',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  };
}

/** The fixed limit that an error comes from. The engine answers calls that nest too deeply with an error of its own. */
function limitOf(error: unknown): FixedName | undefined {
  if (error instanceof LimitReached) return error.limit;
  return error instanceof RangeError && error.message.startsWith('Maximum call stack') ? 'stack_kb' : undefined;
}
