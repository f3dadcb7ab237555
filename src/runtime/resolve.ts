import { quote, SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Tool } from '../tool/tool.ts';

/** The tool that is meant: by name, or the only one there is. @throws SkillError E_NOT_FOUND, E_USAGE */
export function resolveTool(skill: ReadySkill, name: string | undefined): Tool {
  const names = skill.tools.map((tool) => tool.name);
  const [only, second] = skill.tools;
  if (only === undefined)
    throw new SkillError('E_NOT_FOUND', `the skill ${skill.id} has no tool that can be run`, {
      hint: `skill info ${skill.id} shows what it has`,
    });
  if (name === undefined) {
    if (second === undefined) return only;
    throw new SkillError('E_USAGE', `the skill ${skill.id} has ${names.length} tools; say which`, {
      hint: `one of ${names.slice(0, 20).join(', ')}`,
    });
  }
  const tool = skill.tools.find((one) => one.name === name);
  if (tool !== undefined) return tool;
  const similar = nearest(name, names);
  throw new SkillError('E_NOT_FOUND', `the skill ${skill.id} has no tool ${quote(name)}`, {
    hint:
      similar === undefined
        ? `it has ${names.slice(0, 20).join(', ')}`
        : `did you mean ${similar}? It has ${names.slice(0, 20).join(', ')}`,
  });
}
