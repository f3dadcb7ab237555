import { formatField } from './field-path.ts';
import { nearest } from './nearest.ts';
import type { SchemaSpot } from './schema-spot.ts';
import { reportType } from './read-text.ts';
import { isTable, type Table } from './values.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;
export type JsonType = (typeof TYPES)[number];

/** The `type` keyword: one type or an array of them. */
export function readTypes(value: unknown, spot: SchemaSpot): unknown {
  if (!Array.isArray(value)) return readType(value, spot);
  return (value as unknown[]).map((item, index) => readType(item, { ...spot, path: [...spot.path, index] }));
}

function readType(value: unknown, { path, report }: SchemaSpot): JsonType | undefined {
  const type = TYPES.find((candidate) => candidate === value);
  if (type !== undefined) return type;
  const wanted = `one of ${TYPES.join(', ')}`;
  if (typeof value !== 'string') {
    reportType(value, { path, report, wanted, fix: `write ${report.syntax.assign('type', '"string"')}` });
    return undefined;
  }
  const { assign } = report.syntax;
  const write = `write ${assign('type', `"${nearest(value, TYPES) ?? 'string'}"`)}`;
  const fix = value === 'enum' ? `write ${assign('type', '"string"')} with ${assign('enum', '["…"]')}` : write;
  const message = `${formatField(path)} must be ${wanted}`;
  report.error({ code: 'M_CHOICE', path, message, fix });
  return undefined;
}

interface TypedSpot extends SchemaSpot {
  readonly types: JsonType | readonly JsonType[] | undefined;
}

/** Reports a `default` or a choice that the schema's own type would refuse: no caller could ever use it. */
export function reportMisfits(schema: Table, { path, report, types }: TypedSpot): void {
  const allowed = typeof types === 'string' ? [types] : types;
  if (allowed === undefined || allowed.some((type) => type === undefined)) return;
  const choices = Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : [];
  const values = [
    ...('default' in schema ? [{ value: schema['default'], steps: ['default'] }] : []),
    ...choices.map((value, index) => ({ value, steps: ['enum', index] })),
  ];
  for (const { value, steps } of values) {
    if (allowed.some((type) => fitsType(value, type))) continue;
    const at = [...path, ...steps];
    const message = `${formatField(at)} does not fit type ${allowed.join(' or ')}`;
    report.error({ code: 'M_SCHEMA_VALUE', path: at, message, fix: 'change the value or the type' });
  }
}

function fitsType(value: unknown, type: JsonType): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value === type;
    case 'integer':
      return Number.isSafeInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isTable(value);
    case 'null':
      return value === null;
  }
}
