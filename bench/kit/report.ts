import type { Machine } from './machine.ts';
import type { RowReport } from './measure.ts';
import type { Mode } from './row.ts';

/** One run of the bench; what `--json` prints. */
export interface Report {
  readonly version: string;
  readonly date: string;
  readonly mode: Mode;
  /** True when ours was measured against itself. */
  readonly selfCheck: boolean;
  readonly machine: Machine;
  readonly rows: readonly RowReport[];
}

/** How far ours may be from itself before the machine is too noisy to believe. */
export const NOISE = 1.25;

/** Whether a ratio of ours to itself is no more than noise. */
export function isNoise(ratio: number): boolean {
  // Two times around zero have no ratio that means anything.
  return ratio <= 0 || Math.max(ratio, 1 / ratio) <= NOISE;
}

/** 0, or 1 when a row failed. A target that is missed is a finding, not a failure. */
export function exitCodeOf({ rows, selfCheck }: Report): number {
  const lines = rows.flatMap(({ lines: some }) => some);
  const isFailed = rows.some(({ error }) => error !== null) || lines.some(({ verdict }) => verdict === 'failed');
  const isNoisy = selfCheck && lines.some(({ ratio }) => ratio !== null && !isNoise(ratio));
  return isFailed || isNoisy ? 1 : 0;
}
