import { type ByteReader, checkCeiling, malformed, unsupported } from '../wasm/bytes.ts';
import type { Alias, CoreSort, Declaration, ExternDesc, Primitive, Sort, SortIndex, TypeDef, TypeRef } from './ast.ts';
import { parseExternName, parseLabel } from './names.ts';

const PRIMITIVES: Readonly<Record<number, Primitive>> = {
  0x7f: 'bool',
  0x7e: 's8',
  0x7d: 'u8',
  0x7c: 's16',
  0x7b: 'u16',
  0x7a: 's32',
  0x79: 'u32',
  0x78: 's64',
  0x77: 'u64',
  0x76: 'f32',
  0x75: 'f64',
  0x74: 'char',
  0x73: 'string',
};
const CORE_SORTS: Readonly<Record<number, CoreSort>> = {
  0x00: 'core-function',
  0x01: 'core-table',
  0x02: 'core-memory',
  0x03: 'core-global',
  0x04: 'core-tag',
  0x10: 'core-type',
  0x11: 'core-module',
  0x12: 'core-instance',
};
const SORTS: Readonly<Record<number, Sort>> = { 1: 'function', 2: 'value', 3: 'type', 4: 'component', 5: 'instance' };

const UNSUPPORTED_TYPES: Readonly<Record<number, string>> = {
  0x43: 'async functions',
  0x65: 'futures',
  0x66: 'streams',
  0x67: 'fixed-size lists',
  0x64: 'error contexts',
  0x63: 'maps',
};

/** One entry of a type section. */
export function readTypeDef(reader: ByteReader, depth = 0): TypeDef {
  checkCeiling('nesting', depth);
  const code = reader.u8();
  const primitive = PRIMITIVES[code];
  if (primitive !== undefined) return { kind: 'primitive', primitive };
  const feature = UNSUPPORTED_TYPES[code];
  if (feature !== undefined) unsupported(feature);
  switch (code) {
    case 0x72:
      return { kind: 'record', fields: distinct(nonEmpty(reader.list(readField), reader), reader, nameOf) };
    case 0x71:
      return { kind: 'variant', cases: distinct(nonEmpty(reader.list(readCase), reader), reader, nameOf) };
    case 0x70:
      return { kind: 'list', element: readTypeRef(reader) };
    case 0x6f:
      return { kind: 'tuple', items: nonEmpty(reader.list(readTypeRef), reader) };
    case 0x6e:
      return { kind: 'flags', names: flagNames(reader) };
    case 0x6d:
      return { kind: 'enum', names: distinct(nonEmpty(reader.list(readLabel), reader), reader, (name) => name) };
    case 0x6b:
      return { kind: 'option', some: readTypeRef(reader) };
    case 0x6a:
      return { kind: 'result', ok: reader.optional(readTypeRef), err: reader.optional(readTypeRef) };
    case 0x69:
      return { kind: 'own', resource: reader.u32() };
    case 0x68:
      return { kind: 'borrow', resource: reader.u32() };
    case 0x40:
      return readFunction(reader);
    case 0x3f:
      if (reader.u8() !== 0x7f) malformed('a resource not represented by i32', reader.at);
      return { kind: 'resource', destructor: reader.optional((r) => r.u32()) };
    case 0x42:
      return { kind: 'instance', declarations: reader.list((r) => readDeclaration(r, depth, false)) };
    case 0x41:
      return { kind: 'component', declarations: reader.list((r) => readDeclaration(r, depth, true)) };
    default:
      return malformed(`unknown type 0x${code.toString(16)}`, reader.at - 1);
  }
}

function readTypeRef(reader: ByteReader): TypeRef {
  const code = reader.peek();
  // Primitive codes are negative one-byte signed LEB128; everything else is an index.
  if (code < 0x40 || code > 0x7f) return reader.u32();
  reader.u8();
  return PRIMITIVES[code] ?? unsupported(UNSUPPORTED_TYPES[code] ?? `type 0x${code.toString(16)}`);
}

function readFunction(reader: ByteReader): TypeDef {
  const params = distinct(reader.list(readField, 'params'), reader, nameOf);
  const form = reader.u8();
  if (form === 0) return { kind: 'function', params, result: readTypeRef(reader) };
  if (form !== 1 || reader.u8() !== 0) malformed('named results', reader.at);
  return { kind: 'function', params, result: undefined };
}

const readLabel = (reader: ByteReader): string => parseLabel(reader.name());
const readField = (reader: ByteReader): readonly [string, TypeRef] => [readLabel(reader), readTypeRef(reader)];
const nameOf = ([name]: readonly [string, unknown]): string => name;

function readCase(reader: ByteReader): readonly [string, TypeRef | undefined] {
  const name = readLabel(reader);
  const type = reader.optional(readTypeRef);
  if (reader.u8() !== 0) malformed('a variant case that refines another', reader.at);
  return [name, type];
}

function flagNames(reader: ByteReader): string[] {
  const names = distinct(nonEmpty(reader.list(readLabel), reader), reader, (name) => name);
  if (names.length > 32) unsupported('more than 32 flags in one type');
  return names;
}

function nonEmpty<T>(items: T[], reader: ByteReader): T[] {
  return items.length > 0 ? items : malformed('an empty type', reader.at);
}

