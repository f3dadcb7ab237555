import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Session, type SessionReply, type SessionRequest, SkillError } from '../../host/index.ts';
import { SessionJournals } from '../../src/session/journal.ts';
import { type PoolRequest, SessionPool } from '../../src/session/pool.ts';
import { scratch } from '../fixtures/scratch.ts';

/** A session without a program: it echoes, fails on `fail`, and is over on `die`. */
class Echo implements Pick<Session, 'isOpen' | 'usage' | 'send' | 'close'> {
  isOpen = true;
  readonly sent: string[] = [];
  readonly usage = { memoryBytes: 7, cpuMs: 3 };

  send({ code }: SessionRequest): Promise<SessionReply> {
    this.sent.push(code);
    if (code === 'die') {
      this.isOpen = false;
      return Promise.reject(new SkillError('E_TIMEOUT', 'too long'));
    }
    if (code === 'refuse') return Promise.reject(new SkillError('E_INPUT', 'no'));
    return Promise.resolve({ stdout: code, stderr: '', error: code === 'fail' ? 'status 1' : undefined });
  }

  close(): void {
    this.isOpen = false;
  }
}

const ids = ['0000000000000001', '0000000000000002', '0000000000000003'] as const;

function bench(settings: Partial<PoolRequest['settings']> = {}) {
  const journals = new SessionJournals(join(scratch(), 'sessions'));
  const pool = new SessionPool(journals);
  const opened: Echo[] = [];
  const send = (code: string, id: string = ids[0], open?: () => Promise<Session>) =>
    pool.send({
      id,
      identity: { skill: 'a.b', tool: 't', name: `n${id.at(-1)}`, program: 'bash' },
      settings: {
        idleMs: 1_000,
        maxSessions: 2,
        statePersistence: false,
        cleanupOnExit: true,
        share: undefined,
        ...settings,
      },
      open:
        open ??
        (() => {
          const session = new Echo();
          opened.push(session);
          return Promise.resolve(session as unknown as Session);
        }),
      code,
      timeoutMs: 1,
      outputKb: 1,
    });
  return { pool, journals, opened, send };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('sessions between calls [R-SESSION-3]', () => {
  it('are one for an id, and tell who they are and what they use', async () => {
    const { pool, opened, send } = bench();
    expect(await send('a')).toEqual({ stdout: 'a', stderr: '', error: undefined, replayed: 0 });
    await send('b');
    await send('c', ids[1]);
    expect(opened.map(({ sent }) => sent)).toEqual([['a', 'b'], ['c']]);
    expect(pool.list()).toEqual([
      expect.objectContaining({ id: ids[0], name: 'n1', skill: 'a.b', requests: 2, memoryBytes: 7, cpuMs: 3 }),
      expect.objectContaining({ id: ids[1], name: 'n2', requests: 1 }),
    ]);
  });

  it('are begun once, by however many at the same time', async () => {
    const { opened, send } = bench();
    await Promise.all([send('a'), send('b'), send('c')]);
    expect(opened).toHaveLength(1);
  });

  it('are as many as their tool may have, until one is over', async () => {
    const { pool, send } = bench();
    await send('a', ids[0]);
    await send('b', ids[1]);
    await expect(send('c', ids[2])).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      message: 'a.b has max_sessions = 2 open already: "n1, n2"',
      details: { limit: 'max_sessions', value: 2 },
    });
    pool.close(ids[1]);
    expect(await send('c', ids[2])).toMatchObject({ stdout: 'c' });
  });

  it.each([
    ['ends in a request', 'die', 'E_TIMEOUT'],
    ['stays when a request is refused', 'refuse', 'E_INPUT'],
  ])('of which one %s are counted right after it', async (_what, code, error) => {
    const { pool, opened, send } = bench();
    await send('a');
    await expect(send(code)).rejects.toMatchObject({ code: error });
    expect(pool.list()).toHaveLength(code === 'die' ? 0 : 1);
    await send('b');
    expect(opened).toHaveLength(code === 'die' ? 2 : 1);
  });

  it('that could not be begun take nobody’s place', async () => {
    const { pool, send } = bench({ maxSessions: 1 });
    const refused = () => Promise.reject(new SkillError('E_DENIED', 'no'));
    await expect(send('a', ids[0], refused)).rejects.toMatchObject({ code: 'E_DENIED' });
    expect(pool.list()).toEqual([]);
    expect(await send('b', ids[1])).toMatchObject({ stdout: 'b' });
  });

  it('that ended between two requests are begun anew, and not listed', async () => {
    const { pool, opened, send } = bench({ maxSessions: 1 });
    await send('a');
    opened[0]?.close();
    expect(pool.list()).toEqual([]);
    await send('b');
    expect(opened.map(({ sent }) => sent)).toEqual([['a'], ['b']]);
  });

  it('end when nobody used them for so long, and not before', async () => {
    const { pool, opened, send } = bench();
    await send('a');
    await vi.advanceTimersByTimeAsync(900);
    await send('b');
    await vi.advanceTimersByTimeAsync(900);
    expect([opened[0]?.isOpen, pool.list().length]).toEqual([true, 1]);
    await vi.advanceTimersByTimeAsync(200);
    expect([opened[0]?.isOpen, pool.list().length]).toEqual([false, 0]);
  });

  it('end all together with what has them', async () => {
    const { pool, opened, send } = bench();
    await send('a', ids[0]);
    await send('b', ids[1]);
    pool.closeAll();
    await vi.advanceTimersByTimeAsync(0);
    expect(opened.map(({ isOpen }) => isOpen)).toEqual([false, false]);
    expect(pool.list()).toEqual([]);
  });
});

