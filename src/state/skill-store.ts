import type { StateStore } from '../../host/index.ts';
import type { StateRules } from '../manifest/manifest.ts';
import type { StateDatabase } from './database.ts';
import { readHead, requireVersion, writeVersion } from './version.ts';

/** Milliseconds since 1970. */
export type Now = () => number;

/**
 * The values of one skill. All conditions are looked at in the transaction that writes, so they hold for all processes
 * together. Reads and writes throw SkillError E_STORE, E_DOWNGRADE; one that would take too much is refused with ENOSPC.
 */
export class SkillStore implements StateStore {
  readonly #database: StateDatabase;
  readonly #id: string;
  readonly #rules: StateRules;
  readonly #now: Now;
  #isChecked = false;

  constructor(database: StateDatabase, id: string, rules: StateRules, now: Now) {
    this.#database = database;
    this.#id = id;
    this.#rules = rules;
    this.#now = now;
  }

  get(key: string): Uint8Array | undefined {
    this.#check();
    const row = this.#database.read(
      (prepare) =>
        prepare('SELECT value, written FROM value WHERE skill = ? AND key = ?').get(this.#id, encodeKey(key)) as
          | { readonly value: Uint8Array; readonly written: number }
          | undefined,
      undefined,
    );
    if (row === undefined || row.written > this.#oldest()) return row?.value;
    this.#removeOld();
    return undefined;
  }

  keys(): readonly string[] {
    this.#check();
    const rows = this.#database.read(
      (prepare) =>
        prepare('SELECT key, written FROM value WHERE skill = ? ORDER BY key').all(this.#id) as {
          readonly key: Uint8Array;
          readonly written: number;
        }[],
      [],
    );
    const oldest = this.#oldest();
    const fresh = rows.filter(({ written }) => written > oldest);
    if (fresh.length < rows.length) this.#removeOld();
    return fresh.map(({ key }) => decodeKey(key));
  }

  set(key: string, value: Uint8Array): void {
    this.#database.write((prepare) => {
      const encoded = encodeKey(key);
      requireVersion(this.#id, readHead(prepare, this.#id), this.#rules);
      writeVersion(prepare, this.#id, this.#rules.version);
      prepare('DELETE FROM value WHERE skill = ? AND written <= ?').run(this.#id, this.#oldest());
      const used = readHead(prepare, this.#id)?.bytes ?? 0;
      const before = prepare('SELECT size FROM value WHERE skill = ? AND key = ?').get(this.#id, encoded);
      const size = key.length + value.length;
      refuseOver(
        used + size - ((before as { readonly size: number } | undefined)?.size ?? 0),
        used,
        this.#rules.maxBytes,
      );
      prepare(
        `INSERT INTO value (skill, key, value, written, size) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (skill, key) DO UPDATE SET value = excluded.value, written = excluded.written, size = excluded.size`,
      ).run(this.#id, encoded, value, this.#now(), size);
    });
  }

  delete(key: string): void {
    if (this.get(key) === undefined) return;
    this.#database.write((prepare) => {
      requireVersion(this.#id, readHead(prepare, this.#id), this.#rules);
      prepare('DELETE FROM value WHERE skill = ? AND key = ?').run(this.#id, encodeKey(key));
    });
  }

  /** Once a run is enough for reading: what was read is not what is written over. */
  #check(): void {
    if (this.#isChecked) return;
    this.#database.read((prepare) => requireVersion(this.#id, readHead(prepare, this.#id), this.#rules), undefined);
    this.#isChecked = true;
  }

  /** What was written then, or before, is gone. */
  #oldest(): number {
    const { ttlMs } = this.#rules;
    return ttlMs === undefined ? -1 : this.#now() - ttlMs;
  }

  #removeOld(): void {
    this.#database.write((prepare) => {
      prepare('DELETE FROM value WHERE skill = ? AND written <= ?').run(this.#id, this.#oldest());
    });
  }
}

/** One that takes less than before is let through even where the most was lowered meanwhile. */
function refuseOver(grown: number, used: number, most: number): void {
  if (grown <= most || grown <= used) return;
  throw Object.assign(new Error(`the state would have ${grown} bytes; state_bytes = ${most}`), { code: 'ENOSPC' });
}

/** Any text, exactly: one with a zero, and half a surrogate pair as well. */
function encodeKey(key: string): Uint8Array {
  return Buffer.from(key, 'utf16le');
}

function decodeKey(key: Uint8Array): string {
  return Buffer.from(key).toString('utf16le');
}
