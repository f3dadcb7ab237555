import type { StateDatabase, Prepare } from './database.ts';
import type { Now } from './skill-store.ts';

export interface Note {
  readonly name: string;
  readonly value: unknown;
  /** When it was written: milliseconds since 1970. */
  readonly updated: number;
}

/**
 * What the runtime itself must still know in its next process, such as how often a skill failed: JSON by scope and name.
 * Skills have no way to it. Every method throws SkillError E_STORE when the database cannot be used.
 */
export class RuntimeNotes {
  readonly #database: StateDatabase;
  readonly #now: Now;

  constructor(database: StateDatabase, now: Now = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  get(scope: string, name: string): unknown {
    return this.#database.read((prepare) => read(prepare, scope, name), undefined);
  }

  /** @param value JSON; undefined removes the note */
  set(scope: string, name: string, value: unknown): void {
    this.update(scope, name, () => value);
  }

  /**
   * Replaces a note by what `change` makes of it, with no other process between.
   * @param change must not use the database; undefined is for no note, before and after
   * @returns what is there now
   */
  update<T>(scope: string, name: string, change: (old: unknown) => T): T {
    return this.#database.write((prepare) => {
      const value = change(read(prepare, scope, name));
      if (value === undefined) prepare('DELETE FROM note WHERE scope = ? AND name = ?').run(scope, name);
      else
        prepare(
          `INSERT INTO note (scope, name, value, updated) VALUES (?, ?, ?, ?)
           ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value, updated = excluded.updated`,
        ).run(scope, name, JSON.stringify(value), this.#now());
      return value;
    });
  }

  /** All of a scope, by name. */
  list(scope: string): readonly Note[] {
    const rows = this.#database.read(
      (prepare) => prepare('SELECT name, value, updated FROM note WHERE scope = ? ORDER BY name').all(scope),
      [],
    ) as { readonly name: string; readonly value: string; readonly updated: number }[];
    return rows.map(({ name, value, updated }) => ({ name, value: JSON.parse(value) as unknown, updated }));
  }
}

function read(prepare: Prepare, scope: string, name: string): unknown {
  const row = prepare('SELECT value FROM note WHERE scope = ? AND name = ?').get(scope, name);
  return row === undefined ? undefined : (JSON.parse((row as { readonly value: string }).value) as unknown);
}
