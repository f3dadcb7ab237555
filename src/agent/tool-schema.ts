import type { JsonSchema } from '../manifest/manifest.ts';
import type { RunOptions } from '../runtime/run.ts';
import type { Tool } from '../tool/tool.ts';
import { showSchema } from './show-schema.ts';

const RAW: JsonSchema = {
  type: 'object',
  properties: { input: { type: 'string', description: 'What the tool reads, as text' } },
  required: ['input'],
  additionalProperties: false,
};

const COMMAND: JsonSchema = {
  type: 'object',
  properties: {
    args: { type: 'array', items: { type: 'string' }, description: 'The words behind the name of the command' },
    stdin: { type: 'string', description: 'Standard input, as text' },
  },
  additionalProperties: false,
};

const ANYTHING: JsonSchema = { type: 'object' };

/**
 * The arguments of a tool as one object, which is all that models can give. Undefined for a schema that hides something
 * from its reader.
 */
export function schemaOf({ input, parameters }: Pick<Tool, 'input' | 'parameters'>): JsonSchema | undefined {
  if (input === 'raw') return RAW;
  if (input === 'command') return COMMAND;
  return parameters === undefined ? ANYTHING : showSchema(parameters);
}

/** What fits the schema above, as a run takes it. */
export function toRunInput(
  { input }: Pick<Tool, 'input'>,
  given: unknown,
): Pick<RunOptions, 'input' | 'args' | 'stdin'> {
  if (input === 'json') return { input: given };
  const { input: text, args, stdin } = given as { input?: string; args?: string[]; stdin?: string };
  return input === 'raw' ? { input: text } : { args: args ?? [], stdin: stdin ?? '' };
}
