import { makeReadOnly, mountNew } from './mounts.ts';

/**
 * Puts a view of the processes that belong to the program over that of this machine. Some containers hide parts of theirs,
 * and the kernel then makes no other. What is there stays unreadable, though its numbers can be asked for one by one, unless
 * all of this machine is granted: then nothing takes its place.
 * @returns whether it may be read
 */
export function replaceProcesses({ seesAll }: { readonly seesAll: boolean }): boolean {
  try {
    mountNew('proc', '/proc');
  } catch {
    if (!seesAll) return false;
    mountNew('tmpfs', '/proc');
  }
  makeReadOnly('/proc');
  return true;
}
