import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, isAtLeast, SEVERITIES, type Severity } from '../../src/analyze/finding.ts';
import { scoreOf } from '../../src/analyze/score.ts';

const finding = (rule: string, severity: Severity): Finding => ({ rule, severity, file: 'a', why: 'w', fix: 'f' });
const many = (count: number, rule: string, severity: Severity): Finding[] =>
  Array.from({ length: count }, () => finding(rule, severity));

describe('the score and its sum [R-ANALYZE-9]', () => {
  it.each<[findings: Finding[], value: number, verdict: string, points: number[]]>([
    [[], 100, 'pass', []],
    [many(1, 'a', 'info'), 100, 'pass', [0]],
    [many(9, 'a', 'low'), 99, 'pass', [1]],
    [many(1, 'a', 'medium'), 94, 'pass', [6]],
    [many(3, 'a', 'medium'), 92, 'pass', [8]],
    [many(50, 'a', 'medium'), 91, 'pass', [9]],
    [many(1, 'a', 'high'), 80, 'review', [20]],
    [many(2, 'a', 'high'), 75, 'review', [25]],
    [many(1, 'a', 'critical'), 50, 'block', [50]],
    [many(99, 'a', 'critical'), 20, 'block', [80]],
    [[...many(1, 'a', 'critical'), ...many(5, 'a', 'low')], 50, 'block', [50]],
    [[...many(1, 'b', 'high'), ...many(1, 'a', 'critical')], 30, 'block', [50, 20]],
    [[...many(9, 'a', 'critical'), ...many(9, 'b', 'critical')], 0, 'block', [80, 80]],
  ])('%#', (findings, value, verdict, points) => {
    const score = scoreOf(findings);
    expect([score.value, score.verdict, score.sum.map((line) => line.points)]).toEqual([value, verdict, points]);
  });

  it('is what its lines come to, whatever was found, and more findings never raise it', () => {
    const any = fc.record({ rule: fc.constantFrom('a', 'b', 'c'), severity: fc.constantFrom(...SEVERITIES) });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), any, (some, one) => {
        const findings = some.map(({ rule, severity }) => finding(rule, severity));
        const { value, sum, verdict } = scoreOf(findings);
        expect(value).toBe(Math.max(0, 100 - sum.reduce((total, { points }) => total + points, 0)));
        expect(sum.reduce((total, { count }) => total + count, 0)).toBe(findings.length);
        expect(verdict === 'block').toBe(findings.some(({ severity }) => severity === 'critical'));
        expect(scoreOf([...findings, finding(`${one.rule}-new`, one.severity)]).value).toBeLessThanOrEqual(value);
      }),
    );
  });

  it('severities are in order', () => {
    expect(SEVERITIES.map((severity) => isAtLeast(severity, 'medium'))).toEqual([true, true, true, false, false]);
  });
});
