import { readManner } from './manner.ts';
import type { Prompt } from './prompt.ts';
import type { Query } from './query.ts';
import type { Ranking } from './rank.ts';
import { countInBody } from './record.ts';
import { type IndexView, lengthsOf } from './view.ts';
import { toNorms, weighBody } from './weigh.ts';

/** What speaks for and against that the best skill is meant at all, in the order of the weights. */
export const EVIDENCE = [
  'strength',
  'density',
  'margin',
  'rival',
  'crowd',
  'coverage',
  'name',
  'length',
  'body',
  'run',
  'excluded',
  'rejection',
  'details',
  'hasDetails',
  'own',
  'asks',
  'orders',
  'chars',
] as const;

/** Measures the evidence for the best of the ranked skills; undefined when there is none. */
export function gatherEvidence(
  view: IndexView,
  prompt: Prompt,
  query: Query,
  { ranked, rejected }: Ranking,
): number[] | undefined {
  const [best, second] = ranked;
  if (best === undefined) return undefined;
  const rival = second?.strength ?? 0;
  const manner = readManner(prompt.text);
  const measured: Record<(typeof EVIDENCE)[number], number> = {
    strength: Math.log1p(best.strength),
    density: best.strength / Math.sqrt(query.mass + 5),
    margin: (best.strength - rival) / 10,
    rival: rival / (best.strength + 1),
    crowd: Math.log(ranked.filter(({ strength }) => strength > 0.8 * best.strength).length),
    coverage: best.covered / Math.max(query.mass, 1),
    name: best.nameShare,
    length: Math.log1p(query.informative),
    body: Math.log1p(weighBodyOf(view, best.document, query)),
    run: best.runs.longest / Math.max(query.mass, 1),
    excluded: Math.log1p(best.excludedRun),
    rejection: rejected.length > 0 ? 1 : 0,
    details: Math.log1p(manner.details),
    hasDetails: manner.details > 0 ? 1 : 0,
    own: manner.isOwn ? 1 : 0,
    asks: manner.asks ? 1 : 0,
    orders: manner.orders ? 1 : 0,
    chars: Math.log1p(prompt.text.length),
  };
  return EVIDENCE.map((name) => measured[name]);
}

function weighBodyOf(view: IndexView, document: number, query: Query): number {
  const { offsets, terms, counts } = view.forward;
  const norm = toNorms(lengthsOf(view, document), view.mean).body;
  let sum = 0;
  for (let at = offsets[document] ?? 0; at < (offsets[document + 1] ?? 0); at++) {
    const rarity = query.rarityOf.get(terms[at] ?? -1);
    if (rarity !== undefined) sum += rarity * weighBody(countInBody(counts[at] ?? 0), norm);
  }
  return sum;
}
