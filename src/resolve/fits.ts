import semver from 'semver';
import type { Candidate, Need } from './candidate.ts';

const LONGEST_RANGE = 256;

/** Whether a candidate is what a need asks for. Each range is read once. */
export class Fits {
  readonly #ranges = new Map<string, semver.Range | undefined>();

  /** By its own name, with all features that are asked for. */
  asItself(candidate: Candidate, need: Need): boolean {
    return this.inRange(candidate.version, need) && hasFeatures(candidate, need);
  }

  /** By the name of something it provides. */
  asProvider(candidate: Candidate, need: Need): boolean {
    const version = candidate.provides.get(need.id);
    return version !== undefined && this.inRange(version, need) && hasFeatures(candidate, need);
  }

  /** A pre-release is in a range only when the range names one of the same version. */
  inRange(version: string, { range }: Need): boolean {
    return this.#read(range)?.test(version) ?? false;
  }

  #read(range: string): semver.Range | undefined {
    if (!this.#ranges.has(range)) this.#ranges.set(range, readRange(range));
    return this.#ranges.get(range);
  }
}

function hasFeatures({ features }: Candidate, need: Need): boolean {
  return need.features.every((name) => features.has(name));
}

function readRange(range: string): semver.Range | undefined {
  if (range.length > LONGEST_RANGE || semver.validRange(range) === null) return undefined;
  return new semver.Range(range);
}
