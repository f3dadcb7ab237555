/** One version of a skill that may be chosen. */
export interface Candidate {
  readonly id: string;
  readonly version: string;
  readonly dependencies: readonly Need[];
  /** Each feature it has, and whether it is on when nobody asks for it. */
  readonly features: ReadonlyMap<string, boolean>;
  /** Virtual packages: name → version, as `providedBy` gives them. */
  readonly provides: ReadonlyMap<string, string>;
}

/** What a candidate needs: the skill of this id, or, when no skill has it, one that provides it. */
export interface Need {
  readonly id: string;
  /** A semver range. One that is none is met by nothing. */
  readonly range: string;
  readonly optional: boolean;
  readonly features: readonly string[];
}

/** A candidate with its place among the others. */
export interface Chosen {
  readonly candidate: Candidate;
  /** As `id@version`, in order. */
  readonly dependencies: readonly string[];
  /** What is on, in order. */
  readonly features: readonly string[];
}

/** By id, in order. */
export type Resolution = ReadonlyMap<string, Chosen>;

/**
 * Of what a skill says that it provides, what it may: a name that has the form of an id only in its own namespace. Otherwise
 * anybody could stand in for a skill that is not there, or not there yet.
 */
export function providedBy(id: string, provides: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const namespace = id.split('.', 1)[0];
  return new Map([...provides].filter(([name]) => !name.includes('.') || name.split('.', 1)[0] === namespace));
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The same need is the same text, whichever version has it. */
export function keyOf(by: string, { id, range, features }: Need): string {
  return JSON.stringify([by, id, range, features.toSorted()]);
}
