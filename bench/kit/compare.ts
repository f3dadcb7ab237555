import type { Absent, Comparison, Figure, Line, Row, Target, Verdict } from './row.ts';

/** What became of the contenders of one row. */
export interface Results {
  readonly figures: ReadonlyMap<string, Figure>;
  readonly failures: ReadonlyMap<string, string>;
  readonly absent: readonly Absent[];
}

/** Puts the figures of a row side by side. */
export function compareAll(row: Pick<Row, 'comparisons' | 'unit'>, results: Results): Line[] {
  return row.comparisons.map((comparison) => compare(comparison, row.unit, results));
}

function compare(comparison: Comparison, unit: Row['unit'], { figures, failures, absent }: Results): Line {
  const { ours, peer, statistic, target } = comparison;
  const oursValue = figures.get(ours)?.[statistic] ?? null;
  const peerValue = peer === undefined ? null : (figures.get(peer)?.[statistic] ?? null);
  const common = { ours, peer: peer ?? null, statistic, unit, oursValue, peerValue, target: target ?? null };
  const names = peer === undefined ? [ours] : [ours, peer];
  const failure = names.map((name) => failures.get(name)).find((reason) => reason !== undefined);
  if (failure !== undefined) {
    // A peer that falls over where nothing was promised is its own affair.
    const isTheirs = target === undefined && !failures.has(ours);
    const reason = isTheirs ? `the peer failed: ${failure}` : failure;
    return { ...common, ratio: null, verdict: isTheirs ? 'not measured' : 'failed', reason };
  }
  const missing = absent.find(({ name }) => names.includes(name));
  if (missing !== undefined) return { ...common, ratio: null, verdict: 'not measured', reason: missing.reason };
  if (oursValue === null || (peer !== undefined && peerValue === null))
    return { ...common, ratio: null, verdict: 'failed', reason: 'nothing was measured' };
  const ratio = peerValue === null ? null : oursValue / peerValue;
  return { ...common, ratio, verdict: judge(ratio ?? oursValue, target), reason: null };
}

/** Whether a value is within its target. */
export function judge(value: number, target: Target | undefined): Verdict {
  if (target === undefined) return 'information';
  const isMet = 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
  return isMet ? 'met' : 'not met';
}
