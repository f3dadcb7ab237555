import type { Candidate } from '../resolve/candidate.ts';

/** A version of a skill that can be had. */
export interface Offer extends Candidate {
  /** A request for exactly this, in the syntax of its source. */
  readonly source: string;
}

/** Where skills are found that nobody named a place for. */
export interface Offers {
  /** The versions of a skill, or of those that provide something of this name. @throws SkillError E_NETWORK, E_TIMEOUT */
  candidates(id: string): Promise<readonly Offer[]>;
}

/** Without a registry. */
export const NO_OFFERS: Offers = { candidates: () => Promise.resolve([]) };
