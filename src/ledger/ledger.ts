import { SkillError } from '../../host/index.ts';
import { type LedgerEvent, parseEvent } from './event.ts';
import { createDirectory } from './files.ts';
import { cannotWrite } from './refuse.ts';
import { Segment } from './segment.ts';

export interface LedgerOptions {
  readonly clock?: () => Date;
  /** Flushes denials and mutations to the disk before `append` returns. Without it a power cut can lose the latest. */
  readonly durable?: boolean;
  /** `effects` leaves out allowed uses. Everything else, denials above all, is always written. */
  readonly verbosity?: 'all' | 'effects';
}

/** The security event ledger, as one process writes it. */
export interface Ledger {
  /**
   * Writes one record; call it before the effect. When it throws `E_LEDGER` nothing was recorded and the effect must
   * not happen; the next call tries again.
   */
  append(event: LedgerEvent): void;
  /** Seals what was written. Later calls do nothing; a later `append` throws. Throws `E_LEDGER` when it cannot seal. */
  close(): void;
}

/**
 * Opens the ledger in `dir` for this process; nothing is on disk before the first record.
 *
 * The ledger is a chain of numbered files, `00000001.jsonl` and on. The first line of each names the sum of the first
 * line of the one before, and `head.json` names the last. A file either is a segment, to whose first line one process
 * adds a line for each record, or seals a segment: it says how many records that has and what the last sum is. Any
 * number of processes append at once, each to its own segment, and may be killed anywhere.
 *
 * `verifyLedger` finds what is not so: lines edited, removed, inserted, moved; files removed or swapped; ends cut off.
 * Sums are not signatures. It cannot find: that somebody able to write here made all of it anew, put an older copy of
 * the whole directory back, or deleted it (keep `head.json` elsewhere to see these); that records were cut off, or
 * well-formed ones added, at the end of a segment not sealed yet or never, because its process was killed; that files
 * were taken from behind the one the head names, as there are when a process is killed before it moves the head.
 */
export function openLedger(dir: string, options: LedgerOptions = {}): Ledger {
  const now = (): string => (options.clock?.() ?? new Date()).toISOString();
  let segment: Segment | undefined;
  let isClosed = false;

  return {
    append(event) {
      if (isClosed) throw new SkillError('E_LEDGER', 'The ledger is closed.', { hint: 'Open it again.' });
      const parsed = parseEvent(event);
      if (parsed === undefined)
        throw new SkillError('E_INTERNAL', 'An event for the ledger has a field of a wrong type.');
      if (options.verbosity === 'effects' && isAllowedUse(parsed)) return;
      const time = now();
      attempt(dir, () => {
        if (!segment?.isOpen) {
          createDirectory(dir);
          segment = new Segment(dir, time);
        }
        segment.append({ time, ...parsed }, { flush: options.durable === true && mustLast(parsed) });
      });
    },
    close() {
      isClosed = true;
      attempt(dir, () => segment?.seal(now()));
    },
  };
}

function attempt(dir: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw cannotWrite(dir, error);
  }
}

function isAllowedUse({ event, result }: LedgerEvent): boolean {
  return event === 'used' && result === 'allowed';
}

function mustLast({ event, result }: LedgerEvent): boolean {
  return event === 'mutated' || event === 'denied' || result === 'denied';
}
