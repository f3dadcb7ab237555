import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import { type JournalEntry, readLine, writeLine } from './line.ts';
import { isAlive, type Owner, readOwner, thisProcess } from '../home/owner.ts';

const SEGMENT = /^(\d{6})\.jsonl$/;
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/**
 * The durable log of one run: a folder with one file for each process that wrote it, in turn. A process gets its turn by
 * making the next file, which only one can; it may as soon as the one before has ended. Files are never written again, so
 * a process that was killed leaves at most half a line at the end of its own.
 */
export class Journal {
  readonly #fd: number;
  #sum: string;
  #isOpen = true;
  /** Whoever reads it may take the run up. */
  #hasStopped = false;

  private constructor(fd: number, sum: string) {
    this.#fd = fd;
    this.#sum = sum;
  }

  /**
   * Begins the log of a run with its first entry: there is none without. @throws SkillError E_JOURNAL when it cannot be
   * written, or is there
   */
  static create(directory: string, first: JournalEntry): Journal {
    return written(directory, () => {
      mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
      return Journal.#openSegment(directory, 1, { sum: '', first });
    });
  }

  /** Whether a run was begun. @throws SkillError E_JOURNAL when that cannot be told */
  static exists(directory: string): boolean {
    return segmentsOf(directory).length > 0;
  }

