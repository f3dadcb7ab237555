import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaps, geometricMean, median, quantile, toFigure } from '../../bench/kit/statistics.ts';

const values = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('the statistics of the bench [R-BENCH-1]', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 1], 9],
  ])('the median of %j is %d', (given, expected) => {
    expect(median(given)).toBe(expected);
  });

  it.each([
    [[1, 2, 3, 4, 5], 0, 1],
    [[5, 4, 3, 2, 1], 1, 5],
    [[0, 100], 0.99, 99],
    [Array.from({ length: 101 }, (_, i) => i), 0.99, 99],
  ])('the quantile of %j at %d is %d', (given, share, expected) => {
    expect(quantile(given, share)).toBeCloseTo(expected, 9);
  });

  it('of nothing there is none', () => {
    expect(median([])).toBeNaN();
    expect(toFigure([])).toEqual({ p50: Number.NaN, p99: Number.NaN, count: 0 });
  });

  it('a quantile lies between the least and the largest, does not depend on the order, and changes nothing', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const before = [...given];
        const found = quantile(given, share);
        expect(found).toBeGreaterThanOrEqual(Math.min(...given));
        expect(found).toBeLessThanOrEqual(Math.max(...given));
        expect(quantile(given.toReversed(), share)).toBe(found);
        expect(given).toEqual(before);
      }),
    );
  });

  it.each([
    [[2, 0.5], 1],
    [[1, 10, 100], 10],
    [[1.21], 1.21],
  ])('the geometric mean of %j is %d', (given, expected) => {
    expect(geometricMean(given)).toBeCloseTo(expected, 9);
  });

  it('the geometric mean of ratios is the ratio of geometric means', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0.1, max: 100, noNaN: true }), fc.double({ min: 0.1, max: 100, noNaN: true })),
          { minLength: 1, maxLength: 20 },
        ),
        (pairs) => {
          const ratios = geometricMean(pairs.map(([a, b]) => a / b));
          const means = geometricMean(pairs.map(([a]) => a)) / geometricMean(pairs.map(([, b]) => b));
          expect(ratios / means).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it('gaps are the microseconds between one time and the next', () => {
    expect(gaps([1, 1.5, 4])).toEqual([500, 2500]);
    expect(gaps([1])).toEqual([]);
  });
});
