/** The fuel of one guest: all its modules count down the same number. */
export class FuelTank {
  readonly #left = new WebAssembly.Global({ value: 'i64', mutable: true }, 0n);
  #limit = 0n;

  /** What `meterModule` adds to the imports of a module. A thread that was told to end does so when it calls out. */
  readonly imports: Readonly<Record<string, unknown>> = { fuel: this.#left, interrupt: () => undefined };

  /** Begins a call that may use `limit` instructions; what was used before it began is part of them. */
  begin(limit: number): void {
    const before = this.#limit - this.#left.value;
    this.#limit = BigInt(limit);
    this.#left.value = this.#limit - before;
  }

  /** Ends a call: the next one begins at nothing. */
  rest(): void {
    this.#limit = this.#left.value = 0n;
  }

  /** Instructions of the call so far, at most its limit. */
  get used(): number {
    return Number(this.isEmpty ? this.#limit : this.#limit - this.#left.value);
  }

  /** The call wanted more than its limit. */
  get isEmpty(): boolean {
    return this.#left.value < 0n;
  }
}
