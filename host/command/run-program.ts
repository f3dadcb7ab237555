import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SkillError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Launch } from './launch.ts';
import { SandboxStatus } from './sandbox-status.ts';

/** One start of one program, with everything it meets. */
export interface ProgramRun {
  /** For messages. */
  readonly name: string;
  readonly launch: Launch;
  readonly stdin: Uint8Array;
  readonly limits: Pick<Limits, 'command_ms' | 'message_kb'>;
  /** Milliseconds; at most `command_ms`, which it is when it is left out. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((stream: OutputStream, chunk: Uint8Array) => void) | undefined;
}

export type OutputStream = 'stdout' | 'stderr';

export interface Ended {
  /** 128 and the number of the signal, for a program that one ended. */
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

const SIGNAL_BASE = 128;

/**
 * Starts a program as an argument vector, never by a shell, and waits for its end. It dies with all it started at its
 * timeout, at its first byte too many, and when `signal` aborts.
 * @throws SkillError E_TIMEOUT, E_MESSAGE_LIMIT; the reason of `signal`; NodeJS.ErrnoException when it cannot be started
 */
export function runProgram(run: ProgramRun): Promise<Ended> {
  const { name, launch, stdin, limits, signal, onOutput } = run;
  const { file, argv0, args, cwd, env, sandbox } = launch;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const descriptors = sandbox === undefined ? [] : ['pipe' as const, 'pipe' as const, ...sandbox.descriptors];
    const child = spawn(file, args, {
      argv0,
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe', ...descriptors],
      // Its own process group, so that one signal reaches everything it starts.
      detached: true,
      shell: false,
    }) as ChildProcessWithoutNullStreams;
    child.on('error', reject);
    const group = child.pid;
    // Not started; of its pipes there may be none.
    if (group === undefined) return;
    const status = sandbox === undefined ? undefined : new SandboxStatus(child, sandbox);
    let refusal: Error | undefined;
    let isRunning = true;
    const end = (why: Error): void => {
      refusal ??= why;
      // Once it has been waited for, its number may be another's.
      const isKilled = !isRunning || killGroup(group);
      // What has left the group is not reached, but what it holds open is not waited for.
      child.stdout.destroy();
      child.stderr.destroy();
      status?.destroy();
      if (isKilled) return;
      settle();
      reject(why);
    };
    const { ms, error } = timeoutOf(run);
    const timer = setTimeout(() => end(error), ms);
    const onAbort = (): void => end(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    const most = limits.message_kb * 1024;
    let size = 0;
    const collect = (stream: OutputStream): Buffer[] => {
      const chunks: Buffer[] = [];
      child[stream].on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > most) return end(tooMuch(name, limits.message_kb));
        chunks.push(chunk);
        try {
          onOutput?.(stream, chunk);
        } catch (failure) {
          end(failure as Error);
        }
      });
      return chunks;
    };
    const stdout = collect('stdout');
    const stderr = collect('stderr');
    // A program that does not read its input closes the pipe; that is its right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    // At its exit the group dies too: a grandchild that holds the pipes open would keep the call waiting.
    child.on('exit', () => {
      isRunning = false;
      killGroup(group);
    });
    child.on('close', (code, killedBy) => {
      settle();
      const failure = refusal ?? status?.failure({ name, killedBy, stderr: Buffer.concat(stderr) });
      if (failure !== undefined) return reject(failure);
      const exitCode = code ?? SIGNAL_BASE + (killedBy === null ? 0 : constants.signals[killedBy]);
      resolve({ exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
    });
  });
}

function timeoutOf({ name, limits, timeoutMs }: ProgramRun): { readonly ms: number; readonly error: SkillError } {
  const isOwn = timeoutMs !== undefined && timeoutMs < limits.command_ms;
  const ms = isOwn ? timeoutMs : limits.command_ms;
  const limit = isOwn ? 'its timeout' : 'command_ms';
  const error = new SkillError('E_TIMEOUT', `${name} ran longer than ${limit} = ${ms}`, {
    hint: isOwn ? undefined : `raise it with --limit command_ms=${ms * 2}`,
    details: { ms, ...(!isOwn && { limit }) },
  });
  return { ms, error };
}

function tooMuch(name: string, kb: number): SkillError {
  return new SkillError('E_MESSAGE_LIMIT', `${name} wrote more than message_kb = ${kb}`, {
    hint: `raise it with --limit message_kb=${kb * 2}`,
    details: { limit: 'message_kb' },
  });
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
