import { quote, SkillError } from '../../host/index.ts';
import type { JsonSchema } from '../manifest/manifest.ts';
import { nearest } from '../manifest/nearest.ts';
import type { Tool } from '../tool/tool.ts';

/**
 * Turns `--name value` words into arguments by the tool's schema: a string stays as it is, numbers and flags are read as
 * such, everything else is JSON. The last of several wins, except for lists, which they add to.
 * @throws SkillError E_INPUT naming the word
 */
export function parseArguments(words: readonly string[], tool: Tool): Record<string, unknown> {
  const properties = (tool.parameters?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const given: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [, name, inlineValue] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined)
      throw new SkillError('E_INPUT', `${quote(word)} belongs to no argument`, {
        hint: `write --NAME VALUE; ${tool.name} takes ${names(properties)}`,
      });
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === undefined) throw unknownArgument(name, tool, properties);
    const isFlag =
      typesOf(schema).includes('boolean') && (left[0] === undefined || !['true', 'false'].includes(left[0]));
    const value = inlineValue ?? (isFlag ? 'true' : left.shift());
    if (value === undefined)
      throw new SkillError('E_INPUT', `--${name} has no value`, { hint: `write --${name} VALUE` });
    const parsed = parseValue(value, schema, name);
    given[name] =
      Array.isArray(given[name]) && Array.isArray(parsed)
        ? [...(given[name] as unknown[]), ...(parsed as unknown[])]
        : parsed;
  }
  return { ...given };
}

/** Those of `skill run` itself: what is no argument may be one of them, written wrongly. */
const RUN_OPTIONS = ['input', 'grant', 'limit', 'limits', 'seed', 'clock', 'trace', 'format'];

function names(properties: Readonly<Record<string, JsonSchema>>): string {
  const all = Object.keys(properties).map((name) => `--${name}`);
  return all.length === 0 ? 'no arguments' : all.slice(0, 20).join(' ');
}

function unknownArgument(name: string, tool: Tool, properties: Readonly<Record<string, JsonSchema>>): SkillError {
  const similar = nearest(name, [...Object.keys(properties), ...RUN_OPTIONS]);
  const takes =
    tool.parameters === undefined
      ? `${tool.name} takes no named arguments: give it --input, and words for a command after --`
      : `${tool.name} takes ${names(properties)}`;
  return new SkillError('E_INPUT', `the tool ${tool.name} has no argument --${name}`, {
    hint: similar === undefined ? takes : `did you mean --${similar}? ${takes}`,
  });
}

/** The JSON types a schema allows, those of its alternatives included. */
function typesOf(schema: JsonSchema): string[] {
  const own = schema['type'];
  const alternatives = [schema['anyOf'], schema['oneOf']].flatMap((list) =>
    Array.isArray(list) ? (list as JsonSchema[]) : [],
  );
  return [
    ...(Array.isArray(own) ? (own as string[]) : typeof own === 'string' ? [own] : []),
    ...alternatives.flatMap(typesOf),
  ];
}

function parseValue(text: string, schema: JsonSchema, name: string): unknown {
  const types = typesOf(schema);
  if (types.includes('null') && text === 'null') return null;
  if (types.includes('number') || types.includes('integer')) {
    const value = Number(text);
    if (!types.includes('string') && isRounded(text, value)) {
      throw new SkillError('E_INPUT', `--${name} ${quote(text)}: no number is kept exactly that large`, {
        hint: `the nearest one is ${value}; whole numbers are exact up to ${Number.MAX_SAFE_INTEGER}`,
      });
    }
    if (text.trim() !== '' && Number.isFinite(value) && (Number.isSafeInteger(value) || !types.includes('string')))
      return value;
    if (types.includes('string')) return text;
    throw new SkillError('E_INPUT', `--${name} ${quote(text)} is no number`, { hint: `write --${name} 42` });
  }
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.includes('string') || types.length === 0) return text;
  const value = readJson(text);
  if (value !== undefined && (Array.isArray(value) || !types.includes('array'))) return value;
  // `--tag a --tag b` for a list of words.
  if (types.includes('array')) return [parseValue(text, itemsOf(schema), name)];
  throw new SkillError('E_INPUT', `--${name} ${quote(text)} is no JSON`, {
    hint: `write it as JSON in quotes, or give all arguments with --input '{"${name}": …}'`,
  });
}

/** True for a whole number that would become another one: one that is not its value, nor how that is written. */
function isRounded(text: string, value: number): boolean {
  if (!/^[-+]?\d{16,}$/.test(text) || String(value) === text) return false;
  return !Number.isFinite(value) || BigInt(value) !== BigInt(text.replace('+', ''));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function itemsOf({ items }: JsonSchema): JsonSchema {
  return typeof items === 'object' && items !== null ? (items as JsonSchema) : {};
}
