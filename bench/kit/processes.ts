import { readdirSync, readFileSync } from 'node:fs';

/** The processes that a process started and that still run. Linux only. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    .filter((text) => text.trim() !== '')
    .map(Number);
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
