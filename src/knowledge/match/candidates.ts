import { IMPACT_ONE } from './encode.ts';
import type { Query } from './query.ts';
import type { IndexView } from './view.ts';

/** A document that shares words with the prompt. */
export interface Candidate {
  readonly document: number;
  /** What the shared words weigh. */
  readonly weight: number;
  /** The rarity of the shared words. */
  readonly covered: number;
}

/** So many go on to be looked at closely; the right one is hardly ever further down. */
const CANDIDATES = 64;

/** Sums over documents, kept from one prompt to the next and emptied by who filled them. */
export class Scratch {
  readonly weights: Float64Array;
  readonly covered: Float64Array;
  readonly touched: Uint32Array;

  constructor(count: number) {
    this.weights = new Float64Array(count);
    this.covered = new Float64Array(count);
    this.touched = new Uint32Array(count);
  }
}

/** The documents that share most with the prompt, best first. */
export function findCandidates(
  view: IndexView,
  query: Query,
  scratch: Scratch,
  allows: (document: number) => boolean,
): Candidate[] {
  const touched = addUp(view, query, scratch);
  const best: Candidate[] = [];
  let least = 0;
  for (const document of touched) {
    const weight = scratch.weights[document] ?? 0;
    const covered = scratch.covered[document] ?? 0;
    scratch.weights[document] = 0;
    scratch.covered[document] = 0;
    if ((best.length >= CANDIDATES * 2 && weight <= least) || !allows(document)) continue;
    best.push({ document, weight, covered });
    if (best.length < CANDIDATES * 4) continue;
    keepBest(best);
    least = best.at(-1)?.weight ?? 0;
  }
  keepBest(best);
  return best;
}

function addUp({ count, inverted }: IndexView, { terms }: Query, { weights, covered, touched }: Scratch): Uint32Array {
  let size = 0;
  for (const { term, rarity } of terms) {
    const to = inverted.offsets[term + 1] ?? 0;
    for (let at = inverted.offsets[term] ?? 0; at < to; at++) {
      const document = inverted.holders[at] ?? count;
      const impact = inverted.impacts[at] ?? 0;
      if (document >= count || impact === 0) continue;
      const before = weights[document] ?? 0;
      if (before === 0) touched[size++] = document;
      weights[document] = before + (rarity * impact) / IMPACT_ONE;
      covered[document] = (covered[document] ?? 0) + rarity;
    }
  }
  return touched.subarray(0, size);
}

function keepBest(candidates: Candidate[]): void {
  candidates.sort((a, b) => b.weight - a.weight || a.document - b.document);
  candidates.length = Math.min(candidates.length, CANDIDATES);
}
