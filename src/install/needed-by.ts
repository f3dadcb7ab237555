import type { Lockfile } from '../lockfile/lockfile.ts';

/** These ids and all that they need, as it is locked. */
export function withNeeded({ skills }: Lockfile, ids: Iterable<string>): ReadonlySet<string> {
  const reached = new Set(ids);
  for (const id of reached) {
    for (const dependency of skills.get(id)?.dependencies ?? []) reached.add(idOf(dependency));
  }
  return reached;
}

/** The id of `id@version`. */
export function idOf(dependency: string): string {
  return dependency.slice(0, dependency.indexOf('@'));
}
