import { describe, expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import type { Sandbox } from '../../../host/sandbox.ts';
import { type Asked, assemble, run, valueOf, withSandbox } from './guests.ts';

// Each guest answers with what it met: random bytes, then the time, through another ABI.

const WASI1 = 'wasi_snapshot_preview1';
const DRAW = `
  (drop (call $random (i32.const 64) (i32.const 32)))
  (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 96)))
  (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 104)))`;
const IMPORTS = `
  (import "${WASI1}" "random_get" (func $random (param i32 i32) (result i32)))
  (import "${WASI1}" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))`;

const GUESTS = {
  'WASI 1': `(module ${IMPORTS}
    (import "${WASI1}" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start") ${DRAW}
      (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 48))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,
  Extism: `(module ${IMPORTS}
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u64" (func $store (param i64 i64)))
    (import "extism:host/env" "output_set" (func $output (param i64 i64)))
    (memory (export "memory") 1)
    (func (export "draw") (result i32) (local $at i64) (local $i i32) ${DRAW}
      (local.set $at (call $alloc (i64.const 48)))
      (loop
        (call $store (i64.add (local.get $at) (i64.extend_i32_u (local.get $i))) (i64.load offset=64 (local.get $i)))
        (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 48))))
      (call $output (local.get $at) (i64.const 48)) (i32.const 0)))`,
  'WASI 2': `(component
    (import "wasi:random/random@0.2.0" (instance $random (export "get-random-u64" (func (result u64)))))
    (import "wasi:random/insecure@0.2.0" (instance $insecure (export "get-insecure-random-u64" (func (result u64)))))
    (import "wasi:random/insecure-seed@0.2.0" (instance $seed
      (export "insecure-seed" (func (result (tuple u64 u64))))))
    (import "wasi:clocks/monotonic-clock@0.2.0" (instance $monotonic (export "now" (func (result u64)))))
    (import "wasi:clocks/wall-clock@0.2.0" (instance $wall
      (type $moment (record (field "seconds" u64) (field "nanoseconds" u32)))
      (export "datetime" (type $datetime (eq $moment)))
      (export "now" (func (result $datetime)))))
    (core module $memory (memory (export "memory") 1))
    (core instance $memory (instantiate $memory))
    (alias core export $memory "memory" (core memory $shared))
    (core func $random (canon lower (func $random "get-random-u64")))
    (core func $insecure (canon lower (func $insecure "get-insecure-random-u64")))
    (core func $seed (canon lower (func $seed "insecure-seed") (memory $shared)))
    (core func $monotonic (canon lower (func $monotonic "now")))
    (core func $wall (canon lower (func $wall "now") (memory $shared)))
    (core module $main
      (import "h" "memory" (memory 1)) (import "h" "random" (func $random (result i64)))
      (import "h" "insecure" (func $insecure (result i64))) (import "h" "seed" (func $seed (param i32)))
      (import "h" "monotonic" (func $monotonic (result i64))) (import "h" "wall" (func $wall (param i32)))
      (func (export "draw") (result i32)
        (i64.store (i32.const 0) (call $random)) (i64.store (i32.const 8) (call $insecure))
        (call $seed (i32.const 16)) (call $wall (i32.const 32)) (i64.store (i32.const 40) (call $monotonic)) (i32.const 0)))
    (core instance $main (instantiate $main (with "h" (instance
      (export "memory" (memory $shared))
      (export "random" (func $random)) (export "insecure" (func $insecure)) (export "seed" (func $seed))
      (export "monotonic" (func $monotonic)) (export "wall" (func $wall))))))
    (func (export "draw") (result (tuple u64 u64 u64 u64 u64 u64))
      (canon lift (core func $main "draw") (memory $shared))))`,
} as const;
type Abi = keyof typeof GUESTS;
const ABIS = Object.keys(GUESTS) as Abi[];

async function draw(sandbox: Sandbox, abi: Abi, asked: Asked): Promise<unknown> {
  const bytes = await assemble(GUESTS[abi]);
  const [tool] = inspectModule(bytes).tools;
  const value = valueOf(await run(sandbox, bytes, tool?.name ?? '', asked));
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

const CLOCK = Date.UTC(2024, 4, 1);

describe.each(ABIS)('a guest of %s', (abi) => {
  it('meets the same in every run with a seed and a clock, on every version of Node [R-DET-1]', () =>
    withSandbox(async (sandbox) => {
      const met = await draw(sandbox, abi, { seed: 1, clock: CLOCK });
      expect(met).toEqual(EXPECTED[abi]);
      expect(await draw(sandbox, abi, { seed: 1, clock: CLOCK })).toEqual(met);
    }));

  it('meets something else with another seed, another clock, or none [R-DET-1]', () =>
    withSandbox(async (sandbox) => {
      const asked: Asked[] = [
        { seed: 1, clock: CLOCK },
        { seed: 2, clock: CLOCK },
        { seed: 1, clock: CLOCK + 1_000 },
        {},
        {},
      ];
      const met: string[] = [];
      for (const one of asked) met.push(JSON.stringify(await draw(sandbox, abi, one)));
      expect(new Set(met).size).toBe(asked.length);
    }));
});

const EXPECTED: Readonly<Record<Abi, unknown>> = {
  'WASI 1': '43adf6bd6789c7a995c48ff65f0e66ba5839e98062b94106f8be4530add5b3000000bcaf4f34cb17400caa3b00000000',
  Extism: '43adf6bd6789c7a995c48ff65f0e66ba5839e98062b94106f8be4530add5b3000000bcaf4f34cb17400caa3b00000000',
  'WASI 2': [
    '4876825264858449833',
    '10791908895406057146',
    '6357369086631559430',
    '17923839642358362880',
    1714521600,
    1001000000,
  ],
};

describe('a run that is to be repeatable', () => {
  it('gets an instance of its own, where others share one [R-DET-1]', () =>
    withSandbox(async (sandbox) => {
      const next = async (asked: Asked): Promise<unknown> =>
        valueOf(await run(sandbox, 'keptCounter', 'next', { reuse: true, ...asked }));
      expect([await next({}), await next({})]).toEqual([1, 2]);
      expect([await next({ seed: 1 }), await next({ seed: 1 }), await next({ clock: 0 })]).toEqual([1, 1, 1]);
      expect(await next({})).toBe(3);
    }));

  it('does not wait for an hour that its guest sleeps [R-DET-2]', () =>
    withSandbox(async (sandbox) => {
      expect(valueOf(await run(sandbox, 'sleep', 'spin', { clock: CLOCK }))).toBe(0);
    }));

  it('comes to an end when its guest waits by reading the clock [R-DET-2]', () =>
    withSandbox(async (sandbox) => {
      const bytes = await assemble(`(module ${IMPORTS} (memory (export "memory") 1)
        (func (export "wait") (result i64) (local $until i64) (local $readings i64)
          (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 0)))
          (local.set $until (i64.add (i64.load (i32.const 0)) (i64.const 10000000000)))
          (loop
            (local.set $readings (i64.add (local.get $readings) (i64.const 1)))
            (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 0)))
            (br_if 0 (i64.lt_u (i64.load (i32.const 0)) (local.get $until))))
          (local.get $readings)))`);
      expect(valueOf(await run(sandbox, bytes, 'wait', { clock: CLOCK }))).toBe(10_000);
    }));
});
