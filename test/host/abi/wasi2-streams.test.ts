import { describe, expect, it } from 'vitest';
import { GuestExit, OutputLimit, OutputSink } from '../../../host/abi/context.ts';
import { fakeContext, interfacesOf } from './fake-context.ts';

const CLOSED = { err: { tag: 'closed' } };
const S = 'wasi:io/streams#[method]';
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const read = (value: Uint8Array): string => Buffer.from(value).toString();

describe('wasi:cli [R-WASI-1]', () => {
  it('gives arguments, granted environment and no folder', () => {
    const context = fakeContext(
      { 'env.list': () => ['A', 'B'], 'env.get': (name: string) => `${name} value` },
      { args: ['x', ''] },
    );
    const { call } = interfacesOf(context);
    expect(call('wasi:cli/environment#get-arguments')).toEqual(['x', '']);
    expect(call('wasi:cli/environment#get-environment')).toEqual([
      ['A', 'A value'],
      ['B', 'B value'],
    ]);
    call('wasi:cli/environment#get-environment');
    expect(context.asked).toHaveLength(3);
    expect(call('wasi:cli/environment#initial-cwd')).toBe(null);
  });

  it('exits with a status', () => {
    const { call } = interfacesOf(fakeContext());
    expect(() => call('wasi:cli/exit#exit', { tag: 'ok' })).toThrow(new GuestExit(0));
    expect(() => call('wasi:cli/exit#exit', { tag: 'err' })).toThrow(new GuestExit(1));
    expect(() => call('wasi:cli/exit#exit-with-code', 42)).toThrow(new GuestExit(42));
  });

  it('has no terminal', () => {
    const { call } = interfacesOf(fakeContext());
    for (const of of ['stdin', 'stdout', 'stderr'])
      expect(call(`wasi:cli/terminal-${of}#get-terminal-${of}`)).toBe(null);
  });

  it('shares one standard input between its streams, and tells its end', () => {
    const { call } = interfacesOf(fakeContext({}, { stdin: bytes('abcdef') }));
    const [one, other] = [call('wasi:cli/stdin#get-stdin'), call('wasi:cli/stdin#get-stdin')];
    expect(read(call(`${S}input-stream.read`, one, 2n))).toBe('ab');
    expect(call(`${S}input-stream.skip`, other, 1n)).toBe(1n);
    expect(read(call(`${S}input-stream.blocking-read`, one, 1n << 63n))).toBe('def');
    expect(call(`${S}input-stream.blocking-skip`, one, 1n)).toEqual(CLOSED);
    expect(call(`${S}input-stream.read`, other, 1n)).toEqual(CLOSED);
  });
});

