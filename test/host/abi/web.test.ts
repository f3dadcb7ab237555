import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import { errorOf, type GuestRun, useSandbox, valueOf } from './support.ts';
import { javascriptGuest } from './javascript-guest.ts';
import { withHttp } from './official-wit.ts';

const WORLD = `package test:web;
world web {
  export get: func(url: string, credentials: string) -> string;
  export post: func(url: string, size: string) -> string;
  export upload: func(url: string) -> string;
  export surroundings: func() -> string;
  export pause: func(ms: string) -> string;
  export say: func(text: string) -> string;
  export throws: func(text: string) -> string;
  export refuses: func(text: string) -> result<string, string>;
  export wasi:http/incoming-handler@0.2.10;
}`;

const run = useSandbox();
let guest: Uint8Array;
let server: Server;
let origin = '';
const received: { method: string | undefined; token: unknown; length: number }[] = [];

beforeAll(async () => {
  // The version of WASI that this StarlingMonkey was made for.
  guest = await javascriptGuest('web', withHttp(WORLD, '0.2.10'));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      received.push({ method: request.method, token: request.headers['x-token'], length: body.length });
      response.writeHead(request.url === '/missing' ? 404 : 200, { 'content-type': 'text/x-test' });
      response.end(request.method === 'GET' ? 'grüße' : `${body.length} ${body.subarray(0, 20).toString()}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const call = (tool: string, input: object = {}, options: GuestRun = {}) =>
  run(guest, { tool, input, limits: { memory_mb: 256 }, grants: { network: [origin] }, ...options });
const json = async (tool: string, input: object = {}): Promise<Record<string, unknown>> =>
  JSON.parse(String(valueOf(await call(tool, input)))) as Record<string, unknown>;

describe('JavaScript guests of StarlingMonkey [R-WASI-1]', () => {
  it('are described by their world', () => {
    const { kind, tools } = inspectModule(guest);
    expect(kind).toBe('component');
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['get', 'post', 'surroundings', 'throws']));
  });

  it('fetch what was granted', async () => {
    expect(await json('get', { url: `${origin}/x`, credentials: 'abc' })).toEqual({
      status: 200,
      type: 'text/x-test',
      text: 'grüße',
    });
    expect(received.at(-1)).toEqual({ method: 'GET', token: 'abc', length: 0 });
    expect(await json('get', { url: `${origin}/missing`, credentials: '' })).toMatchObject({ status: 404 });
  });

  it('send whole bodies, also as a stream', async () => {
    expect(valueOf(await call('post', { url: origin, size: '3' }))).toBe('6 ééé');
    expect(valueOf(await call('post', { url: origin, size: '100000' }))).toMatch(/^200000 éé/);
    expect(valueOf(await call('upload', { url: origin }))).toBe('13 one two three');
  });

  it('are denied what was not granted', async () => {
    const before = received.length;
    const result = await call('get', { url: origin, credentials: '' }, { grants: { network: ['example.org'] } });
    expect(errorOf(result)).toMatchObject({ code: 'E_DENIED' });
    expect(result.denials).toHaveLength(1);
    expect(received).toHaveLength(before);
  });

  it('tell the time, draw randomness and know the web', async () => {
    const [one, other] = [await json('surroundings'), await json('surroundings')];
    expect(Math.abs(Number(one['now']) - Date.now())).toBeLessThan(600_000);
    expect(one).toMatchObject({ bytes: 2, host: 'example.org' });
    expect(one['uuid']).toMatch(/^[0-9a-f-]{36}$/);
    for (const name of ['random', 'drawn', 'uuid']) expect(one[name]).not.toEqual(other[name]);
  });

  it('wait on timers', async () => {
    expect(Number(valueOf(await call('pause', { ms: '30' })))).toBeGreaterThanOrEqual(29);
  });

  it('write to standard output and error, which is no result', async () => {
    const result = await call('say', { text: 'hällo' });
    expect(valueOf(result)).toBe('hällo');
    expect(Buffer.from(result.stderr).toString()).toContain('error hällo');
  });

  it('throw, and are told apart: an err of theirs, and a trap', async () => {
    expect(errorOf(await call('refuses', { text: 'not today' }))).toMatchObject({
      code: 'E_GUEST',
      details: { error: 'not today' },
    });
    const { code, message } = errorOf(await call('throws', { text: 'thrown on purpose' }));
    expect(code).toBe('E_TRAP');
    expect(message).toContain('the guest trapped');
  });
});

describe('guests that handle HTTP requests [R-WASI-1]', () => {
  const handle = async (request: object): Promise<unknown> => valueOf(await call('handle', request));

  it('answer as a tool', async () => {
    const request = {
      method: 'POST',
      path: '/a/b?c=d',
      headers: { 'x-token': 't', host: 'skill.example' },
      body: 'grüße',
    };
    const { status, headers, body } = (await handle(request)) as {
      status: number;
      headers: Record<string, string>;
      body: string;
    };
    expect([status, headers['x-seen'], headers['content-type']]).toEqual([201, '1', 'application/json']);
    expect(JSON.parse(body)).toEqual({ method: 'POST', path: '/a/b?c=d', token: 't', body: 'grüße' });
  });

  it('are asked GET / when nothing is said', async () => {
    const { body } = (await handle({})) as { body: string };
    expect(JSON.parse(body)).toEqual({ method: 'GET', path: '/', token: null, body: '' });
    expect(await handle({ path: '/teapot' })).toMatchObject({ status: 418, body: '' });
  });

  it('fail with status 500, as their runtime decides, when they throw', async () => {
    expect(await handle({ path: '/throw' })).toMatchObject({ status: 500 });
  });
});
