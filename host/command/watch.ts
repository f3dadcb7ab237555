import { setPriority } from 'node:os';
import { SkillError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { MemoryFiles } from './memory-files.ts';
import { type Family, type ProcessStat, readFamily, readProportional } from './processes.ts';
import { ProcessorTime } from './processor-time.ts';

/** What a program and all it starts are held to together. */
export type TreeLimits = Pick<Limits, 'command_memory_mb' | 'cpu_percent' | 'processes'>;

/** Milliseconds between two looks: at first they are close, for what doubles must be seen while it is small. */
const FIRST_MS = 8;
const FIRST_LOOKS = 12;
const LOOK_MS = 50;
/** The kernel counts processor time in steps; of so little nobody is held back. */
const CREDIT_MS = 40;
const MOST_STOPPED_MS = 200;
/** Behind whoever watches: where hundreds of processes want a processor, this one must get it. */
const NICENESS = 5;
const MIB = 1024 * 1024;
/** Of all processes together: each may have as many as runtimes with a pool do, and a single one more than that. */
const THREADS_PER_PROCESS = 16;
const MORE_THREADS = 128;

/**
 * Watches a program and all it started, as far as they hang together: slows it down to its share of a processor, and has
 * it ended for what it holds too much of. A pid namespace keeps all of them together.
 */
export class Watch {
  readonly #family: Family;
  readonly #name: string;
  readonly #limits: TreeLimits;
  readonly #end: (why: SkillError) => void;
  #lookedAt = performance.now();
  readonly #time = new ProcessorTime();
  readonly #files = new MemoryFiles();
  /** Milliseconds of a processor that may be used now, ahead of those that come with time. */
  #creditMs = CREDIT_MS;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isOver = false;
  #looks = 0;
  /** Bytes, the most that was seen. */
  peak = 0;
  /** Milliseconds of a processor, as last seen. */
  cpuMs = 0;
  /** All that were ever seen, by number and by when they began. */
  readonly seen = new Map<string, ProcessStat>();

  constructor(
    family: Family,
    {
      name,
      limits,
      end,
    }: { readonly name: string; readonly limits: TreeLimits; readonly end: (why: SkillError) => void },
  ) {
    this.#family = family;
    this.#name = name;
    this.#limits = limits;
    this.#end = end;
    yieldTo(family.first.pid);
    if (process.platform === 'linux') this.#lookIn(FIRST_MS);
  }

  /** Nothing is looked at any more; what was held back may go on, to be ended. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #lookIn(ms: number): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const tree = readFamily(this.#family, this.#limits.processes + 3);
    for (const one of tree) this.seen.set(`${one.pid}:${one.started}`, one);
    const fault = this.#faultOf(tree);
    if (fault !== undefined) return this.#end(fault);
    this.#lookIn(this.#hold(tree));
  }

  #faultOf(tree: readonly ProcessStat[]): SkillError | undefined {
    const { command_memory_mb: memory, processes } = this.#limits;
    // The ones that hold the sandbox up count as well; there are two of them.
    if (tree.length > processes + 2) return this.#tooMany(`has more than processes = ${processes} processes`);
    const threads = processes * THREADS_PER_PROCESS + MORE_THREADS;
    if (tree.reduce((sum, one) => sum + one.threads, 0) > threads)
      return this.#tooMany(`has more than the ${threads} threads that processes = ${processes} allows`);
    const bytes = sizeOf(tree, { most: memory * MIB, files: this.#files.sizeOf(tree) });
    this.peak = Math.max(this.peak, bytes);
    if (bytes <= memory * MIB) return undefined;
    const what = `holds more than command_memory_mb = ${memory} of memory`;
    return tooMuch('E_MEMORY', this.#name, what, 'command_memory_mb', memory);
  }

  #tooMany(what: string): SkillError {
    return tooMuch('E_RESOURCE', this.#name, what, 'processes', this.#limits.processes);
  }

  get #pause(): number {
    return ++this.#looks < FIRST_LOOKS ? FIRST_MS : LOOK_MS;
  }

  /** Holds the tree back while it is ahead of its share. @returns milliseconds until the next look */
  #hold(tree: readonly ProcessStat[]): number {
    const now = performance.now();
    const spent = this.#time.add(tree, now - this.#lookedAt);
    const share = this.#limits.cpu_percent / 100;
    // Who was idle for an hour has saved nothing up.
    this.#creditMs = Math.min(this.#creditMs + (now - this.#lookedAt) * share - spent, CREDIT_MS);
    this.#lookedAt = now;
    this.cpuMs += spent;
    const isAhead = this.#creditMs < 0;
    if (isAhead || this.#isStopped) signal(tree, isAhead ? 'SIGSTOP' : 'SIGCONT');
    this.#isStopped = isAhead;
    return isAhead ? Math.min(Math.max(-this.#creditMs / share, FIRST_MS), MOST_STOPPED_MS) : this.#pause;
  }
}

/**
 * What is shared counts once, but to find out takes long: it is looked at only where it matters.
 * @param files bytes held by descriptors, of which some may be mapped, and count there
 */
function sizeOf(
  tree: readonly ProcessStat[],
  { most, files }: { readonly most: number; readonly files: number },
): number {
  const resident = tree.reduce((sum, one) => sum + one.resident, 0);
  if (resident + files <= most) return resident + files;
  const parts = tree.map((one) => readProportional(one.pid) ?? { all: one.resident, shared: 0 });
  const shared = parts.reduce((sum, one) => sum + one.shared, 0);
  return parts.reduce((sum, one) => sum + one.all, 0) - shared + Math.max(shared, files);
}

function signal(tree: readonly ProcessStat[], name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const { pid } of tree) {
    try {
      process.kill(pid, name);
    } catch {
      // Gone meanwhile.
    }
  }
}

function yieldTo(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    // Gone already, or somebody else's.
  }
}

function tooMuch(
  code: 'E_MEMORY' | 'E_RESOURCE',
  name: string,
  what: string,
  limit: 'command_memory_mb' | 'processes',
  value: number,
): SkillError {
  return new SkillError(code, `${name} ${what}, and was ended`, {
    hint: `raise it with --limit ${limit}=${value * 2}`,
    details: { limit, value },
  });
}