describe('wasi:io [R-WASI-1]', () => {
  it('writes what was permitted, in every way there is', () => {
    const context = fakeContext({}, { stdin: bytes('spliced!') });
    const { call } = interfacesOf(context);
    const [input, out] = [call('wasi:cli/stdin#get-stdin'), call('wasi:cli/stdout#get-stdout')];
    expect(call<bigint>(`${S}output-stream.check-write`, out)).toBeGreaterThanOrEqual(4_096n);
    call(`${S}output-stream.write`, out, bytes('a'));
    call(`${S}output-stream.blocking-write-and-flush`, out, bytes('b'));
    call(`${S}output-stream.write-zeroes`, out, 1n);
    call(`${S}output-stream.blocking-write-zeroes-and-flush`, out, 2n);
    expect(call(`${S}output-stream.splice`, out, input, 4n)).toBe(4n);
    expect(call(`${S}output-stream.blocking-splice`, out, input, 100n)).toBe(4n);
    expect(call(`${S}output-stream.splice`, out, input, 1n)).toEqual(CLOSED);
    call(`${S}output-stream.flush`, out);
    call(`${S}output-stream.blocking-flush`, out);
    expect(read(context.stdout.bytes())).toBe('ab\0\0\0spliced!');
    expect(() => call(`${S}output-stream.write-zeroes`, out, 1n << 40n)).toThrow('beyond what check-write permitted');
  });

  it('ends a run that writes over its limit', () => {
    const { call } = interfacesOf(fakeContext({}, { stderr: new OutputSink(4, 'log_kb') }));
    const out = call('wasi:cli/stderr#get-stderr');
    call(`${S}output-stream.write`, out, bytes('1234'));
    expect(() => call(`${S}output-stream.write`, out, bytes('5'))).toThrow(OutputLimit);
  });

  it('polls in order, sleeping to the first moment', () => {
    const context = fakeContext();
    const { call } = interfacesOf(context);
    const start = context.now;
    const after = (ms: number): unknown =>
      call('wasi:clocks/monotonic-clock#subscribe-duration', BigInt(ms) * 1_000_000n);
    const [late, soon, alike] = [after(50), after(20), after(20)];
    expect(call('wasi:io/poll#[method]pollable.ready', soon)).toBe(false);
    expect(call('wasi:io/poll#poll', [late, soon, alike, soon])).toEqual([1, 2, 3]);
    expect(context.now - start).toBe(20);
    expect(call('wasi:io/poll#poll', [late, soon])).toEqual([1]);
    call('wasi:io/poll#[method]pollable.block', late);
    expect(context.now - start).toBe(50);
    call('wasi:io/poll#[method]pollable.block', late);
    expect(call('wasi:io/poll#[method]pollable.ready', late)).toBe(true);
    const stream = call(`${S}input-stream.subscribe`, call('wasi:cli/stdin#get-stdin'));
    expect(call('wasi:io/poll#poll', [after(10), stream])).toEqual([1]);
    expect(
      call(
        'wasi:io/poll#[method]pollable.ready',
        call(`${S}output-stream.subscribe`, call('wasi:cli/stdout#get-stdout')),
      ),
    ).toBe(true);
    expect(() => call('wasi:io/poll#poll', [])).toThrow('empty list');
  });
});

describe('wasi:clocks and wasi:random [R-WASI-1]', () => {
  it('tell the time in whole milliseconds', () => {
    const context = fakeContext();
    const { call } = interfacesOf(context);
    expect(call('wasi:clocks/wall-clock#now')).toEqual({ seconds: 1_600_000_000n, nanoseconds: 123_000_000 });
    expect(call('wasi:clocks/wall-clock#resolution')).toEqual({ seconds: 0n, nanoseconds: 1_000_000 });
    expect(call('wasi:clocks/monotonic-clock#now')).toBe(1_600_000_000_123_000_000n);
    expect(call('wasi:clocks/monotonic-clock#resolution')).toBe(1_000_000n);
    const pollable = call('wasi:clocks/monotonic-clock#subscribe-instant', 1_600_000_000_130_000_000n);
    call('wasi:io/poll#[method]pollable.block', pollable);
    expect(context.now).toBe(1_600_000_000_130);
    expect(call('wasi:clocks/timezone#utc-offset', {})).toBe(0);
    expect(call('wasi:clocks/timezone#display', {})).toEqual({
      'utc-offset': 0,
      name: 'UTC',
      'in-daylight-saving-time': false,
    });
  });

  it.each(['random#get-random', 'insecure#get-insecure-random'])('give any number of random bytes: %s', (name) => {
    const { call } = interfacesOf(fakeContext());
    for (const length of [0n, 1n, 65_536n, 65_537n, 200_000n]) {
      const drawn = call<Uint8Array>(`wasi:random/${name}-bytes`, length);
      expect(BigInt(drawn.length)).toBe(length);
      if (length > 1_000n) expect(drawn.subarray(-64).some((byte) => byte !== 0)).toBe(true);
    }
    expect(call(`wasi:random/${name}-u64`)).not.toBe(call(`wasi:random/${name}-u64`));
    expect(() => call(`wasi:random/${name}-bytes`, 1n << 40n)).toThrow('random_bytes');
  });

  it('give a seed of two numbers', () => {
    const [a, b] = interfacesOf(fakeContext()).call<[bigint, bigint]>('wasi:random/insecure-seed#insecure-seed');
    expect(a).not.toBe(b);
  });
});
