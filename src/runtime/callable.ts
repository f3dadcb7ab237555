import type { ReadySkill } from '../skill/skill.ts';
import type { Tool } from '../tool/tool.ts';

/** One tool of one skill, found and ready to be called. */
export interface Callable {
  readonly skill: ReadySkill;
  readonly tool: Tool;
}
