import { findBubblewrap } from './bubblewrap.ts';

/** How a program is closed in by the operating system: what its record says. */
export type Isolation = 'bubblewrap' | 'none';

/** How programs are closed in on this machine. The first call tries it, which takes some milliseconds. */
export function isolationHere(): Isolation {
  return findBubblewrap() === undefined ? 'none' : 'bubblewrap';
}
