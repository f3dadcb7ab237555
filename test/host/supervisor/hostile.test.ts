import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sandbox, type SandboxResult } from '../../../host/sandbox.ts';
import { type Asked, failureOf, guestPids, run, until, valueOf } from '../sandbox/guests.ts';

const HOSTILE = join(import.meta.dirname, 'hostile-guest.mjs');
const MIB = 2 ** 20;

function hostileSandbox(mode: string, parameter = ''): Sandbox {
  return new Sandbox({
    keepSpare: false,
    program: { file: process.execPath, args: [HOSTILE, mode, parameter], cwd: '/' },
  });
}

/** One call of a guest process that is another program. */
async function hostileCall(mode: string, parameter = '', asked: Asked = {}): Promise<SandboxResult> {
  const sandbox = hostileSandbox(mode, parameter);
  try {
    return await run(sandbox, 'counter', 'next', { limits: { timeout_ms: 700, start_ms: 700 }, ...asked });
  } finally {
    await sandbox.close();
  }
}

const KILLED = `
  loadedFirst doneFirst goneFirst garbageFirst loadedTwice goneUnknown goneAfar goneNowhere gone goneTwice notARecord
  unknownOperation readyAgain loadedAgain refusedLate hugeHeader hugeCall
  overLimitCall deep deepCall duplicateKeys prototypeKeys garbage
  garbageCall twiceAtOnce otherChannel threeParts closeChannels twoCalls twoChannels unknownHostCall wrongArguments notAList
  exit closeControl
`
  .trim()
  .split(/\s+/);

let neverReady: Promise<SandboxResult>;
// Takes as long as the start deadline, which is why it runs beside all the others.
beforeAll(() => void (neverReady = hostileCall('neverReady')));
afterAll(async () => void (await neverReady));

describe('a guest process that is another program', () => {
  it('works as long as it keeps to the protocol [R-WALL-3]', async () => {
    expect(valueOf(await hostileCall('ok'))).toBe(1);
  });

  it.each(KILLED)('and sends what it should not (%s) costs its run [R-WALL-3]', async (mode) => {
    const lines: string[] = [];
    const result = await hostileCall(mode, '', { onLog: (_level, line) => lines.push(line) });
    expect(failureOf(result).code).toBe('E_GUEST_DIED');
    expect(lines.length).toBeLessThanOrEqual(1);
  });

  it.each(['halfFrame', 'halfCall', 'silence', 'drip'])(
    'and then is silent or slow (%s) ends at the deadline [R-WALL-3]',
    async (mode) => {
      expect(failureOf(await hostileCall(mode))).toEqual({ code: 'E_TIMEOUT', exit: 6, limit: 'timeout_ms' });
    },
  );

  it('and closes channels that it does not use hurts itself alone [R-WALL-3]', async () => {
    expect(valueOf(await hostileCall('closeOthers'))).toBe(1);
  });

  it('and answers twice, or calls after the end, gets one outcome through [R-WALL-3]', async () => {
    for (const mode of ['twice', 'callAfterDone']) expect(valueOf(await hostileCall(mode))).toBe(1);
  });

  it('and never answers a load ends at start_ms [R-WALL-3]', async () => {
    expect(failureOf(await hostileCall('neverLoaded'))).toEqual({ code: 'E_TIMEOUT', exit: 6, limit: 'start_ms' });
  });

  it('and never is ready ends at the start deadline [R-WALL-3]', async () => {
    expect(failureOf(await neverReady).code).toBe('E_UNAVAILABLE');
  });

  it('and does not end when it is told to is killed, without anybody closing anything [R-WALL-2]', async () => {
    const sandbox = hostileSandbox('silence');
    try {
      const limits = { timeout_ms: 300 };
      expect(failureOf(await run(sandbox, 'counter', 'next', { limits })).code).toBe('E_TIMEOUT');
      await until(() => guestPids('hostile-guest.mjs\0silence').length === 0);
    } finally {
      await sandbox.close();
    }
  });

  it('calls in vain once its run was ended [R-WALL-3]', async () => {
    const calls: string[] = [];
    const sandbox = hostileSandbox('lateCall');
    try {
      const limits = { timeout_ms: 300 };
      const result = await run(sandbox, 'counter', 'next', {
        limits,
        onHostCall: ({ operation }) => calls.push(operation),
      });
      expect(failureOf(result).code).toBe('E_TIMEOUT');
      // Until it is killed, the process goes on asking.
      await until(() => guestPids('lateCall').length === 0);
    } finally {
      await sandbox.close();
    }
    expect(calls).toEqual([]);
  });
});

