// cspell:ignore fe80 bücher
import { describe, expect, test } from 'vitest';
import type { CapabilityName } from '../../host/index.ts';
import { checkArgsText, checkRuleText } from '../../src/manifest/rule-text.ts';

const long = (length: number): string => 'a'.repeat(length);
const PORT = 'has a port that is not from 1 to 65535';
const METHODS = 'must start with methods of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, or with the host';
const NO_HOST = 'is not a host name';
const NO_IPV6 = 'is not an IPv6 address in brackets';
const NO_IPV4 = 'must write an IPv4 address as four decimal numbers';
const WILD = 'may hold * only as its first label, as in *.example.org';

type Row = readonly [text: string, wrong: string | undefined];

const NETWORK: readonly Row[] = [
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method): Row => [`${method} a.org`, undefined]),
  ['GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS https://*.a.org:443', undefined],
  ...['TRACE', 'CONNECT', 'get', 'Get', 'GET,', ',GET', 'GET,,POST', 'GET;POST', ''].map((methods): Row => {
    return [`${methods} a.org`, METHODS];
  }),
  ['GET a.org b.org', NO_HOST],
  ['GET ', NO_HOST],
  ['*', 'is a lone *, which would open every address; name the hosts, or write *.host'],
  ['GET *', 'is a lone *, which would open every address; name the hosts, or write *.host'],
  ['programs:*', undefined],
  ['https://*', WILD],
  ['*:443', WILD],
  ['*.*.org', WILD],
  ['a.*', WILD],
  ['*a.org', WILD],
  ...['a.org:1', 'a.org:65535', '[::1]:1', '[::1]:65535', '127.0.0.1:80'].map((text): Row => [text, undefined]),
  ...['0', '65536', '99999', '100000', '01', '-1', '+1', '1.5', 'x', '', '*'].flatMap((port): Row[] => [
    [`a.org:${port}`, PORT],
    [`https://[::1]:${port}`, PORT],
  ]),
  ...['[::]', '[::1]', '[1:2:3:4:5:6:7:8]', '[::ffff:1.2.3.4]', '[FE80::1]', 'http://[2001:db8::]'].map((text): Row => {
    return [text, undefined];
  }),
  ...['[]', '[:]', '[:::]', '[1:2:3:4:5:6:7]', '[1:2:3:4:5:6:7:8:9]', '[::g]', '[::12345]', '[1.2.3.4]'].map(
    (text): Row => {
      return [text, NO_IPV6];
    },
  ),
  ['[::1', NO_IPV6],
  ['[[::1]]', NO_IPV6],
  ['[::1]x', NO_IPV6],
  ['[*]', NO_IPV6],
  ['[fe80::1%eth0]', 'holds a zone; an address with a zone is refused'],
  ['[fe80::1%25eth0]:443', 'holds a zone; an address with a zone is refused'],
  ['::1', 'must have an IPv6 address in brackets, such as [2001:db8::1]:443'],
  ['2001:db8::1', 'must have an IPv6 address in brackets, such as [2001:db8::1]:443'],
  ...['0.0.0.0', '255.255.255.255', 'https://10.0.0.1:1'].map((text): Row => [text, undefined]),
  ...['1', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '0x7f000001', '0x', 'a.0x1', '*.1', 'a.7'].map(
    (text): Row => {
      return [text, NO_IPV4];
    },
  ),
  ...['ftp', 'ws', 'HTTPS', 'javascript', 'file', ''].map((scheme): Row => {
    return [`${scheme}://a.org`, 'must have the scheme http or https'];
  }),
  ...['a.org/', 'a.org/b', 'a.org?b', 'a.org#b', 'https://a.org/', '//a.org', 'https:///'].map((text): Row => {
    return [text, 'holds a path or query; a rule covers a whole host'];
  }),
  ['u@a.org', 'holds a user name'],
  ['https://u:p@a.org:443', 'holds a user name'],
  ['A.org', 'must be in lower case'],
  ['bücher.org', 'must be written in its ASCII form (xn--…)'],
  ['a。org', 'must be written in its ASCII form (xn--…)'],
  [`${long(63)}.org`, undefined],
  [`${long(64)}.org`, NO_HOST],
  [`${'a.'.repeat(126)}a`, undefined],
  [`${'a.'.repeat(127)}a`, NO_HOST],
  ...['.a', 'a.', 'a..b', '-a', 'a-', 'a.-b', 'a%41', 'a+b', '*.', '.'].map((text): Row => {
    return [text, text === '*.' ? WILD : NO_HOST];
  }),
];

