import semver from 'semver';
import { SkillError } from '../../host/index.ts';
import { byText, type Candidate, type Need } from './candidate.ts';
import { Fits } from './fits.ts';
import { tooHard } from './too-hard.ts';

const MOST_IDS = 1_000;
const MOST_VERSIONS = 10_000;

export interface Known {
  /** What a skill of this id may be, or what provides it; in any order. */
  readonly versionsOf: (id: string) => Promise<readonly Candidate[]>;
  readonly signal: AbortSignal;
  /** The version of an id that is taken where it can be. */
  readonly prefer: ReadonlyMap<string, string>;
}

/** All that can become part of an answer. Nothing is looked up later. */
export interface Universe {
  readonly roots: readonly Candidate[];
  /** By id, the one to take first at the beginning. A root is its only version. */
  readonly versions: ReadonlyMap<string, readonly Candidate[]>;
  /** The same without what was settled later: who provides something does not change by a choice. */
  readonly possible: ReadonlyMap<string, readonly Candidate[]>;
  /** The versions of what is asked for or preferred. */
  readonly there: ReadonlyMap<string, string>;
  readonly fits: Fits;
}

/** Collects what the roots can reach by any version. @throws SkillError E_CONFLICT `too_hard` for more than the caps */
export async function collectUniverse(
  roots: readonly Candidate[],
  { versionsOf, signal, prefer }: Known,
): Promise<Universe> {
  const versions = new Map<string, Candidate[]>(roots.map((root) => [root.id, [root]]));
  const fixed = new Set(versions.keys());
  const seen = new Set<string>(fixed);
  const queue = roots.flatMap(({ dependencies }) => dependencies.map(({ id }) => id));
  let count = roots.length;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (seen.size > MOST_IDS) throw tooHard(`more than ${MOST_IDS} skills could be part of it`);
    if (signal.aborted) throw new SkillError('E_ABORTED', 'it was ended before anything was chosen');
    for (const candidate of await versionsOf(next)) {
      if (fixed.has(candidate.id) || semver.valid(candidate.version) === null) continue;
      const known = versions.get(candidate.id) ?? [];
      if (known.some(({ version }) => version === candidate.version)) continue;
      if (++count > MOST_VERSIONS) throw tooHard(`more than ${MOST_VERSIONS} versions could be part of it`);
      known.push(candidate);
      versions.set(candidate.id, known);
      queue.push(...[candidate.id, ...candidate.dependencies.map(({ id }) => id)].filter((id) => !seen.has(id)));
    }
  }
  const there = new Map([...prefer, ...roots.map(({ id, version }) => [id, version] as const)]);
  for (const [id, known] of versions) versions.set(id, known.toSorted(bestFirst(prefer.get(id))));
  return {
    roots: roots.toSorted((a, b) => byText(a.id, b.id)),
    versions,
    possible: versions,
    there,
    fits: new Fits(),
  };
}

/** The ids of those that can provide what no skill is named; of them, what is there already, unless more than one is. */
export function providersOf(universe: Universe, need: Need): readonly string[] {
  const { possible, there, fits } = universe;
  const able = (is: (candidate: Candidate) => boolean): readonly string[] =>
    [...possible]
      .filter(([, known]) => known.some((candidate) => is(candidate) && fits.asProvider(candidate, need)))
      .map(([id]) => id)
      .toSorted();
  const present = able(({ id, version }) => there.get(id) === version);
  return present.length === 1 ? present : able(() => true);
}

function bestFirst(preferred: string | undefined): (a: Candidate, b: Candidate) => number {
  return (a, b) =>
    Number(b.version === preferred) - Number(a.version === preferred) || semver.compareBuild(b.version, a.version);
}
