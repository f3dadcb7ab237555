import { closeSync, fstatSync, fsyncSync, ftruncateSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { claimEntry, holdsLink, type Claim } from './chain.ts';
import { entryName } from './entry.ts';
import { writeWhole } from './files.ts';
import { writeLine } from './line.ts';
import type { LedgerRecord } from './record.ts';
import { damaged } from './refuse.ts';

/** The file one process appends its records to. */
export class Segment {
  readonly #dir: string;
  readonly #claim: Claim;
  readonly #ino: number;
  #size: number;
  #records = 0;
  #last: string;
  #isOpen = true;

  /** Adds a new segment to the ledger; its directory must be there. */
  constructor(dir: string, time: string) {
    this.#dir = dir;
    this.#claim = claimEntry(dir, { time, pid: process.pid });
    this.#ino = fstatSync(this.#claim.fd).ino;
    this.#size = this.#claim.size;
    this.#last = this.#claim.sum;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** After it returns the record counts; after it throws it does not, and the segment may have been given up. */
  append(record: Omit<LedgerRecord, 'seq' | 'segment'>, options: { readonly flush: boolean }): void {
    if (!this.#isInPlace()) {
      this.#giveUp(record.time);
      throw damaged(this.#dir, `${this.#name} was moved or changed while it was written`);
    }
    const { bytes, sum } = writeLine({ seq: this.#records + 1, prev: this.#last, ...record });
    try {
      writeWhole(this.#claim.fd, bytes);
      if (options.flush) fsyncSync(this.#claim.fd);
    } catch (error) {
      this.#takeBack();
      throw error;
    }
    this.#size += bytes.length;
    this.#records += 1;
    this.#last = sum;
  }

  /** Writes into the chain how many records there are, after which none can be cut off unseen. Only once. */
  seal(time: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      fsyncSync(this.#claim.fd);
      if (!holdsLink(this.#dir, this.#claim)) throw damaged(this.#dir, `${this.#name} is no longer there`);
      const seal = claimEntry(this.#dir, { time, segment: this.#claim.n, records: this.#records, last: this.#last });
      closeSync(seal.fd);
    } finally {
      closeSync(this.#claim.fd);
    }
  }

  get #name(): string {
    return entryName(this.#claim.n);
  }

  /** The open file lives on when its name is removed, moved or given to another file; records in it would be lost. */
  #isInPlace(): boolean {
    try {
      const there = lstatSync(join(this.#dir, this.#name));
      return there.ino === this.#ino && there.size === this.#size;
    } catch {
      return false;
    }
  }

  /** Sealed where that still can be done, so that whatever was cut off is missed. */
  #giveUp(time: string): void {
    try {
      this.seal(time);
    } catch {
      // Its name is gone or taken, which the chain shows; the caller is told that the segment changed.
    }
  }

  /** Half a line would spoil the next one. When it cannot be removed, nothing more is written here. */
  #takeBack(): void {
    try {
      ftruncateSync(this.#claim.fd, this.#size);
    } catch {
      this.#isOpen = false;
      closeSync(this.#claim.fd);
    }
  }
}
