import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes that a process started and that still run. Linux only. Read from each process: the kernel's own list of
 * children leaves some out while others end.
 */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    // The name of a process stands in parentheses and may hold anything, spaces too.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : Number(fields[1]);
  } catch {
    return undefined;
  }
}

/**
 * How long each thread of a process has run or waited to run, in nanoseconds: for a thread in an endless loop that goes on
 * like the clock, however many others want the processor. Nothing when the process is gone.
 */
export function busyTimes(pid: number): ReadonlyMap<string, number> {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return new Map(threads.map((thread) => [thread, readBusy(`/proc/${pid}/task/${thread}/schedstat`)]));
  } catch {
    return new Map();
  }
}

/** The thread that was busy longest between two looks at a process. */
export function busiest(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string | undefined {
  const busy = [...after].map(([thread, ns]) => [thread, ns - (before.get(thread) ?? 0)] as const);
  const [most] = busy.toSorted(([, a], [, b]) => b - a);
  return most?.[0];
}

/** Whether a thread still runs. */
export function isThere(pid: number, thread: string): boolean {
  try {
    readFileSync(`/proc/${pid}/task/${thread}/comm`);
    return true;
  } catch {
    return false;
  }
}

function readBusy(schedstat: string): number {
  const [ran = '', waited = ''] = readFileSync(schedstat, 'utf8').split(' ');
  return Number(ran) + Number(waited);
}
