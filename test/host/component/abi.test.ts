import { describe, expect, it } from 'vitest';
import { ResultError, Trap } from '../../../host/component/trap.ts';
import { LimitReached } from '../../../host/limits.ts';
import { wat } from '../../fixtures/wat.ts';
import * as wasm from './binary.ts';
import { exported, linkComponent } from './link.ts';

/** A guest whose one export answers with whatever its core code says of a memory filled with `data`. */
const lifting = (
  result: string,
  body: string,
  { data = '', encoding = 'utf8', core = 'i32' } = {},
): string => `(component
  (core module $m (memory (export "memory") 1) (data (i32.const 1024) "${data}")
    (func (export "f") (result ${core}) ${body}))
  (core instance $i (instantiate $m))
  (alias core export $i "memory" (core memory $memory))
  ${/^\((?:enum|variant|flags|record)/.test(result) ? `(type $t' ${result}) (export $t "t" (type $t'))` : `(type $t ${result})`}
  (func (export "f") (result $t) (canon lift (core func $i "f") (memory $memory) string-encoding=${encoding})))`;

/** A number of 32 bits, as data of a memory. */
const le = (value: number): string =>
  [0, 8, 16, 24].map((shift) => `\\${((value >>> shift) & 0xff).toString(16).padStart(2, '0')}`).join('');

/** Stores a pointer and a length, and answers where. */
const slice = (pointer: number, length: number): string =>
  `(i32.store (i32.const 8) (i32.const ${pointer})) (i32.store (i32.const 12) (i32.const ${length})) (i32.const 8)`;

async function answer(text: string): Promise<unknown> {
  return exported(await linkComponent(await wat(text)), 'f').call();
}

describe('what a guest gives back [R-COMPONENT-1]', () => {
  it.each<readonly [string, string, unknown]>([
    ['a byte order mark', lifting('string', slice(1024, 4), { data: '\\ef\\bb\\bfx' }), '\ufeffx'],
    [
      'latin1, which is not windows-1252',
      lifting('string', slice(1024, 2), { data: '\\80\\e9', encoding: 'latin1+utf16' }),
      '\u0080é',
    ],
    ['an empty latin1 string', lifting('string', slice(1026, 0), { encoding: 'latin1+utf16' }), ''],
    [
      'utf-16 where it is flagged',
      lifting('string', slice(1024, -2147483646), { data: '\\3d\\d8\\00\\de', encoding: 'latin1+utf16' }),
      '😀',
    ],
    [
      'pointers between other fields',
      lifting('(tuple u8 string u8 (list u16) u8)', '(i32.const 1024)', {
        data: `\\01...${le(1056)}${le(2)}\\02...${le(1060)}${le(1)}\\03.......hi..\\01\\02`,
      }),
      [1, 'hi', 2, [513], 3],
    ],
    [
      'pointers one behind the other',
      lifting('(list (tuple string (list u8)))', slice(1024, 2), {
        data: `${le(1056)}${le(1)}${le(1057)}${le(1)}${le(1058)}${le(1)}${le(1059)}${le(1)}abcd`,
      }),
      [
        ['a', Uint8Array.of(98)],
        ['c', Uint8Array.of(100)],
      ],
    ],
    ['an empty string at the end of memory', lifting('string', slice(65_536, 0)), ''],
    ['any bit but the lowest of a bool', lifting('bool', '(i32.const 256)'), true],
    ['more bits than a u8 has', lifting('u8', '(i32.const 257)'), 1],
    ['more bits than an s8 has', lifting('s8', '(i32.const 128)'), -128],
    ['more flags than there are', lifting('(flags "a" "b")', '(i32.const 0xfffffffd)'), { a: true, b: false }],
  ])('%s', async (_what, text, value) => {
    const found = await answer(text);
    expect(typeof found === 'object' && !Array.isArray(found) ? { ...found } : found).toEqual(value);
  });

  it.each<readonly [string, string, RegExp]>([
    ['a string past the end', lifting('string', slice(65_530, 7)), /out of bounds/],
    ['a string of 4 GiB', lifting('string', slice(0, -1)), /string_bytes|out of bounds/],
    ['a string at the last address', lifting('string', slice(-1, 2)), /out of bounds/],
    ['a string that is no UTF-8', lifting('string', slice(1024, 2), { data: '\\c3\\28' }), /well-formed/],
    ['a surrogate in UTF-8', lifting('string', slice(1024, 3), { data: '\\ed\\a0\\80' }), /well-formed/],
    [
      'half a surrogate pair',
      lifting('string', slice(1024, 1), { data: '\\3d\\d8', encoding: 'utf16' }),
      /well-formed/,
    ],
    ['UTF-16 at an odd address', lifting('string', slice(1025, 1), { encoding: 'utf16' }), /misaligned/],
    ['a list past the end', lifting('(list u64)', slice(0, 8_193)), /out of bounds/],
    ['a list of 2^32 - 1 items', lifting('(list u64)', slice(0, -1)), /out of bounds/],
    ['bytes past the end', lifting('(list u8)', slice(1, 65_536)), /out of bounds/],
    ['a misaligned list', lifting('(list u32)', slice(2, 1)), /misaligned/],
    ['a misaligned result', lifting('string', '(i32.const 2)'), /misaligned/],
    ['a result past the end', lifting('string', '(i32.const 65532)'), /out of bounds/],
    ['a result at the last address', lifting('string', '(i32.const -4)'), /out of bounds/],
    ['a case there is not', lifting('(enum "a" "b")', '(i32.const 2)'), /discriminant 2/],
    ['a case there is not, negative', lifting('(enum "a")', '(i32.const -1)'), /discriminant 4294967295/],
    [
      'a case there is not, in memory',
      lifting('(option u32)', '(i32.store8 (i32.const 8) (i32.const 9)) (i32.const 8)'),
      /discriminant 9/,
    ],
    ['a surrogate as a char', lifting('char', '(i32.const 0xd800)'), /no Unicode scalar/],
    ['a char over the last', lifting('char', '(i32.const 0x110000)'), /no Unicode scalar/],
    ['a char below the first', lifting('char', '(i32.const -1)'), /no Unicode scalar/],
  ])('%s is a trap', async (_what, text, message) => {
    const { call } = exported(await linkComponent(await wat(text)), 'f');
    const attempt = (): unknown => call();
    expect(attempt).toThrow(
      expect.toSatisfy(
        (error) => (error instanceof Trap || error instanceof LimitReached) && message.test(error.message),
      ) as Error,
    );
    expect(attempt).toThrow(/trapped before/);
  });
});

