import type { CheckedCommand, Gate } from '../capability/gate.ts';
import type { Limits } from '../limits.ts';
import { type Ended, type ProgramRun, runProgram } from './run-program.ts';
import { childEnvironment, startingFolder, withTemporary } from './surroundings.ts';

/** What the programs of one run have in common. */
export interface CommandScope {
  readonly gate: Gate;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits: Limits;
}

export interface CommandStart extends Pick<ProgramRun, 'stdin' | 'timeoutMs' | 'signal' | 'onOutput'> {
  readonly cwd?: string | undefined;
  /** Variables beside the granted ones; the gate has seen their names. */
  readonly set?: Readonly<Record<string, string>> | undefined;
}

/**
 * Runs what the gate let through, in the surroundings it may have: the one way programs are started.
 * @throws as `runProgram` does; CapabilityDenied, NodeJS.ErrnoException for the folder it is to start in
 */
export function runCommand(
  command: CheckedCommand,
  scope: CommandScope,
  { cwd, set, ...start }: CommandStart,
): Promise<Ended> {
  return withTemporary(async (temporary) => {
    const folder = startingFolder(scope, { asked: cwd, temporary });
    try {
      const env = childEnvironment(scope, { temporary, set });
      return await runProgram({ ...start, command, cwd: folder.path, env, limits: scope.limits });
    } finally {
      folder.close();
    }
  });
}
