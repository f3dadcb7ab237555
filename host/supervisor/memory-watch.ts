import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Short enough that a process which grows as fast as pages can be had is caught within some 100 MiB. */
const TICK_MS = 25;
const SMALLEST_PAGE = 4_096;

interface Watched {
  readonly pid: number;
  readonly ceilingBytes: number;
  readonly onOver: (residentBytes: number) => void;
}

const watched = new Set<Watched>();
let timer: NodeJS.Timeout | undefined;
let pageBytes: number | undefined;

/**
 * Looks at the resident memory of a process from outside, and reports once when it is over its ceiling. Only Linux lets us;
 * elsewhere nothing is watched. Keeps nobody waiting.
 * @returns ends the watch
 */
export function watchMemory(pid: number, ceilingBytes: number, onOver: Watched['onOver']): () => void {
  if (process.platform !== 'linux') return () => undefined;
  const one = { pid, ceilingBytes, onOver };
  watched.add(one);
  timer ??= setInterval(lookAtAll, TICK_MS).unref();
  return () => void watched.delete(one);
}

function lookAtAll(): void {
  // The timer outlives a watch by one tick: most calls are shorter than that, and making timers would cost each of them.
  if (watched.size === 0) {
    clearInterval(timer);
    timer = undefined;
  }
  for (const one of watched) {
    const bytes = residentBytes(one.pid);
    if (bytes <= one.ceilingBytes) continue;
    watched.delete(one);
    one.onOver(bytes);
  }
}

/** 0 for a process that is gone. */
function residentBytes(pid: number): number {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1];
    return Number(pages) * (pageBytes ??= readPageBytes());
  } catch {
    return 0;
  }
}

function readPageBytes(): number {
  const file = openSync('/proc/self/smaps', 'r');
  try {
    const head = Buffer.alloc(1_024);
    const text = head.toString('latin1', 0, readSync(file, head));
    const kib = /KernelPageSize:\s*(\d+) kB/.exec(text)?.[1];
    return kib === undefined ? SMALLEST_PAGE : Number(kib) * 1_024;
  } finally {
    closeSync(file);
  }
}
