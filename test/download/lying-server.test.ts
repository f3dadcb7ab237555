import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { createDownload } from '../../src/download/create-download.ts';
import type { DownloadAnswer } from '../../src/download/download.ts';
import { type Answer, drip, hello, type Loopback, pour, redirect, say, serve } from './loopback.ts';

const MOST = 64 * 1024;
const never = new AbortController().signal;
const OK = 'HTTP/1.1 200 OK\r\n';
const BYTES = 'x'.repeat(1000);

async function ask(
  { port }: Pick<Loopback, 'port'>,
  { scheme = 'http', ...more }: { scheme?: string; totalMs?: number; stallMs?: number; signal?: AbortSignal } = {},
): Promise<DownloadAnswer> {
  const { signal = never, ...limits } = more;
  const download = createDownload({ privateHosts: ['127.0.0.1'], totalMs: 4_000, stallMs: 1_500, ...limits });
  return download({ url: `${scheme}://127.0.0.1:${port}/a.tgz?token=secret`, most: MOST, signal });
}

interface Shape {
  readonly answer: Answer;
  readonly ends: { readonly code: string; readonly reason: string };
  readonly scheme?: string;
}

const stall = { code: 'E_TIMEOUT', reason: 'stall' };
const total = { code: 'E_TIMEOUT', reason: 'total' };
const broken = { code: 'E_NETWORK', reason: 'connection' };
const large = { code: 'E_PACKAGE', reason: 'too_large' };
const redirects = { code: 'E_NETWORK', reason: 'redirect' };

const SHAPES: Readonly<Record<string, Shape>> = {
  'says nothing': { answer: () => undefined, ends: stall },
  'says nothing to a greeting by TLS': {
    answer: () => undefined,
    ends: { code: 'E_TIMEOUT', reason: 'stall' },
    scheme: 'https',
  },
  'begins its headers, and stops': { answer: (socket) => void socket.write(`${OK}content-le`), ends: stall },
  'begins its body, and stops': {
    answer: (socket) => void socket.write(`${OK}content-length: 9\r\n\r\nhel`),
    ends: stall,
  },
  'begins a chunk, and stops': {
    answer: (socket) => void socket.write(`${OK}transfer-encoding: chunked\r\n\r\n9\r\nhel`),
    ends: stall,
  },
  'sends its body by the byte': {
    answer: (socket) => {
      socket.write(`${OK}content-length: 9999\r\n\r\n`);
      drip(socket, 'x', 60);
    },
    ends: total,
  },
  'says for ever that it goes on': {
    answer: (socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 60),
    ends: total,
  },
  'sends chunks without end': {
    answer: (socket) => {
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
      pour(socket, `3e8\r\n${BYTES}\r\n`);
    },
    ends: large,
  },
  'sends bytes without end': {
    answer: (socket) => {
      socket.write(`${OK}connection: close\r\n\r\n`);
      pour(socket, BYTES);
    },
    ends: large,
  },
  'sends a byte more than may be': {
    answer: (socket) => void socket.end(`${OK}content-length: ${MOST + 1}\r\n\r\n${'x'.repeat(MOST + 1)}`),
    ends: large,
  },
  'sends headers without end': {
    answer: (socket) => {
      socket.write(OK);
      pour(socket, `x-more: ${BYTES}\r\n`);
    },
    ends: broken,
  },
  'sends one header of a megabyte': {
    answer: say('HTTP/1.1 200 OK', `x: ${'y'.repeat(2 ** 20)}`, '', 'hello'),
    ends: broken,
  },
  'says it has more than it has': { answer: say('HTTP/1.1 200 OK', 'content-length: 50', '', 'hello'), ends: broken },
  'ends before the last chunk': {
    answer: say('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '5', 'hello', ''),
    ends: broken,
  },
  'says it has less than nothing': { answer: say('HTTP/1.1 200 OK', 'content-length: -5', '', 'hello'), ends: broken },
  'says two lengths': {
    answer: say('HTTP/1.1 200 OK', 'content-length: 5', 'content-length: 6', '', 'hello!'),
    ends: broken,
  },
  'says a length, and chunks': {
    answer: say('HTTP/1.1 200 OK', 'content-length: 5', 'transfer-encoding: chunked', '', '0', '', ''),
    ends: broken,
  },
  'says a chunk is of no size': {
    answer: say('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', 'five', 'hello', ''),
    ends: broken,
  },
  'hangs up': { answer: (socket) => void socket.end(), ends: broken },
  'is no web server': { answer: (socket) => void socket.end('SSH-2.0-OpenSSH_9.7\r\n'), ends: broken },
  'is no web server with TLS': { answer: hello, ends: broken, scheme: 'https' },
  'sends something packed': {
    answer: (socket) => {
      socket.write(`${OK}content-encoding: gzip\r\nconnection: close\r\n\r\n`);
      socket.end(gzipSync(Buffer.alloc(2 ** 24)));
    },
    ends: { code: 'E_NETWORK', reason: 'content_encoding' },
  },
  'sends something packed twice': {
    answer: say('HTTP/1.1 200 OK', 'content-encoding: identity, br', '', 'x'),
    ends: { code: 'E_NETWORK', reason: 'content_encoding' },
  },
  'redirects to itself': {
    answer: (socket, head, nth) => redirect(`/a.tgz?${nth}`)(socket, head, nth),
    ends: redirects,
  },
  'redirects to nowhere': { answer: say('HTTP/1.1 302 Found', 'content-length: 0', '', ''), ends: redirects },
  'redirects to no URL': { answer: redirect('http://[oops'), ends: redirects },
  'redirects to a file': { answer: redirect('file:///etc/passwd'), ends: { code: 'E_DENIED', reason: 'scheme' } },
  'redirects with credentials': {
    answer: redirect('http://a:b@127.0.0.1/'),
    ends: { code: 'E_DENIED', reason: 'user_info' },
  },
};

/** How a server of that shape is given up, without a word of what was in the address. */
async function endOf({ answer, scheme = 'http' }: Shape): Promise<Shape['ends']> {
  const server = await serve(answer);
  const failed = await ask(server, { scheme }).catch((error: unknown) => error);
  if (!(failed instanceof SkillError)) throw new Error('it was not given up', { cause: failed });
  expect(failed.message).not.toContain('secret');
  // No more was taken from it than what fits the buffers on the way.
  expect(server.sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0)).toBeLessThan(8 * 2 ** 20);
  return { code: failed.code, reason: String(failed.details?.['reason']) };
}

