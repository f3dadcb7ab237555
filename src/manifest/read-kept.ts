import type { TableReader } from './table-reader.ts';
import { isTable, type Table } from './values.ts';

/** Known fields of the sections that are kept as parsed, so that a typing error shows; a nested list is a table's. */
type KnownFields = Readonly<Record<string, readonly string[] | true>>;

/** A section as parsed, its unknown fields told. */
export function keepKnown(root: TableReader, key: string, known: KnownFields): Table {
  const section = root.section(key);
  for (const [name, fields] of Object.entries(known)) {
    // A field that may be a table in one place and a value in another is left to the reader of the section.
    if (fields === true || !isTable(section.value(name))) continue;
    const nested = section.section(name);
    for (const field of fields) nested.value(field);
    nested.finish();
  }
  for (const name of Object.keys(known)) section.value(name);
  section.finish();
  const value = root.value(key);
  return isTable(value) ? value : section.rest();
}
