import { CEILINGS, type LimitName } from '../../../host/index.ts';
import { formatField } from '../field-path.ts';
import type { Manifest } from '../manifest.ts';
import type { TableReader } from '../table-reader.ts';
import { isTable } from '../values.ts';

const MS = 1_000;

/**
 * Limits as version 2 writes them, in seconds and MiB, wherever it writes them; where two say something of one limit, the
 * smaller one counts.
 */
export function readBudget(root: TableReader, security: TableReader): Manifest['limits'] {
  const limits: { -readonly [Name in LimitName]?: number } = {};
  const lower = (name: LimitName, value: number | undefined): void => {
    if (value !== undefined) limits[name] = Math.min(limits[name] ?? value, value);
  };
  lower('timeout_ms', seconds(root, 'timeout'));
  // What is no table is told by the reader of the rest of it.
  if (isTable(root.value('resilience'))) lower('timeout_ms', seconds(root.section('resilience'), 'timeout'));
  for (const table of [root.section('resource_limits'), security.section('resource_limits')]) {
    lower('timeout_ms', seconds(table, 'max_execution_time'));
    const { hard, unit } = CEILINGS.memory_mb;
    lower('memory_mb', table.whole('max_memory_mb', { min: 1, max: hard, unit }));
    for (const [name, max] of [
      ['max_cpu_percent', 100],
      ['max_file_size_mb', 1_024],
    ] as const) {
      if (table.whole(name, { min: 1, max }) !== undefined) reportNotEnforced(table, name);
    }
    table.finish();
  }
  return limits;
}

function seconds(table: TableReader, key: string): number | undefined {
  const value = table.whole(key, { min: 1, max: CEILINGS.timeout_ms.hard / MS, unit: 'seconds' });
  return value === undefined ? undefined : value * MS;
}

function reportNotEnforced(table: TableReader, name: string): void {
  const path = table.at(name);
  const message = `${formatField(path)} is not enforced yet by this version of skillhost`;
  const fix = 'do not rely on it; max_execution_time is enforced';
  table.report.warn({ code: 'M_LIMIT_NOT_ENFORCED', path, message, fix });
}
