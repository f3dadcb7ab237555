import { createExtism, type Extism, EXTISM_MODULE, type PluginCall } from '../abi/extism.ts';
import { createWasi1, WASI1_MODULES } from '../abi/wasi1.ts';
import { expected } from '../component/layout-base.ts';
import { malformed } from '../wasm/bytes.ts';
import type { CoreType, FunctionType } from '../wasm/module.ts';
import type { GuestCall } from '../wire/messages.ts';
import type { CompiledCore } from './compiled-module.ts';
import { exited, type Finish } from './finish.ts';
import type { Surroundings } from './surroundings.ts';

/** Instantiates a core module: a WASI command or reactor, or an Extism plug-in. @param first the call that it is made in, if it is not made ahead */
export function startCore(
  { module, imports, signatures, fuelNamespace }: CompiledCore,
  { context, memory, fuel }: Surroundings,
  first: GuestCall | undefined,
): (call: GuestCall) => Finish {
  let current = first;
  const wasi = WASI1_MODULES.some((namespace) => imports.has(namespace)) ? createWasi1(context) : undefined;
  const extism = imports.has(EXTISM_MODULE)
    ? createExtism(context, () => pluginCall(current ?? context.missing()))
    : undefined;
  const { exports } = new WebAssembly.Instance(module, {
    ...(wasi !== undefined && Object.fromEntries(WASI1_MODULES.map((namespace) => [namespace, wasi.functions]))),
    ...(extism !== undefined && { [EXTISM_MODULE]: extism.functions }),
    [fuelNamespace]: fuel.imports,
  });
  memory.see(exports);
  if (exports['memory'] instanceof WebAssembly.Memory) wasi?.bind(exports['memory']);
  return (call) => {
    current = call;
    const { abi, name } = call.entry;
    const target = exports[name];
    if (typeof target !== 'function') return malformed(`no export ${name}`, 0);
    const enter = target as (...args: unknown[]) => unknown;
    const finish =
      abi === 'wasi-command'
        ? startCommand(enter)
        : enterReactor(exports, () =>
            abi === 'extism' ? callExtism(enter, extism) : callNumbers(enter, signatures.get(name), call),
          );
    wasi?.flush();
    return finish;
  };
}

// Plug-ins keep what they load and build in the shared memory, beside input and output.
const EXTISM_ROOM = 16 * 1024 * 1024;

function pluginCall({ input: given, config, outputBytes }: GuestCall): PluginCall {
  const input = typeof given === 'string' ? Buffer.from(given) : given;
  return { input, config, maxBytes: Math.max(outputBytes, input.length) + EXTISM_ROOM };
}

function startCommand(start: () => unknown): Finish {
  try {
    start();
    return { kind: 'ok', result: '' };
  } catch (error) {
    return exited(error);
  }
}

function enterReactor(exports: Readonly<Record<string, unknown>>, call: () => Finish): Finish {
  const initialize = exports['hs_init'] ?? exports['_initialize'];
  if (typeof initialize === 'function') (initialize as () => void)();
  return call();
}

function callExtism(enter: () => unknown, extism: Extism | undefined): Finish {
  const status = enter();
  const error = extism?.error();
  if (error !== undefined || (status !== undefined && status !== 0)) {
    return { kind: 'failed', result: JSON.stringify(error ?? `the plug-in returned ${String(status)}`) };
  }
  return { kind: 'ok', result: extism?.output() ?? new Uint8Array() };
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
