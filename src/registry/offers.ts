import type { Offer, Offers } from '../install/offers.ts';
import { providedBy } from '../resolve/candidate.ts';
import type { PublishedSkill } from './published.ts';
import type { Registry } from './registry.ts';

/**
 * What registries have for skills that others need. The first registry that has an id gives it, whatever others have; of
 * what only stands for a name, all registries are looked through.
 */
export function offersOf(open: () => Promise<readonly Registry[]>): Offers {
  return {
    async candidates(id) {
      const provided: Offer[] = [];
      const taken = new Set<string>();
      for (const registry of await open()) {
        const skills = await registry.skills();
        const named = skills.get(id);
        if (named !== undefined) return versionsOf(named, registry);
        for (const skill of skills.values()) {
          if (taken.has(skill.id)) continue;
          taken.add(skill.id);
          provided.push(...versionsOf(skill, registry).filter(({ provides }) => provides.has(id)));
        }
      }
      return provided;
    },
  };
}

function versionsOf({ id, versions }: PublishedSkill, { config }: Registry): readonly Offer[] {
  return [...versions.values()]
    .filter(({ yanked }) => !yanked)
    .map(({ version, sha256, dependencies, features, provides }) => ({
      id,
      version,
      dependencies,
      features,
      provides: providedBy(id, provides),
      source: `registry:${config.name}/${id}@${version}#sha256=${sha256}`,
    }));
}
