import type { StateStore } from '../../host/index.ts';
import { NO_STATE_RULES, type StateRules } from '../manifest/manifest.ts';
import type { StateDatabase } from './database.ts';
import { migrateState, type RunMigration } from './migrate.ts';
import { type Now, SkillStore } from './skill-store.ts';
import { type Migration, pendingMigration, readHead } from './version.ts';

/** The own key-value store of each skill, by its id. It outlives every process; nothing is opened before it is used. */
export class StateStores {
  readonly #database: StateDatabase;
  readonly #now: Now;

  constructor(database: StateDatabase, now: Now = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  /** The store for one run. Its methods throw SkillError E_DOWNGRADE, E_STORE when the values are of another version. */
  of(id: string, rules: StateRules = NO_STATE_RULES): StateStore {
    return new SkillStore(this.#database, id, rules, this.#now);
  }

  /** Whether `migrate` must come before a run. @throws SkillError E_DOWNGRADE for values of a later version, E_STORE */
  openState(id: string, rules: StateRules): Migration | undefined {
    return this.#database.read((prepare) => pendingMigration(id, readHead(prepare, id), rules), undefined);
  }

  /** The version of the skill that wrote its values; undefined while it has none. @throws SkillError E_STORE */
  stateVersion(id: string): number | undefined {
    const head = this.#database.read((prepare) => readHead(prepare, id), undefined);
    return head === undefined || head.bytes === 0 ? undefined : head.version;
  }

  /** @param run runs the tool that `rules.migrate` names, on the copy. @throws SkillError E_STORE; what `run` rejects with */
  migrate(id: string, rules: StateRules, migration: Migration, run: RunMigration): Promise<void> {
    return migrateState(id, migration, run, { database: this.#database, rules, now: this.#now });
  }

  /** Whether a skill has values. @throws SkillError E_STORE */
  hasState(id: string): boolean {
    return this.stateVersion(id) !== undefined;
  }

  /** @returns whether there were values @throws SkillError E_STORE */
  removeState(id: string): boolean {
    if (this.#database.read((prepare) => readHead(prepare, id), undefined) === undefined) return false;
    return this.#database.write((prepare) => {
      const had = (readHead(prepare, id)?.bytes ?? 0) > 0;
      prepare('DELETE FROM skill WHERE id = ?').run(id);
      prepare('DELETE FROM value WHERE skill = ?').run(id);
      return had;
    });
  }
}
