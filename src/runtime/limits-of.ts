import { decideLimits, type WrittenLimits } from '../policy/limits.ts';
import type { ReadySkill } from '../skill/skill.ts';

interface SetLimits {
  /** Limits of every run. */
  readonly limits?: WrittenLimits;
  /** What no run gets more of, by the name of the policy that says so. */
  readonly caps?: Readonly<Record<string, WrittenLimits>>;
}

/** What a run is held to, and who decided it. @throws SkillError as `decideLimits` */
export function limitsOf(
  skill: ReadySkill,
  option: WrittenLimits,
  { limits = {}, caps = {} }: SetLimits,
): ReturnType<typeof decideLimits> {
  return decideLimits({ manifest: skill.manifest?.limits ?? {}, runtime: limits, option }, caps);
}
