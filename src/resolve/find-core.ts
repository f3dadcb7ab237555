import { SkillError } from '../../host/index.ts';
import { type Candidate, keyOf, type Need } from './candidate.ts';
import { search } from './search.ts';
import type { Universe } from './universe.ts';

const BUDGET = 20_000;
const MOST_SEARCHES = 300;

/** A need that several versions of a skill may have alike. */
export interface Cited {
  readonly by: string;
  readonly versions: readonly string[];
  readonly need: Need;
}

/** The fewest of the needs that are blamed that have no answer together: without any one of them there is one. */
export function findCore(universe: Universe, blamed: ReadonlySet<string>): readonly Cited[] {
  const all = citable(universe);
  const ignored = new Set([...all.keys()].filter((key) => !blamed.has(key)));
  const kept = new Map([...all].filter(([key]) => blamed.has(key)));
  for (const key of [...kept.keys()].slice(0, MOST_SEARCHES)) {
    ignored.add(key);
    if (hasNoAnswer(universe, ignored)) kept.delete(key);
    else ignored.delete(key);
  }
  return inOrder([...kept.values()], universe.roots);
}

function citable({ versions }: Universe): ReadonlyMap<string, Cited> {
  const all = new Map<string, Cited>();
  for (const [by, known] of [...versions].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const { version, dependencies } of known) {
      for (const need of dependencies) {
        if (need.optional) continue;
        const key = keyOf(by, need);
        const before = all.get(key)?.versions ?? [];
        if (!before.includes(version)) all.set(key, { by, need, versions: [version, ...before] });
      }
    }
  }
  return new Map([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What takes too long to find out counts as having an answer: then more is cited, and nothing is wrong. */
function hasNoAnswer(universe: Universe, ignored: ReadonlySet<string>): boolean {
  try {
    return search(universe, { ignored }, BUDGET).found === undefined;
  } catch (error) {
    if (error instanceof SkillError && error.details?.['reason'] === 'too_hard') return false;
    throw error;
  }
}

/** From what was asked for to what that needs. */
function inOrder(cited: readonly Cited[], roots: readonly Candidate[]): readonly Cited[] {
  const reached = new Set(roots.map(({ id }) => id));
  const order: Cited[] = [];
  for (let rest = cited; rest.length > 0; rest = rest.filter((one) => !order.includes(one))) {
    const near = rest.filter(({ by }) => reached.has(by));
    order.push(...(near.length === 0 ? rest : near));
    for (const { need } of near) reached.add(need.id);
  }
  return order;
}
