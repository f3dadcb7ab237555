import { rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { SkillError } from '../../host/index.ts';
import { messagesOf, say } from './lines.ts';
import { giveProof } from './proof.ts';

export interface Asking {
  readonly request: object;
  /** The folder in which a keeper has whoever asks make a file. */
  readonly proofs: string;
  readonly signal?: AbortSignal;
}

/**
 * Asks a keeper. An aborted request is called off, and answered when it is over.
 * @returns its answer; undefined when nobody took the request, which then did nothing
 * @throws SkillError E_UNAVAILABLE when the keeper ended while it was busy with it, E_STORE where no file can be made
 */
export async function ask(
  path: string,
  { request, proofs, signal }: Asking,
): Promise<{ readonly reply: unknown } | undefined> {
  const socket = await connect(path);
  if (socket === undefined) return undefined;
  let isTaken = false;
  let takeBack = (): void => undefined;
  const callOff = (): void => void (isTaken ? say(socket, { stop: true }) : socket.destroy());
  signal?.addEventListener('abort', callOff, { once: true });
  try {
    for await (const message of messagesOf(socket)) {
      const { prove, taken, reply } = message as Readonly<Record<string, unknown>>;
      if (isTaken && reply !== undefined) return { reply };
      if (prove !== undefined) {
        const given = makeProof(proofs, prove);
        if (given === undefined) break;
        takeBack = given;
        say(socket, request);
      } else if (taken === true) isTaken = true;
      else break;
    }
  } catch (error) {
    // A broken connection is one that ended.
    if (error instanceof SkillError) throw error;
  } finally {
    takeBack();
    signal?.removeEventListener('abort', callOff);
    socket.destroy();
  }
  if (!isTaken) return undefined;
  throw new SkillError('E_UNAVAILABLE', 'what keeps the session ended before it answered', {
    hint: 'nobody knows how far the request came; the next one begins a new session',
  });
}

function makeProof(folder: string, proof: unknown): (() => void) | undefined {
  try {
    return giveProof(folder, proof);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SkillError('E_STORE', `no file can be made in ${folder}: ${code}`, {
      hint: 'sessions are for whoever may write to the home',
      cause: error,
    });
  }
}

/** Undefined where nobody listens; what a keeper left that was killed is taken away. */
function connect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket.on('error', () => undefined)));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') rmSync(path, { force: true });
      resolve(undefined);
    });
  });
}
