import { SkillError } from '../../../host/index.ts';
import { mergeGrants, parseGrant } from '../../policy/grant.ts';
import type { Call } from '../../recording/record.ts';
import type { RunEvent } from '../../runtime/events.ts';
import { parseClock, parseSeed } from '../../runtime/repeatable.ts';
import type { RunOptions, RunResult } from '../../runtime/run.ts';
import type { Tool } from '../../tool/tool.ts';
import { type Context, parseFormat } from '../context.ts';
import { parseArguments } from '../parse-arguments.ts';
import { parseLimits } from '../parse-limits.ts';
import { readInputFile, readStdin } from '../read-bytes.ts';
import { exitCodeOf, placeOf, printError, toReport } from '../report-error.ts';
import { inert, inline, type Terminal } from '../terminal.ts';

export interface RunFlags {
  readonly input?: string;
  readonly grant: readonly string[];
  readonly limit: readonly string[];
  readonly limits?: boolean;
  readonly seed?: string;
  readonly clock?: string;
  readonly fresh?: boolean;
  readonly record?: string;
  readonly trace?: boolean;
  readonly format: string;
}

export interface RunWords {
  readonly skill: string | undefined;
  readonly tool: string | undefined;
  /** `--name value` words the tool's schema will type. */
  readonly named: readonly string[];
  /** What followed `--`. */
  readonly words: readonly string[];
}

/** `skill run`: answers the exit code. */
export async function run(words: RunWords, flags: RunFlags, context: Context): Promise<number> {
  const { terminal, openRuntime, verbose } = context;
  const format = parseFormat(flags.format, ['text', 'json']);
  if (flags.limits === true) return printLimits(words, flags, context);
  const { skill } = words;
  if (skill === undefined)
    throw new SkillError('E_USAGE', "missing required argument 'skill'", {
      hint: 'skill run --help',
    });
  const grant = mergeGrants(flags.grant.map(parseGrant));
  const limits = parseLimits(flags.limit);
  const repeatable = {
    ...(flags.seed !== undefined && { seed: parseSeed(flags.seed) }),
    ...(flags.clock !== undefined && { clock: parseClock(flags.clock) }),
  };
  const runtime = await openRuntime({ spare: false });
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  const trace: RunEvent[] = [];
  const started = performance.now();
  runtime.on((event) => {
    if (flags.trace === true) trace.push(event);
    if (flags.trace === true && format === 'text') terminal.error(traceLine(event, performance.now() - started));
    else if (event.type === 'log' && (event.level !== 'debug' || verbose))
      terminal.say(`${event.level}: ${inline(event.message)}\n`);
  });
  try {
    const found = await runtime.find(skill, words.tool);
    const options = await readInput(found.tool, words, flags, interrupt.signal);
    const given = {
      ...options,
      ...repeatable,
      fresh: flags.fresh === true,
      grant,
      limits,
      signal: interrupt.signal,
    };
    const call: Call = (callable, all) => runtime.call(callable, all);
    const { record: file } = flags;
    const result =
      file === undefined
        ? await call(found, given)
        : await (await import('../../recording/record.ts')).recordRun(found, given, { file, call });
    if (format === 'json')
      terminal.out(`${JSON.stringify(await jsonResult(result, flags.trace === true ? trace : undefined))}\n`);
    else await printResult(result, terminal);
    return result.ok ? 0 : exitCodeOf(result.error);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    await runtime.close();
  }
}

async function printLimits({ skill }: RunWords, { limit, format: asked }: RunFlags, context: Context): Promise<number> {
  const { showCeilings, showLimits } = await import('./limits.ts');
  const format = parseFormat(asked, ['text', 'json']);
  const limits = parseLimits(limit);
  if (skill === undefined) await showCeilings(format, context);
  else await showLimits(skill, { limits, format }, context);
  return 0;
}

export async function readInput(
  tool: Tool,
  { named, words }: Pick<RunWords, 'named' | 'words'>,
  { input }: Pick<RunFlags, 'input'>,
  signal?: AbortSignal,
): Promise<Pick<RunOptions, 'input' | 'args' | 'stdin'>> {
  if (tool.input === 'json') {
    if (words.length > 0)
      throw new SkillError('E_INPUT', `words after -- are for commands; ${tool.name} takes named arguments`, {
        hint: 'write --NAME VALUE',
      });
    const whole = input === undefined ? {} : parseJson((await readSource(input, signal)).toString());
    const args = parseArguments(named, tool);
    if (Object.keys(args).length === 0) return { input: whole };
    if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
      throw new SkillError('E_INPUT', 'with named arguments --input must be a JSON object', {
        hint: 'give one of the two',
      });
    return { input: { ...whole, ...args } };
  }
  parseArguments(named, tool);
  if (tool.input === 'raw' && words.length > 0)
    throw new SkillError('E_INPUT', `words after -- are for commands; ${tool.name} takes raw input`, {
      hint: 'write --input TEXT, --input @FILE, or pipe it in',
    });
  const raw =
    input === undefined
      ? await readPiped(tool.input === 'raw' || words.length === 0, signal)
      : await readSource(input, signal);
  return tool.input === 'command' ? { args: words, stdin: raw } : { input: raw };
}

