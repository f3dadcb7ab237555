import type { Command, Option } from 'commander';
import type { Context } from './context.ts';
import type { SessionFlags } from './verbs/session.ts';

/** The verbs of sessions. */
export function declareSessionVerbs(
  program: Command,
  context: () => Context,
  onExit: (code: number) => void,
  repeatable: (flags: string, description: string) => Option,
): void {
  const session = program.command('session').description('programs that take one request after another');
  session
    .command('list')
    .description('the sessions that are open, and those that can be made again')
    .option('--format <format>', 'table, json or yaml', 'table')
    .action(async (flags: { format: string }) =>
      onExit(await (await import('./verbs/session.ts')).sessionList(flags, context())),
    );
  const towards = (command: Command): Command =>
    command
      .option('--tool <tool>', 'which tool of the skill; may be left out when it has one with sessions')
      .option('--session <name>', 'which session', 'default')
      .addOption(repeatable('--grant <cap=scope>', 'what it may touch, as in skill run'))
      .addOption(repeatable('--limit <name=value>', 'such as timeout_ms=1000 (docs/limits.md)'));
  towards(session.command('send').description('send one request to a session, which is begun if need be'))
    .argument('<skill>')
    .argument('<code>', 'what to run; - reads standard input')
    .action(async (skill: string, code: string, flags: SessionFlags) =>
      onExit(await (await import('./verbs/session.ts')).sessionSend(skill, code, flags, context())),
    );
  towards(session.command('attach').description('type to a session, line by line; a \\ at the end goes on'))
    .argument('<skill>')
    .action(async (skill: string, flags: SessionFlags) =>
      onExit(await (await import('./verbs/session.ts')).sessionAttach(skill, flags, context())),
    );
  session
    .command('close')
    .description('end a session, and forget what it was sent')
    .argument('<session>', 'its id, or its name where only one has it')
    .action(async (reference: string) =>
      onExit(await (await import('./verbs/session.ts')).sessionClose(reference, context())),
    );
  session
    .command('keep', { hidden: true })
    .argument('<socket>')
    .action(async (socket: string) =>
      onExit(await (await import('./verbs/session-keep.ts')).sessionKeep(socket, context())),
    );
}
