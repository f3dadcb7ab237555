import { describe, expect, it } from 'vitest';
import { OWN_CATALOGUE, OWN_PROMPTS, readCorpus } from '../../../bench/matching/corpus.ts';
import { measureQuality } from '../../../bench/matching/quality.ts';

// The corpus with its bodies cut, so hit rates are lower than docs/matching.md tells for the whole. Each bound is what
// was measured, less a few hundredths: a change that costs more has to say why.

describe('637 prompts and 343 skills', () => {
  const quality = measureQuality(readCorpus(OWN_CATALOGUE, OWN_PROMPTS));
  const { baseline } = quality;

  it.each([
    ['hit1', 0.74],
    ['hit3', 0.87],
    ['hit5', 0.9],
    ['mrr', 0.81],
  ] as const)('%s is at least %d, and well above plain BM25 [R-MATCH-9]', (key, least) => {
    expect(quality[key]).toBeGreaterThan(least);
    expect(quality[key]).toBeGreaterThan(baseline[key] + 0.08);
  });

  it('prompts that mean a skill score higher than those that mean none [R-MATCH-9]', () => {
    expect(quality.auc).toBeGreaterThan(0.8);
    expect(quality.auc).toBeGreaterThan((baseline.auc ?? 1) + 0.15);
  });

  it('most prompts that mean no skill get none, and few that mean one lose it [R-MATCH-9]', () => {
    expect(quality.negativesAbstained).toBeGreaterThan(0.6);
    expect(quality.positivesLost).toBeLessThan(0.25);
  });
});
