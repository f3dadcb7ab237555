import { SkillError } from '../../host/index.ts';
import { watchSize } from './watch-size.ts';

/** What ends a fetch before its end: its reason is always a `SkillError`. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** @throws SkillError E_PACKAGE when too much was written, and nobody saw it yet; or what ended the fetch before */
  requireSmall(): Promise<void>;
  /** Stops the clock and the watching. */
  end(): void;
}

/** Aborts with E_ABORTED when the caller does, E_TIMEOUT after so long, E_PACKAGE when too much was written. */
export function startDeadline({
  signal,
  timeoutMs,
  folder,
  mostBytes,
}: {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly folder: string;
  readonly mostBytes: number;
}): Deadline {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(aborted(signal.reason));
  const timer = setTimeout(() => controller.abort(late(timeoutMs)), timeoutMs);
  const watch = watchSize(folder, mostBytes, () => controller.abort(tooLarge(mostBytes)));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    signal: controller.signal,
    requireSmall: async () => {
      await watch.look();
      controller.signal.throwIfAborted();
    },
    end: () => {
      clearTimeout(timer);
      watch.end();
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function aborted(cause: unknown): SkillError {
  return new SkillError('E_ABORTED', 'fetching the git repository was ended by the caller', { cause });
}

function late(timeoutMs: number): SkillError {
  return new SkillError('E_TIMEOUT', `the git repository was not fetched within ${timeoutMs / 1000} s`, {
    hint: 'try again; if the repository is very large, ask its author for an archive of the skill',
    details: { reason: 'too_slow' },
  });
}

function tooLarge(mostBytes: number): SkillError {
  return new SkillError('E_PACKAGE', `one commit of the git repository is more than ${mostBytes / 2 ** 20} MiB`, {
    hint: 'ask its author for an archive of the skill',
    details: { reason: 'too_large' },
  });
}
