import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SOCKET_INTERFACES } from '../../../host/abi/wasi2/sockets.ts';
import { splitVersion } from '../../../host/component/names.ts';
import { inspectModule } from '../../../host/module/inspect.ts';
import type { GuestKind } from '../../../host/module/tool.ts';
import { wat } from '../../fixtures/wat.ts';
import { coreModule, section } from './binary.ts';
import { exported, linkComponent } from './link.ts';
import { refusalOf } from './refusal.ts';

const FUNCTION = '(func (export "f"))';
/** A component that exports functions without parameters, under interfaces or at the root. */
const exporting = (exports: readonly (readonly [interfaceName: string, ...names: string[]])[]): string => `(component
  (core module $m (func (export "f") (result i32) (i32.const 0)))
  (core instance $i (instantiate $m))
  (func $f (result (result)) (canon lift (core func $i "f")))
  (func $n (result u32) (canon lift (core func $i "f")))
  ${exports
    .map(([interfaceName, ...names], i) => {
      const func = interfaceName.startsWith('wasi:') ? '$f' : '$n';
      if (interfaceName === '') return names.map((name) => `(export "${name}" (func ${func}))`).join(' ');
      return `(instance $x${i} ${names.map((name) => `(export "${name}" (func ${func}))`).join(' ')}) (export "${interfaceName}" (instance $x${i}))`;
    })
    .join('\n')})`;

describe('the kind of a module [R-KIND-1]', () => {
  it.each<readonly [string, string, GuestKind, readonly string[]]>([
    ['a component', exporting([['', 'hello']]), 'component', ['hello']],
    ['an empty component', '(component)', 'component', []],
    ['a command', '(module (memory (export "memory") 1) (func (export "_start")))', 'wasi', ['run']],
    [
      'a command with imports',
      '(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32))) (func (export "_start")))',
      'wasi',
      ['run'],
    ],
    [
      'a reactor',
      '(module (func (export "_initialize")) (func (export "add") (param i32 i32) (result i32) (i32.const 1)))',
      'wasi',
      ['add'],
    ],
    [
      'a plug-in',
      `(module (import "extism:host/env" "length" (func (param i64) (result i64))) (func (export "count") (result i32) (i32.const 0)))`,
      'extism',
      ['count'],
    ],
    [
      'a plug-in that also uses WASI',
      `(module (import "extism:host/env" "length" (func (param i64) (result i64))) (import "wasi_snapshot_preview1" "proc_exit" (func (param i32))) ${FUNCTION})`,
      'extism',
      ['f'],
    ],
    ['an empty module', '(module)', 'wasi', []],
  ])('is read from the bytes of %s', async (_what, text, kind, tools) => {
    const bytes = await wat(text);
    const description = inspectModule(bytes);
    expect([description.kind, description.tools.map(({ name }) => name)]).toEqual([kind, tools]);
    expect(inspectModule(bytes, kind)).toEqual(description);
    for (const other of ['component', 'extism', 'wasi'] as const) {
      if (other === kind) continue;
      const error = refusalOf(() => inspectModule(bytes, other));
      expect(error?.message).toBe(`the manifest says kind = "${other}", but the module is of kind "${kind}"`);
      expect(error?.hint).toContain(`kind = "${kind}"`);
    }
  });

  it.each<readonly [string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(), /begins with nothing \(the file is empty\)/],
    ['text', Buffer.from('(module)'), /begins with 28 6d 6f 64 75 6c 65 29/],
    ['a program', Buffer.from('\u007fELF\u0002\u0001\u0001\u0000'), /begins with 7f 45 4c 46/],
    ['JSON', Buffer.from('{"a": 1}'), /begins with 7b 22/],
    ['a compressed module', gzipSync(coreModule()), /begins with 1f 8b/],
    ['half a head', coreModule().subarray(0, 5), /begins with 00 61 73 6d 01$/],
    ['a version to come', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0), /begins with 00 61 73 6d 02/],
    ['an old component', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0a, 0, 1, 0), /begins with 00 61 73 6d 0a/],
  ])('is told of %s', (_what, bytes, message) => {
    const error = refusalOf(() => inspectModule(bytes));
    expect(error?.code).toBe('E_MODULE');
    expect(error?.message).toMatch(message);
    expect(error?.hint).toContain('.wat');
  });
});

