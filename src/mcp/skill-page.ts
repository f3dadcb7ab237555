import { oneLine, readable } from '../agent/readable.ts';
import type { ReadySkill } from '../skill/skill.ts';

const MAX_DESCRIPTION = 1024;

/** The SKILL.md of a skill that has none: what it tells, and what its tools are called here. */
export function writeSkillPage(
  skill: Pick<ReadySkill, 'id' | 'name' | 'description'>,
  instructions: string,
  tools: readonly { readonly name: string; readonly description: string }[],
): string {
  const description = Array.from(oneLine(skill.description)).slice(0, MAX_DESCRIPTION).join('');
  const parts = [
    `---\nname: ${nameOf(skill.id)}\ndescription: ${JSON.stringify(description)}\n---`,
    `# ${oneLine(skill.name)}`,
    ...(instructions === '' ? [] : [readable(instructions)]),
    ...(tools.length === 0
      ? []
      : [`## Tools\n\n${tools.map(({ name, description: what }) => `- \`${name}\`: ${oneLine(what)}`).join('\n')}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The name that the extension wants a skill to have: the part of its id behind the dot. */
function nameOf(id: string): string {
  return id.slice(id.indexOf('.') + 1);
}
