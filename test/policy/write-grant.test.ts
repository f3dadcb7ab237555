import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Grant, mergeGrants, parseGrant, showGrant } from '../../src/policy/grant.ts';
import { beyondGrant, commonGrant, unaskedIn, withoutCapabilities } from '../../src/policy/limit-grant.ts';

const list = (...scopes: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...scopes), { minLength: 1, maxLength: 3 });
const grants: fc.Arbitrary<Grant> = fc.record(
  {
    filesystem_read: list('./', './a', '~/b', '/c'),
    filesystem_write: list('./out', '$STATE'),
    network: list('https://a.example.org', 'https://b.example.org GET,POST', 'http://c.example.org:80'),
    env_read: list('LANG', 'HOME'),
    secrets_access: list('token', 'key'),
    terminal_exec: list('git', 'ls'),
  },
  { requiredKeys: [] },
);

describe('a grant as it is written [R-GATE-1]', () => {
  it('is read as the same again, each part by itself', () => {
    fc.assert(
      fc.property(grants, (grant) => {
        expect(mergeGrants(showGrant(grant).map(parseGrant))).toEqual(grant);
      }),
    );
  });

  it('keeps the methods of an address together', () => {
    const network = ['https://a.example.org GET,POST', 'https://b.example.org'];
    expect(showGrant({ network, env_read: ['A', 'B'] })).toEqual([
      'network=https://a.example.org GET,POST',
      'network=https://b.example.org',
      'env_read=A,B',
    ]);
  });

  it('says nothing of what nothing is granted of', () => {
    expect(showGrant({ network: [], env_read: [] })).toEqual([]);
  });
});

describe('parts of grants [R-GATE-1]', () => {
  it('are what both have, and what only one has: together the whole', () => {
    fc.assert(
      fc.property(grants, grants, (a, b) => {
        const [common, beyond] = [commonGrant(a, b), beyondGrant(a, b)];
        const sorted = (grant: Grant) =>
          showGrant(grant)
            .flatMap((part) => showGrant(parseGrant(part)))
            .toSorted();
        const scopes = (grant: Grant) =>
          Object.entries(grant)
            .flatMap(([name, all]) => all.map((one) => `${name} ${one}`))
            .toSorted();
        expect(scopes(mergeGrants([common, beyond]))).toEqual(scopes(a));
        expect(sorted(commonGrant(common, beyond))).toEqual([]);
        expect(sorted(commonGrant(a, a))).toEqual(sorted(a));
        expect(beyondGrant(a, a)).toEqual({});
      }),
    );
  });

  it('of a name that is no capability are dropped, from wherever they came', () => {
    const strange = { everything: ['*'], constructor: ['x'], env_read: ['A'] } as unknown as Grant;
    expect(withoutCapabilities(strange, new Set())).toEqual({ env_read: ['A'] });
    expect(commonGrant(strange, strange)).toEqual({ env_read: ['A'] });
    expect(unaskedIn(strange, {})).toEqual(['env_read']);
  });
});
