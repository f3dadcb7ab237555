import type { ValueType } from './tree.ts';

const bytesOf = (size: number, write: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(16);
  write(new DataView(bytes.buffer));
  return bytes.subarray(0, size);
};

const I32 = [0, 1, -1, 2, 7, 31, 32, 33, 0x7fff, 0x8000, 0xffff, 0x12345678, 0x7fffffff, -0x80000000, -0x7fffffff];
const I64 = [
  0n,
  1n,
  -1n,
  63n,
  64n,
  65n,
  0xffffffffn,
  0x100000000n,
  -0x80000000n,
  0x0123456789abcdefn,
  0x7fffffffffffffffn,
  -0x8000000000000000n,
];
const FLOATS = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, NaN, Infinity, -Infinity, 2147483647, 2147483648, -2147483649];
const F32 = [...FLOATS, 2 ** -149, 3.4028234663852886e38, 4294967295, 2 ** 63, 2 ** 64];
const F64 = [...FLOATS, 5e-324, Number.MAX_VALUE, 4294967296, -(2 ** 63), 2 ** 64];
/** NaNs whose bits are not those that JavaScript makes. */
const ODD_F32 = [0x7fa00000, 0xffc12345, 0x7f800001];
const ODD_F64 = [0x7ff4000000000000n, 0xfff8000012345678n];

const splat = (write: (view: DataView, at: number) => void, step: number): Uint8Array =>
  bytesOf(16, (view) => {
    for (let at = 0; at < 16; at += step) write(view, at);
  });

const VECTORS = [
  splat(() => {}, 16),
  splat((view, at) => view.setUint8(at, 0xff), 1),
  splat((view, at) => view.setUint8(at, at), 1),
  splat((view, at) => view.setUint8(at, at % 2 === 0 ? 0x80 : 0x7f), 1),
  splat((view, at) => view.setInt16(at, at % 4 === 0 ? -0x8000 : 0x7fff, true), 2),
  splat((view, at) => view.setInt32(at, at % 8 === 0 ? -0x80000000 : 0x7fffffff, true), 4),
  splat((view, at) => view.setFloat32(at, [NaN, -0, Infinity, 1.5][at / 4] ?? 0, true), 4),
  splat((view, at) => view.setFloat64(at, [-Infinity, 2147483647.5][at / 8] ?? 0, true), 8),
  splat((view, at) => view.setFloat64(at, [NaN, -0][at / 8] ?? 0, true), 8),
];

/** The bits of values at which instructions tend to differ, for each type that can lie in memory. */
export const EDGES: Readonly<Record<Exclude<ValueType, 'r' | 'x' | 'e'>, readonly Uint8Array[]>> = {
  i: I32.map((value) => bytesOf(4, (view) => view.setInt32(0, value, true))),
  l: I64.map((value) => bytesOf(8, (view) => view.setBigInt64(0, value, true))),
  f: [
    ...F32.map((value) => bytesOf(4, (view) => view.setFloat32(0, value, true))),
    ...ODD_F32.map((value) => bytesOf(4, (view) => view.setUint32(0, value, true))),
  ],
  d: [
    ...F64.map((value) => bytesOf(8, (view) => view.setFloat64(0, value, true))),
    ...ODD_F64.map((value) => bytesOf(8, (view) => view.setBigUint64(0, value, true))),
  ],
  v: VECTORS,
};

/** Addresses at the ends of a memory of one page, and of the address space. */
export const ADDRESSES: readonly Uint8Array[] = [0, 1, 7, 1024, 65519, 65520, 65528, 65532, 65535, 65536, -16, -1].map(
  (value) => bytesOf(4, (view) => view.setInt32(0, value, true)),
);
