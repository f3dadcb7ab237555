import { quote, SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { isSelected, parseSelection, type Selection, unmatchedNames } from '../skill/select.ts';
import type { ReadySkill, Skill } from '../skill/skill.ts';

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
  runtime: Pick<Runtime, 'skills'>,
  { skills: text = 'all' }: OfferOptions = {},
): Promise<OfferedSkills> {
  const selection = parseSelection(text);
  const all = await runtime.skills();
  refuseUnknown(selection, all);
  const skills: ReadySkill[] = [];
  const leftOut: LeftOut[] = [];
  for (const skill of all.filter((one) => isSelected(selection, selectable(one)))) {
    const { id, path } = skill;
    const twin = all.find((one) => one !== skill && one.id === id);
    if (!skill.ready) leftOut.push({ skill: id, path, why: whyBroken(skill) });
    else if (twin !== undefined) leftOut.push({ skill: id, path, why: `${twin.path} has the same id` });
    else skills.push(skill);
  }
  return { skills, leftOut };
}

function refuseUnknown(selection: Selection, all: readonly Skill[]): void {
  const [unknown] = unmatchedNames(selection, all.map(selectable));
  if (unknown === undefined) return;
  const similar = nearest(
    unknown,
    all.flatMap((skill) => [skill.id, ...selectable(skill).aliases]),
  );
  throw new SkillError('E_NOT_FOUND', `--skills names ${quote(unknown)}, which no skill has`, {
    hint:
      similar === undefined
        ? 'skill list shows the skills that are here'
        : `did you mean ${similar}? skill list shows all`,
  });
}

function selectable(skill: Skill): { readonly id: string; readonly aliases: readonly string[] } {
  return { id: skill.id, aliases: skill.ready ? skill.aliases : [] };
}

function whyBroken({ problems }: Skill): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return `it is not ready: ${errors.map(({ file, message }) => `${file}: ${message}`).join('; ')}`;
}
