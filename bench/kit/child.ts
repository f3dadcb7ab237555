import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts a compiled file of the bench as a process that is asked by messages. What it prints to standard error is shown. */
export function startChild(path: string, args: readonly string[] = [], flags: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [...flags, path, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** Asks such a process. @throws Error when it ends instead of an answer, or answers an error */
export async function ask<T>(child: ChildProcess, question: object | number): Promise<T> {
  const ended = new AbortController();
  const onExit = (): void => ended.abort();
  child.once('exit', onExit);
  try {
    const answer = once(child, 'message', { signal: ended.signal });
    child.send(question);
    const [given] = (await answer) as [T | { readonly error: string }];
    if (typeof given === 'object' && given !== null && 'error' in given) throw new Error(given.error);
    return given;
  } catch (error) {
    if (ended.signal.aborted) throw new Error('its process ended', { cause: error });
    throw error;
  } finally {
    child.off('exit', onExit);
  }
}

/** Answers every question with what `answer` resolves to, or with the error it throws. */
export function answerAll(answer: (question: never) => unknown): void {
  process.on('message', (question: unknown) => {
    void Promise.resolve(question as never)
      .then(answer)
      .then(
        (given) => process.send?.(given),
        (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
      );
  });
}
