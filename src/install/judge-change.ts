import semver from 'semver';
import { quote, SkillError } from '../../host/index.ts';
import type { LockedSkill } from '../lockfile/lockfile.ts';

export interface Allowed {
  /** An older version than the one that is installed. */
  readonly downgrade?: boolean;
  /** The same id from somewhere else. */
  readonly replace?: boolean;
}

/**
 * Whether a skill may take the place of the one that is installed.
 * @throws SkillError E_CONFLICT from another origin, E_DOWNGRADE for an older version, E_INTEGRITY for other bytes under a
 * version that a registry published once
 */
export function judgeChange(before: LockedSkill | undefined, after: LockedSkill, allowed: Allowed): void {
  if (before === undefined) return;
  const { id } = after;
  const [from, to] = [originOf(before.source), originOf(after.source)];
  if (from !== to && allowed.replace !== true)
    throw new SkillError(
      'E_CONFLICT',
      `${id} is installed from ${quote(from, 300)}, and this is from ${quote(to, 300)}`,
      {
        hint: `two skills cannot have one id; skill add --replace takes the new one, skill remove ${id} the old one away`,
        details: { reason: 'other_source', from, to },
      },
    );
  if (semver.lt(after.version, before.version) && allowed.downgrade !== true)
    throw new SkillError('E_DOWNGRADE', `${id} ${before.version} is installed, and ${after.version} is older`, {
      hint: 'if you mean it, add --allow-downgrade',
      details: { reason: 'older_version', from: before.version, to: after.version },
    });
  const isSameVersion = from === to && after.version === before.version;
  if (isSameVersion && from.startsWith('registry:') && after.integrity !== before.integrity)
    throw new SkillError(
      'E_INTEGRITY',
      `${id} ${after.version} is installed, and the registry now has other files for it`,
      {
        hint: 'a published version never changes: ask the registry, and keep what you have until you know',
        details: { reason: 'same_version', from: before.integrity, to: after.integrity },
      },
    );
}

/** Whether both are from one place: what was granted to a skill is no matter of one from elsewhere. */
export function isSameOrigin(before: LockedSkill, after: LockedSkill): boolean {
  return originOf(before.source) === originOf(after.source);
}

/** Where a request is from, whatever version, commit or sum it names. */
function originOf(request: string): string {
  const plain = request.replace(/#.*$/s, '');
  // A folder of a package that was itself a folder of one.
  const folders = [...request.matchAll(/[#&]sub=([^&]*)/g)].map(([, folder]) => folder);
  const origin = /^(?:oci|registry):/.test(plain)
    ? plain.replace(/@[^/]*$/, '').replace(/(\/[^/:]*):[^/]*$/, '$1')
    : plain;
  return folders.length === 0 ? origin : `${origin}#sub=${folders.join('/')}`;
}
