import type { CheckedCommand } from '../capability/gate.ts';
import { type Ended, type ProgramRun, runProgram } from './run-program.ts';
import { type Around, type CommandScope, withLaunch } from './with-launch.ts';

export type CommandStart = Around & Pick<ProgramRun, 'stdin' | 'timeoutMs' | 'signal' | 'onOutput'>;

/** Runs what the gate let through to its end. @throws as `runProgram` and `withLaunch` do */
export function runCommand(
  command: CheckedCommand,
  scope: CommandScope,
  { cwd, set, ...start }: CommandStart,
): Promise<Ended> {
  return withLaunch(command, scope, { cwd, set }, (launch) =>
    runProgram({ ...start, name: command.name, launch, limits: scope.limits }),
  );
}
