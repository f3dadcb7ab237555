import { ByteReader, malformed, unsupported } from './bytes.ts';

export type CoreType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'funcref' | 'externref' | 'exnref';

export interface FunctionType {
  readonly params: readonly CoreType[];
  readonly results: readonly CoreType[];
}

export interface CoreImport {
  readonly module: string;
  readonly name: string;
  readonly kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
  readonly type: FunctionType | undefined;
}

export interface CoreExport {
  readonly name: string;
  readonly kind: CoreImport['kind'];
  readonly type: FunctionType | undefined;
}

/** What a core module says of itself before anything of it is compiled. */
export interface CoreModule {
  readonly types: readonly FunctionType[];
  /** The type of each function, imported ones first. */
  readonly functions: readonly FunctionType[];
  /** The type of each exception tag, imported ones first. */
  readonly tags: readonly FunctionType[];
  readonly imports: readonly CoreImport[];
  readonly exports: readonly CoreExport[];
}

const KINDS = ['function', 'table', 'memory', 'global', 'tag'] as const;
const CORE_TYPES: Readonly<Record<number, CoreType>> = {
  0x7f: 'i32',
  0x7e: 'i64',
  0x7d: 'f32',
  0x7c: 'f64',
  0x7b: 'v128',
  0x70: 'funcref',
  0x6f: 'externref',
  0x69: 'exnref',
};

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** True for the eight bytes that begin a core module, version 1. */
export function isCoreModule(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
}

/** True for the eight bytes that begin a component. */
export function isComponent(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]);
}

function startsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads types, imports and exports of a core module, and nothing else.
 * @throws SkillError E_MODULE when it is malformed or uses what is not supported, E_MODULE_LIMIT over a static limit.
 */
export function readCoreModule(bytes: Uint8Array): CoreModule {
  if (!isCoreModule(bytes)) malformed('not a core module', 0);
  const reader = new ByteReader(bytes, 8);
  const types: FunctionType[] = [];
  const functions: FunctionType[] = [];
  const tags: FunctionType[] = [];
  const imports: CoreImport[] = [];
  const exports: CoreExport[] = [];
  while (!reader.done) {
    const id = reader.u8();
    const section = reader.section(reader.u32());
    if (id === SECTION.type) for (const type of section.list(readFunctionType, 'types')) types.push(type);
    else if (id === SECTION.import) {
      for (const entry of section.list((r) => readImport(r, types), 'imports')) {
        imports.push(entry);
        if (entry.type !== undefined) (entry.kind === 'tag' ? tags : functions).push(entry.type);
      }
    } else if (id === SECTION.function) {
      for (const type of section.list((r) => readTypeOf(r, types), 'functions')) functions.push(type);
    } else if (id === SECTION.tag) {
      for (const type of section.list((r) => readTag(r, types))) tags.push(type);
    } else if (id === SECTION.export) {
      for (const entry of section.list((r) => readExport(r, functions), 'exports')) exports.push(entry);
    } else continue;
    section.expectEnd(`section ${id}`);
  }
  return { types, functions, tags, imports, exports };
}

function readFunctionType(reader: ByteReader): FunctionType {
  const form = reader.u8();
  if (form !== 0x60)
    unsupported(
      form === 0x5f || form === 0x5e || form === 0x4e || form === 0x50
        ? 'garbage-collected types'
        : `type form 0x${form.toString(16)}`,
    );
  const params = reader.list(readCoreType, 'params');
  const results = reader.list(readCoreType, 'results');
  return { params, results };
}

/** @throws SkillError E_MODULE for what is no plain value type, such as a typed reference. */
export function readCoreType(reader: ByteReader): CoreType {
  const code = reader.u8();
  return CORE_TYPES[code] ?? unsupported(`value type 0x${code.toString(16)}`);
}

function readImport(reader: ByteReader, types: readonly FunctionType[]): CoreImport {
  const module = reader.name();
  const name = reader.name();
  const kind = readKind(reader);
  let type: FunctionType | undefined;
  if (kind === 'function') type = readTypeOf(reader, types);
  else if (kind === 'table') {
    readCoreType(reader);
    readLimits(reader);
  } else if (kind === 'memory') readLimits(reader);
  else if (kind === 'global') {
    readCoreType(reader);
    reader.u8();
  } else type = readTag(reader, types);
  return { module, name, kind, type };
}

function readTypeOf(reader: ByteReader, types: readonly FunctionType[]): FunctionType {
  return types[reader.u32()] ?? malformed('an unknown type', reader.at);
}

function readTag(reader: ByteReader, types: readonly FunctionType[]): FunctionType {
  if (reader.u8() !== 0) malformed('an unknown kind of tag', reader.at - 1);
  return readTypeOf(reader, types);
}

function readExport(reader: ByteReader, functions: readonly FunctionType[]): CoreExport {
  const name = reader.name();
  const kind = readKind(reader);
  const index = reader.u32();
  return { name, kind, type: kind === 'function' ? functions[index] : undefined };
}

function readKind(reader: ByteReader): CoreImport['kind'] {
  return KINDS[reader.u8()] ?? malformed('an unknown kind of import or export', reader.at - 1);
}

/** Minimum and maximum of a memory (in pages) or table (in elements). */
export function readLimits(reader: ByteReader): { readonly min: number; readonly max: number | undefined } {
  const flags = reader.u8();
  if (flags & 0x02) unsupported('shared memory (threads)');
  if (flags & 0x04) unsupported('64-bit memory or tables');
  if (flags & 0x08) unsupported('custom page sizes');
  if (flags > 0x0f) malformed('unknown limit flags', reader.at - 1);
  const min = reader.u32();
  return { min, max: flags & 0x01 ? reader.u32() : undefined };
}
