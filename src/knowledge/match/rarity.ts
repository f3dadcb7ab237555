import { COMMON_WORDS, STOP_WORDS } from './common-words.ts';

/** A small catalogue is weighed as if it stood among so many skills; that of the measurements had 343. */
const LEAST = 300;
/** The share of skills that a common word is taken to stand in, of those that are not there. */
const COMMON_SHARE = 0.3;
/** The rarity of a word that stands nowhere. Larger catalogues are scaled to it, so that scores mean the same. */
const RAREST = 6.5;

/** How much a stem says that stands in `holders` of `count` documents: from 0 to 6.5. */
export function rarityOf(stem: string, holders: number, count: number): number {
  if (STOP_WORDS.has(stem)) return 0;
  const size = Math.max(count, LEAST);
  const absent = COMMON_WORDS.has(stem) ? COMMON_SHARE * (size - count) : 0;
  const standing = Math.min(size, holders + absent);
  return (RAREST * rarity(size, standing)) / rarity(size, 0);
}

function rarity(size: number, holders: number): number {
  return Math.log(1 + (size - holders + 0.5) / (holders + 0.5));
}
