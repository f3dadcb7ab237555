import { isolationHere } from '../command/isolation.ts';
import { runCommand } from '../command/run-command.ts';
import { SkillError } from '../errors.ts';
import { FIXED } from '../limits.ts';
import { HostCallRefusal } from '../wire/refusal.ts';
import { bytes, list, text } from '../wire/parse-message.ts';
import { type HostFunction, tooLarge } from './scope.ts';

/** `command.execute(program, args, stdin)` → `[exit code, stdout, stderr]`. An argument vector, never a shell. */
export const executeFunction: HostFunction = async ([program, args, stdin], scope) => {
  const words = list(args, 'args').map((word) => text(word, 'an argument'));
  if (words.length > FIXED.command_args.limit)
    tooLarge(`${words.length} arguments; command_args = ${FIXED.command_args.limit}`);
  const input = bytes(stdin, 'stdin');
  const command = scope.gate.command(text(program, 'program'), words, { isolation: isolationHere() });
  try {
    const { exitCode, stdout, stderr } = await runCommand(command, scope, { stdin: input, signal: scope.signal });
    return [exitCode, stdout, stderr];
  } catch (error) {
    throw toldToGuest(error);
  }
};

/** A limit of one program is no end of the run: its guest is told, and may go on. */
function toldToGuest(error: unknown): unknown {
  if (!(error instanceof SkillError) || error.details?.['limit'] === undefined) return error;
  if (error.code === 'E_TIMEOUT' && error.details['limit'] === 'command_ms')
    return new HostCallRefusal('timeout', error.message);
  if (['E_MESSAGE_LIMIT', 'E_MEMORY', 'E_RESOURCE'].includes(error.code))
    return new HostCallRefusal('too-large', error.message);
  return error;
}
