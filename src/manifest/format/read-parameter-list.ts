import { quote } from '../../../host/index.ts';
import { isUnsafeKey, refuseKey } from '../check-values.ts';
import { formatField } from '../field-path.ts';
import type { JsonSchema } from '../manifest.ts';
import { reportMisfits } from '../schema-types.ts';
import { TableReader } from '../table-reader.ts';
import { checkLabel, type TextCheck } from '../text-checks.ts';
import { emptyTable, isTable } from '../values.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'enum'] as const;

interface ParameterList {
  readonly parameters: JsonSchema | undefined;
  readonly patterns: ReadonlyMap<string, string>;
}

/** `parameters` as a list of named ones: a JSON Schema of type object that takes no others, with patterns beside it. */
export function readParameterList(tool: TableReader): ParameterList {
  const list = tool.value('parameters');
  const patterns = new Map<string, string>();
  if (list === undefined) return { parameters: undefined, patterns };
  if (!Array.isArray(list)) {
    tool.wrongType('parameters', 'a list', 'write one entry with a name and a type for each parameter');
    return { parameters: undefined, patterns };
  }
  const properties = emptyTable();
  const required: string[] = [];
  for (const [i, item] of (list as unknown[]).entries()) {
    const path = [...tool.at('parameters'), i];
    if (!isTable(item)) {
      const message = `${formatField(path)} must be a table with a name and a type`;
      tool.report.error({ code: 'M_TYPE', path, message, fix: 'write a name and a type' });
      continue;
    }
    const parameter = new TableReader(item, path, tool.report);
    const name = parameter.requiredText('name', { check: checkLabel(128), example: 'input' });
    if (Object.hasOwn(properties, name)) reportRepeated(parameter, name);
    // It becomes a key, and is refused as one.
    if (isUnsafeKey(name)) refuseKey(parameter.at('name'), name, tool.report);
    if (parameter.flag('required') ?? false) required.push(name);
    properties[name] = readParameter(parameter);
    const pattern = parameter.text('pattern', checkPattern);
    if (pattern !== undefined) patterns.set(name, pattern);
    parameter.finish();
  }
  const parameters = Object.assign(emptyTable(), { type: 'object', properties, required, additionalProperties: false });
  return { parameters, patterns };
}

function readParameter(parameter: TableReader): JsonSchema {
  if (!parameter.has('type')) parameter.missing('type', `write ${parameter.report.syntax.assign('type', '"string"')}`);
  const type = parameter.oneOf('type', TYPES);
  const jsonType = type === 'enum' ? 'string' : type;
  const schema = emptyTable();
  schema['type'] = jsonType;
  const values = parameter.texts('values') ?? parameter.texts('enum');
  if (type === 'enum' && values === undefined) parameter.missing('values', 'list the values that are allowed');
  if (values !== undefined) schema['enum'] = values;
  const description = parameter.text('description');
  if (description !== undefined) schema['description'] = description;
  const preset = parameter.value('default');
  if (preset !== undefined) schema['default'] = preset;
  reportMisfits(schema, { path: parameter.path, report: parameter.report, depth: 1, types: jsonType });
  return schema;
}

function reportRepeated(parameter: TableReader, name: string): void {
  const message = `the parameter ${quote(name)} is there twice`;
  parameter.report.error({ code: 'M_PARAMETERS', path: parameter.at('name'), message, fix: 'rename one of the two' });
}

/** It is matched by RE2, in time that grows with the value alone; whether it is one is seen when the skill is loaded. */
const checkPattern: TextCheck = (text) =>
  text.length <= LONGEST_PATTERN
    ? undefined
    : { code: 'M_PATTERN', wrong: `has ${text.length} characters; at most ${LONGEST_PATTERN}`, fix: 'shorten it' };
const LONGEST_PATTERN = 512;
