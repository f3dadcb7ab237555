import { quote, SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import type { LedgerEvent } from '../ledger/index.ts';
import { type LockedSkill, type Lockfile, withoutSkills, withSkills } from '../lockfile/lockfile.ts';
import { StateDatabase } from '../state/database.ts';
import { StateStores } from '../state/states.ts';
import { changeInstalled } from './change.ts';
import { removable } from './removable.ts';
import type { Installation } from './installation.ts';

export interface RemoveOptions {
  /** Leaves the values that the skills keep where they are, for when they are installed again. */
  readonly keepState?: boolean;
}

/** A skill that was removed, and what became of the values it kept. */
export interface RemovedSkill extends LockedSkill {
  readonly state: 'none' | 'removed' | 'kept';
}

/**
 * Removes skills, those that were here only because of them, and last the values they kept.
 * @returns all that were removed
 * @throws SkillError E_NOT_FOUND, E_CONFLICT when another skill needs one of them; E_STORE with nothing removed when nobody
 * can say what values they keep
 */
export async function removeSkills(
  ids: readonly string[],
  installation: Installation,
  { keepState = false }: RemoveOptions = {},
): Promise<readonly RemovedSkill[]> {
  const database = new StateDatabase(installation.home.stateDatabase);
  try {
    const states = new StateStores(database);
    const removed = await removeLocked(ids, installation, (id) => states.hasState(id));
    return removed.map(({ skill, hasState }) => {
      if (!hasState) return { ...skill, state: 'none' };
      if (!keepState) states.removeState(skill.id);
      return { ...skill, state: keepState ? 'kept' : 'removed' };
    });
  } finally {
    database.close();
  }
}

interface Found {
  readonly skill: LockedSkill;
  readonly hasState: boolean;
}

async function removeLocked(
  ids: readonly string[],
  installation: Installation,
  hasState: (id: string) => boolean,
): Promise<readonly Found[]> {
  let found: readonly Found[] = [];
  await changeInstalled(installation, (lock) => {
    for (const id of ids) requireInstalled(lock, id);
    const removed = removable(lock, ids).map((id) => requireInstalled(lock, id));
    found = removed.map((skill) => ({ skill, hasState: hasState(skill.id) }));
    return {
      lock: withoutSkills(lock, new Set(removed.map(({ id }) => id))),
      trees: [],
      records: removed.map((skill) => recordOf('removed', skill)),
    };
  });
  return found;
}

/** Switches skills on or off. @returns those that were not so before @throws SkillError E_NOT_FOUND */
export async function switchSkills(
  ids: readonly string[],
  enabled: boolean,
  installation: Installation,
): Promise<readonly LockedSkill[]> {
  let changed: readonly LockedSkill[] = [];
  await changeInstalled(installation, (lock) => {
    changed = ids
      .map((id) => requireInstalled(lock, id))
      .filter((skill) => skill.enabled !== enabled)
      .map((skill) => ({ ...skill, enabled }));
    if (changed.length === 0) return undefined;
    const records = changed.map((skill) => recordOf(enabled ? 'enabled' : 'disabled', skill));
    return { lock: withSkills(lock, changed), trees: [], records };
  });
  return changed;
}

/** @throws SkillError E_NOT_FOUND for a skill that no lock entry is of; its details name it as `notInstalled` */
export function requireInstalled({ skills }: Lockfile, id: string): LockedSkill {
  const skill = skills.get(id);
  if (skill !== undefined) return skill;
  const similar = nearest(id, [...skills.keys()]);
  throw new SkillError('E_NOT_FOUND', `${quote(id)} is not installed`, {
    hint:
      similar === undefined
        ? `skill add ${/^[a-z0-9.-]+$/.test(id) ? id : 'SKILL'} installs it`
        : `did you mean ${similar}?`,
    details: { notInstalled: id },
  });
}

function recordOf(event: LedgerEvent['event'], { id, version, integrity }: LockedSkill): LedgerEvent {
  return { event, skill: id, version, hash: integrity, result: 'allowed' };
}