/** A guest that takes a list, and whose allocator answers `at` or calls out. */
const allocating = (realloc: string): string => `(component
  (import "out" (func $out))
  (core func $out (canon lower (func $out)))
  (core module $m (import "h" "out" (func $out)) (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) ${realloc})
    (func (export "f") (param i32 i32)) (func (export "post") (call $out)) (func (export "g")))
  (core instance $i (instantiate $m (with "h" (instance (export "out" (func $out))))))
  (alias core export $i "memory" (core memory $memory))
  (func (export "f") (param "it" (list u32)) (canon lift (core func $i "f") (memory $memory) (realloc (core func $i "realloc"))))
  (func (export "g") (canon lift (core func $i "g") (post-return (core func $i "post")))))`;

describe('a guest that allocates badly [R-COMPONENT-1]', () => {
  it.each<readonly [string, string, RegExp]>([
    ['past the end', '(i32.const 65536)', /out of bounds/],
    ['close to the end', '(i32.const 65532)', /out of bounds/],
    ['at the last address', '(i32.const -4)', /out of bounds/],
    ['without the alignment asked for', '(i32.const 1026)', /misaligned/],
    ['while it calls out', '(call $out) (i32.const 1024)', /called out while it must not/],
  ])('%s is stopped', async (_what, realloc, message) => {
    const instance = await linkComponent(await wat(allocating(realloc)), () => () => undefined);
    expect(() => exported(instance, 'f').call([1, 2])).toThrow(message);
    expect(() => exported(instance, 'g').call()).toThrow(/trapped before/);
  });

  it('may not call out of its clean-up either', async () => {
    const instance = await linkComponent(await wat(allocating('(i32.const 1024)')), () => () => undefined);
    expect(() => exported(instance, 'g').call()).toThrow(/called out while it must not/);
  });

  it('cannot be entered while it is being called', async () => {
    const bytes = await wat(`(component
      (import "out" (func $out)) (core func $out (canon lower (func $out)))
      (core module $m (import "h" "out" (func $out)) (func (export "f") (call $out)))
      (core instance $i (instantiate $m (with "h" (instance (export "out" (func $out))))))
      (func (export "f") (canon lift (core func $i "f"))))`);
    const instance = await linkComponent(bytes, () => () => exported(instance, 'f').call());
    expect(() => exported(instance, 'f').call()).toThrow(/being called already/);
  });

  it('sees a thrown err of the host as a result, and any other error passes through it', async () => {
    const bytes = await wat(`(component
      (import "out" (func $out (result (result u32 (error u32)))))
      (core module $l (memory (export "memory") 1)) (core instance $l (instantiate $l))
      (core func $out (canon lower (func $out) (memory (core memory $l "memory"))))
      (core module $m (import "h" "out" (func $out (param i32))) (import "l" "memory" (memory 1))
        (func (export "f") (result i32) (call $out (i32.const 16)) (i32.load (i32.const 20))))
      (core instance $i (instantiate $m (with "h" (instance (export "out" (func $out)))) (with "l" (instance $l))))
      (func (export "f") (result u32) (canon lift (core func $i "f"))))`);
    const thrown = [new ResultError(7), new RangeError('of the host')];
    const instance = await linkComponent(bytes, () => () => {
      throw thrown.shift() ?? new Error('too many calls');
    });
    expect(exported(instance, 'f').call()).toBe(7);
    expect(() => exported(instance, 'f').call()).toThrow(RangeError);
  });
});

