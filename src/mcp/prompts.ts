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

/** One for each skill that has instructions. */
export async function listPrompts(
  skills: readonly ReadySkill[],
  readInstructions: ReadInstructions,
): Promise<SkillPrompt[]> {
  const prompts: SkillPrompt[] = [];
  for (const skill of skills) {
    const text = readable(await readInstructions(skill));
    if (text === '') continue;
    prompts.push({ name: skill.id, title: oneLine(skill.name), description: oneLine(skill.description), text });
  }
  return prompts;
}
