import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../bench/kit/report.ts';
import { ROWS } from '../../bench/rows.ts';
import { ROOT } from '../house/sources.ts';

const COMMAND = join(ROOT, 'dist/cli/skill.js');

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('skill bench', () => {
  it('--json measures a row for real, and prints nothing but the report [R-BENCH-3]', () => {
    const { code, out, err } = run(COMMAND, 'bench', '--tiny', '--json', '--row', 'host-import');
    expect(err).toContain('what a host import costs');
    const report = JSON.parse(out) as Report;
    expect(code).toBe(0);
    expect(report).toMatchObject({ mode: 'tiny', selfCheck: false });
    expect(report.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(report.machine.node).toBe(process.versions.node);
    expect(report.machine.cores).toBeGreaterThan(0);
    const [row] = report.rows;
    expect(report.rows.map(({ id, error }) => [id, error])).toEqual([['host-import', null]]);
    expect(row?.lines.length).toBe(2);
    for (const line of row?.lines ?? []) {
      expect(line.oursValue).toBeGreaterThan(0);
      expect(line.peerValue).toBeGreaterThan(0);
      expect(line.ratio).toBeCloseTo((line.oursValue ?? 0) / (line.peerValue ?? 1), 9);
      expect(['met', 'not met', 'information']).toContain(line.verdict);
    }
    expect(row?.contenders.every(({ p50, p99, count, unit }) => p50 > 0 && p99 > 0 && count > 0 && unit === 'ns')).toBe(
      true,
    );
  });

  it('--self-check puts ours beside ours', () => {
    const { out } = run(COMMAND, 'bench', '--tiny', '--self-check', '--json', '--row', 'host-import');
    const { rows, selfCheck } = JSON.parse(out) as Report;
    expect(selfCheck).toBe(true);
    expect(rows[0]?.lines.map(({ ours, peer }) => [ours, peer])).toEqual([
      ['linker and ABI A', 'linker and ABI B'],
      ['linker, ABI, and the message encoded A', 'linker, ABI, and the message encoded B'],
    ]);
  });

  it('says which rows there are when it is asked for another', () => {
    const { code, err } = run(COMMAND, 'bench', '--row', 'nothing');
    expect(code).toBe(2);
    expect(err).toContain(`there is no row "nothing"; one of ${ROWS.map(({ id }) => id).join(', ')}`);
  });
});

describe('the guests of the bench', () => {
  it('are what their text gives', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/rebuild-bench.mjs'), '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('are what their C sources give, where clang 14 is installed [only with clang]', (context) => {
    const { status, stderr } = spawnSync(join(ROOT, 'bench/workload/rebuild.sh'), ['--check'], { encoding: 'utf8' });
    if (status === 3) context.skip('clang 14 or lld is not installed');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
