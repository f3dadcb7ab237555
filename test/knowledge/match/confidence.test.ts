import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOfMany, toConfidence } from '../../../src/knowledge/match/confidence.ts';
import { EVIDENCE } from '../../../src/knowledge/match/evidence.ts';
import { THRESHOLD } from '../../../src/knowledge/match/index.ts';
import { BIAS, WEIGHTS } from '../../../src/knowledge/match/weights.ts';
import { CATALOGUE, indexOf, skill } from './skills.ts';

const evidence = fc.array(fc.double({ min: -2, max: 4, noNaN: true }), {
  minLength: EVIDENCE.length,
  maxLength: EVIDENCE.length,
});
const skills = fc.integer({ min: 0, max: 100_000 });
const sigmoid = (sum: number): number => 1 / (1 + Math.exp(-sum));
const addUp = (given: readonly number[], of: 'few' | 'many'): number =>
  WEIGHTS.reduce((sum, weight, i) => sum + weight[of] * (given[i] ?? 0), BIAS[of]);

describe('how much the weights of many skills count', () => {
  it.each([
    [0, 0],
    [1, 0],
    [12, 0],
    [60, 0.5],
    [300, 1],
    [100_000, 1],
  ])('of %d skills is %d', (count, share) => {
    expect(shareOfMany(count)).toBeCloseTo(share, 10);
  });

  it('is never less with more skills, and from 0 to 1', () => {
    fc.assert(
      fc.property(skills, skills, (a, b) => {
        const [less, more] = [shareOfMany(Math.min(a, b)), shareOfMany(Math.max(a, b))];
        expect(less).toBeLessThanOrEqual(more);
        expect(less).toBeGreaterThanOrEqual(0);
        expect(more).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('grows as much from each doubling to the next between the two', () => {
    const [first, second, third] = [shareOfMany(30), shareOfMany(60), shareOfMany(120)];
    expect(third - second).toBeCloseTo(second - first, 10);
  });
});

describe('the confidence', () => {
  it('is that of one set of weights at each end [R-MATCH-4]', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        for (const count of [0, 1, 12])
          expect(toConfidence(given, count)).toBeCloseTo(sigmoid(addUp(given, 'few')), 10);
        for (const count of [300, 9999]) {
          expect(toConfidence(given, count)).toBeCloseTo(sigmoid(addUp(given, 'many')), 10);
        }
      }),
    );
  });

  it('is between those of the ends, and nearer to many with more skills [R-MATCH-4]', () => {
    fc.assert(
      fc.property(evidence, skills, skills, (given, a, b) => {
        const [few, many] = [toConfidence(given, 1), toConfidence(given, 1000)];
        const [less, more] = [toConfidence(given, Math.min(a, b)), toConfidence(given, Math.max(a, b))];
        for (const one of [less, more]) {
          expect(one).toBeGreaterThanOrEqual(Math.min(few, many) - 1e-12);
          expect(one).toBeLessThanOrEqual(Math.max(few, many) + 1e-12);
        }
        expect(Math.abs(more - many)).toBeLessThanOrEqual(Math.abs(less - many) + 1e-12);
      }),
    );
  });

  it('is on one side of the threshold for any number of skills, when it is at both ends [R-MATCH-4]', () => {
    fc.assert(
      fc.property(evidence, skills, (given, count) => {
        const ends = [toConfidence(given, 1), toConfidence(given, 1000)].map((end) => end >= THRESHOLD);
        if (ends[0] === ends[1]) expect(toConfidence(given, count) >= THRESHOLD).toBe(ends[0]);
      }),
    );
  });

  it.each([1, 12, 60, 343])(
    'among %d skills rises with what speaks for a skill and falls with what speaks against',
    (count) => {
      const moves = (name: (typeof EVIDENCE)[number]): number => {
        const at = EVIDENCE.indexOf(name);
        const base = EVIDENCE.map(() => 0.5);
        return toConfidence(base.with(at, 1), count) - toConfidence(base, count);
      };
      for (const name of ['strength', 'margin', 'coverage', 'name', 'run'] as const)
        expect(moves(name)).toBeGreaterThan(0);
      for (const name of ['rival', 'crowd', 'excluded', 'rejection'] as const) expect(moves(name)).toBeLessThan(0);
    },
  );

  it('has one pair of weights for each kind of evidence', () => {
    expect(WEIGHTS).toHaveLength(EVIDENCE.length);
    for (const { few, many } of [BIAS, ...WEIGHTS]) expect([few, many].every(Number.isFinite)).toBe(true);
  });
});

describe('other skills', () => {
  const others = Array.from({ length: 340 }, (_, i) => skill({ id: `other-${i}`, description: `zz${i} yy${i}` }));
  const large = indexOf(...CATALOGUE, ...others);

  it.each(['How do I bake a chocolate cake from scratch?', 'Write a poem about the sea', 'hello'])(
    'that have nothing to do with it leave %j without a skill [R-MATCH-4]',
    (prompt) => expect(large.match(prompt)).toEqual([]),
  );

  it('leave a skill that is meant where it is [R-MATCH-1] [R-MATCH-4]', () => {
    const prompt = 'Extract all tables from this PDF report into a spreadsheet';
    for (const index of [indexOf(...CATALOGUE), large]) expect(index.match(prompt)[0]?.id).toBe('pdf-tables');
  });
});
