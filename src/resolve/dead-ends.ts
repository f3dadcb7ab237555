import type { Candidate } from './candidate.ts';

/** Of one candidate, and of choices in one: past these a dead end is found again rather than remembered. */
const MOST = 50;
const LONGEST = 8;

interface DeadEnd {
  readonly together: readonly Candidate[];
  readonly culprits: ReadonlySet<string>;
}

/** Choices that were seen to lead nowhere together. */
export class DeadEnds {
  readonly #of = new Map<Candidate, DeadEnd[]>();

  add(together: readonly Candidate[], culprits: ReadonlySet<string>): void {
    if (together.length > LONGEST) return;
    const deadEnd = { together, culprits: new Set(culprits) };
    for (const candidate of together) {
      const known = this.#of.get(candidate) ?? [];
      if (known.length < MOST) this.#of.set(candidate, [...known, deadEnd]);
    }
  }

  /** The ids beside which a candidate was seen to lead nowhere. */
  find(candidate: Candidate, chosen: ReadonlyMap<string, Candidate>): readonly string[] | undefined {
    const known = this.#of
      .get(candidate)
      ?.find(({ together }) => together.every((one) => one === candidate || chosen.get(one.id) === one));
    return known && [...known.culprits].filter((id) => id !== candidate.id);
  }
}
