import { quote, SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import type { JsonSchema } from '../manifest/manifest.ts';
import type { Callable } from '../runtime/callable.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Tool } from '../tool/tool.ts';
import { answerOf, refusal, type ToolAnswer } from './answer.ts';
import { type LeftOut, type OfferOptions, offeredSkills } from './offered-skills.ts';
import { oneLine, readable } from './readable.ts';
import { nameTool } from './tool-name.ts';
import { schemaOf, toRunInput } from './tool-schema.ts';

/** A tool as every provider of models takes one. */
export interface AgentTool {
  /** Letters, digits, `_` and `-`; 64 at most. */
  readonly name: string;
  readonly description: string;
  /** A JSON Schema of an object. */
  readonly parameters: JsonSchema;
}

/** Which tool of which skill a name means. */
export interface ToolTarget {
  readonly skill: string;
  readonly tool: string;
}

/** The tools of a runtime, for any model: what it is told, and how what it answers is carried out. */
export interface ToolList {
  readonly tools: readonly AgentTool[];
  /** Skills that have tools which are missing here, with the reasons. */
  readonly leftOut: readonly LeftOut[];
  /** What a name of this list means; undefined for any other. */
  target(name: string): ToolTarget | undefined;
  /**
   * Runs the tool as it was when the list was made, whatever lies on the disk since. Resolves, with `ok: false`, for
   * whatever goes wrong: a name that is not in the list, arguments that do not fit, a refusal, a failure.
   */
  call(name: string, input: unknown, options?: { readonly signal?: AbortSignal | undefined }): Promise<ToolAnswer>;
}

/** What a list needs of a runtime. */
export type ToolRuntime = Pick<Runtime, 'skills' | 'skill' | 'call'>;

/** The tools of all skills that are ready. @throws SkillError E_USAGE, E_NOT_FOUND for a selection that cannot be meant */
export async function toolList(runtime: ToolRuntime, options: OfferOptions = {}): Promise<ToolList> {
  const { skills, leftOut } = await offeredSkills(runtime, options);
  return listTools(runtime, skills, leftOut);
}

/** The tools of skills that were chosen before. */
export function listTools(
  runtime: Pick<Runtime, 'call'>,
  skills: readonly ReadySkill[],
  leftOut: readonly LeftOut[],
): ToolList {
  const tools = new Map<string, Callable & { readonly shown: AgentTool }>();
  const missing = [...leftOut];
  for (const skill of skills) {
    for (const tool of skill.tools) {
      const name = nameTool(skill.id, tool.name);
      const parameters = schemaOf(tool);
      if (parameters === undefined) {
        const why = oneLine(`the parameters of ${tool.name} hold characters that cannot be seen`);
        missing.push({ skill: skill.id, path: skill.path, why });
      } else tools.set(name, { skill, tool, shown: { name, description: describe(skill, tool), parameters } });
    }
  }
  return {
    tools: [...tools.values()].map(({ shown }) => shown),
    leftOut: missing,
    target(name) {
      const found = tools.get(name);
      return found && { skill: found.skill.id, tool: found.tool.name };
    },
    async call(name, input, { signal } = {}) {
      const found = tools.get(name);
      if (found === undefined) return refusal(unknownTool(name, [...tools.keys()]));
      const { skill, tool, shown } = found;
      try {
        // A run takes raw input as it comes; a model gives an object.
        if (tool.input !== 'json') {
          // Not before somebody calls a tool: it is a fifth of what the library loads.
          const { validateInput } = await import('../tool/validate.ts');
          validateInput({ ...tool, parameters: shown.parameters }, input);
        }
      } catch (error) {
        if (error instanceof SkillError) return refusal(error);
        throw error;
      }
      const options = { ...toRunInput(tool, input), ...(signal !== undefined && { signal }) };
      return answerOf(await runtime.call({ skill, tool }, options));
    },
  };
}

function describe(skill: ReadySkill, tool: Tool): string {
  const own = readable(tool.description);
  return own === '' ? oneLine(`${tool.name}, a tool of ${skill.name}: ${skill.description}`) : own;
}

function unknownTool(name: string, names: readonly string[]): SkillError {
  const similar = nearest(name, names);
  return new SkillError('E_NOT_FOUND', `there is no tool ${quote(name)}`, {
    hint: similar === undefined ? 'call one of the tools that were listed' : `did you mean ${similar}?`,
  });
}
