import type { TableReader } from './table-reader.ts';
import { isTable, type Table } from './values.ts';

/** Known fields of the sections that are kept as parsed, so that a typing error shows; a nested list is a table's. */
type KnownFields = Readonly<Record<string, readonly string[] | true>>;

const RETRY = ['max_attempts', 'backoff_strategy', 'retry_on'];
const BREAKER = ['failure_threshold', 'recovery_timeout'];
const HEALTH = ['enabled', 'interval', 'tool', 'command'];
const BULKHEAD = ['max_concurrent_skills', 'execution_queue_size'];

const flat = (names: readonly string[]): KnownFields => Object.fromEntries(names.map((name) => [name, true]));

const RESILIENCE: KnownFields = {
  ...flat([...RETRY, ...BREAKER, ...BULKHEAD, 'interval', 'fallback', 'fallback_command']),
  retry: RETRY,
  retry_config: RETRY,
  circuit_breaker: BREAKER,
  health_check: HEALTH,
  bulkhead: BULKHEAD,
};
const CACHE = flat(['result_cache_ttl', 'metadata_cache_ttl', 'context_cache_ttl', 'max_cache_size_mb', 'files']);
const STATE = flat(['version', 'migrate', 'ttl', 'max_size_kb']);

/** `[resilience]`: how failures are answered; its reader is the resilience stage. */
export function readResilience(root: TableReader, also: readonly string[] = []): Table {
  return keepKnown(root, 'resilience', { ...RESILIENCE, ...flat(also) });
}

/** `[cache]`: what is kept between calls; its reader is the cache stage. */
export function readCache(root: TableReader): Table {
  return keepKnown(root, 'cache', CACHE);
}

/** `[state]`: version and clean-up of the skill's own store; its reader is the store. */
export function readState(root: TableReader): Table {
  return keepKnown(root, 'state', STATE);
}

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
