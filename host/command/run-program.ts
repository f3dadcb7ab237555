import { SkillError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { ProcessLimits } from './os-limits.ts';
import { type OutputStream, type ProcessEnd, type ProcessStart, startProcess } from './start-process.ts';
import type { TreeLimits } from './watch.ts';

/** One start of one program, with everything it meets. */
export interface ProgramRun extends Pick<ProcessStart, 'name' | 'launch'> {
  readonly stdin: Uint8Array;
  readonly limits: Pick<Limits, 'command_ms' | 'message_kb'> & ProcessLimits & TreeLimits;
  /** Milliseconds; at most `command_ms`, which it is when it is left out. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((stream: OutputStream, chunk: Uint8Array) => void) | undefined;
}

export interface Ended extends ProcessEnd {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/**
 * Runs a program and waits for its end. It dies with all it started at its timeout, at its first byte too many, and when
 * `signal` aborts.
 * @throws SkillError E_TIMEOUT, E_MESSAGE_LIMIT, E_MEMORY, E_RESOURCE; the reason of `signal`; NodeJS.ErrnoException when
 * it cannot be started
 */
export function runProgram(run: ProgramRun): Promise<Ended> {
  const { name, launch, stdin, limits, signal, onOutput } = run;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const chunks: Readonly<Record<OutputStream, Buffer[]>> = { stdout: [], stderr: [] };
    const most = limits.message_kb * 1024;
    let size = 0;
    const running = startProcess(
      { name, launch, limits },
      {
        onOutput: (stream, chunk) => {
          size += chunk.length;
          if (size > most) return running?.end(tooMuch(name, limits.message_kb));
          chunks[stream].push(chunk);
          try {
            onOutput?.(stream, chunk);
          } catch (failure) {
            running?.end(failure as Error);
          }
        },
        onEnd: (end) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          if ('failure' in end) return reject(end.failure);
          resolve({ ...end, stdout: Buffer.concat(chunks.stdout), stderr: Buffer.concat(chunks.stderr) });
        },
      },
    );
    const { ms, error } = timeoutOf(run);
    const timer = running && setTimeout(() => running.end(error), ms);
    const onAbort = (): void => running?.end(signal?.reason as Error);
    if (running === undefined) return;
    signal?.addEventListener('abort', onAbort, { once: true });
    running.stdin.end(stdin);
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
