import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf, guestPids, type GuestName, newGuest, NOTHING, run, until, valueOf, withSandbox } from './guests.ts';

afterEach(() => until(() => guestPids().length === 0));

const SOON = { limits: { timeout_ms: 250 } };
const NEVER = { limits: { timeout_ms: 60_000 } };
const TIMEOUT = { code: 'E_TIMEOUT', exit: 6, limit: 'timeout_ms' };

/** Guests that never end by themselves. */
const ENDLESS: readonly [what: string, guest: GuestName][] = [
  ['an endless loop', 'loop'],
  ['endless fills of a large memory, which no thread can be stopped in', 'fill'],
  ['a start function that loops, of a core module', 'startLoop'],
  ['a start function that loops, of a component', 'componentStart'],
  ['an hour of sleep', 'sleep'],
];

describe('the deadline ends', () => {
  it.each(ENDLESS)('%s, and another skill runs on [R-WALL-2]', (_what, guest) =>
    withSandbox(async (sandbox) => {
      expect(failureOf(await run(sandbox, guest, 'spin', SOON))).toEqual(TIMEOUT);
      expect(valueOf(await run(sandbox, 'counter', 'next'))).toBe(1);
    }),
  );

  it('a storm of host calls [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const limits = { timeout_ms: 250, host_calls: 1_000_000, host_calls_per_second: 100_000, log_kb: 16_384 };
      const result = await run(sandbox, 'storm', 'storm', { limits });
      expect(failureOf(result)).toEqual(TIMEOUT);
      expect(result.usage.hostCalls).toBeGreaterThan(10);
    }));

  it('endless fills, which look for no interrupt themselves, and the process lives on [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const result = run(sandbox, 'fill', 'spin', SOON);
      const pid = await newGuest();
      expect(failureOf(await result)).toEqual(TIMEOUT);
      expect(valueOf(await run(sandbox, 'fill', 'one'))).toBe(1);
      expect(guestPids()).toContain(pid);
    }));

  it('a program that the run waits for [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const any = { rule: { text: '*', origin: 'test' }, name: '*', real: undefined };
      const asked = { env: { PATH: process.env['PATH'] }, layers: () => [{ ...NOTHING, commands: [any] }] };
      const result = run(sandbox, 'sleeper', 'spin', { ...asked, limits: { timeout_ms: 2_000 } });
      await until(() => sleepers().length === 1);
      expect(failureOf(await result)).toEqual(TIMEOUT);
      await until(() => sleepers().length === 0);
    }));
});

describe('endless recursion', () => {
  it('is a trap, and the process lives on [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const asked = { limits: { timeout_ms: 20_000 } };
      expect(failureOf(await run(sandbox, 'recursion', 'spin', asked)).code).toBe('E_STACK');
      const pids = guestPids();
      expect(valueOf(await run(sandbox, 'recursion', 'one', asked))).toBe(1);
      expect(guestPids()).toEqual(pids);
    }));
});

describe('the caller', () => {
  const ABORTED = { code: 'E_ABORTED', exit: 130, limit: undefined };

  it('who had aborted before starts nothing [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      expect(failureOf(await run(sandbox, 'loop', 'spin', { signal: AbortSignal.abort() }))).toEqual(ABORTED);
      expect(guestPids()).toEqual([]);
    }));

  it.each([
    ['loop', 600],
    ['fill', 600],
    ['loop', 20],
    ['loop', 1],
  ] as const)('who aborts ends a %s after %i ms, wherever it is by then [R-WALL-2]', (guest, after) =>
    withSandbox(async (sandbox) => {
      const abort = new AbortController();
      const result = run(sandbox, guest, 'spin', { ...NEVER, signal: abort.signal });
      setTimeout(() => abort.abort(), after);
      expect(failureOf(await result)).toEqual(ABORTED);
      expect(valueOf(await run(sandbox, guest, 'one'))).toBe(1);
    }),
  );

  it('who aborts afterwards changes nothing [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const abort = new AbortController();
      expect(valueOf(await run(sandbox, 'counter', 'next', { signal: abort.signal }))).toBe(1);
      const pids = guestPids();
      abort.abort();
      expect(valueOf(await run(sandbox, 'counter', 'next'))).toBe(1);
      expect(guestPids()).toEqual(pids);
    }));

  it('who aborts a call that waits for a worker ends that one alone [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const rest = new AbortController();
      const busy = [1, 2].map(() => run(sandbox, 'loop', 'spin', { ...NEVER, signal: rest.signal }));
      const pid = await newGuest();
      const abort = new AbortController();
      const waiting = run(sandbox, 'loop', 'one', { signal: abort.signal });
      setTimeout(() => abort.abort(), 300);
      expect(failureOf(await waiting)).toEqual(ABORTED);
      expect(guestPids()).toEqual([pid]);
      rest.abort();
      expect((await Promise.all(busy)).map(failureOf)).toEqual([ABORTED, ABORTED]);
    }));
});

