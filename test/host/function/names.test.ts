// cspell:ignore aexample mple
import { lookup } from 'node:dns/promises';
import type * as Address from '../../../host/capability/address.ts';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bench, layerOf, rejection, refusalOf } from './scope-fixture.ts';
import { answerOf, request, serve, type Web } from './web-fixture.ts';

// Names resolve to what each test says; connections are real, to servers on this machine.

vi.mock('node:dns/promises', () => ({ lookup: vi.fn() }));
// Which addresses are public is tested by its own table; here loopback plays the public one, to see where connections go.
vi.mock('../../../host/capability/address.ts', async (load) => {
  const real = await load<typeof Address>();
  return { ...real, isPublicAddress: (address: string) => address === PUBLIC || real.isPublicAddress(address) };
});

const PUBLIC = '127.0.0.1';
const PRIVATE = [
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '127.0.0.2',
  '0.0.0.0',
  '100.100.100.200',
  '::1',
  '::',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%lo',
  '::ffff:127.0.0.2',
  '64:ff9b::7f00:1',
  '168.63.129.16',
  '224.0.0.1',
  'not-an-address',
];

const answers = vi.mocked(lookup);
const resolveTo = (...addresses: readonly string[]): void => {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  answers.mockResolvedValue(found as unknown as Awaited<ReturnType<typeof lookup>>);
};

beforeEach(() => {
  answers.mockReset();
});

const granted = (web: Web, ...more: readonly string[]): ReturnType<typeof bench> =>
  bench({ cwd: '/', rules: { network: [`*.example.org:${web.port}`, ...more] } });

