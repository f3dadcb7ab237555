import { describe, expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import { capModules } from '../../../host/wasm/cap-module.ts';
import * as wasm from '../component/binary.ts';
import { codeOf } from '../component/refusal.ts';

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const LIMITS = { memoryMb: 64, tableElements: 100_000 };
const memory = (...limits: readonly number[][]): number[] => wasm.section(5, ...limits);
const table = (...limits: readonly number[][]): number[] => wasm.section(4, ...limits.map((limit) => [0x70, ...limit]));
const least = (min: number): number[] => [0, ...wasm.leb(min)];

describe('core module bombs [R-COMPONENT-2]', () => {
  it.each<readonly [string, readonly Uint8Array[], string | undefined]>([
    ['a memory of the whole limit', [wasm.coreModule(memory(least(1_024)))], undefined],
    ['a memory one page over the limit', [wasm.coreModule(memory(least(1_025)))], 'E_MEMORY'],
    ['a memory of 4 GiB', [wasm.coreModule(memory(least(65_536)))], 'E_MEMORY'],
    ['memories over the limit only together', times(3, () => wasm.coreModule(memory(least(500)))), 'E_MEMORY'],
    ['two memories in one module', [wasm.coreModule(memory(least(1), least(1)))], 'E_MODULE'],
    ['a table of ten million entries', [wasm.coreModule(table(least(10_000_000)))], 'E_MODULE_LIMIT'],
    ['a table of 2^32 - 1 entries', [wasm.coreModule(table(least(0xffff_ffff)))], 'E_MODULE_LIMIT'],
    ['17 tables', [wasm.coreModule(table(...times(17, () => least(1))))], 'E_MODULE_LIMIT'],
    [
      '17 tables over two modules',
      [8, 9].map((count) => wasm.coreModule(table(...times(count, () => least(1))))),
      'E_MODULE_LIMIT',
    ],
  ])('%s', (_what, modules, code) => {
    expect(codeOf(() => capModules(modules, LIMITS))).toBe(code);
  });

  it.each<readonly [string, () => Uint8Array, string]>([
    ['1,001 types', () => wasm.coreModule(wasm.section(1, ...times(1_001, () => [0x60, 0, 0]))), 'E_MODULE_LIMIT'],
    [
      '101 parameters',
      () => wasm.coreModule(wasm.section(1, [0x60, 101, ...times(101, () => 0x7f), 0])),
      'E_MODULE_LIMIT',
    ],
    ['33 results', () => wasm.coreModule(wasm.section(1, [0x60, 0, 33, ...times(33, () => 0x7f)])), 'E_MODULE_LIMIT'],
    [
      '100,001 functions',
      () =>
        wasm.coreModule(wasm.section(1, [0x60, 0, 0]), wasm.raw(3, [...wasm.leb(100_001), ...times(100_001, () => 0)])),
      'E_MODULE_LIMIT',
    ],
    [
      'functions in section after section',
      () =>
        wasm.coreModule(
          wasm.section(1, [0x60, 0, 0]),
          ...times(6, () => wasm.raw(3, [...wasm.leb(99_000), ...times(99_000, () => 0)])),
        ),
      'E_MODULE_LIMIT',
    ],
    [
      '10,001 exports',
      () => wasm.coreModule(wasm.section(7, ...times(10_001, (i) => [...wasm.name(`f${i}`), 0, 0]))),
      'E_MODULE_LIMIT',
    ],
    [
      '10,001 imports',
      () => wasm.coreModule(wasm.section(1, [0x60, 0, 0]), wasm.section(2, ...times(10_001, () => [1, 0x65, 0, 0, 0]))),
      'E_MODULE_LIMIT',
    ],
  ])('%s, bare or inside a component', (_what, make, code) => {
    const core = make();
    expect(codeOf(() => inspectModule(core))).toBe(code);
    expect(codeOf(() => inspectModule(wasm.component(wasm.raw(wasm.SECTION.coreModule, [...core]))))).toBe(code);
  });
});
