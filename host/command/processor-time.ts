import { type ProcessStat, readServedPart } from './processes.ts';

/** How far what was counted may be ahead of what was seen, in milliseconds: a look meets a short process by chance. */
const MOST_AHEAD_MS = 500;

/**
 * The processor time of a family that changes from look to look. It never falls. Of a child that ended between two looks
 * the kernel tells only whoever waited for it; where nobody did, the time of such children is guessed from those that are
 * met at work, as of all that come and go so many are met as there is time that they take.
 */
export class ProcessorTime {
  #before = new Map<string, ProcessStat>();
  /** Of those that are gone and not yet waited for: what they had when last seen. */
  #goneMs = 0;
  /** What short processes were seen to take, less what was counted for them. */
  #unseenMs = 0;

  /** @returns milliseconds of a processor since the last look, which was `elapsed` milliseconds ago */
  add(tree: readonly ProcessStat[], elapsed: number): number {
    const now = new Map(tree.map((one) => [`${one.pid}:${one.started}`, one]));
    let stayedMs = 0;
    let waitedMs = 0;
    let cameMs = 0;
    let metMs = 0;
    for (const [key, one] of now) {
      const before = this.#before.get(key);
      if (before === undefined) {
        cameMs += one.ownMs + one.childrenMs;
        if (one.isRunning) metMs += elapsed * readServedPart(one.pid);
      } else {
        stayedMs += one.ownMs - before.ownMs;
        waitedMs += one.childrenMs - before.childrenMs;
      }
    }
    for (const [key, one] of this.#before) if (!now.has(key)) this.#goneMs += one.ownMs + one.childrenMs;
    this.#before = now;
    const knownMs = Math.min(this.#goneMs, waitedMs);
    this.#goneMs -= knownMs;
    const shortMs = cameMs + waitedMs - knownMs;
    this.#unseenMs = Math.max(this.#unseenMs + metMs - shortMs, -MOST_AHEAD_MS);
    const guessedMs = Math.max(this.#unseenMs, 0);
    this.#unseenMs -= guessedMs;
    return stayedMs + shortMs + guessedMs;
  }
}
