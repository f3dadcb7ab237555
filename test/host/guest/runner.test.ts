import { describe, expect, it } from 'vitest';
import { loadModule } from '../../../host/guest/load-module.ts';
import { Runner } from '../../../host/guest/runner.ts';
import type { GuestCall, Outcome } from '../../../host/wire/messages.ts';
import { wat } from '../abi/support.ts';

const CAPS = { memoryMb: 64, tableElements: 10_000 };
const nothing = new Uint8Array();

function callOf(name: string, more: Partial<GuestCall> = {}): GuestCall {
  const limits = { messageBytes: 65_536, outputBytes: 65_536, logBytes: 65_536, fuel: 1_000_000 };
  const entry = { abi: 'core', interfaceName: '', name } as unknown as GuestCall['entry'];
  return { entry, input: '{}', args: [], stdin: nothing, roots: [], seed: 1, clock: 0, config: {}, ...limits, ...more };
}

/** Runs `calls` one after the other; with `ahead`, every instance but the first is made before its call. */
function runAll(bytes: Uint8Array, calls: readonly GuestCall[], ahead: boolean): Outcome[] {
  const runner = new Runner(loadModule(bytes, CAPS), false);
  return calls.map((call) => {
    const outcome = runner.run(call, () => null);
    if (ahead) runner.prepare();
    return outcome;
  });
}

const COUNTER = `(module (global $n (mut i32) (i32.const 0)) (memory (export "memory") 1 8)
  (func $start (global.set $n (i32.const 40)) (drop (memory.grow (i32.const 1)))) (start $start)
  (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "trap") (unreachable)))`;

/** Its start asks for random bytes, so that an instance made ahead would know others than those of its call. */
const ASKS = `(module (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1) (func $start (drop (call $random (i32.const 0) (i32.const 4)))) (start $start)
  (func (export "next") (result i32) (i32.load (i32.const 0))))`;

/** Its start notices that the host refuses, and goes on as if nothing had happened, at the same cost. */
const HIDES = `(component
  (import "wasi:random/random@0.2.0" (instance $random (export "get-random-u64" (func (result u64)))))
  (core func $random (canon lower (func $random "get-random-u64")))
  (core module $main (import "host" "random" (func $random (result i64))) (global $seen (mut i32) (i32.const 0))
    (func $start try call $random drop i32.const 1 global.set $seen catch_all i32.const 2 global.set $seen end)
    (start $start) (func (export "next") (result i32) (global.get $seen)))
  (core instance $main (instantiate $main (with "host" (instance (export "random" (func $random))))))
  (func (export "next") (result u32) (canon lift (core func $main "next"))))`;

describe('an instance that is made ahead of its call [R-WALL-7]', () => {
  it.each([
    ['a core module', COUNTER, ['next', 'next', 'trap', 'next']],
    ['one whose start asks the host', ASKS, ['next', 'next', 'next']],
  ])('does what one made in it does: %s', async (_what, text, names) => {
    const bytes = await wat(text);
    const calls = names.map((name, i) => callOf(name, { seed: i }));
    const ahead = runAll(bytes, calls, true);
    expect(ahead).toEqual(runAll(bytes, calls, false));
    expect(ahead.map(({ kind }) => kind)).toEqual(names.map((name) => (name === 'trap' ? 'trap' : 'ok')));
    expect(ahead[0]?.fuelUsed).toBeGreaterThan(0);
  });

  it('is not used when its start asked the host and hides that it was refused', async () => {
    const entry = { abi: 'component', interfaceName: '', name: 'next' } as unknown as GuestCall['entry'];
    const results = runAll(await wat(HIDES), [callOf('next', { entry }), callOf('next', { entry })], true);
    expect(results.map(({ result }) => result)).toEqual(['1', '1']);
  });

  it('knows nothing of the call before', async () => {
    const results = runAll(await wat(COUNTER), [callOf('next'), callOf('next'), callOf('next')], true);
    expect(results.map(({ result }) => result)).toEqual(['41', '41', '41']);
  });

  it('costs its call what its start took, to the last instruction', async () => {
    const bytes = await wat(COUNTER);
    const [first] = runAll(bytes, [callOf('next')], false);
    const fuel = first?.fuelUsed ?? 0;
    for (const [limit, kind] of [
      [fuel, 'ok'],
      [fuel - 1, 'out-of-fuel'],
      [1, 'out-of-fuel'],
    ] as const) {
      const [, second] = runAll(bytes, [callOf('next'), callOf('next', { fuel: limit })], true);
      expect([second?.kind, second?.fuelUsed]).toEqual([kind, limit]);
    }
  });

  it('gives a plug-in the input of its own call', async () => {
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(new URL('../../../skills/redact/bin/redact.wasm', import.meta.url));
    const entry = { abi: 'extism', interfaceName: '', name: 'redact' } as unknown as GuestCall['entry'];
    const inputs = ['to a@b.example now', 'nothing', 'c@d.example'];
    const calls = inputs.map((text) => callOf('redact', { entry, input: Buffer.from(text), fuel: 1e9 }));
    const results = runAll(bytes, calls, true);
    expect(results.map(({ result }) => Buffer.from(result).toString())).toEqual([
      'to [email] now',
      'nothing',
      '[email]',
    ]);
    expect(results).toEqual(runAll(bytes, calls, false));
  });
});
