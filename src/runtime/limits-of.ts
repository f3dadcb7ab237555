import { SkillError } from '../../host/index.ts';
import { decideLimits, type WrittenLimits } from '../policy/limits.ts';
import type { ReadySkill } from '../skill/skill.ts';
import { programOf } from '../tool/action.ts';
import type { Callable } from './callable.ts';

interface SetLimits {
  /** Limits of every run. */
  readonly limits?: WrittenLimits;
  /** What no run gets more of, by the name of the policy that says so. */
  readonly caps?: Readonly<Record<string, WrittenLimits>>;
}

/**
 * What a run is held to, and who decided it.
 * @throws SkillError as `decideLimits`, and for a limit that would hold nothing
 */
export function limitsOf(
  { skill, tool }: Callable | { readonly skill: ReadySkill; readonly tool?: undefined },
  option: WrittenLimits,
  { limits = {}, caps = {} }: SetLimits,
): ReturnType<typeof decideLimits> {
  if (tool?.action.type === 'recipe' && option['timeout_ms'] !== undefined)
    throw new SkillError('E_USAGE', 'a recipe has no deadline: people answer while it runs', {
      hint: 'command_ms holds each of its programs, and timeout each of its steps',
    });
  const program = tool === undefined ? undefined : programOf(tool.action);
  const base = program === undefined && tool?.action.type !== 'conversation' ? {} : OF_PROGRAMS;
  const manifest = skill.manifest?.limits ?? {};
  return decideLimits({ default: base, manifest, tool: program?.limits ?? {}, runtime: limits, option }, caps);
}

/** Programs and models take longer than guests, and programs hold more than one. */
const OF_PROGRAMS: WrittenLimits = { timeout_ms: 30_000, memory_mb: 512 };
