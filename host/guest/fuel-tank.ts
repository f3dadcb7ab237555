/**
 * How often the metered code of a guest comes back to us, in instructions. Some loops never look whether their thread was
 * told to end; a call out of them does. At a few milliseconds each, the calls cost nothing.
 */
const SLICE = 10_000_000n;

/** The fuel of one guest: what its modules count down, and where more comes from until the limit is reached. */
export class FuelTank {
  readonly #left = new WebAssembly.Global({ value: 'i64', mutable: true }, 0n);
  #limit = 0n;
  #reserve = 0n;

  /** What `meterModule` adds to the imports of a module. */
  readonly imports: Readonly<Record<string, unknown>> = { fuel: this.#left, empty: () => this.#refill() };

  /** Begins a call that may use `limit` instructions. */
  fill(limit: number): void {
    this.#limit = this.#reserve = BigInt(limit);
    this.#left.value = 0n;
    this.#refill();
  }

  /** Instructions of the call so far. */
  get used(): number {
    return Number(this.isEmpty ? this.#limit : this.#limit - this.#reserve - this.#left.value);
  }

  /** The call wanted more than its limit. */
  get isEmpty(): boolean {
    return this.#reserve === 0n && this.#left.value < 0n;
  }

  #refill(): void {
    const missing = this.#left.value < 0n ? -this.#left.value : 0n;
    const wanted = missing + SLICE;
    const given = wanted < this.#reserve ? wanted : this.#reserve;
    this.#reserve -= given;
    this.#left.value = this.#left.value + given;
  }
}
