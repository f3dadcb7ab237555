import { CapabilityDenied, type Commands, SkillError } from '../../host/index.ts';
import type { Asker, Ports } from '../recipe/ports.ts';

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

/** Keeps what the gate refused, as every run tells it. */
export function noting(commands: Commands, denials: CapabilityDenied[]): Ports['commands'] {
  const note = (error: unknown): never => {
    if (error instanceof CapabilityDenied) denials.push(error);
    throw error;
  };
  return {
    decide: (request) => commands.decide(request),
    run: (request) => commands.run(request).catch(note),
    variable: (name) => attempt(() => commands.variable(name), note),
    exists: (path) => attempt(() => commands.exists(path), note),
    isInstalled: (program) => commands.isInstalled(program),
  };
}

function attempt<T>(act: () => T, note: (error: unknown) => never): T {
  try {
    return act();
  } catch (error) {
    return note(error);
  }
}
