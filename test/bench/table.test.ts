import { describe, expect, it } from 'vitest';
import { printHead, printRow, showNumber } from '../../bench/kit/print-table.ts';
import type { Report } from '../../bench/kit/report.ts';
import { writePage } from '../../bench/kit/write-page.ts';
import { ROWS } from '../../bench/rows.ts';
import { readText } from '../house/sources.ts';

const REPORT: Report = {
  version: '1.2.3',
  date: '2026-02-03',
  mode: 'full',
  selfCheck: false,
  machine: { cpu: 'A processor', cores: 2, memoryGb: 8, kernel: 'Linux 6.1', node: '20.20.2', v8: '11.3' },
  rows: [
    {
      id: 'warm',
      promise: 'a warm call',
      seconds: 1.5,
      notes: ['As it is.'],
      error: null,
      contenders: [],
      lines: [
        {
          ours: 'us',
          peer: 'them',
          statistic: 'p50',
          unit: 'ms',
          oursValue: 0.5,
          peerValue: 4,
          ratio: 0.125,
          target: { atMost: 0.5 },
          verdict: 'met',
          reason: null,
        },
        {
          ours: 'us',
          peer: 'them',
          statistic: 'p99',
          unit: 'ms',
          oursValue: 9,
          peerValue: 4,
          ratio: 2.25,
          target: { atMost: 2 },
          verdict: 'not met',
          reason: null,
        },
        {
          ours: 'us',
          peer: null,
          statistic: 'p99',
          unit: 'ms',
          oursValue: 9,
          peerValue: null,
          ratio: null,
          target: { atMost: 100 },
          verdict: 'met',
          reason: null,
        },
        {
          ours: 'us',
          peer: 'those',
          statistic: 'p50',
          unit: 'ms',
          oursValue: 0.5,
          peerValue: null,
          ratio: null,
          target: { atLeast: 3 },
          verdict: 'not measured',
          reason: 'peer not installed: npm i -D those@1',
        },
      ],
    },
    { id: 'cold', promise: 'a cold one', seconds: 0, notes: [], error: 'it | fell\nover', contenders: [], lines: [] },
  ],
};

describe('the table', () => {
  it('says on what and when it was measured', () => {
    expect(printHead(REPORT)).toBe(
      'skillhost 1.2.3, 2026-02-03, full\nA processor, 2 cores, 8 GB, Linux 6.1\nNode 20.20.2 (V8 11.3)\n',
    );
  });

  it('has ours, peer, ratio, target and verdict in every row, and never a number nobody measured [R-BENCH-2]', () => {
    expect(REPORT.rows.map((row) => printRow(row, false)).join('\n')).toMatchInlineSnapshot(`
      "a warm call (1.5 s)
        us                                                          0.5 ms p50
          against them                                                4 ms
            ratio 0.125, target at most 0.5: met
        us                                                            9 ms p99
          against them                                                4 ms
            ratio 2.25, target at most 2: NOT MET
        us                                                            9 ms p99
            met, target at most 100 ms
        us                                                          0.5 ms p50
          against those                                                  -
            not measured, target at least 3: peer not installed: npm i -D those@1

      a cold one (0 s)
        failed: it | fell over
      "
    `);
  });

  it('fits into 80 columns, with the names of every row', () => {
    const rows = ROWS.map(({ id, promise, comparisons, unit }) => ({
      id,
      promise,
      seconds: 100.5,
      notes: [],
      error: null,
      contenders: [],
      lines: comparisons.map(({ ours, peer, statistic, target }) => ({
        ours,
        peer: peer ?? null,
        statistic,
        unit,
        oursValue: 123_456,
        peerValue: 123_456,
        ratio: 0.0123,
        target: target ?? null,
        verdict: 'not measured' as const,
        reason: null,
      })),
    }));
    const lines = rows.flatMap((row) => printRow(row, false).split('\n'));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [1.5, '1.5'],
    [99.95, '100'],
    [12_345.6, '12346'],
  ])('shows %d as %s', (value, shown) => {
    expect(showNumber(value)).toBe(shown);
  });
});

describe('the page', () => {
  const page = readText('docs/benchmarks.md');

  it('gets the report between its marks, and nothing else of it changes', () => {
    const written = writePage(page, REPORT);
    expect(written).toContain(
      'skillhost 1.2.3, 2026-02-03, full run. A processor, 2 cores, 8 GB, Linux 6.1, Node 20.20.2 (V8 11.3).',
    );
    expect(written).toContain('| us, p50 | 0.5 ms | them | 4 ms | 0.125 | at most 0.5 | met |');
    expect(written).toContain('Failed: it \\| fell over');
    expect(written.slice(0, written.indexOf('<!-- measured'))).toBe(page.slice(0, page.indexOf('<!-- measured')));
    expect(writePage(written, REPORT)).toBe(written);
  });

  it('is refused when it has no marks', () => {
    expect(() => writePage('# Nothing\n', REPORT)).toThrow('the page has no lines <!-- measured');
  });
});

describe('the rows', () => {
  it('have ids of their own, and compare every pair once', () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
    for (const { comparisons } of ROWS) {
      const pairs = comparisons.map(({ ours, peer, statistic }) => `${ours} ${peer} ${statistic}`);
      expect(new Set(pairs).size).toBe(pairs.length);
    }
  });
});
