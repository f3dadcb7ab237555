import { existsSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { SkillError } from '../../host/index.ts';
import { messagesOf, say } from './lines.ts';
import { newProof, takeProof } from './proof.ts';

export interface Keeping {
  /** The socket it is reached by. */
  readonly path: string;
  /** A folder: who can make a file there may ask. */
  readonly proofs: string;
  /** Does what was asked; never rejects. `signal` aborts when whoever asked is gone, or wants it no longer. */
  readonly answer: (request: unknown, signal: AbortSignal) => Promise<unknown>;
  /** False when there is nothing left to keep. */
  readonly isNeeded: () => Promise<boolean>;
  /** Told once it can be reached. */
  readonly onReady: () => void;
  readonly signal: AbortSignal;
}

const LOOK_MS = 500;
/** Of nothing to keep and nobody asking: a command that found it may be about to ask. */
const LINGER_MS = 2_000;
/** For whoever connects and says nothing. */
const SILENT_MS = 10_000;

/**
 * Answers commands that come and go, for as long as something is kept for them. One request a connection: `taken` is said
 * when it was read, so that one which never was may be sent elsewhere, and then the answer.
 *
 * A program in a sandbox can connect to any socket it sees, also where it may only read. So whoever asks makes a file first,
 * by a name that is told on connecting, in a folder where only those can write who could change every grant.
 * @throws SkillError E_UNAVAILABLE when it cannot be reached there
 */
export async function keep({ path, proofs, answer, isNeeded, onReady, signal }: Keeping): Promise<void> {
  const open = new Set<Socket>();
  let usedAt = performance.now();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      open.delete(socket);
      usedAt = performance.now();
    });
    void serve(socket, { proofs, answer });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new SkillError('E_UNAVAILABLE', `${path} cannot be listened at: ${error.code}`, { cause: error })),
    );
    server.listen(path, resolve);
  });
  onReady();
  const isIdle = (): boolean => open.size === 0 && performance.now() - usedAt > LINGER_MS;
  // Whoever removes its name wants it gone.
  while (!signal.aborted && existsSync(path) && !(isIdle() && !(await isNeeded())))
    await setTimeout(LOOK_MS, undefined, { signal }).catch(() => undefined);
  server.close();
  for (const socket of open) socket.destroy();
}

async function serve(socket: Socket, { proofs, answer }: Pick<Keeping, 'proofs' | 'answer'>): Promise<void> {
  const unwanted = new AbortController();
  const messages = messagesOf(socket);
  const proof = newProof();
  socket.setTimeout(SILENT_MS, () => socket.destroy());
  try {
    say(socket, { prove: proof });
    const first = await messages.next();
    if (first.done === true || !takeProof(proofs, proof)) return;
    socket.setTimeout(0);
    say(socket, { taken: true });
    // Whatever is said next, also by its end, says that it is not wanted any more.
    void messages.next().then(
      () => unwanted.abort(),
      () => unwanted.abort(),
    );
    say(socket, { reply: await answer(first.value, unwanted.signal) });
    socket.end();
  } catch {
    // The connection broke: there is nobody to tell.
  } finally {
    if (!socket.writableEnded) socket.destroy();
  }
}
