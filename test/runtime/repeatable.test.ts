import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClock, parseSeed, readRepeatable } from '../../src/runtime/repeatable.ts';

describe('a seed as it is typed [R-DET-1]', () => {
  it.each([
    ['0', 0],
    ['42', 42],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%s is read', (text, seed) => {
    expect(parseSeed(text)).toBe(seed);
  });

  it.each(['', '-1', '1.5', '1e3', '0x10', ' 1', '1 ', 'x', '9007199254740992', '9'.repeat(400), '1\n'])(
    '%j is refused, and shown',
    (text) => {
      expect(() => parseSeed(text)).toThrow(/^--seed ".*": it is not a whole number/s);
    },
  );
});

describe('a clock as it is typed [R-DET-1]', () => {
  const NOON = Date.UTC(2024, 4, 1, 12);
  it.each([
    ['2024-05-01', Date.UTC(2024, 4, 1)],
    ['2024-05-01T12:00', NOON],
    ['2024-05-01T12:00:00', NOON],
    ['2024-05-01T12:00Z', NOON],
    ['2024-05-01T12:00:00.5Z', NOON + 500],
    ['2024-05-01T14:00:00+02:00', NOON],
    ['2024-05-01T07:00:00-05:00', NOON],
    ['1970-01-01', 0],
    ['2261-12-31T23:59:59.999Z', Date.UTC(2262, 0, 1) - 1],
    ['0', 0],
    ['1714564800000', NOON],
    ['real', 'real'],
  ])('%s is read', (text, clock) => {
    expect(parseClock(text)).toBe(clock);
  });

  it.each([
    '',
    'now',
    'Real',
    '-1',
    '1.5',
    '2024-5-1',
    '2024-02-30',
    '2024-13-01',
    '2024-05-01Z',
    '2024-05-01T25:00',
    '2024-05-01 12:00',
    '2024-05-01T12:00:00.1234Z',
    '2262-01-01',
    '1969-12-31',
    '9999999999999999',
    'May 1',
  ])('%j is refused, and shown', (text) => {
    expect(() => parseClock(text)).toThrow(/^--clock ".*": it is no moment from 1970 to 2261/s);
  });

  it('is read back from what a date writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date(Date.UTC(2262, 0, 1) - 1), noInvalidDate: true }),
        (date) => {
          expect(parseClock(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });
});

describe('what makes a run repeatable [R-DET-1]', () => {
  it('is nothing unless it is asked for', () => {
    expect(readRepeatable({})).toEqual({ seed: undefined, clock: undefined });
  });

  it('with a seed is the clock too, unless it is to be real', () => {
    expect(readRepeatable({ seed: 1 })).toEqual({ seed: 1, clock: Date.UTC(2000, 0, 1) });
    expect(readRepeatable({ seed: 1, clock: 5 })).toEqual({ seed: 1, clock: 5 });
    expect(readRepeatable({ seed: 1, clock: 'real' })).toEqual({ seed: 1, clock: undefined });
    expect(readRepeatable({ clock: new Date(7) })).toEqual({ seed: undefined, clock: 7 });
  });

  it.each([
    { seed: -1 },
    { seed: 0.5 },
    { seed: Number.NaN },
    { seed: 2 ** 53 },
    { seed: '1' as never },
    { seed: null as never },
    { clock: -1 },
    { clock: Number.NaN },
    { clock: new Date(Number.NaN) },
    { clock: Date.UTC(2262, 0, 1) },
    { clock: '2024-05-01' as never },
  ])('%j is refused', (asked) => {
    expect(() => readRepeatable(asked)).toThrow(expect.objectContaining({ code: 'E_USAGE' }) as Error);
  });
});
