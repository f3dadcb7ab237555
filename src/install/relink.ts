import { isDeepStrictEqual } from 'node:util';
import type { LockedSkill, Lockfile } from '../lockfile/lockfile.ts';
import type { Resolution } from '../resolve/candidate.ts';
import { idOf } from './needed-by.ts';

/** An entry whose files stay, and what it becomes. */
export interface Relinked {
  readonly before: LockedSkill;
  readonly skill: LockedSkill;
}

/** The entries that name what they need anew, because that changes. `replaced` are those that get an entry of their own. */
export function relink(
  { skills }: Lockfile,
  resolution: Resolution,
  replaced: ReadonlySet<string>,
): readonly Relinked[] {
  const relinked: Relinked[] = [];
  for (const before of skills.values()) {
    if (replaced.has(before.id)) continue;
    const chosen = resolution.get(before.id);
    const { dependencies, features } = chosen ?? {
      // Nothing needs it any more: what it names is there, whether or not it would do.
      dependencies: before.dependencies.map((one) => {
        const now = resolution.get(idOf(one))?.candidate.version;
        return now === undefined ? one : `${idOf(one)}@${now}`;
      }),
      features: before.features,
    };
    const skill = { ...before, dependencies, features };
    if (!isDeepStrictEqual(skill, before)) relinked.push({ before, skill });
  }
  return relinked;
}
