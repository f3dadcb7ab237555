import { malformed, unsupported } from '../wasm/bytes.ts';
import { quote } from '../quote.ts';
import type { Component } from './ast.ts';
import type { ComponentFunction } from './call.ts';
import { evaluateComponent, type ResolveImport } from './link.ts';
import type { FunctionSignature } from './value-type.ts';

export interface LinkedFunction {
  readonly signature: FunctionSignature;
  readonly call: ComponentFunction;
}

/** A live component: its exported functions, by interface (`''` at the root) and name. */
export type ComponentInstance = ReadonlyMap<string, ReadonlyMap<string, LinkedFunction>>;

export interface InstantiateOptions {
  readonly resolve: ResolveImport;
  /** Imports that every core module gets beside those that the component gives it. */
  readonly added?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Told the exports of each core instance. */
  readonly onInstance?: (exports: object) => void;
}

/** Instantiates a parsed component over its compiled core modules. Runs guest code (start functions). */
export function instantiateComponent(
  component: Component,
  modules: readonly WebAssembly.Module[],
  { resolve, added, onInstance }: InstantiateOptions,
): ComponentInstance {
  const used = new Set<number>();
  const entities = evaluateComponent(
    component,
    {
      instantiate(index, imports) {
        // One budget covers the memories of all modules, which holds only while each exists once.
        if (used.has(index)) unsupported('one core module instantiated twice');
        used.add(index);
        const module = modules[index] ?? malformed(`core module ${index} does not exist`, 0);
        const { exports } = instantiateCore(module, { ...(imports as WebAssembly.Imports), ...added });
        onInstance?.(exports);
        return exports;
      },
      exportOf(instance, name) {
        if (!Object.hasOwn(instance, name)) malformed(`no core export ${quote(name)}`, 0);
        return (instance as Record<string, unknown>)[name];
      },
    },
    resolve,
  );
  const instance = new Map<string, Map<string, LinkedFunction>>([['', new Map()]]);
  for (const [name, entity] of entities) {
    if (entity.sort === 'function') instance.get('')?.set(name, entity.value);
    if (entity.sort !== 'instance') continue;
    const functions = new Map<string, LinkedFunction>();
    for (const [inner, exported] of entity.value.exports)
      if (exported.sort === 'function') functions.set(inner, exported.value);
    instance.set(name, functions);
  }
  return instance;
}

function instantiateCore(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (error) {
    // What is thrown by a start function passes; this is V8 finding no such import.
    const isMissing = error instanceof TypeError && error.message.startsWith('WebAssembly.Instance()');
    if (error instanceof WebAssembly.LinkError || isMissing) return malformed(error.message, 0);
    throw error;
  }
}
