import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { type Deadline, startDeadline } from '../../src/git/deadline.ts';
import { makeRoot } from './repository.ts';

describe('the end of a fetch', () => {
  const { root, remove } = makeRoot();
  afterAll(remove);
  afterEach(() => {
    vi.useRealTimers();
  });

  let count = 0;
  const start = (signal = new AbortController().signal): { readonly deadline: Deadline; readonly folder: string } => {
    const folder = join(root, String(count++));
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    return { folder, deadline: startDeadline({ signal, timeoutMs: 90_000, folder, mostBytes: 100 }) };
  };

  it('comes when its time is over, not before [R-GIT-7]', () => {
    vi.useFakeTimers();
    const { deadline } = start();
    vi.advanceTimersByTime(89_999);
    expect(deadline.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(deadline.signal.reason).toMatchObject({ code: 'E_TIMEOUT', message: expect.stringContaining('90 s') });
    deadline.end();
  });

  it('does not come after it has ended by itself, and leaves no timer and no listener', () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const { deadline } = start(controller.signal);
    deadline.end();
    expect(vi.getTimerCount()).toBe(0);
    controller.abort();
    expect(deadline.signal.aborted).toBe(false);
  });

  it('comes with the caller, gone before it or meanwhile [R-GIT-7]', () => {
    const controller = new AbortController();
    const { deadline: running } = start(controller.signal);
    expect(running.signal.aborted).toBe(false);
    controller.abort(new Error('gone'));
    const { deadline: late } = start(controller.signal);
    for (const deadline of [running, late]) {
      expect(deadline.signal.reason).toMatchObject({ code: 'E_ABORTED', cause: { message: 'gone' } });
      deadline.end();
    }
  });

  it('counts the bytes of all folders, and only those above the most [R-GIT-7]', async () => {
    const { deadline, folder } = start();
    writeFileSync(join(folder, 'x'), 'x'.repeat(50));
    writeFileSync(join(folder, 'a', 'b', 'y'), 'y'.repeat(50));
    await expect(deadline.requireSmall()).resolves.toBeUndefined();
    writeFileSync(join(folder, 'a', 'z'), 'z');
    await expect(deadline.requireSmall()).rejects.toMatchObject({
      code: 'E_PACKAGE',
      details: { reason: 'too_large' },
    });
    deadline.end();
  });

  it('counts nothing in a folder that is gone', async () => {
    const { deadline } = start();
    remove();
    await expect(deadline.requireSmall()).resolves.toBeUndefined();
    deadline.end();
  });
});
