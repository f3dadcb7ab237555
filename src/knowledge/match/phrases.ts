import type { Query } from './query.ts';
import { BREAK } from './record.ts';

/** What words of the prompt stand in a text in the order of the prompt. */
export interface Runs {
  /** How much all pairs of adjacent words say that stand in both. */
  readonly pairs: number;
  /** The same for three in a row. */
  readonly triples: number;
  /** How much the longest common run of two or more words says. */
  readonly longest: number;
}

/** For each term where it stands in the prompt. */
export type Places = ReadonlyMap<number, readonly number[]>;

export function placeTerms({ sequence }: Query): Places {
  const places = new Map<number, number[]>();
  for (const [at, term] of sequence.entries()) {
    if (term === undefined) continue;
    const known = places.get(term);
    if (known === undefined) places.set(term, [at]);
    else if (known.length < MAX_PLACES) known.push(at);
  }
  return places;
}

/** A word said more often is an attack on this loop, or an article. */
const MAX_PLACES = 8;

interface Run {
  /** Where in the prompt its last word stands. */
  readonly at: number;
  readonly length: number;
  readonly rarity: number;
}

const NO_RUNS: readonly Run[] = [];

/**
 * Compares a prompt with a part of a sequence. Every common run is followed from its first word on; pairs and triples
 * of words count once each, however often they stand there.
 */
export function findRuns(terms: Uint32Array, places: Places, { sequence, rarities }: Query): Runs {
  // Made when there is something to put in: most texts share words with a prompt, and no two in a row.
  let seen: Set<string> | undefined;
  let [pairs, triples, longest] = [0, 0, 0];
  let before = NO_RUNS;
  for (const term of terms) {
    const starts = term === BREAK ? undefined : places.get(term);
    if (starts === undefined) {
      before = NO_RUNS;
      continue;
    }
    const here: Run[] = [];
    for (const at of starts) {
      const run = endingAt(before, at - 1);
      const own = rarities[at] ?? 0;
      const rarity = (run?.rarity ?? 0) + own;
      const length = (run?.length ?? 0) + 1;
      here.push({ at, length, rarity });
      if (length < 2) continue;
      seen ??= new Set();
      longest = Math.max(longest, rarity);
      const pair = (rarities[at - 1] ?? 0) + own;
      if (isNew(seen, sequence.slice(at - 1, at + 1))) pairs += pair / 2;
      if (length > 2 && isNew(seen, sequence.slice(at - 2, at + 1))) triples += (pair + (rarities[at - 2] ?? 0)) / 3;
    }
    before = here;
  }
  return { pairs, triples, longest };
}

function endingAt(runs: readonly Run[], at: number): Run | undefined {
  for (const run of runs) if (run.at === at) return run;
  return undefined;
}

function isNew(seen: Set<string>, terms: readonly (number | undefined)[]): boolean {
  const size = seen.size;
  return seen.add(terms.join(' ')).size > size;
}
