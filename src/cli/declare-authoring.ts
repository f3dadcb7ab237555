import type { Command, Option } from 'commander';
import { SkillError } from '../../host/index.ts';
import type { Context } from './context.ts';
import type { AnalyzeFlags } from './verbs/analyze.ts';
import type { BuildFlags } from './verbs/build.ts';
import type { DevFlags } from './verbs/dev.ts';
import type { ImportFlags } from './verbs/import.ts';
import type { InitFlags } from './verbs/init.ts';
import type { ReplayFlags } from './verbs/replay.ts';

/** The verbs for whoever writes skills. */
export function declareAuthoringVerbs(
  program: Command,
  context: () => Context,
  onExit: (code: number) => void,
  repeatable: (flags: string, description: string) => Option,
): void {
  program
    .command('init')
    .description('begin a new skill')
    .argument('[name]', 'such as word-count, or a whole id such as tool.word-count')
    .option('-t, --template <name>', 'knowledge, recipe, script, wasm-js, wasm-as, wasm-c, wasm-rust or full')
    .option('--into <dir>', 'where its folder goes', '.')
    .option('--format <format>', 'text or json', 'text')
    .action(async (name: string | undefined, flags: InitFlags) =>
      onExit(await (await import('./verbs/init.ts')).init(name, flags, context())),
    );
  program
    .command('build')
    .description('compile what a skill runs: guest/ or assembly/ becomes bin/NAME.wasm')
    .argument('[folders...]', 'skill folders; otherwise the one this is')
    .option('--format <format>', 'text or json', 'text')
    .action(async (folders: string[], flags: BuildFlags) =>
      onExit(await (await import('./verbs/build.ts')).build(folders.length === 0 ? ['.'] : folders, flags, context())),
    );
  program
    .command('dev')
    .description('watch a skill: compile, load and test it at each change; lines of input run its tools')
    .argument('[folder]', 'its folder', '.')
    .addOption(repeatable('--grant <cap=scope>', 'what it may touch, as in skill run'))
    .option('--case <name>', 'run tools in the world of this case of tests/tool_test.yaml')
    .action(async (folder: string, flags: DevFlags) =>
      onExit(await (await import('./verbs/dev.ts')).dev(folder, flags, context())),
    );
  program
    .command('analyze')
    .description('what is dangerous in the files of skills, with a score; nothing of them is run')
    .argument('<skills...>', 'folders, ids or aliases')
    .option('--fail-on <severity>', 'exit code 5 from this on: critical, high, medium or low', 'high')
    .option('--dry-run <tool>', 'run this tool in a made-up world, and compare what it uses with what is declared')
    .option('--input <json>', 'of the dry run; otherwise its cases in tests/tool_test.yaml')
    .option('--format <format>', 'text, json or sarif', 'text')
    .action(async (references: string[], flags: AnalyzeFlags & { dryRun?: string; input?: string }) => {
      const { dryRun: tool, input, format } = flags;
      const [reference = '', second] = references;
      if (tool !== undefined && second !== undefined)
        throw new SkillError('E_USAGE', `--dry-run runs a tool of one skill, not of ${references.length}`, {
          hint: 'give one skill, or leave it out',
        });
      onExit(
        tool === undefined
          ? await (await import('./verbs/analyze.ts')).analyze(references, flags, context())
          : await (await import('./verbs/dry-run.ts')).analyzeRun(reference, { tool, input, format }, context()),
      );
    });
  program
    .command('replay')
    .description('do what was recorded again, and say where it differs; nothing is touched')
    .argument('<file>', 'what skill run … --record FILE wrote')
    .option('--skill <skill>', 'the skill it is of, such as a folder; otherwise it is found by its id')
    .option('--changed', 'also of a skill that has changed since')
    .option('--format <format>', 'text or json', 'text')
    .action(async (file: string, flags: ReplayFlags) =>
      onExit(await (await import('./verbs/replay.ts')).replay(file, flags, context())),
    );
  program
    .command('import')
    .description('make a skill of something else, and tell what does not carry over')
    .argument('<source>', 'a SKILL.md, skill.json, manifest.yaml, list of MCP tools, or Goose recipe')
    .option('--to <dir>', 'a folder that is not there yet; otherwise the name of the skill')
    .option('--name <id>', 'its id, such as my-skill, which is custom.my-skill')
    .option('--format <format>', 'text or json', 'text')
    .action(async (source: string, flags: ImportFlags) =>
      onExit(await (await import('./verbs/import.ts')).importVerb(source, flags, context())),
    );
}
