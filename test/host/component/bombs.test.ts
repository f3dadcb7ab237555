import { describe, expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import * as wasm from './binary.ts';
import { codeOf } from './refusal.ts';
import { linkComponent } from './link.ts';

const { SECTION, SORT } = wasm;
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const nested = (inner: Uint8Array): number[] => wasm.raw(SECTION.component, [...inner]);

/** A component in which `inner` is instantiated `count` times. */
function instantiated(inner: Uint8Array, count: number): Uint8Array {
  return wasm.component(nested(inner), wasm.section(SECTION.instance, ...times(count, () => wasm.instantiate(0))));
}

/** `depth` components, each of which instantiates the one inside it `count` times. */
function multiplying(depth: number, count: number): Uint8Array {
  return times(depth, () => count).reduce((inner) => instantiated(inner, count), wasm.component());
}

/** Components side by side, each of which instantiates the one before it twice. */
function doublingSiblings(length: number): Uint8Array {
  const twice = (previous: number): Uint8Array =>
    wasm.component(
      wasm.section(SECTION.alias, [SORT.component, 2, 1, previous]),
      wasm.section(SECTION.instance, wasm.instantiate(0), wasm.instantiate(0)),
    );
  return wasm.component(
    nested(wasm.component()),
    ...times(length, (i) => nested(twice(i))),
    wasm.section(SECTION.instance, wasm.instantiate(length)),
  );
}

/** Types each of which mentions the one before twice. */
function doublingTypes(depth: number, pair: (previous: number) => number[]): Uint8Array {
  return wasm.component(wasm.section(SECTION.type, [0x70, wasm.U32], ...times(depth, pair)));
}

/** Instantiates, by an outer alias, the component it is. */
const selfMade = wasm.component(
  wasm.section(SECTION.alias, [SORT.component, 2, 1, 0]),
  wasm.section(SECTION.instance, wasm.instantiate(0)),
);

function imported(...types: readonly number[][]): Uint8Array {
  return wasm.component(
    wasm.section(SECTION.type, ...types),
    wasm.section(SECTION.import, wasm.importInstance('x', types.length - 1)),
  );
}

const manyFields = (count: number): number[] => wasm.vector(times(count, (i) => [...wasm.name(`f${i}`), wasm.U32]));
const bigInstance = (count: number): number[] => [
  0x01,
  ...wasm.vector(times(count, (i) => [...wasm.externName(`f${i}`), SORT.type, 0])),
];

/** One type section of `count` copies of a type, written without holding them as lists. */
function typesOver(count: number, type: readonly number[]): Uint8Array {
  return Uint8Array.from([
    ...wasm.component(),
    ...wasm.raw(SECTION.type, [...wasm.leb(count), ...times(count, () => type).flat()]),
  ]);
}

describe('component bombs [R-COMPONENT-2]', () => {
  it.each<readonly [string, () => Uint8Array, string | undefined]>([
    ['2^12 instances, which is few enough', () => multiplying(12, 2), undefined],
    ['8^10 instances', () => multiplying(10, 8), 'E_MODULE_LIMIT'],
    ['2^40 instances of components side by side', () => doublingSiblings(40), 'E_MODULE_LIMIT'],
    ['components 100 deep side by side', () => doublingSiblings(100), 'E_MODULE_LIMIT'],
    ['a component that instantiates itself', () => instantiated(selfMade, 1), 'E_MODULE_LIMIT'],
    [
      'components 40 deep in the binary',
      () => times(40, () => 1).reduce((inner) => instantiated(inner, 1), wasm.component()),
      'E_MODULE_LIMIT',
    ],
    [
      'types 60 deep in the binary',
      () =>
        wasm.component(
          wasm.section(
            SECTION.type,
            times(60, () => 0).reduce((inner) => [0x42, 1, 1, ...inner], [0x7f]),
          ),
        ),
      'E_MODULE_LIMIT',
    ],
    ['tuples of tuples, 2^40 parts', () => doublingTypes(40, (i) => [0x6f, 2, i, i]), 'E_MODULE_LIMIT'],
    [
      'records of records, 2^20 parts',
      () => doublingTypes(20, (i) => [0x72, 2, ...wasm.name('a'), i, ...wasm.name('b'), i]),
      'E_MODULE_LIMIT',
    ],
    ['results of results, 2^30 parts', () => doublingTypes(30, (i) => [0x6a, 1, i, 1, i]), 'E_MODULE_LIMIT'],
    ['lists in lists, 1,000 deep', () => doublingTypes(1_000, (i) => [0x70, ...wasm.leb(i)]), 'E_MODULE'],
    [
      'an instance type that contains itself',
      () => imported(wasm.instanceType(wasm.outerType(1, 0), wasm.exportedInstance('a', 0))),
      'E_MODULE_LIMIT',
    ],
    [
      'instance types 5,000 deep',
      () =>
        imported(
          wasm.instanceType(),
          ...times(5_000, (i) => wasm.instanceType(wasm.outerType(1, i), wasm.exportedInstance('a', 0))),
        ),
      'E_MODULE_LIMIT',
    ],
    [
      'instance types that double',
      () =>
        imported(
          wasm.instanceType(),
          ...times(40, (i) =>
            wasm.instanceType(wasm.outerType(1, i), wasm.exportedInstance('a', 0), wasm.exportedInstance('b', 0)),
          ),
        ),
      'E_MODULE_LIMIT',
    ],
    [
      'a large instance type imported again and again',
      () =>
        wasm.component(
          wasm.section(SECTION.type, wasm.instanceType(...times(10_000, () => [0x01, 0x7f]))),
          wasm.section(SECTION.import, ...times(10_000, (i) => wasm.importInstance(`x${i}`, 0))),
        ),
      'E_MODULE_LIMIT',
    ],
    [
      'a large record in each of 10,000 instances',
      () => instantiated(wasm.component(wasm.section(SECTION.type, [0x72, ...manyFields(5_000)])), 10_000),
      'E_MODULE_LIMIT',
    ],
    [
      'a large instance in each of 10,000 instances',
      () =>
        instantiated(
          wasm.component(
            wasm.section(SECTION.type, [0x6e, 1, ...wasm.name('a')]),
            wasm.section(SECTION.instance, bigInstance(5_000)),
          ),
          10_000,
        ),
      'E_MODULE_LIMIT',
    ],
    [
      '100,001 definitions',
      () => wasm.component(...times(2, () => wasm.section(SECTION.type, ...times(50_001, () => [0x7f])))),
      'E_MODULE_LIMIT',
    ],
    ['10,001 exported functions', () => exporting(10_001), 'E_MODULE_LIMIT'],
    [
      'ten million declarations',
      () => typesOver(6, [0x42, ...wasm.leb(99_000), ...times(99_000, () => [0x01, 0x7f]).flat()]),
      'E_MODULE_LIMIT',
    ],
    [
      '65 core modules',
      () => wasm.component(...times(65, () => wasm.raw(SECTION.coreModule, [...wasm.coreModule()]))),
      'E_MODULE_LIMIT',
    ],
    ['a count of 2^32 - 1', () => wasm.component(wasm.raw(SECTION.type, [0xff, 0xff, 0xff, 0xff, 0x0f])), 'E_MODULE'],
    [
      'a vector of 2^32 - 1 fields',
      () => wasm.component(wasm.raw(SECTION.type, [1, 0x72, 0xff, 0xff, 0xff, 0xff, 0x0f])),
      'E_MODULE',
    ],
    ['a section longer than the file', () => wasm.component([SECTION.type, 0xff, 0xff, 0xff, 0xff, 0x0f]), 'E_MODULE'],
    ['an integer in six bytes', () => wasm.component([SECTION.type, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]), 'E_MODULE'],
  ])('%s', (_what, make, code) => {
    expect(codeOf(() => inspectModule(make()))).toBe(code);
  });

  it('an enum of 90,000 names still has a layout, and a short error', async () => {
    const names = wasm.vector(times(90_000, (i) => wasm.name(`n${i}`)));
    expect(codeOf(() => inspectModule(wasm.component(wasm.section(SECTION.type, [0x6d, ...names]))))).toBeUndefined();
    const instance = await linkComponent(exporting(1, [[0x6d, ...names], wasm.functionType([['a', [0]]])]));
    const [lifted] = instance.get('test:bomb/all')?.values() ?? [];
    expect(() => lifted?.call('nothing')).toThrow(/^expected one of n0, n1.{0,200}$/);
  });
});

/** Exports one lifted function, which takes nothing or what the last of `types` says, `count` times. */
function exporting(count: number, types: readonly number[][] = [wasm.functionType([])]): Uint8Array {
  const core = wasm.coreModule(
    wasm.section(1, [0x60, types.length - 1, ...times(types.length - 1, () => 0x7f), 0]),
    wasm.section(3, [0]),
    wasm.section(7, [...wasm.name('f'), 0, 0]),
    wasm.section(10, [2, 0, 0x0b]),
  );
  return wasm.component(
    wasm.raw(SECTION.coreModule, [...core]),
    wasm.section(SECTION.coreInstance, [0, 0, 0]),
    wasm.section(SECTION.alias, [0, 0, 1, 0, ...wasm.name('f')]),
    wasm.section(SECTION.type, ...types),
    wasm.section(SECTION.canon, [0, 0, 0, 0, types.length - 1]),
    wasm.section(SECTION.instance, [
      1,
      ...wasm.vector(times(count, (i) => [...wasm.externName(`f${i}`), SORT.function, 0])),
    ]),
    wasm.section(SECTION.export, [...wasm.externName('test:bomb/all'), SORT.instance, 0, 0]),
  );
}
