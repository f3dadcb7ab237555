import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { quote, SkillError } from '../../../host/index.ts';
import { openToolchain } from '../../build/toolchain.ts';
import { DevSession, isMade, type Reload } from '../../dev/dev-session.ts';
import { locateHome } from '../../home/home.ts';
import { describeProblem } from '../../manifest/describe-problem.ts';
import { mergeGrants, parseGrant } from '../../policy/grant.ts';
import { splitWords } from '../../recipe/words.ts';
import type { RunEvent } from '../../runtime/events.ts';
import { createRuntime, type Runtime } from '../../runtime/runtime.ts';
import type { ReadySkill } from '../../skill/skill.ts';
import { runCase } from '../../trial/run-case.ts';
import { readToolTests } from '../../trial/run-tool-tests.ts';
import { resolveTool } from '../../runtime/resolve.ts';
import type { Context } from '../context.ts';
import { printError } from '../report-error.ts';
import { inert, inline, type Terminal, wrap } from '../terminal.ts';
import { describe } from './build.ts';
import { printResult, readInput, traceLine } from './run.ts';

export interface DevFlags {
  readonly grant: readonly string[];
  readonly case?: string;
}

/** `skill dev DIR`: until its input ends, or Ctrl-C. Each line of input is a call, as behind `skill run DIR`. */
export async function dev(dir: string, flags: DevFlags, context: Context): Promise<number> {
  const { terminal } = context;
  const folder = resolve(dir);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new SkillError('E_NOT_FOUND', `there is no folder ${quote(dir)}`, { hint: 'give the folder of a skill' });
  const home = mkdtempSync(join(tmpdir(), 'skillhost-dev-'));
  const runtime = createRuntime({ home, grant: mergeGrants(flags.grant.map(parseGrant)) });
  const toolchain = openToolchain(locateHome(context.home, process.env).root, (line) =>
    terminal.say(`${inline(line)}\n`),
  );
  const parts = { toolchain, describe: (module: string) => describe(runtime, module) };
  const session = new DevSession(folder, parts, (reload) => tell(reload, session, terminal));
  const watching = new Watching(session);
  const { watch } = await import('chokidar');
  const watcher = watch(folder, {
    ignoreInitial: true,
    // A link may lead to all of the machine.
    followSymlinks: false,
    ignored: (path) => isMade(relative(folder, path)),
  });
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  try {
    await new Promise<void>((done, fail) => {
      watcher.once('ready', done);
      watcher.on('error', fail);
      interrupt.signal.addEventListener('abort', () => done(), { once: true });
    });
    if (interrupt.signal.aborted) return 0;
    watcher.on('all', () => watching.changed());
    await watching.now();
    terminal.say(
      `watching ${inline(relative(process.cwd(), folder) || '.')}; a line such as TOOL --NAME VALUE runs a tool\n`,
    );
    const start = performance.now();
    const onEvent = (event: RunEvent): void => terminal.error(traceLine(event, performance.now() - start));
    runtime.on(onEvent);
    // Not before: lines that come while nobody reads them are lost.
    const lines = createInterface({ input: process.stdin, signal: interrupt.signal });
    for await (const line of lines) {
      if (line.trim() === '') continue;
      await watching.now();
      await answer(line, session.current, { flags, runtime, terminal, onEvent });
    }
    return 0;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    await watcher.close();
    await watching.rest();
    await runtime.close();
    rmSync(home, { recursive: true, force: true });
  }
}

const QUIET_MS = 30;

/** One reload at a time, a moment after the last change. */
class Watching {
  readonly #session: DevSession;
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(session: DevSession) {
    this.#session = session;
  }

  changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(), QUIET_MS);
  }

  /** Nothing more is reloaded; what is being reloaded ends first. */
  rest(): Promise<unknown> {
    clearTimeout(this.#timer);
    return this.#last;
  }

  now(): Promise<unknown> {
    clearTimeout(this.#timer);
    this.#last = this.#last.then(() => this.#session.reload());
    return this.#last;
  }
}

interface Desk {
  readonly flags: DevFlags;
  readonly runtime: Runtime;
  readonly terminal: Terminal;
  readonly onEvent: (event: RunEvent) => void;
}

async function answer(line: string, skill: ReadySkill | undefined, desk: Desk): Promise<void> {
  const { flags, runtime, terminal, onEvent } = desk;
  try {
    if (skill === undefined) throw new SkillError('E_NOT_FOUND', 'there is no version that is ready yet');
    const split = splitWords(line);
    if ('wrong' in split) throw new SkillError('E_INPUT', `the line ${split.wrong}`, { hint: split.fix });
    const [name = '', ...named] = split.words;
    const tool = resolveTool(skill, name);
    const given =
      tool.input === 'json'
        ? await readInput(tool, { named, words: [] }, {})
        : // Standard input holds the lines, and nothing for a tool.
          await readInput(tool, { named: [], words: named }, { input: '' });
    if (flags.case === undefined) return await printResult(await runtime.call({ skill, tool }, given), terminal);
    const of = (await readToolTests(skill)).cases.find((one) => one.name === flags.case);
    if (of === undefined)
      throw new SkillError('E_NOT_FOUND', `tests/tool_test.yaml has no case ${quote(flags.case)}`, {
        hint: 'the name of a case, whose made-up servers, programs and files are used',
      });
    const { input, args } = given;
    const world = { ...of, recording: undefined, tool: tool.name, input, args: args ?? [] };
    await printResult(await runCase(skill, world, ({ result }) => result, { onEvent }), terminal);
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    await printError(error, terminal);
  }
}

function tell(reload: Reload, { current }: DevSession, terminal: Terminal): void {
  const say = (text: string): void => terminal.out(`${wrap(text, terminal.width, '  ')}\n`);
  const kept = current === undefined ? '' : `; ${inline(current.id)} goes on as it was`;
  switch (reload.type) {
    case 'built':
      return say(`built ${inline(reload.built.module)} in ${reload.ms} ms`);
    case 'failed': {
      const said = reload.error.details?.['said'];
      if (typeof said === 'string') terminal.out(`${inert(said)}\n`);
      return say(`failed: ${inline(reload.error.message)}${kept}`);
    }
    case 'broken':
      for (const problem of reload.problems) say(`${problem.severity}: ${inline(describeProblem(problem))}`);
      return say(`not ready${kept}`);
    case 'ready':
      for (const problem of reload.problems) say(`${problem.severity}: ${inline(describeProblem(problem))}`);
      return say(
        `ready: ${inline(reload.skill.id)}, tools ${reload.skill.tools.map(({ name }) => inline(name)).join(', ')}`,
      );
    case 'tested': {
      const { cases, problems } = reload.report;
      for (const problem of problems) say(`${problem.severity}: ${inline(describeProblem(problem))}`);
      const failed = cases.filter(({ failures }) => failures.length > 0);
      for (const { name, failures } of failed)
        for (const { expected, actual } of failures)
          say(`failed ${inline(name)}: expected ${inline(expected)}, but ${inline(actual)}`);
      return say(`tests: ${cases.length - failed.length} passed, ${failed.length} failed`);
    }
  }
}
