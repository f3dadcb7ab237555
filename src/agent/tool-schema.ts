import type { JsonSchema } from '../manifest/manifest.ts';
import type { RunOptions } from '../runtime/run.ts';
import type { Tool } from '../tool/tool.ts';
import { readable } from './readable.ts';

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

/** The arguments of a tool as one object, which is all that models can give. */
export function schemaOf({ input, parameters }: Pick<Tool, 'input' | 'parameters'>): JsonSchema {
  if (input === 'raw') return RAW;
  if (input === 'command') return COMMAND;
  return parameters === undefined ? ANYTHING : (withReadableText(parameters, 0) as JsonSchema);
}

/** What `schemaOf` describes, as a run takes it. */
export function toRunInput(
  { input }: Pick<Tool, 'input'>,
  given: unknown,
): Pick<RunOptions, 'input' | 'args' | 'stdin'> {
  if (input === 'json') return { input: given };
  const { input: text, args, stdin } = given as { input?: string; args?: string[]; stdin?: string };
  return input === 'raw' ? { input: text } : { args: args ?? [], stdin: stdin ?? '' };
}

const MAX_DEPTH = 64;

/** The same schema; what it says to its reader hides nothing. Names and values stay, for they are what is checked. */
function withReadableText(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((one) => withReadableText(one, depth + 1));
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] =>
    (key === 'description' || key === 'title') && typeof inner === 'string'
      ? [key, readable(inner)]
      : [key, withReadableText(inner, depth + 1)],
  );
  return Object.fromEntries(entries);
}