  /**
   * Takes a run up again, with all that was written of it. @throws SkillError E_JOURNAL when it was changed, or cannot be
   * written; E_NOT_FOUND when there is none; E_UNAVAILABLE while another process is at it
   */
  static resume(directory: string): { readonly journal: Journal; readonly entries: readonly JournalEntry[] } {
    const { entries, sum, segments, owner } = readSegments(directory);
    if (owner !== undefined && isAlive(owner)) throw busy(directory, owner);
    try {
      return { journal: written(directory, () => Journal.#openSegment(directory, segments + 1, { sum })), entries };
    } catch (error) {
      const { code } = (error instanceof SkillError ? error.cause : error) as NodeJS.ErrnoException;
      throw code === 'EEXIST' ? busy(directory, undefined) : error;
    }
  }

  static #openSegment(
    directory: string,
    n: number,
    { sum, first }: { readonly sum: string; readonly first?: JournalEntry },
  ): Journal {
    // It has its name only when it says whose it is: a file without an owner would look like one of the dead.
    const temporary = join(directory, `.${randomUUID()}`);
    const journal = new Journal(openSync(temporary, 'wx', PRIVATE_FILE), sum);
    try {
      journal.append({ type: OWNER, ...thisProcess() }, { flush: first === undefined });
      if (first !== undefined) journal.append(first, { flush: true });
      linkSync(temporary, join(directory, `${String(n).padStart(6, '0')}.jsonl`));
    } catch (error) {
      journal.#release();
      throw error;
    } finally {
      rmSync(temporary, { force: true });
    }
    flushDirectory(directory);
    return journal;
  }

  /**
   * Written when it returns; with `flush`, also on the disk.
   * @throws SkillError E_JOURNAL: it does not count, and nothing can be written behind what may be half a line
   */
  append(entry: JournalEntry, { flush }: { readonly flush: boolean }): void {
    const { text, sum } = writeLine(this.#sum, entry);
    try {
      written('', () => {
        const bytes = Buffer.from(text);
        if (!this.#isOpen) throw new Error('it is closed');
        if (writeSync(this.#fd, bytes) !== bytes.length) throw new Error('the disk is full');
        if (flush) fdatasyncSync(this.#fd);
      });
    } catch (error) {
      this.#release();
      throw error;
    }
    this.#sum = sum;
    this.#hasStopped = isStop(entry);
  }

  /** Says, unless the run has ended, that it goes on no further here: others need not wait for this process to end. */
  close(): void {
    if (!this.#isOpen) return;
    try {
      if (!this.#hasStopped) this.append({ type: STOPPED }, { flush: true });
    } catch {
      // Then they wait.
    } finally {
      this.#release();
    }
  }

  #release(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#fd);
  }
}

const OWNER = 'owner';
const STOPPED = 'stopped';

function isStop({ type }: JournalEntry): boolean {
  return type === STOPPED || type === 'finished';
}

/** All entries of a run, without taking it up. @throws SkillError E_JOURNAL when it was changed or cannot be read */
export function readJournal(directory: string): {
  readonly entries: readonly JournalEntry[];
  readonly isRunning: boolean;
} {
  const { entries, owner } = readSegments(directory);
  return { entries, isRunning: owner !== undefined && isAlive(owner) };
}

interface Segments {
  readonly entries: readonly JournalEntry[];
  readonly sum: string;
  readonly segments: number;
  /** Who wrote the last one, unless it said that it has stopped. */
  readonly owner: Owner | undefined;
}

function readSegments(directory: string): Segments {
  const entries: JournalEntry[] = [];
  let sum = '';
  let owner: Owner | undefined;
  const names = segmentsOf(directory);
  if (names.length === 0)
    throw new SkillError('E_NOT_FOUND', `there is no run ${quote(basename(directory))}`, {
      hint: 'skill recipe runs lists them',
      details: { directory },
    });
  for (const [i, name] of names.entries()) {
    if (Number(SEGMENT.exec(name)?.[1]) !== i + 1) throw damaged(directory, `the file before ${name} is missing`);
    const lines = written(directory, () => readFileSync(join(directory, name), 'utf8')).split('\n');
    const rest = lines.pop() ?? '';
    let at = 0;
    const take = (line: string): boolean => {
      const read = readLine(sum, line);
      if (read === undefined || (at === 0) !== (read.entry.type === OWNER)) return false;
      ({ sum } = read);
      if (at === 0) owner = readOwner(read.entry) ?? fail(damaged(directory, `${name} does not say whose it is`));
      else {
        entries.push(read.entry);
        if (isStop(read.entry)) owner = undefined;
      }
      at += 1;
      return true;
    };
    if (!lines.every(take)) throw damaged(directory, `${name} was changed`);
    // What is behind the last line end was being written when its process died: half a line, or a whole one, which counts.
    // A whole one with another sign for its end was changed.
    if (!take(rest) && readLine(sum, rest.slice(0, -1)) !== undefined) throw damaged(directory, `${name} was changed`);
    // It gets its name when its first line is written.
    if (at === 0) throw damaged(directory, `${name} was emptied`);
  }
  return { entries, sum, segments: names.length, owner };
}

function segmentsOf(directory: string): string[] {
  return written(directory, () => {
    try {
      return readdirSync(directory)
        .filter((name) => SEGMENT.test(name))
        .toSorted();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

function fail(error: SkillError): never {
  throw error;
}

function flushDirectory(directory: string): void {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Runs what touches the files. @throws SkillError E_JOURNAL for whatever they refuse */
function written<T>(directory: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof SkillError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SkillError('E_JOURNAL', `the journal of the run cannot be used: ${code ?? quote(message)}`, {
      hint: 'nothing runs without its journal: make room, or check who may write to it',
      details: directory === '' ? {} : { directory },
      cause: error,
    });
  }
}

function damaged(directory: string, why: string): SkillError {
  return new SkillError('E_JOURNAL', `the journal of the run does not verify: ${quote(why).slice(1, -1)}`, {
    hint: `look by hand what was done: what it says cannot be trusted (${quote(directory, 400).slice(1, -1)})`,
    details: { directory },
  });
}

function busy(directory: string, owner: Owner | undefined): SkillError {
  return new SkillError(
    'E_UNAVAILABLE',
    `the run is carried on by another process${owner === undefined ? '' : ` (${owner.pid})`}`,
    {
      hint: 'wait for it, or end it',
      details: { directory },
    },
  );
}
