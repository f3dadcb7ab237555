import { quote, SkillError } from '../../host/index.ts';
import type { LedgerEvent } from '../ledger/index.ts';
import { type LockedSkill, withSkills } from '../lockfile/lockfile.ts';
import { capabilitiesOf, type Grant, type GrantableCapability, mergeGrants, showGrant } from '../policy/grant.ts';
import { beyondGrant } from '../policy/limit-grant.ts';
import { changeInstalled } from './change.ts';
import type { GrantRules } from '../config/config.ts';
import { distinct } from './decide-grant.ts';
import type { Installation } from './installation.ts';
import { requireInstalled } from './remove.ts';

/**
 * Grants more to a skill that is installed. What its manifest does not declare it still may not touch.
 * @throws SkillError E_NOT_FOUND, E_USAGE for a scope that is malformed, E_DENIED for what the operator never grants
 */
export function grantMore(
  id: string,
  more: Grant,
  rules: GrantRules,
  installation: Installation,
): Promise<LockedSkill> {
  capabilitiesOf(more);
  for (const name of Object.keys(more) as GrantableCapability[]) {
    if (rules.neverGrant.has(name)) throw refused(name, 'is never granted', 'never_grant in the configuration says so');
    if (rules.alwaysConfirm.has(name))
      throw refused(name, 'is asked for at each run', 'always_confirm in the configuration says so; grant it to a run');
  }
  return change(id, installation, (before) => ({
    granted: distinct(mergeGrants([before, more])),
    records: showGrant(beyondGrant(more, before)).map((resource) => ({ event: 'granted', resource })),
  }));
}

/**
 * Takes back what a skill was granted: some scopes of a capability as they were granted, or all of it (an empty list).
 * @throws SkillError E_NOT_FOUND also for what was not granted
 */
export function revoke(id: string, less: Grant, installation: Installation): Promise<LockedSkill> {
  return change(id, installation, (before) => {
    const gone: Partial<Record<GrantableCapability, readonly string[]>> = {};
    for (const [name, scopes] of Object.entries(less) as [GrantableCapability, readonly string[]][]) {
      const had = before[name] ?? [];
      const missing =
        scopes.length === 0 ? (had.length === 0 ? '' : undefined) : scopes.find((one) => !had.includes(one));
      if (missing !== undefined) throw notGranted(id, name, missing, before);
      gone[name] = scopes.length === 0 ? had : scopes;
    }
    return {
      granted: beyondGrant(before, gone),
      records: showGrant(gone).map((resource) => ({ event: 'revoked', resource })),
    };
  });
}

async function change(
  id: string,
  installation: Installation,
  decide: (before: Grant) => {
    readonly granted: Grant;
    readonly records: readonly Pick<LedgerEvent, 'event' | 'resource'>[];
  },
): Promise<LockedSkill> {
  const { skills } = await changeInstalled(installation, (lock) => {
    const before = requireInstalled(lock, id);
    const { granted, records } = decide(before.granted);
    const about = { skill: id, version: before.version, hash: before.integrity, result: 'allowed' } as const;
    return {
      lock: withSkills(lock, [{ ...before, granted }]),
      trees: [],
      records: records.map((record) => ({ ...about, ...record })),
    };
  });
  return requireInstalled({ skills }, id);
}

function refused(name: string, what: string, hint: string): SkillError {
  return new SkillError('E_DENIED', `${name} ${what}`, { hint });
}

function notGranted(id: string, name: string, scope: string, before: Grant): SkillError {
  const has = showGrant(before).join(' ');
  return new SkillError('E_NOT_FOUND', `${id} was not granted ${name}${scope === '' ? '' : `=${quote(scope)}`}`, {
    hint: has === '' ? 'it was granted nothing' : `it was granted ${has}`,
  });
}
