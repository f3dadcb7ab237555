import { ADDRESSES, EDGES } from './edge-values.ts';
import type { Memory } from './js-api.ts';
import { OPCODES, type Opcode } from './opcodes.ts';
import type { Call, Setting } from './run.ts';
import { tree, type Instruction, type Operand, type Tree, type ValueType } from './tree.ts';

const SLOT = 16;
const RESULT_AT = 256;
const LOAD = { i: 'i32.load', l: 'i64.load', f: 'f32.load', d: 'f64.load', v: 'v128.load' } as const;
const STORE = { i: 'i32.store', l: 'i64.store', f: 'f32.store', d: 'f64.store', v: 'v128.store' } as const;
const UNALIGNED = { align: 0, offset: 0 };

type Storable = keyof typeof LOAD;

/** One instruction between loads of its operands and a store of its result, to be run over many operands. */
export interface Case {
  readonly title: string;
  readonly module: Tree;
  readonly setting: Setting;
}

const alignOf = ({ name }: Opcode): number => {
  const bits = /(?:load|store)(\d+)(?!x|_splat|_zero|_lane)(?:_[su])?$/.exec(name)?.[1];
  return bits === undefined ? 0 : Math.log2(Number(bits) / 8);
};

const IMMEDIATES: Readonly<Record<string, readonly Operand[] | undefined>> = {
  i32: [0, 1, -1, 63, 64, -64, -65, 8191, 8192, 0x7fffffff, -0x80000000],
  i64: [0n, -1n, 64n, -65n, 0x7fffffffffffffffn, -0x8000000000000000n],
  f32: EDGES.f,
  f64: EDGES.d,
  v128: EDGES.v,
  lane: [0, 1],
  lanes: [Uint8Array.from({ length: 16 }, (_, i) => 31 - i), Uint8Array.from({ length: 16 }, (_, i) => (i * 7) % 32)],
  'memory argument': [
    { align: 0, offset: 0 },
    { align: 0, offset: 1 },
    { align: 0, offset: 65_527 },
    { align: 0, offset: 0xffffffff },
  ],
  memory: [0],
};

/** Instructions with a type of their own: numbers, vectors, memory. */
export const TYPED = OPCODES.filter(
  ({ type, immediates }) => type !== undefined && immediates.every((kind) => IMMEDIATES[kind] !== undefined),
);

/** Each choice of immediates for an opcode. */
function choicesOf(opcode: Opcode): Operand[][] {
  const choices = opcode.immediates.reduce<Operand[][]>(
    (before, kind) => before.flatMap((list) => (IMMEDIATES[kind] ?? []).map((value) => [...list, value])),
    [[]],
  );
  const aligned = alignOf(opcode);
  return opcode.immediates[0] === 'memory argument' && aligned > 0
    ? [...choices, [{ align: aligned, offset: 4 }, ...(opcode.immediates.length > 1 ? [0] : [])]]
    : choices;
}

const isLength = ({ name }: Opcode): boolean => /^memory\.(fill|copy|grow)$/.test(name);
const addresses = ({ immediates }: Opcode): boolean => immediates.includes('memory argument');

/** The bits each operand takes. */
function operandsOf(opcode: Opcode): (readonly Uint8Array[])[] {
  return (opcode.type?.params ?? []).map((type, i) => {
    if (isLength(opcode) || (addresses(opcode) && i === 0)) return ADDRESSES;
    const edges = EDGES[type as Storable];
    return opcode.type?.params.length === 3 ? edges.slice(0, 6) : edges;
  });
}

const product = (lists: readonly (readonly Uint8Array[])[]): Uint8Array[][] =>
  lists.reduce<Uint8Array[][]>((all, list) => all.flatMap((row) => list.map((value) => [...row, value])), [[]]);

/** A module with one function for each choice of immediates, and a call of it for each choice of operands. */
export function caseOf(opcode: Opcode): Case {
  const { params = [], results = [] } = opcode.type ?? {};
  const [result] = results;
  const choices = choicesOf(opcode);
  const body = (operands: readonly Operand[]): Instruction[] => {
    const load = params.flatMap((type, i): Instruction[] => [
      ['i32.const', i * SLOT],
      [LOAD[type as Storable], UNALIGNED],
    ]);
    const own: Instruction = [opcode.name, ...operands];
    if (result === undefined) return [...load, own];
    return [['i32.const', RESULT_AT], ...load, own, [STORE[result as Storable], UNALIGNED]];
  };
  const module = tree({
    types: [{ params: [], results: [] }],
    memories: [{ min: 1, max: 3 }],
    functions: choices.map((operands) => ({ type: 0, locals: [], body: body(operands) })),
    exports: [
      ...choices.map((_, index) => ({ name: `${opcode.name} #${index}`, kind: 'function' as const, index })),
      { name: 'memory', kind: 'memory' as const, index: 0 },
    ],
  });
  const rows = product(operandsOf(opcode));
  const calls = choices.flatMap((_, index) => rows.map((row) => callOf(`${opcode.name} #${index}`, row, result)));
  return { title: opcode.name, module, setting: { calls } };
}

function callOf(name: string, operands: readonly Uint8Array[], result: ValueType | undefined): Call {
  return {
    name,
    before: (exports) => {
      const bytes = new Uint8Array((exports['memory'] as Memory).buffer);
      operands.forEach((operand, i) => bytes.set(operand, i * SLOT));
    },
    after: (exports) => showResult(name, result, (exports['memory'] as Memory).buffer),
  };
}

/** The bits of the result; a NaN that was computed is only a NaN, for which of two it is made from is up to the engine. */
function showResult(name: string, result: ValueType | undefined, memory: ArrayBuffer): string {
  const view = new DataView(memory, RESULT_AT, SLOT);
  const moves = /load|const|reinterpret|splat|lane|copysign|neg|abs/.test(name);
  const isFloat = (size: 4 | 8): boolean =>
    !moves &&
    (result === (size === 4 ? 'f' : 'd') || (result === 'v' && name.startsWith(size === 4 ? 'f32x4' : 'f64x2')));
  const lanes = (size: 4 | 8, read: (at: number) => number): string =>
    Array.from({ length: SLOT / size }, (_, i) => (Object.is(read(i * size), -0) ? '-0' : String(read(i * size)))).join(
      ' ',
    );
  if (isFloat(4)) return lanes(4, (at) => view.getFloat32(at, true));
  if (isFloat(8)) return lanes(8, (at) => view.getFloat64(at, true));
  return Buffer.from(memory, RESULT_AT, SLOT).toString('hex');
}
