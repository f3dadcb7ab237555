import { type Command, CommanderError } from 'commander';
import type { SkillError, Supervisor } from '../../host/index.ts';
import { readVersion } from '../home/package.ts';
import type { Context } from './context.ts';
import { buildProgram, fromCommander, type OpenContext } from './program.ts';
import { asSkillError, exitCodeOf, printError, toReport } from './report-error.ts';
import { openTerminal } from './terminal.ts';

/**
 * The command `skill`. Everything that goes wrong ends here, as one message and one exit code.
 * @param supervisor with a process that was started ahead, for a verb that runs something
 */
export async function main(argv: readonly string[], supervisor: Supervisor | undefined): Promise<number> {
  // Only a run has words for somebody else; other verbs take what follows as their own, such as a prompt that begins with -.
  const dashes = argv.slice(0, Math.max(argv.indexOf('--'), 0)).includes('run') ? argv.indexOf('--') : -1;
  const words = dashes === -1 ? [] : argv.slice(dashes + 1);
  const before = dashes === -1 ? argv : argv.slice(0, dashes);
  let code = 0;
  // `--version 2` after run is an argument of the tool.
  const version = before.includes('run') ? undefined : readVersion();
  const program = buildProgram(
    version,
    (flags) => openContext(flags, supervisor),
    (exit) => (code = exit),
    words,
  );
  for (const command of [program, ...program.commands, ...program.commands.flatMap((verb) => verb.commands)]) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  try {
    await program.parseAsync(before, { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      const usage = fromCommander(thrown, namedIn(program));
      if (usage === undefined) return 0;
      if (thrown.code === 'commander.help') return printUsage(namedIn(program).helpInformation());
      return await fail(usage, before);
    }
    const error = asSkillError(thrown);
    await fail(error, before);
    if (before.includes('--verbose') && error.cause instanceof Error) process.stderr.write(`${error.cause.stack}\n`);
    return exitCodeOf(error);
  }
}

/** Tells an error: as an object on standard output for whoever asked for JSON, to people otherwise. */
async function fail(error: SkillError, argv: readonly string[]): Promise<number> {
  const wantsJson =
    argv.includes('--format=json') || argv.some((word, i) => word === '--format' && argv[i + 1] === 'json');
  if (wantsJson)
    terminalFor(argv).out(
      `${JSON.stringify({ ok: false, error: toReport(error), ...(argv.includes('run') && { usage: NO_USAGE }) })}\n`,
    );
  else await printError(error, terminalFor(argv));
  return exitCodeOf(error);
}

/** Of a run that did not begin. */
const NO_USAGE = { durationMs: 0, fuel: null, memoryBytes: 0, hostCalls: 0 };

const openContext = (
  { home, skills: select, quiet = false, verbose = false, log, color }: Parameters<OpenContext>[0],
  supervisor: Supervisor | undefined,
): Context => ({
  terminal: openTerminal({ quiet, color }),
  verbose,
  home,
  again: [
    ...(home === undefined ? [] : ['--home', home]),
    ...(select === undefined ? [] : ['--skills', select]),
    ...(log === undefined ? [] : ['--log', log]),
    ...(verbose ? ['--verbose'] : []),
  ],
  async openCatalog(directories) {
    const [{ catalogOf, readCatalog }, { locateHome }] = await Promise.all([
      import('../catalog/catalog.ts'),
      import('../home/home.ts'),
    ]);
    const options = catalogOf(locateHome(home, process.env), [], select);
    return readCatalog(directories === undefined ? options : { ...options, directories });
  },
  async openRuntime(options) {
    const { Runtime } = await import('../runtime/runtime.ts');
    const runtime = new Runtime(
      { ...options, ...(home !== undefined && { home }), ...(select !== undefined && { select }) },
      supervisor,
    );
    if (log !== undefined) runtime.on((await import('./log-to.ts')).logTo(log, verbose));
    return runtime;
  },
});

function terminalFor(argv: readonly string[]): ReturnType<typeof openTerminal> {
  return openTerminal({ quiet: false, color: !argv.includes('--no-color') });
}

/** The verb, or the group of verbs, that was named. */
function namedIn(program: Command): Command {
  return program.commands.find((verb) => verb.name() === program.args[0]) ?? program;
}

function printUsage(text: string): number {
  process.stderr.write(text);
  return 2;
}
