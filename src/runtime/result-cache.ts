import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { writeCache } from '../home/write-cache.ts';
import type { CacheRules } from '../manifest/cache-rules.ts';
import { canonicalJson } from './canonical-json.ts';

/** What a call is answered by. */
export interface CachedResult {
  /** JSON. */
  readonly value: unknown;
}

interface Kept {
  readonly written: number;
  /** As text: whoever gets it may change what it gets. */
  readonly text: string;
}

/** Results between two looks at how many there are. */
const SWEEP_EVERY = 16;
/** A clock that was set back makes nothing good for longer than this. */
const MOST_AHEAD_MS = 1_000;

/** Everything a result depends on. */
export interface CacheKeyParts {
  readonly skill: string;
  readonly tool: string;
  /** Of the skill's content, of all it was granted, and of where it runs. */
  readonly trust: string;
  readonly input: unknown;
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  /** Limits, seed, clock, dependencies, files: whatever else counts. */
  readonly more: unknown;
}

/** The name of a result: equal for equal calls, and for no others. */
export function cacheKey({ skill, tool, trust, input, args, stdin, more }: CacheKeyParts): string {
  const given = input instanceof Uint8Array ? `bytes:${Buffer.from(input).toString('base64')}` : canonicalJson(input);
  return createHash('sha256')
    .update(JSON.stringify([skill, tool, trust, given, args, more]))
    .update('\0')
    .update(stdin)
    .digest('hex');
}

/**
 * Results of tools that are marked as cacheable, for as long as their skill says: in memory, and in the cache of the home,
 * where the next process finds them. Of one skill no more is kept than it says.
 */
export class ResultCache {
  readonly #folder: string;
  readonly #now: () => number;
  #sets = 0;
  readonly #memory = new Map<string, LRUCache<string, Kept>>();

  /** @param folder may be deleted at any time */
  constructor(folder: string, now: () => number = Date.now) {
    this.#folder = folder;
    this.#now = now;
  }

  get(skill: string, key: string, rules: CacheRules): CachedResult | undefined {
    const memory = this.#memoryOf(skill, rules);
    const kept = memory.get(key) ?? this.#read(skill, key);
    if (kept === undefined || !this.#isGood(kept, rules)) return undefined;
    memory.set(key, kept);
    return { value: JSON.parse(kept.text) as unknown };
  }

  set(skill: string, key: string, value: unknown, rules: CacheRules): void {
    const kept = { written: this.#now(), text: JSON.stringify(value ?? null) };
    if (kept.text.length > rules.maxBytes) return;
    this.#memoryOf(skill, rules).set(key, kept);
    const folder = join(this.#folder, skill);
    writeCache(join(folder, key), Buffer.from(JSON.stringify(kept)));
    if (this.#sets++ % SWEEP_EVERY === 0) sweep(folder, rules.maxBytes);
  }

  #isGood({ written }: Kept, { resultTtlMs }: CacheRules): boolean {
    const age = this.#now() - written;
    return age >= -MOST_AHEAD_MS && age < resultTtlMs;
  }

  #memoryOf(skill: string, { maxBytes: maxSize }: CacheRules): LRUCache<string, Kept> {
    let memory = this.#memory.get(skill);
    if (memory?.maxSize !== maxSize) {
      memory = new LRUCache({ maxSize, sizeCalculation: ({ text }, key) => text.length + key.length });
      this.#memory.set(skill, memory);
    }
    return memory;
  }

  #read(skill: string, key: string): Kept | undefined {
    try {
      const kept: unknown = JSON.parse(readFileSync(join(this.#folder, skill, key), 'utf8'));
      return isKept(kept) ? kept : undefined;
    } catch {
      // Nothing there, or nothing that is one: the tool runs.
      return undefined;
    }
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const { written, text } = value as Record<string, unknown>;
  return typeof written === 'number' && typeof text === 'string' && isJson(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Removes the oldest files until the rest is small enough. */
function sweep(folder: string, most: number): void {
  try {
    mkdirSync(folder, { recursive: true });
    const files = readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat === undefined ? [] : [{ path, size: stat.size, at: stat.mtimeMs }];
    });
    let size = files.reduce((sum, file) => sum + file.size, 0);
    for (const file of files.toSorted((a, b) => a.at - b.at)) {
      if (size <= most) return;
      rmSync(file.path, { force: true });
      size -= file.size;
    }
  } catch {
    // What cannot be cleaned now is with the next result.
  }
}