describe('a forged outcome', () => {
  const WRONG = [
    { kind: 'fine' },
    { kind: null },
    { kind: 'died' },
    { kind: 'aborted' },
    { result: 5 },
    { result: ['x'] },
    { status: -1 },
    { status: 1.5 },
    { status: '0' },
    { message: { bytes: 3 } },
    { stdout: 'text' },
    { stderr: null },
    { memoryBytes: -5 },
    { fuelUsed: 0.5 },
  ];
  it.each(WRONG.map((one) => JSON.stringify(one)))('with %s costs its run [R-WALL-3]', async (wrong) => {
    expect(failureOf(await hostileCall('outcome', wrong)).code).toBe('E_GUEST_DIED');
  });

  const SHAPED: readonly [what: string, outcome: unknown, code: string][] = [
    ['a result over output_kb', { result: { text: ' ', repeat: 1_100_000 } }, 'E_OUTPUT_LIMIT'],
    ['a message far over everything', { result: { text: ' ', repeat: 9_000_000 } }, 'E_GUEST_DIED'],
    ['a standard error over log_kb', { stderr: { bytes: 300_000 } }, 'E_OUTPUT_LIMIT'],
    ['a result that is no JSON', { result: '{' }, 'E_OUTPUT'],
    ['a result nested deeper than a walk could follow', { result: { nest: 500_000 } }, 'E_OUTPUT_LIMIT'],
    ['a failure nested so', { kind: 'failed', result: { nest: 500_000 } }, 'E_GUEST'],
    ['a trap that names a code of its own', { kind: 'trap', result: 'E_LEDGER' }, 'E_TRAP'],
  ];
  it.each(SHAPED)('with %s is told as such [R-WALL-3]', async (_what, outcome, code) => {
    expect(failureOf(await hostileCall('outcome', JSON.stringify(outcome))).code).toBe(code);
  });

  it('keeps bytes of a failure and of a trap inert [R-WALL-3]', async () => {
    for (const kind of ['failed', 'trap', 'host-error', 'invalid-input']) {
      const forged = {
        kind,
        result: kind === 'trap' ? 'E_MODULE' : '"\\u001b[2J\\u202e"',
        message: '\u001b[2J\u202e'.repeat(5_000),
      };
      const { outcome } = await hostileCall('outcome', JSON.stringify(forged));
      const message = 'error' in outcome ? outcome.error.message : '';
      expect(message).not.toMatch(/[\u0000-\u001f\u202e]/);
      expect(message.length).toBeLessThan(70_000);
    }
  });
});

describe('a forged refusal', () => {
  it.each([
    { code: 'E_DENIED' },
    { code: 'E_INTERNAL' },
    { code: 5 },
    { message: null },
    { hint: 5 },
    { details: null },
    { details: { limit: [] } },
  ])('with %o costs its run [R-WALL-3]', async (forged) => {
    expect(failureOf(await hostileCall('refused', JSON.stringify({ code: 'E_MODULE', ...forged }))).code).toBe(
      'E_GUEST_DIED',
    );
  });

  it('is inert text at most [R-WALL-3]', async () => {
    const forged = { code: 'E_MODULE', message: `a\u001b[31m${'b'.repeat(10_000)}`, hint: 'run\r\nthis' };
    const { outcome } = await hostileCall('refused', JSON.stringify(forged));
    const error = 'error' in outcome ? outcome.error : undefined;
    expect(error?.code).toBe('E_MODULE');
    expect(`${error?.message}${error?.hint}`).not.toMatch(/[\u0000-\u001f]/);
    expect(error?.message.length).toBeLessThan(3_000);
  });
});

describe('a flood', () => {
  const limits = { timeout_ms: 2_000, host_calls: 1_000_000, host_calls_per_second: 100_000 };
  const big = new Uint8Array(900_000);
  const state = { get: () => big, set: () => undefined, delete: () => undefined, keys: () => [] };

  it.each([
    ['standard output', 'flood', '1'],
    ['standard error', 'flood', '2'],
    ['calls whose answers it never reads', 'neverReads', '1'],
    ['single bytes', 'drip', ''],
  ])('of %s does not fill the trusted side [R-WALL-3]', async (_what, mode, parameter) => {
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
    const result = await hostileCall(mode, parameter, { limits, state });
    clearInterval(watch);
    expect(['E_TIMEOUT', 'E_GUEST_DIED']).toContain(failureOf(result).code);
    expect(most - before).toBeLessThan(128 * MIB);
  });

  it('of calls whose answers it never reads is answered once [R-WALL-3]', async () => {
    // A socket takes some of the first answer; no other is made before all of it has left.
    const { usage } = await hostileCall('neverReads', '5', { limits, state });
    expect(usage.hostCalls).toBeLessThanOrEqual(2);
  });
});
