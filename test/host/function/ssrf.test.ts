// cspell:ignore fffe localdomain lhost mple nip expl ssrf
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress, literalAddress } from '../../../host/capability/address.ts';
import { bench, refusalOf } from './scope-fixture.ts';
import { answerOf, request, serve } from './web-fixture.ts';

// Ways to write an address of this machine, its network or its cloud, with names and numbers that were not granted.

/** Forms of 127.0.0.1 that URL parsers turn into the four decimal numbers. */
const DOTTED = [
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '017700000001',
  '0x7f.1',
  '0177.0.0.1',
  '127.1',
  '127.0.1',
  '0x7F.0x0.0x0.0x1',
  '00177.0000.0.01',
  '0x7f.0.0.0x1',
  '0177.1',
  '127.0.1.',
  '127.0.0.1.',
  '\u2460\u2461\u2466.0.0.1',
  '\uff11\uff12\uff17.0.0.1',
  '127\u3002\u0030.0.1',
  '127.0.0.%31',
  '%31%32%37.0.0.1',
  '127.0.0.1%2e',
];
const SAME_MACHINE = [
  '127.0.0.2',
  '127.255.255.254',
  '0',
  '0.0.0.0',
  '0x0',
  '00',
  '0.0',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
  '[::ffff:0:127.0.0.1]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[2001:0:53aa:64c:0:0:80ff:fffe]',
  '[fe80::1]',
];
const NETWORK = [
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '198.18.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '224.0.0.1',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[ff05::2]',
];
/** Amazon, Google, Azure, Oracle, Alibaba, DigitalOcean, Hetzner, OpenStack, Tencent and Kubernetes, by number. */
const CLOUDS = [
  '169.254.169.254',
  '169.254.170.2',
  '[fd00:ec2::254]',
  '168.63.129.16',
  '192.0.0.192',
  '100.100.100.200',
  '169.254.0.23',
  '[fd20:ce::254]',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '[::ffff:a9fe:a9fe]',
  '169.254.43518',
];
const NAMES = [
  'localhost',
  'localhost.',
  'LOCALHOST',
  'a.localhost',
  'localhost.localdomain',
  'ip6-localhost',
  'metadata',
  'metadata.google.internal',
  'instance-data',
  'kubernetes.default.svc',
  '127.0.0.1.nip.io',
  'loc\u0430lhost',
  'ex\u00e4mple.org',
];
const ODD = [
  'example.org@127.0.0.1',
  '127.0.0.1@example.org',
  'example.org:80@127.0.0.1',
  'example.org%40127.0.0.1',
  'example.org\\@127.0.0.1',
  '127.0.0.1\\.example.org',
  '127.0.0.1#.example.org',
  '127.0.0.1?.example.org',
  '127.0.0.1/.example.org',
  '127.0.0.1%00.example.org',
  '127.0.0.1%2f.example.org',
  '127.0.0.1\t',
  '\n127.0.0.1',
  '[::1%25lo]',
  '[::1%lo]',
  '[fe80::1%25eth0]',
  '127.0.0.1:80:80',
  '[127.0.0.1]',
  '127.0.0.1 .example.org',
  '.',
  '..',
  '127.0.0.256',
  '1.2.3.4.5',
  '0x100000000',
  '-1',
  '*',
];
const HOSTS = [...DOTTED, ...SAME_MACHINE, ...NETWORK, ...CLOUDS, ...NAMES, ...ODD];

const urlsOf = (host: string, port: number): string[] => [
  `http://${host}:${port}/`,
  `https://${host}:${port}/`,
  `HTTP://${host}:0${port}/`,
  `http:\\\\${host}:${port}`,
  `http:/${host}:${port}/`,
  `\u0000http://${host}:${port}/`,
];

