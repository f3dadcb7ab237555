import { SkillError } from '../../host/index.ts';
import type { StateRules } from '../manifest/manifest.ts';
import type { Prepare } from './database.ts';

/** From the version the values have to the one the skill wants. */
export interface Migration {
  readonly from: number;
  readonly to: number;
}

/** What is known of a skill's values as a whole. */
export interface StateHead {
  readonly version: number;
  /** Of keys and values. */
  readonly bytes: number;
  /** Grows with each change of a value. */
  readonly changes: number;
}

export function readHead(prepare: Prepare, id: string): StateHead | undefined {
  return prepare('SELECT version, bytes, changes FROM skill WHERE id = ?').get(id) as StateHead | undefined;
}

export function writeVersion(prepare: Prepare, id: string, version: number): void {
  prepare(
    `INSERT INTO skill (id, version) VALUES (?, ?)
     ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE version <> excluded.version`,
  ).run(id, version);
}

/**
 * What is to be migrated before the skill may use its values. Without a tool for it, or without values, nothing is.
 * @throws SkillError E_DOWNGRADE for values of a later version of the skill
 */
export function pendingMigration(id: string, head: StateHead | undefined, rules: StateRules): Migration | undefined {
  if (head === undefined || head.bytes === 0 || head.version === rules.version) return undefined;
  const migration = { from: head.version, to: rules.version };
  if (migration.from > migration.to)
    throw new SkillError(
      'E_DOWNGRADE',
      `the state of ${id} is of version ${head.version}; this skill knows ${rules.version}`,
      {
        hint: `skill update ${id} installs the newer skill again; skill remove ${id} removes the skill and its state`,
        details: { ...migration },
      },
    );
  return rules.migrate === undefined ? undefined : migration;
}

/** @throws SkillError E_DOWNGRADE, E_STORE for values that are of another version than the skill is written for */
export function requireVersion(id: string, head: StateHead | undefined, rules: StateRules): void {
  const migration = pendingMigration(id, head, rules);
  if (migration === undefined) return;
  throw new SkillError(
    'E_STORE',
    `the state of ${id} is of version ${migration.from}, and not migrated to ${migration.to}`,
    {
      hint: `run any tool of ${id}: the first run migrates its state`,
      details: { ...migration },
    },
  );
}
