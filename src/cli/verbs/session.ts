import { createInterface } from 'node:readline/promises';
import { quote, SkillError } from '../../../host/index.ts';
import { locateHome } from '../../home/home.ts';
import { mergeGrants, parseGrant } from '../../policy/grant.ts';
import type { Callable } from '../../runtime/callable.ts';
import type { RunResult } from '../../runtime/run.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { type SessionJournal, SessionJournals } from '../../session/journal.ts';
import { type Context, parseFormat } from '../context.ts';
import { parseLimits } from '../parse-limits.ts';
import { printListing } from '../print.ts';
import { readStdin } from '../read-bytes.ts';
import { exitCodeOf, printError } from '../report-error.ts';
import { inert, type Terminal } from '../terminal.ts';

export interface SessionFlags {
  readonly tool?: string;
  readonly session: string;
  readonly grant: readonly string[];
  readonly limit: readonly string[];
}

/** `skill session list`. */
export async function sessionList(flags: { readonly format: string }, { terminal, home }: Context): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const kept = journalsOf(home).list();
  const data = kept.map(({ requests, at, ...of }) => ({ ...of, requests: requests.length, at: at.toISOString() }));
  await printListing(
    {
      columns: ['ID', 'SKILL', 'TOOL', 'SESSION', 'PROGRAM', 'REQUESTS', 'LAST'],
      rows: data.map(({ id, skill, tool, name, program, requests, at }) => [
        id,
        skill,
        tool,
        name,
        program,
        String(requests),
        at.slice(0, 16).replace('T', ' '),
      ]),
      data,
      empty: 'no sessions are kept; a tool with state_persistence = true keeps them',
    },
    format,
    terminal,
  );
  return 0;
}

/** `skill session send`. */
export async function sessionSend(
  skill: string,
  given: string,
  flags: SessionFlags,
  context: Context,
): Promise<number> {
  const code = given === '-' ? (await readStdin()).toString() : given;
  return withSession(skill, flags, context, async (send) => printReply(await send(code), context.terminal));
}

/** `skill session attach`. */
export async function sessionAttach(skill: string, flags: SessionFlags, context: Context): Promise<number> {
  const { terminal } = context;
  return withSession(skill, flags, context, async (send, name) => {
    if (!process.stdin.isTTY) return printReply(await send((await readStdin()).toString()), terminal);
    const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
    // Ctrl-C comes here, not as a signal: it ends what runs, and where nothing does it leaves.
    let request: AbortController | undefined;
    lines.on('line', () => (request ??= new AbortController()));
    lines.on('SIGINT', () => (request === undefined ? lines.close() : request.abort()));
    let waiting = '';
    lines.setPrompt(`${name}> `);
    lines.prompt();
    for await (const line of lines) {
      waiting += line.endsWith('\\') ? `${line.slice(0, -1)}\n` : line;
      if (!line.endsWith('\\')) {
        if (waiting.trim() !== '') await printReply(await send(waiting, request?.signal), terminal);
        waiting = '';
      }
      request = undefined;
      lines.prompt();
    }
    terminal.say('\n');
    return 0;
  });
}

/** `skill session close`. */
export async function sessionClose(reference: string, { terminal, home }: Context): Promise<number> {
  const journals = journalsOf(home);
  const { id, name } = findOne(journals.list(), reference);
  journals.remove(id);
  terminal.say(`closed ${name} (${id})\n`);
  return Promise.resolve(0);
}

function findOne(kept: readonly SessionJournal[], reference: string): SessionJournal {
  const found = kept.filter(({ id, name }) => id === reference || name === reference);
  const [only, second] = found;
  if (only === undefined)
    throw new SkillError('E_NOT_FOUND', `there is no session ${quote(reference)}`, { hint: 'skill session list' });
  if (second === undefined) return only;
  throw new SkillError('E_AMBIGUOUS', `${found.length} sessions are called ${quote(reference)}`, {
    hint: `say which: ${found.map(({ id }) => id).join(', ')}`,
  });
}

function journalsOf(home: string | undefined): SessionJournals {
  return new SessionJournals(locateHome(home, process.env).sessions);
}

type Send = (code: string, signal?: AbortSignal) => Promise<RunResult>;

async function withSession(
  reference: string,
  flags: SessionFlags,
  { openRuntime }: Context,
  work: (send: Send, name: string) => Promise<number>,
): Promise<number> {
  const grant = mergeGrants(flags.grant.map(parseGrant));
  const limits = parseLimits(flags.limit);
  const runtime = await openRuntime({ spare: false, grant });
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  try {
    const found = await findTool(runtime, reference, flags.tool);
    const send: Send = (code, signal) =>
      runtime.call(found, {
        input: { code, session: flags.session },
        limits,
        signal: AbortSignal.any([interrupt.signal, ...(signal === undefined ? [] : [signal])]),
      });
    return await work(send, flags.session);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    await runtime.close();
  }
}

/** The tool that is named, or the only one that has sessions. */
async function findTool(runtime: Runtime, reference: string, name: string | undefined): Promise<Callable> {
  if (name !== undefined) return requireSessions(await runtime.find(reference, name));
  const skill = await runtime.skill(reference);
  const [only, second] = skill.tools.filter(({ action }) => action.type === 'code_session');
  if (only !== undefined && second === undefined) return { skill, tool: only };
  throw new SkillError(
    only === undefined ? 'E_NOT_FOUND' : 'E_USAGE',
    only === undefined ? `${skill.id} has no tool with sessions` : `${skill.id} has several tools with sessions`,
    { hint: only === undefined ? `skill info ${skill.id}` : 'say which with --tool' },
  );
}

function requireSessions(found: Callable): Callable {
  if (found.tool.action.type === 'code_session') return found;
  throw new SkillError('E_USAGE', `${found.tool.name} is no tool with sessions`, {
    hint: `skill run ${found.skill.id} ${found.tool.name}`,
  });
}

/** What it printed, as it printed it. */
async function printReply(result: RunResult, terminal: Terminal): Promise<number> {
  const shown = (printed: string): string => (terminal.isTerminal ? inert(printed) : printed);
  const { stdout } = (result.ok ? (result.result as { stdout?: string }) : (result.error.details ?? {})) as {
    readonly stdout?: unknown;
  };
  if (typeof stdout === 'string' && stdout !== '') terminal.out(shown(stdout));
  if (result.stderr !== '') terminal.error(shown(result.stderr));
  if (result.ok) return 0;
  await printError(result.error, terminal);
  return exitCodeOf(result.error);
}
