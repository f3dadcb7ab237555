import { listDirectory } from './directory.ts';
import { entryName, readEntry } from './entry.ts';
import { mergeByTime, type Source } from './merge.ts';
import type { Report } from './problem.ts';
import { type LedgerRecord, parseRecord } from './record.ts';
import { cannotRead, reasonOf } from './refuse.ts';
import { walkLines } from './walk.ts';

export interface LedgerFilter {
  readonly since?: Date;
  /** Inclusive, as is `since`. */
  readonly until?: Date;
  readonly skill?: string;
  readonly result?: string;
  readonly event?: string;
  readonly run?: string;
  /** At most so many records, the earliest. */
  readonly limit?: number;
}

/**
 * Yields the records of all segments in the order of their time, never holding more than one of each segment that was
 * written at that time. Lines that are not intact are not records: they go to `report`, as does all else that
 * `verifyLedger` would say about a single file; what only shows in the chain of files takes `verifyLedger`.
 */
export async function* readLedger(
  dir: string,
  filter: LedgerFilter = {},
  report: Report = () => {},
): AsyncGenerator<LedgerRecord, void, void> {
  let left = filter.limit ?? Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  for await (const record of mergeByTime(await findSources(dir, report))) {
    if (!isWanted(record, filter)) continue;
    yield record;
    left -= 1;
    if (left <= 0) return;
  }
}

function isWanted(record: LedgerRecord, { since, until, skill, result, event, run }: LedgerFilter): boolean {
  return (
    (since === undefined || record.time >= since.toISOString()) &&
    (until === undefined || record.time <= until.toISOString()) &&
    (skill === undefined || record.skill === skill) &&
    (result === undefined || record.result === result) &&
    (event === undefined || record.event === event) &&
    (run === undefined || record.run === run)
  );
}

async function findSources(dir: string, report: Report): Promise<Source<LedgerRecord>[]> {
  let numbers: readonly number[];
  try {
    numbers = (await listDirectory(dir))?.numbers ?? [];
  } catch (error) {
    throw cannotRead(dir, error);
  }
  return numbers.map((n) => ({ from: findStart(dir, n), open: () => readSegment(dir, entryName(n), report) }));
}

/** The time in the first line. A file whose first line tells none is opened at once, and reports itself then. */
function findStart(dir: string, n: number): string {
  try {
    const entry = readEntry(dir, n);
    return typeof entry === 'object' ? entry.time : '';
  } catch {
    return '';
  }
}

async function* readSegment(dir: string, name: string, report: Report): AsyncGenerator<LedgerRecord, void, void> {
  try {
    for await (const { line, intact, fault } of walkLines(dir, name)) {
      if (fault !== undefined) report({ segment: name, line, ...fault });
      if (line === 1 || intact === undefined) continue;
      const record = parseRecord(intact, name);
      if (record !== undefined) yield record;
      else report({ segment: name, line, code: 'edited', message: 'The line is not a record.' });
    }
  } catch (error) {
    report({ segment: name, code: 'unreadable', message: `The file cannot be read: ${reasonOf(error)}.` });
  }
}
