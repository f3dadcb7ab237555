import { describe, expect, it } from 'vitest';
import { compareAll, judge } from '../../bench/kit/compare.ts';
import { exitCodeOf, isNoise, NOISE, type Report } from '../../bench/kit/report.ts';
import type { Comparison, Figure, Line } from '../../bench/kit/row.ts';

const figure = (p50: number, p99 = p50): Figure => ({ p50, p99, count: 10 });

function compareOne(
  comparison: Comparison,
  parts: { figures?: [string, Figure][]; failed?: string; absent?: string },
): Line {
  const failures = new Map(parts.failed === undefined ? [] : [[parts.failed, 'it fell over']]);
  const absent = parts.absent === undefined ? [] : [{ name: parts.absent, reason: 'not installed' }];
  const [line] = compareAll(
    { comparisons: [comparison], unit: 'ms' },
    { figures: new Map(parts.figures ?? []), failures, absent },
  );
  if (line === undefined) throw new Error('no line');
  return line;
}

describe('a comparison', () => {
  const both: [string, Figure][] = [
    ['us', figure(1, 8)],
    ['them', figure(4, 2)],
  ];

  it('divides ours by the peer and judges that by the target [R-BENCH-1]', () => {
    const line = compareOne(
      { ours: 'us', peer: 'them', statistic: 'p50', target: { atMost: 0.25 } },
      { figures: both },
    );
    expect(line).toEqual({
      ours: 'us',
      peer: 'them',
      statistic: 'p50',
      unit: 'ms',
      oursValue: 1,
      peerValue: 4,
      ratio: 0.25,
      target: { atMost: 0.25 },
      verdict: 'met',
      reason: null,
    });
    expect(
      compareOne({ ours: 'us', peer: 'them', statistic: 'p99', target: { atMost: 0.25 } }, { figures: both }),
    ).toMatchObject({ ratio: 4, verdict: 'not met' });
  });

  it('judges ours alone where the target names no peer', () => {
    const line = compareOne({ ours: 'us', statistic: 'p99', target: { atMost: 7 } }, { figures: both });
    expect(line).toMatchObject({ peer: null, ratio: null, oursValue: 8, verdict: 'not met' });
  });

  it('is information without a target', () => {
    expect(compareOne({ ours: 'us', peer: 'them', statistic: 'p50' }, { figures: both }).verdict).toBe('information');
  });

  it('with a peer that is not there is not measured, and never a number [R-BENCH-2]', () => {
    const line = compareOne(
      { ours: 'us', peer: 'them', statistic: 'p50', target: { atMost: 1 } },
      { figures: both.slice(0, 1), absent: 'them' },
    );
    expect(line).toMatchObject({
      oursValue: 1,
      peerValue: null,
      ratio: null,
      verdict: 'not measured',
      reason: 'not installed',
    });
  });

  it('with a peer that fell over where nothing is promised is not measured', () => {
    const line = compareOne(
      { ours: 'us', peer: 'them', statistic: 'p50' },
      { figures: both.slice(0, 1), failed: 'them' },
    );
    expect(line).toMatchObject({ ratio: null, verdict: 'not measured', reason: 'the peer failed: it fell over' });
  });

  it.each(['us', 'them'])('with %s failed says so', (failed) => {
    const figures = both.filter(([name]) => name !== failed);
    const line = compareOne({ ours: 'us', peer: 'them', statistic: 'p50', target: { atMost: 1 } }, { figures, failed });
    expect(line).toMatchObject({ ratio: null, verdict: 'failed', reason: 'it fell over' });
  });

  it('with somebody nobody measured has failed', () => {
    expect(compareOne({ ours: 'us', statistic: 'p50' }, {}).verdict).toBe('failed');
  });
});

describe('a target', () => {
  it.each([
    [1, { atMost: 1 }, 'met'],
    [1.01, { atMost: 1 }, 'not met'],
    [50, { atLeast: 50 }, 'met'],
    [49.9, { atLeast: 50 }, 'not met'],
    [3, undefined, 'information'],
  ] as const)('%d with %j is %s', (value, target, verdict) => {
    expect(judge(value, target)).toBe(verdict);
  });
});

describe('the exit code', () => {
  const line = (verdict: Line['verdict'], ratio: number | null = null): Line => ({
    ours: 'us',
    peer: 'them',
    statistic: 'p50',
    unit: 'ms',
    oursValue: 1,
    peerValue: 1,
    ratio,
    target: null,
    verdict,
    reason: null,
  });
  const report = (lines: Line[], more: { error?: string; selfCheck?: boolean } = {}): Report => ({
    version: '0',
    date: '2026-01-01',
    mode: 'tiny',
    selfCheck: more.selfCheck ?? false,
    machine: { cpu: 'c', cores: 1, memoryGb: 1, kernel: 'k', node: '20', v8: '11' },
    rows: [{ id: 'r', promise: 'p', seconds: 0, notes: [], lines, contenders: [], error: more.error ?? null }],
  });

  it.each([
    ['a target that is met', report([line('met')]), 0],
    ['a target that is missed', report([line('not met')]), 0],
    ['a peer that is not there', report([line('not measured')]), 0],
    ['a contender that failed', report([line('met'), line('failed')]), 1],
    ['a row that failed', report([], { error: 'no' }), 1],
    ['ours as fast as ours', report([line('information', 1.1)], { selfCheck: true }), 0],
    ['ours much slower than ours', report([line('information', 2)], { selfCheck: true }), 1],
    ['ours much faster than ours', report([line('information', 0.5)], { selfCheck: true }), 1],
  ])('of %s [R-BENCH-2]', (_what, given, expected) => {
    expect(exitCodeOf(given)).toBe(expected);
  });

  it('knows noise in both directions', () => {
    expect([1, NOISE, 1 / NOISE].map(isNoise)).toEqual([true, true, true]);
    expect([NOISE + 0.01, 1 / (NOISE + 0.01)].map(isNoise)).toEqual([false, false]);
  });
});
