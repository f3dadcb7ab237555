import { readdirSync, readFileSync } from 'node:fs';

/** The processes that a process started and that still run. Linux only. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    .filter((text) => text.trim() !== '')
    .map(Number);
}

/** How much of the processor each thread of a process has used, in ticks; nothing when the process is gone. */
export function ticksOf(pid: number): ReadonlyMap<string, number> {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return new Map(threads.map((thread) => [thread, readTicks(`/proc/${pid}/task/${thread}/stat`)]));
  } catch {
    return new Map();
  }
}

/** The thread that used most between two looks at a process. */
export function busiest(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string | undefined {
  const used = [...after].map(([thread, ticks]) => [thread, ticks - (before.get(thread) ?? 0)] as const);
  const [most] = used.toSorted(([, a], [, b]) => b - a);
  return most !== undefined && most[1] > 0 ? most[0] : undefined;
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

function readTicks(stat: string): number {
  // The name of a thread stands in parentheses and may hold anything, spaces too.
  const fields = readFileSync(stat, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]);
}
