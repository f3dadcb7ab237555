import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openClock } from '../../../host/abi/clock.ts';

const MS = 1_000_000n;
const START = Date.UTC(2024, 4, 1);

describe('the real clock', () => {
  it('tells whole milliseconds that do not go back', () => {
    const clock = openClock(null);
    const before = clock.monotonic();
    expect(before % MS).toBe(0n);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(before);
    expect(Math.abs(clock.wall() - Date.now())).toBeLessThan(60_000);
  });

  it('sleeps until the moment it is asked for', () => {
    const clock = openClock(null);
    const until = clock.monotonic() + 20n * MS;
    clock.sleepUntil(until);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(until);
  });
});

describe('a clock that is not the real one [R-DET-2]', () => {
  it('begins where it is told to, and is not at zero', () => {
    expect(openClock(START).wall()).toBe(START);
    expect(openClock(0).wall()).toBe(0);
    expect(openClock(START).monotonic()).toBe(1_000n * MS);
  });

  it('takes a millisecond for each reading, of whichever clock', () => {
    const clock = openClock(START);
    expect([clock.wall(), clock.wall(), clock.wall()]).toEqual([START, START + 1, START + 2]);
    expect([clock.monotonic(), clock.monotonic()]).toEqual([1_003n * MS, 1_004n * MS]);
    expect(clock.wall()).toBe(START + 5);
  });

  it('is at once where a sleep ends, and never goes back', () => {
    const clock = openClock(START);
    clock.sleepUntil(1_000n * MS + 3_600_000n * MS);
    expect(clock.wall()).toBe(START + 3_600_000);
    clock.sleepUntil(5n);
    expect(clock.wall()).toBe(START + 3_600_001);
  });

  it('fits 64 bits to its end, in nanoseconds', () => {
    const last = Date.UTC(2262, 0, 1) - 1;
    const clock = openClock(last);
    clock.sleepUntil(2n ** 63n - 1n);
    for (let i = 0; i < 5; i++) {
      expect(BigInt(clock.wall()) * MS).toBeLessThan(2n ** 64n);
      expect(clock.monotonic()).toBeLessThan(2n ** 63n);
    }
  });

  it('tells the same for the same readings and sleeps', () => {
    const step = fc.oneof(
      fc.constantFrom('wall' as const, 'monotonic' as const),
      fc.bigInt({ min: 0n, max: 2n ** 62n }),
    );
    const follow = (steps: readonly (string | bigint)[]): unknown[] => {
      const clock = openClock(START);
      return steps.map((one) =>
        typeof one === 'bigint' ? clock.sleepUntil(one) : clock[one as 'wall' | 'monotonic'](),
      );
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const told = follow(steps);
        expect(follow(steps)).toEqual(told);
        const times = told.filter((one) => typeof one === 'bigint');
        expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      }),
    );
  });
});
