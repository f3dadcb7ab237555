import type { GuestClock } from './context.ts';

const MS = 1_000_000n;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** The clock of one call: the real one, or one that begins at `startMs` (since 1970) and is the same in every run. */
export function openClock(startMs: number | null): GuestClock {
  return startMs === null ? REAL : new FixedClock(startMs);
}

const REAL: GuestClock = {
  wall: () => Date.now(),
  monotonic: () => (process.hrtime.bigint() / MS) * MS,
  sleepUntil(until) {
    for (;;) {
      const left = Number(until - process.hrtime.bigint()) / 1e6;
      if (left <= 0) return;
      Atomics.wait(sleeper, 0, 0, Math.min(left, 2 ** 30));
    }
  },
};

/** One reading takes this long, so that a guest that waits by reading the clock comes to an end. */
const TICK = MS;
// Some language runtimes take a monotonic clock of 0 for one that does not work.
const FIRST = 1_000n * MS;
/** Later than this it never is: both clocks stay numbers of 64 bits, in nanoseconds. */
const LAST = 2n ** 63n - 1n;

/**
 * Time that only the guest moves: each reading takes a millisecond, and a sleep is over at once, at the moment it was to
 * end. A sleep without an end is one here too.
 */
class FixedClock implements GuestClock {
  readonly #start: number;
  #now = FIRST;

  constructor(startMs: number) {
    this.#start = startMs;
  }

  wall(): number {
    return this.#start + Number((this.#read() - FIRST) / MS);
  }

  monotonic(): bigint {
    return (this.#read() / MS) * MS;
  }

  sleepUntil(until: bigint): void {
    if (until > LAST) Atomics.wait(sleeper, 0, 0);
    if (until > this.#now) this.#now = until;
  }

  #read(): bigint {
    const now = this.#now;
    if (now < LAST - TICK) this.#now += TICK;
    return now;
  }
}
