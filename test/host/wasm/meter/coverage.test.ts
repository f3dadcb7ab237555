import { describe, expect, it } from 'vitest';
import { SkillError } from '../../../../host/errors.ts';
import { meterModule } from '../../../../host/wasm/meter.ts';
import { NAMESPACE } from './compare.ts';
import { encode, unsigned } from './encode.ts';
import { wasm } from './js-api.ts';
import { findOpcode } from './opcodes.ts';
import { tree, type Tree } from './tree.ts';

// Every opcode there could be, with every immediate it could carry, in a module that has one of everything. What this V8
// takes is found by asking it: behind `unreachable` an instruction finds any operands it wants.

const PREFIXES = [0xfb, 0xfc, 0xfd, 0xfe] as const;
const MARK = [0x41, 0xef, 0xfd, 0xb6, 0xf5, 0x7d]; // i32.const 0xdeadbeef, which marks the place of the code

const IMMEDIATES: readonly (readonly number[])[] = [
  [],
  [0],
  [0, 0],
  [0, 0, 0],
  [2, 0],
  [2, 0, 0],
  [3, 0],
  [3, 0, 0],
  [1, 0],
  [1, 0, 0],
  [0x40],
  [0x40, 0],
  [0x70],
  [0x6f],
  [1, 0x7f],
  [0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0],
  Array.from({ length: 16 }, () => 0),
  [0, 0, 0x70, 0x70],
  [0, 0x6e],
];

/** One of everything; the body of its only function is the mark. */
const HOST: Tree = tree({
  types: [{ params: [], results: [] }],
  imports: [{ module: 'env', name: 'f', is: { kind: 'function', type: 0 } }],
  functions: [{ type: 0, locals: [[1, 'i']], body: [['i32.const', 0xdeadbeef | 0], ['drop']] }],
  tables: [{ ref: 'r', limits: { min: 1 } }],
  memories: [{ min: 1, max: 1 }],
  tags: [0],
  globals: [{ type: 'i', mutable: true, init: [['i32.const', 0]] }],
  elements: [{ form: 1, functions: [0] }],
  data: [{ form: 1, bytes: Uint8Array.of(1) }],
  exports: [{ name: 'f', kind: 'function', index: 0 }],
});

const whole = encode(HOST);
// Before the mark: id, size, count, size of the body, groups, count and type of the local.
const section = whole.findIndex((_, at) => MARK.every((byte, i) => whole[at + i] === byte)) - 7;
const before = [...whole.slice(0, section), 12, 1, 1, 10];
const behind = whole.slice(section + 2 + (whole[section + 1] ?? 0));

/** The module with `code` as the body of its function, and a count of data segments. */
function moduleWith(code: readonly number[]): Uint8Array<ArrayBuffer> {
  const size = code.length + 4;
  return Uint8Array.from([
    ...before,
    ...unsigned(size + 1 + unsigned(size).length),
    1,
    ...unsigned(size),
    1,
    1,
    0x7f,
    ...code,
    0x0b,
    ...behind,
  ]);
}

interface Verdict {
  readonly opcode: string;
  readonly known: boolean;
  readonly accepted: boolean;
  readonly problems: readonly string[];
  readonly message: string | undefined;
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;

/** Refused by its number, for 0xfb and 0xfe by that of the prefix; or what it carries is refused by name. */
const isNamed = (opcode: string, message: string): boolean =>
  message.includes(`opcode ${opcode}`) ||
  (/^0xf[be] /.test(opcode) && message.includes(`opcode ${opcode.slice(0, 4)} `)) ||
  /more than one memory|value type 0x/.test(message);

function judge(prefix: number, code: number): Verdict {
  const opcode = prefix === 0 ? [code] : [prefix, ...unsigned(code)];
  const name = prefix === 0 ? hex(code) : `${hex(prefix)} ${hex(code)}`;
  const problems: string[] = [];
  let known = false;
  let accepted = false;
  let message: string | undefined;
  // Far behind the last code of any extension a few are enough.
  const bodies = (code < 0x120 ? IMMEDIATES : IMMEDIATES.slice(0, 3)).flatMap((immediates) => {
    const own = [...opcode, ...immediates];
    const one = [0x00, ...own, 0x00];
    if (prefix !== 0) return [one];
    return [
      one,
      [0x00, ...own, 0x0b, 0x00],
      [0x41, 0, 0x41, 0, 0x41, 0, ...own, 0x00],
      [0x06, 0x40, ...own, 0x00, 0x0b],
    ];
  });
  for (const body of bodies) {
    const bytes = moduleWith(body);
    const valid = wasm.validate(bytes);
    known ||= valid;
    try {
      const metered = meterModule(bytes, NAMESPACE);
      accepted ||= valid;
      if (!valid) problems.push(`${name}: an invalid module was taken`);
      else if (!wasm.validate(metered)) problems.push(`${name}: became invalid`);
    } catch (error) {
      if (!(error instanceof SkillError) || error.code !== 'E_MODULE') problems.push(`${name}: ${String(error)}`);
      else if (valid || body[1] === opcode[0]) message ??= error.message;
      if (valid && error instanceof SkillError && !isNamed(name, error.message)) {
        problems.push(`${name}: refused as ${error.message}`);
      }
    }
  }
  return { opcode: name, known, accepted, problems, message };
}

const verdicts = [
  ...Array.from({ length: 256 }, (_, code) => code)
    .filter((code) => !PREFIXES.some((prefix) => prefix === code))
    .map((code) => judge(0, code)),
  ...PREFIXES.flatMap((prefix) => Array.from({ length: 512 }, (_, code) => judge(prefix, code))),
];

const metered = (verdict: Verdict): boolean => {
  const [first = 0, second] = verdict.opcode.split(' ').map(Number);
  return findOpcode(second === undefined ? 0 : first, second ?? first) !== undefined;
};

describe('every opcode [R-FUEL-2]', () => {
  it('is metered, or refused by its number; no module becomes invalid, and none valid', () => {
    expect(verdicts.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('that is to be metered is, when this V8 knows it', () => {
    expect(verdicts.filter((one) => metered(one) && one.known && !one.accepted).map(({ opcode }) => opcode)).toEqual(
      [],
    );
    expect(verdicts.filter((one) => one.accepted && !metered(one)).map(({ opcode }) => opcode)).toEqual([]);
    expect(verdicts.filter(({ accepted }) => accepted).length).toBeGreaterThan(400);
  });

  it('that is not, is refused by its number, whether this V8 knows it or not', () => {
    const silent = verdicts.filter((one) => !metered(one) && !isNamed(one.opcode, one.message ?? ''));
    expect(silent.map(({ opcode, message }) => `${opcode}: ${message}`)).toEqual([]);
  });

  it('of the known extensions is refused with the name of its extension', () => {
    const messageOf = (opcode: string): string => verdicts.find((one) => one.opcode === opcode)?.message ?? '';
    expect(messageOf('0xfb 0x1c')).toContain('garbage-collected types');
    expect(messageOf('0xfe 0x10')).toContain('threads');
    expect(messageOf('0x14')).toContain('typed function references');
    expect(messageOf('0xd5')).toContain('typed function references');
    expect(messageOf('0xfd 0x100')).toContain('relaxed SIMD');
    expect(messageOf('0xfc 0x13')).toContain('wide arithmetic');
    expect(messageOf('0xe0')).toContain('stack switching');
  });
});
