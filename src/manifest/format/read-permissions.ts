import { PROGRAM_NETWORK, type Rule } from '../../../host/index.ts';
import { formatField } from '../field-path.ts';
import { readRuleList } from '../read-rules.ts';
import type { TableReader } from '../table-reader.ts';

/**
 * Hosts of a list, as rules. `true`, which other hosts take for every address, requests none: nobody should be asked to
 * grant the whole network. For a program it is the network, of which nothing can be filtered.
 */
export function readHosts(table: TableReader, key: string, isProgram = false): readonly Rule[] {
  const value = table.value(key);
  if (value === undefined || value === false) return [];
  if (value !== true) return readRuleList(table, key, 'network');
  if (isProgram) return [{ text: PROGRAM_NETWORK, origin: formatField(table.at(key)) }];
  const path = table.at(key);
  const message = `${formatField(path)} names no host, so none is requested`;
  const fix = `write ${table.report.syntax.assign(key, '["api.example.org"]')} with the hosts it talks to`;
  table.report.warn({ code: 'M_HOSTS', path, message, fix });
  return [];
}

/** Rules without those that say the same again. */
export function mergeRules(...lists: readonly (readonly Rule[])[]): readonly Rule[] {
  const merged = new Map<string, Rule>();
  for (const rule of lists.flat()) if (!merged.has(rule.text)) merged.set(rule.text, rule);
  return [...merged.values()];
}