describe('a server that is slow or lies', () => {
  const [slow, lying] = [true, false].map((isSlow) =>
    Object.entries(SHAPES).filter(([, { ends }]) => (ends.code === 'E_TIMEOUT') === isSlow),
  );

  it('is given up in time, in whatever it is slow [R-DOWNLOAD-1]', async () => {
    const expected = Object.fromEntries((slow ?? []).map(([name, { ends }]) => [name, ends]));
    const ended = (slow ?? []).map(async ([name, shape]) => [name, await endOf(shape)] as const);
    expect(Object.fromEntries(await Promise.all(ended))).toEqual(expected);
  });

  it.each(lying ?? [])('and %s is given up at once [R-DOWNLOAD-1]', async (_name, shape) => {
    expect(await endOf(shape)).toEqual(shape.ends);
  });

  it.each(Array.from({ length: 10 }, (_, tenth) => [tenth * 10]))(
    'and breaks off after %s percent is told of [R-DOWNLOAD-1]',
    async (percent) => {
      const whole = `${OK}content-length: 1000\r\n\r\n${BYTES}`;
      const server = await serve((socket) => {
        socket.write(whole.slice(0, (whole.length * percent) / 100), () => socket.resetAndDestroy());
      });
      await expect(ask(server)).rejects.toMatchObject({ code: 'E_NETWORK', details: { reason: 'connection' } });
    },
  );

  it('and sends more than it says is heard as far as it said [R-DOWNLOAD-1]', async () => {
    const server = await serve(say('HTTP/1.1 200 OK', 'content-length: 5', '', 'hello, and more'));
    const answer = await ask(server).catch((error: unknown) => error);
    if (answer instanceof Error) expect(answer).toMatchObject({ code: 'E_NETWORK' });
    else expect(Buffer.from((answer as DownloadAnswer).bytes).toString()).toBe('hello');
  });

  it('or is not there is told of [R-DOWNLOAD-1]', async () => {
    await expect(ask({ port: 1 })).rejects.toMatchObject({
      code: 'E_NETWORK',
      message: expect.stringContaining('nothing listens there') as string,
    });
  });
});

describe('a server that is busy', () => {
  const busy = (after: string | undefined, status = 503): Answer =>
    say(
      `HTTP/1.1 ${status} Busy`,
      ...(after === undefined ? [] : [`retry-after: ${after}`]),
      'content-length: 0',
      '',
      '',
    );

  it.each([
    ['0', 503, 2],
    ['0', 429, 2],
    [new Date(0).toUTCString(), 503, 2],
    ['86400', 503, 1],
    ['11', 429, 1],
    ['999999999999999999999', 503, 1],
    ['-1', 503, 1],
    ['soon', 503, 1],
    [undefined, 503, 1],
    ['0', 500, 1],
  ])('and says Retry-After %j with %d is asked %d times [R-DOWNLOAD-2]', async (after, status, times) => {
    const server = await serve(busy(after, status));
    expect(await ask(server)).toMatchObject({ status });
    expect(server.connections).toBe(times);
  });

  it('for a moment answers the second time [R-DOWNLOAD-2]', async () => {
    const server = await serve((socket, head, nth) => (nth === 1 ? busy('0') : hello)(socket, head, nth));
    expect(await ask(server)).toMatchObject({ status: 200 });
  });

  it('is not told twice what changes something [R-DOWNLOAD-2]', async () => {
    const server = await serve(busy('0'));
    const download = createDownload({ privateHosts: ['127.0.0.1'] });
    const url = `${server.origin}/`;
    expect(await download({ url, method: 'POST', body: Buffer.from('a'), most: 9, signal: never })).toMatchObject({
      status: 503,
    });
    expect(server.connections).toBe(1);
  });
});

describe('whoever waits for a download', () => {
  it.each<readonly [string, Answer]>([
    ['for headers', () => undefined],
    ['for a body', (socket) => void socket.write(`${OK}content-length: 9\r\n\r\nhel`)],
    ['to ask again', say('HTTP/1.1 503 Busy', 'retry-after: 9', 'content-length: 0', '', '')],
  ])('%s can call it off [R-DOWNLOAD-1]', async (_what, answer) => {
    const caller = new AbortController();
    const server = await serve((socket, head, nth) => {
      answer(socket, head, nth);
      setTimeout(() => caller.abort(), 50);
    });
    await expect(ask(server, { signal: caller.signal, totalMs: 60_000, stallMs: 60_000 })).rejects.toMatchObject({
      code: 'E_ABORTED',
    });
  });

  it('and has called it off before asks nobody [R-DOWNLOAD-1]', async () => {
    const server = await serve(hello);
    await expect(ask(server, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'E_ABORTED' });
    expect(server.connections).toBe(0);
  });
});
