import { SkillError } from '../../host/index.ts';

/**
 * Gives `act` a signal that ends when the caller's does, or after `ms`, and waits no longer than that for it, whatever it
 * does: looking up a name cannot be called off. @throws SkillError E_ABORTED, E_TIMEOUT
 */
export async function endInTime<T>(
  { signal, ms, shown }: { readonly signal: AbortSignal; readonly ms: number; readonly shown: string },
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const onAbort = (): void =>
    end.abort(new SkillError('E_ABORTED', `the download of ${shown} was called off`, { cause: signal.reason }));
  const timer = setTimeout(() => {
    end.abort(
      new SkillError('E_TIMEOUT', `${shown} was not downloaded within ${ms / 1000} seconds`, {
        hint: 'try again, or from another network; the server or the way to it is slow',
        details: { reason: 'total' },
      }),
    );
  }, ms);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const ended = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(end.signal.reason as SkillError);
    if (end.signal.aborted) stop();
    else end.signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await (end.signal.aborted ? ended : Promise.race([act(end.signal), ended]));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
