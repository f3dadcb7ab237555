import { SkillError } from '../../host/index.ts';
import type { Asker } from '../recipe/ports.ts';

/** Aborts as the run does, with an error that says so. */
export function abortedBy(signal: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new SkillError('E_ABORTED', 'the run was ended by its caller'));
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  return controller.signal;
}

/** A yes for everything, but for what always asks. */
export function agreeing(asker: Asker): Asker {
  return {
    ...asker,
    confirm: (question) => (question.level === 'always' ? asker.confirm(question) : Promise.resolve(true)),
  };
}
