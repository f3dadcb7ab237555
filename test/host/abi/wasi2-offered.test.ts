import { beforeAll, describe, expect, it } from 'vitest';
import { componentImports } from '../../../host/abi/interfaces.ts';
import { inspectModule } from '../../../host/module/inspect.ts';
import { fakeContext, interfacesOf } from './fake-context.ts';
import { officialFunctions, WIT_VERSION, withWasi } from './official-wit.ts';
import { useSandbox, valueOf, wat } from './support.ts';

const run = useSandbox();
const { resolve } = componentImports(fakeContext());

describe('the interfaces of WASI 0.2 [R-WASI-1]', () => {
  it('are read from their official text', () => {
    const names = officialFunctions();
    expect(names.length).toBeGreaterThan(170);
    expect(names).toContain('wasi:http/types#[constructor]fields');
    expect(names).toContain('wasi:http/types#[static]fields.from-list');
    expect(names).toContain('wasi:sockets/udp#[method]udp-socket.stream');
    expect(names).toContain('wasi:clocks/wall-clock#resolution');
    expect(names).toContain('wasi:filesystem/types#filesystem-error-code');
  });

  it.each(['0.2.0', '0.2.3', '0.2.8', WIT_VERSION])('are all there in version %s', (version) => {
    const missing = officialFunctions().filter((name) => {
      const [interfaceName = '', functionName = ''] = name.split('#');
      return resolve(`${interfaceName}@${version}`, functionName) === undefined;
    });
    expect(missing).toEqual([]);
  });

  it.each(['0.1.0', '0.3.0', '1.2.0', '0.2', '0.2.0-rc-2023-12-05', '0.20.0'])(
    'are not taken for those of version %s',
    (version) => {
      expect(resolve(`wasi:random/random@${version}`, 'get-random-u64')).toBeUndefined();
      expect(resolve('wasi:random/random', 'get-random-u64')).toBeUndefined();
    },
  );

  it('are not found by names of JavaScript', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(resolve('wasi:random/random@0.2.0', name)).toBeUndefined();
      expect(resolve(`wasi:${name}@0.2.0`, name)).toBeUndefined();
    }
  });
});

describe('a component that imports all of WASI 0.2 [R-WASI-1, R-IMPORT-2]', () => {
  let everything: Uint8Array;
  beforeAll(async () => {
    const { componentEmbed, componentNew } = await import('@bytecodealliance/jco');
    const world = `package test:everything;
      world everything {
        include wasi:cli/imports@${WIT_VERSION};
        import wasi:http/types@${WIT_VERSION};
        import wasi:http/outgoing-handler@${WIT_VERSION};
        export go: func();
      }`;
    everything = await componentNew(
      await componentEmbed({ dummy: true, witSource: withWasi(world), world: 'everything' }),
      [],
    );
  });

  it('is accepted, and links, with its sockets', async () => {
    const { imports, tools } = inspectModule(everything);
    expect(tools.map(({ name }) => name)).toEqual(['go']);
    expect(imports).toContain(`wasi:sockets/tcp@${WIT_VERSION}`);
    // Its body traps: that it got there shows that every import was linked.
    const { outcome } = await run(everything);
    expect(outcome).toMatchObject({
      error: { code: 'E_TRAP', message: expect.stringContaining('unreachable') as string },
    });
  });
});

describe('sockets [R-IMPORT-2]', () => {
  const { call } = interfacesOf(fakeContext());

  it('cannot be made, nor names resolved', () => {
    const network = call('wasi:sockets/instance-network#instance-network');
    expect(call('wasi:sockets/tcp-create-socket#create-tcp-socket', 'ipv4')).toEqual({ err: 'access-denied' });
    expect(call('wasi:sockets/udp-create-socket#create-udp-socket', 'ipv6')).toEqual({ err: 'access-denied' });
    expect(call('wasi:sockets/ip-name-lookup#resolve-addresses', network, 'example.org')).toEqual({
      err: 'access-denied',
    });
    expect(call('wasi:sockets/network#network-error-code', {})).toBe(null);
  });

  it('are denied to a guest that tries', async () => {
    const guest = await wat(`(component
      (import "wasi:sockets/network@0.2.0" (instance $network
        (type $code (enum "unknown" "access-denied" "not-supported"))
        (export "error-code" (type (eq $code)))
        (type $family (enum "ipv4" "ipv6"))
        (export "ip-address-family" (type (eq $family)))))
      (alias export $network "error-code" (type $error-code))
      (alias export $network "ip-address-family" (type $ip-address-family))
      (import "wasi:sockets/tcp@0.2.0" (instance $tcp (export "tcp-socket" (type (sub resource)))))
      (alias export $tcp "tcp-socket" (type $tcp-socket))
      (import "wasi:sockets/tcp-create-socket@0.2.0" (instance $create
        (alias outer 1 $error-code (type $c)) (export "error-code" (type $e (eq $c)))
        (alias outer 1 $ip-address-family (type $f)) (export "ip-address-family" (type $i (eq $f)))
        (alias outer 1 $tcp-socket (type $t)) (export "tcp-socket" (type $s (eq $t)))
        (export "create-tcp-socket" (func (param "address-family" $i) (result (result (own $s) (error $e)))))))
      (core module $memory (memory (export "memory") 1))
      (core instance $m (instantiate $memory))
      (core func $make (canon lower (func $create "create-tcp-socket") (memory (core memory $m "memory"))))
      (core module $main
        (import "m" "memory" (memory 1))
        (import "m" "make" (func $make (param i32 i32)))
        (func (export "try") (result i32)
          (call $make (i32.const 0) (i32.const 64))
          (i32.add (i32.mul (i32.load8_u (i32.const 64)) (i32.const 10)) (i32.load8_u (i32.const 68)))))
      (core instance $i (instantiate $main (with "m" (instance (export "memory" (memory $m "memory")) (export "make" (func $make))))))
      (func (export "try") (result u32) (canon lift (core func $i "try"))))`);
    // `err`, and `access-denied`, the second of the codes.
    expect(valueOf(await run(guest))).toBe(11);
  });
});
