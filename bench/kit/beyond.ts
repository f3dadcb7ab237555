import { judge } from './compare.ts';
import type { Line, Row, Target, Unit } from './row.ts';

/** A line that says how much more ours took than a peer that it holds, and what of that is promised. */
export function beyond(of: {
  readonly name: string;
  readonly ours: string;
  readonly peer: string;
  readonly unit: Unit;
  readonly target: Target;
}): NonNullable<Row['summarize']> {
  const { name, unit, target } = of;
  return (figures) => {
    const [ours, peer] = [figures.get(of.ours)?.p50, figures.get(of.peer)?.p50];
    const line = { ours: name, statistic: 'p50', unit, target, peer: null, peerValue: null, ratio: null } as const;
    if (ours === undefined || peer === undefined)
      return [{ ...line, oursValue: null, verdict: 'not measured', reason: 'a figure is missing' }] satisfies Line[];
    const oursValue = ours - peer;
    return [{ ...line, oursValue, verdict: judge(oursValue, target), reason: null }];
  };
}
