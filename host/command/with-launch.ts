import type { CheckedCommand, Gate } from '../capability/gate.ts';
import { SkillError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { findBubblewrap } from './bubblewrap.ts';
import { closeIn } from './close-in.ts';
import { closeInLandlock } from './landlock/close-in-landlock.ts';
import { type Launch, launchOpenly, type Surroundings } from './launch.ts';
import { childEnvironment, startingFolder, withTemporary } from './surroundings.ts';

/** What the programs of one run have in common. */
export interface CommandScope {
  readonly gate: Gate;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits: Limits;
  /** A folder that its programs may read whatever is granted. */
  readonly own?: string | undefined;
}

export interface Around {
  readonly cwd?: string | undefined;
  /** Variables beside the granted ones; the gate has seen their names. */
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** Words of ours, in front of those that the gate let through. */
  readonly before?: readonly string[] | undefined;
}

/**
 * Makes the surroundings that a program may have, for as long as `work` lasts: the one way programs are started.
 * @throws what `work` throws; CapabilityDenied, NodeJS.ErrnoException for the folder it is to start in
 */
export function withLaunch<T>(
  command: CheckedCommand,
  scope: CommandScope,
  { cwd, set, before }: Around,
  work: (launch: Launch) => Promise<T>,
): Promise<T> {
  return withTemporary(async (temporary) => {
    const folder = startingFolder(scope, { asked: cwd, temporary });
    try {
      const env = childEnvironment(scope, { temporary, folder: folder.real, set });
      const surroundings = { temporary, folder: folder.real, pinned: folder.pinned, env, own: scope.own, before };
      const launch = launchHere(command, { gate: scope.gate, surroundings });
      try {
        return await work(launch);
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
  if (command.isolation === 'landlock') return closeInLandlock(command, inside);
  const bubblewrap = findBubblewrap();
  if (bubblewrap === undefined)
    throw new SkillError('E_UNAVAILABLE', `bubblewrap, in which ${command.name} was to run, is not there`);
  return closeIn(bubblewrap, command, inside);
}
