// cspell:ignore PROPFIND gzipped
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bench, openDescriptors, refusalOf } from './scope-fixture.ts';
import { answerOf, request, serve, serveRaw } from './web-fixture.ts';

const open = (origin: string, limits: Parameters<typeof bench>[0]['limits'] = {}): ReturnType<typeof bench> =>
  bench({ cwd: '/', rules: { network: [origin] }, limits });

describe('a granted exchange', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'sends %s as it was asked, with one record [R-GATE-3]',
    async (method) => {
      const web = await serve((response) =>
        response.writeHead(201, { 'x-a': 'b', 'set-cookie': ['c=1', 'd=2'] }).end(method === 'HEAD' ? '' : 'body'),
      );
      const here = open(web.origin);
      const body = method === 'GET' || method === 'HEAD' ? '' : 'payload';
      const answer = answerOf(
        await here.call(
          'http.fetch',
          ...request(
            `${web.origin}/p?q=1#f`,
            method,
            [
              ['X-Mine', 'v\u00e9'],
              ['Cookie', 'a=b'],
            ],
            body,
          ),
        ),
      );
      expect(answer).toMatchObject({ status: 201, body: method === 'HEAD' ? '' : 'body' });
      expect(answer.headers).toEqual(
        expect.arrayContaining([
          ['x-a', 'b'],
          ['set-cookie', 'c=1'],
          ['set-cookie', 'd=2'],
        ]),
      );
      expect(web.received).toMatchObject([
        { method, url: '/p?q=1', body, headers: { 'x-mine': 'v\u00e9', cookie: 'a=b', host: `127.0.0.1:${web.port}` } },
      ]);
      expect(here.records).toEqual([
        {
          event: 'used',
          capability: 'network',
          resource: `${method} http://127.0.0.1:${web.port}`,
          result: 'allowed',
          layer: 'grant',
          rule: `network = "${web.origin}"`,
        },
      ]);
    },
  );

  it('of a listed method allows no other [R-GATE-3]', async () => {
    const web = await serve();
    const here = open(`GET,HEAD ${web.origin}`);
    await here.call('http.fetch', ...request(web.origin));
    for (const method of ['POST', 'DELETE', 'OPTIONS'])
      expect(await refusalOf(here.call('http.fetch', ...request(web.origin, method)))).toMatchObject({
        code: 'denied',
      });
    expect(web.received).toHaveLength(1);
  });

  it.each(['CONNECT', 'TRACE', 'get', 'GET ', 'GET\r\nX: y', 'PROPFIND', ''])(
    'has no method %j [R-GATE-3]',
    async (method) => {
      const web = await serve();
      const here = open(web.origin);
      expect(await refusalOf(here.call('http.fetch', ...request(web.origin, method)))).toMatchObject({
        code: 'denied',
      });
      expect(web.connections).toBe(0);
    },
  );

  it.each([
    ['Host', 'evil.test'],
    ['hOsT', 'evil.test'],
    ['Connection', 'upgrade'],
    ['Content-Length', '0'],
    ['Transfer-Encoding', 'chunked'],
    ['transfer-encoding', 'identity'],
    ['Upgrade', 'h2c'],
    ['TE', 'trailers'],
    ['Trailer', 'x'],
    ['Expect', '100-continue'],
    ['Keep-Alive', 'x'],
    ['Proxy-Authorization', 'x'],
    ['Proxy-Connection', 'x'],
    ['X', 'a\r\nHost: evil.test'],
    ['X', 'a\nb'],
    ['X', 'a\rb'],
    ['X', 'a\u0000b'],
    ['X', '\u010a'],
    ['X', '\u{1f600}'],
    ['X\r\nY', 'a'],
    ['X:', 'a'],
    ['X Y', 'a'],
    ['', 'a'],
    [':path', 'a'],
    ['X\u00e9', 'a'],
    ['x'.repeat(257), 'a'],
  ])('does not take the header %j with %j [R-GATE-3]', async (name, value) => {
    const web = await serve();
    const here = open(web.origin);
    expect(
      await refusalOf(
        here.call(
          'http.fetch',
          ...request(web.origin, 'POST', [
            ['A', 'b'],
            [name, value],
          ]),
        ),
      ),
    ).toMatchObject({ code: 'invalid' });
    expect(web.connections).toBe(0);
    expect(here.records).toEqual([]);
  });

  it('takes no more than a hundred headers [R-GATE-3]', async () => {
    const web = await serve();
    const headers = Array.from({ length: 101 }, (_, index) => [`X-${index}`, 'v'] as const);
    expect(await refusalOf(open(web.origin).call('http.fetch', ...request(web.origin, 'GET', headers)))).toMatchObject({
      code: 'invalid',
    });
  });

  it('hands on compressed content as it was sent [R-GATE-3]', async () => {
    const packed = gzipSync(Buffer.alloc(1_000_000));
    const web = await serve((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
    const answer = answerOf(await open(web.origin, { message_kb: 8 }).call('http.fetch', ...request(web.origin)));
    expect(Buffer.from(answer.body, 'latin1').equals(packed)).toBe(true);
    expect(web.received[0]?.headers['accept-encoding']).toBeUndefined();
  });

  it('reads no proxy and no credentials from the environment [R-GATE-3]', async () => {
    const [web, proxy] = [await serve(), await serve()];
    const before = { ...process.env };
    Object.assign(process.env, {
      HTTP_PROXY: proxy.origin,
      http_proxy: proxy.origin,
      ALL_PROXY: proxy.origin,
      NO_PROXY: '',
      NODE_USE_ENV_PROXY: '1',
    });
    try {
      await open(web.origin).call('http.fetch', ...request(web.origin));
    } finally {
      process.env = before;
    }
    expect([web.connections, proxy.connections]).toEqual([1, 0]);
  });
});

