import { malformed } from '../wasm/bytes.ts';
import type { Declaration, Definition, Sort } from './ast.ts';
import type { ComponentFunction, CoreFunction } from './call.ts';
import type { ResourceType } from './resource.ts';
import type { FunctionSignature, TypeLookup, ValueType } from './value-type.ts';

export type TypeEntity =
  | { readonly kind: 'value'; readonly type: ValueType }
  | { readonly kind: 'resource'; readonly resource: ResourceType }
  | { readonly kind: 'function'; readonly signature: FunctionSignature }
  | { readonly kind: 'instance' | 'component'; readonly declarations: readonly Declaration[]; readonly scope: Scope };

export interface FunctionEntity {
  readonly signature: FunctionSignature;
  call: ComponentFunction;
}

export interface InstanceEntity {
  readonly exports: Map<string, Entity>;
}

export interface ComponentEntity {
  readonly definitions: readonly Definition[];
  readonly scope: Scope;
}

/** What each index space holds. Core entities are whatever the backend makes of them. */
interface Spaces {
  readonly function: FunctionEntity;
  readonly type: TypeEntity;
  readonly instance: InstanceEntity;
  readonly component: ComponentEntity;
  readonly value: never;
  readonly 'core-function': CoreFunction;
  readonly 'core-memory': unknown;
  readonly 'core-table': unknown;
  readonly 'core-global': unknown;
  readonly 'core-tag': unknown;
  readonly 'core-type': undefined;
  readonly 'core-module': number;
  readonly 'core-instance': object;
}

export type Entity = { [S in Sort]: { readonly sort: S; readonly value: Spaces[S] } }[Sort];

/** The index spaces of one component (or one type) while it is evaluated. */
export class Scope implements TypeLookup {
  readonly parent: Scope | undefined;
  readonly #spaces = new Map<Sort, unknown[]>();

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  add<S extends Sort>(sort: S, value: Spaces[S]): void {
    const space = this.#spaces.get(sort);
    if (space === undefined) this.#spaces.set(sort, [value]);
    else space.push(value);
  }

  addEntity(entity: Entity): void {
    this.add(entity.sort, entity.value);
  }

  get<S extends Sort>(sort: S, index: number): Spaces[S] {
    const space = this.#spaces.get(sort);
    if (space === undefined || index >= space.length) return malformed(`${sort} ${index} does not exist`, 0);
    return space[index] as Spaces[S];
  }

  entity(sort: Sort, index: number): Entity {
    return { sort, value: this.get(sort, index) } as Entity;
  }

  outer(count: number): Scope {
    let scope: Scope = this;
    for (let left = count; left > 0; left--) scope = scope.parent ?? malformed('an alias outside of the component', 0);
    return scope;
  }

  value(index: number): ValueType {
    const entity = this.get('type', index);
    return entity.kind === 'value' ? entity.type : malformed(`type ${index} is a ${entity.kind}, not a value type`, 0);
  }

  resource(index: number): ResourceType {
    const entity = this.get('type', index);
    return entity.kind === 'resource'
      ? entity.resource
      : malformed(`type ${index} is a ${entity.kind}, not a resource`, 0);
  }

  signature(index: number): FunctionSignature {
    const entity = this.get('type', index);
    return entity.kind === 'function'
      ? entity.signature
      : malformed(`type ${index} is a ${entity.kind}, not a function type`, 0);
  }
}
