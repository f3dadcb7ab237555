import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CapabilityDenied, ERROR_CODES, type ErrorCode, SkillError } from '../../host/index.ts';
import { type Home, locateHome } from '../home/home.ts';
import { readVersion } from '../home/package.ts';
import { askAll, askKept } from '../keeper/keepers.ts';
import { findKeeperFolder, makeKeeperFolder } from '../keeper/place.ts';
import type { OpenSession } from '../session/pool.ts';
import type { Context } from './context.ts';
import { type ErrorReport, toReport } from './report-error.ts';

/** What a command asks of the process in which sessions are kept. */
export type SessionRequest =
  | {
      readonly op: 'send';
      readonly skill: string;
      readonly tool: string | null;
      readonly session: string;
      readonly code: string;
      /** As written. */
      readonly grant: readonly string[];
      readonly limit: readonly string[];
    }
  | { readonly op: 'list' }
  | { readonly op: 'close'; readonly id: string };

/** What a request printed, and why it failed if it did. */
export interface SessionAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly error: ErrorReport | undefined;
}

/** Sends one request to a session, which goes on when this command has ended. @throws SkillError E_UNAVAILABLE, E_ABORTED */
export async function sendKept(
  request: SessionRequest & { readonly op: 'send' },
  { home, again }: Pick<Context, 'home' | 'again'>,
  signal: AbortSignal,
): Promise<SessionAnswer> {
  const place = locateHome(home, process.env);
  const [, program = ''] = process.argv;
  const answer = await askKept(
    { request, proofs: place.sessions, signal },
    {
      folder: makeKeeperFolder(process.env),
      kind: { home: place.root, surroundings: surroundingsOf(place, again) },
      program: [process.execPath, program, ...again, 'session', 'keep'],
    },
  );
  return answer as SessionAnswer;
}

/** Where a keeper runs, and what decides for it: another policy is for another one. */
function surroundingsOf({ config, corp }: Home, again: readonly string[]): readonly string[] {
  return [readVersion(), process.cwd(), ...again, digestOf(config), digestOf(corp)];
}

function digestOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return '';
  }
}

/** The sessions that are open in some keeper of a home. */
export async function listKept(home: Home): Promise<readonly OpenSession[]> {
  const answers = await askOfHome(home, { op: 'list' });
  return answers.flatMap((answer) => answer as readonly OpenSession[]);
}

/** Ends a session wherever it is open. */
export async function closeKept(home: Home, id: string): Promise<void> {
  await askOfHome(home, { op: 'close', id });
}

/** Ends the sessions of skills that may not do any more what they could when they began. */
export async function closeKeptOf(home: Home, skills: readonly string[]): Promise<void> {
  const ended = (await listKept(home)).filter(({ skill }) => skills.includes(skill));
  await Promise.all(ended.map(({ id }) => closeKept(home, id)));
}

async function askOfHome({ root, sessions }: Home, request: SessionRequest): Promise<readonly unknown[]> {
  const folder = findKeeperFolder(process.env);
  return folder === undefined ? [] : askAll(folder, root, { request, proofs: sessions });
}

/** An error as it was in another process. */
export function readReport({ code, message, hint, details = {} }: ErrorReport): SkillError {
  const { layer, rule } = details;
  if (typeof layer === 'string' && typeof rule === 'string')
    return new CapabilityDenied(message, { layer, rule, hint, details });
  return new SkillError(isCode(code) ? code : 'E_INTERNAL', message, { hint, details });
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

export function toAnswer(error: SkillError, printed: Pick<SessionAnswer, 'stdout' | 'stderr'>): SessionAnswer {
  return { ...printed, error: toReport(error) };
}