describe('the tools of a component [R-COMPONENT-4]', () => {
  it('carry the name of their interface only where two functions share one', async () => {
    const bytes = await wat(
      exporting([
        ['a:b/one@1.0.0', 'get', 'put'],
        ['a:b/two', 'get'],
        ['', 'top'],
      ]),
    );
    const description = inspectModule(bytes);
    expect(description.tools.map(({ name }) => name)).toEqual(['one-get', 'put', 'two-get', 'top']);
    expect(description.tools.map(({ entry }) => entry.interfaceName)).toEqual([
      'a:b/one@1.0.0',
      'a:b/one@1.0.0',
      'a:b/two',
      '',
    ]);
  });

  it('carry the package where two interfaces share a name as well', async () => {
    const bytes = await wat(
      exporting([
        ['a:b/x@1.0.0', 'get'],
        ['c:d/x', 'get'],
        ['', 'x-get'],
      ]),
    );
    expect(inspectModule(bytes).tools.map(({ name }) => name)).toEqual(['a:b/x#get', 'c:d/x#get', 'x-get']);
  });

  it.each<readonly [string, string, string]>([
    ['wasi:cli/run@0.2.3', 'run', 'component-command'],
    ['wasi:http/incoming-handler@0.2.3', 'handle', 'http-handler'],
  ])('are one for an exported %s', async (interfaceName, name, abi) => {
    const { tools } = inspectModule(await wat(exporting([[interfaceName, name]])));
    expect(tools.map((tool) => [tool.name, tool.entry])).toEqual([[name, { abi, interfaceName, name }]]);
  });

  it('leave out what has a handle in it, and say so', async () => {
    const bytes = await wat(`(component
      (type $r (resource (rep i32)))
      (core module $m (func (export "f") (param i32)))
      (core instance $i (instantiate $m))
      (export $e "thing" (type $r))
      (func (export "take") (param "it" (own $e)) (canon lift (core func $i "f"))))`);
    const { tools, notTools } = inspectModule(bytes);
    expect(tools).toEqual([]);
    expect(notTools).toEqual([{ name: 'take', reason: expect.stringMatching(/handle of the resource/) as string }]);
  });
});

describe('the tools of a core module [R-KIND-1]', () => {
  it('take numbers by position; what has more is left out and says so', () => {
    const types = [
      [0x60, 2, 0x7f, 0x7e, 1, 0x7d],
      [0x60, 0, 2, 0x7f, 0x7f],
      [0x60, 1, 0x70, 0],
    ];
    const bytes = coreModule(
      section(1, ...types),
      section(3, [0], [1], [2]),
      section(7, ...['add', 'two', 'ref'].map((text, i) => [text.length, ...Buffer.from(text), 0, i])),
    );
    const { tools, notTools } = inspectModule(bytes);
    expect(tools.map(({ name, parameters, returns }) => ({ name, parameters, returns }))).toEqual([
      {
        name: 'add',
        parameters: {
          type: 'object',
          properties: {
            p0: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
            p1: { type: ['integer', 'string'] },
          },
          required: ['p0', 'p1'],
          additionalProperties: false,
        },
        returns: { type: ['number', 'string'] },
      },
    ]);
    expect(notTools.map(({ name }) => name)).toEqual(['two', 'ref']);
  });
});

describe('imports nobody offers [R-IMPORT-1]', () => {
  const imported = (name: string, fn: string): string =>
    `(component (import "${name}" (instance (export "${fn}" (func)))))`;
  it.each<readonly [string, string]>([
    ['(module (import "env" "f" (func)))', '"env#f"'],
    ['(module (import "env" "memory" (memory 1)))', '"env#memory"'],
    ['(module (import "wasi_snapshot_preview1" "fork" (func)))', '"wasi_snapshot_preview1#fork"'],
    ['(module (import "wasi_snapshot_preview1" "proc_exit" (global i32)))', '"wasi_snapshot_preview1#proc_exit"'],
    ['(module (import "extism:host/user" "f" (func)))', '"extism:host/user#f"'],
    ['(module (import "wasi_unstable" "proc_exit" (func (param i32))))', '"wasi_unstable#proc_exit"'],
    ['(component (import "f" (func)))', '"f"'],
    [imported('a:b/c', 'f'), '"a:b/c#f"'],
    [imported('wasi:cli/environment@0.3.0', 'get-environment'), '"wasi:cli/environment@0.3.0#get-environment"'],
    [imported('wasi:cli/environment', 'get-environment'), '"wasi:cli/environment#get-environment"'],
    [imported('wasi:cli/environment@0.2.3', 'set-environment'), '"wasi:cli/environment@0.2.3#set-environment"'],
    [imported('skillhost:guest/secrets@0.2.0', 'get'), '"skillhost:guest/secrets@0.2.0#get"'],
    [imported('wasi:nn/graph@0.2.0', 'load'), '"wasi:nn/graph@0.2.0#load"'],
  ])('%s is refused and named, before anything is compiled', async (text, name) => {
    const bytes = await wat(text);
    const error = refusalOf(() => inspectModule(bytes));
    expect([error?.code, error?.message]).toEqual([
      'E_IMPORT',
      `the module imports ${name}, which no host here offers`,
    ]);
    expect(error?.details).toEqual({ import: name.slice(1, -1) });
  });

  it('is told before a core module inside is even read', async () => {
    const broken = [1, 8 + 2, ...coreModule(), 0xff, 0x00];
    const bytes = Uint8Array.from([...(await wat('(component (import "f" (func)))')), ...broken]);
    expect(refusalOf(() => inspectModule(bytes))?.code).toBe('E_IMPORT');
  });
});

