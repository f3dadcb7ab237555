import type { Connection } from './sqlite.ts';
import { notOurs } from './errors.ts';

/** In `user_version`. A change that an older skillhost could not write rightly is a new one. */
const SCHEMA_VERSION = 1;

/**
 * `skill.bytes` is what all values of a skill take, and `changes` counts every change of one: kept by triggers, so that no
 * statement can forget them. Keys are UTF-16 as bytes: a text with a zero in it would end there for some of the libraries.
 */
const SCHEMA = `
  CREATE TABLE skill (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, bytes INTEGER NOT NULL DEFAULT 0, changes INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE value (
    skill TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, written INTEGER NOT NULL, size INTEGER NOT NULL,
    PRIMARY KEY (skill, key)
  ) STRICT;
  CREATE INDEX value_written ON value (skill, written);
  CREATE TABLE note (
    scope TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (scope, name)
  ) STRICT;
  CREATE TRIGGER value_added AFTER INSERT ON value BEGIN
    UPDATE skill SET bytes = bytes + new.size, changes = changes + 1 WHERE id = new.skill;
  END;
  CREATE TRIGGER value_replaced AFTER UPDATE ON value BEGIN
    UPDATE skill SET bytes = bytes + new.size - old.size, changes = changes + 1 WHERE id = new.skill;
  END;
  CREATE TRIGGER value_removed AFTER DELETE ON value BEGIN
    UPDATE skill SET bytes = bytes - old.size, changes = changes + 1 WHERE id = old.skill;
  END;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Makes the tables of a new database, and looks whether one that is there is ours before anything is written to it.
 * Several processes may do so at once. @throws SkillError E_STORE; SQLite's error when another one is in the way
 */
export function prepareSchema(connection: Connection, path: string): void {
  // Its number and its tables as of one moment: another process may be making them.
  connection.exec('PRAGMA cell_size_check = ON; BEGIN');
  const isNew = check(connection, path);
  connection.exec('COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  if (!isNew) return;
  connection.exec('BEGIN IMMEDIATE');
  if (check(connection, path)) connection.exec(SCHEMA);
  connection.exec('COMMIT');
}

/** @returns whether there is nothing in it yet */
function check(connection: Connection, path: string): boolean {
  const { user_version: version } = connection.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version === SCHEMA_VERSION) return false;
  if (version > SCHEMA_VERSION)
    throw notOurs(path, `a newer skillhost wrote it (format ${version})`, 'use that version of skillhost');
  const { tables } = connection.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  if (version < 0 || tables > 0) throw notOurs(path, 'something else wrote it');
  return true;
}
