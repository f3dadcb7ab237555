import type { Candidate } from './candidate.ts';
import { type Link, Linker, type OpenLink, type Relaxed } from './link.ts';
import { DeadEnds } from './dead-ends.ts';
import { settleOpen } from './settle.ts';
import { tooHard } from './too-hard.ts';
import type { Universe } from './universe.ts';

/** Looks at candidates and at what they need before a search is given up; a second or two. */
const BUDGET = 1_000_000;

export interface Found {
  readonly found: ReadonlyMap<string, Candidate>;
  /** Who meets the needs that several could. */
  readonly settled: ReadonlyMap<OpenLink, string>;
}

export type Outcome =
  | Found
  /** `blamed`: the keys of needs that together have no answer. */
  | { readonly found: undefined; readonly blamed: ReadonlySet<string> };

/**
 * Finds one version for each skill that is needed, or that there is none. Each need is met in the order it came up, best
 * version first; a dead end goes back to the latest choice it is due to, and is remembered.
 * @throws SkillError E_CONFLICT `too_hard` when the budget is used up
 */
export function search(universe: Universe, relaxed: Relaxed = {}, budget = BUDGET): Outcome {
  return new Search(universe, relaxed, budget).run();
}

/** The ids whose choices cannot stay together. */
type Culprits = Set<string>;

class Search {
  readonly #universe: Universe;
  readonly #relaxed: Relaxed;
  readonly #linker: Linker;
  readonly #chosen = new Map<string, Candidate>();
  /** What those that are chosen ask of an id, in the order of choices. */
  readonly #asked = new Map<string, Link[]>();
  readonly #deadEnds = new DeadEnds();
  readonly #blamed = new Set<string>();
  readonly #roots: ReadonlySet<string>;
  #settled: ReadonlyMap<OpenLink, string> = new Map();
  #left: number;

  constructor(universe: Universe, relaxed: Relaxed, budget: number) {
    this.#universe = universe;
    this.#relaxed = relaxed;
    this.#linker = new Linker(universe, relaxed);
    this.#roots = new Set(universe.roots.map(({ id }) => id));
    this.#left = budget;
  }

  run(): Outcome {
    for (const root of this.#universe.roots) {
      if (this.#judge(root) !== undefined) return { found: undefined, blamed: this.#blamed };
      this.#choose(root);
    }
    const culprits = this.#advance();
    if (culprits !== undefined) return { found: undefined, blamed: this.#blamed };
    return { found: this.#chosen, settled: this.#settled };
  }

  #advance(): Culprits | undefined {
    const id = [...this.#asked.keys()].find((one) => !this.#chosen.has(one));
    if (id === undefined) return this.#settle();
    const culprits = this.#whyAsked(id);
    for (const candidate of this.#universe.versions.get(id) ?? []) {
      const against = this.#judge(candidate) ?? this.#try(candidate);
      if (against === undefined) return undefined;
      if (against.jump !== undefined) return against.jump;
      for (const one of against.culprits) culprits.add(one);
    }
    this.#learn(culprits);
    return culprits;
  }

  /** Chooses a candidate and goes on; what fails without being due to it goes further back. */
  #try(candidate: Candidate): { readonly culprits: Iterable<string>; readonly jump?: Culprits } | undefined {
    const undo = this.#choose(candidate);
    const culprits = this.#advance();
    if (culprits === undefined) return undefined;
    undo();
    if (!culprits.delete(candidate.id)) return { culprits: [], jump: culprits };
    return { culprits };
  }

  #choose(candidate: Candidate): () => void {
    this.#chosen.set(candidate.id, candidate);
    const { firm } = this.#linker.of(candidate);
    for (const link of firm) this.#asked.set(link.target, [...(this.#asked.get(link.target) ?? []), link]);
    return () => {
      this.#chosen.delete(candidate.id);
      for (const { target } of firm.toReversed()) {
        const asked = (this.#asked.get(target) ?? []).slice(0, -1);
        if (asked.length === 0) this.#asked.delete(target);
        else this.#asked.set(target, asked);
      }
    };
  }

  /** Whom a candidate cannot stand beside; undefined when nothing is against it. */
  #judge(candidate: Candidate): { readonly culprits: Iterable<string>; readonly jump?: Culprits } | undefined {
    this.#spend();
    const refusing = this.#asked.get(candidate.id)?.find((link) => !link.fits(candidate));
    if (refusing !== undefined) return { culprits: [this.#blame(refusing)] };
    for (const link of this.#linker.of(candidate).firm) {
      const there = this.#chosen.get(link.target);
      if (there === undefined || link.fits(there)) continue;
      this.#blame(link);
      return { culprits: [link.target] };
    }
    const culprits = this.#closesCycle(candidate) ?? this.#deadEnds.find(candidate, this.#chosen);
    return culprits === undefined ? undefined : { culprits };
  }

  #closesCycle(candidate: Candidate): readonly string[] | undefined {
    if (this.#relaxed.cycles === true) return undefined;
    const seen = new Set<string>();
    const walk = (from: Candidate): readonly Link[] | undefined => {
      for (const link of this.#linker.of(from).firm) {
        this.#spend();
        if (link.target === candidate.id) return [link];
        const next = this.#chosen.get(link.target);
        if (next === undefined || seen.has(link.target)) continue;
        seen.add(link.target);
        const rest = walk(next);
        if (rest !== undefined) return [link, ...rest];
      }
      return undefined;
    };
    return walk(candidate)
      ?.map((link) => this.#blame(link))
      .filter((id) => id !== candidate.id);
  }

  /** All is chosen: is what several may provide provided? */
  #settle(): Culprits | undefined {
    const settled = settleOpen(this.#chosen, this.#linker, this.#relaxed, this.#universe.fits);
    if (!('unmet' in settled)) {
      this.#settled = settled.met;
      return undefined;
    }
    this.#blamed.add(settled.unmet.key);
    for (const candidate of this.#chosen.values()) {
      for (const { key } of [...this.#linker.of(candidate).firm, ...this.#linker.of(candidate).open])
        this.#blamed.add(key);
    }
    return new Set(this.#chosen.keys());
  }

  #whyAsked(id: string): Culprits {
    const first = this.#asked.get(id)?.[0];
    return new Set(first === undefined ? [] : [this.#blame(first)]);
  }

  #spend(): void {
    if (--this.#left < 0) throw tooHard('too many combinations were tried without an answer');
  }

  #blame({ key, by }: Link): string {
    this.#blamed.add(key);
    return by.id;
  }

  #learn(culprits: Culprits): void {
    const free = [...culprits].filter((id) => !this.#roots.has(id));
    this.#deadEnds.add(
      free.flatMap((id) => this.#chosen.get(id) ?? []),
      culprits,
    );
  }
}
