import type { Component } from '../component/ast.ts';
import type { FunctionType } from '../wasm/module.ts';

interface Compiled {
  /** Where its modules import their fuel from. */
  readonly fuelNamespace: string;
}

export interface CompiledComponent extends Compiled {
  readonly kind: 'component';
  readonly component: Component;
  readonly modules: readonly WebAssembly.Module[];
}

export interface CompiledCore extends Compiled {
  readonly kind: 'core';
  readonly module: WebAssembly.Module;
  /** The namespaces it imports from. */
  readonly imports: ReadonlySet<string>;
  readonly signatures: ReadonlyMap<string, FunctionType>;
}

/** A module decoded, capped, metered and compiled; made once per guest process and posted to its workers. */
export type CompiledModule = CompiledComponent | CompiledCore;
