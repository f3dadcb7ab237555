import { byText, type Candidate, keyOf, type Need } from './candidate.ts';
import { providersOf, type Universe } from './universe.ts';

/** Rules that a search can be made without, to learn which of them stood in the way. */
export interface Relaxed {
  readonly cycles?: boolean;
  readonly features?: boolean;
  readonly ambiguity?: boolean;
  /** Needs, by their keys, that do not count. */
  readonly ignored?: ReadonlySet<string>;
}

/** A need with the id that has to meet it. */
export interface Link {
  readonly key: string;
  readonly by: Candidate;
  readonly need: Need;
  readonly target: string;
  readonly fits: (candidate: Candidate) => boolean;
}

/** A need that several may meet: one of them has to be there for another reason. */
export interface OpenLink {
  readonly key: string;
  readonly by: Candidate;
  readonly need: Need;
  readonly providers: readonly string[];
}

export interface Links {
  readonly firm: readonly Link[];
  readonly open: readonly OpenLink[];
}

/** What the needs of candidates lead to. Each candidate is looked at once. */
export class Linker {
  readonly #universe: Universe;
  readonly #relaxed: Relaxed;
  readonly #links = new Map<Candidate, Links>();

  constructor(universe: Universe, relaxed: Relaxed) {
    this.#universe = universe;
    this.#relaxed = relaxed;
  }

  of(by: Candidate): Links {
    const known = this.#links.get(by);
    if (known !== undefined) return known;
    const links = this.#link(by);
    this.#links.set(by, links);
    return links;
  }

  #link(by: Candidate): Links {
    const firm: Link[] = [];
    const open: OpenLink[] = [];
    for (const need of by.dependencies.toSorted((a, b) => byText(a.id, b.id))) {
      const key = keyOf(by.id, need);
      if (need.optional || this.#relaxed.ignored?.has(key) === true) continue;
      const link = linkNeed(this.#universe, by, need, this.#relaxed);
      if (link === undefined) continue;
      if ('providers' in link) open.push(link);
      else firm.push(link);
    }
    return { firm, open };
  }
}

/** What a need leads to; undefined for one that its own skill meets. */
function linkNeed(universe: Universe, by: Candidate, asked: Need, relaxed: Relaxed = {}): Link | OpenLink | undefined {
  const { fits, possible } = universe;
  const key = keyOf(by.id, asked);
  const need = relaxed.features === true ? { ...asked, features: [] } : asked;
  if (possible.has(need.id))
    return { key, by, need: asked, target: need.id, fits: (candidate) => fits.asItself(candidate, need) };
  if (fits.asProvider(by, need)) return undefined;
  const providers = providersOf(universe, need);
  if (providers.length > 1) return { key, by, need: asked, providers };
  return { key, by, need: asked, target: providers[0] ?? need.id, fits: (one) => fits.asProvider(one, need) };
}
