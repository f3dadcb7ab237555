import { checkCeiling } from '../wasm/bytes.ts';
import type { Component } from './ast.ts';
import { evaluateComponent } from './link.ts';
import type { Entity } from './scope.ts';
import type { FunctionSignature } from './value-type.ts';

export interface ExportedFunction {
  /** The interface it is exported in, or undefined at the root. */
  readonly interfaceName: string | undefined;
  readonly name: string;
  readonly signature: FunctionSignature;
}

export interface ImportedFunction {
  /** `''` for functions imported at the root. */
  readonly interfaceName: string;
  readonly name: string;
}

export interface ComponentDescription {
  readonly imports: readonly ImportedFunction[];
  readonly exports: readonly ExportedFunction[];
}

/**
 * What a component imports and exports, with types. Evaluates the same definitions as linking does, over core modules
 * that are never compiled.
 */
export function describeComponent(component: Component): ComponentDescription {
  const imports: ImportedFunction[] = [];
  const nothing = (): undefined => undefined;
  const entities = evaluateComponent(
    component,
    { instantiate: () => ({}), exportOf: () => nothing },
    (interfaceName, name) => {
      imports.push({ interfaceName, name });
      return nothing;
    },
  );
  const exports: ExportedFunction[] = [];
  for (const exported of exportedFunctions(entities)) {
    checkCeiling('exports', exports.push(exported));
  }
  return { imports, exports };
}

function* exportedFunctions(entities: ReadonlyMap<string, Entity>): Generator<ExportedFunction> {
  for (const [name, entity] of entities) {
    if (entity.sort === 'function') yield { interfaceName: undefined, name, signature: entity.value.signature };
    if (entity.sort !== 'instance') continue;
    for (const [inner, exported] of entity.value.exports) {
      if (exported.sort === 'function') yield { interfaceName: name, name: inner, signature: exported.value.signature };
    }
  }
}
