// Written from the index of instructions of the WebAssembly specification (3.0 without its garbage collection, typed
// references, 64-bit and multiple memories, and relaxed vectors), plus the legacy exception proposal. It shares nothing
// with the decoder of the product, which it is there to contradict.

/** What follows an opcode in the binary. */
export type Immediate =
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'lane'
  | 'lanes'
  | 'memory argument'
  | 'block type'
  | 'label'
  | 'labels'
  | 'function'
  | 'type'
  | 'table'
  | 'local'
  | 'global'
  | 'tag'
  | 'element segment'
  | 'data segment'
  | 'memory'
  | 'heap type'
  | 'value types'
  | 'catches';

/** Value types by letter: i32 i, i64 l, f32 f, f64 d, v128 v, funcref r, externref x, exnref e. */
export type Letter = 'i' | 'l' | 'f' | 'd' | 'v' | 'r' | 'x' | 'e';

export interface Opcode {
  readonly name: string;
  /** The prefix byte 0xfc or 0xfd, or 0 for an opcode of one byte. */
  readonly prefix: 0 | 0xfc | 0xfd;
  readonly code: number;
  readonly immediates: readonly Immediate[];
  /** Operands and results, for instructions whose type does not depend on their place. */
  readonly type: { readonly params: readonly Letter[]; readonly results: readonly Letter[] } | undefined;
}

const SHORT: Readonly<Record<string, Immediate>> = {
  block: 'block type',
  m: 'memory argument',
  func: 'function',
  elem: 'element segment',
  data: 'data segment',
  mem: 'memory',
  heap: 'heap type',
  types: 'value types',
};

// code, name, immediates, `operands>results` (absent: depends on its place). A name `x.{a b c}` stands for consecutive codes.
const ONE_BYTE = `
00 unreachable
01 nop
02 {block loop if} block
05 else
06 try block
07 {catch throw rethrow} .
0a throw_ref
0b end
0c {br br_if} label
0e br_table labels
0f return
10 {call} func
11 call_indirect type table
12 return_call func
13 return_call_indirect type table
18 delegate label
19 catch_all
1a drop
1b select
1c select_t types
1f try_table block catches
20 local.{get set tee} local
23 global.{get set} global
25 table.{get set} table
28 i32.load m i>i
29 i64.load m i>l
2a f32.load m i>f
2b f64.load m i>d
2c i32.load{8_s 8_u 16_s 16_u} m i>i
30 i64.load{8_s 8_u 16_s 16_u 32_s 32_u} m i>l
36 i32.store m ii>
37 i64.store m il>
38 f32.store m if>
39 f64.store m id>
3a i32.store{8 16} m ii>
3c i64.store{8 16 32} m il>
3f memory.size mem >i
40 memory.grow mem i>i
41 i32.const i32 >i
42 i64.const i64 >l
43 f32.const f32 >f
44 f64.const f64 >d
45 i32.eqz - i>i
46 i32.{eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u} - ii>i
50 i64.eqz - l>i
51 i64.{eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u} - ll>i
5b f32.{eq ne lt gt le ge} - ff>i
61 f64.{eq ne lt gt le ge} - dd>i
67 i32.{clz ctz popcnt} - i>i
6a i32.{add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr} - ii>i
79 i64.{clz ctz popcnt} - l>l
7c i64.{add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr} - ll>l
8b f32.{abs neg ceil floor trunc nearest sqrt} - f>f
92 f32.{add sub mul div min max copysign} - ff>f
99 f64.{abs neg ceil floor trunc nearest sqrt} - d>d
a0 f64.{add sub mul div min max copysign} - dd>d
a7 i32.wrap_i64 - l>i
a8 i32.trunc_f32{_s _u} - f>i
aa i32.trunc_f64{_s _u} - d>i
ac i64.extend_i32{_s _u} - i>l
ae i64.trunc_f32{_s _u} - f>l
b0 i64.trunc_f64{_s _u} - d>l
b2 f32.convert_i32{_s _u} - i>f
b4 f32.convert_i64{_s _u} - l>f
b6 f32.demote_f64 - d>f
b7 f64.convert_i32{_s _u} - i>d
b9 f64.convert_i64{_s _u} - l>d
bb f64.promote_f32 - f>d
bc i32.reinterpret_f32 - f>i
bd i64.reinterpret_f64 - d>l
be f32.reinterpret_i32 - i>f
bf f64.reinterpret_i64 - l>d
c0 i32.extend{8_s 16_s} - i>i
c2 i64.extend{8_s 16_s 32_s} - l>l
d0 ref.null heap
d1 ref.is_null
d2 ref.func func >r
`;

