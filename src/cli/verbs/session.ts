import { createInterface } from 'node:readline/promises';
import { quote, SkillError } from '../../../host/index.ts';
import { locateHome } from '../../home/home.ts';
import { SessionJournals } from '../../session/journal.ts';
import { type Context, parseFormat } from '../context.ts';
import { printListing } from '../print.ts';
import { readStdin } from '../read-bytes.ts';
import { exitCodeOf, printError } from '../report-error.ts';
import { closeKept, listKept, readReport, sendKept, type SessionAnswer } from '../session-keeper.ts';
import { inert, type Terminal } from '../terminal.ts';

export interface SessionFlags {
  readonly tool?: string;
  readonly session: string;
  readonly grant: readonly string[];
  readonly limit: readonly string[];
}

/** A session as a list shows it: one that is open, or one that was and can be made again. */
interface ListedSession {
  readonly id: string;
  readonly skill: string;
  readonly tool: string;
  readonly name: string;
  readonly program: string;
  readonly requests: number;
  /** When it was last used. */
  readonly at: string;
  readonly open: boolean;
  readonly memoryBytes: number;
  readonly cpuMs: number;
}

/** `skill session list`. */
export async function sessionList(flags: { readonly format: string }, { terminal, home }: Context): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const data = await listSessions(home);
  await printListing(
    {
      columns: ['ID', 'SKILL', 'TOOL', 'SESSION', 'PROGRAM', 'REQUESTS', 'LAST', 'STATE'],
      rows: data.map(({ id, skill, tool, name, program, requests, at, ...state }) => [
        id,
        skill,
        tool,
        name,
        program,
        String(requests),
        at.slice(0, 16).replace('T', ' '),
        state.open
          ? `open, ${Math.round(state.memoryBytes / 2 ** 20)} MiB, ${(state.cpuMs / 1000).toFixed(1)} s`
          : 'kept',
      ]),
      data,
      empty: 'no sessions; skill session send begins one',
    },
    format,
    terminal,
  );
  return 0;
}

/** What is open comes first, then what was, and what it was sent is kept. */
async function listSessions(home: string | undefined): Promise<readonly ListedSession[]> {
  const place = locateHome(home, process.env);
  const now = Date.now();
  const open = (await listKept(place)).map(({ idleMs, ...of }) => ({
    ...of,
    at: new Date(now - idleMs).toISOString(),
    open: true,
  }));
  const kept = new SessionJournals(place.sessions).list().map(({ requests, at, ...of }) => ({
    ...of,
    requests: requests.length,
    at: at.toISOString(),
    open: false,
    memoryBytes: 0,
    cpuMs: 0,
  }));
  return [...open, ...kept.filter(({ id }) => !open.some((one) => one.id === id))];
}

/** `skill session send`. */
export async function sessionSend(
  skill: string,
  given: string,
  flags: SessionFlags,
  context: Context,
): Promise<number> {
  const code = given === '-' ? (await readStdin()).toString() : given;
  return withSession(skill, flags, context, async (send) => printAnswer(await send(code), context.terminal));
}

/** `skill session attach`. */
export async function sessionAttach(skill: string, flags: SessionFlags, context: Context): Promise<number> {
  const { terminal } = context;
  return withSession(skill, flags, context, async (send, name) => {
    if (!process.stdin.isTTY) return printAnswer(await send((await readStdin()).toString()), terminal);
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
        if (waiting.trim() !== '') await printAnswer(await send(waiting, request?.signal), terminal);
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
  const { id, name } = findOne(await listSessions(home), reference);
  const place = locateHome(home, process.env);
  await closeKept(place, id);
  new SessionJournals(place.sessions).remove(id);
  terminal.say(`closed ${name} (${id})\n`);
  return 0;
}

function findOne(sessions: readonly ListedSession[], reference: string): ListedSession {
  const found = sessions.filter(({ id, name }) => id === reference || name === reference);
  const [only, second] = found;
  if (only === undefined)
    throw new SkillError('E_NOT_FOUND', `there is no session ${quote(reference)}`, { hint: 'skill session list' });
  if (second === undefined) return only;
  throw new SkillError('E_AMBIGUOUS', `${found.length} sessions are called ${quote(reference)}`, {
    hint: `say which: ${found.map(({ id }) => id).join(', ')}`,
  });
}

type Send = (code: string, signal?: AbortSignal) => Promise<SessionAnswer>;

async function withSession(
  skill: string,
  { tool, session, grant, limit }: SessionFlags,
  context: Context,
  work: (send: Send, name: string) => Promise<number>,
): Promise<number> {
  if (context.again.includes('-'))
    throw new SkillError('E_USAGE', 'a session goes on when this command has ended, and cannot log to it', {
      hint: '--log FILE',
    });
  const interrupt = new AbortController();
  const onInterrupt = (): void =>
    interrupt.abort(new SkillError('E_ABORTED', 'the request was ended by its caller before it began'));
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    const send: Send = (code, signal) =>
      sendKept(
        { op: 'send', skill, tool: tool ?? null, session, code, grant, limit },
        context,
        AbortSignal.any([interrupt.signal, ...(signal === undefined ? [] : [signal])]),
      );
    return await work(send, session);
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

/** What it printed, as it printed it. */
async function printAnswer({ stdout, stderr, error }: SessionAnswer, terminal: Terminal): Promise<number> {
  const shown = (printed: string): string => (terminal.isTerminal ? inert(printed) : printed);
  if (stdout !== '') terminal.out(shown(stdout));
  if (stderr !== '') terminal.error(shown(stderr));
  if (error === undefined) return 0;
  const failure = readReport(error);
  await printError(failure, terminal);
  return exitCodeOf(failure);
}
