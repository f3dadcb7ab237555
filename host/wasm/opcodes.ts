import { unsupported } from './bytes.ts';

/** What follows an opcode in the bytes. */
export const IMMEDIATE = {
  /** Not an instruction that is metered. */
  unknown: 0,
  none: 1,
  /** One index, or one byte that must be 0 where there is no index yet. */
  index: 2,
  twoIndices: 3,
  /** A constant in LEB128. */
  leb: 4,
  /** Alignment and offset. */
  memory: 5,
  memoryAndLane: 6,
  lane: 7,
  fourBytes: 8,
  eightBytes: 9,
  sixteenBytes: 10,
  /** Changes control, or needs more than its bytes to be understood. */
  special: 11,
} as const;

/** Opcodes of one space: what follows each, and by how many operands it changes the height of the stack. */
export interface OpcodeSpace {
  readonly immediate: Uint8Array;
  readonly delta: Int8Array;
}

type Row = readonly [immediate: keyof typeof IMMEDIATE, delta: number, codes: string];

/** Opcodes are those of the WebAssembly core specification 3.0, section 5.4. Codes are hexadecimal, `a-b` is a range. */
export const PLAIN = opcodeSpace([
  ['special', 0, '00 02-0f 10-13 18-19 1c 1f 23-24 40 d0 d2 fc fd'],
  ['none', 0, '01 45 50 67-69 79-7b 8b-91 99-9f a7-c4 d1'],
  ['none', -1, '1a 46-4f 51-66 6a-78 7c-8a 92-98 a0-a6'],
  ['none', -2, '1b'],
  ['index', 1, '20 3f'],
  ['index', -1, '21'],
  ['index', 0, '22 25'],
  ['index', -2, '26'],
  ['memory', 0, '28-35'],
  ['memory', -2, '36-3e'],
  ['leb', 1, '41 42'],
  ['fourBytes', 1, '43'],
  ['eightBytes', 1, '44'],
]);

/** After 0xfc: saturating conversions, and bulk operations (those with a length are special). */
export const MISC = opcodeSpace([
  ['none', 0, '00-07'],
  ['index', 0, '09 0d'],
  ['index', 1, '10'],
  ['special', -3, '08 0a-0c 0e 11'],
  ['special', -1, '0f'],
]);

/** After 0xfd: 128-bit vectors, without the relaxed ones, whose results differ between processors. */
export const VECTOR = opcodeSpace([
  ['memory', 0, '00-0a 5c-5d'],
  ['memory', -2, '0b'],
  ['sixteenBytes', 1, '0c'],
  ['sixteenBytes', -1, '0d'],
  ['none', 0, '0f-14 4d 53 5e-64 67-6a 74-75 7a 7c-81 83-84 87-8a 94 a0-a1 a3-a4 a7-aa c0-c1 c3-c4 c7-ca'],
  ['none', 0, 'e0-e1 e3 ec-ed ef f8-ff'],
  ['lane', 0, '15-16 18-19 1b 1d 1f 21'],
  ['lane', -1, '17 1a 1c 1e 20 22'],
  ['none', -1, '0e 23-4c 4e-51 65-66 6b-73 76-79 7b 82 85-86 8b-93 95-99 9b-9f ab-ae b1 b5-ba bc-bf'],
  ['none', -1, 'cb-ce d1 d5-df e4-eb f0-f7'],
  ['none', -2, '52'],
  ['memoryAndLane', -1, '54-57'],
  ['memoryAndLane', -2, '58-5b'],
]);

const FREE_CODES = [0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x0b, 0x0f, 0x18, 0x19, 0x1a, 0x1f];

/** By opcode, 1 for the instructions that cost nothing, for they make no code of their own. All others cost 1. */
export const FREE = Uint8Array.from({ length: 256 }, (_, op) => Number(FREE_CODES.includes(op)));

function opcodeSpace(rows: readonly Row[]): OpcodeSpace {
  const immediate = new Uint8Array(256);
  const delta = new Int8Array(256);
  for (const [kind, change, codes] of rows) {
    for (const range of codes.split(' ')) {
      const [first = 0, last = first] = range.split('-').map((code) => Number.parseInt(code, 16));
      immediate.fill(IMMEDIATE[kind], first, last + 1);
      delta.fill(change, first, last + 1);
    }
  }
  return { immediate, delta };
}

const FAMILIES: Readonly<Record<number, string>> = {
  0x14: 'typed function references',
  0x15: 'typed function references',
  0xd3: 'garbage-collected types',
  0xd4: 'typed function references',
  0xd5: 'typed function references',
  0xd6: 'typed function references',
  0xe0: 'stack switching',
  0xe1: 'stack switching',
  0xe2: 'stack switching',
  0xe3: 'stack switching',
  0xe4: 'stack switching',
  0xe5: 'stack switching',
  0xfb: 'garbage-collected types',
  0xfc: 'wide arithmetic or a later extension',
  0xfd: 'relaxed SIMD or a later extension',
  0xfe: 'threads',
};

/** Refuses an opcode that cannot be metered, by its number and what it belongs to. */
export function unsupportedOpcode(opcode: number, second?: number): never {
  const family = FAMILIES[opcode];
  const code = [opcode, ...(second === undefined ? [] : [second])].map((n) => `0x${n.toString(16).padStart(2, '0')}`);
  return unsupported(`the opcode ${code.join(' ')}${family === undefined ? '' : ` (${family})`}`);
}
