import { opcodeOf, type Immediate } from './opcodes.ts';
import type {
  BlockType,
  Catch,
  Data,
  Description,
  Elements,
  FunctionBody,
  Instruction,
  Kind,
  Limits,
  MemoryArgument,
  Operand,
  Tree,
  ValueType,
} from './tree.ts';

export const TYPE_CODES: Readonly<Record<ValueType, number>> = {
  i: 0x7f,
  l: 0x7e,
  f: 0x7d,
  d: 0x7c,
  v: 0x7b,
  r: 0x70,
  x: 0x6f,
  e: 0x69,
};

export const KINDS: readonly Kind[] = ['function', 'table', 'memory', 'global', 'tag'];
export const CATCHES: readonly Catch['kind'][] = ['catch', 'catch_ref', 'catch_all', 'catch_all_ref'];
/** The order in which sections stand in a module. */
const SECTION_ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11] as const;

const UTF8 = new TextEncoder();

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if ((rest >> 6n === 0n && low < 0x40) || (rest >> 6n === -1n && low >= 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const vector = <T>(items: readonly T[], write: (item: T) => readonly number[]): number[] => {
  const bytes = unsigned(items.length);
  for (const item of items) for (const byte of write(item)) bytes.push(byte);
  return bytes;
};

const sized = (bytes: readonly number[] | Uint8Array): number[] => vector([...bytes], (byte) => [byte]);
const name = (text: string): number[] => sized(UTF8.encode(text));
const valueType = (type: ValueType): number[] => [TYPE_CODES[type]];

function limits({ min, max }: Limits): number[] {
  return max === undefined ? [0, ...unsigned(min)] : [1, ...unsigned(min), ...unsigned(max)];
}

function description(is: Description): number[] {
  switch (is.kind) {
    case 'function':
      return [0, ...unsigned(is.type)];
    case 'table':
      return [1, TYPE_CODES[is.ref], ...limits(is.limits)];
    case 'memory':
      return [2, ...limits(is.limits)];
    case 'global':
      return [3, TYPE_CODES[is.type], is.mutable ? 1 : 0];
    case 'tag':
      return [4, 0, ...unsigned(is.type)];
  }
}

function blockType(type: BlockType): number[] {
  if (typeof type === 'number') return signed(BigInt(type));
  return type === 'none' ? [0x40] : [TYPE_CODES[type]];
}

function catches(list: readonly Catch[]): number[] {
  return vector(list, ({ kind, tag, label }) => [
    CATCHES.indexOf(kind),
    ...(kind.startsWith('catch_all') ? [] : unsigned(tag)),
    ...unsigned(label),
  ]);
}

function floatBytes(value: Operand, size: 4 | 8): number[] {
  if (value instanceof Uint8Array) return [...value];
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (size === 4) view.setFloat32(0, Number(value), true);
  else view.setFloat64(0, Number(value), true);
  return [...bytes];
}

function immediate(kind: Immediate, value: Operand | undefined): readonly number[] {
  if (value === undefined) throw new Error(`an instruction lacks its ${kind}`);
  switch (kind) {
    case 'i32':
      return signed(BigInt.asIntN(32, BigInt(value as number)));
    case 'i64':
      return signed(BigInt.asIntN(64, value as bigint));
    case 'f32':
      return floatBytes(value, 4);
    case 'f64':
      return floatBytes(value, 8);
    case 'v128':
    case 'lanes':
      return [...(value as Uint8Array)];
    case 'lane':
      return [value as number];
    case 'memory argument': {
      const { align, offset } = value as MemoryArgument;
      return [...unsigned(align), ...unsigned(offset)];
    }
    case 'block type':
      return blockType(value as BlockType);
    case 'labels': {
      const labels = value as readonly number[];
      return [...vector(labels.slice(0, -1), unsigned), ...unsigned(labels.at(-1) ?? 0)];
    }
    case 'heap type':
      return valueType(value as ValueType);
    case 'value types':
      return vector(Array.from(value as string) as ValueType[], valueType);
    case 'catches':
      return catches(value as readonly Catch[]);
    default:
      return unsigned(value as number);
  }
}

/** The bytes of one instruction. */
function encodeInstruction([opcodeName, ...operands]: Instruction): number[] {
  const { prefix, code, immediates } = opcodeOf(opcodeName);
  const bytes = prefix === 0 ? [code] : [prefix, ...unsigned(code)];
  immediates.forEach((kind, i) => bytes.push(...immediate(kind, operands[i])));
  return bytes;
}

/** A sequence of instructions with its last `end`. */
function encodeExpression(instructions: readonly Instruction[]): number[] {
  const bytes: number[] = [];
  for (const instruction of instructions) for (const byte of encodeInstruction(instruction)) bytes.push(byte);
  bytes.push(0x0b);
  return bytes;
}

function functionBody({ locals, body }: FunctionBody): number[] {
  const groups = vector(locals, ([count, type]) => [...unsigned(count), TYPE_CODES[type]]);
  return sized(groups.concat(encodeExpression(body)));
}

function elements({ form, table = 0, offset = [], ref = 'r', functions = [], expressions = [] }: Elements): number[] {
  const bytes = [form];
  if ((form & 1) === 0) {
    if ((form & 2) !== 0) bytes.push(...unsigned(table));
    bytes.push(...encodeExpression(offset));
  }
  if ((form & 3) !== 0) bytes.push((form & 4) === 0 ? 0 : TYPE_CODES[ref]);
  const items = (form & 4) === 0 ? vector(functions, unsigned) : vector(expressions, encodeExpression);
  return bytes.concat(items);
}

function data({ form, memory = 0, offset = [], bytes }: Data): number[] {
  const head = form === 2 ? [form, ...unsigned(memory)] : [form];
  return [...head, ...(form === 1 ? [] : encodeExpression(offset)), ...sized(bytes)];
}

const usesData = (module: Tree): boolean =>
  module.functions.some(({ body }) => body.some(([op]) => op === 'memory.init' || op === 'data.drop'));

function sectionBody(id: number, module: Tree): readonly number[] | undefined {
  const list = <T>(items: readonly T[], write: (item: T) => readonly number[]): number[] | undefined =>
    items.length === 0 ? undefined : vector(items, write);
  switch (id) {
    case 1:
      return list(module.types, ({ params, results }) => [
        0x60,
        ...vector(params, valueType),
        ...vector(results, valueType),
      ]);
    case 2:
      return list(module.imports, (entry) => [...name(entry.module), ...name(entry.name), ...description(entry.is)]);
    case 3:
      return list(module.functions, ({ type }) => unsigned(type));
    case 4:
      return list(module.tables, (table) => [TYPE_CODES[table.ref], ...limits(table.limits)]);
    case 5:
      return list(module.memories, limits);
    case 13:
      return list(module.tags, (type) => [0, ...unsigned(type)]);
    case 6:
      return list(module.globals, ({ type, mutable, init }) => [
        TYPE_CODES[type],
        mutable ? 1 : 0,
        ...encodeExpression(init),
      ]);
    case 7:
      return list(module.exports, (entry) => [
        ...name(entry.name),
        KINDS.indexOf(entry.kind),
        ...unsigned(entry.index),
      ]);
    case 8:
      return module.start === undefined ? undefined : unsigned(module.start);
    case 9:
      return list(module.elements, elements);
    case 12:
      return usesData(module) ? unsigned(module.data.length) : undefined;
    case 10:
      return list(module.functions, functionBody);
    case 11:
      return list(module.data, data);
    default:
      throw new Error(`no section ${id}`);
  }
}

/** The module in the binary format. */
export function encode(module: Tree): Uint8Array<ArrayBuffer> {
  const parts: number[][] = [[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]];
  for (const id of [0, ...SECTION_ORDER]) {
    const body = id === 0 ? undefined : sectionBody(id, module);
    if (body !== undefined) parts.push([id], sized(body));
    for (const custom of module.customs) {
      if (custom.after === id) parts.push([0], sized(name(custom.name).concat(...custom.bytes)));
    }
  }
  return Uint8Array.from(parts.flat());
}
