import { type Family, type ProcessStat, readFamily, readStat } from './processes.ts';

/** Those that make new ones while they are being ended are given up on after so many rounds. */
const ROUNDS = 50;

/**
 * Ends what a program without a namespace of its own left behind: those below it, those that were seen there, and those
 * that hold its mark. One that left at once and cleared its environment escapes; only a sandbox holds that.
 */
export function endLeftovers(family: Family, seen: Iterable<ProcessStat>): void {
  if (process.platform !== 'linux') return;
  let left: readonly ProcessStat[] = [...seen];
  for (let round = 0; round < ROUNDS; round++) {
    left = [...left, ...readFamily(family)].filter((one) => one.pid !== family.first.pid && isThere(one));
    if (left.length === 0) return;
    // Whoever is stopped makes no new ones while the others are found.
    for (const { pid } of left) signal(pid, 'SIGSTOP');
    for (const { pid } of left) signal(pid, 'SIGKILL');
  }
}

/** A number may be another's by now. */
function isThere({ pid, started }: ProcessStat): boolean {
  return readStat(pid)?.started === started;
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone meanwhile.
  }
}
