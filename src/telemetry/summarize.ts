import type { LedgerRecord } from '../ledger/index.ts';

/** What the ledger says of one tool of one skill. */
export interface ToolStats {
  readonly skill: string;
  readonly tool: string;
  readonly runs: number;
  readonly failed: number;
  readonly killed: number;
  readonly cached: number;
  readonly denials: number;
  /** Milliseconds, of runs that ended; undefined when there was none. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** The most of any run. */
  readonly memoryBytes: number;
  /** The most frequent code of a failure. */
  readonly oftenest: string | undefined;
}

interface Tally {
  runs: number;
  failed: number;
  killed: number;
  cached: number;
  denials: number;
  memoryBytes: number;
  readonly durations: number[];
  readonly codes: Map<string, number>;
}

/** Counts by skill and tool, from the records of their runs. */
export async function summarize(records: AsyncIterable<LedgerRecord> | Iterable<LedgerRecord>): Promise<ToolStats[]> {
  const tallies = new Map<string, Tally>();
  for await (const record of records) {
    if (record.skill === undefined || record.tool === undefined) continue;
    const key = `${record.skill}\0${record.tool}`;
    const tally = tallies.get(key) ?? emptyTally();
    tallies.set(key, tally);
    count(tally, record);
  }
  return [...tallies]
    .map(([key, tally]) => toStats(key, tally))
    .toSorted((a, b) => b.runs - a.runs || (a.skill < b.skill ? -1 : 1));
}

function emptyTally(): Tally {
  return { runs: 0, failed: 0, killed: 0, cached: 0, denials: 0, memoryBytes: 0, durations: [], codes: new Map() };
}

function count(tally: Tally, { event, code, durationMs, memoryBytes, reason }: LedgerRecord): void {
  if (event === 'denied') tally.denials++;
  if (event !== 'finished' && event !== 'failed' && event !== 'killed') return;
  tally.runs++;
  if (event === 'failed') tally.failed++;
  if (event === 'killed') tally.killed++;
  if (reason === 'answered by the cache') tally.cached++;
  if (code !== undefined) tally.codes.set(code, (tally.codes.get(code) ?? 0) + 1);
  if (durationMs !== undefined) tally.durations.push(durationMs);
  tally.memoryBytes = Math.max(tally.memoryBytes, memoryBytes ?? 0);
}

function toStats(key: string, { durations, codes, ...tally }: Tally): ToolStats {
  const [skill = '', tool = ''] = key.split('\0');
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number): number | undefined =>
    sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
  const [oftenest] = [...codes].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return { skill, tool, ...tally, p50Ms: at(0.5), p99Ms: at(0.99), oftenest };
}
