import { CEILINGS, type LimitName, type Limits } from '../../../host/index.ts';
import type { TableReader } from '../table-reader.ts';
import { isTable } from '../values.ts';

const MS = 1_000;

/** By what version 2 calls them. */
const NAMES: readonly (readonly [field: string, limit: LimitName])[] = [
  ['max_memory_mb', 'memory_mb'],
  ['max_cpu_percent', 'cpu_percent'],
  ['max_file_size_mb', 'file_size_mb'],
  ['max_processes', 'processes'],
];

/**
 * Limits as version 2 writes them, in seconds and MiB, wherever it writes them; where two say something of one limit, the
 * smaller one counts.
 */
export function readBudget(root: TableReader, security: TableReader): Partial<Limits> {
  const written = [readSeconds(root, 'timeout')];
  // What is no table is told by the reader of the rest of it.
  if (isTable(root.value('resilience'))) written.push(readSeconds(root.section('resilience'), 'timeout'));
  return least([...written, readTable(root), readTable(security)]);
}

/** The limits of one tool: `timeout`, in seconds, and `resource_limits`. */
export function readResourceLimits(tool: TableReader): Partial<Limits> {
  return least([readSeconds(tool, 'timeout'), readTable(tool)]);
}

function readTable(owner: TableReader): Partial<Limits> {
  const table = owner.section('resource_limits');
  const limits: { -readonly [Name in LimitName]?: number } = readSeconds(table, 'max_execution_time');
  for (const [field, limit] of NAMES) {
    const { hard, unit } = CEILINGS[limit];
    const value = table.whole(field, { min: 1, max: hard, unit });
    if (value !== undefined) limits[limit] = value;
  }
  table.finish();
  return limits;
}

function readSeconds(table: TableReader, key: string): Partial<Limits> {
  const value = table.whole(key, { min: 1, max: CEILINGS.timeout_ms.hard / MS, unit: 'seconds' });
  return value === undefined ? {} : { timeout_ms: value * MS };
}

function least(all: readonly Partial<Limits>[]): Partial<Limits> {
  const limits: { -readonly [Name in LimitName]?: number } = {};
  for (const [name, value] of all.flatMap((one) => Object.entries(one) as [LimitName, number][]))
    limits[name] = Math.min(limits[name] ?? value, value);
  return limits;
}
