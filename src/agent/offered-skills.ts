import { SkillError } from '../../host/index.ts';
import type { CatalogEntry } from '../catalog/entry.ts';
import { selectEntries } from '../catalog/select-entries.ts';
import { describeProblem } from '../manifest/describe-problem.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { ReadySkill } from '../skill/skill.ts';

export interface OfferOptions {
  /** Which skills take part, as after `--skills`: `all` (the default), `none`, `a,b`, or `!a,!b`. */
  readonly skills?: string;
}

/** A skill an agent does not get, and why. */
export interface LeftOut {
  readonly skill: string;
  readonly path: string;
  readonly why: string;
}

export interface OfferedSkills {
  readonly skills: readonly ReadySkill[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * The skills an agent gets. One that is not ready, or whose id another one has as well, is left out and stops no other:
 * an agent must never run another skill than the one it read of.
 * @throws SkillError E_USAGE for what is no selection, E_NOT_FOUND for a name that no skill has
 */
export async function offeredSkills(
  runtime: Pick<Runtime, 'skills' | 'skill'>,
  { skills: text = 'all' }: OfferOptions = {},
): Promise<OfferedSkills> {
  const all = await runtime.skills();
  const skills: ReadySkill[] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of selectEntries(all, text)) {
    const { id, path } = entry;
    const twin = all.find((one) => one !== entry && one.id === id);
    const why = twin === undefined ? whyBroken(entry) : `${twin.path} has the same id`;
    const loaded = why === undefined ? await load(entry, runtime) : why;
    if (typeof loaded === 'string') leftOut.push({ skill: id, path, why: loaded });
    else skills.push(loaded);
  }
  return { skills, leftOut };
}

function whyBroken({ ready, details }: CatalogEntry): string | undefined {
  if (ready) return undefined;
  const errors = details().problems.filter(({ severity }) => severity === 'error');
  return `it is not ready: ${errors.map(describeProblem).join('; ')}`;
}

/** By its folder, so that it is the one that was listed; or why it cannot be loaded after all. */
async function load({ path }: CatalogEntry, runtime: Pick<Runtime, 'skill'>): Promise<ReadySkill | string> {
  try {
    return await runtime.skill(path);
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    return error.message;
  }
}
