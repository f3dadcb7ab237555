import { afterEach, describe, expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import { wat } from '../../fixtures/wat.ts';
import * as wasm from './binary.ts';
import { exported, linkComponent } from './link.ts';
import { refusalOf } from './refusal.ts';

const { SECTION, SORT } = wasm;
const CANARY = '__skillhost_canary';
const touch = `globalThis.${CANARY}=1`;

/** Each would end a string, a template or a comment of generated code, reach a prototype, or forge a line of a terminal. */
const HOSTILE = [
  `'];${touch};['`,
  `"];${touch};["`,
  '`${' + touch + '}`',
  `*/${touch}/*`,
  `\n${touch}\n`,
  `\u2028${touch}\u2028`,
  `');${touch}//`,
  `\\';${touch}//`,
  `</script><script>${touch}</script>`,
  '__proto__',
  'constructor.prototype',
  '../../etc/passwd',
  '\u001b[2J',
  'a\u202eb',
  '\0',
  '',
  ' ',
  '-',
  'a--b',
  'a_b',
  '9a',
  'ä',
  '\u{1f600}',
];
const LONG = 'a'.repeat(1 << 16);

const prototype = Object.getOwnPropertyNames(Object.prototype).toSorted();

afterEach(() => {
  expect(globalThis).not.toHaveProperty(CANARY);
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(prototype);
});

/** Where a component-level name can stand. */
const PLACES: Readonly<Record<string, (name: string) => Uint8Array>> = {
  'an import': (name) => importing(wasm.externName(name)),
  'an import by the newer form of names': (name) => importing([0x01, ...wasm.name(name)]),
  'an export': (name) =>
    wasm.component(flags(['a']), wasm.section(SECTION.export, [...wasm.externName(name), SORT.type, 0, 0])),
  'an export of an instance': (name) =>
    wasm.component(flags(['a']), wasm.section(SECTION.instance, [1, 1, ...wasm.externName(name), SORT.type, 0])),
  'a record field': (name) => typed([0x72, 1, ...wasm.name(name), wasm.U32]),
  'a variant case': (name) => typed([0x71, 1, ...wasm.name(name), 0, 0]),
  'an enum case': (name) => typed([0x6d, 1, ...wasm.name(name)]),
  'a flag': (name) => wasm.component(flags([name])),
  'a parameter': (name) => typed(wasm.functionType([[name, [wasm.U32]]])),
  'an export of an instance type': (name) => typed(wasm.instanceType([0x04, ...wasm.externName(name), 0x03, 1])),
};

const typed = (type: readonly number[]): Uint8Array => wasm.component(wasm.section(SECTION.type, type));
const flags = (names: readonly string[]): number[] =>
  wasm.section(SECTION.type, [0x6e, ...wasm.vector(names.map(wasm.name))]);

function importing(externName: readonly number[]): Uint8Array {
  return wasm.component(
    wasm.section(SECTION.type, wasm.functionType([])),
    wasm.section(SECTION.import, [...externName, SORT.function, 0]),
  );
}

describe('hostile names of a component [R-COMPONENT-3]', () => {
  it.each(Object.entries(PLACES))('are refused in %s, in one short visible line', (_place, make) => {
    for (const name of [...HOSTILE, 'a'.repeat(257), 'a'.repeat(4_000), `a:b/c@${'1'.repeat(100)}`]) {
      const error = refusalOf(() => inspectModule(make(name)));
      expect([error?.code, name.slice(0, 40)]).toEqual(['E_MODULE', name.slice(0, 40)]);
      expect(error?.message).toMatch(/^[^\p{Cc}\u2028\u2029\u202a-\u202e]{1,300}$/u);
    }
  });

  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'then', 'default', 'class', 'prototype'])(
    '%s is a legal name, and only a name',
    async (name) => {
      const bytes = await wat(`(component
        (core module $m (func (export "${name}") (param i32) (result i32) (local.get 0)))
        (core instance $i (instantiate $m))
        (type $r' (record (field "${name}" u8)))
        (export $r "a-record" (type $r'))
        (func (export "${name}") (param "${name}" $r) (result $r) (canon lift (core func $i "${name}"))))`);
      const [tool] = inspectModule(bytes).tools;
      expect(tool?.name).toBe(name);
      expect(Object.keys(tool?.parameters?.['properties'] ?? {})).toEqual([name]);
      const { call } = exported(await linkComponent(bytes), name);
      const value = call({ [name]: 7 });
      expect({ ...(value as object) }).toEqual({ [name]: 7 });
      expect(Object.getPrototypeOf(value)).toBeNull();
    },
  );

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])('%s is nothing the host offers', async (name) => {
    for (const interfaceName of ['skillhost:guest/log@0.1.0', 'wasi:io/poll@0.2.3', 'constructor:a/b@0.2.0']) {
      const bytes = await wat(`(component (import "${interfaceName}" (instance (export "${name}" (func)))))`);
      expect(refusalOf(() => inspectModule(bytes))?.code).toBe('E_IMPORT');
    }
  });
});

