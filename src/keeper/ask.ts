import { rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { SkillError } from '../../host/index.ts';
import { messagesOf, say } from './lines.ts';

/**
 * Asks a keeper. An aborted request is called off, and answered when it is over.
 * @returns its answer; undefined when nobody took the request, which then did nothing
 * @throws SkillError E_UNAVAILABLE when the keeper ended while it was busy with it
 */
export async function ask(
  path: string,
  request: object,
  signal?: AbortSignal,
): Promise<{ readonly reply: unknown } | undefined> {
  const socket = await connect(path);
  if (socket === undefined) return undefined;
  let isTaken = false;
  const callOff = (): void => void (isTaken ? say(socket, { stop: true }) : socket.destroy());
  signal?.addEventListener('abort', callOff, { once: true });
  try {
    say(socket, request);
    for await (const message of messagesOf(socket)) {
      const { taken, reply } = message as { readonly taken?: unknown; readonly reply?: unknown };
      if (reply !== undefined) return { reply };
      if (taken !== true) break;
      isTaken = true;
    }
  } catch {
    // A broken connection is one that ended.
  } finally {
    signal?.removeEventListener('abort', callOff);
    socket.destroy();
  }
  if (!isTaken) return undefined;
  throw new SkillError('E_UNAVAILABLE', 'what keeps the session ended before it answered', {
    hint: 'nobody knows how far the request came; the next one begins a new session',
  });
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
