import { byText, type Candidate, type Chosen, type Resolution } from './candidate.ts';
import { explain } from './explain.ts';
import { Linker } from './link.ts';
import { type Found, search } from './search.ts';
import { takeOptional } from './take-optional.ts';
import { collectUniverse, type Known, type Universe } from './universe.ts';

/**
 * Chooses one version of each skill that the roots need: what is preferred where it fits, otherwise the highest that goes
 * with all the others. The order of anything that is given does not matter.
 * @param roots What is asked for or stays as it is, each in the one version it has
 * @throws SkillError E_CONFLICT with `details.reason` `no_version`, `no_feature`, `cycle` or `too_hard`; E_AMBIGUOUS when
 * several skills provide what is needed and nothing chooses one; E_NOT_FOUND for what is nowhere
 */
export async function resolve(roots: readonly Candidate[], known: Known): Promise<Resolution> {
  const universe = await collectUniverse(roots, known);
  const outcome = search(universe);
  if (outcome.found === undefined) throw explain(universe, outcome.blamed);
  return describe(universe, takeOptional(universe, outcome));
}

function describe(universe: Universe, { found, settled }: Found): Resolution {
  const linker = new Linker(universe, {});
  const dependencies = new Map<string, Set<string>>();
  const features = new Map<string, Set<string>>();
  const connect = (by: Candidate, target: string, asked: readonly string[]): void => {
    add(dependencies, by.id, [`${target}@${found.get(target)?.version}`]);
    add(features, target, asked);
  };
  for (const candidate of found.values()) {
    add(
      features,
      candidate.id,
      [...candidate.features].flatMap(([name, isDefault]) => (isDefault ? [name] : [])),
    );
    for (const { target, need } of linker.of(candidate).firm) connect(candidate, target, need.features);
  }
  for (const [{ by, need }, target] of settled) connect(by, target, need.features);
  return new Map(
    [...found.values()]
      .toSorted((a, b) => byText(a.id, b.id))
      .map((candidate): readonly [string, Chosen] => [
        candidate.id,
        { candidate, dependencies: listOf(dependencies, candidate.id), features: listOf(features, candidate.id) },
      ]),
  );
}

function add(to: Map<string, Set<string>>, id: string, more: readonly string[]): void {
  to.set(id, new Set([...(to.get(id) ?? []), ...more]));
}

function listOf(from: ReadonlyMap<string, ReadonlySet<string>>, id: string): readonly string[] {
  return [...(from.get(id) ?? [])].toSorted();
}
