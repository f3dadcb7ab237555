import { formatField } from './field-path.ts';
import type { TableReader } from './table-reader.ts';
import { checkInnerPath } from './text-checks.ts';

/** What is kept of results between calls. */
export interface CacheRules {
  /** Milliseconds that a result of a cacheable tool is good for. */
  readonly resultTtlMs: number;
  /** Bytes of results of one skill. */
  readonly maxBytes: number;
  /** Files a result depends on, below the folder a run works in. */
  readonly files: readonly string[];
}

const SECONDS = { min: 1, max: 30 * 24 * 3_600, unit: 'seconds' };
const MIB = 1024 * 1024;

export const NO_CACHE: CacheRules = { resultTtlMs: 300_000, maxBytes: 16 * MIB, files: [] };

/**
 * `[cache]`. What is known of skills and contexts is kept until their files change, so a time for it says nothing, and
 * that is told.
 */
export function readCache(section: TableReader): CacheRules {
  const seconds = section.whole('result_cache_ttl', SECONDS);
  const size = section.whole('max_cache_size_mb', { min: 1, max: 1_024, unit: 'MiB' });
  for (const key of ['metadata_cache_ttl', 'context_cache_ttl'])
    if (section.whole(key, SECONDS) !== undefined) reportTimeless(section, key);
  const rules = {
    resultTtlMs: seconds === undefined ? NO_CACHE.resultTtlMs : seconds * 1_000,
    maxBytes: size === undefined ? NO_CACHE.maxBytes : size * MIB,
    files: section.texts('files', checkInnerPath) ?? [],
  };
  section.finish();
  return rules;
}

function reportTimeless(section: TableReader, key: string): void {
  const path = section.at(key);
  const message = `${formatField(path)} is not needed: such things are kept until their files change`;
  section.report.lint({ code: 'M_CACHE_TTL', path, message, fix: 'remove it' });
}
