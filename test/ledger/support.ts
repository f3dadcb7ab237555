import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type LedgerEvent,
  type LedgerFilter,
  type LedgerOptions,
  type LedgerProblem,
  type LedgerRecord,
  openLedger,
  readLedger,
} from '../../src/ledger/index.ts';

/** A path for a ledger, in a directory of its own that goes away after the test. */
export function ledgerPath(): string {
  const home = mkdtempSync(join(tmpdir(), 'skillhost-ledger-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return join(home, 'ledger');
}

/** A clock that starts at `start` and moves one second each time it is read. */
export function tick(start = '2030-01-01T00:00:00.000Z'): () => Date {
  let time = Date.parse(start);
  return () => {
    const now = new Date(time);
    time += 1000;
    return now;
  };
}

export function denied(resource: string): LedgerEvent {
  return { event: 'denied', result: 'denied', skill: 'a/b', capability: 'network', resource, layer: 'grant' };
}

/** Writes so many denials as one ledger; sealed unless told to leave it open. */
export function fill(dir: string, count: number, options: LedgerOptions & { readonly leaveOpen?: boolean } = {}): void {
  const ledger = openLedger(dir, options);
  for (let i = 1; i <= count; i += 1) ledger.append(denied(`record-${i}`));
  if (options.leaveOpen !== true) ledger.close();
}

/** The lines of a file, without their line ends. */
export function linesOf(dir: string, name: string): string[] {
  return readFileSync(join(dir, name), 'utf8').split('\n').slice(0, -1);
}

/** Rewrites a file from its lines, as somebody with an editor would. */
export function edit(dir: string, name: string, change: (lines: string[]) => readonly string[]): void {
  writeFileSync(
    join(dir, name),
    change(linesOf(dir, name))
      .map((line) => `${line}\n`)
      .join(''),
  );
}

export function numbered(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted();
}

export async function readAll(
  dir: string,
  filter?: LedgerFilter,
  report?: (problem: LedgerProblem) => void,
): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of readLedger(dir, filter, report)) records.push(record);
  return records;
}

/** What a call throws; fails when it throws nothing. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
}
