import { CapabilityDenied, type Commands } from '../../host/index.ts';

/** What an executor does with commands. */
export type Door = Pick<Commands, 'decide' | 'run' | 'variable' | 'exists' | 'isInstalled'>;

/** Keeps what the gate refused, as every run tells it. */
export function noting(commands: Commands, denials: CapabilityDenied[]): Door {
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
