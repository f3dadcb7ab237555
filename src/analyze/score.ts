import { type Finding, SEVERITIES, type Severity } from './finding.ts';

/** What one rule takes from 100, by the worst of its findings. */
const WEIGHTS: Readonly<Record<Severity, number>> = { critical: 50, high: 20, medium: 6, low: 1, info: 0 };
/** What each more of its findings takes, up to `MOST_REPEATS`. */
const REPEATS: Readonly<Record<Severity, number>> = { critical: 10, high: 5, medium: 1, low: 0, info: 0 };
const MOST_REPEATS = 3;

/** `block`: it must not be approved. `review`: somebody looks before. */
export type Verdict = 'block' | 'review' | 'pass';

export interface Score {
  /** 0 to 100. */
  readonly value: number;
  readonly verdict: Verdict;
  /** The sum, line by line; all of them and 100 give the value, or less than nothing, which is 0. */
  readonly sum: readonly {
    readonly rule: string;
    readonly severity: Severity;
    readonly count: number;
    readonly points: number;
  }[];
}

/** 100, less the weight of each rule that has findings and a little for its repeats. */
export function scoreOf(findings: readonly Finding[]): Score {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const sum = rules.map((rule) => {
    const of = findings.filter((one) => one.rule === rule);
    const severity = worstOf(of) ?? 'info';
    const repeats = Math.min(of.filter((one) => one.severity === severity).length - 1, MOST_REPEATS);
    return { rule, severity, count: of.length, points: WEIGHTS[severity] + REPEATS[severity] * repeats };
  });
  const ordered = sum.toSorted((a, b) => b.points - a.points || (a.rule < b.rule ? -1 : 1));
  const lost = ordered.reduce((total, { points }) => total + points, 0);
  const worst = worstOf(findings);
  const verdict = worst === 'critical' ? 'block' : worst === 'high' ? 'review' : 'pass';
  return { value: Math.max(0, 100 - lost), verdict, sum: ordered };
}

function worstOf(findings: readonly Finding[]): Severity | undefined {
  return SEVERITIES.find((severity) => findings.some((one) => one.severity === severity));
}
