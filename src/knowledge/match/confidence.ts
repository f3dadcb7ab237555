import { BIAS, type ByCount, WEIGHTS } from './weights.ts';

/** Up to so many skills the weights learned of few hold, and from so many on those learned of the whole catalogue. */
const FEW = 12;
const MANY = 300;

/**
 * How sure it is, from 0 to 1, that a skill is meant. How much a piece of evidence means depends on how many skills
 * compete for it: among a dozen the best shares few words with most prompts, among hundreds one shares many with nearly
 * every prompt. Between the two the weights are mixed by the logarithm of the number of skills.
 */
export function toConfidence(evidence: readonly number[], skills: number): number {
  const share = shareOfMany(skills);
  const mix = ({ few, many }: ByCount): number => few + share * (many - few);
  const sum = WEIGHTS.reduce((total, weight, i) => total + mix(weight) * (evidence[i] ?? 0), mix(BIAS));
  return 1 / (1 + Math.exp(-sum));
}

/** From 0 among a few skills to 1 among many. */
export function shareOfMany(skills: number): number {
  const share = Math.log(Math.max(skills, 1) / FEW) / Math.log(MANY / FEW);
  return Math.min(1, Math.max(0, share));
}
