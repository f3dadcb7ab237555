import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareAll, type Results } from './compare.ts';
import { interleave, type Taken } from './interleave.ts';
import type { Contest, Figure, Lab, Line, Mode, Row } from './row.ts';
import { toFigure } from './statistics.ts';

/** One row as it was measured. */
export interface RowReport {
  readonly id: string;
  readonly promise: string;
  readonly seconds: number;
  /** How it was measured, and what the figures do not say. */
  readonly notes: readonly string[];
  readonly lines: readonly Line[];
  /** Every contender's figures, in the unit of the row. */
  readonly contenders: readonly ({ readonly name: string; readonly unit: string } & Figure)[];
  /** Set when the row could not be measured at all. */
  readonly error: string | null;
}

const LEAST_ROUNDS: Readonly<Record<Mode, number>> = { tiny: 1, short: 2, full: 5 };
const WARMUPS: Readonly<Record<Mode, number>> = { tiny: 0, short: 1, full: 2 };

/** Measures one row. Never throws: a row that fails says so in its report. */
export function measureRow(row: Row, mode: Mode): Promise<RowReport> {
  return inLab(row, { mode, withPeers: true }, async (lab) => {
    const contest = await row.open(lab);
    const results = toResults(await contend([contest], row, mode), contest);
    const figures = row.summarize?.(results.figures) ?? [];
    return { lines: [...compareAll(row, results), ...figures], results };
  });
}

/** Measures ourselves against ourselves: the same build, opened twice. The ratio says how much is noise. */
export function checkRow(row: Row, mode: Mode): Promise<RowReport> {
  return inLab(row, { mode, withPeers: false }, async (lab) => {
    const first = await openOurs(row, lab, 'A');
    const second = await openOurs(row, lab, 'B').catch(async (error: unknown) => {
      await first.close();
      throw error;
    });
    const both = toResults(await contend([first, second], row, mode), first);
    const comparisons = first.contenders.map(({ name }) => ({
      ours: name,
      peer: name.replace(/A$/, 'B'),
      statistic: 'p50' as const,
    }));
    // Both are ours: what did not work is never somebody else's affair.
    const lines = compareAll({ comparisons, unit: row.unit }, both).map((line) =>
      line.verdict === 'not measured' ? { ...line, verdict: 'failed' as const } : line,
    );
    return { lines, results: both };
  });
}

async function openOurs(row: Row, lab: Lab, letter: string): Promise<Contest> {
  const contest = await row.open(lab);
  const contenders = contest.contenders
    .filter(({ isOurs }) => isOurs)
    .map(({ name, isOurs, sample }) => ({ name: `${name} ${letter}`, isOurs, sample }));
  return { contenders, absent: contest.absent, close: () => contest.close() };
}

async function contend(contests: readonly Contest[], row: Row, mode: Mode): Promise<ReadonlyMap<string, Taken>> {
  const turns = { warmups: WARMUPS[mode], leastRounds: LEAST_ROUNDS[mode], seconds: row.seconds[mode] };
  try {
    // Taken turn by turn, not one contest after the other.
    const longest = Math.max(...contests.map(({ contenders }) => contenders.length));
    const inTurn = Array.from({ length: longest }, (_, i) => contests.flatMap(({ contenders }) => contenders[i] ?? []));
    return await interleave(inTurn.flat(), turns);
  } finally {
    for (const contest of contests) await contest.close();
  }
}

function toResults(taken: ReadonlyMap<string, Taken>, { absent }: Contest): Results {
  const figures = new Map<string, Figure>();
  const failures = new Map<string, string>();
  for (const [name, { values, error }] of taken) {
    if (error !== undefined) failures.set(name, error);
    else if (values.length > 0) figures.set(name, toFigure(values));
  }
  return { figures, failures, absent };
}

async function inLab(
  row: Row,
  options: Pick<Lab, 'mode' | 'withPeers'>,
  measure: (lab: Lab) => Promise<{ readonly lines: readonly Line[]; readonly results: Results }>,
): Promise<RowReport> {
  const { id, promise, unit, notes } = row;
  const started = performance.now();
  const seconds = (): number => Math.round((performance.now() - started) / 100) / 10;
  const folder = await mkdtemp(join(tmpdir(), 'skillhost-bench-'));
  try {
    const { lines, results } = await measure({ ...options, folder });
    const contenders = [...results.figures].map(([name, figure]) => ({ name, unit, ...figure }));
    return { id, promise, seconds: seconds(), notes, lines, contenders, error: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, promise, seconds: seconds(), notes, lines: [], contenders: [], error: message };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