describe('a granted name', () => {
  it('is looked up once, and the connection goes to the address that was checked [R-GATE-3]', async () => {
    const web = await serve();
    // A second look-up would lead elsewhere.
    resolveTo('10.0.0.1');
    answers.mockResolvedValueOnce([{ address: PUBLIC, family: 4 }] as unknown as Awaited<ReturnType<typeof lookup>>);
    const here = granted(web);
    expect(answerOf(await here.call('http.fetch', ...request(`http://a.example.org:${web.port}/`)))).toMatchObject({
      status: 200,
    });
    expect(answers).toHaveBeenCalledTimes(1);
    expect(answers).toHaveBeenCalledWith('a.example.org', { all: true, verbatim: true });
    expect(web.received[0]?.headers.host).toBe(`a.example.org:${web.port}`);
    expect(await refusalOf(here.call('http.fetch', ...request(`http://a.example.org:${web.port}/`)))).toMatchObject({
      code: 'denied',
    });
    expect(web.connections).toBe(1);
  });

  it.each(PRIVATE)('that leads to %s is refused, also beside public addresses [R-GATE-3]', async (address) => {
    const web = await serve();
    for (const all of [[address], [PUBLIC, address], [address, PUBLIC], [PUBLIC, '8.8.8.8', address]]) {
      resolveTo(...all);
      const here = granted(web, `${address.includes(':') ? `[${address}]` : address}:${web.port}`);
      const refusal = await refusalOf(here.call('http.fetch', ...request(`http://a.example.org:${web.port}/`)));
      expect(refusal).toMatchObject({ code: 'denied', message: expect.stringContaining('by number') as string });
      expect(here.records.map(({ event, layer }) => [event, layer])).toEqual([
        ['used', 'grant'],
        ['denied', 'gate'],
      ]);
    }
    expect(web.connections).toBe(0);
  });

  it('is looked up again for each hop of a redirect [R-GATE-3]', async () => {
    const web = await serve((response, { url }) => {
      resolveTo('192.168.0.1');
      if (url === '/') response.writeHead(302, { location: `http://a.example.org:${web.port}/next` }).end();
      else response.end();
    });
    resolveTo(PUBLIC);
    expect(
      await refusalOf(granted(web).call('http.fetch', ...request(`http://a.example.org:${web.port}/`))),
    ).toMatchObject({ code: 'denied' });
    expect(answers).toHaveBeenCalledTimes(2);
    expect(web.received).toHaveLength(1);
  });

  it('without an address is not found, and was recorded all the same [R-GATE-3] [R-LEDGER-1]', async () => {
    const web = await serve();
    answers.mockRejectedValue(
      Object.assign(new Error('getaddrinfo ENOTFOUND a.example.org'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
    );
    const here = granted(web);
    expect(await refusalOf(here.call('http.fetch', ...request(`http://a.example.org:${web.port}/`)))).toMatchObject({
      code: 'not-found',
    });
    expect(here.records).toMatchObject([{ event: 'used', resource: `GET http://a.example.org:${web.port}` }]);
    resolveTo();
    await refusalOf(here.call('http.fetch', ...request(`http://a.example.org:${web.port}/`)));
    expect(web.connections).toBe(0);
  });

  it('is asked of nobody before the record is written [R-LEDGER-1]', async () => {
    resolveTo(PUBLIC);
    const seen: number[] = [];
    const web = await serve();
    const here = bench({
      cwd: '/',
      rules: { network: [`*.example.org:${web.port}`] },
      onRecord: () => void seen.push(answers.mock.calls.length),
    });
    await here.call('http.fetch', ...request(`http://a.example.org:${web.port}/`));
    expect(seen).toEqual([0]);
  });

  it('is asked of nobody when it is not granted [R-GATE-3]', async () => {
    const web = await serve();
    const here = granted(web);
    for (const host of [
      'example.org',
      'b.example.com',
      'a.example.org.',
      'aexample.org',
      'a.example.org.evil.test',
      'a.ex\u0430mple.org',
    ]) {
      expect(await refusalOf(here.call('http.fetch', ...request(`http://${host}:${web.port}/`)))).toMatchObject({
        code: 'denied',
      });
    }
    expect(await refusalOf(here.call('http.fetch', ...request('http://a.example.org/')))).toMatchObject({
      code: 'denied',
    });
    expect(answers).not.toHaveBeenCalled();
  });

  it('whose grant ends while it is looked up is not connected to [R-GATE-5]', async () => {
    const web = await serve();
    const here = granted(web);
    answers.mockImplementation((() => {
      here.layers = [layerOf('grant', {}, { cwd: '/' })];
      return Promise.resolve([{ address: PUBLIC, family: 4 }]);
    }) as unknown as typeof lookup);
    expect(await refusalOf(here.call('http.fetch', ...request(`http://a.example.org:${web.port}/`)))).toMatchObject({
      code: 'denied',
    });
    expect(web.connections).toBe(0);
  });

  it('that is being looked up when the run ends is not connected to [R-GATE-3]', async () => {
    const web = await serve();
    const here = granted(web);
    answers.mockImplementation((() => {
      here.run.abort(new Error('over'));
      return Promise.resolve([{ address: PUBLIC, family: 4 }]);
    }) as unknown as typeof lookup);
    expect(await rejection(here.call('http.fetch', ...request(`http://a.example.org:${web.port}/`)))).toMatchObject({
      message: 'over',
    });
    expect(web.connections).toBe(0);
  });
});

describe('a name that nobody answers for', () => {
  it('is waited for no longer than http_ms [R-LIMIT-1]', async () => {
    answers.mockReturnValue(new Promise(() => undefined) as unknown as ReturnType<typeof lookup>);
    const here = bench({ cwd: '/', rules: { network: ['a.example.org'] }, limits: { http_ms: 50 } });
    expect(await refusalOf(here.call('http.fetch', ...request('http://a.example.org/')))).toMatchObject({
      code: 'timeout',
    });
  });
});

describe('localhost', () => {
  it.each(['localhost', 'LOCALHOST', 'a.localhost'])('granted by name as %s stays closed [R-GATE-3]', async (host) => {
    const web = await serve();
    resolveTo('::1', '127.0.0.2');
    const here = bench({ cwd: '/', rules: { network: [`localhost:${web.port}`, `*.localhost:${web.port}`] } });
    expect(await refusalOf(here.call('http.fetch', ...request(`http://${host}:${web.port}`)))).toMatchObject({
      code: 'denied',
    });
    expect(web.connections).toBe(0);
  });
});
