import { describe, expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import { wat } from '../../fixtures/wat.ts';
import * as wasm from './binary.ts';
import { capAll } from './link.ts';
import { refusalOf } from './refusal.ts';

const { SECTION, SORT } = wasm;
const typed = (...type: readonly number[]): Uint8Array => wasm.component(wasm.section(SECTION.type, type));
const canon = (...body: readonly number[]): Uint8Array => wasm.component(wasm.section(SECTION.canon, body));
const coreType = (...type: readonly number[]): Uint8Array => wasm.coreModule(wasm.section(1, type));

// What the text format can say is said in text, so that the bytes are those of a real toolchain.
describe('features that are not supported are refused by name [R-COMPONENT-2]', () => {
  it.each<readonly [string, RegExp]>([
    ['(component (type (future u8)))', /futures/],
    ['(component (type (stream u8)))', /streams/],
    ['(component (type (func async (param "a" u8))))', /async functions/],
    ['(component (type (list u8 4)))', /fixed-size lists/],
    ['(component (core module (memory 1 2 shared)))', /shared memory \(threads\)/],
    ['(component (core module (memory i64 1)))', /64-bit memory/],
    ['(component (core module (table i64 1 funcref)))', /64-bit memory or tables/],
    ['(component (core module (type (struct (field i32)))))', /garbage-collected types/],
    ['(component (core module (type (array i8))))', /garbage-collected types/],
    ['(component (core module (rec (type (func)) (type (func)))))', /garbage-collected types/],
    ['(component (core module (type (sub (func)))))', /garbage-collected types/],
    ['(component (core module (memory 1) (memory 1)))', /more than one memory/],
    ['(component (import "f" (func $f)) (core func (canon lower (func $f) async)))', /async component functions/],
    ['(component (core func (canon task.cancel)))', /canonical built-in/],
    ['(component (core func (canon backpressure.inc)))', /canonical built-in/],
    ['(component (core module $m) (import "m" (core module)))', /imported core-module/],
    ['(component (import "c" (component)))', /imported component/],
    ['(module (memory i64 1))', /64-bit memory/],
    ['(module (memory 1 2 shared))', /shared memory/],
    ['(module (type (struct)))', /garbage-collected types/],
    ['(module (memory 1 (pagesize 1)))', /custom page sizes/],
  ])('%s', async (text, message) => {
    const bytes = await wat(text);
    expect(refusal(bytes)).toMatch(message);
  });

  it.each<readonly [string, Uint8Array, RegExp]>([
    ['a start function', wasm.component(wasm.section(SECTION.start, [0, 0, 0])), /component start functions/],
    ['a value', wasm.component(wasm.section(SECTION.value, [0x7f, 1, 0])), /component values/],
    [
      'a value import',
      wasm.component(wasm.section(SECTION.import, [...wasm.externName('v'), 2, 1, 0x7f])),
      /value imports/,
    ],
    ['an error context', typed(0x64), /error contexts/],
    ['a map', typed(0x63, 0x79, 0x79), /maps/],
    [
      '33 flags',
      typed(0x6e, 33, ...Array.from({ length: 33 }, (_, i) => wasm.name(`f${i}`)).flat()),
      /more than 32 flags/,
    ],
    ['an async lift', canon(0, 0, 0, 1, 6, 0), /async/],
    ['a callback', canon(0, 0, 0, 1, 7, 0, 0), /async/],
    ['the built-in stream.new', canon(0x0e, 0), /canonical built-in 0xe/],
    ['the built-in thread.spawn', canon(0x40, 0), /canonical built-in 0x40/],
    ['a type in a list that is a future', typed(0x70, 0x65), /futures/],
    ['a core array type', coreType(0x5e, 0x7f, 0), /garbage-collected/],
    ['a typed reference parameter', coreType(0x60, 1, 0x63, 0x70, 0), /value type 0x63/],
  ])('%s', (_what, bytes, message) => {
    expect(refusal(bytes)).toMatch(message);
  });
});

describe('components whose parts do not fit are refused [R-COMPONENT-2]', () => {
  const u32Function = wasm.functionType([['a', [wasm.U32]]]);
  it.each<readonly [string, Uint8Array]>([
    ['an alias out of range', wasm.component(wasm.section(SECTION.alias, [SORT.function, 0, 9, ...wasm.name('x')]))],
    [
      'an alias of a function of a core instance',
      wasm.component(
        wasm.section(SECTION.coreInstance, [1, 0]),
        wasm.section(SECTION.alias, [SORT.function, 1, 0, ...wasm.name('x')]),
      ),
    ],
    [
      'an alias of a core function of an instance',
      wasm.component(
        wasm.section(SECTION.instance, [1, 0]),
        wasm.section(SECTION.alias, [0, 0, 0, 0, ...wasm.name('x')]),
      ),
    ],
    [
      'an outer alias of a function',
      wasm.component(
        wasm.raw(SECTION.component, [...wasm.component(wasm.section(SECTION.alias, [SORT.function, 2, 1, 0]))]),
      ),
    ],
    ['an alias outside of everything', wasm.component(wasm.section(SECTION.alias, [SORT.type, 2, 5, 0]))],
    [
      'an alias outside of everything, 2^32 - 1 levels out',
      wasm.component(wasm.section(SECTION.alias, [SORT.type, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0])),
    ],
    ['a type that mentions itself', typed(0x70, 0)],
    ['a type that mentions a later one', wasm.component(wasm.section(SECTION.type, [0x70, 1], [0x70, wasm.U32]))],
    ['a list of functions', wasm.component(wasm.section(SECTION.type, u32Function, [0x70, 0]))],
    ['a handle of a record', wasm.component(wasm.section(SECTION.type, [0x6e, 1, ...wasm.name('a')], [0x69, 0]))],
    [
      'a function of a record',
      wasm.component(
        wasm.section(SECTION.type, [0x6e, 1, ...wasm.name('a')]),
        wasm.section(SECTION.canon, [0, 0, 0, 0, 0]),
      ),
    ],
    [
      'an import of a function type as an instance',
      wasm.component(
        wasm.section(SECTION.type, u32Function),
        wasm.section(SECTION.import, wasm.importInstance('x', 0)),
      ),
    ],
    [
      'an import of a record as a function',
      wasm.component(
        wasm.section(SECTION.type, [0x6e, 1, ...wasm.name('a')]),
        wasm.section(SECTION.import, [...wasm.externName('x'), 1, 0]),
      ),
    ],
    ['a lift of no function', canon(0, 0, 7, 0, 0)],
    ['a lower of no function', canon(1, 0, 7, 0)],
    ['an instance of no component', wasm.component(wasm.section(SECTION.instance, wasm.instantiate(3)))],
    ['an instance of no core module', wasm.component(wasm.section(SECTION.coreInstance, [0, 3, 0]))],
    [
      'two exports of one name',
      wasm.component(
        wasm.section(SECTION.type, [0x6e, 1, ...wasm.name('a')]),
        wasm.section(SECTION.export, ...[0, 0].map(() => [...wasm.externName('x'), SORT.type, 0, 0])),
      ),
    ],
    [
      'an export of nothing',
      wasm.component(wasm.section(SECTION.export, [...wasm.externName('x'), SORT.function, 0, 0])),
    ],
    [
      'an argument that is missing',
      wasm.component(
        wasm.raw(SECTION.component, [...wasm.component(wasm.section(SECTION.import, [...wasm.externName('x'), 3, 1]))]),
        wasm.section(SECTION.instance, wasm.instantiate(0)),
      ),
    ],
    ['an empty record', typed(0x72, 0)],
    ['an empty variant', typed(0x71, 0)],
    ['a record with one name twice', typed(0x72, 2, ...wasm.name('ab'), 0x79, ...wasm.name('AB'), 0x79)],
    ['an unknown section', wasm.component(wasm.raw(13, []))],
    ['bytes after a section', wasm.component(wasm.raw(SECTION.type, [1, 0x7f, 0x00]))],
  ])('%s', (_what, bytes) => {
    expect(refusalOf(() => inspectModule(bytes))?.code).toBe('E_MODULE');
  });
});

/** Whether inspection or, for what only compiling meets, capping refuses it; and with which words. */
function refusal(bytes: Uint8Array): string {
  const error = refusalOf(() => inspectModule(bytes)) ?? refusalOf(() => capAll(bytes));
  expect(error?.code).toMatch(/^E_(?:MODULE|IMPORT)$/);
  return error?.message ?? '';
}
