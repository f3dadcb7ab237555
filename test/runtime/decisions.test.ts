import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRuntime, type LedgerEvent, type RunEvent, type Runtime, type RuntimeOptions } from '../../src/index.ts';
import { readLedger } from '../../src/ledger/index.ts';
import { scratch, write, writeSkill } from './folders.ts';

const root = scratch();
const at = (name: string): string => join(root, name);

const REACH = `[capabilities]
filesystem_read = ["./open"]
filesystem_write = ["./open"]
env_read = ["GREETING", "SKILLHOST_*"]
secrets_access = ["token"]
`;

beforeAll(async () => {
  await writeSkill(at('skills/reach'), { id: 'custom.reach', guest: 'reach', rest: REACH });
  await writeSkill(at('skills/counter'), { id: 'custom.counter', guest: 'counter' });
  write(root, { 'open/a.txt': 'open', 'shut/b.txt': 'shut' });
});

/** A runtime that ends with the test. */
function open(options: RuntimeOptions = {}): Runtime {
  const runtime = createRuntime({ home: at('home'), skills: [at('skills')], cwd: root, spare: false, ...options });
  onTestFinished(() => runtime.close());
  return runtime;
}

async function codeOf(run: ReturnType<Runtime['run']>): Promise<string> {
  const result = await run;
  return result.ok ? 'ok' : result.error.code;
}

const bytes = (text: string): string => Buffer.from(text).toString('base64');

describe('grants [R-GATE-1]', () => {
  const all = { filesystem_read: ['/'], env_read: ['GREETING', 'SKILLHOST_*', 'HOME'], secrets_access: ['token'] };
  const env = { GREETING: 'hello', HOME: '/home/me', SKILLHOST_SECRET_TOKEN: 'swordfish', SKILLHOST_SECRETS: 'no' };
  const read = (path: string) => ({ input: { path } });

  it.each<[what: string, granted: RuntimeOptions['grant'], tool: string, input: object, expected: unknown]>([
    ['nothing granted', {}, 'read-file', { path: 'open/a.txt' }, 'grant'],
    [
      'granted below what is declared',
      { filesystem_read: ['./open'] },
      'read-file',
      { path: 'open/a.txt' },
      bytes('open'),
    ],
    ['granted more than is declared', all, 'read-file', { path: 'shut/b.txt' }, 'manifest'],
    ['another capability', { filesystem_read: ['/'] }, 'env-get', { name: 'GREETING' }, 'grant'],
    ['a variable', all, 'env-get', { name: 'GREETING' }, 'hello'],
    ['a variable that is not declared', all, 'env-get', { name: 'HOME' }, 'manifest'],
    ['a secret', all, 'secret-get', { name: 'token' }, 'swordfish'],
    ['a secret that is not declared', { secrets_access: ['*'] }, 'secret-get', { name: 'other' }, 'any'],
  ])('%s', async (_what, granted, tool, input, expected) => {
    const result = await open({ env, grant: granted ?? {} }).run('custom.reach', tool, { input });
    const layer = result.ok ? undefined : result.error.details?.['layer'];
    if (expected === 'any') expect(result.ok).toBe(false);
    else if (expected === 'grant' || expected === 'manifest') expect(layer).toBe(expected);
    else expect(result.ok && result.result).toBe(expected);
  });

  it('of the runtime and of the run add up, and the next run has its own again', async () => {
    const runtime = open({ grant: { env_read: ['GREETING'] }, env });
    const grant = { filesystem_read: ['./open'] };
    expect(await codeOf(runtime.run('custom.reach', 'read-file', { ...read('open/a.txt'), grant }))).toBe('ok');
    expect(await codeOf(runtime.run('custom.reach', 'env-get', { input: { name: 'GREETING' }, grant }))).toBe('ok');
    expect(await codeOf(runtime.run('custom.reach', 'read-file', read('open/a.txt')))).toBe('E_DENIED');
  });

  it('a variable that holds a secret is no variable', async () => {
    const runtime = open({ env, grant: { env_read: ['SKILLHOST_*'] } });
    const get = (name: string) => runtime.run('custom.reach', 'env-get', { input: { name } });
    expect(await get('SKILLHOST_SECRETS')).toMatchObject({ ok: true, result: 'no' });
    const hidden = await get('SKILLHOST_SECRET_TOKEN');
    expect(hidden.ok).toBe(false);
    expect(JSON.stringify(hidden)).not.toContain('swordfish');
  });

  it('secrets may come from a source of its own', async () => {
    const asked: string[] = [];
    const secrets = { get: (name: string) => Promise.resolve(asked.push(name) > 0 ? 'from a vault' : undefined) };
    const runtime = open({ secrets, grant: { secrets_access: ['token'] } });
    const token = { input: { name: 'token' } };
    expect(await runtime.run('custom.reach', 'secret-get', token)).toMatchObject({ ok: true, result: 'from a vault' });
    expect(asked).toEqual(['token']);
  });

  it('what it made is kept between runs, and is not found with another grant', async () => {
    const set = { input: { key: 'k', value: bytes('made'), ttl: 60_000 } };
    const get = { input: { key: 'k' } };
    expect(await codeOf(open().run('custom.reach', 'cache-set', set))).toBe('ok');
    expect(await open().run('custom.reach', 'cache-get', get)).toMatchObject({ ok: true, result: bytes('made') });
    const grant = { env_read: ['GREETING'] };
    expect(await codeOf(open({ grant, env }).run('custom.reach', 'cache-get', get))).toBe('E_GUEST');
  });

  it('state outlives its runtime, and is the own of each home', async () => {
    const runtime = open();
    const set = { input: { key: 'k', value: bytes('kept') } };
    expect(await codeOf(runtime.run('custom.reach', 'state-set', set))).toBe('ok');
    const get = { input: { key: 'k' } };
    expect(await runtime.run('custom.reach', 'state-get', get)).toMatchObject({ ok: true, result: bytes('kept') });
    await runtime.close();
    expect(await open().run('custom.reach', 'state-get', get)).toMatchObject({ ok: true, result: bytes('kept') });
    expect(await codeOf(open({ home: at('other') }).run('custom.reach', 'state-get', get))).toBe('E_GUEST');
  });
});

