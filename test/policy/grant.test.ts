import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capabilitiesOf, type Grant, mergeGrants, parseGrant, trustOf } from '../../src/policy/grant.ts';

describe('parseGrant', () => {
  it.each<[text: string, grant: Grant]>([
    ['filesystem_read=./data', { filesystem_read: ['./data'] }],
    ['filesystem_read=./a,./b', { filesystem_read: ['./a', './b'] }],
    ['filesystem_read=a=b', { filesystem_read: ['a=b'] }],
    ['network=GET,POST api.example.org', { network: ['GET,POST api.example.org'] }],
    ['env_read=LANG,LC_*', { env_read: ['LANG', 'LC_*'] }],
    ['terminal_exec=git,*', { terminal_exec: ['git', '*'] }],
  ])('%s', (text, grant) => {
    expect(parseGrant(text)).toEqual(grant);
  });

  it.each([
    ['filesystem_raed=x', 'did you mean filesystem_read?'],
    ['FILESYSTEM_READ=x', 'did you mean filesystem_read?'],
    [' network=x', 'did you mean network?'],
    ['state=x', 'one of filesystem_read'],
    ['__proto__=x', 'one of filesystem_read'],
    ['', 'one of filesystem_read'],
    ['=x', 'one of filesystem_read'],
    ['network', 'write --grant network='],
    ['network=', 'write --grant network='],
    ['a\u001b[31m=x', 'one of'],
  ])('%j is refused', (text, hint) => {
    const error = refused(() => parseGrant(text));
    expect(error).toMatchObject({ code: 'E_USAGE', hint: expect.stringContaining(hint) });
    expect(error.message).not.toContain('\u001b');
  });

  it('reads or refuses any text', () => {
    fc.assert(
      fc.property(fc.constantFrom('', 'network', 'env_read', 'filesystem_read='), fc.string(), (name, rest) => {
        try {
          for (const scopes of Object.values(parseGrant(`${name}${rest}`))) expect(scopes.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_USAGE' });
        }
      }),
    );
  });
});

describe('grants', () => {
  it('add up in order, and the parts stay as they were', () => {
    const parts: Grant[] = [{ network: ['a.org'], env_read: ['A'] }, { network: ['b.org'] }];
    const before = structuredClone(parts);
    expect(mergeGrants(parts)).toEqual({ network: ['a.org', 'b.org'], env_read: ['A'] });
    expect(parts).toEqual(before);
    expect(mergeGrants([])).toEqual({});
  });

  it('become rules that say where they come from', () => {
    const { filesystemRead, terminalExec } = capabilitiesOf({ filesystem_read: ['./a'], terminal_exec: ['git'] });
    expect(filesystemRead).toEqual([{ text: './a', origin: '--grant' }]);
    expect(terminalExec.commands).toEqual([{ text: 'git', origin: '--grant' }]);
    expect(terminalExec.blocked).toEqual([]);
  });

  it.each<[grant: Grant, says: string]>([
    [{ filesystem_read: ['../up'] }, '.. segment'],
    [{ filesystem_write: ['a\u0000b'] }, 'control or invisible characters'],
    [{ filesystem_read: [''] }, 'is empty'],
    [{ network: ['*'] }, 'lone *'],
    [{ network: ['user@host'] }, 'user name'],
    [{ env_read: ['*'] }, 'lone *'],
    [{ secrets_access: ['UPPER'] }, 'secret name'],
    [{ terminal_exec: ['/bin/sh'] }, 'not a path'],
    [{ messaging: ['*'] }, 'lone *'],
  ])('%j is refused', (grant, says) => {
    const error = refused(() => capabilitiesOf(grant));
    expect(error).toMatchObject({ code: 'E_USAGE', hint: expect.stringContaining('such as') });
    expect(error.message).toContain(says);
  });
});

describe('trust', () => {
  const grant: Grant = { filesystem_read: ['a', 'b'] };
  const trust = trustOf('sha256:1', grant, ['id', '/work']);

  it('is equal when everything is', () => {
    expect(trustOf('sha256:1', { filesystem_read: ['a', 'b'] }, ['id', '/work'])).toBe(trust);
  });

  it.each<[what: string, hash: string, grant: Grant, around: string[]]>([
    ['hash', 'sha256:2', grant, ['id', '/work']],
    ['scope', 'sha256:1', { filesystem_read: ['a', 'c'] }, ['id', '/work']],
    ['scopes joined otherwise', 'sha256:1', { filesystem_read: ['a,b'] }, ['id', '/work']],
    ['capability', 'sha256:1', { filesystem_write: ['a', 'b'] }, ['id', '/work']],
    ['one capability more', 'sha256:1', { ...grant, network: ['x.org'] }, ['id', '/work']],
    ['fewer', 'sha256:1', {}, ['id', '/work']],
    ['skill', 'sha256:1', grant, ['other', '/work']],
    ['working directory', 'sha256:1', grant, ['id', '/other']],
    ['surroundings joined otherwise', 'sha256:1', grant, ['id/work']],
  ])('differs by %s', (_what, hash, of, around) => {
    expect(trustOf(hash, of, around)).not.toBe(trust);
  });
});

function refused(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it was not refused');
}