/** `@FILE`, `-` for standard input, or the text itself. */
async function readSource(input: string, signal: AbortSignal | undefined): Promise<Buffer> {
  if (input === '-') return readStdin(signal);
  return input.startsWith('@') ? readInputFile(input.slice(1)) : Buffer.from(input);
}

/** What was piped in, for tools that read bytes; nothing from a terminal. */
async function readPiped(sockets: boolean, signal: AbortSignal | undefined): Promise<Buffer> {
  return (await isPiped(sockets)) ? readStdin(signal) : Buffer.alloc(0);
}

async function isPiped(sockets: boolean): Promise<boolean> {
  const { fstatSync } = await import('node:fs');
  try {
    const stat = fstatSync(0);
    // A parent that is a Node process gives a socket for a pipe, and leaves it open when it has nothing to say: a command
    // with words would wait for ever. It is read with --input -.
    return stat.isFIFO() || stat.isFile() || (sockets && stat.isSocket());
  } catch {
    return false;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new SkillError('E_INPUT', `--input is no JSON: ${error instanceof Error ? error.message : ''}`, {
      hint: `write it in single quotes, such as --input '{"name": "value"}'`,
    });
  }
}

export async function jsonResult(result: RunResult, trace: readonly RunEvent[] | undefined): Promise<unknown> {
  const { durationMs, fuel, memoryBytes, hostCalls } = result.usage;
  const usage = { durationMs: Math.round(durationMs * 100) / 100, fuel: fuel ?? null, memoryBytes, hostCalls };
  const denials = await Promise.all(
    result.denials.map(async (denial) => ({ ...toReport(denial), place: await placeOf(denial) })),
  );
  const rest = {
    usage,
    ...(denials.length > 0 && { denials }),
    ...(result.stderr !== '' && { stderr: result.stderr }),
    ...(trace !== undefined && { trace }),
  };
  return result.ok
    ? { ok: true, result: jsonValue(result.result), ...rest }
    : { ok: false, error: toReport(result.error), ...rest };
}

/** Bytes as text where they are text, otherwise as base64 and said so. */
function jsonValue(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  const text = Buffer.from(value).toString();
  return Buffer.from(text).equals(value) ? text : { base64: Buffer.from(value).toString('base64') };
}

export async function printResult(result: RunResult, terminal: Terminal): Promise<void> {
  if (result.stderr !== '') terminal.error(terminal.isTerminal ? inert(result.stderr) : result.stderr);
  if (!result.ok) {
    // What a program printed before it failed.
    const { stdout } = result.error.details ?? {};
    if (typeof stdout === 'string' && stdout !== '') printValue(stdout, terminal);
    return printError(result.error, terminal);
  }
  printValue(result.result, terminal);
  for (const denial of result.denials) {
    terminal.say(`${terminal.style('yellow', 'note:')} ${inline(denial.message)}\n`);
    if (denial.hint !== undefined) terminal.say(`  ${terminal.style('green', 'fix:')} ${inline(denial.hint)}\n`);
  }
}

function printValue(value: unknown, terminal: Terminal): void {
  if (value === null || value === undefined) return;
  if (value instanceof Uint8Array && !terminal.isTerminal) return terminal.out(value);
  const text =
    value instanceof Uint8Array
      ? Buffer.from(value).toString()
      : typeof value === 'string'
        ? value
        : JSON.stringify(value, null, 2);
  const shown = terminal.isTerminal ? inert(text) : text;
  terminal.out(shown.endsWith('\n') ? shown : `${shown}\n`);
}

export function traceLine(event: RunEvent, at: number): string {
  const time = `${at.toFixed(1).padStart(8)} ms  `;
  switch (event.type) {
    case 'started':
      return `${time}started   ${inline(event.skill)} ${inline(event.tool)} ${event.hash.slice(0, 19)}…\n`;
    case 'decision':
      return `${time}${event.result.padEnd(9)} ${event.capability} ${inline(event.resource)} (${event.layer}: ${inline(event.rule)})\n`;
    case 'host-call':
      return `${time}host call ${event.operation} ${event.result} in ${event.durationMs.toFixed(2)} ms\n`;
    case 'progress':
      return `${time}${event.progress.type.padEnd(9)} ${inline(JSON.stringify(event.progress))}\n`;
    case 'alert':
      return `${time}alert     ${event.count} ${event.when} of ${inline(event.skill)} within ${event.withinMs} ms\n`;
    case 'text':
      return `${time}text      ${inline(event.text)}\n`;
    case 'cached':
      return `${time}cached    answered by what came of it before\n`;
    case 'retry':
      return `${time}failed    ${event.code}; again in ${event.waitMs} ms\n`;
    case 'fallback':
      return `${time}failed    ${event.code}; ${inline(event.to)} runs instead\n`;
    case 'breaker':
      return `${time}breaker   ${event.state}\n`;
    case 'log':
      return `${time}log       ${event.level}: ${inline(event.message)}\n`;
    case 'finished': {
      const { hostCalls = 0, memoryBytes = 0, fuel } = event.usage ?? {};
      const used = fuel === undefined ? '' : `, ${fuel} instructions`;
      return `${time}${event.ok ? 'done' : (event.code ?? 'failed')}: ${hostCalls} host calls, ${(memoryBytes / 1024).toFixed(0)} KiB of memory${used}\n`;
    }
  }
}
