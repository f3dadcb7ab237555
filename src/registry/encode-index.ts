import type { PublishedSkill, PublishedVersion, RegistryIndex } from './published.ts';

/** The text of an `index.json`: the same for the same content. */
export function encodeIndex({ updated, expires, skills }: RegistryIndex): string {
  const index = {
    skillhost: 1,
    updated: updated.toISOString(),
    ...(expires !== undefined && { expires: expires.toISOString() }),
    skills: objectOf(skills, toSkill),
  };
  return `${JSON.stringify(index, null, 2)}\n`;
}

function toSkill({ description, keywords, versions }: PublishedSkill): unknown {
  return { description, keywords, versions: objectOf(versions, toVersion) };
}

function toVersion({ archive, sha256, bytes, yanked, dependencies, features, provides }: PublishedVersion): unknown {
  const needed = new Map(dependencies.map((one) => [one.id, one]));
  return {
    archive,
    sha256,
    bytes,
    ...(yanked && { yanked }),
    ...(needed.size > 0 && {
      dependencies: objectOf(needed, ({ range, optional, features: wanted }) =>
        !optional && wanted.length === 0 ? range : { version: range, optional, features: wanted },
      ),
    }),
    ...(features.size > 0 && { features: objectOf(features, (on) => on) }),
    ...(provides.size > 0 && { provides: objectOf(provides, (version) => version) }),
  };
}

function objectOf<T>(map: ReadonlyMap<string, T>, encode: (value: T) => unknown): unknown {
  const sorted = [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, value]) => [key, encode(value)]));
}
