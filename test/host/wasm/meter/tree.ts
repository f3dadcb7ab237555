import type { Letter } from './opcodes.ts';

/** A value type by its letter, see opcodes.ts. */
export type ValueType = Letter;

export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** No type, one result, or the index of a function type. */
export type BlockType = 'none' | ValueType | number;

export interface MemoryArgument {
  readonly align: number;
  readonly offset: number;
}

export interface Catch {
  readonly kind: 'catch' | 'catch_ref' | 'catch_all' | 'catch_all_ref';
  readonly tag: number;
  readonly label: number;
}

export type Operand = number | bigint | BlockType | MemoryArgument | readonly number[] | readonly Catch[] | Uint8Array;

/** The name of an instruction and what it carries, in the order of the binary. Bodies are flat; `end` is written. */
export type Instruction = readonly [name: string, ...operands: Operand[]];

export interface Limits {
  readonly min: number;
  readonly max?: number | undefined;
}

export type Description =
  | { readonly kind: 'function'; readonly type: number }
  | { readonly kind: 'table'; readonly ref: ValueType; readonly limits: Limits }
  | { readonly kind: 'memory'; readonly limits: Limits }
  | { readonly kind: 'global'; readonly type: ValueType; readonly mutable: boolean }
  | { readonly kind: 'tag'; readonly type: number };

export type Kind = Description['kind'];

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly is: Description;
}

export interface FunctionBody {
  readonly type: number;
  readonly locals: readonly (readonly [count: number, type: ValueType])[];
  readonly body: readonly Instruction[];
}

/** An element segment in one of the eight forms, which `form` (its flags in the binary) tells apart. */
export interface Elements {
  readonly form: number;
  readonly table?: number;
  readonly offset?: readonly Instruction[];
  /** For the forms that write expressions (4 to 7); 4 is always funcref. */
  readonly ref?: ValueType;
  readonly functions?: readonly number[];
  readonly expressions?: readonly (readonly Instruction[])[];
}

/** A data segment in one of the three forms. */
export interface Data {
  readonly form: number;
  readonly memory?: number;
  readonly offset?: readonly Instruction[];
  readonly bytes: Uint8Array;
}

/** A custom section that stands behind the section with the id `after` (0: at the very start). */
export interface Custom {
  readonly after: number;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Tree {
  readonly types: readonly FunctionType[];
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionBody[];
  readonly tables: readonly { readonly ref: ValueType; readonly limits: Limits }[];
  readonly memories: readonly Limits[];
  readonly tags: readonly number[];
  readonly globals: readonly {
    readonly type: ValueType;
    readonly mutable: boolean;
    readonly init: readonly Instruction[];
  }[];
  readonly exports: readonly { readonly name: string; readonly kind: Kind; readonly index: number }[];
  readonly start: number | undefined;
  readonly elements: readonly Elements[];
  readonly data: readonly Data[];
  readonly customs: readonly Custom[];
}

const EMPTY: Tree = {
  types: [],
  imports: [],
  functions: [],
  tables: [],
  memories: [],
  tags: [],
  globals: [],
  exports: [],
  start: undefined,
  elements: [],
  data: [],
  customs: [],
};

export function tree(parts: Partial<Tree>): Tree {
  return { ...EMPTY, ...parts };
}

export function countImports(module: Tree, kind: Kind): number {
  return module.imports.filter(({ is }) => is.kind === kind).length;
}
