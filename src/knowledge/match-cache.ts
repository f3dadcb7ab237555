import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogEntry } from '../catalog/entry.ts';
import { writeCache } from '../home/write-cache.ts';
import { MANIFEST_BYTES } from '../manifest/format.ts';
import { splitFrontMatter } from '../manifest/format/front-matter.ts';
import { readCapped } from '../skill/read-capped.ts';
import { type MatchDocument, type MatchIndex, openMatchIndex, updateMatchIndex } from './match/index.ts';

const DIGEST_BYTES = 32;

/**
 * The index by which prompts find skills, over everything that is ready. It lies on the disk behind a digest of what it
 * was made of; where that has changed, only the skills that changed are read again.
 */
export class MatchCache {
  readonly #file: string | undefined;
  #digest: Buffer | undefined;
  #index: MatchIndex | undefined;

  /** @param cache the folder of caches, or none @param name tells apart what is made of other directories */
  constructor(cache: string | undefined, name: string) {
    const id = createHash('sha256').update(name).digest('hex').slice(0, 32);
    this.#file = cache === undefined ? undefined : join(cache, 'match', `${id}.index`);
  }

  /** Documents of it are named by `keyOf`. */
  open(entries: readonly CatalogEntry[]): MatchIndex {
    const digest = digestOf(entries);
    if (this.#index !== undefined && this.#digest?.equals(digest) === true) return this.#index;
    const stored = this.#read();
    const isCurrent = stored?.subarray(0, DIGEST_BYTES).equals(digest) === true;
    const opened = isCurrent ? openMatchIndex(stored.subarray(DIGEST_BYTES)) : undefined;
    this.#index = opened ?? this.#update(stored, digest, entries);
    this.#digest = digest;
    return this.#index;
  }

  #update(stored: Buffer | undefined, digest: Buffer, entries: readonly CatalogEntry[]): MatchIndex {
    const sources = entries.map((entry) => ({
      id: keyOf(entry),
      signature: entry.signature,
      read: () => toDocument(entry),
    }));
    const bytes = updateMatchIndex(stored?.subarray(DIGEST_BYTES), sources);
    if (this.#file !== undefined) writeCache(this.#file, Buffer.concat([digest, bytes]));
    const index = openMatchIndex(bytes);
    if (index === undefined) throw new Error('an index that was just made cannot be opened');
    return index;
  }

  #read(): Buffer | undefined {
    try {
      return this.#file === undefined ? undefined : readFileSync(this.#file);
    } catch {
      // None yet, or none that can be read: it is made again.
      return undefined;
    }
  }
}

/** Of one skill among others: two may have one id. The id comes first, for it decides between equal matches. */
export function keyOf({ id, path }: CatalogEntry): string {
  return `${id}\0${path}`;
}

function digestOf(entries: readonly CatalogEntry[]): Buffer {
  const hash = createHash('sha256');
  for (const entry of entries) hash.update(`${keyOf(entry)}\0${entry.signature}\0`);
  return hash.digest();
}

function toDocument(entry: CatalogEntry): MatchDocument {
  const { path, signature, description, details } = entry;
  const { name, keywords, topics, synonyms, priority, alwaysOn, manifest } = details();
  const body = manifest === 'SKILL.md' ? readBody(path) : '';
  return {
    id: keyOf(entry),
    signature,
    name,
    description,
    keywords,
    topics,
    synonyms: new Map(synonyms),
    priority,
    alwaysOn,
    body,
  };
}

/** Words to be found by; what cannot be read is not found by them. */
function readBody(folder: string): string {
  try {
    const head = splitFrontMatter(readCapped(join(folder, 'SKILL.md'), MANIFEST_BYTES['SKILL.md']).toString());
    return 'wrong' in head ? '' : head.body;
  } catch {
    return '';
  }
}
