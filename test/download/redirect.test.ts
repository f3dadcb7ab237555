import { describe, expect, it } from 'vitest';
import { createDownload } from '../../src/download/create-download.ts';
import type { DownloadRequest } from '../../src/download/download.ts';
import { hello, type Loopback, redirect, serve } from './loopback.ts';

const never = new AbortController().signal;
const SECRETS = {
  authorization: 'Bearer s3cret',
  cookie: 'a=s3cret',
  'x-api-key': 's3cret',
  'proxy-authorization': 's3cret',
};
const download = createDownload({ privateHosts: ['127.0.0.1'] });

function ask({ origin }: Loopback, more: Partial<DownloadRequest> = {}): ReturnType<typeof download> {
  return download({ url: `${origin}/start`, most: 99, signal: never, ...more });
}

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('by %d is followed for what only reads [R-DOWNLOAD-5]', async (status) => {
    const last = await serve(hello);
    const first = await serve(redirect(`${last.origin}/end`, status));
    expect(await ask(first)).toMatchObject({ status: 200, url: `${last.origin}/end` });
    expect(await ask(first, { method: 'HEAD' })).toMatchObject({ status: 200, bytes: Buffer.alloc(0) });
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const)
      await expect(ask(first, { method })).rejects.toMatchObject({
        code: 'E_NETWORK',
        details: { reason: 'redirect' },
      });
    expect(last.heads.map((head) => head.split(' ')[0])).toEqual(['GET', 'HEAD']);
  });

  it.each([300, 304, 305, 306])('is not what %d is [R-DOWNLOAD-5]', async (status) => {
    const other = await serve(hello);
    const first = await serve(redirect(other.origin, status));
    expect(await ask(first)).toMatchObject({ status });
    expect(other.connections).toBe(0);
  });

  it('is followed five times, relative ones as well [R-DOWNLOAD-5]', async () => {
    const server = await serve((socket, head, nth) => (nth <= 5 ? redirect(`${nth}`) : hello)(socket, head, nth));
    expect(await ask(server)).toMatchObject({ status: 200, url: `${server.origin}/5` });
  });

  it('to another server takes no secret along, and does not give it back to the first [R-DOWNLOAD-5]', async () => {
    const first: Loopback = await serve((socket, head, nth) =>
      (head.includes('/end') ? hello : redirect(`${other.origin}/`))(socket, head, nth),
    );
    const other: Loopback = await serve((socket, head, nth) => redirect(`${first.origin}/end`)(socket, head, nth));
    await ask(first, { headers: { ...SECRETS, accept: 'text/plain', 'User-Agent': 'skillhost' } });
    const [asked, back] = first.heads;
    expect(asked?.match(/s3cret/g)).toHaveLength(4);
    for (const head of [other.heads[0], back]) {
      expect(head).not.toContain('s3cret');
      expect(head?.toLowerCase()).toContain('accept: text/plain\r\nuser-agent: skillhost');
    }
  });

  it('on the same server keeps what was sent [R-DOWNLOAD-5]', async () => {
    const server = await serve((socket, head, nth) => (nth === 1 ? redirect('/end') : hello)(socket, head, nth));
    await ask(server, { headers: SECRETS });
    expect(server.heads[1]?.match(/s3cret/g)).toHaveLength(4);
  });
});

describe('an exchange', () => {
  it('sends a method, a body and headers, and asks for nothing packed', async () => {
    const server = await serve(hello);
    const body = Buffer.from('upload');
    await ask(server, { method: 'PUT', body, headers: { 'content-type': 'text/plain', 'Accept-Encoding': 'gzip' } });
    const head = server.heads[0] ?? '';
    expect(head).toMatch(/^PUT \/start HTTP\/1\.1\r\n/);
    expect(head).toContain('content-length: 6');
    expect(head.match(/accept-encoding: [^\r]*/gi)).toEqual(['accept-encoding: identity']);
  });

  it('gives any status, with headers in small letters, the first of several', async () => {
    const server = await serve((socket) => {
      socket.end('HTTP/1.1 404 Gone\r\nX-A: 1\r\nx-a: 2\r\n__proto__: 3\r\ncontent-length: 2\r\n\r\nno');
    });
    const { status, headers, bytes } = await ask(server);
    expect([status, headers['x-a'], headers['__proto__'], Buffer.from(bytes).toString()]).toEqual([
      404,
      '1',
      '3',
      'no',
    ]);
  });

  it('tells by its status of an error that is packed', async () => {
    const server = await serve(
      (socket) => void socket.end('HTTP/1.1 404 Gone\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nno'),
    );
    expect(await ask(server)).toMatchObject({ status: 404, bytes: new Uint8Array() });
  });

  it.each<Readonly<Record<string, string>>>([
    { 'x-a': 'b\r\nx-c: d' },
    { 'x a': 'b' },
    { 'x-a': 'b\0' },
    { host: 'a\r\nb' },
  ])('sends no header that would be two: %j', async (headers) => {
    const server = await serve(hello);
    await expect(ask(server, { headers })).rejects.toMatchObject({ name: 'SkillError' });
    expect(server.heads).toEqual([]);
  });
});
