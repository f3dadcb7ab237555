import { describe, expect, it } from 'vitest';
import { pinAddresses } from '../../src/git/pin-addresses.ts';
import { parseRemote } from '../../src/git/remote.ts';
import { settingsFor } from '../../src/git/settings.ts';

describe('the addresses of a remote', () => {
  it.each([
    ['127.0.0.1'],
    ['127.1'],
    ['2130706433'],
    ['0x7f000001'],
    ['0x7f.0.0.1'],
    ['0177.0.0.1'],
    ['0'],
    ['0.0.0.0'],
    ['10.0.0.1'],
    ['172.16.0.1'],
    ['192.168.0.1'],
    ['100.64.0.1'],
    ['169.254.169.254'],
    ['168.63.129.16'],
    ['100.100.100.200'],
    ['192.0.0.192'],
    ['224.0.0.1'],
    ['255.255.255.255'],
    ['[::]'],
    ['[::1]'],
    ['[::ffff:127.0.0.1]'],
    ['[::ffff:7f00:1]'],
    ['[::127.0.0.1]'],
    ['[64:ff9b::7f00:1]'],
    ['[2002:7f00:1::]'],
    ['[2001:0:7f00:1::1]'],
    ['[fe80::1]'],
    ['[fc00::1]'],
    ['[fd00:ec2::254]'],
    ['[ff02::1]'],
  ])('are refused when they are not public: %s [R-GIT-4]', async (host) => {
    for (const scheme of ['https', 'ssh']) await expect(pin(`${scheme}://${host}/a`)).rejects.toMatchObject(PRIVATE);
    await expect(pin(`http://${host}/a`)).rejects.toMatchObject({ details: { reason: 'plain_http' } });
  });

  it.each([
    ['one that is not', ['127.0.0.1']],
    ['one of several that is not', ['1.1.1.1', '2606:4700::1111', '10.0.0.1']],
    ['an IPv6 one that is not', ['1.1.1.1', 'fe80::1%eth0']],
    ['one that is none', ['1.1.1.1', 'example.org']],
  ])('are refused with %s behind a name [R-GIT-4]', async (_, addresses) => {
    await expect(pin('https://example.org/a', [], addresses)).rejects.toMatchObject(PRIVATE);
  });

  it.each([
    ['public ones', 'https://example.org/a', [], ['1.1.1.1', '2606:4700::1111']],
    ['a public one itself', 'https://1.1.1.1/a', [], undefined],
    ['private ones of a host that is listed', 'https://example.org/a', ['example.org'], ['10.0.0.1']],
    ['private ones of a host that is listed with its port', 'http://a.b:81/a', ['a.b:81'], ['10.0.0.1']],
    ['a private one that is listed', 'http://[::1]/a', ['[::1]'], undefined],
  ])('are used: %s', async (_, url, listed, addresses) => {
    const literal = parseRemote(url).host.replace(/^\[|\]$/g, '');
    expect(await pin(url, listed, addresses)).toEqual(addresses ?? [literal]);
  });

  it.each([
    ['another name', 'https://example.org/a', ['xexample.org', 'org', 'example.org.evil']],
    ['another port', 'https://example.org/a', ['example.org:8443']],
    ['a name that has its address', 'https://127.0.0.1/a', ['localhost']],
  ])('are refused when %s is listed [R-GIT-4]', async (_, url, listed) => {
    await expect(pin(url, listed, ['127.0.0.1'])).rejects.toMatchObject(PRIVATE);
  });

  it('are none of a name without any', async () => {
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const options = { privateHosts: [], resolve: () => Promise.reject(missing), signal: new AbortController().signal };
    const failure = { code: 'E_NETWORK', details: { reason: 'no_address' } };
    await expect(pinAddresses(parseRemote('https://example.org/a'), options)).rejects.toMatchObject(failure);
    await expect(pin('https://example.org/a', [], [])).rejects.toMatchObject(failure);
  });

  it('are not waited for when the fetch has ended [R-GIT-7]', async () => {
    const controller = new AbortController();
    const reason = new Error('ended');
    const pending = pinAddresses(parseRemote('https://example.org/a'), {
      privateHosts: [],
      resolve: () => new Promise(() => undefined),
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });
});

describe('what git is told', () => {
  it('are the addresses that were checked, and no others [R-GIT-4]', () => {
    const remote = parseRemote('https://example.org:8443/a');
    const { options, env } = settings(remote, ['1.1.1.1', '2606:4700::1111']);
    expect(options).toContain('http.curloptResolve=example.org:8443:1.1.1.1,[2606:4700::1111]');
    expect(options).toContain('http.followRedirects=false');
    expect(env).toMatchObject({ GIT_ALLOW_PROTOCOL: 'https', HOME: '/nowhere' });
    expect(env).not.toHaveProperty('GIT_SSH_COMMAND');
  });

  it.each([
    ['ssh://git@example.org/a', '1.1.1.1', "-o 'HostName=1.1.1.1' -o 'HostKeyAlias=example.org'"],
    ['ssh://example.org:2222/a', '1.1.1.1', "-o 'HostName=1.1.1.1' -o 'HostKeyAlias=[example.org]:2222'"],
    ['ssh://example.org/a', '2606:4700::1111', "-o 'HostName=2606:4700::1111' -o 'HostKeyAlias=example.org'"],
  ])("for %s goes to ssh, which has the user's home and agent [R-GIT-4]", (url, address, words) => {
    const { env } = settings(parseRemote(url), [address]);
    expect(env['GIT_SSH_COMMAND']).toContain(words);
    expect(env['GIT_SSH_COMMAND']).toContain("-o 'BatchMode=yes'");
    expect(env).toMatchObject({ GIT_ALLOW_PROTOCOL: 'ssh', HOME: '/home/me', SSH_AUTH_SOCK: '/run/agent' });
  });

  it('is nothing that this process has in its environment, but the path [R-GIT-3]', () => {
    for (const url of ['https://example.org/a', 'ssh://example.org/a']) {
      const { env } = settings(parseRemote(url), ['1.1.1.1']);
      expect(Object.values(env)).not.toContain('evil');
      expect(env['PATH']).toBe('/bin');
    }
  });
});

const EVIL =
  'GIT_DIR GIT_SSH GIT_SSH_COMMAND GIT_ASKPASS GIT_PROXY_COMMAND GIT_EXEC_PATH GIT_TEMPLATE_DIR GIT_CONFIG_GLOBAL GIT_CONFIG_PARAMETERS GIT_TRACE https_proxy HTTPS_PROXY ALL_PROXY GIT_SSL_NO_VERIFY LD_PRELOAD SSH_ASKPASS TOKEN XDG_CONFIG_HOME CURL_HOME'.split(
    ' ',
  );

function settings(
  remote: ReturnType<typeof parseRemote>,
  addresses: readonly string[],
): ReturnType<typeof settingsFor> {
  const evil = Object.fromEntries(EVIL.map((name) => [name, 'evil']));
  const outer = { ...evil, PATH: '/bin', HOME: '/home/me', SSH_AUTH_SOCK: '/run/agent' };
  return settingsFor(remote, { addresses, home: '/nowhere', outer });
}

const PRIVATE = { code: 'E_DENIED', details: { reason: 'private_address' } };

function pin(
  url: string,
  privateHosts: readonly string[] = [],
  addresses: readonly string[] = [],
): Promise<readonly string[]> {
  const resolve = () => Promise.resolve(addresses.map((address) => ({ address, family: 4 as const })));
  return pinAddresses(parseRemote(url), { privateHosts, resolve, signal: new AbortController().signal });
}