/** Lifts a core function of one type under a signature of another. */
function mismatched(core: readonly number[], body: readonly number[], signature: readonly number[]): Uint8Array {
  const { SECTION, SORT } = wasm;
  const module = wasm.coreModule(
    wasm.section(1, core),
    wasm.section(3, [0]),
    wasm.section(7, [1, 0x66, 0, 0]),
    wasm.section(10, [body.length + 2, 0, ...body, 0x0b]),
  );
  return wasm.component(
    wasm.raw(SECTION.coreModule, [...module]),
    wasm.section(SECTION.coreInstance, [0, 0, 0]),
    wasm.section(SECTION.alias, [0, 0, 1, 0, 1, 0x66]),
    wasm.section(SECTION.type, signature),
    wasm.section(SECTION.canon, [0, 0, 0, 0, 0]),
    wasm.section(SECTION.export, [...wasm.externName('f'), SORT.function, 0, 0]),
  );
}

/** Lowers a function of one type, and imports and calls it with what `given` is. */
function callingOut(type: string, given: string): string {
  const core = [...given.matchAll(/\((\w+)\.const/g)].map(([, name]) => name).join(' ');
  return `(component
    (import "out" (func $out (param "it" ${type})))
    (core func $out (canon lower (func $out)))
    (core module $m (import "h" "out" (func $out (param ${core}))) (func (export "f") (call $out ${given})))
    (core instance $i (instantiate $m (with "h" (instance (export "out" (func $out))))))
    (func (export "f") (canon lift (core func $i "f"))))`;
}

describe('a core function with another type than its component says [R-COMPONENT-2]', () => {
  const U64 = 0x77;
  it.each<readonly [string, Uint8Array, readonly unknown[]]>([
    ['takes i64 for a u32', mismatched([0x60, 1, 0x7e, 0], [], wasm.functionType([['a', [wasm.U32]]])), [1]],
    ['takes i32 for a u64', mismatched([0x60, 1, 0x7f, 0], [], wasm.functionType([['a', [U64]]])), [1n]],
    ['takes more than it is given', mismatched([0x60, 1, 0x7e, 0], [], wasm.functionType([])), []],
    ['gives i64 for a u32', mismatched([0x60, 0, 1, 0x7e], [0x42, 1], wasm.functionType([], [wasm.U32])), []],
    ['gives i32 for a u64', mismatched([0x60, 0, 1, 0x7f], [0x41, 1], wasm.functionType([], [U64])), []],
    ['gives nothing for a u32', mismatched([0x60, 0, 0], [], wasm.functionType([], [wasm.U32])), []],
  ])('%s', async (_what, bytes, args) => {
    const { call } = exported(await linkComponent(bytes), 'f');
    expect(() => call(...args)).toThrow(new Trap('a core function has another type than the component says'));
  });

  it.each<readonly [string, string, string]>([
    ['i32 for a u64', 'u64', '(i32.const 1)'],
    ['f64 for a u64', 'u64', '(f64.const 1.5)'],
    ['i64 for a u32', 'u32', '(i64.const 1)'],
    ['i64 for an f32', 'f32', '(i64.const 1)'],
    ['f64 for the i64 of a result', '(result u64 (error f32))', '(i32.const 0) (f64.const 1.5)'],
  ])('calls out with %s', async (_what, type, given) => {
    const bytes = await wat(callingOut(type, given));
    const instance = await linkComponent(bytes, () => () => undefined);
    expect(() => exported(instance, 'f').call()).toThrow(
      new Trap('a core function has another type than the component says'),
    );
  });

  it('a core import that is not there is a malformed module', async () => {
    const core = wasm.coreModule(wasm.section(1, [0x60, 0, 0]), wasm.section(2, [1, 0x61, 1, 0x62, 0, 0]));
    const bytes = wasm.component(
      wasm.raw(wasm.SECTION.coreModule, [...core]),
      wasm.section(wasm.SECTION.coreInstance, [0, 0, 0]),
    );
    await expect(linkComponent(bytes)).rejects.toMatchObject({ code: 'E_MODULE' });
  });
});
