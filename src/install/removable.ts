import { SkillError } from '../../host/index.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { idOf, withNeeded } from './needed-by.ts';

/**
 * All that goes when these skills are removed: them, and what came only because of them. In order.
 * @throws SkillError E_CONFLICT `needed` for one that a skill that stays needs
 */
export function removable(lock: Lockfile, ids: readonly string[]): readonly string[] {
  const asked = new Set(ids);
  const theirs = withNeeded(lock, ids);
  const others = [...lock.skills.values()].filter(({ id, direct }) => !asked.has(id) && (direct || !theirs.has(id)));
  const staying = withNeeded(
    lock,
    others.map(({ id }) => id),
  );
  const needed = ids.toSorted().find((id) => staying.has(id));
  if (needed !== undefined) throw stillNeeded(lock, needed, staying);
  return [...theirs].filter((id) => lock.skills.has(id) && !staying.has(id)).toSorted();
}

function stillNeeded({ skills }: Lockfile, needed: string, staying: ReadonlySet<string>): SkillError {
  const by = [...skills.values()].filter(
    ({ id, dependencies }) => staying.has(id) && dependencies.some((one) => idOf(one) === needed),
  );
  const names = by.map(({ id, version }) => `${id} ${version}`).join(', ');
  const ids = by.map(({ id }) => id);
  return new SkillError('E_CONFLICT', `${needed} is not removed: needed by ${names}`, {
    hint: `remove them together: skill remove ${[needed, ...ids].join(' ')}`,
    details: { reason: 'needed', needed, by: ids },
  });
}
