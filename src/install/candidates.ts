import { fileURLToPath } from 'node:url';
import { isLinked, type LockedSkill, type Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type Candidate, providedBy } from '../resolve/candidate.ts';
import { loadSkill } from '../skill/load-skill.ts';
import type { Store } from '../store/store.ts';

/** What a manifest says of how its skill goes with others. */
export function candidateOf({ id, version, dependencies, features, provides }: Manifest): Candidate {
  return {
    id,
    version,
    dependencies,
    features: new Map([...features].map(([name, feature]) => [name, feature.default])),
    provides: providedBy(id, provides.virtual),
  };
}

/** What is installed, by id, but for those of some ids. */
export async function readCandidates(
  { skills }: Lockfile,
  store: Store,
  without: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Candidate>> {
  const found = new Map<string, Candidate>();
  for (const [id, locked] of skills) if (!without.has(id)) found.set(id, await readCandidate(locked, store));
  return found;
}

async function readCandidate(locked: LockedSkill, store: Store): Promise<Candidate> {
  const skill = await loadSkill(isLinked(locked) ? fileURLToPath(locked.source) : store.pathOf(locked.integrity));
  const { id, version } = locked;
  if (!skill.ready || skill.manifest === undefined || skill.id !== id) return asLocked(locked);
  return { ...candidateOf(skill.manifest), version };
}

/** One that cannot be read stays beside what it was installed with. */
function asLocked({ id, version, dependencies, features }: LockedSkill): Candidate {
  return {
    id,
    version,
    dependencies: dependencies.map((dependency) => {
      const [needed = '', exactly = ''] = dependency.split('@');
      return { id: needed, range: exactly, optional: false, features: [] };
    }),
    features: new Map(features.map((name) => [name, true])),
    provides: new Map(),
  };
}
