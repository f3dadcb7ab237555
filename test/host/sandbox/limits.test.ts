import { afterEach, describe, expect, it } from 'vitest';
import {
  assemble,
  type Asked,
  failureOf,
  guestPids,
  type GuestName,
  logging,
  run,
  until,
  valueOf,
  withSandbox,
} from './guests.ts';

afterEach(() => until(() => guestPids().length === 0));

const FAST = { host_calls_per_second: 100_000 };

/** Each limit, the call that trips it, and the code it trips with. */
const TRIPS: readonly [limit: string, code: string, guest: GuestName, tool: string, asked: Asked][] = [
  ['timeout_ms', 'E_TIMEOUT', 'loop', 'spin', { limits: { timeout_ms: 100 } }],
  ['fuel', 'E_FUEL', 'loop', 'spin', { limits: { fuel: 1_000_000, timeout_ms: 5_000 } }],
  ['memory_mb', 'E_MEMORY', 'grow', 'trap', { limits: { memory_mb: 8 } }],
  ['memory_mb', 'E_MEMORY', 'fill', 'one', { limits: { memory_mb: 16 } }],
  ['output_kb', 'E_OUTPUT_LIMIT', 'flood', 'stdout', { limits: { output_kb: 100 } }],
  ['log_kb', 'E_OUTPUT_LIMIT', 'flood', 'stderr', { limits: { log_kb: 100 } }],
  ['log_kb', 'E_OUTPUT_LIMIT', 'storm', 'storm', { limits: { ...FAST, log_kb: 1, host_calls: 100_000 } }],
  ['message_kb', 'E_MESSAGE_LIMIT', 'storm', 'big', { limits: { message_kb: 64 }, input: { bytes: 65_536 } }],
  ['host_calls', 'E_RATE', 'storm', 'storm', { limits: { ...FAST, host_calls: 50 } }],
  ['host_calls_per_second', 'E_RATE', 'storm', 'storm', { limits: { host_calls_per_second: 20 } }],
  ['output_kb', 'E_OUTPUT_LIMIT', 'text', 'of', { limits: { output_kb: 10 }, input: { bytes: 10_239 } }],
];

describe('a limit', () => {
  it.each(TRIPS)('%s trips with %s, by %s.%s [R-LIMIT-1]', (limit, code, guest, tool, asked) =>
    withSandbox(async (sandbox) => {
      expect(failureOf(await run(sandbox, guest, tool, asked))).toEqual({ code, exit: 6, limit });
      expect(valueOf(await run(sandbox, 'counter', 'next'))).toBe(1);
    }),
  );

  it('that is reached exactly does not trip [R-LIMIT-1]', () =>
    withSandbox(async (sandbox) => {
      const result = await run(sandbox, 'text', 'of', { limits: { output_kb: 10 }, input: { bytes: 10_238 } });
      expect(valueOf(result)).toHaveLength(10_238);
      const big = await run(sandbox, 'storm', 'big', { limits: { message_kb: 64 }, input: { bytes: 65_000 } });
      expect(valueOf(big)).toBeNull();
    }));

  it('of one call leaves the next one its own [R-LIMIT-1]', () =>
    withSandbox(async (sandbox) => {
      for (let i = 0; i < 12; i++) {
        const result = await run(sandbox, 'storm', 'storm', { limits: { ...FAST, host_calls: 50 } });
        expect(failureOf(result).limit).toBe('host_calls');
        expect(result.usage.hostCalls).toBe(51);
      }
      expect(valueOf(await run(sandbox, 'storm', 'big', { input: { bytes: 1 } }))).toBeNull();
    }));

  it('of one call costs a call beside it nothing [R-LIMIT-1]', () =>
    withSandbox(async (sandbox) => {
      const beside = run(sandbox, 'storm', 'storm', {
        limits: { ...FAST, host_calls: 1_000_000, log_kb: 16_384, timeout_ms: 1_500 },
      });
      const over = await run(sandbox, 'storm', 'storm', { limits: { ...FAST, host_calls: 50 } });
      expect(failureOf(over).limit).toBe('host_calls');
      expect(failureOf(await beside).code).toBe('E_TIMEOUT');
    }));
});

describe('memory', () => {
  it('stops growing at memory_mb, and the guest sees a refusal [R-LIMIT-1]', () =>
    withSandbox(async (sandbox) => {
      const result = await run(sandbox, 'grow', 'spin', { limits: { memory_mb: 4 } });
      expect(valueOf(result)).toBeLessThanOrEqual(64);
      expect(valueOf(result)).toBeGreaterThan(40);
      expect(result.usage.memoryBytes).toBe(Number(valueOf(result)) * 65_536);
    }));

  it('is one budget over all memories of a component [R-LIMIT-1]', () =>
    withSandbox(async (sandbox) => {
      const total = Number(valueOf(await run(sandbox, 'manyMemories', 'grow', { limits: { memory_mb: 8 } })));
      expect(total).toBeGreaterThan(64);
      expect(total).toBeLessThanOrEqual(8 * 16);
    }));
});

describe('a module', () => {
  it('that takes longer than start_ms to compile is given up, with its process [R-LIMIT-1]', () =>
    withSandbox(async (sandbox) => {
      const bytes = await assemble(manyFunctions(4_000));
      const failure = failureOf(await run(sandbox, bytes, 'f0', { limits: { start_ms: 1 } }));
      expect(failure).toEqual({ code: 'E_TIMEOUT', exit: 6, limit: 'start_ms' });
      expect(valueOf(await run(sandbox, bytes, 'f0', { limits: { start_ms: 60_000 } }))).toBe(0);
    }));

  it('over a static limit is refused, and the error says which [R-LIMIT-1]', () =>
    withSandbox(async (sandbox) => {
      const bytes = await assemble('(module (table 2000000 funcref) (func (export "f")))');
      const { outcome } = await run(sandbox, bytes, 'f');
      expect('error' in outcome && outcome.error).toMatchObject({
        code: 'E_MODULE_LIMIT',
        details: { limit: 'table_elements', found: 2_000_000, value: 100_000 },
      });
    }));

  it('that does not validate is refused with a typed error [R-LIMIT-1]', () =>
    withSandbox(async (sandbox) => {
      const bytes = await assemble('(module (func (export "f") (result i32) (i32.const 1)))');
      const broken = bytes.with(bytes.length - 1, 0x01);
      expect(failureOf(await run(sandbox, broken, 'f')).code).toBe('E_MODULE');
      expect(valueOf(await run(sandbox, 'counter', 'next'))).toBe(1);
    }));

  it('that imports the log under limits still logs', () =>
    withSandbox(async (sandbox) => {
      const lines: string[] = [];
      const onLog = (_level: string, line: string): void => void lines.push(line);
      const text = logging(
        '(func (export "say") (call $log (i32.const 1) (i32.const 0) (i32.const 3)))',
        '(func (export "say") (canon lift (core func $main "say")))',
      );
      expect(valueOf(await run(sandbox, await assemble(text), 'say', { onLog }))).toBeNull();
      expect(lines).toEqual(['\0\0\0']);
    }));
});

/** A module of many functions with a little work in each. */
function manyFunctions(count: number): string {
  const body = '(i32.mul (i32.add (local.get 0) (i32.const 3)) (local.get 0))';
  const functions = Array.from(
    { length: count },
    (_, i) => `(func (param i32) (result i32) (i32.add ${body} (i32.xor ${body} (i32.const ${i}))))`,
  );
  return `(module (func (export "f0") (result i32) (i32.const 0)) ${functions.join('\n')})`;
}
