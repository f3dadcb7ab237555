import type { Prompt } from './prompt.ts';
import { rarityOf } from './rarity.ts';
import type { IndexView } from './view.ts';

/** A word of the prompt that the index knows. */
export interface QueryTerm {
  readonly term: number;
  readonly stem: string;
  readonly surface: string;
  readonly rarity: number;
}

/** A prompt in the numbers of an index. */
export interface Query {
  /** For each token its term, or undefined where the index does not know it. */
  readonly sequence: readonly (number | undefined)[];
  /** For each place in the sequence, how much the word there says. */
  readonly rarities: readonly number[];
  readonly terms: readonly QueryTerm[];
  /** What each of the terms says. */
  readonly rarityOf: ReadonlyMap<number, number>;
  /** What the informative words say together, those included that the index does not know. */
  readonly mass: number;
  readonly informative: number;
}

export function resolvePrompt(view: IndexView, prompt: Prompt): Query {
  const known = new Map<string, { readonly term: number | undefined; readonly rarity: number }>();
  for (const { stem } of prompt.tokens) {
    if (known.has(stem)) continue;
    const term = view.terms.find(stem);
    const { offsets } = view.inverted;
    const holders = term === undefined ? 0 : (offsets[term + 1] ?? 0) - (offsets[term] ?? 0);
    known.set(stem, { term, rarity: rarityOf(stem, holders, view.count) });
  }
  const terms: QueryTerm[] = [];
  let mass = 0;
  for (const [stem, surface] of prompt.informative) {
    const { term, rarity } = known.get(stem) ?? { term: undefined, rarity: 0 };
    mass += rarity;
    if (term !== undefined) terms.push({ term, stem, surface, rarity });
  }
  return {
    sequence: prompt.tokens.map(({ stem }) => known.get(stem)?.term),
    rarities: prompt.tokens.map(({ stem }) => known.get(stem)?.rarity ?? 0),
    terms,
    rarityOf: new Map(terms.map(({ term, rarity }) => [term, rarity])),
    mass,
    informative: prompt.informative.size,
  };
}