describe('an address that was not granted by number', () => {
  it('is never connected to, in any way it can be written [R-GATE-3]', async () => {
    const web = await serve();
    const rules = {
      network: [
        `example.org:${web.port}`,
        `*.example.org:${web.port}`,
        `8.8.8.8:${web.port}`,
        `[2001:4860:4860::8888]:${web.port}`,
      ],
    };
    const urls = HOSTS.flatMap((host) => urlsOf(host, web.port));
    expect(urls.length).toBeGreaterThan(500);
    const here = bench({ cwd: '/', rules });
    for (const url of urls) {
      const { code } = await refusalOf(here.call('http.fetch', ...request(url)));
      expect([url, code]).toEqual([url, 'denied']);
    }
    expect(web.connections).toBe(0);
  }, 60_000);

  it.each([
    'ftp',
    'file',
    'gopher',
    'ws',
    'wss',
    'dict',
    'ldap',
    'javascript',
    'data',
    'blob',
    'unix',
    'http+unix',
    'about',
  ])('is not reached by %s [R-GATE-3]', async (scheme) => {
    const web = await serve();
    const here = bench({ cwd: '/', rules: { network: [web.origin, `127.0.0.1:${web.port}`] } });
    expect(await refusalOf(here.call('http.fetch', ...request(`${scheme}://127.0.0.1:${web.port}/`)))).toMatchObject({
      code: 'denied',
    });
    expect(web.connections).toBe(0);
  });

  it('is not reached on another port of one that was [R-GATE-3]', async () => {
    const [web, other] = [await serve(), await serve()];
    const here = bench({ cwd: '/', rules: { network: [web.origin, '127.0.0.1'] } });
    for (const port of [other.port, 0, 1, 65_535])
      expect(await refusalOf(here.call('http.fetch', ...request(`http://127.0.0.1:${port}/`)))).toMatchObject({
        code: 'denied',
      });
    expect(other.connections).toBe(0);
  });
});

describe('an address that was granted by number', () => {
  it('is reached in every way that is the same number, and in no other [R-GATE-3]', async () => {
    const web = await serve();
    const here = bench({ cwd: '/', rules: { network: [`127.0.0.1:${web.port}`] } });
    let reached = 0;
    for (const host of HOSTS) {
      const url = `http://${host}:${web.port}/`;
      if (URL.canParse(url) && new URL(url).host === `127.0.0.1:${web.port}` && new URL(url).username === '') {
        expect(answerOf(await here.call('http.fetch', ...request(url))).status).toBe(200);
        reached++;
      } else expect(await refusalOf(here.call('http.fetch', ...request(url)))).toMatchObject({ code: 'denied' });
    }
    expect(reached).toBeGreaterThan(10);
    expect(web.connections).toBe(reached);
  });

  it('of the sixth version is reached, too [R-GATE-3]', async (context) => {
    const web = await serve();
    const here = bench({ cwd: '/', rules: { network: [`[::1]:${web.port}`] } });
    const answer = await here.call('http.fetch', ...request(`http://[0:0::1]:${web.port}/`)).catch(() => undefined);
    if (answer === undefined) return context.skip('this machine has no loopback of the sixth version');
    expect(answerOf(answer).status).toBe(200);
  });
});

describe('public addresses', () => {
  it.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '2001:4860:4860::8888', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'are such: %s [R-GATE-3]',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it('are none of this machine, its network, its cloud, or a gateway to them [R-GATE-3]', () => {
    const literal = [...DOTTED, ...SAME_MACHINE, ...NETWORK, ...CLOUDS]
      .filter((host) => URL.canParse(`http://${host}/`))
      .map((host) => new URL(`http://${host}/`).hostname.replace(/\.$/, ''));
    expect(literal.length).toBeGreaterThan(50);
    for (const host of literal) {
      const found = literalAddress(host);
      expect([host, found === undefined || isPublicAddress(found.address)]).toEqual([host, false]);
    }
    for (const text of ['', 'x', 'fe80::1%eth0', '8.8.8.8 ', 'localhost', '8.8.8.8.8'])
      expect(isPublicAddress(text)).toBe(false);
  });

  it('of the sixth version are in 2000::/3, and hold no address of the fourth in disguise [R-GATE-3]', () => {
    const hex = (bytes: Uint8Array): string =>
      Array.from({ length: 8 }, (_, i) => (((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0)).toString(16)).join(
        ':',
      );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const first = bytes[0] ?? 0;
        if (first >> 5 !== 1) expect(isPublicAddress(hex(bytes))).toBe(false);
        for (const prefix of [[], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], [0, 0x64, 0xff, 0x9b], [0x20, 0x02]]) {
          const disguised = new Uint8Array(16);
          disguised.set(prefix);
          disguised.set([10, 0, 0, bytes[1] ?? 0], prefix[0] === 0x20 ? 2 : 12);
          expect(isPublicAddress(hex(disguised))).toBe(false);
        }
      }),
    );
  });
});