describe('many calls of one skill', () => {
  it('share two workers: eight at once all get their answer [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const results = await Promise.all(Array.from({ length: 8 }, () => run(sandbox, 'counter', 'next')));
      expect(results.map(valueOf)).toEqual(Array(8).fill(1));
    }));

  it('beyond max_concurrent are refused at once [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const abort = new AbortController();
      const asked = { limits: { max_concurrent: 3, timeout_ms: 60_000 }, signal: abort.signal };
      const three = [1, 2, 3].map(() => run(sandbox, 'loop', 'spin', asked));
      await newGuest();
      expect(failureOf(await run(sandbox, 'loop', 'one', asked))).toEqual({
        code: 'E_UNAVAILABLE',
        exit: 1,
        limit: 'max_concurrent',
      });
      abort.abort();
      await Promise.all(three);
      expect(valueOf(await run(sandbox, 'loop', 'one', { limits: asked.limits }))).toBe(1);
    }));

  it('are one at a time when max_concurrent is one, a call that was just ended included [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const limits = { max_concurrent: 1, timeout_ms: 200 };
      const both = await Promise.all([
        run(sandbox, 'loop', 'spin', { limits }),
        run(sandbox, 'loop', 'spin', { limits }),
      ]);
      expect(both.map((one) => failureOf(one).code).toSorted()).toEqual(['E_TIMEOUT', 'E_UNAVAILABLE']);
      expect(valueOf(await run(sandbox, 'loop', 'one', { limits: { max_concurrent: 1 } }))).toBe(1);
    }));

  it('may all loop: twenty kills in one queue, each a timeout, and the next one answers [R-WALL-2]', () =>
    withSandbox(async (sandbox) => {
      const limits = { max_concurrent: 20, timeout_ms: 100 };
      const results = await Promise.all(Array.from({ length: 20 }, () => run(sandbox, 'loop', 'spin', { limits })));
      const codes = results.map((one) => failureOf(one).code);
      // On a busy machine a thread may take too long to end, and take the run beside it along.
      expect(codes.filter((code) => code !== 'E_TIMEOUT' && code !== 'E_GUEST_DIED')).toEqual([]);
      expect(codes.filter((code) => code === 'E_TIMEOUT').length).toBeGreaterThan(10);
      expect(valueOf(await run(sandbox, 'loop', 'one', {}))).toBe(1);
      expect(guestPids()).toHaveLength(1);
    }));

  it('next to one that cannot be stopped are told why they died, or live [R-WALL-1]', () =>
    withSandbox(async (sandbox) => {
      const beside = run(sandbox, 'fill', 'loop', { limits: { timeout_ms: 2_000 } });
      expect(failureOf(await run(sandbox, 'fill', 'spin', SOON))).toEqual(TIMEOUT);
      // Now and then V8 does end the fill in time, and then nobody beside it is harmed.
      const result = await beside;
      expect(['E_GUEST_DIED', 'E_TIMEOUT']).toContain(failureOf(result).code);
      if ('error' in result.outcome && result.outcome.error.code === 'E_GUEST_DIED') {
        expect(result.outcome.error.message).toContain('another run');
      }
      expect(valueOf(await run(sandbox, 'fill', 'one'))).toBe(1);
    }));
});

/** The processes that run `sleep 61`. */
function sleepers(): string[] {
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && /^(?:[^\0]*\/)?sleep\x0061\0$/.test(commandLine(name)),
  );
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
