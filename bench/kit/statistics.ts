import type { Figure } from './row.ts';

/** The value below which a share of the sorted values lies, in proportion between the two around it; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The mean for ratios: what is twice as fast and what is half as fast make 1. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

export function toFigure(values: readonly number[]): Figure {
  return { p50: median(values), p99: quantile(values, 0.99), count: values.length };
}

/** The microseconds between one time in milliseconds and the next. */
export function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => (time - (times[i] ?? time)) * 1000);
}