const BULK = `
00 i32.trunc_sat_f32{_s _u} - f>i
02 i32.trunc_sat_f64{_s _u} - d>i
04 i64.trunc_sat_f32{_s _u} - f>l
06 i64.trunc_sat_f64{_s _u} - d>l
08 memory.init data,mem iii>
09 data.drop data >
0a memory.copy mem,mem iii>
0b memory.fill mem iii>
0c table.init elem,table iii>
0d elem.drop elem >
0e table.copy table,table iii>
0f table.grow table
10 table.size table >i
11 table.fill table
`;

const VECTOR = `
00 v128.load{ 8x8_s 8x8_u 16x4_s 16x4_u 32x2_s 32x2_u 8_splat 16_splat 32_splat 64_splat} m i>v
0b v128.store m iv>
0c v128.const v128 >v
0d i8x16.shuffle lanes vv>v
0e i8x16.swizzle - vv>v
0f {i8x16 i16x8 i32x4}.splat - i>v
12 i64x2.splat - l>v
13 f32x4.splat - f>v
14 f64x2.splat - d>v
15 i8x16.extract_lane{_s _u} lane v>i
17 i8x16.replace_lane lane vi>v
18 i16x8.extract_lane{_s _u} lane v>i
1a i16x8.replace_lane lane vi>v
1b i32x4.extract_lane lane v>i
1c i32x4.replace_lane lane vi>v
1d i64x2.extract_lane lane v>l
1e i64x2.replace_lane lane vl>v
1f f32x4.extract_lane lane v>f
20 f32x4.replace_lane lane vf>v
21 f64x2.extract_lane lane v>d
22 f64x2.replace_lane lane vd>v
23 i8x16.{eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u} - vv>v
2d i16x8.{eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u} - vv>v
37 i32x4.{eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u} - vv>v
41 f32x4.{eq ne lt gt le ge} - vv>v
47 f64x2.{eq ne lt gt le ge} - vv>v
4d v128.not - v>v
4e v128.{and andnot or xor} - vv>v
52 v128.bitselect - vvv>v
53 v128.any_true - v>i
54 v128.load{8 16 32 64}_lane m,lane iv>v
58 v128.store{8 16 32 64}_lane m,lane iv>
5c v128.load{32 64}_zero m i>v
5e f32x4.demote_f64x2_zero - v>v
5f f64x2.promote_low_f32x4 - v>v
60 i8x16.{abs neg popcnt} - v>v
63 i8x16.{all_true bitmask} - v>i
65 i8x16.narrow_i16x8{_s _u} - vv>v
67 f32x4.{ceil floor trunc nearest} - v>v
6b i8x16.{shl shr_s shr_u} - vi>v
6e i8x16.{add add_sat_s add_sat_u sub sub_sat_s sub_sat_u} - vv>v
74 f64x2.{ceil floor} - v>v
76 i8x16.{min_s min_u max_s max_u} - vv>v
7a f64x2.trunc - v>v
7b i8x16.avgr_u - vv>v
7c i16x8.extadd_pairwise_i8x16{_s _u} - v>v
7e i32x4.extadd_pairwise_i16x8{_s _u} - v>v
80 i16x8.{abs neg} - v>v
82 i16x8.q15mulr_sat_s - vv>v
83 i16x8.{all_true bitmask} - v>i
85 i16x8.narrow_i32x4{_s _u} - vv>v
87 i16x8.extend_{low_i8x16_s high_i8x16_s low_i8x16_u high_i8x16_u} - v>v
8b i16x8.{shl shr_s shr_u} - vi>v
8e i16x8.{add add_sat_s add_sat_u sub sub_sat_s sub_sat_u} - vv>v
94 f64x2.nearest - v>v
95 i16x8.{mul min_s min_u max_s max_u} - vv>v
9b i16x8.avgr_u - vv>v
9c i16x8.extmul_{low_i8x16_s high_i8x16_s low_i8x16_u high_i8x16_u} - vv>v
a0 i32x4.{abs neg} - v>v
a3 i32x4.{all_true bitmask} - v>i
a7 i32x4.extend_{low_i16x8_s high_i16x8_s low_i16x8_u high_i16x8_u} - v>v
ab i32x4.{shl shr_s shr_u} - vi>v
ae i32x4.add - vv>v
b1 i32x4.sub - vv>v
b5 i32x4.{mul min_s min_u max_s max_u dot_i16x8_s} - vv>v
bc i32x4.extmul_{low_i16x8_s high_i16x8_s low_i16x8_u high_i16x8_u} - vv>v
c0 i64x2.{abs neg} - v>v
c3 i64x2.{all_true bitmask} - v>i
c7 i64x2.extend_{low_i32x4_s high_i32x4_s low_i32x4_u high_i32x4_u} - v>v
cb i64x2.{shl shr_s shr_u} - vi>v
ce i64x2.add - vv>v
d1 i64x2.sub - vv>v
d5 i64x2.{mul eq ne lt_s gt_s le_s ge_s} - vv>v
dc i64x2.extmul_{low_i32x4_s high_i32x4_s low_i32x4_u high_i32x4_u} - vv>v
e0 f32x4.{abs neg} - v>v
e3 f32x4.sqrt - v>v
e4 f32x4.{add sub mul div min max pmin pmax} - vv>v
ec f64x2.{abs neg} - v>v
ef f64x2.sqrt - v>v
f0 f64x2.{add sub mul div min max pmin pmax} - vv>v
f8 i32x4.trunc_sat_f32x4{_s _u} - v>v
fa f32x4.convert_i32x4{_s _u} - v>v
fc i32x4.trunc_sat_f64x2{_s_zero _u_zero} - v>v
fe f64x2.convert_low_i32x4{_s _u} - v>v
`;

