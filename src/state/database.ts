import { closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DISK } from '../files/disk.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { isBusy, toStoreError } from './errors.ts';
import { prepareSchema } from './schema.ts';
import { type Connection, connect, type Statement } from './sqlite.ts';

/** Prepares a statement; each text once. */
export type Prepare = (text: string) => Statement;

/** How long one call waits for other processes. Each holds the database for a few milliseconds. */
const WAIT_MS = 5_000;
const PAUSE_MS = 5;
const MEMORY = ':memory:';

interface Open {
  readonly connection: Connection;
  readonly prepare: Prepare;
  /** Which file it is: one that was moved away meanwhile would take writes that nobody sees. */
  readonly file: number | undefined;
}

/**
 * `state.db` of a home: one file that any number of processes read and write at once. Nothing is loaded, opened or made
 * before the first value is read or written. Every method throws SkillError E_STORE when the file cannot be used; it is
 * never replaced.
 */
export class StateDatabase {
  readonly #path: string;
  readonly #waitMs: number;
  #open: Open | undefined;
  #hasWritten = false;

  /** @param path `:memory:` for one that nobody else sees and that ends with `close` */
  constructor(path: string, { waitMs = WAIT_MS }: { readonly waitMs?: number } = {}) {
    this.#path = path;
    this.#waitMs = waitMs;
  }

  /** One statement that only reads. @returns `otherwise` while there is no database */
  read<T>(act: (prepare: Prepare) => T, otherwise: T): T {
    return this.#guard(() => {
      const isThere = this.#path === MEMORY || this.#fileNow() !== undefined;
      return isThere ? act(this.#connect().prepare) : otherwise;
    });
  }

  /** A transaction: what `act` reads stays so until all that it wrote is there, or, when it throws, none of it. */
  write<T>(act: (prepare: Prepare) => T): T {
    return this.#guard(() => {
      const { connection, prepare } = this.#connect();
      connection.exec('BEGIN IMMEDIATE');
      try {
        const result = act(prepare);
        connection.exec('COMMIT');
        this.#hasWritten = true;
        return result;
      } catch (error) {
        if (connection.isTransaction) connection.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** It may be used again: then it is opened anew. */
  close(): void {
    const connection = this.#open?.connection;
    this.#open = undefined;
    if (connection === undefined) return;
    if (this.#hasWritten) tidy(connection);
    this.#hasWritten = false;
    connection.close();
  }

  #fileNow(): number | undefined {
    return this.#path === MEMORY ? undefined : statSync(this.#path, { throwIfNoEntry: false })?.ino;
  }

  #guard<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw toStoreError(error, this.#path);
    }
  }

  #connect(): Open {
    if (this.#open !== undefined && this.#open.file === this.#fileNow()) return this.#open;
    this.close();
    if (this.#path !== MEMORY) makeFile(this.#path);
    const connection = this.#openPatiently();
    const statements = new Map<string, Statement>();
    const prepare: Prepare = (text) => {
      const statement = statements.get(text) ?? connection.prepare(text);
      statements.set(text, statement);
      return statement;
    };
    this.#open = { connection, prepare, file: this.#fileNow() };
    return this.#open;
  }

  /** Some steps of opening do not wait for others by themselves, whatever SQLite is told. */
  #openPatiently(): Connection {
    const deadline = performance.now() + this.#waitMs;
    for (;;) {
      const connection = connect(this.#path, this.#waitMs);
      try {
        prepareSchema(connection, this.#path);
        return connection;
      } catch (error) {
        // One that is closed within a transaction would keep its lock as long as anything refers to it.
        if (connection.isTransaction) connection.exec('ROLLBACK');
        connection.close();
        if (!isBusy(error) || performance.now() > deadline) throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/**
 * Brings what was written from the log into the file itself, unless another process is at it: not every library does so
 * when it closes, and who copies or moves the file may forget the log.
 */
function tidy(connection: Connection): void {
  try {
    connection.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // All of it is in the log, where the next process finds it.
  }
}

/** SQLite would make it readable for everybody; what it puts beside has the mode of the file itself. */
function makeFile(path: string): void {
  try {
    makeDirectories(dirname(path), DISK);
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
