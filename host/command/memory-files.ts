import { readdirSync, readlinkSync, statSync } from 'node:fs';
import type { ProcessStat } from './processes.ts';

// cspell:words memfd
const BLOCK = 512;
const LOOK_MS = 200;
/** Of the time that passes, at most so much goes to looking. */
const MOST_SHARE = 1 / 20;
/** Descriptors looked at in one look; where there are more, others each time. */
const MOST_DESCRIPTORS = 8_192;

/** Memory that processes hold by descriptors alone: files without a name, which count for nobody while they are not mapped. */
export class MemoryFiles {
  #nextAt = 0;
  #bytes = 0;

  /** Bytes of all that a family holds open, as of a moment ago. */
  sizeOf(tree: readonly ProcessStat[]): number {
    const began = performance.now();
    if (began < this.#nextAt) return this.#bytes;
    this.#bytes = measure(pickSome(tree.flatMap(({ pid }) => descriptorsOf(pid))));
    const ended = performance.now();
    this.#nextAt = ended + Math.max(LOOK_MS, (ended - began) / MOST_SHARE);
    return this.#bytes;
  }
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => `/proc/${pid}/fd/${name}`);
  } catch {
    return [];
  }
}

/** All, or a run of them that begins anywhere. */
function pickSome(all: readonly string[]): readonly string[] {
  if (all.length <= MOST_DESCRIPTORS) return all;
  const from = Math.floor(Math.random() * all.length);
  return [...all.slice(from), ...all.slice(0, from)].slice(0, MOST_DESCRIPTORS);
}

function measure(descriptors: readonly string[]): number {
  const sizes = new Map<number, number>();
  for (const path of descriptors) {
    try {
      if (!readlinkSync(path).startsWith('/memfd:')) continue;
      const { ino, blocks } = statSync(path);
      sizes.set(ino, blocks * BLOCK);
    } catch {
      // Closed meanwhile.
    }
  }
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}
