import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../../src/keeper/ask.ts';
import { keep, type Keeping } from '../../src/keeper/keep.ts';
import { scratch } from '../runtime/folders.ts';

const proofs = scratch();

const asked = (path: string, request: object, signal?: AbortSignal): ReturnType<typeof ask> =>
  ask(path, { request, proofs, ...(signal !== undefined && { signal }) });

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
      proofs,
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

/** Does what is asked of one who connects, or something else, and says `text`. Answers what is said then. */
function write(path: string, text: string, prove = (name: string) => makeFile(name)): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    let heard = '';
    socket.once('data', (first: Buffer) => {
      prove((JSON.parse(first.toString()) as { prove: string }).prove);
      socket.write(text);
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

const makeFile = (name: string): void => writeFileSync(join(proofs, name), '');

describe('a keeper [R-SESSION-7]', () => {
  it.each([
    ['makes no file', () => undefined],
    ['makes another', () => makeFile(`.${'0'.repeat(32)}`)],
    ['makes a folder', (name: string) => mkdirSync(join(proofs, name))],
    ['makes a link', (name: string) => symlinkSync('/etc/hostname', join(proofs, name))],
    ['makes it elsewhere', (name: string) => writeFileSync(join(scratch(), name), '')],
  ])('does nothing for one who %s', async (_what, prove) => {
    let times = 0;
    const { path } = await keeping({ answer: () => Promise.resolve(++times) });
    expect(await write(path, '{}\n', prove)).toBe('');
    expect(times).toBe(0);
  });

  it('asks each for another file, and leaves none', async () => {
    const { path } = await keeping();
    const names: string[] = [];
    const prove = (name: string): void => {
      names.push(name);
      makeFile(name);
    };
    for (let i = 0; i < 2; i++) expect(await write(path, '{}\n', prove)).toContain('"reply"');
    expect(new Set(names).size).toBe(2);
    for (const name of names)
      expect([name, existsSync(join(proofs, name))]).toEqual([expect.stringMatching(/^\.[0-9a-f]{32}$/), false]);
    // A file that was made once is no proof for another.
    expect(await write(path, '{}\n', () => makeFile(names[0] ?? ''))).toBe('');
  });

  it('answers each who asks, at once', async () => {
    let release: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (release = resolve));
    const { path } = await keeping({
      async answer(request) {
        if ((request as { n: number }).n === 1) await first;
        return request;
      },
    });
    const waiting = asked(path, { n: 1 });
    expect(await asked(path, { n: 2, text: 'line\nline \ud800' })).toEqual({
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
    const socket = createConnection(path);
    socket.on('error', () => undefined);
    socket.once('data', (first: Buffer) => {
      makeFile((JSON.parse(first.toString()) as { prove: string }).prove);
      socket.write('{}\n');
      socket.once('data', () => say(socket));
    });
    await expect(calledOff).resolves.toBeUndefined();
  });

  it('tells one who calls off what came of it', async () => {
    const { path } = await keeping({
      answer: (_request, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve('was ended'), { once: true })),
    });
    const control = new AbortController();
    const answered = asked(path, {}, control.signal);
    await setTimeout(100);
    control.abort();
    expect(await answered).toEqual({ reply: 'was ended' });
  });

  it.each(['no message\n', '{"cut": \n', '\n'])('does nothing for %j', async (text) => {
    let times = 0;
    const { path } = await keeping({ answer: () => Promise.resolve(++times) });
    expect(await write(path, text)).toBe('');
    expect(await asked(path, {})).toEqual({ reply: 1 });
  });

  it('hangs up on one who says more than any request holds', async () => {
    const { path } = await keeping();
    expect(await write(path, 'x'.repeat(65 * 1024 * 1024))).toBe('');
    expect(await asked(path, {})).toEqual({ reply: { echo: {} } });
  });

  it('hangs up on one for whom it cannot do anything', async () => {
    const { path } = await keeping({
      answer: (request) => (request === 1 ? Promise.reject(new Error()) : Promise.resolve(2)),
    });
    expect(await write(path, '1\n')).toBe('{"taken":true}\n');
    expect(await asked(path, {})).toEqual({ reply: 2 });
  });

  it('ends when nothing is left to keep, and takes its name along', async () => {
    let needed = true;
    const { path, ended } = await keeping({ isNeeded: () => Promise.resolve(needed) });
    await asked(path, {});
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
    expect(await asked(path, {})).toEqual({ reply: 'done' });
  });

  it('says where it cannot be reached', async () => {
    const path = join(scratch(), 'missing', 'k.sock');
    const parts = {
      proofs,
      answer: () => Promise.resolve(1),
      isNeeded: () => Promise.resolve(true),
      onReady: () => undefined,
    };
    await expect(keep({ path, ...parts, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      message: expect.stringContaining('cannot be listened at'),
    });
  });
});

describe('who asks a keeper [R-SESSION-7]', () => {
  it('is told of none where none is, and takes away the name of one that was killed', async () => {
    const path = join(scratch(), 'k.sock');
    expect(await asked(path, {})).toBeUndefined();
    const { pid } = await leaveSocket(path);
    process.kill(pid, 'SIGKILL');
    while (await listens(path)) await setTimeout(20);
    expect(existsSync(path)).toBe(true);
    expect(await asked(path, {})).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });

  it.each<readonly [string, string]>([
    ['hangs up', ''],
    ['says what is no message', 'x\n'],
    ['says something else', '{"taken":1}\n'],
    ['answers at once', '{"reply":0}\n'],
    ['wants a file by a name that is none', '{"prove":"../x"}\n'],
    ['wants a file and takes nothing', `{"prove":".${'a'.repeat(32)}"}\n`],
  ])('may ask another one where it %s before it took the request', async (_what, said) => {
    const path = await listening((socket) => socket.end(said));
    expect(await asked(path, {})).toBeUndefined();
    expect(existsSync(join(proofs, `.${'a'.repeat(32)}`))).toBe(false);
  });

  it('is told where no file can be made', async () => {
    const path = await listening((socket) => socket.end(`{"prove":".${'b'.repeat(32)}"}\n`));
    const folder = join(scratch(), 'file');
    writeFileSync(folder, '');
    await expect(ask(path, { request: {}, proofs: folder })).rejects.toMatchObject({
      code: 'E_STORE',
      message: expect.stringContaining('no file can be made'),
    });
  });

  it('is told when one ends that took the request: nobody may do it twice', async () => {
    const path = await listening((socket) => socket.end(`{"prove":".${'c'.repeat(32)}"}\n{"taken":true}\n`));
    await expect(asked(path, {})).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      message: 'what keeps the session ended before it answered',
    });
  });

  it('leaves one that does not take the request', async () => {
    const path = await listening(() => undefined);
    expect(await asked(path, {}, AbortSignal.timeout(50))).toBeUndefined();
  });
});

/** A server that does as it is told with whoever connects. */
async function listening(then: (socket: { end(text: string): void }) => void): Promise<string> {
  const path = join(scratch(), 'k.sock');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    then(socket);
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