describe('an answer', () => {
  it.each([
    ['of declared length', 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n'],
    ['until the end', 'HTTP/1.1 200 OK\r\n\r\n'],
  ])('over the limit ends the call: %s [R-LIMIT-1]', async (_name, head) => {
    const web = await serveRaw(head + 'x'.repeat(5_000));
    expect(
      await refusalOf(open(web.origin, { message_kb: 4 }).call('http.fetch', ...request(web.origin))),
    ).toMatchObject({ code: 'too-large' });
  });

  it.each([
    ['no head', ''],
    ['half a head', 'HTTP/1.1 200 OK\r\nX-'],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
    ['endless chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n'],
    ['hints without end', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(20)],
  ])('that never comes to its end, with %s, meets http_ms [R-LIMIT-1]', async (_name, bytes) => {
    const web = await serveRaw(bytes, 'wait');
    const refusal = await refusalOf(open(web.origin, { http_ms: 100 }).call('http.fetch', ...request(web.origin)));
    expect(refusal).toMatchObject({ code: 'timeout', message: expect.stringContaining('http_ms = 100') as string });
  });

  it.each([
    ['nothing', ''],
    ['no HTTP', 'SSH-2.0-x\r\n'],
    ['a head of 100 KiB', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['too little', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab'],
    ['another protocol', 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n'],
    ['a redirect to nowhere', 'HTTP/1.1 302 Found\r\nLocation: http://[::g]/\r\nContent-Length: 0\r\n\r\n'],
  ])('that is broken, with %s, is a refusal [R-GATE-3]', async (_name, bytes) => {
    const web = await serveRaw(bytes);
    expect((await refusalOf(open(web.origin).call('http.fetch', ...request(web.origin)))).code).toMatch(
      /^(?:failed|invalid)$/,
    );
  });

  it('may have headers of any name [R-GATE-3]', async () => {
    const web = await serveRaw(
      'HTTP/1.1 200 OK\r\n__proto__: a\r\n__proto__: b\r\nconstructor: c\r\nContent-Length: 2\r\n\r\nok',
    );
    const answer = answerOf(await open(web.origin).call('http.fetch', ...request(web.origin)));
    expect(answer.headers).toEqual(
      expect.arrayContaining([
        ['__proto__', 'a'],
        ['__proto__', 'b'],
        ['constructor', 'c'],
      ]),
    );
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('that nobody gives is a refusal, and no descriptor stays open [R-GATE-3]', async () => {
    const web = await serve();
    const here = open('http://127.0.0.1:1');
    await here.call('http.fetch', ...request('http://127.0.0.1:1')).catch(() => undefined);
    const before = openDescriptors();
    for (let i = 0; i < 20; i++)
      expect(await refusalOf(here.call('http.fetch', ...request('http://127.0.0.1:1')))).toMatchObject({
        code: 'failed',
      });
    expect(openDescriptors()).toBe(before);
    expect(web.connections).toBe(0);
  });

  it('that is awaited when the run ends is let go [R-LIMIT-1]', async () => {
    const web = await serveRaw('', 'wait');
    const here = open(web.origin);
    const ended = expect(here.call('http.fetch', ...request(web.origin))).rejects.toThrow('over');
    setTimeout(() => here.run.abort(new Error('over')), 50);
    await ended;
  });
});
