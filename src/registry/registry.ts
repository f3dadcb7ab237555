import { createHash } from 'node:crypto';
import { quote, SkillError } from '../../host/index.ts';
import type { RegistryConfig } from '../config/config.ts';
import { parseIndex } from './parse-index.ts';
import { readFromPlaces, type Way } from './places.ts';
import type { PublishedSkill, PublishedVersion, RegistryIndex } from './published.ts';

const MOST_INDEX = 16 * 1024 * 1024;
/** Clocks of machines differ; more than so much ahead no honest one is. */
const AHEAD_MS = 24 * 3_600_000;

/** What was seen of registries before, so that an older state is not taken for the present one. */
export interface Memory {
  /** When the last index that was used said it was made. */
  lastUpdate(registry: RegistryConfig): Date | undefined;
  remember(registry: RegistryConfig, updated: Date): void;
}

/** One registry, of which the index is read once. */
export class Registry {
  readonly config: RegistryConfig;
  readonly #way: Way;
  readonly #memory: Memory;
  readonly #now: () => Date;
  #index: Promise<RegistryIndex> | undefined;

  constructor(
    config: RegistryConfig,
    way: Way,
    { memory, now }: { readonly memory: Memory; readonly now: () => Date },
  ) {
    this.config = config;
    this.#way = way;
    this.#memory = memory;
    this.#now = now;
  }

  /**
   * All it has.
   * @throws SkillError E_DOWNGRADE for an index that is older than one seen before, or expired; E_PACKAGE, E_NETWORK
   */
  skills(): Promise<ReadonlyMap<string, PublishedSkill>> {
    this.#index ??= this.#read();
    return this.#index.then(({ skills }) => skills);
  }

  /** The archive of a version, compared with the sum of the index. @throws SkillError E_INTEGRITY and as `skills` */
  async archive(id: string, { archive, sha256, bytes, version }: PublishedVersion): Promise<Uint8Array> {
    const packed = await readFromPlaces(this.#places(), archive, bytes, this.#way);
    const found = createHash('sha256').update(packed).digest('hex');
    if (found === sha256) return packed;
    throw new SkillError(
      'E_INTEGRITY',
      `${id} ${version} of ${this.config.name} has the sum ${found}; its index says ${sha256}`,
      {
        hint: 'nothing of it was used; ask whoever runs the registry, or the mirror',
        details: { reason: 'sum', expected: sha256, found },
      },
    );
  }

  async #read(): Promise<RegistryIndex> {
    const { name, url } = this.config;
    const bytes = await readFromPlaces(this.#places(), 'index.json', MOST_INDEX, this.#way);
    const index = parseIndex(bytes, `${url}/index.json`);
    const { updated, expires } = index;
    const now = this.#now();
    const before = this.#memory.lastUpdate(this.config);
    if (before !== undefined && updated < before)
      throw stale(
        name,
        'rollback',
        `is of ${updated.toISOString()}, and one of ${before.toISOString()} was seen before`,
      );
    if (expires !== undefined && expires < now) throw stale(name, 'expired', `expired at ${expires.toISOString()}`);
    if (updated.getTime() > now.getTime() + AHEAD_MS)
      throw stale(name, 'not_yet', `is of ${updated.toISOString()}, which is still to come`);
    // What says that it was made later than now keeps no later one out.
    this.#memory.remember(this.config, updated < now ? updated : now);
    return index;
  }

  #places(): readonly string[] {
    return [this.config.url, ...this.config.mirrors];
  }
}

function stale(name: string, reason: string, what: string): SkillError {
  return new SkillError('E_DOWNGRADE', `the index of the registry ${quote(name)} ${what}`, {
    hint: 'look at the clock of this machine; otherwise somebody may be holding back what is new: ask whoever runs the registry',
    details: { reason },
  });
}
