import { CATCHES, KINDS, TYPE_CODES } from './encode.ts';
import { findOpcode, type Immediate } from './opcodes.ts';
import {
  tree,
  type BlockType,
  type Custom,
  type Data,
  type Description,
  type Elements,
  type FunctionBody,
  type FunctionType,
  type Import,
  type Instruction,
  type Kind,
  type Limits,
  type Operand,
  type Tree,
  type ValueType,
} from './tree.ts';

const TYPES = new Map(Object.entries(TYPE_CODES).map(([letter, code]) => [code, letter as ValueType]));

/** Thrown for what a tree cannot hold: the module uses something outside the metered set. */
export class NotATree extends Error {}

const refuse = (what: string): never => {
  throw new NotATree(what);
};

/** Reads a valid module into a tree. The code of an invalid one may be read wrongly. */
export function decode(bytes: Uint8Array): Tree {
  let at = 8;
  const u8 = (): number => bytes[at++] ?? refuse('the end');
  const unsigned = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const signed = (): bigint => {
    let value = 0n;
    for (let bits = 0n; ; bits += 7n) {
      const byte = u8();
      value |= BigInt(byte & 0x7f) << bits;
      if (byte < 0x80) return BigInt.asIntN(Number(bits) + 7, value);
    }
  };
  const take = (count: number): Uint8Array => bytes.slice(at, (at += count));
  const vector = <T>(read: () => T): T[] => Array.from({ length: unsigned() }, read);
  const name = (): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(take(unsigned()));
  const valueType = (): ValueType => {
    const code = u8();
    return TYPES.get(code) ?? refuse(`value type 0x${code.toString(16)}`);
  };
  const limits = (): Limits => {
    const flags = u8();
    if (flags > 1) refuse(`limits 0x${flags.toString(16)}`);
    return { min: unsigned(), max: flags === 1 ? unsigned() : undefined };
  };
  const functionType = (): FunctionType => {
    if (u8() !== 0x60) refuse('a type that is no function');
    return { params: vector(valueType), results: vector(valueType) };
  };
  const description = (): Description => {
    const kind = KINDS[u8()] ?? refuse('an import of an unknown kind');
    if (kind === 'function') return { kind, type: unsigned() };
    if (kind === 'table') return { kind, ref: valueType(), limits: limits() };
    if (kind === 'memory') return { kind, limits: limits() };
    if (kind === 'global') return { kind, type: valueType(), mutable: u8() === 1 };
    return { kind, type: (u8(), unsigned()) };
  };
  const blockType = (): BlockType => {
    const code = bytes[at] ?? 0;
    const simple = code === 0x40 ? 'none' : TYPES.get(code);
    if (simple !== undefined) return (at++, simple);
    const index = Number(signed());
    return index < 0 ? refuse('a block of a typed reference') : index;
  };
  const immediate = (kind: Immediate): Operand => {
    switch (kind) {
      case 'i32':
        return Number(signed());
      case 'i64':
        return signed();
      case 'f32':
        return take(4);
      case 'f64':
        return take(8);
      case 'v128':
      case 'lanes':
        return take(16);
      case 'lane':
        return u8();
      case 'memory argument': {
        const align = unsigned();
        return align >= 64 ? refuse('several memories') : { align, offset: unsigned() };
      }
      case 'block type':
        return blockType();
      case 'labels':
        return [...vector(unsigned), unsigned()];
      case 'heap type':
        return valueType();
      case 'value types':
        return vector(valueType).join('') as ValueType;
      case 'catches':
        return vector(() => {
          const caught = CATCHES[u8()] ?? refuse('an unknown catch');
          return { kind: caught, tag: caught.startsWith('catch_all') ? 0 : unsigned(), label: unsigned() };
        });
      default:
        return unsigned();
    }
  };
  const instruction = (): Instruction => {
    const first = u8();
    const prefixed = first >= 0xfb && first <= 0xfe;
    const code = prefixed ? unsigned() : first;
    const opcode = findOpcode(prefixed ? first : 0, code);
    if (opcode === undefined) return refuse(`opcode 0x${first.toString(16)} ${code}`);
    return [opcode.name, ...opcode.immediates.map(immediate)];
  };
  const body = (isOver: (depth: number) => boolean): Instruction[] => {
    const instructions: Instruction[] = [];
    for (let depth = 1; ;) {
      const next = instruction();
      if (['block', 'loop', 'if', 'try', 'try_table'].includes(next[0])) depth++;
      if (next[0] === 'end' || next[0] === 'delegate') depth--;
      if (isOver(depth)) return instructions;
      instructions.push(next);
    }
  };
  const expression = (): Instruction[] => body((depth) => depth === 0);
  const elements = (): Elements => {
    const form = unsigned();
    const table = (form & 3) === 2 ? unsigned() : 0;
    const offset = (form & 1) === 0 ? { table, offset: expression() } : {};
    const ref = (form & 3) === 0 || (form & 4) === 0 ? 'r' : valueType();
    if ((form & 3) !== 0 && (form & 4) === 0) u8();
    return (form & 4) === 0
      ? { form, ...offset, functions: vector(unsigned) }
      : { form, ...offset, ref, expressions: vector(expression) };
  };
  const data = (): Data => {
    const form = unsigned();
    const memory = form === 2 ? unsigned() : 0;
    const offset = form === 1 ? {} : { memory, offset: expression() };
    return { form, ...offset, bytes: take(unsigned()) };
  };

  let types: readonly number[] = [];
  let customs: readonly Custom[] = [];
  let module = tree({});
  let last = 0;
  const add = (part: Partial<Tree>): void => {
    module = { ...module, ...part };
  };
  while (at < bytes.length) {
    const id = u8();
    const end = unsigned() + at;
    if (id !== 0) last = id;
    if (id === 0) customs = [...customs, { after: last, name: name(), bytes: take(end - at) }];
    else if (id === 1) add({ types: vector(functionType) });
    else if (id === 2) add({ imports: vector((): Import => ({ module: name(), name: name(), is: description() })) });
    else if (id === 3) types = vector(unsigned);
    else if (id === 4) add({ tables: vector(() => ({ ref: valueType(), limits: limits() })) });
    else if (id === 5) add({ memories: vector(limits) });
    else if (id === 13) add({ tags: vector(() => (u8(), unsigned())) });
    else if (id === 6) add({ globals: vector(() => ({ type: valueType(), mutable: u8() === 1, init: expression() })) });
    else if (id === 7) add({ exports: vector(() => ({ name: name(), kind: KINDS[u8()] as Kind, index: unsigned() })) });
    else if (id === 8) add({ start: unsigned() });
    else if (id === 9) add({ elements: vector(elements) });
    else if (id === 11) add({ data: vector(data) });
    else if (id === 10)
      add({
        functions: Array.from({ length: unsigned() }, (_, i): FunctionBody => {
          const stop = unsigned() + at;
          const locals = vector(() => [unsigned(), valueType()] as const);
          const code = body(() => at === stop);
          return { type: types[i] ?? 0, locals, body: code };
        }),
      });
    else if (id === 12) at = end;
    else refuse(`section ${id}`);
    if (at !== end) refuse(`section ${id}: read to ${at}, not ${end}`);
  }
  return { ...module, customs };
}
