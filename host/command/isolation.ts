import { findBubblewrap } from './bubblewrap.ts';
import { findLandlock } from './landlock/find-landlock.ts';

/** How a program is closed in by the operating system: what its record says. */
export type Isolation = 'bubblewrap' | 'landlock' | 'none';

/** How programs are closed in on this machine. The first call tries it, which takes some milliseconds. */
export function isolationHere(): Isolation {
  if (findBubblewrap() !== undefined) return 'bubblewrap';
  return findLandlock() === undefined ? 'none' : 'landlock';
}
