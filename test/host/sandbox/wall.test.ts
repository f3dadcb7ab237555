import { afterEach, describe, expect, it } from 'vitest';
import { Sandbox, type SandboxResult } from '../../../host/sandbox.ts';
import { callOf, failureOf, guestPids, killGuest, newGuest, run, until, valueOf, withSandbox } from './guests.ts';

afterEach(() => until(() => guestPids().length === 0));

const DIED = { code: 'E_GUEST_DIED', exit: 1, limit: undefined };
const LONG = { limits: { timeout_ms: 60_000 } };

/** Starts a call that does not end by itself, and waits until its process burns. */
async function spin(sandbox: Sandbox, trust: string): Promise<{ result: Promise<SandboxResult>; pid: number }> {
  const before = guestPids();
  const result = run(sandbox, 'loop', 'spin', { ...LONG, trust });
  const pid = await newGuest(before);
  // Long enough that the module is loaded and the call runs: a death before that is another test.
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { result, pid };
}

describe('instances', () => {
  it('are fresh for every call [R-WALL-4]', () =>
    withSandbox(async (sandbox) => {
      const values = [];
      for (let i = 0; i < 3; i++) values.push(valueOf(await run(sandbox, 'counter', 'next')));
      expect(values).toEqual([1, 1, 1]);
      expect(guestPids()).toHaveLength(1);
    }));

  it('of a component are kept for a skill that asks for it, until one traps [R-WALL-4]', () =>
    withSandbox(async (sandbox) => {
      const next = (tool = 'next') => run(sandbox, 'keptCounter', tool, { reuse: true });
      const values = [valueOf(await next()), valueOf(await next()), valueOf(await next())];
      expect(values).toEqual([1, 2, 3]);
      expect(failureOf(await next('fail')).code).toBe('E_TRAP');
      expect(valueOf(await next())).toBe(1);
      // Whoever does not ask for it never sees the kept one.
      for (let i = 0; i < 3; i++) expect(valueOf(await run(sandbox, 'keptCounter', 'next'))).toBe(1);
    }));
});

describe('processes', () => {
  it('are never shared between different trust [R-WALL-4]', () =>
    withSandbox(async (sandbox) => {
      for (const trust of ['a', 'b', 'a', 'c', 'b']) await run(sandbox, 'counter', 'next', { trust });
      expect(new Set(guestPids()).size).toBe(3);
    }));

  it('are shared by calls of one trust, and never for another module limit [R-WALL-4]', () =>
    withSandbox(async (sandbox) => {
      await Promise.all(Array.from({ length: 6 }, () => run(sandbox, 'counter', 'next')));
      expect(guestPids()).toHaveLength(1);
      await run(sandbox, 'counter', 'next', { limits: { table_elements: 10 } });
      expect(guestPids()).toHaveLength(2);
    }));
});

describe('a guest process that is killed from outside', () => {
  it('during a run costs that run, and no other skill anything [R-WALL-1]', () =>
    withSandbox(async (sandbox) => {
      const victim = await spin(sandbox, 'victim');
      const other = await spin(sandbox, 'other');
      await killGuest(victim.pid);
      const result = await victim.result;
      expect(failureOf(result)).toEqual(DIED);
      expect('error' in result.outcome && result.outcome.error.message).toContain('SIGKILL');
      expect(valueOf(await run(sandbox, 'loop', 'one', { trust: 'victim' }))).toBe(1);
      expect(guestPids()).toContain(other.pid);
      expect(valueOf(await run(sandbox, 'loop', 'one', { trust: 'other' }))).toBe(1);
      await killGuest(other.pid);
      expect(failureOf(await other.result)).toEqual(DIED);
    }));

  it('during its start is replaced, but not for ever [R-WALL-1]', () =>
    withSandbox(async (sandbox) => {
      const call = await callOf('counter', 'next');
      const result = sandbox.call(call);
      await killGuest(await newGuest());
      expect(valueOf(await result)).toBe(1);
      await killGuest(await newGuest());
      const unlucky = sandbox.call(call);
      for (let i = 0; i < 3; i++) await killGuest(await newGuest());
      expect(failureOf(await unlucky)).toEqual(DIED);
      expect(valueOf(await sandbox.call(call))).toBe(1);
    }));

  it('while idle costs nothing [R-WALL-1]', () =>
    withSandbox(async (sandbox) => {
      await run(sandbox, 'counter', 'next');
      for (const pid of guestPids()) await killGuest(pid);
      expect(valueOf(await run(sandbox, 'counter', 'next'))).toBe(1);
    }));

  it('as the spare is replaced [R-WALL-1]', () =>
    withSandbox(async (sandbox) => {
      sandbox.prewarm();
      await killGuest(await newGuest());
      expect(valueOf(await run(sandbox, 'counter', 'next'))).toBe(1);
      await until(() => guestPids().length === 2);
    }, true));

  it('lets calls that only waited go to its successor [R-WALL-1]', () =>
    withSandbox(async (sandbox) => {
      const first = await spin(sandbox, 'one');
      const second = run(sandbox, 'loop', 'spin', { limits: { timeout_ms: 5_000 }, trust: 'one' });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const waiting = [1, 2, 3].map(() => run(sandbox, 'loop', 'one', { trust: 'one' }));
      await killGuest(first.pid);
      expect(failureOf(await first.result)).toEqual(DIED);
      expect((await Promise.all(waiting)).map(valueOf)).toEqual([1, 1, 1]);
      // On a busy machine its worker may not have been there yet; then it begins in the successor.
      expect(['E_GUEST_DIED', 'E_TIMEOUT']).toContain(failureOf(await second).code);
    }));
});

describe('close', () => {
  it('ends runs with a typed error, leaves no process, and may be called again [R-WALL-1]', async () => {
    const sandbox = new Sandbox({ keepSpare: true });
    const { result } = await spin(sandbox, 'a');
    await until(() => guestPids().length === 2);
    await Promise.all([sandbox.close(), sandbox.close()]);
    expect(guestPids()).toEqual([]);
    expect(failureOf(await result).code).toBe('E_UNAVAILABLE');
    await sandbox.close();
    expect(failureOf(await run(sandbox, 'counter', 'next')).code).toBe('E_UNAVAILABLE');
    sandbox.prewarm();
    expect(guestPids()).toEqual([]);
  });

  it('ends calls that wait or start [R-WALL-1]', async () => {
    const sandbox = new Sandbox({ keepSpare: false });
    const call = await callOf('loop', 'spin', LONG);
    const results = [1, 2, 3, 4].map(() => sandbox.call(call));
    await sandbox.close();
    expect((await Promise.all(results)).map((one) => failureOf(one).code)).toEqual(Array(4).fill('E_UNAVAILABLE'));
    expect(guestPids()).toEqual([]);
  });
});
