import { trap } from '../../component/trap.ts';

/** What the host keeps for a guest, in bytes: outside of the guest's own memory, and so outside of its limit. */
export class Budget {
  readonly #most: number;
  readonly #what: string;
  #taken = 0;

  constructor(most: number, what: string) {
    this.#most = most;
    this.#what = what;
  }

  /** Traps beyond the most. */
  take(bytes: number): void {
    if (this.#taken + bytes > this.#most) trap(`more than ${this.#most} bytes of ${this.#what}`);
    this.#taken += bytes;
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes;
  }
}
