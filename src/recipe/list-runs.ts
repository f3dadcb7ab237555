import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SkillError } from '../../host/index.ts';
import { readJournal } from '../journal/journal.ts';
import type { Entry } from './entry.ts';

/** One run, as its journal tells. */
export interface RunListing {
  readonly run: string;
  /** How it ended, whether a process is at it, `stopped` for one that can be carried on, `damaged` for one that cannot be read. */
  readonly state: string;
  readonly begun: (Entry & { readonly type: 'begun' }) | undefined;
}

/** All runs of recipes that are no step of another one, the youngest first. */
export function listRuns(journals: string): readonly RunListing[] {
  return namesIn(journals)
    .map((run) => readRun(journals, run))
    .filter(({ begun, state }) => begun?.parent === undefined && (begun !== undefined || state === 'damaged'))
    .toSorted((a, b) => (b.begun?.time ?? '').localeCompare(a.begun?.time ?? ''));
}

/** The run that is meant: by its id, the beginning of one, or the youngest that can be carried on. @throws SkillError E_NOT_FOUND, E_AMBIGUOUS */
export function findRun(
  journals: string,
  wanted: string | undefined,
): RunListing & { readonly begun: Entry & { readonly type: 'begun' } } {
  const runs = listRuns(journals);
  const fitting = runs.filter(({ run, state }) =>
    wanted === undefined ? state === 'stopped' : run.startsWith(wanted),
  );
  const [found, second] = fitting;
  const hint = 'skill recipe runs lists them';
  if (found === undefined)
    throw new SkillError(
      'E_NOT_FOUND',
      wanted === undefined ? 'no run of a recipe was cut off' : `there is no run ${JSON.stringify(wanted)}`,
      { hint },
    );
  if (wanted !== undefined && second !== undefined && found.run !== wanted)
    throw new SkillError('E_AMBIGUOUS', `several runs begin with ${JSON.stringify(wanted)}`, { hint });
  const { begun } = found;
  if (begun === undefined)
    throw new SkillError('E_JOURNAL', `the journal of ${found.run} does not verify`, {
      hint: 'look by hand what was done',
    });
  return { ...found, begun };
}

function readRun(journals: string, run: string): RunListing {
  try {
    const { entries, isRunning } = readJournal(join(journals, run));
    const [first] = entries as readonly Entry[];
    return {
      run,
      state: stateOf(entries as readonly Entry[], isRunning),
      begun: first?.type === 'begun' ? first : undefined,
    };
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    return { run, state: 'damaged', begun: undefined };
  }
}

function stateOf(entries: readonly Entry[], isRunning: boolean): string {
  const last = entries.at(-1);
  if (last?.type === 'finished') return last.result;
  return isRunning ? 'running' : 'stopped';
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new SkillError('E_JOURNAL', `the journals cannot be read: ${String((error as NodeJS.ErrnoException).code)}`, {
      cause: error,
    });
  }
}
