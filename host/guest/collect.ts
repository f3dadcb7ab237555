const MIB = 2 ** 20;

/** What instances that are gone may hold before they are collected. */
const ROOM_BYTES = 64 * MIB;

const atStart = process.memoryUsage.rss();
let last = atStart;
let grown = 0;

/**
 * Frees the memories of instances that are gone, once they hold much. From V8 14 on the engine does not know how large they
 * are, and lets gigabytes pile up.
 */
export function collectMemories(): void {
  // The most there ever was is had for nothing; what there is now is not.
  if (process.resourceUsage().maxRSS * 1_024 < atStart + ROOM_BYTES) return;
  const now = process.memoryUsage.rss();
  // Of the whole process: growth of the thread beside it may cost this one a collection too many.
  grown += Math.max(0, now - last);
  last = now;
  if (grown < ROOM_BYTES) return;
  globalThis.gc?.();
  grown = 0;
  last = process.memoryUsage.rss();
}
