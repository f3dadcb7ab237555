import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Writable } from 'node:stream';
import { SkillError } from '../errors.ts';
import { shutInherited } from '../shut-inherited.ts';
import type { Launch } from './launch.ts';
import { endLeftovers } from './leftovers.ts';
import { type ProcessLimits, withOsLimits } from './os-limits.ts';
import { type ProcessStat, readStat } from './processes.ts';
import { SandboxStatus } from './sandbox-status.ts';
import { type TreeLimits, Watch } from './watch.ts';

export type OutputStream = 'stdout' | 'stderr';

/** One process to start, and what it is held to. */
export interface ProcessStart {
  /** For messages. */
  readonly name: string;
  readonly launch: Launch;
  readonly limits: ProcessLimits & TreeLimits;
}

/** How it ended by itself. */
export interface ProcessEnd {
  /** 128 and the number of the signal, for a program that one ended. */
  readonly exitCode: number;
  /** The most memory that was seen. */
  readonly memoryBytes: number;
}

interface Listener {
  readonly onOutput: (stream: OutputStream, chunk: Buffer) => void;
  /** Called once: when it is gone with all it started, or cannot be started, or cannot be ended. */
  readonly onEnd: (end: ProcessEnd | { readonly failure: Error }) => void;
}

export interface RunningProcess {
  readonly stdin: Writable;
  readonly watch: Watch;
  /** Ends it with all it started; the first reason counts. */
  readonly end: (why: Error) => void;
}

const SIGNAL_BASE = 128;
/** What a sandbox says of itself is short. */
const KEPT_STDERR = 8 * 1024;

/**
 * Starts a program as an argument vector, never by a shell. @returns undefined when it is not started; `onEnd` is told why
 */
export function startProcess({ name, launch, limits }: ProcessStart, listener: Listener): RunningProcess | undefined {
  const { file, argv0, args, cwd, env, sandbox } = withOsLimits(launch, limits);
  let isOver = false;
  const tell = (end: Parameters<Listener['onEnd']>[0]): void => {
    if (isOver) return;
    isOver = true;
    listener.onEnd(end);
  };
  const descriptors = sandbox === undefined ? [] : ['pipe' as const, 'pipe' as const, ...sandbox.descriptors];
  const child = spawn(file, args, {
    argv0,
    cwd,
    env,
    stdio: shutInherited(['pipe', 'pipe', 'pipe', ...descriptors]),
    // Its own process group, so that one signal reaches everything it starts.
    detached: true,
    shell: false,
  }) as ChildProcessWithoutNullStreams;
  child.on('error', (failure) => tell({ failure }));
  const group = child.pid;
  // Not started; of its pipes there may be none.
  if (group === undefined) return undefined;
  const status = sandbox === undefined ? undefined : new SandboxStatus(child, sandbox);
  const mark = sandbox === undefined && env['TMPDIR'] !== undefined ? `TMPDIR=${env['TMPDIR']}` : undefined;
  const family = { first: readStat(group) ?? unseen(group), mark };
  let refusal: Error | undefined;
  let isRunning = true;
  const end = (why: Error): void => {
    refusal ??= why;
    watch.stop();
    // Once it has been waited for, its number may be another's.
    const isKilled = !isRunning || killGroup(group);
    // What has left the group is not reached, but what it holds open is not waited for.
    child.stdout.destroy();
    child.stderr.destroy();
    status?.destroy();
    if (!isKilled) tell({ failure: why });
  };
  const watch = new Watch(family, { name, limits, end });
  let said = Buffer.alloc(0);
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      if (stream === 'stderr' && said.length < KEPT_STDERR) said = Buffer.concat([said, chunk]);
      listener.onOutput(stream, chunk);
    });
  }
  // A program that does not read its input closes the pipe; that is its right.
  child.stdin.on('error', () => undefined);
  // At its exit the group dies too: a grandchild that holds the pipes open would keep the call waiting.
  child.on('exit', () => {
    isRunning = false;
    killGroup(group);
    // Within a namespace of their own all of them are gone by now.
    if (sandbox === undefined) endLeftovers(family, watch.seen.values());
  });
  child.on('close', (code, killedBy) => {
    watch.stop();
    const failure = refusal ?? status?.failure({ name, killedBy, stderr: said });
    if (failure !== undefined) return tell({ failure });
    const exitCode = code ?? SIGNAL_BASE + (killedBy === null ? 0 : constants.signals[killedBy]);
    const isTooLarge = exitCode === SIGNAL_BASE + constants.signals.SIGXFSZ;
    tell(isTooLarge ? { failure: tooLargeFile(name, limits.file_size_mb) } : { exitCode, memoryBytes: watch.peak });
  });
  return { stdin: child.stdin, watch, end };
}

function tooLargeFile(name: string, mb: number): SkillError {
  return new SkillError('E_RESOURCE', `${name} wrote a file of more than file_size_mb = ${mb}, and was ended`, {
    hint: `raise it with --limit file_size_mb=${mb * 2}`,
    details: { limit: 'file_size_mb', value: mb },
  });
}

/** One that was gone before anybody could look, or on a system that tells nothing. */
function unseen(pid: number): ProcessStat {
  return { pid, parent: process.pid, started: '0', threads: 1, isRunning: false, ownMs: 0, childrenMs: 0, resident: 0 };
}

/** False when it runs as somebody else (set-uid), who cannot be killed from here. */
function killGroup(group: number): boolean {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return true;
}
