import { describe, expect, it } from 'vitest';
import { OWN_CATALOGUE, OWN_PROMPTS, readCorpus, toDocument } from '../../../bench/matching/corpus.ts';
import { measureQuality } from '../../../bench/matching/quality.ts';
import { indexOf } from './skills.ts';

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
    expect(quality.auc).toBeGreaterThan(0.82);
    expect(quality.auc).toBeGreaterThan((baseline.auc ?? 1) + 0.2);
  });

  it('most prompts that mean no skill get none, and few that mean one lose it [R-MATCH-9]', () => {
    expect(quality.negativesAbstained).toBeGreaterThan(0.65);
    expect(quality.positivesLost).toBeLessThan(0.19);
  });
});

describe('a prompt asked of a dozen skills', () => {
  const { catalogue, prompts } = readCorpus(OWN_CATALOGUE, OWN_PROMPTS);
  const documents = catalogue.map(toDocument);
  const familyOf = (id: string): string => id.split('-')[0] ?? id;
  const asked = prompts.flatMap(({ prompt, expected }, i) => {
    const own = documents.find(({ id }) => id === expected);
    if (own === undefined || i % 2 > 0) return [];
    const foreign = documents.filter(({ id }) => familyOf(id) !== familyOf(own.id));
    const others = Array.from({ length: 12 }, (_, k) => foreign[(i * 7 + k * 29) % foreign.length] ?? own);
    return [{ prompt, own, others: [...new Set(others)] }];
  });
  const shareOf = (holds: (one: (typeof asked)[number]) => boolean): number =>
    asked.filter(holds).length / asked.length;

  it('mostly gets nothing when none of its family is there [R-MATCH-9]', () => {
    const silent = shareOf(({ prompt, others }) => indexOf(...others).match(prompt).length === 0);
    expect(silent).toBeGreaterThan(0.88);
  });

  it('seldom loses its own, under the same threshold [R-MATCH-9]', () => {
    const lost = shareOf(
      ({ prompt, own, others }) =>
        !indexOf(own, ...others.slice(1))
          .match(prompt)
          .some(({ id }) => id === own.id),
    );
    expect(lost).toBeLessThan(0.23);
  });
});