/** Tries to make sockets and to look a name up; answers the errors' cases, 100 added where there was one. */
const SOCKETS = `(component
  (import "wasi:sockets/network@0.2.3" (instance $network
    (export "network" (type (sub resource)))
    (type $error' (enum "unknown" "access-denied" "not-supported")) (export "error-code" (type $error (eq $error')))
    (type $family' (enum "ipv4" "ipv6")) (export "ip-address-family" (type $family (eq $family')))))
  (alias export $network "network" (type $net)) (alias export $network "error-code" (type $error))
  (alias export $network "ip-address-family" (type $family))
  (import "wasi:sockets/instance-network@0.2.3" (instance $instance
    (export "network" (type $net' (eq $net))) (export "instance-network" (func (result (own $net'))))))
  (import "wasi:sockets/tcp@0.2.3" (instance $tcp (export "tcp-socket" (type (sub resource)))))
  (alias export $tcp "tcp-socket" (type $socket))
  (import "wasi:sockets/tcp-create-socket@0.2.3" (instance $create
    (export "tcp-socket" (type $socket' (eq $socket))) (export "error-code" (type $error' (eq $error)))
    (export "ip-address-family" (type $family' (eq $family)))
    (export "create-tcp-socket" (func (param "address-family" $family') (result (result (own $socket') (error $error')))))))
  (import "wasi:sockets/ip-name-lookup@0.2.3" (instance $lookup
    (export "resolve-address-stream" (type $stream (sub resource))) (export "error-code" (type $error' (eq $error)))
    (export "network" (type $net' (eq $net)))
    (export "resolve-addresses" (func (param "network" (borrow $net')) (param "name" string)
      (result (result (own $stream) (error $error')))))))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $network (canon lower (func $instance "instance-network")))
  (core func $create (canon lower (func $create "create-tcp-socket") (memory (core memory $memory "memory"))))
  (core func $resolve (canon lower (func $lookup "resolve-addresses") (memory (core memory $memory "memory"))))
  (core module $guest
    (import "m" "memory" (memory 1))
    (import "h" "network" (func $network (result i32)))
    (import "h" "create" (func $create (param i32 i32)))
    (import "h" "resolve" (func $resolve (param i32 i32 i32 i32)))
    (func $case (result i32) (i32.add (i32.mul (i32.load8_u (i32.const 16)) (i32.const 100)) (i32.load8_u (i32.const 20))))
    (func (export "create") (result i32) (call $create (i32.const 0) (i32.const 16)) (call $case))
    (func (export "resolve") (result i32) (call $resolve (call $network) (i32.const 0) (i32.const 4) (i32.const 16)) (call $case)))
  (core instance $guest (instantiate $guest (with "m" (instance $memory)) (with "h" (instance
    (export "network" (func $network)) (export "create" (func $create)) (export "resolve" (func $resolve))))))
  (func (export "create") (result u32) (canon lift (core func $guest "create")))
  (func (export "resolve") (result u32) (canon lift (core func $guest "resolve"))))`;

describe('sockets [R-IMPORT-2]', () => {
  it('link, and are denied when a guest tries', async () => {
    const bytes = await wat(SOCKETS);
    expect(inspectModule(bytes).tools.map(({ name }) => name)).toEqual(['create', 'resolve']);
    const interfaces = new Map(SOCKET_INTERFACES);
    const instance = await linkComponent(bytes, (name, fn) => interfaces.get(splitVersion(name).name)?.[fn]);
    expect(exported(instance, 'create').call()).toBe(101);
    expect(exported(instance, 'resolve').call()).toBe(101);
  });
});
