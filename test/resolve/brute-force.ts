import semver from 'semver';
import type { Candidate, Need } from '../../src/resolve/candidate.ts';

export type Selection = ReadonlyMap<string, Candidate>;

/** Every selection that keeps the rules, by trying all of them. Knows nothing of how the resolver searches. */
export function* allAnswers(
  roots: readonly Candidate[],
  known: readonly Candidate[],
  prefer: Readonly<Record<string, string>> = {},
): Generator<Selection> {
  const fixed = new Set(roots.map(({ id }) => id));
  const free = known.filter(({ id }) => !fixed.has(id));
  const ids = [...new Set(free.map(({ id }) => id))];
  const everything = [...roots, ...free];
  const extend = function* (at: number, made: Selection): Generator<Selection> {
    const id = ids[at];
    if (id === undefined) {
      if (keepsRules(made, fixed, everything, prefer)) yield made;
      return;
    }
    yield* extend(at + 1, made);
    for (const one of free) if (one.id === id) yield* extend(at + 1, new Map([...made, [id, one]]));
  };
  yield* extend(0, new Map(roots.map((root) => [root.id, root])));
}

/** Whether each need is met, nothing is there without a reason, and nothing needs itself. */
export function keepsRules(
  made: Selection,
  roots: ReadonlySet<string>,
  everything: readonly Candidate[],
  prefer: Readonly<Record<string, string>> = {},
): boolean {
  const edges = new Map<string, string[]>([...made.keys()].map((id) => [id, []]));
  const later: [string, Need][] = [];
  for (const [id, one] of made) {
    for (const need of one.dependencies.filter(({ optional }) => !optional)) {
      if (everything.some((other) => other.id === need.id)) {
        if (!meets(made.get(need.id), need)) return false;
        edges.get(id)?.push(need.id);
        continue;
      }
      if (gives(one, need)) continue;
      const giving = everything.filter((other) => gives(other, need));
      const present = new Set(
        giving.filter((other) => roots.has(other.id) || prefer[other.id] === other.version).map((other) => other.id),
      );
      const able = present.size === 1 ? present : new Set(giving.map((other) => other.id));
      if (able.size > 1) later.push([id, need]);
      else {
        const [sole] = able;
        if (sole === undefined || !gives(made.get(sole), need)) return false;
        edges.get(id)?.push(sole);
      }
    }
  }
  if (reach([...roots], edges).size < made.size) return false;
  if ([...made.keys()].some((id) => reach(edges.get(id) ?? [], edges).has(id))) return false;
  for (const [id, need] of later.toSorted(([a, x], [b, y]) => (`${a} ${x.id}` < `${b} ${y.id}` ? -1 : 1))) {
    const able = [...made.values()].filter((other) => gives(other, need)).map((other) => other.id);
    const provider = able.toSorted().find((one) => !reach([one], edges).has(id));
    if (provider === undefined) return false;
    edges.get(id)?.push(provider);
  }
  return true;
}

function meets(one: Candidate | undefined, need: Need): boolean {
  return (
    one !== undefined && semver.satisfies(one.version, need.range) && need.features.every((f) => one.features.has(f))
  );
}

function gives(one: Candidate | undefined, need: Need): boolean {
  const version = one?.provides.get(need.id);
  return one !== undefined && version !== undefined && meets({ ...one, version }, need);
}

function reach(from: readonly string[], edges: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set(from);
  for (const id of seen) for (const next of edges.get(id) ?? []) seen.add(next);
  return seen;
}
