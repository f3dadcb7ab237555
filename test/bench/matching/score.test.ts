import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCorpus } from '../../../bench/matching/corpus.ts';
import { fitWeights, printWeights } from '../../../bench/matching/fit.ts';
import { drawFrom, generateCatalogue, generatePrompts } from '../../../bench/matching/generate.ts';
import { addUp, fitLogistic } from '../../../bench/matching/logistic.ts';
import { printQuality, printScale } from '../../../bench/matching/print.ts';
import { measureQuality } from '../../../bench/matching/quality.ts';
import { measureScale } from '../../../bench/matching/scale.ts';
import { type Answer, areaUnderCurve, scoreAbstention, scoreRanking } from '../../../bench/matching/score.ts';

const answer = (given: Partial<Answer>): Answer => ({ expected: null, ranked: [], score: 0, returned: [], ...given });

describe('the score of a matcher', () => {
  it('tells how far up the right skill stands', () => {
    const ranked = ['a', 'b', 'c', 'd', 'e', 'f'];
    const answers = ['a', 'c', 'e', 'f', 'x'].map((expected) => answer({ expected, ranked }));
    expect(scoreRanking(answers)).toEqual({
      hit1: 0.2,
      hit3: 0.4,
      hit5: 0.6,
      mrr: (1 + 1 / 3 + 1 / 5 + 1 / 6) / 5,
      auc: null,
    });
  });

  it('tells how well positives and negatives are parted', () => {
    expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
    expect(areaUnderCurve([1, 2], [3, 4])).toBe(0);
    expect(areaUnderCurve([1], [1])).toBe(0.5);
    expect(areaUnderCurve([1, 3], [2])).toBe(0.5);
    expect(areaUnderCurve([], [1])).toBeNull();
  });

  it('counts what is lost to caution, and only that', () => {
    const ranked = ['a', 'b', 'c', 'd', 'e', 'f'];
    const share = (given: Partial<Answer>): number | null =>
      scoreAbstention([answer({ ranked, ...given })]).positivesLost;
    expect(share({ expected: 'a', returned: ['a'] })).toBe(0);
    expect(share({ expected: 'a', returned: [] })).toBe(1);
    expect(share({ expected: 'b', returned: ['a'] })).toBe(1);
    expect(share({ expected: 'f', returned: ['a'] })).toBe(0);
    expect(share({ expected: 'f', returned: [] })).toBe(1);
  });

  it('has no shares of nothing', () => {
    expect(scoreAbstention([])).toEqual({ negativesAbstained: null, positivesLost: null });
    expect(scoreAbstention([answer({ returned: ['a'] }), answer({})])).toEqual({
      negativesAbstained: 0.5,
      positivesLost: null,
    });
    expect(scoreRanking([])).toMatchObject({ hit1: 0, mrr: 0, auc: null });
  });
});

describe('a corpus', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'corpus-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, lines: readonly object[]): string => {
    const path = join(folder, name);
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return path;
  };

  it('may have odd names, empty bodies, doubles, and no negatives', () => {
    const catalogue = write('catalogue.jsonl', [
      { name: '__proto__', description: 'Tables of PDF reports', body: '' },
      { name: '', description: '', body: '' },
      { name: 'ключ 🔑', description: 'Keys', body: null, path: 'x' },
      { name: '__proto__', description: 'Another', body: 'again' },
    ]);
    const prompts = write('prompts.jsonl', [
      { prompt: 'tables of PDF reports', expected: '__proto__', negative: false },
      { prompt: '', expected: 'unknown', negative: false },
    ]);
    const quality = measureQuality(readCorpus(catalogue, prompts));
    expect(quality).toMatchObject({ hit1: 0.5, negativesAbstained: null, auc: null, baseline: { auc: null } });
    expect(printQuality(quality)).toContain('negatives abstained');
  });

  it('may have only negatives, or no prompts', () => {
    const catalogue = write('catalogue.jsonl', [{ name: 'a', description: 'Tables', body: 'x' }]);
    const negatives = write('negatives.jsonl', [{ prompt: 'bake a cake', expected: null, negative: true }]);
    expect(measureQuality(readCorpus(catalogue, negatives))).toMatchObject({
      negativesAbstained: 1,
      positivesLost: null,
    });
    expect(measureQuality(readCorpus(catalogue, write('none.jsonl', [])))).toMatchObject({ hit1: 0, auc: null });
  });
});

describe('a generated catalogue', () => {
  it('is the same for the same seed, and another for another', () => {
    const make = (seed: number): unknown => generateCatalogue(20, drawFrom(seed));
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  it('has as many skills and prompts as asked for, with names of their own', () => {
    const draw = drawFrom(3);
    const catalogue = generateCatalogue(200, draw);
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(200);
    const prompts = generatePrompts(catalogue, 10, draw);
    expect(prompts).toHaveLength(10);
    expect(prompts.every((prompt) => prompt.split(' ').length >= 8)).toBe(true);
  });

  it('is measured beside minisearch', () => {
    const scale = measureScale(50);
    expect(scale).toMatchObject({ skills: 50, update: { ratio: null } });
    for (const { ms, ratio } of [scale.build, scale.warmStart, scale.p50, scale.p99]) {
      expect(ms).toBeGreaterThan(0);
      expect(ratio).toBeGreaterThan(0);
    }
    expect(printScale(scale)).toContain('50 skills');
  });
});

describe('the weights', () => {
  it('are learned from what tells the two kinds apart', () => {
    const draw = drawFrom(5);
    const samples = Array.from({ length: 200 }, (_, i) => {
      const isPositive = i % 4 !== 0;
      return { evidence: [draw() + (isPositive ? 1 : 0), draw()], isPositive, group: `${i}` };
    });
    const model = fitLogistic(samples);
    expect(model.weights[0]).toBeGreaterThan(5 * Math.abs(model.weights[1] ?? 0));
    const right = samples.filter(({ evidence, isPositive }) => addUp(model, evidence) > 0 === isPositive);
    expect(right.length).toBeGreaterThan(190);
  });

  it('come with what they are worth on prompts they were not learned from', () => {
    const draw = drawFrom(7);
    const catalogue = generateCatalogue(40, draw).map((skill, i) => ({
      ...skill,
      name: `family${i % 4}-${skill.name}`,
    }));
    const means = catalogue.map(({ name, description }) => ({ prompt: description, expected: name }));
    const others = generateCatalogue(40, drawFrom(8)).map(({ description }) => ({
      prompt: description,
      expected: null,
    }));
    const fit = fitWeights({ catalogue, prompts: [...means, ...others] });
    expect(fit.held.plain.auc).toBeGreaterThan(0.9);
    expect(fit.held.plain.abstained).toBeGreaterThan(0.8);
    expect(printWeights(fit)).toMatch(/THRESHOLD = 0\.\d\d;[^]*few: -?[\d.]+, many: -?[\d.]+ }, \/\/ strength/);
  });
});
