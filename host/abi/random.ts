import { createHash, getRandomValues } from 'node:crypto';
import type { GuestContext } from './context.ts';

type Random = GuestContext['random'];

/** Random bytes of one call: unforeseeable, or with a seed the same in every run, in the order they are asked for. */
export function openRandom(seed: number | null): Random {
  return seed === null ? (bytes) => void getRandomValues(bytes) : seeded(seed);
}

/** Block after block, each the SHA-256 of the seed and its number. Nothing to keep a secret with: whoever knows the seed knows all. */
function seeded(seed: number): Random {
  let block = new Uint8Array();
  let next = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.length;) {
      if (block.length === 0) block = createHash('sha256').update(`skillhost ${seed} ${next++}`).digest();
      const part = block.subarray(0, bytes.length - at);
      bytes.set(part, at);
      block = block.subarray(part.length);
      at += part.length;
    }
  };
}
