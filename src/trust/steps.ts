/** One check, in plain words. */
export interface TrustStep {
  /** `noted` passed nothing and refused nothing. */
  readonly result: 'passed' | 'noted' | 'refused';
  readonly says: string;
}

/** What was checked so far. */
export class Steps {
  readonly #list: TrustStep[] = [];

  get list(): readonly TrustStep[] {
    return this.#list;
  }

  pass(says: string): void {
    this.#list.push({ result: 'passed', says });
  }

  note(says: string): void {
    this.#list.push({ result: 'noted', says });
  }

  refuse(says: string): void {
    this.#list.push({ result: 'refused', says });
  }
}
