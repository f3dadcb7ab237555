import type { LeftOut } from '../agent/offered-skills.ts';
import { oneLine, readable } from '../agent/readable.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { ReadInstructions } from './read-instructions.ts';

/** The instructions of a skill, which a person may put in front of the model. */
export interface SkillPrompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly text: string;
}

/** One for each skill that has instructions; a skill whose instructions cannot be read stops no other. */
export async function listPrompts(
  skills: readonly ReadySkill[],
  readInstructions: ReadInstructions,
  onLeftOut: (left: LeftOut) => void,
): Promise<SkillPrompt[]> {
  const prompts: SkillPrompt[] = [];
  for (const skill of skills) {
    try {
      const text = readable(await readInstructions(skill));
      if (text === '') continue;
      prompts.push({ name: skill.id, title: oneLine(skill.name), description: oneLine(skill.description), text });
    } catch (error) {
      const why = oneLine(error instanceof Error ? error.message : String(error));
      onLeftOut({ skill: skill.id, path: skill.path, why: `its instructions cannot be read: ${why}` });
    }
  }
  return prompts;
}