const BACKSLASH = 'holds a backslash; folders are separated by /';
const VARIABLE = 'starts with an unknown variable; $PROJECT_ROOT, $CACHE and $STATE are known';
const SECRET = 'must be a secret name: lower-case letters, digits, dots, _ and -';
const AGENT = 'must be the name of one agent; a lone * is refused';
const ENV = 'must be NAME or PREFIX_*, of letters, digits and _';
const PROGRAM = 'must be the name of one program, without arguments or wildcards';

const OTHERS: readonly (readonly [CapabilityName, readonly Row[]])[] = [
  [
    'filesystem_read',
    [
      ['$PROJECT_ROOT/src', undefined],
      ['$STATE/a', undefined],
      ['a b/c', undefined],
      ['a/~', undefined],
      ['a/$HOME', undefined],
      ['a\\b', BACKSLASH],
      ['..\\a', BACKSLASH],
      ['a/..', 'holds a .. segment'],
      ['~/../a', 'holds a .. segment'],
      ['$CACHE/../a', 'holds a .. segment'],
      ['a*', 'holds a wildcard; a path covers everything below it'],
      ['?', 'holds a wildcard; a path covers everything below it'],
      ['$', VARIABLE],
      ['$cache', VARIABLE],
      ['${CACHE}/a', VARIABLE],
      ['~root', "names another user's home; only ~/ is known"],
      ['c:a', 'starts with a drive; write the path with / from the root'],
    ],
  ],
  [
    'env_read',
    [
      ['A*', undefined],
      ['_*', undefined],
      ['*', 'is a lone *, which would hand over every variable; name them, or write a PREFIX_*'],
      ...['**', '*A', 'A**', 'A*B', '1', 'A B', 'A-B', '$A', 'A='].map((text): Row => [text, ENV]),
    ],
  ],
  [
    'secrets_access',
    [[long(128), undefined], ...[long(129), '.a', '_a', 'A', 'a*', 'a:b', 'é'].map((text): Row => [text, SECRET])],
  ],
  [
    'messaging',
    [
      [`A${long(127)}`, undefined],
      ['team:a/b@1.0_x-y', undefined],
      ...[long(129), '*', 'a*', '@a', '/a', 'a b', 'é'].map((text): Row => [text, AGENT]),
    ],
  ],
  [
    'terminal_exec',
    [
      [long(128), undefined],
      ['.hidden', undefined],
      ['./a', 'must be the name of a program, not a path'],
      ['a\\b', 'must be the name of a program, not a path'],
      ['.', 'is a folder, not a program'],
      ['..', 'is a folder, not a program'],
      ...[long(129), '-a', '+a', 'a b', 'a*', '**', 'a;b', 'a$b', 'é'].map((text): Row => [text, PROGRAM]),
    ],
  ],
  ['state', [['a', 'cannot be scoped: a skill has its own store and no other']]],
];

describe('the reason a rule is refused [R-MANIFEST-1]', () => {
  test.each(NETWORK)('network %j: it %s', (text, wrong) => {
    expect(checkRuleText('network', text)).toBe(wrong);
  });

  describe.each(OTHERS)('%s', (capability, rows) => {
    test.each(rows)('%j: it %s', (text, wrong) => {
      expect(checkRuleText(capability, text)).toBe(wrong);
    });

    test('size and signs come first', () => {
      expect(checkRuleText(capability, '')).toBe('is empty');
      expect(checkRuleText(capability, long(1_025))).toBe('is longer than 1024 characters');
      expect(checkRuleText(capability, 'a\u200db')).toBe('holds control or invisible characters');
    });
  });

  test('a path may have 1024 characters', () => {
    expect(checkRuleText('filesystem_write', long(1_024))).toBeUndefined();
  });

  test.each<Row>([
    ['a', undefined],
    ['a * **', undefined],
    ['-- --x=1 é', undefined],
    [long(1_024), undefined],
    [long(1_025), 'is longer than 1024 characters'],
    ['', 'is empty'],
    ['a\tb', 'holds control or invisible characters'],
    [' a', 'must have one space between words, and none around them'],
    ['a ', 'must have one space between words, and none around them'],
    ['a  b', 'must have one space between words, and none around them'],
    ['** a', 'has ** before its end'],
    ['** **', 'has ** before its end'],
    ['a* b', 'has a * inside a word; it stands for one whole word'],
    ['***', 'has a * inside a word; it stands for one whole word'],
    ['--x=*', 'has a * inside a word; it stands for one whole word'],
  ])('arguments %j: it %s', (text, wrong) => {
    expect(checkArgsText(text)).toBe(wrong);
  });
});
