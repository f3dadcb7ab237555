import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants } from 'node:os';
import type { CheckedCommand } from '../capability/gate.ts';
import { FIXED } from '../limits.ts';
import { HostCallRefusal } from '../wire/refusal.ts';
import { bytes, list, text } from '../wire/parse-message.ts';
import { type HostFunction, type RunScope, tooLarge } from './scope.ts';

/** How programs are closed in by the operating system. Nothing does so yet, and every record says it. */
const ISOLATION = 'none';
const SIGNAL_BASE = 128;

/** `command.execute(program, args, stdin)` → `[exit code, stdout, stderr]`. An argument vector, never a shell. */
export const executeFunction: HostFunction = async ([program, args, stdin], scope) => {
  const words = list(args, 'args').map((word) => text(word, 'an argument'));
  if (words.length > FIXED.command_args.limit)
    tooLarge(`${words.length} arguments; command_args = ${FIXED.command_args.limit}`);
  const input = bytes(stdin, 'stdin');
  const command = scope.gate.command(text(program, 'program'), words, ISOLATION);
  const temporary = await mkdtemp(join(tmpdir(), 'skillhost-'));
  try {
    return await runToEnd(command, { input, temporary, scope });
  } finally {
    // What was killed may still be about to write there.
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
};

interface Surroundings {
  readonly input: Uint8Array;
  /** A directory of its own, removed afterwards. */
  readonly temporary: string;
  readonly scope: RunScope;
}

/** The environment of a child: what the skill may read, and nothing else. */
function childEnvironment({ gate, env }: RunScope, temporary: string): Record<string, string> {
  const granted = gate
    .readable(Object.keys(env))
    .flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return { ...Object.fromEntries(granted), TMPDIR: temporary };
}

function runToEnd(
  { file, name, args }: CheckedCommand,
  { input, temporary, scope }: Surroundings,
): Promise<[number, Uint8Array, Uint8Array]> {
  const { limits, signal } = scope;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(file, args, {
      argv0: name,
      cwd: scope.cwd,
      env: childEnvironment(scope, temporary),
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own process group, so that one signal reaches everything it starts.
      detached: true,
      shell: false,
    });
    child.on('error', reject);
    const group = child.pid;
    // Not started; of its pipes there may be none.
    if (group === undefined) return;
    let refusal: Error | undefined;
    let isRunning = true;
    const end = (why: Error): void => {
      refusal ??= why;
      // Once it has been waited for, its number may be another's.
      const isKilled = !isRunning || killGroup(group);
      // What has left the group is not reached, but what it holds open is not waited for.
      child.stdout.destroy();
      child.stderr.destroy();
      if (isKilled) return;
      settle();
      reject(why);
    };
    const timer = setTimeout(
      () => end(new HostCallRefusal('timeout', `${name} ran longer than command_ms = ${limits.command_ms}`)),
      limits.command_ms,
    );
    const onAbort = (): void => end(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    const most = limits.message_kb * 1024;
    let size = 0;
    const collect = (chunks: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size > most)
        end(new HostCallRefusal('too-large', `${name} wrote more than message_kb = ${limits.message_kb}`));
      else chunks.push(chunk);
    };
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', collect(stdout));
    child.stderr.on('data', collect(stderr));
    // A program that does not read its input closes the pipe; that is its right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    // At its exit the group dies too: a grandchild that holds the pipes open would keep the call waiting.
    child.on('exit', () => {
      isRunning = false;
      killGroup(group);
    });
    child.on('close', (code, killedBy) => {
      settle();
      if (refusal !== undefined) reject(refusal);
      else
        resolve([
          code ?? SIGNAL_BASE + (killedBy === null ? 0 : constants.signals[killedBy]),
          Buffer.concat(stdout),
          Buffer.concat(stderr),
        ]);
    });
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
