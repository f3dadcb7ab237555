import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { shutInherited, SkillError } from '../../host/index.ts';

export interface GitCall {
  readonly args: readonly string[];
  readonly input?: string;
  /** Bytes of output; more are refused. */
  readonly most: number;
}

export interface GitAnswer {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: Buffer;
  /** The end of it. */
  readonly stderr: string;
}

export interface GitProcess {
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends git and what it started. Its reason is thrown. */
  readonly signal: AbortSignal;
}

const MOST_STDERR = 16 * 1024;
const KILLED_MS = 2_000;

/**
 * Runs git to its end. @throws the reason of the signal; SkillError E_PACKAGE for too much output, E_UNSUPPORTED when it
 * cannot be started
 */
export function runGit({ file, cwd, env, signal }: GitProcess, { args, input, most }: GitCall): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // A group of its own, so that the helpers it starts end with it.
    const child = spawn(file, args, {
      cwd,
      env,
      argv0: 'git',
      detached: true,
      stdio: shutInherited(['pipe', 'pipe', 'pipe']),
    }) as ChildProcessWithoutNullStreams;
    const chunks: Buffer[] = [];
    let [size, stderr] = [0, Buffer.alloc(0)];
    let failure: Error | undefined;
    const stop = (error: Error): void => {
      failure ??= error;
      endGroup(child);
      // It is waited for, so that it writes nothing later; not for ever, as a disk that hangs would have it.
      setTimeout(() => reject(error), KILLED_MS).unref();
    };
    const onAbort = (): void => stop(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    child.once('error', (cause) => reject(noGit(cause)));
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) stop(tooMuch());
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = Buffer.concat([stderr, chunk]).subarray(-MOST_STDERR);
    });
    // It may end without having read all: its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    child.once('close', (exitCode) => {
      signal.removeEventListener('abort', onAbort);
      if (failure === undefined)
        resolve({ exitCode: exitCode ?? undefined, stdout: Buffer.concat(chunks), stderr: stderr.toString('utf8') });
      else reject(failure);
    });
  });
}

function endGroup(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.stdin?.destroy();
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

function tooMuch(): SkillError {
  return new SkillError('E_PACKAGE', 'git says more about the repository than is looked at', {
    hint: 'name the folder of the skill in it with sub=FOLDER',
    details: { reason: 'too_much' },
  });
}

function noGit(cause: unknown): SkillError {
  return new SkillError('E_UNSUPPORTED', 'git cannot be started', {
    hint: 'install git 2.37 or newer, so that git --version works',
    details: { reason: 'no_git' },
    cause,
  });
}
