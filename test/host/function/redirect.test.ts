import { describe, expect, it } from 'vitest';
import { bench, refusalOf } from './scope-fixture.ts';
import { answerOf, request, serve, type Web } from './web-fixture.ts';

const to = (location: string, status = 302): Promise<Web> =>
  serve((response) => response.writeHead(status, { location }).end('gone'));
const STATUSES = [301, 302, 303, 307, 308] as const;

describe('a redirect', () => {
  it.each(STATUSES)(
    '%d to a place that is not granted is refused, and nothing connects to it [R-GATE-3]',
    async (status) => {
      const sink = await serve();
      for (const target of [
        sink.origin,
        `http://2130706433:${sink.port}/`,
        `//127.0.0.1:${sink.port}/x`,
        `http://[::1]:${sink.port}/`,
        `http://localhost:${sink.port}`,
        `http://[::ffff:127.0.0.1]:${sink.port}`,
      ]) {
        const web = await to(target, status);
        const here = bench({ cwd: '/', rules: { network: [web.origin] } });
        expect(await refusalOf(here.call('http.fetch', ...request(web.origin)))).toMatchObject({ code: 'denied' });
        expect(here.records.map(({ event }) => event)).toEqual(['used', 'denied']);
      }
      expect(sink.connections).toBe(0);
    },
  );

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'data:text/plain,x',
    'javascript:1',
    'blob:x',
    'http://user:pass@127.0.0.1/',
    'https://127.0.0.1/',
    'http://127.0.0.1./',
  ])('to %s is refused [R-GATE-3]', async (target) => {
    const web = await to(target);
    expect(
      await refusalOf(bench({ cwd: '/', rules: { network: [web.origin] } }).call('http.fetch', ...request(web.origin))),
    ).toMatchObject({ code: 'denied' });
    expect(web.connections).toBe(1);
  });

  it('is followed three times, each hop decided and recorded, and not a fourth [R-GATE-3]', async () => {
    const web = await serve((response, { url = '' }) => {
      const left = Number(url.slice(1));
      if (left === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const here = bench({ cwd: '/', rules: { network: [web.origin] } });
    expect(answerOf(await here.call('http.fetch', ...request(`${web.origin}/3`)))).toMatchObject({
      status: 200,
      body: 'arrived',
    });
    expect(here.records).toHaveLength(4);
    expect(await refusalOf(here.call('http.fetch', ...request(`${web.origin}/4`)))).toMatchObject({
      code: 'failed',
      message: expect.stringContaining('http_redirects = 3') as string,
    });
    expect(web.received).toHaveLength(8);
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
    [303, 'HEAD', 'HEAD'],
    [301, 'HEAD', 'HEAD'],
  ] as const)('%d turns %s into %s, with its body or without it [R-GATE-3]', async (status, method, expected) => {
    const web = await serve((response, { url }) =>
      url === '/' ? response.writeHead(status, { location: '/next' }).end() : response.end(),
    );
    const here = bench({ cwd: '/', rules: { network: [web.origin] } });
    const body = method === 'HEAD' ? '' : 'payload';
    await here.call(
      'http.fetch',
      ...request(
        web.origin,
        method,
        [
          ['Content-Type', 'text/plain'],
          ['X-Kept', 'y'],
        ],
        body,
      ),
    );
    const kept = expected === method;
    expect(web.received[1]).toMatchObject({ method: expected, body: kept ? body : '', headers: { 'x-kept': 'y' } });
    if (status !== 303) expect(web.received[1]?.headers['content-type']).toBe(kept ? 'text/plain' : undefined);
  });

  it('is decided with the method it turns into [R-GATE-3]', async () => {
    const web = await to('/next', 303);
    const here = bench({ cwd: '/', rules: { network: [`POST ${web.origin}`] } });
    expect(await refusalOf(here.call('http.fetch', ...request(web.origin, 'POST')))).toMatchObject({ code: 'denied' });
    expect(web.received).toHaveLength(1);
  });

  it('to another origin leaves credentials behind, also when it leads back [R-GATE-3]', async () => {
    const home: Web = await serve((response, { url }) =>
      url === '/' ? response.writeHead(307, { location: `${other.origin}/` }).end() : response.end('back'),
    );
    const other: Web = await to(`${home.origin}/back`, 307);
    const here = bench({ cwd: '/', rules: { network: [home.origin, other.origin] } });
    const headers = [
      ['AUTHORIZATION', 'Bearer x'],
      ['cookie', 'a=b'],
      ['X-Kept', 'y'],
    ] as const;
    expect(answerOf(await here.call('http.fetch', ...request(`${home.origin}/`, 'GET', headers))).body).toBe('back');
    expect(home.received[0]?.headers).toMatchObject({ authorization: 'Bearer x', cookie: 'a=b', 'x-kept': 'y' });
    for (const { headers: sent } of [other.received[0], home.received[1]].filter((one) => one !== undefined)) {
      expect(sent).toMatchObject({ 'x-kept': 'y' });
      expect(sent).not.toHaveProperty('authorization');
      expect(sent).not.toHaveProperty('cookie');
    }
  });

  it('to the same origin keeps them [R-GATE-3]', async () => {
    const web = await serve((response, { url }) =>
      url === '/' ? response.writeHead(302, { location: 'next' }).end() : response.end(),
    );
    await bench({ cwd: '/', rules: { network: [web.origin] } }).call(
      'http.fetch',
      ...request(web.origin, 'GET', [['Authorization', 'x']]),
    );
    expect(web.received[1]).toMatchObject({ url: '/next', headers: { authorization: 'x' } });
  });

  it('with a body without end is cut off [R-LIMIT-1]', async () => {
    const web = await serve((response) => response.writeHead(302, { location: '/' }).end('x'.repeat(100_000)));
    expect(
      await refusalOf(bench({ cwd: '/', rules: { network: [web.origin] } }).call('http.fetch', ...request(web.origin))),
    ).toMatchObject({ code: 'too-large' });
    expect(web.received).toHaveLength(1);
  });

  it('counts for the time of the whole exchange [R-LIMIT-1]', async () => {
    const web = await serve((response, { url }) => {
      if (url === '/') response.writeHead(302, { location: '/slow' }).end();
    });
    const here = bench({ cwd: '/', rules: { network: [web.origin] }, limits: { http_ms: 150 } });
    expect(await refusalOf(here.call('http.fetch', ...request(web.origin)))).toMatchObject({ code: 'timeout' });
  });

  it('is decided by the grants of its moment [R-GATE-5]', async () => {
    const web = await serve((response, { url }) => {
      here.layers = [];
      if (url === '/') response.writeHead(302, { location: '/next' }).end();
    });
    const here = bench({ cwd: '/', rules: { network: [web.origin] } });
    expect(await refusalOf(here.call('http.fetch', ...request(web.origin)))).toMatchObject({ code: 'denied' });
    expect(web.received).toHaveLength(1);
  });
});
