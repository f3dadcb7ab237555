import { SkillError, type StateStore } from '../../host/index.ts';
import type { StateRules } from '../manifest/manifest.ts';
import { type Prepare, StateDatabase } from './database.ts';
import { type Now, SkillStore } from './skill-store.ts';
import { type Migration, readHead, type StateHead, writeVersion } from './version.ts';

/** Works on the copy it is given; the migration is done when it resolves, and nothing has happened when it rejects. */
export type RunMigration = (copy: StateStore) => Promise<void>;

interface Row {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly written: number;
  readonly size: number;
}

interface MigrationParts {
  readonly database: StateDatabase;
  readonly rules: StateRules;
  readonly now: Now;
}

/** Processes of the old version may go on writing meanwhile. */
const MOST_ATTEMPTS = 3;

/**
 * Replaces all values of a skill, and their version, at once by what `run` makes of a copy of them. Another process that
 * did the same first has done it for this one as well; where values changed meanwhile, a copy of those is migrated.
 * @throws SkillError E_STORE when they change each time; what `run` rejects with
 */
export async function migrateState(
  id: string,
  { from, to }: Migration,
  run: RunMigration,
  parts: MigrationParts,
): Promise<void> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const { head, rows } = parts.database.write((prepare) => takeOut(prepare, id));
    if (head === undefined || head.version !== from) return;
    const migrated = await migrateCopy(id, { head, rows }, run, parts);
    if (parts.database.write((prepare) => replace(prepare, id, { head, rows: migrated }, to))) return;
  }
  throw new SkillError('E_STORE', `the state of ${id} changed each time it was migrated to version ${to}`, {
    hint: `end the processes that still run an older version of ${id}, then run the command again`,
    details: { from, to },
  });
}

function takeOut(
  prepare: Prepare,
  id: string,
): { readonly head: StateHead | undefined; readonly rows: readonly Row[] } {
  const rows = prepare('SELECT key, value, written, size FROM value WHERE skill = ?').all(id) as Row[];
  return { head: readHead(prepare, id), rows };
}

async function migrateCopy(
  id: string,
  { head, rows }: { readonly head: StateHead; readonly rows: readonly Row[] },
  run: RunMigration,
  { rules, now }: MigrationParts,
): Promise<readonly Row[]> {
  const copy = new StateDatabase(':memory:');
  try {
    copy.write((prepare) => {
      writeVersion(prepare, id, head.version);
      putIn(prepare, id, rows);
    });
    await run(new SkillStore(copy, id, { ...rules, version: head.version, migrate: undefined }, now));
    return copy.write((prepare) => takeOut(prepare, id)).rows;
  } finally {
    copy.close();
  }
}

/** @returns false, with nothing changed, when the values are no longer those that were copied */
function replace(
  prepare: Prepare,
  id: string,
  { head, rows }: { readonly head: StateHead; readonly rows: readonly Row[] },
  to: number,
): boolean {
  const now = readHead(prepare, id);
  if (now?.version !== head.version || now.changes !== head.changes) return false;
  prepare('DELETE FROM value WHERE skill = ?').run(id);
  writeVersion(prepare, id, to);
  putIn(prepare, id, rows);
  return true;
}

function putIn(prepare: Prepare, id: string, rows: readonly Row[]): void {
  const add = prepare('INSERT INTO value (skill, key, value, written, size) VALUES (?, ?, ?, ?, ?)');
  for (const { key, value, written, size } of rows) add.run(id, key, value, written, size);
}
