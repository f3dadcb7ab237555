import { quote } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from './ceilings.ts';
import { formatField } from './field-path.ts';
import type { JsonSchema } from './manifest.ts';
import { nearest } from './nearest.ts';
import type { SchemaSpot } from './schema-spot.ts';
import { type JsonType, readTypes, reportMisfits } from './schema-types.ts';
import { reportType } from './read-text.ts';
import { emptyTable, isTable } from './values.ts';

type KeywordReader = (value: unknown, spot: SchemaSpot) => unknown;

/** Every keyword a skill may use. All are checked in linear time; none makes the host follow or run anything. */
const KEYWORDS: ReadonlyMap<string, KeywordReader> = new Map<string, KeywordReader>([
  ['type', readTypes],
  ['properties', readProperties],
  ['required', readTexts],
  ['items', readSchema],
  ['prefixItems', readSchemas],
  ['additionalProperties', (value, spot) => (typeof value === 'boolean' ? value : readSchema(value, spot))],
  ['enum', readChoices],
  ['const', (value) => value],
  ['default', (value) => value],
  ['examples', (value, spot) => readArray(value, spot)],
  ['description', readText],
  ['title', readText],
  ['contentEncoding', readText],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name) => [name, readNumber] as const),
  ...['minLength', 'maxLength', 'minItems', 'maxItems'].map((name) => [name, readCount] as const),
  ['oneOf', readSchemas],
  ['anyOf', readSchemas],
]);

/** Why a keyword people expect is not there. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['pattern', 'patterns from a skill never run on the host'],
  ['patternProperties', 'patterns from a skill never run on the host'],
  ['$ref', 'references are not followed; write the schema out'],
  ['$defs', 'references are not followed; write the schema out'],
  ['format', 'formats are not checked; say in the description what is expected'],
]);

/** Why a schema may not say this; undefined for the keywords it may have. */
export function whyNoKeyword(name: string): string | undefined {
  if (KEYWORDS.has(name)) return undefined;
  return REFUSED.get(name) ?? 'it is none of the keywords that a schema here may have';
}

/** A JSON Schema of the keywords above; everything else is reported by name. */
export function readSchema(value: unknown, spot: SchemaSpot): JsonSchema {
  const schema = emptyTable();
  if (!isTable(value)) {
    reportType(value, {
      ...spot,
      wanted: 'a JSON Schema',
      fix: `write a table such as { ${spot.report.syntax.assign('type', '"string"')} }`,
    });
    return schema;
  }
  if (spot.depth > MANIFEST_CEILINGS.schemaDepth) {
    const message = `${formatField(spot.path)} is a schema nested more than ${MANIFEST_CEILINGS.schemaDepth} deep`;
    spot.report.error({ code: 'M_SCHEMA_DEPTH', path: spot.path, message, fix: 'flatten the schema' });
    return schema;
  }
  for (const [name, item] of Object.entries(value)) {
    const below = { ...spot, path: [...spot.path, name] };
    const read = KEYWORDS.get(name);
    if (read === undefined) reportKeyword(name, below);
    else schema[name] = read(item, { ...below, depth: spot.depth + 1 });
  }
  reportMisfits(schema, { ...spot, types: schema['type'] as JsonType | readonly JsonType[] | undefined });
  return schema;
}

function reportKeyword(name: string, { path, report }: SchemaSpot): void {
  const reason = REFUSED.get(name);
  const meant = nearest(name, KEYWORDS.keys());
  const known = [...KEYWORDS.keys()].join(', ');
  const message = `${quote(name)} is not supported: ${reason ?? `the keywords of a schema are ${known}`}`;
  const fix = reason === undefined && meant !== undefined ? `did you mean ${meant}?` : `remove ${quote(name)}`;
  report.error({ code: 'M_SCHEMA_KEYWORD', path, message, fix });
}

function readProperties(value: unknown, spot: SchemaSpot): unknown {
  const properties = emptyTable();
  if (!isTable(value)) {
    reportType(value, {
      ...spot,
      wanted: 'a table of schemas',
      fix: `write ${spot.report.syntax.assign('NAME', `{ ${spot.report.syntax.assign('type', '"string"')} }`)} in it`,
    });
    return properties;
  }
  for (const [name, item] of Object.entries(value)) {
    properties[name] = readSchema(item, { ...spot, path: [...spot.path, name] });
  }
  return properties;
}

function readArray(value: unknown, spot: SchemaSpot): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  reportType(value, { ...spot, wanted: 'an array', fix: 'write […]' });
  return [];
}

function readSchemas(value: unknown, spot: SchemaSpot): unknown {
  return readArray(value, spot).map((item, index) => readSchema(item, { ...spot, path: [...spot.path, index] }));
}

function readChoices(value: unknown, spot: SchemaSpot): unknown {
  const choices = readArray(value, spot);
  if (Array.isArray(value) && choices.length === 0) {
    const message = `${formatField(spot.path)} is empty: no value would ever fit`;
    spot.report.error({ code: 'M_SCHEMA_VALUE', path: spot.path, message, fix: 'list the values that are allowed' });
  }
  return choices;
}

function readTexts(value: unknown, spot: SchemaSpot): unknown {
  return readArray(value, spot).map((item, index) => readText(item, { ...spot, path: [...spot.path, index] }));
}

function readText(value: unknown, spot: SchemaSpot): unknown {
  if (typeof value !== 'string') reportType(value, { ...spot, wanted: 'a string', fix: 'write text in quotes: "…"' });
  return value;
}

function readNumber(value: unknown, spot: SchemaSpot): unknown {
  if (typeof value !== 'number') reportType(value, { ...spot, wanted: 'a number', fix: 'write it without quotes' });
  return value;
}

function readCount(value: unknown, spot: SchemaSpot): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  if (typeof value !== 'number') return readNumber(value, spot);
  const message = `${formatField(spot.path)} = ${value}: it must be a whole number of at least 0`;
  spot.report.error({ code: 'M_SCHEMA_VALUE', path: spot.path, message, fix: 'write a count, such as 1' });
  return value;
}
