import { type Entry, entryName, parseEntry, type Seal } from './entry.ts';
import type { Fault, Report } from './problem.ts';
import { parseRecord } from './record.ts';
import { codeOf, reasonOf } from './refuse.ts';
import { type Step, walkLines } from './walk.ts';

/** After so many problems in one file the rest of it says nothing new. */
const MAX_PROBLEMS = 20;

/** One numbered file as it was found. */
export interface CheckedFile {
  readonly name: string;
  /** Its link; undefined when the first line is not intact. */
  entry: Entry | undefined;
  /** Intact records. */
  records: number;
  /** The last intact line, when nothing after it was changed. */
  end: { readonly seq: number; readonly sum: string } | undefined;
  isTorn: boolean;
}

/** Checks a numbered file by itself and reports what is wrong in it; undefined when there is none of that number. */
export async function checkFile(dir: string, n: number, report: Report): Promise<CheckedFile | undefined> {
  const file: CheckedFile = { name: entryName(n), entry: undefined, records: 0, end: undefined, isTorn: false };
  let lines = 0;
  let problems = 0;
  try {
    for await (const step of walkLines(dir, file.name)) {
      lines = step.line;
      const fault = takeStep(file, step);
      if (fault === undefined) continue;
      report({ segment: file.name, line: step.line, ...fault });
      problems += 1;
      if (problems === MAX_PROBLEMS) return { ...file, end: undefined };
    }
    if (lines === 0) report({ segment: file.name, code: 'cut', message: 'The file is empty.' });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    report({ segment: file.name, code: 'unreadable', message: `The file cannot be read: ${reasonOf(error)}.` });
  }
  return file;
}

/** Compares the end of a segment with what its seal says. */
export function findUnsealed(file: CheckedFile, seal: Seal): Fault | undefined {
  const sealed = `The segment was sealed with ${seal.records} records`;
  if (file.end === undefined) return undefined;
  if (file.end.seq < seal.records) return { code: 'cut', message: `${sealed}; the end is gone.` };
  if (file.end.seq > seal.records || file.isTorn) {
    return { code: 'extended', message: `${sealed}; something was added after them.` };
  }
  if (file.end.sum !== seal.last) return { code: 'replaced', message: `${sealed}; the last was another.` };
  return undefined;
}

function takeStep(file: CheckedFile, step: Step): Fault | undefined {
  if (step.line === 1) return takeLink(file, step);
  if (file.entry?.seals !== undefined) return { code: 'extended', message: 'A seal is one line, and this is another.' };
  if (step.fault?.code === 'torn') {
    file.isTorn = true;
    return undefined;
  }
  file.end = endAt(step);
  if (step.intact !== undefined) {
    if (parseRecord(step.intact, file.name) === undefined)
      return { code: 'edited', message: 'The line is not a record.' };
    file.records += 1;
  }
  return step.fault;
}

/** A first line appears whole, so an incomplete one was changed. */
function takeLink(file: CheckedFile, step: Step): Fault | undefined {
  file.end = endAt(step);
  file.entry = step.intact && parseEntry(step.intact);
  if (file.entry !== undefined) return step.fault;
  if (step.fault !== undefined && step.fault.code !== 'torn') return step.fault;
  return { code: 'edited', message: 'The first line is not a link of the chain.' };
}

function endAt({ intact }: Step): CheckedFile['end'] {
  return intact && { seq: intact.fields.seq, sum: intact.sum };
}
