import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  capabilitiesOf,
  type Grant,
  type GrantableCapability,
  mergeGrants,
  parseGrant,
  trustOf,
} from '../../src/policy/grant.ts';

const LONGEST = 1_024;
const label = 'a'.repeat(63);
const CAPABILITIES: readonly GrantableCapability[] = [
  'filesystem_read',
  'filesystem_write',
  'network',
  'env_read',
  'secrets_access',
  'terminal_exec',
  'messaging',
];

const PATHS = {
  good: [
    '.',
    './',
    '/',
    'a',
    './a/',
    '/a b/ü',
    '~',
    '~/a',
    '$CACHE',
    '$STATE/x',
    '$PROJECT_ROOT/x',
    'a..b',
    '...',
    '.a',
  ],
  bad: [
    '',
    '..',
    '../a',
    'a/..',
    'a/../b',
    '/..',
    '*',
    'a/*',
    'a?',
    'a\\b',
    '~me',
    '~me/a',
    '$HOME/a',
    '$cache',
    'C:/a',
  ],
};

const SCOPES: Readonly<Record<GrantableCapability, { readonly good: string[]; readonly bad: string[] }>> = {
  filesystem_read: PATHS,
  filesystem_write: PATHS,
  network: {
    good: [
      'a.org',
      'localhost',
      '*.a.org',
      'a.org:1',
      'a.org:65535',
      'http://a.org',
      'https://a.org:8443',
      'GET a.org',
      'GET,POST https://a.org',
      '10.0.0.1:80',
      '[::1]',
      '[2001:db8::1]:443',
      'xn--4gbrim.example',
      `${label}.org`,
    ],
    bad: [
      '',
      '*',
      'GET *',
      'get a.org',
      'GET',
      'CONNECT a.org',
      'GET, POST a.org',
      'GET  a.org',
      'A.org',
      'a.org:0',
      'a.org:65536',
      'a.org:080',
      'a.org:',
      'ftp://a.org',
      '://a.org',
      'a.org/x',
      'a.org?x',
      'u@a.org',
      'a.*.org',
      '**.a.org',
      '*a.org',
      'a..org',
      '.a.org',
      '-a.org',
      'a.org.',
      '127.1',
      '0x7f.0.0.1',
      '2130706433',
      '::1',
      '[::1',
      '[fe80::1%eth0]',
      'bücher.example',
      `a${label}.org`,
    ],
  },
  env_read: {
    good: ['LANG', 'a', '_', '_X*', 'LC_*', 'A1'],
    bad: ['', '*', '1A', 'A-B', 'A B', 'A*B', '*A', 'A**', 'A=B', 'Ä'],
  },
  secrets_access: {
    good: ['a', '0', 'github-token', 'a.b_c-d', 'a'.repeat(128)],
    bad: ['', '*', 'A', '-a', '.a', '_a', 'a b', 'a/b', 'a*', 'ä', 'a'.repeat(129)],
  },
  terminal_exec: {
    good: ['git', '*', 'g++', 'python3.12', '_x', '.x', 'A', 'a'.repeat(128)],
    bad: ['', '.', '..', '/bin/sh', './sh', 'a\\b', 'git push', 'g*', '-rf', '+x', 'a;b', '$(a)', 'ä', 'a'.repeat(129)],
  },
  messaging: {
    good: ['reviewer', 'A', '0', 'team/a:b@c.d_e-f', 'a'.repeat(128)],
    bad: ['', '*', '-a', '/a', '@a', 'a b', 'a*', 'ä', 'a'.repeat(129)],
  },
};

const refusal = (capability: string, scope: string): unknown =>
  expect.objectContaining({
    code: 'E_USAGE',
    message: expect.stringContaining(`the grant ${capability}="`),
    hint: expect.stringContaining(`such as ${capability}=`),
    ...(scope === '' && { message: `the grant ${capability}="" is empty` }),
  });

describe.each(CAPABILITIES)('the scopes of %s', (capability) => {
  const { good, bad } = SCOPES[capability];

  it.each(good)('%j is a rule, from the option to the layer', (scope) => {
    const parsed = parseGrant(`${capability}=${scope}`);
    expect(parsed).toEqual({ [capability]: [scope] });
    const { terminalExec, ...lists } = capabilitiesOf(parsed);
    const rules = [...Object.values(lists), terminalExec.commands].flat();
    expect(rules).toEqual([{ text: scope, origin: '--grant' }]);
  });

  it.each([...bad, 'a\u0000', 'a\u202eb', '\u200b', 'a\n', 'a'.repeat(LONGEST + 1)])('%j is refused', (scope) => {
    expect(() => capabilitiesOf({ [capability]: [scope] })).toThrow(refusal(capability, scope));
    const [first] = good;
    expect(() => capabilitiesOf({ [capability]: [first, scope] })).toThrow(refusal(capability, scope));
  });
});

