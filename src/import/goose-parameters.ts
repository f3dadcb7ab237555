import { formatField } from '../manifest/field-path.ts';
import type { JsonSchema } from '../manifest/manifest.ts';
import { TableReader } from '../manifest/table-reader.ts';
import { checkLabel, type TextCheck } from '../manifest/text-checks.ts';
import { emptyTable, isTable } from '../manifest/values.ts';
import type { NotCarried } from './not-carried.ts';

const INPUT_TYPES = ['string', 'number', 'boolean', 'date', 'file', 'select'] as const;
const REQUIREMENTS = ['required', 'optional', 'user_prompt'] as const;
type InputType = (typeof INPUT_TYPES)[number];

/** What a prompt can name. */
const NAME = /^[A-Za-z_][\w-]{0,127}$/;
const checkKey: TextCheck = (text) =>
  NAME.test(text) && text !== '__proto__' && text !== 'constructor' && text !== 'prototype'
    ? undefined
    : {
        code: 'M_PARAMETERS',
        wrong: 'is no name of a parameter: letters, digits, _ and -, and no digit first',
        fix: 'rename it',
      };

/** `parameters` of a recipe as a JSON Schema of type object; undefined when there are none. */
export function readGooseParameters(root: TableReader, lost: NotCarried[]): JsonSchema | undefined {
  const list = root.value('parameters');
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) {
    root.wrongType('parameters', 'a list', 'write one entry with key and input_type for each parameter');
    return undefined;
  }
  const properties = emptyTable();
  const required: string[] = [];
  for (const [i, item] of (list as unknown[]).entries()) {
    const path = [...root.at('parameters'), i];
    if (!isTable(item)) {
      const message = `${formatField(path)} must be a table`;
      root.report.error({ code: 'M_TYPE', path, message, fix: 'write key and input_type' });
      continue;
    }
    const parameter = new TableReader(item, path, root.report);
    const key = parameter.requiredText('key', { check: checkKey, example: 'city' });
    properties[key] = readParameter(parameter, lost);
    if (isRequired(parameter, lost)) required.push(key);
    tellRest(parameter, lost);
  }
  return Object.assign(emptyTable(), { type: 'object', properties, required, additionalProperties: false });
}

function isRequired(parameter: TableReader, lost: NotCarried[]): boolean {
  const requirement = parameter.oneOf('requirement', REQUIREMENTS) ?? 'optional';
  const isPreset = parameter.has('default');
  if (requirement === 'user_prompt')
    lost.push({
      field: formatField(parameter.at('requirement')),
      why: `a tool asks nobody while it runs; ${isPreset ? 'without the argument, its default counts' : 'the value is an argument that must be given'}`,
      fix: 'let the agent ask for it, or make a recipe of it: that asks on a terminal for what is missing',
    });
  return requirement === 'required' || (requirement === 'user_prompt' && !isPreset);
}

function readParameter(parameter: TableReader, lost: NotCarried[]): JsonSchema {
  const type = parameter.oneOf('input_type', INPUT_TYPES) ?? 'string';
  const schema = emptyTable();
  schema['type'] = type === 'number' || type === 'boolean' ? type : 'string';
  const description = parameter.text('description', checkText);
  const choices = readChoices(parameter, type, lost);
  if (choices !== undefined) schema['enum'] = choices;
  if (description !== undefined) schema['description'] = description;
  const preset = readDefault(parameter, type, choices, lost);
  if (preset !== undefined) schema['default'] = preset;
  if (type === 'file' || type === 'date') tellLooser(parameter, type, lost);
  return schema;
}

/** Several lines are as good as one. */
const checkText: TextCheck = (text) => checkLabel(4_096)(text.replaceAll(/\s+/g, ' '));

function readChoices(parameter: TableReader, type: InputType, lost: NotCarried[]): readonly string[] | undefined {
  const options = parameter.texts('options', checkLabel(1_024));
  if (type === 'select') {
    if (options !== undefined && options.length > 0) return options;
    parameter.missing('options', 'list the values that may be chosen');
  } else if (options !== undefined)
    lost.push({
      field: formatField(parameter.at('options')),
      why: `a parameter of input_type ${type} has no options`,
      fix: 'write enum = […] at the parameter in skill.toml if they are meant',
    });
  return undefined;
}

/** Recipes write every default as text. */
function readDefault(
  parameter: TableReader,
  type: InputType,
  choices: readonly string[] | undefined,
  lost: NotCarried[],
): unknown {
  const written = parameter.value('default');
  if (written === undefined || written === null) return undefined;
  const value = convertDefault(written, type);
  const isFit = value !== undefined && (choices === undefined || choices.some((choice) => choice === value));
  if (isFit) return value;
  lost.push({
    field: formatField(parameter.at('default')),
    why: choices === undefined ? `it is no ${type}` : 'it is none of the options',
    fix: 'write another default in skill.toml',
  });
  return undefined;
}

function convertDefault(written: unknown, type: InputType): string | number | boolean | undefined {
  if (typeof written !== 'string' && typeof written !== 'number' && typeof written !== 'boolean') return undefined;
  const text = String(written).trim();
  switch (type) {
    case 'number':
      return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    default:
      return String(written);
  }
}

function tellLooser(parameter: TableReader, type: 'file' | 'date', lost: NotCarried[]): void {
  const [why, fix] =
    type === 'date'
      ? ['there is no type for dates: it is a text, and any text fits', 'say in the description how to write it']
      : [
          'a file is not read into a prompt: the value is a text as it is given',
          'give the text itself, or make a conversation with [tools.context_files]',
        ];
  lost.push({ field: formatField(parameter.at('input_type')), why, fix });
}

function tellRest(parameter: TableReader, lost: NotCarried[]): void {
  for (const key of Object.keys(parameter.rest()))
    lost.push({
      field: formatField(parameter.at(key)),
      why: 'parameters have no such field here',
      fix: 'leave it out',
    });
}
