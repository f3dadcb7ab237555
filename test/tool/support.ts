import { expect } from 'vitest';
import type { GuestTool, SkillError } from '../../host/index.ts';
import type { JsonSchema } from '../../src/manifest/manifest.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { validateInput, validateOutput } from '../../src/tool/validate.ts';

export function toolOf(schema: JsonSchema): Tool {
  const entry = { abi: 'component', interfaceName: '', name: 't' } as const;
  return wasmTool({ name: 't', input: 'json', parameters: schema, returns: schema, entry });
}

/** A tool of a module, as its module describes it. */
export function wasmTool(guest: GuestTool): Tool {
  const { name, input, parameters, returns } = guest;
  const plain = { patterns: new Map<string, string>(), cacheable: false, resilience: undefined, description: '' };
  return { ...plain, name, input, parameters, returns, action: { type: 'wasm', guest } };
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
