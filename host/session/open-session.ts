import type { CheckedCommand } from '../capability/gate.ts';
import { openProgram } from '../command/open-program.ts';
import { type CommandScope, withLaunch } from '../command/with-launch.ts';
import { driverOf } from './drivers.ts';
import { Session } from './session.ts';

/**
 * Opens a session of what the gate let through. Its surroundings last as long as it does.
 * @throws as `withLaunch` does; SkillError E_UNSUPPORTED
 */
export function openSession(
  command: CheckedCommand,
  scope: CommandScope,
  set: Readonly<Record<string, string>> | undefined,
): Promise<Session> {
  const driver = driverOf(command.name);
  return new Promise((resolve, reject) => {
    withLaunch(command, scope, { set, before: driver.words }, async (launch) => {
      const program = openProgram({ name: command.name, launch, limits: scope.limits });
      resolve(new Session(program, driver));
      await program.ended;
    }).catch(reject);
  });
}
