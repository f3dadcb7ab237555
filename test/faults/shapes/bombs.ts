import * as wasm from '../../host/component/binary.ts';

// Modules of less than 1 MiB for which an engine takes gigabytes or minutes: values alive, times branches that join.

const END = 0x0b;
const I32_CONST = 0x41;
const IF_EMPTY = [0x04, 0x40, END];

const repeat = (count: number, bytes: readonly number[]): number[] => Array.from({ length: count }, () => bytes).flat();

/** A module with one function, `go`, and as many types more. */
function moduleOf(body: readonly number[], moreTypes: readonly number[][] = []): Uint8Array {
  return wasm.coreModule(
    wasm.section(1, [0x60, 0, 0], ...moreTypes),
    wasm.section(3, [0]),
    wasm.section(7, [...wasm.name('go'), 0, 0]),
    wasm.section(10, [...wasm.leb(body.length), ...body]),
  );
}

export const BOMBS: readonly (() => Uint8Array)[] = [
  // 50,000 locals, 40,000 ifs.
  () => moduleOf([1, ...wasm.leb(50_000), 0x7f, ...repeat(40_000, [I32_CONST, 0, ...IF_EMPTY]), END]),
  // 20,000 values on the stack, 20,000 ifs.
  () =>
    moduleOf([
      0,
      ...repeat(20_000, [I32_CONST, 0]),
      ...repeat(20_000, [I32_CONST, 0, ...IF_EMPTY]),
      ...repeat(20_000, [0x1a]),
      END,
    ]),
  // 100,000 types, all different.
  () => {
    const kinds = [0x7f, 0x7e, 0x7d, 0x7c];
    const digits = (n: number): number[] => Array.from({ length: 9 }, (_, i) => kinds[(n >> (2 * i)) & 3] as number);
    return moduleOf(
      [0, END],
      Array.from({ length: 100_000 }, (_, n) => [0x60, 9, ...digits(n), 0]),
    );
  },
];
