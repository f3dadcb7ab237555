import { hasInvisible } from '../../host/index.ts';
import { type FieldPath, formatField } from './field-path.ts';
import type { JsonSchema } from './manifest.ts';
import { readSchema } from './read-schema.ts';
import type { SchemaSpot } from './schema-spot.ts';
import { reportType } from './read-text.ts';
import type { TableReader } from './table-reader.ts';
import { emptyTable, isTable, type Table } from './values.ts';

const MAX_NAME = 128;

/**
 * A tool's `parameters` as a JSON Schema of type object, from either form: a schema (its `type` is a string), or the
 * short form with one table per parameter, where no other parameter is allowed.
 */
export function readParameters(tool: TableReader): JsonSchema | undefined {
  const value = tool.value('parameters');
  if (value === undefined) return undefined;
  const path = tool.at('parameters');
  const spot = { path, report: tool.report, depth: 1 };
  if (isTable(value) && isShortForm(value)) return readShortForm(value, spot);
  const schema = readSchema(value, spot);
  if (isTable(value) && value['type'] !== 'object') {
    const message = `${formatField(path)} must describe an object: a tool takes named parameters`;
    const fix = 'write type = "object" and properties, or one table [tools.parameters.NAME] for each parameter';
    tool.report.error({ code: 'M_PARAMETERS', path, message, fix });
  }
  return schema;
}

function isShortForm(parameters: Table): boolean {
  if (!Object.values(parameters).every((item) => isTable(item))) return false;
  // A schema that forgot its type; a parameter of that name would have one.
  const properties = parameters['properties'];
  return !isTable(properties) || typeof properties['type'] === 'string';
}

function readShortForm(parameters: Table, spot: SchemaSpot): JsonSchema {
  const properties = emptyTable();
  const required: string[] = [];
  for (const [name, parameter] of Object.entries(parameters)) {
    const path = [...spot.path, name];
    reportParameterName(name, { ...spot, path });
    const { required: isRequired, ...schema } = parameter as Table;
    if (isRequired === true) required.push(name);
    else if (isRequired !== undefined && isRequired !== false) reportRequired(isRequired, [...path, 'required'], spot);
    if (schema['type'] === undefined) reportMissingType(path, spot);
    properties[name] = readSchema(Object.assign(emptyTable(), schema), { ...spot, path, depth: 2 });
  }
  return Object.assign(emptyTable(), { type: 'object', properties, required, additionalProperties: false });
}

function reportParameterName(name: string, { path, report }: SchemaSpot): void {
  if (name !== '' && name.length <= MAX_NAME && !hasInvisible(name)) return;
  const message = `${formatField(path)}: the name of a parameter is 1 to ${MAX_NAME} visible characters`;
  report.error({ code: 'M_PARAMETERS', path, message, fix: 'rename the parameter' });
}

function reportRequired(value: unknown, path: FieldPath, { report }: SchemaSpot): void {
  reportType(value, { path, report, wanted: 'true or false', fix: 'write required = true or required = false' });
}

function reportMissingType(path: FieldPath, { report }: SchemaSpot): void {
  const message = `${formatField([...path, 'type'])} is missing`;
  report.error({ code: 'M_MISSING', path: [...path, 'type'], message, fix: 'write type = "string", or another type' });
}
