import { request as send } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createMcpServer } from '../../src/mcp/index.ts';
import { type Door, turnAway } from '../../src/mcp/http-door.ts';
import { openOver } from '../agent/skills.ts';
import { scratch, writeSkill } from '../runtime/folders.ts';
import { overHttp, serve, textOf } from './clients.ts';

const root = scratch();
beforeAll(() => writeSkill(join(root, 'skills', 'raw'), { id: 'custom.raw', guest: 'raw' }));

const TOKEN = 'correct-horse-battery-staple';
const LOCAL: Door = { hosts: ['localhost', '127.0.0.1', '[::1]'], token: undefined };
const NAMED: Door = { hosts: ['skills.example.org'], token: TOKEN };
const PUBLIC: Door = { hosts: undefined, token: TOKEN };
const BEARER = { authorization: `Bearer ${TOKEN}` };

describe('who is let in [R-MCP-5]', () => {
  it.each<[what: string, door: Door, url: string, headers: Record<string, string>]>([
    ['this machine by address', LOCAL, '/mcp', { host: '127.0.0.1:80' }],
    ['this machine by name', LOCAL, '/mcp', { host: 'localhost:1234' }],
    ['in capitals', LOCAL, '/mcp', { host: 'LOCALHOST' }],
    ['by IPv6', LOCAL, '/mcp?x=1', { host: '[::1]:1234' }],
    ['a page of ours', LOCAL, '/mcp', { host: 'localhost:1', origin: 'http://localhost:1' }],
    ['a token for a name', NAMED, '/mcp', { host: 'skills.example.org', ...BEARER }],
    ['a token for any name', PUBLIC, '/mcp', { host: '192.0.2.1:8080', ...BEARER }],
    ['a token written in small letters', PUBLIC, '/mcp', { host: 'a', authorization: `bearer  ${TOKEN}` }],
  ])('%s', (_what, door, url, headers) => {
    expect(turnAway(url, headers, door)).toBeUndefined();
  });

  it.each<[what: string, door: Door, url: string, headers: Record<string, string>, status: number]>([
    ['no host', LOCAL, '/mcp', {}, 403],
    ['a name that was made to point here', LOCAL, '/mcp', { host: 'evil.example:1234' }, 403],
    ['a name that begins like ours', LOCAL, '/mcp', { host: 'localhost.evil.example' }, 403],
    ['a name that ends like ours', LOCAL, '/mcp', { host: 'evil-localhost' }, 403],
    ['a user in front of the host', LOCAL, '/mcp', { host: 'evil.example@127.0.0.1' }, 403],
    ['a path behind the host', LOCAL, '/mcp', { host: '127.0.0.1/x' }, 403],
    ['nonsense for a host', LOCAL, '/mcp', { host: '[::1' }, 403],
    ['a page of another host', LOCAL, '/mcp', { host: 'localhost:1', origin: 'https://evil.example' }, 403],
    ['a page of another port', LOCAL, '/mcp', { host: 'localhost:1', origin: 'http://localhost:3000' }, 403],
    ['a page of no origin', LOCAL, '/mcp', { host: 'localhost:1', origin: 'null' }, 403],
    ['a page that sends no origin but an empty one', LOCAL, '/mcp', { host: 'localhost:1', origin: '' }, 403],
    ['a file', LOCAL, '/mcp', { host: 'localhost:1', origin: 'file://' }, 403],
    ['no token', PUBLIC, '/mcp', { host: 'a' }, 401],
    ['another token', PUBLIC, '/mcp', { host: 'a', authorization: `Bearer ${TOKEN}x` }, 401],
    ['the beginning of the token', PUBLIC, '/mcp', { host: 'a', authorization: `Bearer ${TOKEN.slice(0, -1)}` }, 401],
    ['a token and more', PUBLIC, '/mcp', { host: 'a', authorization: `Bearer ${TOKEN} ${TOKEN}` }, 401],
    ['a token as a password', PUBLIC, '/mcp', { host: 'a', authorization: `Basic ${TOKEN}` }, 401],
    ['a token in the address', PUBLIC, `/mcp?token=${TOKEN}`, { host: 'a' }, 401],
    ['a token for another name', NAMED, '/mcp', { host: 'a', ...BEARER }, 403],
    ['a page with the token of somebody', PUBLIC, '/mcp', { host: 'a', origin: 'https://b', ...BEARER }, 403],
    ['another path', LOCAL, '/', { host: 'localhost' }, 404],
    ['a path below', LOCAL, '/mcp/x', { host: 'localhost' }, 404],
    ['what is no path', LOCAL, '//evil.example/mcp', { host: 'localhost' }, 404],
    ['another path without a token', PUBLIC, '/', { host: 'a' }, 401],
  ])('not %s', (_what, door, url, headers, status) => {
    expect(turnAway(url, headers, door)?.status).toBe(status);
  });
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** One request as it is, without the care a client takes. */
function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Answer> {
  const all = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers };
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers: all }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString(), headers: response.headers }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const call = (input: unknown): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'custom_raw_echo', arguments: input },
  });
