import { existsSync } from 'node:fs';
import { SkillError } from '../../../host/index.ts';
import { locateHome } from '../../home/home.ts';
import { keep } from '../../keeper/keep.ts';
import { mergeGrants, parseGrant } from '../../policy/grant.ts';
import type { Callable } from '../../runtime/callable.ts';
import type { RunResult } from '../../runtime/run.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Context } from '../context.ts';
import { parseLimits } from '../parse-limits.ts';
import { asSkillError } from '../report-error.ts';
import { type SessionAnswer, type SessionRequest, toAnswer } from '../session-keeper.ts';

/** `skill session keep SOCKET`, which `send` starts: runs sessions for commands that come and go, until none is left. */
export async function sessionKeep(path: string, { home, openRuntime }: Context): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // Whoever began it is gone before it ends.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', () => undefined);
  const { root, sessions } = locateHome(home, process.env);
  const runtime = await openRuntime({ spare: false });
  try {
    await keep({
      path,
      proofs: sessions,
      answer: (request, signal) => answer(request as SessionRequest, runtime, signal),
      // Without its home nobody can ask for it, nor see what it does.
      isNeeded: async () => existsSync(root) && (await runtime.sessions()).length > 0,
      onReady: () => process.stdout.write('ready\n'),
      signal: stop.signal,
    });
  } finally {
    await runtime.close();
  }
  return 0;
}

async function answer(request: SessionRequest, runtime: Runtime, signal: AbortSignal): Promise<unknown> {
  if (request.op === 'list') return runtime.sessions();
  if (request.op === 'close') return runtime.closeSession(request.id);
  const { skill, tool, session, code, grant, limit } = request;
  try {
    const found = await findTool(runtime, skill, tool ?? undefined);
    const result = await runtime.call(found, {
      input: { code, session },
      grant: mergeGrants(grant.map(parseGrant)),
      limits: parseLimits(limit),
      signal,
    });
    return answerOf(result);
  } catch (error) {
    return toAnswer(asSkillError(error), { stdout: '', stderr: '' });
  }
}

function answerOf(result: RunResult): SessionAnswer {
  const { stdout } = (result.ok ? (result.result as { stdout?: string }) : (result.error.details ?? {})) as {
    readonly stdout?: unknown;
  };
  const printed = { stdout: typeof stdout === 'string' ? stdout : '', stderr: result.stderr };
  return result.ok ? { ...printed, error: undefined } : toAnswer(result.error, printed);
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
