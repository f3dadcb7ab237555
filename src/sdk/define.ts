import type { ToolContext } from './context.ts';
import type { InputOf, JsonSchema, OutputOf, Schema, StandardSchema } from './schema.ts';

export type ToolHandler<Params, Result> = (params: Params, context: ToolContext) => Result | Promise<Result>;

/** A tool, as its author describes it. */
export interface ToolDefinition<Params = never, Result = unknown> {
  readonly description: string;
  /** Of an object: zod, another library of Standard Schema, or JSON Schema. Left out: it takes nothing. */
  readonly parameters?: Schema | undefined;
  /** Of what the handler returns. */
  readonly returns?: Schema | undefined;
  readonly handler: ToolHandler<Params, Result>;
}

/** What a skill offers, by the names of its tools. */
export interface SkillDefinition {
  readonly tools: Readonly<Record<string, ToolDefinition>>;
}

/**
 * Describes a tool. With schemas of a library the handler is typed by them; with JSON Schema by `createToolHandler`.
 * @example
 * defineTool({
 *   description: 'Greets somebody',
 *   parameters: z.object({ name: z.string() }),
 *   returns: z.string(),
 *   handler: ({ name }) => `Hello, ${name}!`,
 * });
 */
export function defineTool<P extends StandardSchema, R extends StandardSchema>(tool: {
  readonly description: string;
  readonly parameters: P;
  readonly returns: R;
  readonly handler: ToolHandler<OutputOf<P>, InputOf<R>>;
}): ToolDefinition;
export function defineTool<P extends StandardSchema>(tool: {
  readonly description: string;
  readonly parameters: P;
  readonly returns?: JsonSchema;
  readonly handler: ToolHandler<OutputOf<P>, unknown>;
}): ToolDefinition;
export function defineTool<Params, Result>(tool: {
  readonly description: string;
  readonly parameters?: JsonSchema;
  readonly returns?: JsonSchema;
  readonly handler: ToolHandler<Params, Result>;
}): ToolDefinition;
export function defineTool(tool: ToolDefinition<unknown>): ToolDefinition {
  return tool;
}

/** A handler with types of its own, for tools whose schemas are JSON Schema. */
export function createToolHandler<Params, Result>(handler: ToolHandler<Params, Result>): ToolHandler<Params, Result> {
  return handler;
}

const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/** Puts tools together. @throws TypeError for a name that no tool can have, and for a tool without a description */
export function defineSkill(skill: SkillDefinition): SkillDefinition {
  for (const [name, { description }] of Object.entries(skill.tools)) {
    if (!NAME.test(name))
      throw new TypeError(`tool ${JSON.stringify(name)}: write lower case letters, digits, - and _`);
    if (typeof description !== 'string' || description === '')
      throw new TypeError(`tool ${name}: write a description, by which agents choose it`);
  }
  return skill;
}
