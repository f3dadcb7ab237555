import { inspectModule } from '../../../host/module/inspect.ts';
import { capModules } from '../../../host/wasm/cap-module.ts';
import { meterModule } from '../../../host/wasm/meter.ts';
import { isComponent } from '../../../host/wasm/module.ts';
import type { FixedName } from '../../../host/limits.ts';
import * as wasm from '../component/binary.ts';

// A module for each static limit, with as much of what it bounds as is asked for.

const { SECTION } = wasm;
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const nested = (inner: Uint8Array): number[] => wasm.raw(SECTION.component, [...inner]);
const I32 = 0x7f;
const NOP = 0x01;
const END = 0x0b;
const DROP = 0x1a;
const NOTHING_TYPE = wasm.section(1, [0x60, 0, 0]);

/** A core module of functions with these bodies. */
function functions(...bodies: readonly (readonly number[])[]): Uint8Array {
  return wasm.coreModule(
    NOTHING_TYPE,
    wasm.section(3, ...bodies.map(() => [0])),
    wasm.section(10, ...bodies.map((body) => [...wasm.leb(body.length), ...body])),
  );
}

/** A body with so many locals, and so many branches that each of them is alive at. */
function branching(locals: number, branches: number): number[] {
  return [1, ...wasm.leb(locals), I32, ...times(branches, () => [0x41, 0, 0x04, 0x40, END]).flat(), END];
}

function instantiated(inner: Uint8Array, count: number): Uint8Array {
  return wasm.component(nested(inner), wasm.section(SECTION.instance, ...times(count, () => wasm.instantiate(0))));
}

/** Components side by side, each of which instantiates the one before it. */
function chained(length: number): Uint8Array {
  const next = (previous: number): Uint8Array =>
    wasm.component(
      wasm.section(SECTION.alias, [wasm.SORT.component, 2, 1, previous]),
      wasm.section(SECTION.instance, wasm.instantiate(0)),
    );
  return wasm.component(
    nested(wasm.component()),
    ...times(length - 1, (i) => nested(next(i))),
    wasm.section(SECTION.instance, wasm.instantiate(length - 1)),
  );
}

/** By limit, a module that has so much. */
export const MODULES = {
  types: (count) => wasm.coreModule(wasm.section(1, ...times(count, () => [0x60, 0, 0]))),
  params: (count) => wasm.coreModule(wasm.section(1, [0x60, ...wasm.vector(times(count, () => [I32])), 0])),
  results: (count) => wasm.coreModule(wasm.section(1, [0x60, 0, ...wasm.vector(times(count, () => [I32]))])),
  locals: (count) => functions([1, ...wasm.leb(count), I32, END]),
  operand_height: (count) => functions([0, ...times(count, () => [0x41, 0]).flat(), ...times(count, () => DROP), END]),
  body_kb: (count) => functions([0, ...times(count * 1024 - 2, () => NOP), END]),
  functions: (count) => wasm.coreModule(NOTHING_TYPE, wasm.raw(3, [...wasm.leb(count), ...times(count, () => 0)])),
  imports: (count) => wasm.coreModule(NOTHING_TYPE, wasm.section(2, ...times(count, () => [1, 0x65, 0, 0, 0]))),
  exports: (count) =>
    wasm.coreModule(
      NOTHING_TYPE,
      wasm.section(3, [0]),
      wasm.section(7, ...times(count, (i) => [...wasm.name(`f${i}`), 0, 0])),
    ),
  tables: (count) => wasm.coreModule(wasm.section(4, ...times(count, () => [0x70, 0, 0]))),
  name_bytes: (count) =>
    wasm.coreModule(NOTHING_TYPE, wasm.section(3, [0]), wasm.section(7, [...wasm.name('x'.repeat(count)), 0, 0])),
  core_modules: (count) => wasm.component(...times(count, () => wasm.raw(SECTION.coreModule, [...wasm.coreModule()]))),
  definitions: (count) =>
    wasm.component(
      wasm.section(SECTION.type, ...times(50_000, () => [I32])),
      wasm.section(SECTION.type, ...times(count - 50_000, () => [I32])),
    ),
  list_length: (count) => wasm.component(wasm.section(SECTION.type, ...times(count, () => [I32]))),
  nesting: (count) => times(count, () => 0).reduce((inner) => wasm.component(nested(inner)), wasm.component()),
  instance_depth: (count) => chained(count - 1),
  type_depth: (count) =>
    wasm.component(
      wasm.section(SECTION.type, ...times(count, (i) => (i === 0 ? [0x70, I32] : [0x6b, ...wasm.leb(i - 1)]))),
    ),
  type_parts: (count) =>
    wasm.component(wasm.section(SECTION.type, [0x6f, ...wasm.vector(times(count - 1, () => [wasm.U32]))])),
} as const satisfies Partial<Record<FixedName, (count: number) => Uint8Array>>;

/** By limit, a module that is far over it. */
export const BOMBS = {
  list_items: () =>
    wasm.coreModule(NOTHING_TYPE, ...times(6, () => wasm.raw(3, [...wasm.leb(99_000), ...times(99_000, () => 0)]))),
  link_steps: () => times(10, () => 0).reduce((inner) => instantiated(inner, 8), wasm.component()),
  function_cost: () => functions(branching(4_000, 300)),
  module_cost: () => functions(...times(30, () => branching(4_000, 220))),
} as const satisfies Partial<Record<FixedName, () => Uint8Array>>;

/** Everything a module goes through before the engine sees it. */
export function admit(bytes: Uint8Array): void {
  inspectModule(bytes);
  if (isComponent(bytes)) return;
  for (const capped of capModules([bytes], { memoryMb: 64, tableElements: 100_000 }))
    meterModule(bytes, 'meter', capped);
}