/** Names in one type must differ, also when letter case is put aside (the rule of the component model). */
function distinct<T>(items: T[], reader: ByteReader, name: (item: T) => string): T[] {
  const seen = new Set(items.map((item) => name(item).toLowerCase()));
  return seen.size === items.length ? items : malformed('a name repeated in one type', reader.at);
}

function readSort(reader: ByteReader): Sort {
  const code = reader.u8();
  const sort = code === 0 ? CORE_SORTS[reader.u8()] : SORTS[code];
  return sort ?? malformed('an unknown sort', reader.at - 1);
}

export function readSortIndex(reader: ByteReader): SortIndex {
  return { sort: readSort(reader), index: reader.u32() };
}

export function readCoreSortIndex(reader: ByteReader): SortIndex {
  const sort = CORE_SORTS[reader.u8()] ?? malformed('an unknown core sort', reader.at - 1);
  return { sort, index: reader.u32() };
}

/** The name of an import or export; forms 0 and 1 are equal, 2 carries a version suffix of its own. */
export function readExternName(reader: ByteReader): string {
  const form = reader.u8();
  if (form > 2) malformed('an unknown form of name', reader.at - 1);
  const name = parseExternName(reader.name());
  if (form === 2) reader.name();
  return name;
}

export function readExternDesc(reader: ByteReader): ExternDesc {
  const code = reader.u8();
  switch (code) {
    case 0x00:
      if (reader.u8() !== 0x11) malformed('an unknown core import', reader.at - 1);
      return { sort: 'core-module', type: reader.u32() };
    case 0x01:
      return { sort: 'function', type: reader.u32() };
    case 0x02:
      return unsupported('value imports and exports');
    case 0x03: {
      const bound = reader.u8();
      if (bound > 1) malformed('an unknown type bound', reader.at - 1);
      return { sort: 'type', bound: bound === 0 ? { equals: reader.u32() } : 'resource' };
    }
    case 0x04:
      return { sort: 'component', type: reader.u32() };
    case 0x05:
      return { sort: 'instance', type: reader.u32() };
    default:
      return malformed('an unknown kind of import or export', reader.at - 1);
  }
}

// What is exported by an instance, by a core instance, and what may be taken from outside of a component.
const ALIASED: readonly (readonly Sort[])[] = [
  ['function', 'value', 'type', 'component', 'instance', 'core-module'],
  ['core-function', 'core-table', 'core-memory', 'core-global', 'core-tag'],
  ['type', 'component', 'core-type', 'core-module'],
];

export function readAlias(reader: ByteReader): Alias {
  const sort = readSort(reader);
  const target = reader.u8();
  const expected = ALIASED[target] ?? malformed('an unknown alias', reader.at - 1);
  if (!expected.includes(sort)) malformed(`an alias of a ${sort}, which is not found there`, reader.at);
  if (target === 0) return { kind: 'alias-export', sort, instance: reader.u32(), name: reader.name() };
  if (target === 1) return { kind: 'alias-core-export', sort, instance: reader.u32(), name: reader.name() };
  return { kind: 'alias-outer', sort, count: reader.u32(), index: reader.u32() };
}

function readDeclaration(reader: ByteReader, depth: number, imports: boolean): Declaration {
  const code = reader.u8();
  switch (code) {
    case 0:
      skipCoreType(reader, depth + 1);
      return { kind: 'core-type' };
    case 1:
      return { kind: 'type', type: readTypeDef(reader, depth + 1) };
    case 2:
      return readAlias(reader);
    case 3:
      if (!imports) malformed('an import inside an instance type', reader.at);
      return { kind: 'import', name: readExternName(reader), desc: readExternDesc(reader) };
    case 4:
      return { kind: 'export-declaration', name: readExternName(reader), desc: readExternDesc(reader) };
    default:
      return malformed('an unknown declaration', reader.at - 1);
  }
}

/** Core types never matter for linking: a compiled module carries its own. */
export function skipCoreType(reader: ByteReader, depth = 0): void {
  checkCeiling('nesting', depth);
  const code = reader.u8();
  if (code === 0x60) {
    reader.list((r) => r.u8());
    reader.list((r) => r.u8());
  } else if (code === 0x50) reader.list((r) => skipModuleDeclaration(r, depth));
  else unsupported(`core type 0x${code.toString(16)}`);
}

function skipModuleDeclaration(reader: ByteReader, depth: number): void {
  const code = reader.u8();
  if (code === 0) {
    reader.name();
    reader.name();
    skipCoreExtern(reader);
  } else if (code === 1) skipCoreType(reader, depth + 1);
  else if (code === 2) {
    if (reader.u8() !== 0x10 || reader.u8() !== 0x01) malformed('an unknown core alias', reader.at);
    reader.u32();
    reader.u32();
  } else if (code === 3) {
    reader.name();
    skipCoreExtern(reader);
  } else malformed('an unknown module declaration', reader.at - 1);
}

function skipCoreExtern(reader: ByteReader): void {
  const kind = reader.u8();
  if (kind === 0) reader.u32();
  else if (kind === 1 || kind === 2) {
    if (kind === 1) reader.u8();
    const flags = reader.u8();
    reader.u32();
    if (flags & 1) reader.u32();
  } else if (kind === 3) reader.skip(2);
  else if (kind === 4) {
    reader.u8();
    reader.u32();
  } else malformed('an unknown core extern', reader.at - 1);
}
