import type { ToolContext } from './context.ts';
import type { SkillDefinition, ToolDefinition } from './define.ts';
import { contextOf } from './host-context.ts';
import type { HostModules } from './host-modules.ts';
import { check, toJsonSchema } from './schema.ts';

/** A tool as the manifest shows it. */
export interface DescribedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly returns?: Readonly<Record<string, unknown>>;
}

/** The tools of a skill, with their schemas as JSON Schema. @throws TypeError */
export function describeTools({ tools }: SkillDefinition): readonly DescribedTool[] {
  return Object.entries(tools).map(([name, { description, parameters, returns }]) => ({
    name,
    description,
    parameters: parameters === undefined ? NOTHING : toJsonSchema(parameters, 'input'),
    ...(returns !== undefined && { returns: toJsonSchema(returns, 'output') }),
  }));
}

const NOTHING = { type: 'object', properties: {}, additionalProperties: false };

/** Runs a tool. @throws what the tool throws; Error for arguments or a result that its schemas do not let through */
export async function runTool(
  { tools }: SkillDefinition,
  name: string,
  params: unknown,
  context: ToolContext,
): Promise<unknown> {
  const tool = Object.hasOwn(tools, name) ? (tools[name] as ToolDefinition<unknown>) : undefined;
  if (tool === undefined) throw new Error(`there is no tool ${JSON.stringify(name)}`);
  const result = await tool.handler(await check(tool.parameters, params, 'parameters'), context);
  return check(tool.returns, result, 'the result');
}

/** The exports of `wit/tools.wit`, for `skill build`. */
export function serve(
  skill: SkillDefinition,
  host: HostModules,
): { readonly describe: () => string; readonly call: (name: string, input: string) => Promise<string> } {
  const context = contextOf(host);
  return {
    describe: () => JSON.stringify(describeTools(skill)),
    call: async (name, input) => {
      try {
        return JSON.stringify((await runTool(skill, name, JSON.parse(input), context)) ?? null);
      } catch (error) {
        // By the interface an error is a text.
        // oxlint-disable-next-line only-throw-error
        throw error instanceof Error ? error.message : String(error);
      }
    },
  };
}
