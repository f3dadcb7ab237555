// Component binaries by hand: what no toolchain writes, and the text format refuses.

type Bytes = readonly number[];

export function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

export function name(text: string): number[] {
  const bytes = [...Buffer.from(text)];
  return [...leb(bytes.length), ...bytes];
}

/** An import's or export's name, in its plain form. */
export function externName(text: string): number[] {
  return [0x00, ...name(text)];
}

export function vector(items: readonly Bytes[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

/** A section whose body is a vector. */
export function section(id: number, ...items: readonly Bytes[]): number[] {
  return raw(id, vector(items));
}

/** A section with any body at all. */
export function raw(id: number, body: Bytes): number[] {
  return [id, ...leb(body.length), ...body];
}

const COMPONENT = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
const CORE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export function component(...sections: readonly Bytes[]): Uint8Array {
  return join([COMPONENT, ...sections]);
}

export function coreModule(...sections: readonly Bytes[]): Uint8Array {
  return join([CORE, ...sections]);
}

/** Sections can be too long to spread. */
function join(parts: readonly Bytes[]): Uint8Array {
  return Uint8Array.from(parts.flat());
}

export const SECTION = {
  coreModule: 1,
  coreInstance: 2,
  coreType: 3,
  component: 4,
  instance: 5,
  alias: 6,
  type: 7,
  canon: 8,
  start: 9,
  import: 10,
  export: 11,
  value: 12,
} as const;

export const SORT = { function: 1, value: 2, type: 3, component: 4, instance: 5 } as const;
export const U32 = 0x79;

/** `(instance (export … ))`, as a type; each item is one declaration. */
export function instanceType(...declarations: readonly Bytes[]): number[] {
  return [0x42, ...vector(declarations)];
}

/** A declaration that takes the type `index` of the scope `count` levels out. */
export function outerType(count: number, index: number): number[] {
  return [0x02, SORT.type, 0x02, ...leb(count), ...leb(index)];
}

/** A declaration that exports an instance of the type `index`. */
export function exportedInstance(label: string, index: number): number[] {
  return [0x04, ...externName(label), 0x05, ...leb(index)];
}

export function importInstance(label: string, type: number): number[] {
  return [...externName(label), 0x05, ...leb(type)];
}

/** `(instantiate component)` without arguments. */
export function instantiate(index: number): number[] {
  return [0x00, ...leb(index), 0x00];
}

/** `(func (param …) (result …)?)` as a type. */
export function functionType(params: readonly (readonly [string, Bytes])[], result?: Bytes): number[] {
  const given = vector(params.map(([label, type]) => [...name(label), ...type]));
  return [0x40, ...given, ...(result === undefined ? [0x01, 0x00] : [0x00, ...result])];
}
