import {
  tree,
  type Description,
  type FunctionType,
  type Instruction,
  type Kind,
  type Tree,
  type ValueType,
} from './tree.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Growing = { -readonly [Key in keyof Tree]: Tree[Key] extends readonly (infer Item)[] ? Item[] : Tree[Key] };

const letters = (text: string): ValueType[] => Array.from(text) as ValueType[];

/** What a function is written as: its type as `operands>results`, and groups of locals as letters. */
interface FunctionParts {
  readonly type?: string;
  readonly locals?: string;
  readonly export?: string;
}

/** Puts a module together; the indices it answers are final, so all imports come first. */
export class Builder {
  readonly #parts: Growing = {
    ...(tree({}) as Mutable<Tree>),
    types: [],
    imports: [],
    functions: [],
    tables: [],
    memories: [],
    tags: [],
    globals: [],
    exports: [],
    elements: [],
    data: [],
    customs: [],
  };

  /** The index of a function type `operands>results`, which is added if it is new. */
  type(text: string): number {
    const [params = '', results = ''] = text.split('>');
    const found = this.#parts.types.findIndex((type) =>
      same(type, { params: letters(params), results: letters(results) }),
    );
    if (found >= 0) return found;
    return this.#parts.types.push({ params: letters(params), results: letters(results) }) - 1;
  }

  importFunction(name: string, type = '>'): number {
    return this.import(name, { kind: 'function', type: this.type(type) });
  }

  import(name: string, is: Description): number {
    this.#parts.imports.push({ module: 'env', name, is });
    return this.#imported(is.kind) - 1;
  }

  function({ type = '>', locals = '', export: name }: FunctionParts, ...body: Instruction[]): number {
    const index = this.nextFunction;
    const groups = letters(locals).map((letter) => [1, letter] as const);
    this.#parts.functions.push({ type: this.type(type), locals: groups, body });
    if (name !== undefined) this.export(name, 'function', index);
    return index;
  }

  get nextFunction(): number {
    return this.#imported('function') + this.#parts.functions.length;
  }

  memory(min: number, max?: number, name?: string): void {
    this.#parts.memories.push({ min, max });
    if (name !== undefined) this.export(name, 'memory', 0);
  }

  table(ref: ValueType, min: number, max?: number, name?: string): number {
    const index = this.#imported('table') + this.#parts.tables.push({ ref, limits: { min, max } }) - 1;
    if (name !== undefined) this.export(name, 'table', index);
    return index;
  }

  global(type: ValueType, mutable: boolean, ...init: Instruction[]): number {
    return this.#imported('global') + this.#parts.globals.push({ type, mutable, init }) - 1;
  }

  tag(params: string): number {
    return this.#imported('tag') + this.#parts.tags.push(this.type(`${params}>`)) - 1;
  }

  export(name: string, kind: Kind, index: number): void {
    this.#parts.exports.push({ name, kind, index });
  }

  add(parts: Partial<Pick<Tree, 'elements' | 'data' | 'customs'>> & { readonly start?: number }): this {
    this.#parts.elements.push(...(parts.elements ?? []));
    this.#parts.data.push(...(parts.data ?? []));
    this.#parts.customs.push(...(parts.customs ?? []));
    if (parts.start !== undefined) this.#parts.start = parts.start;
    return this;
  }

  build(): Tree {
    return this.#parts;
  }

  #imported(kind: Kind): number {
    return this.#parts.imports.filter(({ is }) => is.kind === kind).length;
  }
}

function same(one: FunctionType, other: FunctionType): boolean {
  return one.params.join('') === other.params.join('') && one.results.join('') === other.results.join('');
}

/** The instructions for a text of them, separated by commas or lines, each with plain numbers: `local.get 0, i32.add`. */
export function code(text: string): Instruction[] {
  return text
    .split(/[,\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line): Instruction => {
      const [name = '', ...words] = line.split(/\s+/);
      if (name === 'br_table') return [name, words.map(Number)];
      if (/\.(load|store)/.test(name))
        return [name, { align: 0, offset: Number(words[0] ?? 0) }, ...words.slice(1).map(Number)];
      if (['block', 'loop', 'if', 'try'].includes(name)) return [name, blockTypeOf(words[0])];
      if (name === 'i64.const') return [name, BigInt(words[0] ?? 0)];
      if (name === 'ref.null' || name === 'select_t') return [name, words[0] as ValueType];
      if (name === 'try_table') {
        const catches = words.filter((word) => word.includes(':'));
        return [name, blockTypeOf(catches.length < words.length ? words[0] : undefined), catches.map(catchOf)];
      }
      if (/^(memory\.(size|grow|fill)|table\.(get|set|size|grow|fill))$/.test(name))
        return [name, Number(words[0] ?? 0)];
      if (/^(memory\.copy|table\.copy|memory\.init|table\.init)$/.test(name))
        return [name, Number(words[0] ?? 0), Number(words[1] ?? 0)];
      return [name, ...words.map(Number)];
    });
}

const blockTypeOf = (word: string | undefined): 'none' | ValueType | number => {
  if (word === undefined) return 'none';
  return /^\d+$/.test(word) ? Number(word) : (word as ValueType);
};

/** `catch:tag:label`, `catch_ref:tag:label`, `catch_all:label`, `catch_all_ref:label`. */
function catchOf(word: string): {
  kind: 'catch' | 'catch_ref' | 'catch_all' | 'catch_all_ref';
  tag: number;
  label: number;
} {
  const [kind = 'catch', ...numbers] = word.split(':');
  const label = Number(numbers.at(-1));
  const tag = numbers.length > 1 ? Number(numbers[0]) : 0;
  return { kind: kind as 'catch', tag, label };
}
