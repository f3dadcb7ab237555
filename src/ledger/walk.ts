import { join } from 'node:path';
import { readLines } from './read-lines.ts';
import type { Fault } from './problem.ts';
import { type IntactLine, MAX_LINE, parseLine } from './line.ts';

/** One line of a file of the ledger: intact, or not, and then with the fault; an intact one may be in a wrong place. */
export interface Step {
  readonly line: number;
  readonly intact?: IntactLine;
  readonly fault?: Fault;
}

/** What the next line must carry; undefined after a line that cannot tell. */
type Expected = { readonly seq: number; readonly prev?: string } | undefined;

/** Reads a file of the ledger line by line, checking each by itself and against the one before. */
export async function* walkLines(dir: string, name: string): AsyncGenerator<Step, void, void> {
  let expected: Expected = { seq: 0 };
  for await (const { line, bytes, fault } of readLines(join(dir, name), MAX_LINE)) {
    const intact = bytes && parseLine(bytes);
    if (intact === undefined) {
      expected = undefined;
      yield { line, fault: FAULTS[fault ?? 'edited'] };
      continue;
    }
    const misfit = findMisfit(intact, expected);
    expected = { seq: intact.fields.seq + 1, prev: intact.sum };
    yield misfit === undefined ? { line, intact } : { line, intact, fault: misfit };
  }
}

const FAULTS = {
  edited: { code: 'edited', message: 'The line was changed, or was never written by the ledger.' },
  too_long: { code: 'too_long', message: `The line is longer than ${MAX_LINE} bytes.` },
  torn: { code: 'torn', message: 'The last line is incomplete: its process was killed while writing it.' },
} as const satisfies Record<string, Fault>;

function findMisfit({ fields: { seq, prev } }: IntactLine, expected: Expected): Fault | undefined {
  if (expected === undefined) return undefined;
  const where = `Record ${expected.seq} belongs here, and this is record ${seq}`;
  if (seq > expected.seq) return { code: 'removed', message: `${where}: what was between is gone or moved.` };
  if (seq < expected.seq) return { code: 'misplaced', message: `${where}: it was moved, repeated or inserted.` };
  if (expected.prev === undefined || expected.prev === prev) return undefined;
  return { code: 'replaced', message: 'The line does not follow the one before, so one of them was replaced.' };
}
