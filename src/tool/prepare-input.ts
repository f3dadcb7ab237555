import { quote, SkillError } from '../../host/index.ts';
import type { JsonSchema } from '../manifest/manifest.ts';
import { compilePattern } from '../recipe/pattern.ts';
import { listParameters } from './list-parameters.ts';
import type { Tool } from './tool.ts';
import { validateInput } from './validate.ts';

/**
 * What a tool is given: the arguments of a call, with defaults for those that are left out, once they fit. A module is
 * given what was said and no more: its own interface says what may be left out.
 * @throws SkillError E_INPUT
 */
export async function prepareInput(tool: Tool, given: unknown): Promise<unknown> {
  const input =
    tool.action.type === 'wasm' || tool.action.type === 'recipe' ? given : withDefaults(tool.parameters, given);
  validateInput(tool, input);
  for (const [name, pattern] of tool.patterns) await requireMatch(tool, { name, pattern }, input);
  return input;
}

function withDefaults(schema: JsonSchema | undefined, given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const properties = (schema?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const presets = Object.entries(properties).flatMap(([name, { default: preset }]) =>
    preset === undefined || Object.hasOwn(given, name) ? [] : [[name, preset] as const],
  );
  return presets.length === 0 ? given : { ...Object.fromEntries(presets), ...given };
}

async function requireMatch(
  tool: Tool,
  { name, pattern }: { readonly name: string; readonly pattern: string },
  input: unknown,
): Promise<void> {
  const value = (input as Readonly<Record<string, unknown>>)[name];
  if (typeof value !== 'string') return;
  const compiled = await compilePattern(pattern);
  const match = typeof compiled === 'function' ? compiled(value, { whole: true }) : compiled;
  if (match === true) return;
  const why = match === false ? `does not match ${quote(pattern)}` : match.wrong;
  throw new SkillError('E_INPUT', `the arguments of ${tool.name} do not fit: ${name}: ${quote(value, 60)} ${why}`, {
    hint: listParameters(tool),
    details: { problems: [{ at: name, message: why }] },
  });
}