const CORE_NAMES = [...HOSTILE, 'constructor', 'toString', 'then', 'x'.repeat(4_000)];

/** A core module that exports `add-one` under the first name, and one that imports it under the second and third. */
function coreNames(name: string): Uint8Array {
  const inner = wasm.coreModule(
    wasm.section(1, [0x60, 1, 0x7f, 1, 0x7f]),
    wasm.section(3, [0]),
    wasm.section(7, [...wasm.name(name), 0, 0]),
    wasm.section(10, [7, 0, 0x20, 0, 0x41, 1, 0x6a, 0x0b]),
  );
  const outer = wasm.coreModule(
    wasm.section(1, [0x60, 1, 0x7f, 1, 0x7f]),
    wasm.section(2, [...wasm.name(name), ...wasm.name(name), 0, 0]),
    wasm.section(7, [...wasm.name(name), 0, 0]),
  );
  return wasm.component(
    wasm.raw(SECTION.coreModule, [...inner]),
    wasm.raw(SECTION.coreModule, [...outer]),
    wasm.section(SECTION.coreInstance, [0, 0, 0]),
    wasm.section(SECTION.alias, [0, 0, 1, 0, ...wasm.name(name)]),
    // Once more under its name, in a bundle of our own making.
    wasm.section(SECTION.coreInstance, [1, 1, ...wasm.name(name), 0, 0]),
    wasm.section(SECTION.coreInstance, [0, 1, 1, ...wasm.name(name), 0x12, 1]),
    wasm.section(SECTION.alias, [0, 0, 1, 2, ...wasm.name(name)]),
    wasm.section(SECTION.type, wasm.functionType([['a', [wasm.U32]]], [wasm.U32])),
    wasm.section(SECTION.canon, [0, 0, 1, 0, 0]),
    wasm.section(SECTION.export, [...wasm.externName('add-one'), SORT.function, 0, 0]),
  );
}

describe('hostile names of core modules [R-COMPONENT-3]', () => {
  it.each(CORE_NAMES.map((name) => [JSON.stringify(name.slice(0, 60)), name]))(
    '%s links and does nothing',
    async (_shown, name) => {
      const bytes = coreNames(name);
      expect(inspectModule(bytes).tools.map((tool) => tool.name)).toEqual(['add-one']);
      expect(exported(await linkComponent(bytes), 'add-one').call(41)).toBe(42);
    },
  );

  it('a name of sixty-four kilobytes is refused', () => {
    const error = (bytes: Uint8Array): string | undefined => refusalOf(() => inspectModule(bytes))?.message;
    expect(error(coreNames(LONG))).toMatch(/65536; name_bytes = 4096/);
    expect(error(importing(wasm.externName(LONG)))).toMatch(/65536; name_bytes = 4096/);
  });

  it.each(CORE_NAMES.map((name) => [JSON.stringify(name.slice(0, 60)), name]))(
    '%s is no tool of a bare module',
    (_shown, name) => {
      const bytes = wasm.coreModule(
        wasm.section(1, [0x60, 0, 0]),
        wasm.section(3, [0]),
        wasm.section(7, [...wasm.name(name), 0, 0]),
      );
      const { tools, notTools } = inspectModule(bytes);
      expect(tools.concat().length + notTools.length).toBe(1);
      for (const tool of tools) expect(tool.name).toMatch(/^[A-Za-z][A-Za-z0-9_.-]*$/);
    },
  );

  it.each(CORE_NAMES.map((name) => [JSON.stringify(name.slice(0, 60)), name]))(
    '%s is no import of a bare module [R-IMPORT-1]',
    (_shown, name) => {
      const types = wasm.section(1, [0x60, 0, 0]);
      for (const [namespace, inner] of [
        ['wasi_snapshot_preview1', name],
        ['extism:host/env', name],
        [name, 'fd_write'],
      ] as const) {
        const bytes = wasm.coreModule(types, wasm.section(2, [...wasm.name(namespace), ...wasm.name(inner), 0, 0]));
        const error = refusalOf(() => inspectModule(bytes));
        expect(error?.code).toBe('E_IMPORT');
        expect(error?.message).toMatch(/^[^\p{Cc}\u2028\u2029\u202a-\u202e]{1,300}$/u);
      }
    },
  );
});
