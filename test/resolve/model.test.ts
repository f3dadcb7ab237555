import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate, Need, Resolution } from '../../src/resolve/candidate.ts';
import { SkillError } from '../../host/index.ts';
import { allAnswers, keepsRules } from './brute-force.ts';
import { solve } from './support.ts';

const IDS = ['x.a', 'x.b', 'x.c', 'x.d', 'x.e'];
const VIRTUAL = ['v', 'w'];
const VERSIONS = ['1.0.0', '1.1.0', '2.0.0', '2.1.0-rc.1'];
const RANGES = ['*', '^1', '^2', '>=1.1', '1.0.0', '>=2.1.0-rc.0', '<2', '^3'];

const need: fc.Arbitrary<Need> = fc.record({
  id: fc.constantFrom(...IDS, ...VIRTUAL),
  range: fc.constantFrom(...RANGES),
  optional: fc.constant(false),
  features: fc.subarray(['fast', 'blue'], { maxLength: 1 }),
});
const candidate: fc.Arbitrary<Candidate> = fc.record({
  id: fc.constantFrom(...IDS),
  version: fc.constantFrom(...VERSIONS),
  dependencies: fc.uniqueArray(need, { maxLength: 3, selector: ({ id }) => id }),
  features: fc.subarray(['fast', 'blue']).map((some) => new Map(some.map((name) => [name, name === 'blue']))),
  provides: fc
    .subarray(VIRTUAL, { maxLength: 1 })
    .chain((some) => fc.constantFrom(...VERSIONS).map((version) => new Map(some.map((name) => [name, version])))),
});
const graph = fc
  .record({
    known: fc.uniqueArray(candidate, {
      minLength: 6,
      maxLength: 20,
      selector: ({ id, version }) => `${id}@${version}`,
    }),
    count: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ known, count }) => {
    const ids = [...new Set(known.map(({ id }) => id))].slice(0, count);
    const roots = ids.flatMap((id) => known.find((one) => one.id === id) ?? []);
    return { known: known.filter(({ id }) => !ids.includes(id)), roots };
  });

const preferences = fc.dictionary(fc.constantFrom(...IDS), fc.constantFrom(...VERSIONS), { maxKeys: 3 });

interface Graph {
  readonly known: readonly Candidate[];
  readonly roots: readonly Candidate[];
}

type Answer =
  | { readonly found: Resolution; readonly error?: never }
  | { readonly found?: never; readonly error: SkillError };

async function answer({ roots, known }: Graph, prefer: Readonly<Record<string, string>> = {}): Promise<Answer> {
  try {
    return { found: await solve(roots, known, prefer) };
  } catch (error) {
    if (error instanceof SkillError) return { error };
    throw error;
  }
}

/** Without what no root can lead to: nobody tells the resolver of it. */
function reachable({ roots, known }: Graph): Graph {
  const ids = new Set(roots.flatMap(({ dependencies }) => dependencies.map(({ id }) => id)));
  const seen = new Set<Candidate>();
  for (const id of ids) {
    for (const one of known) {
      if (one.id !== id && !one.provides.has(id)) continue;
      ids.add(one.id);
      if (seen.has(one)) continue;
      seen.add(one);
      for (const next of one.dependencies) ids.add(next.id);
    }
  }
  return { roots, known: [...seen] };
}

const selectionOf = (found: Resolution): Map<string, Candidate> =>
  new Map([...found].map(([id, chosen]) => [id, chosen.candidate]));

const strip = (found: Resolution): unknown =>
  [...found].map(
    ([
      id,
      {
        candidate: { version },
        dependencies,
        features,
      },
    ]) => [id, version, dependencies, features],
  );

describe('beside a search that tries everything', () => {
  it('finds an answer exactly when there is one, and one that keeps the rules [R-RESOLVE-1]', async () => {
    let solvable = 0;
    await fc.assert(
      fc.asyncProperty(graph, preferences, async (given, prefer) => {
        const { roots, known } = reachable(given);
        const { found, error } = await answer(given, prefer);
        const [any] = allAnswers(roots, known, prefer);
        expect(found !== undefined, error?.message).toBe(any !== undefined);
        if (found === undefined) return;
        solvable++;
        const ids = new Set(roots.map(({ id }) => id));
        expect(keepsRules(selectionOf(found), ids, [...roots, ...known], prefer)).toBe(true);
      }),
      { numRuns: 1_500 },
    );
    expect(solvable).toBeGreaterThan(100);
  });

  it('takes no version where another that comes first would do as well [R-RESOLVE-1, R-RESOLVE-2]', async () => {
    await fc.assert(
      fc.asyncProperty(graph, preferences, async (given, prefer) => {
        const { found } = await answer(given, prefer);
        if (found === undefined) return;
        const { roots, known } = reachable(given);
        const ids = new Set(roots.map(({ id }) => id));
        for (const other of known) {
          const chosen = found.get(other.id)?.candidate.version;
          if (chosen === undefined || ids.has(other.id) || chosen === prefer[other.id]) continue;
          const isBetter =
            other.version === prefer[other.id] || VERSIONS.indexOf(other.version) > VERSIONS.indexOf(chosen);
          const swapped = new Map([...selectionOf(found), [other.id, other] as const]);
          if (isBetter) expect(keepsRules(swapped, ids, [...roots, ...known], prefer)).toBe(false);
        }
      }),
      { numRuns: 800 },
    );
  });

  it('answers the same in whatever order it is told [R-RESOLVE-3]', async () => {
    await fc.assert(
      fc.asyncProperty(graph, fc.infiniteStream(fc.nat()), async ({ roots, known }, order) => {
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((one) => [order.next().value as number, one] as const)
            .toSorted(([a], [b]) => a - b)
            .map(([, one]) => one);
        const mixed = (list: readonly Candidate[]): Candidate[] =>
          shuffle(list).map((one) => ({ ...one, dependencies: shuffle(one.dependencies) }));
        const [one, other] = [
          await answer({ roots, known }),
          await answer({ roots: mixed(roots), known: mixed(known) }),
        ];
        expect(other.error?.message).toBe(one.error?.message);
        expect(other.found && strip(other.found)).toEqual(one.found && strip(one.found));
      }),
      { numRuns: 300 },
    );
  });

  it('cites in a conflict only needs without any one of which there is an answer [R-RESOLVE-4]', async () => {
    await fc.assert(
      fc.asyncProperty(graph, async (given) => {
        const { error } = await answer(given);
        if (error === undefined) return;
        const chain = error.details?.['chain'] as readonly {
          by: string;
          id: string;
          range: string;
          features: string[];
        }[];
        const { roots, known } = reachable(given);
        const isCited = (by: string, { id, range, features }: Need): boolean =>
          chain.some(
            (one) => one.by === by && one.id === id && one.range === range && isDeepStrictEqual(one.features, features),
          );
        const only = (drop?: (typeof chain)[number]) => (one: Candidate) => ({
          ...one,
          dependencies: one.dependencies.filter(
            (asked) =>
              isCited(one.id, asked) &&
              !(
                drop?.by === one.id &&
                drop.id === asked.id &&
                drop.range === asked.range &&
                isDeepStrictEqual(drop.features, asked.features)
              ),
          ),
        });
        const isSolvable = (drop?: (typeof chain)[number]): boolean =>
          [...allAnswers(roots.map(only(drop)), known.map(only(drop)))].length > 0;
        expect(isSolvable()).toBe(false);
        for (const cited of chain) expect(isSolvable(cited), JSON.stringify(cited)).toBe(true);
      }),
      { numRuns: 250 },
    );
  });
});
