import { type Argument, Command, type CommanderError, Option } from 'commander';
import { quote, SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import type { Context } from './context.ts';
import { declareAuthoringVerbs } from './declare-authoring.ts';
import { declareSessionVerbs } from './declare-sessions.ts';
import { declareInstallVerbs } from './declare-install.ts';
import type { AuditFlags } from './verbs/audit.ts';
import type { BenchFlags } from './verbs/bench.ts';
import type { ContextFlags } from './verbs/context.ts';
import type { McpFlags } from './verbs/mcp.ts';
import type { RecipeRunFlags, TakeUpFlags } from './verbs/recipe-run.ts';
import type { RunFlags } from './verbs/run.ts';
import type { SearchFlags } from './verbs/search.ts';
import type { TestFlags } from './verbs/test.ts';

interface GlobalFlags {
  readonly home?: string;
  readonly skills?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly log?: string;
  readonly color: boolean;
}

const TAKE_UP = [
  ['resume', 'carry on a run that was cut off'],
  ['rollback', 'undo a run'],
] as const;

export type OpenContext = (flags: GlobalFlags) => Context;

function showArgument(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** An option that may be given several times. */
function repeatable(flags: string, description: string): Option {
  const option = new Option(flags, description).default([], 'none');
  // `--no-grant` leaves `false`.
  return option.argParser((value: string, before: readonly string[] | false) => [...(before || []), value]);
}

/**
 * The command line: verbs and options here, what they do in verbs/, each loaded when it is called. Without a `version`
 * there is no `--version`.
 */
export function buildProgram(
  version: string | undefined,
  open: OpenContext,
  onExit: (code: number) => void,
  afterDashes: readonly string[],
): Command {
  const program = new Command('skill')
    .description('Runs agent skills from anybody, behind a gate and inside walls.')
    .option('--home <dir>', 'where ledger, state and installed skills live (or SKILLHOST_HOME)')
    .option('--skills <names>', 'only these (a,b), all but these (!a), none or all')
    .option('-q, --quiet', 'data and errors only')
    .option('-v, --verbose', 'debug lines, and stacks of defects')
    .option('--log <file>', 'a JSON line for each thing that happens in runs; - is standard error')
    .option('--no-color', 'plain text')
    .showHelpAfterError('(skill --help lists the verbs)')
    .configureHelp({
      helpWidth: process.stdout.columns === undefined ? 80 : Math.min(process.stdout.columns, 100),
      subcommandTerm: (verb) => [verb.name(), ...verb.registeredArguments.map(showArgument)].join(' '),
    })
    .exitOverride();
  if (version !== undefined) program.version(version, '-V, --version');
  const context = (): Context => open(program.opts<GlobalFlags>());

  program
    .command('run')
    .description('run one tool of a skill')
    .argument('[skill]', 'an id or alias, a skill folder, or a .wasm file')
    .argument('[tool]', 'may be left out when there is one; skill.tool works as well')
    .option('--input <json>', 'all arguments as JSON, or the raw input; @FILE reads a file, - standard input')
    .addOption(repeatable('--grant <cap=scope>', 'what it may touch during this run, such as filesystem_read=./data'))
    .addOption(repeatable('--limit <name=value>', 'such as timeout_ms=1000 (docs/limits.md)'))
    .option('--limits', 'print every limit, or with a skill those of its runs, and run nothing')
    .option('--seed <n>', 'make the run repeatable: random bytes are made of N, and the clock starts at 2000-01-01')
    .option('--clock <time>', 'start the clock there, such as 2024-05-01T12:00:00Z, and let only the guest move it')
    .option('--fresh', 'run it, also where a result from before would do')
    .option('--record <file>', 'write down all that skill replay needs to do the same again')
    .option('--trace', 'show every decision and host call')
    .option('--format <format>', 'text or json', 'text')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      '\nArguments of the tool are written as --NAME VALUE (skill tools SKILL shows them),\nwords for a command behind --. An argument that has the name of an option above\ngoes into --input.\n\n  skill run tool.text slugify --text "Hello, world"\n  skill run tool.files summarize --path README.md --grant filesystem_read=.',
    )
    .action(async (skill: string | undefined, tool: string | undefined, flags: RunFlags, command: Command) => {
      const { run } = await import('./verbs/run.ts');
      // commander leaves operands and unknown options in order; a word in the place of the tool that is an option is none.
      const named =
        tool?.startsWith('--') === true ? command.args.slice(1) : command.args.slice(tool === undefined ? 1 : 2);
      const name = tool?.startsWith('--') === true ? undefined : tool;
      onExit(await run({ skill, tool: name, named, words: afterDashes }, flags, context()));
    });

  program
    .command('list')
    .description('the skills that are here, the broken ones with their reasons')
    .argument('[directories...]', 'directories of skills; otherwise the installed and bundled ones')
    .option('--format <format>', 'table, json or yaml', 'table')
    .action(async (directories: string[], flags: { format: string }) =>
      onExit(await (await import('./verbs/list.ts')).list(directories, flags, context())),
    );

  program
    .command('info')
    .description('what a skill is, what it can do, what it asks for')
    .argument('<skill>')
    .option('--format <format>', 'text, json or yaml', 'text')
    .action(async (skill: string, flags: { format: string }) =>
      onExit(await (await import('./verbs/info.ts')).info(skill, flags, context())),
    );

  program
    .command('tools')
    .description('the tools of one skill, or of all')
    .argument('[skill]')
    .option('--format <format>', 'table, json or yaml', 'table')
    .action(async (skill: string | undefined, flags: { format: string }) =>
      onExit(await (await import('./verbs/tools.ts')).tools(skill, flags, context())),
    );

  program
    .command('validate')
    .description('every problem of a skill folder, with its place and its fix')
    .argument('<folders...>')
    .option('--strict', 'unknown keys are errors')
    .option('--format <format>', 'text, json or sarif', 'text')
    .action(async (folders: string[], flags: { format: string; strict?: boolean }) =>
      onExit(await (await import('./verbs/validate.ts')).validate(folders, flags, context())),
    );

  program
    .command('search')
    .description('the skills that come closest to some words')
    .argument('<words...>')
    .option('--registry', 'of the registries in config.toml, not of those that are here')
    .option('--limit <count>', 'at most so many', '20')
    .option('--format <format>', 'table, json or yaml', 'table')
    .action(async (words: string[], flags: SearchFlags) =>
      onExit(await (await import('./verbs/search.ts')).search(words.join(' '), flags, context())),
    );

  program
    .command('context')
    .description('what skills would put in front of a prompt')
    .argument('<prompt>')
    .option('--budget <tokens>', 'at most so many tokens', '8000')
    .option('--explain', 'why each skill and file is there, and what is not')
    .option('--format <format>', 'text, json or yaml', 'text')
    .action(async (prompt: string, flags: ContextFlags) =>
      onExit(await (await import('./verbs/context.ts')).context(prompt, flags, context())),
    );

  program
    .command('test')
    .description('run the tests of a skill: knowledge_test.md, recipe_test.yaml, tool_test.yaml in tests/')
    .argument('<skills...>', 'ids, aliases or folders')
    .option('--filter <text>', 'only cases whose name holds this')
    .option('--format <format>', 'text, json or junit', 'text')
    .action(async (references: string[], flags: TestFlags) =>
      onExit(await (await import('./verbs/test.ts')).test(references, flags, context())),
    );

  program
    .command('capabilities')
    .description('what a skill asks for, and may touch; grant or revoke changes that')
    .argument('<skill>')
    .argument('[change...]', 'grant or revoke, of a skill that is installed, and what: filesystem_read=./data')
    .option('--why <request>', 'such as "network=GET https://api.example.org" or filesystem_read=./notes')
    .addOption(repeatable('--grant <cap=scope>', 'as in skill run'))
    .option('--format <format>', 'table, json or yaml', 'table')
    .action(
      async (skill: string, [action, ...scopes]: string[], flags: { format: string; why?: string; grant: string[] }) =>
        onExit(
          action === undefined
            ? await (await import('./verbs/capabilities.ts')).capabilities(skill, flags, context())
            : await (
                await import('./verbs/change-capabilities.ts')
              ).changeCapabilities(skill, action, scopes, context()),
        ),
    );

  declareInstallVerbs(program, context, onExit, repeatable);
  declareAuthoringVerbs(program, context, onExit, repeatable);

  program
    .command('mcp')
    .description('serve the skills to an agent, by the Model Context Protocol')
    .option('--http <[host:]port>', 'by streamable HTTP, on 127.0.0.1 unless told; otherwise standard input and output')
    .option('--token <token>', 'what HTTP clients must send as a bearer token; needed for any other host')
    .addOption(repeatable('--grant <cap=scope>', 'what skills may touch, as in skill run, for as long as this serves'))
    .action(async (flags: McpFlags) => onExit(await (await import('./verbs/mcp.ts')).mcp(flags, context())));

  program
    .command('bench')
    .description('measure the promised numbers on this machine, with the peers that are installed')
    .option('--short', 'within two minutes')
    .addOption(new Option('--tiny', 'next to nothing: whether it works').hideHelp())
    .option('--self-check', 'ours against ours: how much is noise')
    .addOption(repeatable('--row <id>', 'only this one'))
    .option('--json', 'the same as --format json')
    .option('--format <format>', 'table or json', 'table')
    .action(async (flags: BenchFlags) => onExit(await (await import('./verbs/bench.ts')).bench(flags)));

  declareSessionVerbs(program, context, onExit, repeatable);

  const recipe = program.command('recipe').description('workflows that verify, and take back what they did');
  const formats = (command: Command, known: string, usual: string): Command =>
    command.option('--format <format>', known, usual);
  formats(recipe.command('list').description('the recipes that are here'), 'table, json or yaml', 'table')
    .option('--for <prompt>', 'only those that fit a prompt, in this directory')
    .action(async (flags: { format: string; for?: string }) =>
      onExit(await (await import('./verbs/recipe.ts')).recipeList(flags, context())),
    );
  formats(recipe.command('show').description('what a recipe takes, does and undoes'), 'text, json or yaml', 'text')
    .argument('<recipe>', 'its id, or skill.recipe')
    .option('--skill <skill>', 'the skill it is of: an id or a folder')
    .action(async (id: string, flags: { format: string; skill?: string }) =>
      onExit(await (await import('./verbs/recipe.ts')).recipeShow(id, flags, context())),
    );
  formats(recipe.command('run').description('run a recipe'), 'text, or json: one event a line', 'text')
    .argument('<recipe>', 'its id, or skill.recipe')
    .option('--skill <skill>', 'the skill it is of: an id or a folder')
    .addOption(repeatable('-p, --param <name=value>', 'one parameter; what is missing is asked for on a terminal'))
    .option('--params <file>', 'parameters in a YAML or JSON file')
    .addOption(repeatable('--grant <cap=scope>', 'what it may touch during this run, as in skill run'))
    .addOption(repeatable('--limit <name=value>', 'such as command_ms=60000 (docs/limits.md)'))
    .option('-y, --yes', 'agree to every step but those that always ask')
    .option('--dry-run', 'show what would be done, and do nothing')
    .action(async (id: string, flags: RecipeRunFlags) =>
      onExit(await (await import('./verbs/recipe-run.ts')).recipeRun(id, flags, context())),
    );
  for (const [how, description] of TAKE_UP)
    formats(recipe.command(how).description(description), 'text, or json: one event a line', 'text')
      .argument('[run]', 'its id, or the beginning of it; otherwise the last one that was cut off')
      .addOption(repeatable('-p, --param <name=value>', 'a secret, for those are in no journal'))
      .addOption(repeatable('--grant <cap=scope>', 'instead of what the run began with'))
      .option('-y, --yes', 'agree to every step but those that always ask')
      .option('--settle <what>', 'of what may have happened: done, redo, or in a rollback left')
      .action(async (run: string | undefined, flags: TakeUpFlags) =>
        onExit(await (await import('./verbs/recipe-run.ts')).recipeTakeUp(how, run, flags, context())),
      );
  formats(recipe.command('runs').description('the runs that have a journal'), 'table, json or yaml', 'table')
    .argument('[run]', 'all that is known of one')
    .action(async (run: string | undefined, flags: { format: string }) =>
      onExit(await (await import('./verbs/recipe.ts')).recipeRuns(run, flags, context())),
    );
  formats(recipe.command('validate').description('every problem of a recipe'), 'text, json or sarif', 'text')
    .argument('<files...>', 'recipe files, or skill folders')
    .action(async (files: string[], flags: { format: string }) =>
      onExit(await (await import('./verbs/recipe-validate.ts')).recipeValidate(files, flags, context())),
    );

  program
    .command('stats')
    .description('how often tools ran, how that went, and how long it took')
    .option('--since <date>', 'from this time on')
    .option('--until <date>', 'up to this time')
    .option('--skill <id>', 'of one skill')
    .option('--format <format>', 'table, json or yaml', 'table')
    .action(async (flags: { format: string; since?: string; until?: string; skill?: string }) =>
      onExit(await (await import('./verbs/stats.ts')).stats(flags, context())),
    );

  const audit = program.command('audit').description('the record of what skills did, or tried');
  const filters = (command: Command): Command =>
    command
      .option('--since <date>', 'from this time on')
      .option('--until <date>', 'up to this time')
      .option('--skill <id>', 'of one skill')
      .option('--result <result>', 'allowed, denied, ok or error')
      .option('--event <event>', 'such as denied, used, mutated, finished')
      .option('--run <id>', 'of one run')
      .option('--limit <count>', 'the first so many');
  filters(audit.command('show', { isDefault: true }).description('records, as a table'))
    .option('--format <format>', 'table, json or yaml', 'table')
    .allowExcessArguments()
    .action(async (flags: AuditFlags, command: Command) => {
      const [word] = command.args;
      if (word !== undefined)
        throw unknownVerb(
          word,
          audit.commands.map((verb) => verb.name()),
        );
      onExit(await (await import('./verbs/audit.ts')).audit(flags, context()));
    });
  audit
    .command('verify')
    .description('find any edited, removed or re-ordered record')
    .option('--format <format>', 'text or json', 'text')
    .action(async (flags: { format: string }) =>
      onExit(await (await import('./verbs/audit.ts')).auditVerify(flags, context())),
    );
  filters(audit.command('export').description('records, for other programs'))
    .option('--format <format>', 'csv or json (one object a line)', 'csv')
    .action(async (flags: AuditFlags) =>
      onExit(await (await import('./verbs/audit.ts')).auditExport(flags, context())),
    );
  return program;
}

function unknownVerb(word: string, known: readonly string[]): SkillError {
  const similar = nearest(word, known);
  return new SkillError('E_USAGE', `unknown command ${quote(word)}`, {
    hint: similar === undefined ? `one of ${known.join(', ')}` : `Did you mean ${similar}?`,
  });
}

/**
 * What commander says about wrong usage, as an error of ours; undefined for help and version, which are none.
 * @param group the command whose words they were
 */
export function fromCommander(error: CommanderError, group: Command): SkillError | undefined {
  if (error.exitCode === 0) return undefined;
  if (error.code === 'commander.unknownCommand' && group.parent !== null)
    return unknownVerb(
      group.args[0] ?? '',
      group.commands.map((verb) => verb.name()),
    );
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').replaceAll(/[()]/g, '').trim();
  return new SkillError('E_USAGE', message, {
    hint: suggestion === '' ? `skill ${group.parent === null ? '' : `${group.name()} `}--help` : suggestion,
  });
}
