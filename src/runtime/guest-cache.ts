import { createHash } from 'node:crypto';
import type { ValueCache } from '../../host/index.ts';
import { type CacheRules, NO_CACHE } from '../manifest/cache-rules.ts';
import type { ResultCache } from './result-cache.ts';

const DAY_MS = 24 * 3_600_000;
/** As the longest that results are kept. */
const LONGEST_MS = 30 * DAY_MS;

interface Whose {
  readonly skill: string;
  /** Of the skill's content, of all it was granted, and of where it runs: with another of these nothing is found. */
  readonly trust: string;
  readonly rules: CacheRules | undefined;
}

/** What the guests of one skill keep of what they can make again, beside the results of its tools and within the same size. */
export function guestCache(cache: ResultCache, { skill, trust, rules = NO_CACHE }: Whose, now = Date.now): ValueCache {
  const bounds = { ...rules, resultTtlMs: LONGEST_MS };
  const nameOf = (key: string): string =>
    createHash('sha256')
      .update(JSON.stringify(['value', trust, key]))
      .digest('hex');
  return {
    get(key) {
      const kept = cache.get(skill, nameOf(key), bounds)?.value;
      return isValue(kept) && now() < kept.until ? Buffer.from(kept.base64, 'base64') : undefined;
    },
    set(key, value, ttlMs) {
      const until = now() + Math.min(ttlMs, LONGEST_MS);
      cache.set(skill, nameOf(key), { until, base64: Buffer.from(value).toString('base64') }, bounds);
    },
  };
}

function isValue(value: unknown): value is { readonly until: number; readonly base64: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { until, base64 } = value as Record<string, unknown>;
  return typeof until === 'number' && typeof base64 === 'string';
}
