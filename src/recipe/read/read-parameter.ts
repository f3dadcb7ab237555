import { formatField } from '../../manifest/field-path.ts';
import type { TableReader } from '../../manifest/table-reader.ts';
import { checkLabel } from '../../manifest/text-checks.ts';
import { type Parameter, PARAMETER_TYPES, type ParameterType } from '../recipe.ts';
import type { Value } from '../value.ts';
import { checkValueName } from './read-step.ts';

const SCHEMA: Readonly<Record<ParameterType, 'string' | 'number' | 'boolean'>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  enum: 'string',
  path: 'string',
  secret: 'string',
};

/** One parameter. Whether its default fits is for `bindParameters` to say, as of any value. */
export function readParameter(table: TableReader): Parameter | undefined {
  const name = table.requiredText('name', { check: checkValueName, example: 'message' });
  const type = table.oneOf('type', PARAMETER_TYPES) ?? 'string';
  const parameter: Parameter = {
    name,
    type,
    required: table.flag('required') ?? !table.has('default'),
    default: readDefault(table, type),
    description: table.text('description', checkLabel(1_024)) ?? '',
    values: table.texts('values', checkLabel(256)) ?? [],
    validation: table.text('validation'),
    min: readNumber(table, 'min'),
    max: readNumber(table, 'max'),
    allowDash: table.flag('allow_dash') ?? false,
  };
  checkCombination(table, parameter);
  table.finish();
  return name === '' ? undefined : parameter;
}

function readDefault(table: TableReader, type: ParameterType): Value | undefined {
  const value = table.value('default');
  if (value === undefined) return undefined;
  const wanted = SCHEMA[type];
  if (typeof value === wanted) return value as Value;
  table.wrongType(
    'default',
    wanted === 'string' ? 'a string' : `a ${wanted}`,
    wanted === 'string' ? 'put it in quotes' : 'write it without quotes',
  );
  return undefined;
}

function readNumber(table: TableReader, key: string): number | undefined {
  const value = table.value(key);
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  table.wrongType(key, 'a number', `write ${key}: 1, without quotes`);
  return undefined;
}

function checkCombination(table: TableReader, parameter: Parameter): void {
  const { type, values, min, max } = parameter;
  const refuse = (key: string, wrong: string, fix: string): void => {
    const path = table.at(key);
    table.report.error({ code: 'M_COMBINATION', path, message: `${formatField(path)} ${wrong}`, fix });
  };
  const isNumber = type === 'number' || type === 'integer';
  const isText = type === 'string' || type === 'path' || type === 'secret';
  if (type === 'enum' && values.length === 0)
    refuse('values', 'is missing: an enum is one of them', 'write values: ["a", "b"]');
  if (type !== 'enum' && table.has('values'))
    refuse('values', `belongs to an enum, and this is a ${type}`, 'write type: enum');
  for (const key of ['min', 'max'])
    if (!isNumber && table.has(key))
      refuse(key, `belongs to a number, and this is a ${type}`, 'write type: integer, or use validation');
  if (min !== undefined && max !== undefined && min > max)
    refuse('min', 'is above max, so nothing fits', 'exchange them');
  if (!isText && table.has('validation')) refuse('validation', `belongs to text, and this is a ${type}`, 'remove it');
  if (type === 'boolean' && table.has('allow_dash')) refuse('allow_dash', 'has no meaning for a boolean', 'remove it');
  if (type === 'secret' && table.has('default'))
    refuse('default', 'would be a secret that everybody can read', 'remove it');
  if (parameter.required && table.has('default'))
    refuse('required', 'cannot be with a default', 'remove one of the two');
}
