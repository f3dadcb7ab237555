import { formatField, type FieldPath } from '../manifest/field-path.ts';
import { whyNoKeyword } from '../manifest/read-schema.ts';
import { emptyTable, isTable } from '../manifest/values.ts';
import type { NotCarried } from './not-carried.ts';

/** Say nothing about values. */
const SILENT: ReadonlySet<string> = new Set(['$schema', '$id', '$comment']);
/** Keywords whose value is any value, and which of them hold several. */
const VALUES: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'examples']);
const LISTS: ReadonlySet<string> = new Set(['oneOf', 'anyOf', 'prefixItems']);

interface Spot {
  readonly path: FieldPath;
  readonly lost: NotCarried[];
}

/** A JSON Schema with the keywords alone that a skill's may have; what it says besides goes to `lost`. */
export function toNativeSchema(value: unknown, path: FieldPath, lost: NotCarried[]): unknown {
  return convert(value, { path, lost });
}

function convert(value: unknown, spot: Spot): unknown {
  // Anything fits.
  if (value === true) return emptyTable();
  if (!isTable(value)) return value;
  const schema = emptyTable();
  for (const [name, item] of Object.entries(value)) {
    const below = { ...spot, path: [...spot.path, name] };
    if (isKept(name, item, below)) schema[name] = convertKeyword(name, item, below);
  }
  return schema;
}

function isKept(name: string, item: unknown, { path, lost }: Spot): boolean {
  if (SILENT.has(name)) return false;
  const why = whyNoKeyword(name);
  if (why !== undefined) {
    const fix = 'say it in words in the description, or check the value where it is used';
    lost.push({ field: formatField(path), why: `a schema here may not say it: ${why}`, fix });
    return false;
  }
  if (!VALUES.has(name) || !holdsNull(item)) return true;
  lost.push({
    field: formatField(path),
    why: 'it holds null, which TOML cannot write',
    fix: 'leave the value out of the arguments instead of giving null',
  });
  return false;
}

function convertKeyword(name: string, item: unknown, spot: Spot): unknown {
  if (name === 'items') return convert(item, spot);
  if (name === 'additionalProperties') return typeof item === 'boolean' ? item : convert(item, spot);
  if (LISTS.has(name) && Array.isArray(item))
    return (item as unknown[]).map((one, i) => convert(one, { ...spot, path: [...spot.path, i] }));
  if (name !== 'properties' || !isTable(item)) return item;
  const properties = emptyTable();
  for (const [key, one] of Object.entries(item)) properties[key] = convert(one, { ...spot, path: [...spot.path, key] });
  return properties;
}

function holdsNull(value: unknown): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.some(holdsNull);
  return isTable(value) && Object.values(value).some(holdsNull);
}
