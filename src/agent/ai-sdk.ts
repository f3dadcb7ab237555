import type { ToolSet } from 'ai';
import type { AnswerError } from './answer.ts';
import type { OfferOptions } from './offered-skills.ts';
import { toolList, type ToolRuntime } from './tool-list.ts';

export type { OfferOptions, ToolRuntime };

/** A call that failed. Its message is what the model reads. */
export class ToolCallError extends Error implements Pick<AnswerError, 'code' | 'hint'> {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(text: string, { code, hint }: AnswerError) {
    super(text);
    this.name = 'ToolCallError';
    this.code = code;
    this.hint = hint;
  }
}

/**
 * The tools of a runtime for `generateText`, `streamText` and agents of the AI SDK. A call that fails throws
 * `ToolCallError`, which the SDK shows the model as the error of that call, and goes on.
 * @throws SkillError E_USAGE, E_NOT_FOUND for a selection that cannot be meant
 */
export async function aiTools(runtime: ToolRuntime, options: OfferOptions = {}): Promise<ToolSet> {
  const { dynamicTool, jsonSchema } = await import('ai');
  const list = await toolList(runtime, options);
  const tools = list.tools.map(({ name, description, parameters }) => {
    const execute = async (input: unknown, { abortSignal }: { abortSignal?: AbortSignal }): Promise<unknown> => {
      const answer = await list.call(name, input, { signal: abortSignal });
      if (answer.ok) return answer.value;
      throw new ToolCallError(answer.text, answer.error);
    };
    return [name, dynamicTool({ description, inputSchema: jsonSchema({ ...parameters }), execute })] as const;
  });
  return Object.fromEntries(tools);
}
