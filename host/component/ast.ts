/** A component as plain data: what its binary says, with indices unresolved. */

export type Primitive =
  | 'bool'
  | 's8'
  | 'u8'
  | 's16'
  | 'u16'
  | 's32'
  | 'u32'
  | 's64'
  | 'u64'
  | 'f32'
  | 'f64'
  | 'char'
  | 'string';

/** A primitive by name, or the index of a defined type. */
export type TypeRef = Primitive | number;

export type CoreSort =
  | 'core-function'
  | 'core-table'
  | 'core-memory'
  | 'core-global'
  | 'core-tag'
  | 'core-type'
  | 'core-module'
  | 'core-instance';
export type Sort = CoreSort | 'function' | 'value' | 'type' | 'component' | 'instance';

export interface SortIndex {
  readonly sort: Sort;
  readonly index: number;
}

export type TypeDef =
  | { readonly kind: 'primitive'; readonly primitive: Primitive }
  | { readonly kind: 'record'; readonly fields: readonly (readonly [name: string, type: TypeRef])[] }
  | { readonly kind: 'variant'; readonly cases: readonly (readonly [name: string, type: TypeRef | undefined])[] }
  | { readonly kind: 'list'; readonly element: TypeRef }
  | { readonly kind: 'tuple'; readonly items: readonly TypeRef[] }
  | { readonly kind: 'flags'; readonly names: readonly string[] }
  | { readonly kind: 'enum'; readonly names: readonly string[] }
  | { readonly kind: 'option'; readonly some: TypeRef }
  | { readonly kind: 'result'; readonly ok: TypeRef | undefined; readonly err: TypeRef | undefined }
  | { readonly kind: 'own' | 'borrow'; readonly resource: number }
  | {
      readonly kind: 'function';
      readonly params: readonly (readonly [name: string, type: TypeRef])[];
      readonly result: TypeRef | undefined;
    }
  | { readonly kind: 'resource'; readonly destructor: number | undefined }
  | { readonly kind: 'instance' | 'component'; readonly declarations: readonly Declaration[] };

/** What an import or export is declared to be. */
export type ExternDesc =
  | { readonly sort: 'core-module' | 'function' | 'component' | 'instance'; readonly type: number }
  | { readonly sort: 'type'; readonly bound: { readonly equals: number } | 'resource' };

export type Alias =
  | { readonly kind: 'alias-export'; readonly sort: Sort; readonly instance: number; readonly name: string }
  | { readonly kind: 'alias-core-export'; readonly sort: Sort; readonly instance: number; readonly name: string }
  | { readonly kind: 'alias-outer'; readonly sort: Sort; readonly count: number; readonly index: number };

export type Declaration =
  | { readonly kind: 'core-type' }
  | { readonly kind: 'type'; readonly type: TypeDef }
  | Alias
  | { readonly kind: 'import'; readonly name: string; readonly desc: ExternDesc }
  | { readonly kind: 'export-declaration'; readonly name: string; readonly desc: ExternDesc };

export interface CanonOptions {
  readonly encoding: 'utf8' | 'utf16' | 'latin1+utf16';
  readonly memory: number | undefined;
  readonly realloc: number | undefined;
  readonly postReturn: number | undefined;
}

export type Definition =
  | { readonly kind: 'core-module'; readonly module: number }
  | {
      readonly kind: 'core-instantiate';
      readonly module: number;
      readonly args: readonly (readonly [name: string, instance: number])[];
    }
  | { readonly kind: 'core-instance'; readonly exports: readonly (readonly [name: string, of: SortIndex])[] }
  | { readonly kind: 'core-type' }
  | { readonly kind: 'component'; readonly definitions: readonly Definition[] }
  | {
      readonly kind: 'instantiate';
      readonly component: number;
      readonly args: readonly (readonly [name: string, of: SortIndex])[];
    }
  | { readonly kind: 'instance'; readonly exports: readonly (readonly [name: string, of: SortIndex])[] }
  | Alias
  | { readonly kind: 'type'; readonly type: TypeDef }
  | { readonly kind: 'lift'; readonly coreFunction: number; readonly options: CanonOptions; readonly type: number }
  | { readonly kind: 'lower'; readonly function: number; readonly options: CanonOptions }
  | { readonly kind: 'resource-new' | 'resource-drop' | 'resource-rep'; readonly resource: number }
  | { readonly kind: 'import'; readonly name: string; readonly desc: ExternDesc }
  | { readonly kind: 'export'; readonly name: string; readonly of: SortIndex; readonly desc: ExternDesc | undefined };

export interface Component {
  readonly definitions: readonly Definition[];
  /** Byte ranges of the core modules, in the order of their `core-module` definitions. */
  readonly modules: readonly (readonly [start: number, end: number])[];
}
