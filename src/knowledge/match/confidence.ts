import { BIAS, WEIGHTS } from './weights.ts';

/** How sure it is, from 0 to 1, that a skill is meant. */
export function toConfidence(evidence: readonly number[]): number {
  const sum = evidence.reduce((total, value, i) => total + value * (WEIGHTS[i] ?? 0), BIAS);
  return 1 / (1 + Math.exp(-sum));
}
