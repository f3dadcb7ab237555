import { expect } from 'vitest';
import type { SkillError } from '../../host/index.ts';
import type { JsonSchema } from '../../src/manifest/manifest.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { validateInput, validateOutput } from '../../src/tool/validate.ts';

export function toolOf(schema: JsonSchema): Tool {
  const entry = { abi: 'component', interfaceName: '', name: 't' } as const;
  const guest = { name: 't', input: 'json', parameters: schema, returns: schema, entry } as const;
  return { name: 't', description: '', input: 'json', parameters: schema, returns: schema, guest, recipe: undefined };
}

export function refused(schema: JsonSchema, value: unknown): SkillError {
  try {
    validateInput(toolOf(schema), value);
  } catch (error) {
    return error as SkillError;
  }
  return expect.fail(`${JSON.stringify(value)?.slice(0, 80)} was not refused`);
}

/** What is said of each place, without the sentence before it. */
export const said = (error: SkillError): string => error.message.replace('the arguments of t do not fit: ', '');

export function accepts(schema: JsonSchema, value: unknown): void {
  validateInput(toolOf(schema), value);
  validateOutput(toolOf(schema), value);
}
