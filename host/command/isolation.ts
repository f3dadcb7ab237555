/** How a program is closed in by the operating system: what its record says. */
export type Isolation = 'bubblewrap' | 'none';

/** How programs are closed in on this machine. */
export function isolationHere(): Isolation {
  return 'none';
}