describe('the record [R-LEDGER-1]', () => {
  const write2 = { input: { path: 'open/new.txt', contents: bytes('new') }, grant: { filesystem_write: ['./open'] } };

  it.each<[event: LedgerEvent['event']]>([['started'], ['mutated']])(
    'nothing happens when %s cannot be written down',
    async (event) => {
      const record = (one: LedgerEvent): void => {
        if (one.event === event) throw new Error('the disk is full');
      };
      const runtime = open({ record });
      expect(await codeOf(runtime.run('custom.reach', 'write-file', write2))).toBe('E_LEDGER');
      expect(existsSync(at('open/new.txt'))).toBe(false);
    },
  );

  it('tells each step before its effect, under one correlation id', async () => {
    const seen: string[] = [];
    const record = ({ event, run }: LedgerEvent): void => {
      seen.push(`${event} ${existsSync(at('open/new.txt'))} ${run?.length}`);
    };
    expect(await codeOf(open({ record }).run('custom.reach', 'write-file', write2))).toBe('ok');
    expect(seen).toEqual(['started false 36', 'mutated false 36', 'finished true 36']);
    expect(readFileSync(at('open/new.txt'), 'utf8')).toBe('new');
  });

  it('is a file ledger by default, with skill, version, hash, tool and actor', async () => {
    const home = at('recorded');
    const runtime = open({ home, actor: 'somebody' });
    await runtime.run('custom.reach', 'read-file', { input: { path: 'shut/b.txt' } });
    await runtime.close();
    const records = [];
    for await (const one of readLedger(join(home, 'ledger'))) records.push(one);
    expect(records.map(({ event }) => event)).toEqual(['started', 'denied', 'failed']);
    for (const one of records) {
      expect(one).toMatchObject({ skill: 'custom.reach', version: '1.2.3', tool: 'read-file', actor: 'somebody' });
    }
    expect(records[1]).toMatchObject({ capability: 'filesystem_read', layer: 'manifest', result: 'denied' });
  });
});

describe('events [R-RUNTIME-1]', () => {
  it('come in order, to callbacks and to iterations, until they are ended', async () => {
    const runtime = open({ grant: { filesystem_read: ['./open'] } });
    const heard: RunEvent[] = [];
    const stop = runtime.on((event) => heard.push(event));
    const leave = new AbortController();
    const iterated: string[] = [];
    const iteration = (async () => {
      for await (const { type } of runtime.events(leave.signal)) iterated.push(type);
    })();
    const path = { input: { path: 'open/a.txt' } };
    await runtime.run('custom.reach', 'read-file', path);
    stop();
    await runtime.run('custom.reach', 'read-file', path);
    leave.abort();
    await iteration;
    const types = ['started', 'decision', 'host-call', 'finished'];
    expect(heard.map(({ type }) => type)).toEqual(types);
    expect(iterated.slice(0, 4)).toEqual(types);
  });

  it('a listener that throws harms no run, and is told', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    const runtime = open();
    runtime.on(() => {
      throw new Error('a defect of the listener');
    });
    expect(await codeOf(runtime.run('custom.counter'))).toBe('ok');
    expect((await warned).message).toBe('a defect of the listener');
  });
});
