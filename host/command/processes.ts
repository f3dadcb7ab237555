import { readdirSync, readFileSync } from 'node:fs';

/** One process, as the kernel tells of it. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** When it began, in ticks since the machine did; with its number it names it for good. */
  readonly started: string;
  readonly threads: number;
  /** Whether it has a processor, or wants one. */
  readonly isRunning: boolean;
  /** Milliseconds of a processor. */
  readonly ownMs: number;
  /** Those of children it waited for. */
  readonly childrenMs: number;
  /** Bytes it has in memory. */
  readonly resident: number;
}

/** Ticks of a second: what Linux tells every program, whatever the machine. */
const TICK_MS = 10;
const PAGE = 4_096;

/** @returns undefined for a process that is gone, and where there is no `/proc` */
export function readStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name stands in brackets, and may hold any.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (at: number): number => Number(fields[at] ?? 0);
  const threads = number(17);
  // Its first thread may be gone while others go on.
  if ((fields[0] === 'Z' && threads < 2) || fields[0] === 'X') return undefined;
  return {
    pid,
    parent: number(1),
    started: fields[19] ?? '',
    threads,
    isRunning: fields[0] === 'R',
    ownMs: (number(11) + number(12)) * TICK_MS,
    childrenMs: (number(13) + number(14)) * TICK_MS,
    resident: number(21) * PAGE,
  };
}

/** Which part of the time that it wanted a processor it had one; 1 where nobody tells. */
export function readServedPart(pid: number): number {
  try {
    const [had = 0, waited = 0] = readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ').map(Number);
    return had + waited > 0 ? had / (had + waited) : 1;
  } catch {
    return 1;
  }
}

/** Bytes of a process, where what it shares with others counts in parts. */
export interface Proportional {
  readonly all: number;
  /** Of them, those of memory that is a file without a name, or could be handed on. */
  readonly shared: number;
}

/** Undefined where nobody tells. */
export function readProportional(pid: number): Proportional | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const bytes = (name: string): number | undefined => {
      const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text) ?? [];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
    };
    const all = bytes('Pss');
    return all === undefined ? undefined : { all, shared: bytes('Pss_Shmem') ?? 0 };
  } catch {
    return undefined;
  }
}

/** A process and all below it, as far as they can be followed: whoever lost its parent hangs below none of these. */
function readTree(root: number, most: number): readonly ProcessStat[] {
  const found: ProcessStat[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined && found.length < most; pid = waiting.pop()) {
    const stat = readStat(pid);
    if (stat !== undefined) found.push(stat);
    waiting.push(...childrenOf(pid));
  }
  return found;
}

/** Children of all of its threads. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** What is known of a program's processes: the first one, and a word that only they have in their environment. */
export interface Family {
  readonly first: ProcessStat;
  /** `NAME=value`; undefined where a namespace keeps all of them below the first one. */
  readonly mark: string | undefined;
}

/**
 * The first process, all below it, and those that lost their parents and still hold the mark.
 * @param most of a family that has more, so many: to look at thousands takes longer than they take to become more
 */
export function readFamily({ first, mark }: Family, most = Infinity): readonly ProcessStat[] {
  const tree = readTree(first.pid, most);
  if (mark === undefined || tree.length >= most) return tree;
  const known = new Set(tree.map(({ pid }) => pid));
  return [...tree, ...findMarked(mark, { first, known, most: most - tree.length })];
}

/** Numbers are given out in order, so one that began later has a higher one, until they begin anew. */
function findMarked(
  mark: string,
  { first, known, most }: { readonly first: ProcessStat; readonly known: ReadonlySet<number>; readonly most: number },
): readonly ProcessStat[] {
  const isWrapped = readLastPid() < first.pid;
  const found: ProcessStat[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid || known.has(pid) || (!isWrapped && pid < first.pid)) continue;
    const stat = readStat(pid);
    if (stat === undefined || BigInt(stat.started) < BigInt(first.started) || !isMarked(pid, mark)) continue;
    found.push(stat);
    if (found.length >= most) break;
  }
  return found;
}

function readLastPid(): number {
  return Number(readFileSync('/proc/loadavg', 'latin1').trimEnd().split(' ').at(-1));
}

function isMarked(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
  } catch {
    return false;
  }
}