it('a path of the longest length is a rule', () => {
  expect(() => capabilitiesOf({ filesystem_read: ['a'.repeat(LONGEST)] })).not.toThrow();
});

describe('the example of a hint', () => {
  it.each(CAPABILITIES)('for %s is itself a grant', (capability) => {
    const hintOf = (act: () => unknown): string => {
      try {
        act();
      } catch (error) {
        return (error as { hint: string }).hint;
      }
      return expect.fail('it was not refused');
    };
    const [, missing = ''] = /--grant (.*)$/.exec(hintOf(() => parseGrant(capability))) ?? [];
    const [, malformed = ''] = /such as (.*)$/.exec(hintOf(() => capabilitiesOf({ [capability]: [''] }))) ?? [];
    for (const text of [missing, malformed]) {
      expect(Object.keys(parseGrant(text))).toEqual([capability]);
      expect(() => capabilitiesOf(parseGrant(text))).not.toThrow();
    }
  });
});

const scopes = fc.array(fc.string({ maxLength: 6 }), { maxLength: 3 });
const grantOf = fc.record(Object.fromEntries(CAPABILITIES.map((name) => [name, scopes])), {
  requiredKeys: [],
  noNullPrototype: true,
}) as fc.Arbitrary<Grant>;
/** Every capability with its scopes: none and an empty list are the same grant. */
const whole = (grant: Grant): unknown => CAPABILITIES.map((name) => grant[name] ?? []);

describe('merged grants', () => {
  it('are the same however they are put together, and hold each scope as often as it was given', () => {
    fc.assert(
      fc.property(grantOf, grantOf, grantOf, (a, b, c) => {
        const all = mergeGrants([a, b, c]);
        expect(whole(mergeGrants([mergeGrants([a, b]), c]))).toEqual(whole(all));
        expect(whole(mergeGrants([a, mergeGrants([b, c])]))).toEqual(whole(all));
        for (const name of CAPABILITIES)
          expect(all[name] ?? []).toEqual([...(a[name] ?? []), ...(b[name] ?? []), ...(c[name] ?? [])]);
      }),
    );
  });

  it('know no capability but those that can be granted', () => {
    expect(mergeGrants([{ state: ['x'], toString: ['y'] } as Grant])).toEqual({});
    expect(Object.keys(mergeGrants([JSON.parse('{"__proto__":{"network":["a.org"]}}') as Grant]))).toEqual([]);
  });
});

describe('trust', () => {
  it('is equal for equal grants alone: any difference differs, the order of scopes included [R-WALL-4]', () => {
    const what = fc.tuple(
      fc.string({ maxLength: 4 }),
      grantOf,
      fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 }),
    );
    const full = ([hash, grant, around]: readonly [string, Grant, string[]]): string =>
      JSON.stringify([hash, whole(grant), around]);
    fc.assert(
      fc.property(what, what, (one, other) => {
        expect(trustOf(...one) === trustOf(...other)).toBe(full(one) === full(other));
        expect(trustOf(...one)).toBe(trustOf(...structuredClone(one)));
      }),
      { numRuns: 300 },
    );
  });

  it.each<[what: string, one: Grant, other: Grant, same: boolean]>([
    ['the order of capabilities', { network: ['a'], env_read: ['B'] }, { env_read: ['B'], network: ['a'] }, true],
    ['an empty list', { network: [] }, {}, true],
    ['the order of scopes', { network: ['a', 'b'] }, { network: ['b', 'a'] }, false],
    ['a scope given twice', { network: ['a'] }, { network: ['a', 'a'] }, false],
    ['a scope of another capability', { filesystem_read: ['a'] }, { filesystem_write: ['a'] }, false],
    ['a scope that looks like two', { network: ['a","b'] }, { network: ['a', 'b'] }, false],
  ])('%s', (_what, one, other, same) => {
    expect(trustOf('h', one, []) === trustOf('h', other, [])).toBe(same);
  });
});
