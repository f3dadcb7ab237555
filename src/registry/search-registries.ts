import { createHash } from 'node:crypto';
import semver from 'semver';
import { buildMatchIndex, openMatchIndex } from '../knowledge/match/index.ts';
import type { PublishedSkill } from './published.ts';
import { pickVersion } from './registries.ts';
import type { Registry } from './registry.ts';

/** A skill of a registry that words come close to. */
export interface Hit {
  readonly id: string;
  /** The highest that was not taken back. */
  readonly version: string;
  readonly description: string;
  readonly registry: string;
  /** Of its archive. */
  readonly sha256: string;
  /** From 0 to 1, as in `Found`. */
  readonly score: number;
}

/** Looks through registries as prompts find skills; a skill that two have is of the first. @throws as `Registry.skills` */
export async function searchRegistries(
  registries: readonly Registry[],
  words: string,
  limit: number,
): Promise<readonly Hit[]> {
  const all = new Map<string, { readonly skill: PublishedSkill; readonly registry: string }>();
  for (const registry of registries) {
    for (const [id, skill] of await registry.skills())
      if (!all.has(id) && hasOffer(skill)) all.set(id, { skill, registry: registry.config.name });
  }
  const documents = [...all.values()].map(({ skill: { id, description, keywords } }) => ({
    id,
    signature: createHash('sha256')
      .update(JSON.stringify([id, description, keywords]))
      .digest('hex'),
    name: id.slice(id.indexOf('.') + 1),
    description,
    keywords,
    topics: [],
    synonyms: new Map<string, readonly string[]>(),
    priority: 50,
    alwaysOn: false,
    body: '',
  }));
  const index = openMatchIndex(buildMatchIndex(documents));
  return (index?.match(words, { limit, threshold: 0 }) ?? []).flatMap(({ id, score }) => {
    const found = all.get(id);
    if (found === undefined) return [];
    const { version, sha256 } = pickVersion(found.skill, '*');
    return [{ id, version, description: found.skill.description, registry: found.registry, sha256, score }];
  });
}

/** A skill of which all was taken back is not offered; one with pre-releases alone is asked for by their version. */
function hasOffer({ versions }: PublishedSkill): boolean {
  return [...versions.values()].some(({ version, yanked }) => !yanked && semver.prerelease(version) === null);
}
