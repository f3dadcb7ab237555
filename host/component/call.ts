import type { CoreType } from '../wasm/module.ts';
import { sequenceLayout } from './layout-aggregate.ts';
import { type CoreValue, FlatReader } from './layout-base.ts';
import { layoutOf } from './layout.ts';
import type { GuestMemory } from './memory.ts';
import type { InstanceState } from './resource.ts';
import { ResultError, trap } from './trap.ts';
import type { FunctionSignature } from './value-type.ts';

/** A component-level function: takes and returns values in the JavaScript form of `Layout`. */
export type ComponentFunction = (...args: unknown[]) => unknown;

/** A core function, as WebAssembly gives and takes it. */
export type CoreFunction = (...args: CoreValue[]) => CoreValue | undefined;

/** Binds the memory a canonical definition names; called at the first use, when everything it names exists. */
export type BindMemory = () => GuestMemory;

/** `canon lift`: makes a guest's core function callable with component values. One call at a time; a trap is for good. */
export function liftFunction(
  core: CoreFunction,
  signature: FunctionSignature,
  instance: InstanceState,
  { bind, postReturn }: { readonly bind: BindMemory; readonly postReturn: CoreFunction | undefined },
): ComponentFunction {
  const params = sequenceLayout(signature.params.map(([, type]) => layoutOf(type)));
  const result = signature.result === undefined ? undefined : layoutOf(signature.result);
  const throughPointer = result !== undefined && (result.flat === undefined || result.flat.length > 1);
  const returns: readonly CoreType[] = result === undefined ? [] : throughPointer ? ['i32'] : (result.flat ?? []);
  return (...args) => {
    if (!instance.mayEnter) trap('the instance trapped before, or is being called already');
    instance.mayEnter = false;
    const memory = bind();
    const scope = { open: 0 };
    memory.borrows = scope;
    const flat: CoreValue[] = [];
    if (params.flat === undefined) {
      const at = memory.allocate(params.align, params.size);
      params.store(memory, args, at);
      flat.push(at);
    } else params.lower(memory, args, flat);
    const returned = core(...flat);
    checkTypes([returned], returns);
    let value: unknown;
    if (result !== undefined) {
      value = throughPointer
        ? result.load(memory, memory.check(Number(returned), result.size, result.align))
        : result.lift(memory, new FlatReader([returned ?? 0]));
    }
    if (postReturn !== undefined) {
      instance.mayLeave = false;
      if (returned === undefined) postReturn();
      else postReturn(returned);
      instance.mayLeave = true;
    }
    if (scope.open > 0) trap('a borrowed handle was kept after the call');
    // Reached only without a trap: whatever throws above leaves the instance closed.
    instance.mayEnter = true;
    return value;
  };
}

/** `canon lower`: makes a component function callable from a guest's core code. */
export function lowerFunction(
  call: ComponentFunction,
  signature: FunctionSignature,
  instance: InstanceState,
  bind: BindMemory,
): CoreFunction {
  const params = sequenceLayout(signature.params.map(([, type]) => layoutOf(type)));
  const result = signature.result === undefined ? undefined : layoutOf(signature.result);
  const throughPointer = result !== undefined && (result.flat === undefined || result.flat.length > 1);
  const flatParams = params.flat?.length ?? 1;
  const takes: readonly CoreType[] = [
    ...(params.flat ?? ['i32' as const]),
    ...(throughPointer ? ['i32' as const] : []),
  ];
  return (...flat) => {
    if (!instance.mayLeave) trap('the guest called out while it must not');
    checkTypes(flat, takes);
    const memory = bind();
    const lends: { lent: number }[] = [];
    memory.lends = lends;
    const args =
      params.flat === undefined
        ? params.load(memory, memory.check(Number(flat[0]), params.size, params.align))
        : params.lift(memory, new FlatReader(flat));
    const value = call(...args);
    for (const handle of lends) handle.lent--;
    if (result === undefined) return undefined;
    if (throughPointer) {
      result.store(memory, value, memory.check(Number(flat[flatParams]), result.size, result.align));
      return undefined;
    }
    const out: CoreValue[] = [];
    result.lower(memory, value, out);
    return out[0];
  };
}

/**
 * A component can pair a core function with a signature it does not have: V8 checks core modules against each other, not
 * against what canonical definitions say of them. Only bigint and number differ for what follows.
 */
function checkTypes(values: readonly (CoreValue | undefined)[], types: readonly CoreType[]): void {
  for (let i = 0; i < types.length; i++) {
    if (typeof values[i] !== (types[i] === 'i64' ? 'bigint' : 'number')) trap(WRONG_TYPE);
  }
}

const WRONG_TYPE = 'a core function has another type than the component says';
// V8, converting what it hands to a core function or takes from an import.
const NOT_CONVERTED = /^Cannot convert .* to a (?:BigInt|number)$/;

/** A core function that traps where its own type differs from the one the component gives it. */
export function enterCore(core: CoreFunction): CoreFunction {
  return (...args) => {
    try {
      return core(...args);
    } catch (error) {
      if (error instanceof TypeError && NOT_CONVERTED.test(error.message)) return trap(WRONG_TYPE);
      throw error;
    }
  };
}

/** Gives a host function the shape of a component function: what it returns is `ok`, a `ResultError` is `err`. */
export function wrapHostFunction(host: ComponentFunction, signature: FunctionSignature): ComponentFunction {
  if (signature.result?.kind !== 'result') return host;
  return (...args) => {
    try {
      return { tag: 'ok', val: host(...args) };
    } catch (error) {
      if (error instanceof ResultError) return { tag: 'err', val: error.payload };
      throw error;
    }
  };
}
