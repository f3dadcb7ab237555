import { existsSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../../src/keeper/ask.ts';
import { keep, type Keeping } from '../../src/keeper/keep.ts';
import { scratch } from '../runtime/folders.ts';

const stop = new Set<() => void>();
afterEach(() => {
  for (const end of stop) end();
  stop.clear();
});

/** A keeper of this process, and what tells its end. */
async function keeping(over: Partial<Keeping> = {}): Promise<{ path: string; ended: Promise<void>; end: () => void }> {
  const path = join(scratch(), 'k.sock');
  const control = new AbortController();
  const end = (): void => control.abort();
  stop.add(end);
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    ended = keep({
      path,
      answer: (request) => Promise.resolve({ echo: request }),
      isNeeded: () => Promise.resolve(true),
      onReady: resolve,
      signal: control.signal,
      ...over,
    });
    ended.catch(reject);
  });
  return { path, ended, end };
}

/** What is left of a connection on which `text` was written. */
function write(path: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => socket.write(text));
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

describe('a keeper [R-SESSION-7]', () => {
  it('answers each who asks, at once', async () => {
    let release: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (release = resolve));
    const { path } = await keeping({
      async answer(request) {
        if ((request as { n: number }).n === 1) await first;
        return request;
      },
    });
    const waiting = ask(path, { n: 1 });
    expect(await ask(path, { n: 2, text: 'line\nline \ud800' })).toEqual({
      reply: { n: 2, text: 'line\nline \ud800' },
    });
    release();
    expect(await waiting).toEqual({ reply: { n: 1 } });
  });

  it.each([
    ['is gone', (socket: { destroy(): void }) => socket.destroy()],
    ['has said all it will say', (socket: { end(): void }) => socket.end()],
    ['wants it no longer', (socket: { write(text: string): void }) => socket.write('{"stop":true}\n')],
    ['says what is no message', (socket: { write(text: string): void }) => socket.write('stop\n')],
  ])('calls off what it does for one who %s', async (_what, say) => {
    let aborted: () => void = () => undefined;
    const calledOff = new Promise<void>((resolve) => (aborted = resolve));
    const { path } = await keeping({
      answer: (_request, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(aborted()), { once: true })),
    });
    const socket = createConnection(path, () => socket.write('{}\n'));
    socket.on('error', () => undefined);
    socket.once('data', () => say(socket));
    await expect(calledOff).resolves.toBeUndefined();
  });

  it('tells one who calls off what came of it', async () => {
    const { path } = await keeping({
      answer: (_request, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve('was ended'), { once: true })),
    });
    const control = new AbortController();
    const answered = ask(path, {}, control.signal);
    await setTimeout(100);
    control.abort();
    expect(await answered).toEqual({ reply: 'was ended' });
  });

  it.each(['no message\n', '{"cut": \n', '\n'])('does nothing for %j', async (text) => {
    let asked = 0;
    const { path } = await keeping({ answer: () => Promise.resolve(++asked) });
    expect(await write(path, text)).toBe('');
    expect(await ask(path, {})).toEqual({ reply: 1 });
  });

  it('hangs up on one who says more than any request holds', async () => {
    const { path } = await keeping();
    expect(await write(path, 'x'.repeat(65 * 1024 * 1024))).toBe('');
    expect(await ask(path, {})).toEqual({ reply: { echo: {} } });
  });

  it('hangs up on one for whom it cannot do anything', async () => {
    const { path } = await keeping({
      answer: (request) => (request === 1 ? Promise.reject(new Error()) : Promise.resolve(2)),
    });
    expect(await write(path, '1\n')).toBe('{"taken":true}\n');
    expect(await ask(path, {})).toEqual({ reply: 2 });
  });

  it('ends when nothing is left to keep, and takes its name along', async () => {
    let needed = true;
    const { path, ended } = await keeping({ isNeeded: () => Promise.resolve(needed) });
    await ask(path, {});
    needed = false;
    await ended;
    expect(existsSync(path)).toBe(false);
  });

  it('ends when its name is taken away', async () => {
    const { path, ended } = await keeping();
    rmSync(path);
    await expect(ended).resolves.toBeUndefined();
  });

  it('does not end while it is busy for somebody', async () => {
    const { path } = await keeping({
      isNeeded: () => Promise.resolve(false),
      answer: () => setTimeout(4_000, 'done'),
    });
    expect(await ask(path, {})).toEqual({ reply: 'done' });
  });

  it('says where it cannot be reached', async () => {
    const path = join(scratch(), 'missing', 'k.sock');
    const parts = { answer: () => Promise.resolve(1), isNeeded: () => Promise.resolve(true), onReady: () => undefined };
    await expect(keep({ path, ...parts, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      message: expect.stringContaining('cannot be listened at'),
    });
  });
});

describe('who asks a keeper [R-SESSION-7]', () => {
  it('is told of none where none is, and takes away the name of one that was killed', async () => {
    const path = join(scratch(), 'k.sock');
    expect(await ask(path, {})).toBeUndefined();
    const { pid } = await leaveSocket(path);
    process.kill(pid, 'SIGKILL');
    while (await listens(path)) await setTimeout(20);
    expect(existsSync(path)).toBe(true);
    expect(await ask(path, {})).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });

  it.each<readonly [string, string, unknown]>([
    ['hangs up', '', undefined],
    ['says what is no message', 'x\n', undefined],
    ['says something else', '{"taken":1}\n', undefined],
    ['answers at once', '{"reply":0}\n', { reply: 0 }],
  ])('may ask another one where it %s before it took the request', async (_what, said, answer) => {
    const path = await listening((socket) => socket.end(said));
    expect(await ask(path, {})).toEqual(answer);
  });

  it('is told when one ends that took the request: nobody may do it twice', async () => {
    const path = await listening((socket) => socket.end('{"taken":true}\n'));
    await expect(ask(path, {})).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      message: 'what keeps the session ended before it answered',
    });
  });

  it('leaves one that does not take the request', async () => {
    const path = await listening(() => undefined);
    expect(await ask(path, {}, AbortSignal.timeout(50))).toBeUndefined();
  });
});

/** A server that reads a request and does as it is told. */
async function listening(then: (socket: { end(text: string): void }) => void): Promise<string> {
  const path = join(scratch(), 'k.sock');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => then(socket));
  });
  stop.add(() => server.close());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

async function leaveSocket(path: string): Promise<{ pid: number }> {
  const { spawn } = await import('node:child_process');
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return { pid: child.pid ?? 0 };
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
