import { describe, expect, it } from 'vitest';
import { createWasi1 } from '../../../host/abi/wasi1.ts';
import { type FakeContext, fakeContext } from './fake-context.ts';

const MS = 1_000_000n;
const IN = 0;
const OUT = 4_096;
const COUNT = 8_192;

interface Asked {
  readonly type: number;
  /** The clock, or the descriptor. */
  readonly of: number;
  readonly timeout?: bigint;
  readonly absolute?: boolean;
}

/** Polls and answers the events, and how long the guest slept, in milliseconds. */
function poll(
  asked: readonly Asked[],
  context: FakeContext = fakeContext(),
): { errno: unknown; slept: number; events: unknown[] } {
  const wasi = createWasi1(context);
  const { buffer } = new Uint8Array(65_536);
  wasi.bind({ buffer });
  const view = new DataView(buffer);
  asked.forEach(({ type, of, timeout = 0n, absolute = false }, i) => {
    const at = IN + i * 48;
    view.setBigUint64(at, BigInt(100 + i), true);
    view.setUint8(at + 8, type);
    view.setUint32(at + 16, of, true);
    view.setBigUint64(at + 24, timeout, true);
    view.setUint16(at + 40, absolute ? 1 : 0, true);
  });
  const before = context.now;
  const errno = (wasi.functions['poll_oneoff'] as (...args: number[]) => unknown)(IN, OUT, asked.length, COUNT);
  const events = Array.from({ length: view.getUint32(COUNT, true) }, (_, i) => {
    const at = OUT + i * 32;
    return {
      userdata: Number(view.getBigUint64(at, true)),
      errno: view.getUint16(at + 8, true),
      type: view.getUint8(at + 10),
      bytes: Number(view.getBigUint64(at + 16, true)),
    };
  });
  return { errno, slept: context.now - before, events };
}

const event = (userdata: number, type: number, rest: object = {}): object => ({
  userdata,
  errno: 0,
  type,
  bytes: 0,
  ...rest,
});

describe('polling in WASI preview 1 [R-WASI-2]', () => {
  it('sleeps to the first moment, and tells which it was', () => {
    expect(
      poll([
        { type: 0, of: 1, timeout: 50n * MS },
        { type: 0, of: 1, timeout: 20n * MS },
        { type: 0, of: 0, timeout: 20n * MS },
      ]),
    ).toEqual({
      errno: 0,
      slept: 20,
      events: [event(101, 0), event(102, 0)],
    });
  });

  it('waits until a moment of the wall clock, which is not the other clock', () => {
    const context = fakeContext();
    const until = BigInt(context.now + 30) * MS;
    const later = fakeContext(
      {},
      {
        clock: {
          ...context.clock,
          monotonic: () => BigInt(context.now - 1_600_000_000_000) * MS,
          sleepUntil: (at) => void (context.now = Number(at / MS) + 1_600_000_000_000),
        },
      },
    );
    const before = context.now;
    expect(poll([{ type: 0, of: 0, timeout: until, absolute: true }], later).events).toEqual([event(100, 0)]);
    expect(context.now - before).toBe(30);
  });

  it('does not sleep for a moment that is past, or when something is ready', () => {
    expect(poll([{ type: 0, of: 1, timeout: 0n, absolute: true }])).toEqual({
      errno: 0,
      slept: 0,
      events: [event(100, 0)],
    });
    const context = fakeContext({}, { stdin: Buffer.from('abc') });
    expect(
      poll(
        [
          { type: 0, of: 1, timeout: 600_000n * MS },
          { type: 1, of: 0 },
        ],
        context,
      ),
    ).toEqual({
      errno: 0,
      slept: 0,
      events: [event(101, 1, { bytes: 3 })],
    });
    expect(
      poll([
        { type: 2, of: 1 },
        { type: 1, of: 4 },
      ]).events,
    ).toEqual([event(100, 2, { bytes: 65_536 }), event(101, 1, { bytes: 1 })]);
  });

  it('tells what cannot be waited for as an event of its own', () => {
    expect(
      poll([
        { type: 0, of: 9, timeout: 1n },
        { type: 1, of: 77 },
      ]).events,
    ).toEqual([event(100, 0, { errno: 28 }), event(101, 1, { errno: 8 })]);
    expect(poll([{ type: 3, of: 0 }])).toEqual({ errno: 28, slept: 0, events: [] });
  });
});