function readTable(prefix: Opcode['prefix'], text: string): Opcode[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [, code = '', head = '', list = '', tail = '', rest = ''] =
        /^(\S+) ([^{ ]*)(?:\{([^}]*)\})?(\S*)((?: .*)?)$/.exec(line) ?? [];
      const words = rest.trim().split(' ');
      const type = words.find((word) => word.includes('>'));
      const immediates = words
        .filter((word) => !['', '-', '.', type].includes(word))
        .flatMap((word) => word.split(','))
        .map((word) => SHORT[word] ?? (word as Immediate));
      return list.split(' ').map((part, i): Opcode => {
        const name = `${head}${part}${tail}`;
        return {
          name,
          prefix,
          code: Number.parseInt(code, 16) + i,
          immediates: name === 'rethrow' ? ['label'] : ['catch', 'throw'].includes(name) ? ['tag'] : immediates,
          type: type === undefined ? undefined : readType(type),
        };
      });
    });
}

function readType(text: string): NonNullable<Opcode['type']> {
  const [params = '', results = ''] = text.split('>');
  return { params: Array.from(params) as Letter[], results: Array.from(results) as Letter[] };
}

/** Every instruction that is metered. */
export const OPCODES: readonly Opcode[] = [
  ...readTable(0, ONE_BYTE),
  ...readTable(0xfc, BULK),
  ...readTable(0xfd, VECTOR),
];

const byName = new Map(OPCODES.map((opcode) => [opcode.name, opcode]));
const byCode = new Map(OPCODES.map((opcode) => [opcode.prefix * 0x1000 + opcode.code, opcode]));

export function opcodeOf(name: string): Opcode {
  const opcode = byName.get(name);
  if (opcode === undefined) throw new Error(`no instruction ${name}`);
  return opcode;
}

export function findOpcode(prefix: number, code: number): Opcode | undefined {
  return byCode.get(prefix * 0x1000 + code);
}
