import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Sandbox } from '../../../host/sandbox.ts';
import { callOf, failureOf, guestPids, run, until, valueOf, withSandbox } from '../sandbox/guests.ts';

afterEach(() => until(() => guestPids().length === 0));

const HOSTILE = join(import.meta.dirname, 'hostile-guest.mjs');

describe('a call whose process is killed', () => {
  it('in the same breath in which it is made runs in another one [R-WALL-1]', () =>
    withSandbox(async (sandbox) => {
      const call = await callOf('counter', 'next');
      for (let i = 0; i < 8; i++) {
        expect(valueOf(await sandbox.call(call))).toBe(1);
        for (const pid of guestPids()) process.kill(pid, 'SIGKILL');
      }
    }, true));

  it('before it has the module runs in another one [R-WALL-1]', () =>
    withSandbox(async (sandbox) => {
      for (const trust of ['a', 'b', 'c', 'd']) {
        sandbox.prewarm();
        await until(() => guestPids().length > 0);
        await new Promise((resolve) => setTimeout(resolve, 400));
        const call = await callOf('counter', 'next', { trust });
        for (const pid of guestPids()) process.kill(pid, 'SIGKILL');
        expect(valueOf(await sandbox.call(call))).toBe(1);
        await sandbox.call(call);
      }
    }));

  it('after it made a host call does not run again, even if the process seems not to have read it [R-WALL-1]', async () => {
    const program = { file: process.execPath, args: [HOSTILE, 'unreadRun', ''], cwd: '/' };
    const sandbox = new Sandbox({ keepSpare: false, program });
    const calls: string[] = [];
    try {
      const result = await run(sandbox, 'counter', 'next', { onHostCall: ({ operation }) => calls.push(operation) });
      expect(failureOf(result).code).toBe('E_GUEST_DIED');
      expect(calls).toEqual(['log']);
    } finally {
      await sandbox.close();
    }
  });
});
