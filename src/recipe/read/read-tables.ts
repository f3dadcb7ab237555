import { formatField } from '../../manifest/field-path.ts';
import { TableReader } from '../../manifest/table-reader.ts';
import { isTable } from '../../manifest/values.ts';

/** The entries of a list of tables; what is no table is reported. */
export function tablesOf(table: TableReader, key: string): TableReader[] {
  const value = table.value(key);
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    table.wrongType(key, 'a list of tables', `write ${key}: and below it one - for each`);
    return [];
  }
  return (value as unknown[]).flatMap((item, i) => {
    const path = [...table.at(key), i];
    if (isTable(item)) return [new TableReader(item, path, table.report)];
    table.report.error({
      code: 'M_TYPE',
      path,
      message: `${formatField(path)} must be a table`,
      fix: 'write its fields as key: value',
    });
    return [];
  });
}
