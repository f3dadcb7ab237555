// cspell:ignore AWSOME
import { describe, expect, it } from 'vitest';
import type { WireValue } from '../../../host/wire/codec.ts';
import { bench, bytesOf, refusalOf, textOf } from './scope-fixture.ts';

const ENV = { HOME: '/home/me', AWS_REGION: 'eu', AWS_: 'bare', AWSOME: 'no', UNSET: undefined, EMPTY: '' };

describe('environment variables', () => {
  it.each([
    [[], []],
    [['HOME'], ['HOME']],
    [['AWS_*'], ['AWS_', 'AWS_REGION']],
    [['A*'], ['AWSOME', 'AWS_', 'AWS_REGION']],
    [['home', 'HOM', 'HOME_*', 'Aws_*'], []],
    [['UNSET', 'EMPTY'], ['EMPTY']],
  ])('granted as %j are listed and read, and no others [R-GATE-6]', async (env, expected) => {
    const here = bench({ cwd: '/', env: ENV, rules: { env } });
    expect(await here.call('env.list')).toEqual(expected);
    expect(here.records).toEqual([]);
    for (const name of ['HOME', 'AWS_REGION', 'AWS_', 'AWSOME', 'EMPTY', 'PATH'] as const) {
      const isGranted = expected.includes(name);
      if (isGranted) expect(await here.call('env.get', name)).toBe((ENV as Record<string, string | undefined>)[name]);
      else
        expect((await refusalOf(here.call('env.get', name))).code).toMatch(
          env.length > 0 && name === 'PATH' ? /denied/ : /denied|not-found/,
        );
      expect(here.records.at(-1)).toMatchObject({
        capability: 'env_read',
        resource: name,
        event: isGranted ? 'used' : 'denied',
      });
    }
  });

  it('that are granted and not set are not found, also when every object has something of that name [R-GATE-6]', async () => {
    const names = ['UNSET', 'NONE', 'constructor', 'toString', '__proto__', 'hasOwnProperty'];
    const here = bench({ cwd: '/', env: ENV, rules: { env: names } });
    for (const name of names) expect(await refusalOf(here.call('env.get', name))).toMatchObject({ code: 'not-found' });
  });
});

describe('secrets', () => {
  const secrets = { token: 'value-of-token', other: 'value-of-other' };

  it('are handed out by exact name, told to the redactor, and recorded by name [R-GATE-6]', async () => {
    const here = bench({ cwd: '/', secrets, rules: { secrets: ['token', 'missing'] } });
    expect(await here.call('secrets.get', 'token')).toBe('value-of-token');
    expect(here.handedOut).toEqual(['value-of-token']);
    for (const name of ['other', 'Token', 'token ', 'toke', 'token-2', '*', '', '__proto__', 'constructor']) {
      expect(await refusalOf(here.call('secrets.get', name))).toMatchObject({ code: 'denied' });
    }
    expect(await refusalOf(here.call('secrets.get', 'missing'))).toMatchObject({ code: 'not-found' });
    expect(here.handedOut).toEqual(['value-of-token']);
    expect(JSON.stringify([here.records, here.events])).not.toContain('value-of');
    expect(here.records[0]).toMatchObject({ event: 'used', capability: 'secrets_access', resource: 'token' });
  });

  it('never come with a grant of the environment [R-GATE-6]', async () => {
    const here = bench({ cwd: '/', secrets, env: { token: 'x' }, rules: { env: ['token'] } });
    expect(await refusalOf(here.call('secrets.get', 'token'))).toMatchObject({ code: 'denied' });
  });
});

describe('state', () => {
  it('is kept by key, whatever the key, and only changes are recorded [R-GATE-6]', async () => {
    const here = bench({ cwd: '/' });
    const keys = ['a', '__proto__', 'constructor', '../x', 'a/b', '\u0000', 'x'.repeat(256)];
    for (const key of keys) await here.call('state.set', key, bytesOf(`at ${key}`));
    expect(await here.call('state.keys')).toEqual(keys.toSorted());
    for (const key of keys) expect(await textOf(here.call('state.get', key))).toBe(`at ${key}`);
    await here.call('state.delete', 'a');
    expect(await refusalOf(here.call('state.get', 'a'))).toMatchObject({ code: 'not-found' });
    expect(here.records.map(({ event, capability, resource }) => [event, capability, resource])).toEqual(
      [...keys, 'a'].map((key) => ['mutated', 'state', key]),
    );
  });

  it.each(['', 'x'.repeat(257)])('has no key like this: %j [R-GATE-6]', async (key) => {
    const here = bench({ cwd: '/' });
    for (const call of [
      here.call('state.get', key),
      here.call('state.set', key, bytesOf('')),
      here.call('state.delete', key),
    ]) {
      expect(await refusalOf(call)).toMatchObject({ code: 'too-large' });
    }
    expect(here.records).toEqual([]);
  });
});

describe('the cache', () => {
  it('is kept by key for a time, whatever the key, and only changes are recorded [R-CACHE-3]', async () => {
    const here = bench({ cwd: '/' });
    const keys = ['a', '__proto__', '../x', '\u0000', 'x'.repeat(256)];
    for (const [i, key] of keys.entries()) await here.call('cache.set', key, bytesOf(`at ${key}`), i);
    for (const key of keys) expect(await textOf(here.call('cache.get', key))).toBe(`at ${key}`);
    expect(await refusalOf(here.call('cache.get', 'b'))).toMatchObject({ code: 'not-found' });
    expect([...here.cached.values()].map(({ ttlMs }) => ttlMs)).toEqual([0, 1, 2, 3, 4]);
    expect(here.records.map(({ event, capability, rule }) => [event, capability, rule])).toEqual(
      keys.map(() => ['mutated', 'state', 'own cache']),
    );
  });

  it.each<[what: string, ...args: WireValue[]]>([
    ['too-large', '', bytesOf(''), 1],
    ['too-large', 'x'.repeat(257), bytesOf(''), 1],
    ['invalid', 'k', bytesOf(''), -1],
    ['invalid', 'k', bytesOf(''), Number.NaN],
    ['invalid', 'k', bytesOf(''), '1'],
    ['invalid', 'k', bytesOf('')],
  ])('is not written with %s words [R-CACHE-3]', async (code, ...args) => {
    const here = bench({ cwd: '/' });
    expect(await refusalOf(here.call('cache.set', ...args))).toMatchObject({ code });
    expect([here.records, here.cached.size]).toEqual([[], 0]);
  });
});

describe('log lines', () => {
  it('have one of four levels [R-GATE-6]', async () => {
    const here = bench({ cwd: '/' });
    for (const level of ['debug', 'info', 'warn', 'error']) await here.call('log', level, 'm');
    for (const level of ['', 'INFO', 'trace', '__proto__', 1, null])
      expect(await refusalOf(here.call('log', level, 'm'))).toMatchObject({ code: 'invalid' });
    expect(here.logs).toEqual(['debug: m', 'info: m', 'warn: m', 'error: m']);
  });
});
