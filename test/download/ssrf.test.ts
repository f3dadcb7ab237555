import { describe, expect, it } from 'vitest';
import { type resolveHost, SkillError } from '../../host/index.ts';
import { createDownload } from '../../src/download/create-download.ts';
import { INSIDE, NAMES, ODD } from './addresses.ts';
import { hello, redirect, serve } from './loopback.ts';

const never = new AbortController().signal;
const PUBLIC = '93.184.215.14';

const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);
const found = (addresses: readonly string[]): Awaited<ReturnType<typeof resolveHost>> =>
  addresses.map((address) => ({ address, family: familyOf(address) }));
const byTable: typeof resolveHost = (host) => {
  const names = Object.entries(NAMES).find(([name]) => new URL(`http://${name}/`).hostname === host);
  return names === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found(names[1]));
};

async function refusalOf(asked: Promise<unknown>): Promise<string> {
  const failed = await asked.catch((error: unknown) => error);
  return failed instanceof SkillError ? failed.code : `no refusal: ${String(failed)}`;
}

describe('an address that is not public', () => {
  const hosts = [...INSIDE, ...ODD, ...Object.keys(NAMES)];

  it('is connected to by no way to write it [R-DOWNLOAD-3]', async () => {
    const sink = await serve(hello, '::');
    const download = createDownload({ privateHosts: [], resolve: byTable });
    const urls = hosts.flatMap((host) => [
      `https://${host}:${sink.port}/a.tgz`,
      `http://${host}:${sink.port}/a.tgz`,
      `HTTPS:\\\\${host}:0${sink.port}/a.tgz`,
    ]);
    expect(urls.length).toBeGreaterThan(260);
    for (const url of urls)
      expect([url, await refusalOf(download({ url, most: 99, signal: never }))]).toEqual([url, 'E_DENIED']);
    expect(sink.connections).toBe(0);
  });

  it('is connected to by no redirect of a listed server [R-DOWNLOAD-3]', async () => {
    const sink = await serve(hello, '::');
    for (const host of hosts.filter((one) => /^[\x21-\x7e]+$/.test(one))) {
      const server = await serve(redirect(`https://${host}:${sink.port}/a.tgz`));
      const download = createDownload({ privateHosts: [`127.0.0.1:${server.port}`], resolve: byTable });
      const code = await refusalOf(download({ url: `${server.origin}/a.tgz`, most: 99, signal: never }));
      expect([host, ['E_DENIED', 'E_NETWORK'].includes(code)]).toEqual([host, true]);
      expect(server.connections).toBe(1);
    }
    expect(sink.connections).toBe(0);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://public.test/a',
    'data:,a',
    'gopher://public.test/',
    'ws://public.test/',
    'javascript:1',
    'unix:/run/a',
    'blob:x',
    '//public.test/a',
    'a.tgz',
    '',
    `https://public.test/${'a'.repeat(9000)}`,
  ])('is not asked as %s [R-DOWNLOAD-3]', async (url) => {
    expect(await refusalOf(createDownload({ privateHosts: [] })({ url, most: 9, signal: never }))).toBe('E_DENIED');
  });
});

describe('a name that changes its address', () => {
  it('is looked up once, and what was checked is what is connected to [R-DOWNLOAD-3]', async () => {
    const sink = await serve(hello);
    let asked = 0;
    const resolve: typeof resolveHost = () => Promise.resolve(found(asked++ === 0 ? ['192.0.2.7'] : ['127.0.0.1']));
    // 192.0.2.7 leads nowhere: had anybody asked for the name again, the sink would have been reached.
    const listed = createDownload({ privateHosts: ['rebind.test'], resolve, stallMs: 300, totalMs: 300 });
    const url = `http://rebind.test:${sink.port}/a.tgz`;
    expect(await refusalOf(listed({ url, most: 9, signal: never }))).toMatch(/E_TIMEOUT|E_NETWORK/);
    expect([asked, sink.connections]).toEqual([1, 0]);
    expect(
      await refusalOf(
        createDownload({ privateHosts: [], resolve })({
          url: `https://rebind.test:${sink.port}/`,
          most: 9,
          signal: never,
        }),
      ),
    ).toBe('E_DENIED');
    expect(sink.connections).toBe(0);
  });

  it('is checked again at each hop [R-DOWNLOAD-3]', async () => {
    const sink = await serve(hello);
    const server = await serve(redirect(`https://public.test:${sink.port}/a.tgz`));
    const answers = [['127.0.0.1'], [PUBLIC, '127.0.0.1']];
    const resolve: typeof resolveHost = () => Promise.resolve(found(answers.shift() ?? []));
    const download = createDownload({ privateHosts: ['first.test'], resolve });
    await expect(download({ url: `http://first.test:${server.port}/`, most: 9, signal: never })).rejects.toMatchObject({
      code: 'E_DENIED',
      details: { reason: 'private_address' },
    });
    expect([answers.length, server.connections, sink.connections]).toEqual([0, 1, 0]);
  });

  it.each<readonly [string, typeof resolveHost, string]>([
    ['has none', () => Promise.resolve([]), 'E_NETWORK'],
    ['cannot be looked up', () => Promise.reject(new Error('EAI_AGAIN')), 'E_NETWORK'],
    ['is looked up for ever', () => new Promise(() => undefined), 'E_TIMEOUT'],
  ])('or %s is told of [R-DOWNLOAD-1]', async (_what, resolve, code) => {
    const download = createDownload({ privateHosts: [], resolve, totalMs: 100 });
    expect(await refusalOf(download({ url: 'https://public.test/', most: 9, signal: never }))).toBe(code);
  });
});

describe('a host the operator listed', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.0.0.1:PORT', true],
    ['127.0.0.1:1', false],
    ['localhost', false],
    ['127.0.0', false],
  ])('as %s is reached over http: %s [R-DOWNLOAD-4]', async (entry, isReached) => {
    const server = await serve(hello);
    const download = createDownload({ privateHosts: [entry.replace('PORT', String(server.port))] });
    const asked = download({ url: `${server.origin}/a.tgz`, most: 9, signal: never });
    if (isReached) expect(Buffer.from((await asked).bytes).toString()).toBe('hello');
    else
      await expect(asked).rejects.toMatchObject({
        code: 'E_DENIED',
        hint: expect.stringContaining('[network] private') as string,
      });
    expect(server.connections).toBe(isReached ? 1 : 0);
  });

  it.each(['http://a', 'a/b', 'A.example', 'a:b', 'a b', '*', '', 'a@b', 'a:123456', '::1'])(
    'cannot be written as %j [R-DOWNLOAD-4]',
    (entry) => {
      expect(() => createDownload({ privateHosts: [entry] })).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
    },
  );

  it('is reached itself, whatever proxy the environment names [R-DOWNLOAD-3]', async () => {
    const [server, proxy] = [await serve(hello), await serve(hello)];
    const names = [
      'http_proxy',
      'HTTP_PROXY',
      'https_proxy',
      'HTTPS_PROXY',
      'ALL_PROXY',
      'all_proxy',
      'NODE_USE_ENV_PROXY',
    ];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = name.startsWith('NODE') ? '1' : proxy.origin;
    try {
      await createDownload({ privateHosts: ['127.0.0.1'] })({ url: `${server.origin}/`, most: 9, signal: never });
    } finally {
      names.forEach((name, i) => {
        if (before[i] === undefined) delete process.env[name];
        else process.env[name] = before[i];
      });
    }
    expect([server.connections, proxy.connections]).toEqual([1, 0]);
  });
});
