import { readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same number. */
export interface Owner {
  readonly pid: number;
  /** When it started, in the kernel's ticks; empty where the kernel does not tell. */
  readonly started: string;
}

const START_TIME = 19;

export function thisProcess(): Owner {
  return { pid: process.pid, started: startOf(process.pid) };
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
  const now = startOf(pid);
  return started === '' || now === '' || now === started;
}

/** By /proc/PID/stat, of which the name in parentheses may hold anything. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TIME] ?? '';
  } catch {
    return '';
  }
}
