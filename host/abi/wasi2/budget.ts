import { type FixedName, keepWithin } from '../../limits.ts';

/** What the host keeps for a guest, in bytes: outside of the guest's own memory, and so outside of its limit. */
export class Budget {
  readonly #limit: FixedName;
  #taken = 0;

  constructor(limit: FixedName) {
    this.#limit = limit;
  }

  /** @throws LimitReached beyond the limit. */
  take(bytes: number): void {
    keepWithin(this.#limit, this.#taken + bytes);
    this.#taken += bytes;
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes;
  }
}