describe('what is sent again [R-SESSION-4]', () => {
  it('is all that did what it should, in its order, and nothing else', async () => {
    const { opened, send, journals } = bench({ statePersistence: true });
    for (const code of ['a', 'fail', 'b']) await send(code);
    await expect(send('die')).rejects.toThrow('too long');
    expect(journals.read(ids[0])?.requests).toEqual(['a', 'b']);
    expect(await send('c')).toMatchObject({ stdout: 'c', replayed: 2 });
    expect(opened[1]?.sent).toEqual(['a', 'b', 'c']);
  });

  it('is nothing where its tool does not say so', async () => {
    const { opened, send, journals } = bench();
    await send('a');
    await expect(send('die')).rejects.toThrow('too long');
    expect(await send('b')).toMatchObject({ replayed: 0 });
    expect([opened[1]?.sent, journals.list()]).toEqual([['b'], []]);
  });

  it('ends the new session where one of it fails', async () => {
    const { pool, opened, send, journals } = bench({ statePersistence: true });
    journals.append(ids[0], { skill: 'a.b', tool: 't', name: 'n1', program: 'bash' }, 'fail');
    await expect(send('a')).rejects.toMatchObject({
      code: 'E_GUEST',
      message: 'the session cannot be made again: request 1 failed: "status 1"',
      hint: `skill session close ${ids[0]} begins a new one`,
      details: { request: 1, code: 'fail' },
    });
    expect([opened[0]?.sent, opened[0]?.isOpen, pool.list()]).toEqual([['fail'], false, []]);
  });

  it.each([
    [true, 0],
    [false, 1],
  ])('is forgotten at the end where cleanup_on_exit = %s', async (cleanupOnExit, left) => {
    const { pool, send, journals } = bench({ statePersistence: true, cleanupOnExit });
    await send('a');
    await vi.advanceTimersByTimeAsync(1_100);
    expect(journals.list()).toHaveLength(1);
    pool.closeAll();
    expect(journals.list()).toHaveLength(left);
  });

  it('is forgotten when it is closed, also by one that never had it', async () => {
    const { pool, send, journals } = bench({ statePersistence: true, cleanupOnExit: false });
    await send('a');
    expect(new SessionPool(journals).close(ids[0])).toBe(true);
    expect(journals.list()).toEqual([]);
    expect([pool.close(ids[0]), pool.close(ids[0])]).toEqual([true, false]);
  });
});
