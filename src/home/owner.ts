import { readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same number. */
export interface Owner {
  readonly pid: number;
  /** When it started, in the kernel's ticks; empty where the kernel does not tell. */
  readonly started: string;
}

const START_TIME = 19;

export function thisProcess(): Owner {
  return { pid: process.pid, started: statOf(process.pid)[1] };
}

/** Who wrote a part of a journal, as it says; undefined when it does not. */
export function readOwner(entry: object): Owner | undefined {
  const { pid, started } = entry as Partial<Record<keyof Owner, unknown>>;
  const isOne = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 && typeof started === 'string';
  return isOne ? { pid, started } : undefined;
}

/** Whether the process is still there. One that cannot be told apart from a later one counts as alive. */
export function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' && isSame(pid, started);
  }
  return isSame(pid, started);
}

function isSame(pid: number, started: string): boolean {
  const [state, now] = statOf(pid);
  // It has ended, and nobody has waited for it: in a container, often nobody ever does.
  if (state === 'Z' || state === 'X') return false;
  return started === '' || now === '' || now === started;
}

/** State and start, by /proc/PID/stat, of which the name in parentheses may hold anything. */
function statOf(pid: number): readonly [state: string, started: string] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [fields[0] ?? '', fields[START_TIME] ?? ''];
  } catch {
    return ['', ''];
  }
}
