import { spawn } from 'node:child_process';
import { SkillError } from '../../host/index.ts';
import { DISK } from '../files/disk.ts';
import { takeTurn } from '../home/turn.ts';
import { ask, type Asking } from './ask.ts';
import { type KeeperKind, newSocket, socketsOf, turnOf } from './place.ts';

const MOST_BEGUN = 3;
/** For a keeper that is asked what it has, and does not answer. */
const SILENT_MS = 10_000;

/** Words of a program that keeps, once the name of its socket is added; it says so on standard output when it can be reached. */
export type KeeperProgram = readonly [file: string, ...words: string[]];

/** Where a keeper is reached, and what is begun where there is none. */
interface Kept {
  readonly folder: string;
  readonly kind: KeeperKind;
  readonly program: KeeperProgram;
}

/** Asks the keeper of a kind, which is begun if need be. @throws SkillError E_UNAVAILABLE, E_ABORTED, E_STORE */
export async function askKept(
  asking: Asking & { readonly signal: AbortSignal },
  { folder, kind, program }: Kept,
): Promise<unknown> {
  const { signal } = asking;
  const tried = new Set<string>();
  for (let begun = 0; begun < MOST_BEGUN;) {
    const paths = socketsOf(folder, kind).filter((path) => !tried.has(path));
    const answered = await askFirst(paths, asking);
    if (answered !== undefined) return answered.reply;
    for (const path of paths) tried.add(path);
    const turn = await takeTurn(turnOf(folder), { files: DISK, signal });
    try {
      // Another command may have begun it meanwhile.
      if (!socketsOf(folder, kind).every((path) => tried.has(path))) continue;
      await begin(program, newSocket(folder, kind));
      begun++;
    } finally {
      turn.end();
    }
  }
  throw new SkillError('E_UNAVAILABLE', 'what keeps sessions ends as soon as it is begun', { hint: 'skill doctor' });
}

/** Asks every keeper of a home. @returns the answers of those that are there */
export async function askAll(folder: string, home: string, asking: Asking): Promise<readonly unknown[]> {
  const answers = await Promise.all(
    socketsOf(folder, { home }).map((path) =>
      ask(path, { ...asking, signal: AbortSignal.timeout(SILENT_MS) }).catch(() => undefined),
    ),
  );
  return answers.flatMap((answer) => (answer === undefined ? [] : [answer.reply]));
}

async function askFirst(
  paths: readonly string[],
  asking: Asking & { readonly signal: AbortSignal },
): Promise<{ readonly reply: unknown } | undefined> {
  for (const path of paths) {
    asking.signal.throwIfAborted();
    const answered = await ask(path, asking);
    if (answered !== undefined) return answered;
  }
  asking.signal.throwIfAborted();
  return undefined;
}

/** Starts a keeper, which outlives this process and its terminal. @throws SkillError E_UNAVAILABLE with what it said */
async function begin([file, ...words]: KeeperProgram, path: string): Promise<void> {
  const child = spawn(file, [...words, path], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new SkillError('E_UNAVAILABLE', `what keeps sessions did not start: ${why}`, { hint: 'skill doctor' }));
    child.stdout.once('data', () => resolve());
    child.once('error', ({ message }) => fail(message));
    child.once('close', (code, ended) => fail(said.trim() || `it ended with ${code ?? ended}`));
  });
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
}