const nested = (depth: number): string =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"custom_raw_echo","arguments":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}}`;

describe('hostile requests [R-MCP-5]', () => {
  it.each<[what: string, body: string, headers: Record<string, string>, status: number, said: RegExp]>([
    ['no JSON', '{bad', {}, 400, /parse/i],
    ['nothing', '', {}, 400, /parse|invalid/i],
    ['JSON that is no message', '[1,2]', {}, 400, /"error"/],
    ['an answer nobody asked for', '{"jsonrpc":"2.0","id":7,"result":{}}', {}, 202, /^$|error/],
    ['ten million bytes', 'x'.repeat(10_000_000), {}, 413, /4194304/],
    ['ten million bytes of unknown length', 'x'.repeat(10_000_000), { 'transfer-encoding': 'chunked' }, 413, /4194304/],
    ['arguments nested 100,000 deep', nested(100_000), {}, 200, /"error"|isError/],
    ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415, /error/],
    ['plain text, which needs no leave of a browser', call({}), { 'content-type': 'text/plain' }, 415, /error/],
    ['another host', call({ input: 'x' }), { host: 'evil.example' }, 403, /another host/],
    ['another origin', call({ input: 'x' }), { origin: 'http://evil.example' }, 403, /other origins/],
    ['a revision there is not', call({ input: 'x' }), { 'mcp-protocol-version': '1999-01-01' }, 400, /error/],
    ['a tool there is not', call({}).replace('custom_raw_echo', 'x'), {}, 200, /-32602/],
    ['arguments that are none', call('text'), {}, 200, /"error"/],
    ['a method there is not', '{"jsonrpc":"2.0","id":1,"method":"a/b"}', {}, 200, /-32601/],
  ])('%s', async (_what, body, headers, status, said) => {
    const { url } = await serve(openOver(root));
    const answered = await post(url, body, headers);
    expect([answered.status, answered.body.slice(0, 500)]).toEqual([status, expect.stringMatching(said)]);
    // And the next one is served.
    expect((await post(url, call({ input: 'on' }))).body).toContain('"text":"on"');
  });

  it.each(['GET', 'DELETE', 'PUT', 'OPTIONS', 'HEAD'])('%s is not for this', async (method) => {
    const { url } = await serve(openOver(root));
    expect((await post(url, '', {}, method)).status).toBe(405);
  });

  it('a preflight of a page elsewhere is given no leave', async () => {
    const { url } = await serve(openOver(root));
    const asks = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const { status, headers } = await post(url, '', asks, 'OPTIONS');
    expect(status).toBe(403);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('a client that leaves in the middle of its body, or sends no HTTP, costs nobody else anything', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { url } = await serve(openOver(root));
    const { hostname, port, host } = new URL(url);
    const head = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"js`;
    for (const text of [head, 'nonsense\r\n\r\n', '']) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      await new Promise<void>((resolve) => socket.write(text, () => setTimeout(resolve, 50)));
      socket.destroy();
    }
    expect((await post(url, call({ input: 'on' }))).body).toContain('"text":"on"');
    expect(warnings).toEqual([]);
  });
});

describe('tokens [R-MCP-5]', () => {
  it('a client with the token is served, one without is told what is missing', async () => {
    const { url } = await serve(openOver(root), {}, TOKEN);
    const client = await overHttp(url, 'legacy', { authorization: `Bearer ${TOKEN}` });
    expect(textOf(await client.callTool({ name: 'custom_raw_echo', arguments: { input: 'on' } }))).toBe('on');
    const refused = await post(url, call({ input: 'x' }));
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    await expect(overHttp(url)).rejects.toThrow();
  });

  it.each<[host: string]>([['0.0.0.0'], ['::'], [otherAddress()]])(
    'none may listen on %s without one',
    async (host) => {
      const server = await createMcpServer(openOver(root));
      await expect(server.listen({ host })).rejects.toMatchObject({
        code: 'E_USAGE',
        hint: expect.stringMatching(/--token/) as string,
      });
    },
  );

  it('on all addresses, holders of it are served under any name', async () => {
    const server = await createMcpServer(openOver(root));
    const listening = await server.listen({ host: '0.0.0.0', token: TOKEN });
    onTestFinished(() => listening.close());
    const url = `http://127.0.0.1:${new URL(listening.url).port}/mcp`;
    const answered = await post(url, call({ input: 'on' }), {
      host: 'skills.example.org',
      authorization: `Bearer ${TOKEN}`,
    });
    expect(answered.body).toContain('"text":"on"');
    expect((await post(url, call({ input: 'on' }), { host: 'skills.example.org' })).status).toBe(401);
  });

  it.each<[what: string, token: string]>([
    ['empty', ''],
    ['short', 'a'.repeat(15)],
    ['with a space', `${'a'.repeat(20)} b`],
    ['with a line end', `${'a'.repeat(20)}\nx: y`],
    ['too long', 'a'.repeat(600)],
  ])('one that is %s is none', async (_what, token) => {
    const server = await createMcpServer(openOver(root));
    await expect(server.listen({ token })).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});

describe('listening [R-MCP-5]', () => {
  it('is on this machine alone unless told otherwise', async () => {
    const { url } = await serve(openOver(root));
    expect(new URL(url)).toMatchObject({ hostname: '127.0.0.1', pathname: '/mcp' });
    const outside = otherAddress();
    if (outside === '0.0.0.0') return;
    await expect(post(url.replace('127.0.0.1', outside), '')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('a port that is taken is an error that says so', async () => {
    const { url, server } = await serve(openOver(root));
    const port = Number(new URL(url).port);
    await expect(server.listen({ port })).rejects.toMatchObject({
      code: 'E_NETWORK',
      message: expect.stringMatching(/EADDRINUSE/) as string,
    });
  });
});

/** An address of this machine that others reach; all of them, where it has none. */
function otherAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '0.0.0.0';
}
