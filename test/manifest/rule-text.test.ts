// cspell:ignore bcher bücher dple CACHEX oneline
import { describe, expect, test } from 'vitest';
import type { CapabilityName } from '../../host/index.ts';
import { checkArgsText, checkRuleText } from '../../src/manifest/rule-text.ts';

const GOOD: Readonly<Record<Exclude<CapabilityName, 'state'>, readonly string[]>> = {
  network: [
    'api.example.org',
    '*.amazonaws.com',
    'localhost',
    'localhost:8080',
    'https://internal.corp:8443',
    'http://example.org',
    'https://*.corp',
    'GET api.example.org',
    'GET,POST https://api.example.org:1',
    '127.0.0.1',
    '10.0.0.1:65535',
    '[::1]',
    '[2001:db8::1]:443',
    'https://[::1]:8443',
    'xn--bcher-kva.example',
    '_srv.example.org',
    '1.example.org',
  ],
  env_read: ['HOME', 'AWS_*', '_x', 'a1'],
  secrets_access: ['github-token', 'a.b_c', '0'],
  filesystem_read: [
    '/',
    '/etc/hosts',
    '~',
    '~/.kube',
    './',
    '.',
    'data',
    'data/in',
    '$PROJECT_ROOT',
    '$CACHE/x',
    '$STATE',
  ],
  filesystem_write: ['./out', 'a..b/c', '...'],
  messaging: ['reviewer', 'team/reviewer@1'],
  terminal_exec: ['*', 'git', 'g++', 'python3.11', 'x86_64-gcc'],
};

const BAD: Readonly<Record<CapabilityName, readonly string[]>> = {
  network: [
    '*',
    'GET *',
    'https://*',
    '*:443',
    'a.*.org',
    '**.example.org',
    '*example.org',
    '*.',
    'API.example.org',
    'example.org/path',
    'https://example.org/',
    'https://example.org?x',
    'https://u:p@example.org',
    'u@example.org',
    'ftp://example.org',
    'HTTPS://example.org',
    '://example.org',
    '//example.org',
    'example.org:0',
    'example.org:65536',
    'example.org:080',
    'example.org:',
    ':443',
    'get example.org',
    'GET',
    'GET  example.org',
    'GET, POST example.org',
    'TRACE example.org',
    'CONNECT example.org',
    'example.org ',
    ' example.org',
    'example.org.',
    'ex ample.org',
    '-a.org',
    'a-.org',
    '2130706433',
    '0x7f.1',
    '127.1',
    '0177.0.0.1',
    '256.0.0.1',
    '::1',
    '[::1',
    '[::g]',
    '[fe80::1%eth0]',
    '[127.0.0.1]',
    'bücher.example',
    `${'a'.repeat(64)}.org`,
    `${'a.'.repeat(130)}org`,
    'exa%6dple.org',
    'example\u3002org',
  ],
  env_read: ['*', 'A*B', '1A', 'A-B', 'A **', 'A=B', 'Ä'],
  secrets_access: ['*', 'A', '-a', 'a b', 'a/b', 'a'.repeat(129)],
  filesystem_read: ['..', '../a', 'a/../b', '~/..', '$HOME', '$CACHEX/a', '~root/x', 'C:/x', 'a\\b', 'src/**', './a?'],
  filesystem_write: ['/tmp/../etc', './..'],
  messaging: ['*', 'a b', '-a'],
  terminal_exec: ['/usr/bin/git', 'git status', 'g*', '-x', '..', '.', 'a;b', 'a|b', '$(x)', 'a\\b'],
  state: ['x', '*'],
};

const NAMES = Object.keys(BAD) as CapabilityName[];

describe.each(Object.entries(GOOD))('%s', (capability, texts) => {
  test.each(texts)('takes %j', (text) => {
    expect(checkRuleText(capability as CapabilityName, text)).toBeUndefined();
  });
});

describe.each(Object.entries(BAD))('%s', (capability, texts) => {
  test.each(texts)('refuses %j', (text) => {
    expect(checkRuleText(capability as CapabilityName, text)).toMatch(/^[a-z].+[^.]$/);
  });
});

describe.each(NAMES)('%s', (capability) => {
  test.each(['', '\u0000', 'a\u0000b', 'a\nb', 'a\u202eb', 'a\u200bb', '\u001b[2J', 'a'.repeat(1_025)])(
    'refuses %j',
    (text) => {
      expect(checkRuleText(capability, text)).toBeDefined();
    },
  );
});

describe('patterns over arguments', () => {
  test.each(['status', 'log **', '**', '*', 's3 ls * **', '--oneline'])('takes %j', (text) => {
    expect(checkArgsText(text)).toBeUndefined();
  });

  test.each(['', ' ', 'a  b', ' a', 'a ', '** a', 'a*', '***', 'a\nb', 'x '.repeat(600)])('refuses %j', (text) => {
    expect(checkArgsText(text)).toBeDefined();
  });
});
