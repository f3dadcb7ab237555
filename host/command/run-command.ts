import type { CheckedCommand, Gate } from '../capability/gate.ts';
import { SkillError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { findBubblewrap } from './bubblewrap.ts';
import { closeIn } from './close-in.ts';
import { type Launch, launchOpenly, type Surroundings } from './launch.ts';
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
      const env = childEnvironment(scope, { temporary, folder: folder.real, set });
      const surroundings = { temporary, folder: folder.real, pinned: folder.pinned, env };
      const launch = launchHere(command, { gate: scope.gate, surroundings });
      try {
        return await runProgram({ ...start, name: command.name, launch, limits: scope.limits });
      } finally {
        launch.close();
      }
    } finally {
      folder.close();
    }
  });
}

/** @throws SkillError E_UNAVAILABLE when the sandbox that was recorded is there no longer */
function launchHere(
  command: CheckedCommand,
  inside: { readonly gate: Gate; readonly surroundings: Surroundings },
): Launch & { readonly close: () => void } {
  if (command.isolation === 'none') return { ...launchOpenly(command, inside.surroundings), close: () => undefined };
  const bubblewrap = findBubblewrap();
  if (bubblewrap === undefined)
    throw new SkillError('E_UNAVAILABLE', `bubblewrap, in which ${command.name} was to run, is not there`);
  return closeIn(bubblewrap, command, inside);
}
