import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SkillError } from '../../host/index.ts';
import type { Files } from '../files/files.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { isAlive, type Owner, readOwner, thisProcess } from './owner.ts';

/** The right to change a home: one process has it at a time. */
export interface Turn {
  /** Lets the next one have it. Also happens when this process ends, however it ends. */
  end(): void;
}

export interface TurnOptions {
  readonly files: Files;
  readonly signal: AbortSignal;
  /** How long to wait for others. */
  readonly waitMs?: number;
}

const FREE = '.free';
const TICKET = /^\d{9}(?:\.free)?$/;
const UNFINISHED = /^\.(\d+)-/;
const [SHORT_MS, LONG_MS] = [5, 50];

/**
 * Waits for the turn in `directory`. Turns are numbered files that only one process can make each; the one with the
 * highest number has the turn until a second name says that it is free, or its process is dead. The highest keeps its name
 * for as long as it is the highest, so that whoever acts on what it saw long ago cannot make it, or makes one that is not
 * the highest.
 * @throws SkillError E_UNAVAILABLE when others do not end in time, or the error of the system
 */
export async function takeTurn(directory: string, { files, signal, waitMs = 60_000 }: TurnOptions): Promise<Turn> {
  makeDirectories(directory, files);
  const until = performance.now() + waitMs;
  for (;;) {
    signal.throwIfAborted();
    const last = lastTicket(directory);
    const owner = ownerOf(directory, last);
    if (owner === undefined || !isAlive(owner)) {
      const n = (last?.n ?? 0) + 1;
      if (makeTicket(directory, n, files)) {
        if (lastTicket(directory)?.n === n) {
          sweep(directory, n, files);
          return { end: () => files.link(join(directory, nameOf(n)), join(directory, `${nameOf(n)}${FREE}`)) };
        }
        removeQuietly(join(directory, nameOf(n)), files);
      }
      continue;
    }
    if (performance.now() > until)
      throw new SkillError('E_UNAVAILABLE', `process ${owner.pid} is changing what is installed, and does not end`, {
        hint: 'wait for it, or end it: what it began is then as if it had not',
      });
    await setTimeout(SHORT_MS + Math.random() * LONG_MS, undefined, { signal });
  }
}

interface Ticket {
  readonly n: number;
  readonly isFree: boolean;
}

function lastTicket(directory: string): Ticket | undefined {
  const names = readdirSync(directory).filter((name) => TICKET.test(name));
  if (names.length === 0) return undefined;
  const n = Math.max(...names.map((name) => Number.parseInt(name, 10)));
  return { n, isFree: names.includes(`${nameOf(n)}${FREE}`) };
}

function ownerOf(directory: string, ticket: Ticket | undefined): Owner | undefined {
  if (ticket === undefined || ticket.isFree) return undefined;
  try {
    return readOwner(JSON.parse(readFileSync(join(directory, nameOf(ticket.n)), 'utf8')) as object);
  } catch {
    // Removed since it was seen, or written by no program of ours: nobody has the turn by this file.
    return undefined;
  }
}

/** It has its name only when it says whose it is. False when another process was first. */
function makeTicket(directory: string, n: number, files: Files): boolean {
  const temporary = join(directory, `.${process.pid}-${randomUUID()}`);
  try {
    files.writeNew(temporary, Buffer.from(JSON.stringify(thisProcess())), 0o600);
    files.link(temporary, join(directory, nameOf(n)));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    removeQuietly(temporary, files);
  }
}

/** Removes what came before, and what processes left that were killed while they made a ticket. */
function sweep(directory: string, n: number, files: Files): void {
  for (const name of readdirSync(directory)) {
    if (TICKET.test(name) && Number.parseInt(name, 10) < n) removeQuietly(join(directory, name), files);
    const [, pid] = UNFINISHED.exec(name) ?? [];
    if (pid !== undefined && !isAlive({ pid: Number(pid), started: '' })) removeQuietly(join(directory, name), files);
  }
}

/** What cannot be removed is in nobody's way, and removed by a later turn. */
function removeQuietly(path: string, files: Files): void {
  try {
    files.remove(path);
  } catch {
    // As said above.
  }
}

function nameOf(n: number): string {
  return String(n).padStart(9, '0');
}
