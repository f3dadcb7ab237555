import type * as NodeFs from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openLedger, verifyLedger } from '../../src/ledger/index.ts';
import { denied, fill, ledgerPath, numbered, readAll } from './support.ts';

// Every call to the file system is counted, and one of them is made to fail: once, as on a full disk, or for good, as
// when the process is killed there and nothing after it, no clean-up either, takes place.

interface Plan {
  calls: string[];
  failAt: number;
  mode: 'once' | 'for good';
  /** Done once, right before the next call of that name: what another process does meanwhile. */
  before: Record<string, () => void>;
}
const plan = vi.hoisted<Plan>(() => ({ calls: [], failAt: Number.POSITIVE_INFINITY, mode: 'once', before: {} }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof NodeFs>();
  const counted: Record<string, unknown> = { ...fs };
  for (const name of ['mkdirSync', 'openSync', 'writeSync', 'fsyncSync', 'linkSync', 'renameSync', 'rmSync'] as const) {
    counted[name] = (...args: unknown[]) => {
      plan.calls.push(name);
      const before = plan.before[name];
      delete plan.before[name];
      before?.();
      const at = plan.calls.length;
      if (at === plan.failAt || (plan.mode === 'for good' && at > plan.failAt)) {
        // What a full disk does: part of the bytes are in the file, and no error says so.
        if (name === 'writeSync' && at === plan.failAt) {
          return fs.writeSync(args[0] as number, (args[1] as Buffer).subarray(0, 40));
        }
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      }
      return (fs[name] as (...all: unknown[]) => unknown)(...args);
    };
  }
  counted['ftruncateSync'] = (fd: number, length: number) => {
    if (plan.mode === 'for good' && plan.calls.length >= plan.failAt) throw new Error('dead');
    fs.ftruncateSync(fd, length);
  };
  return counted;
});

beforeEach(() => heal());

const CALLS = countCalls();

describe('a process that', () => {
  it('makes few calls: nothing for a record but the write', () => {
    expect(plan.calls).toEqual([]);
    const ledger = openLedger(ledgerPath());
    ledger.append(denied('1'));
    plan.calls = [];
    ledger.append(denied('2'));
    expect(plan.calls).toEqual(['writeSync']);
  });

  it.each([
    ['denied', 'denied', ['writeSync', 'fsyncSync']],
    ['used', 'denied', ['writeSync', 'fsyncSync']],
    ['mutated', 'ok', ['writeSync', 'fsyncSync']],
    ['used', 'allowed', ['writeSync']],
  ] as const)('is to be durable flushes %s/%s as %j', (event, result, calls) => {
    const ledger = openLedger(ledgerPath(), { durable: true });
    ledger.append({ event: 'started', result: 'ok' });
    plan.calls = [];
    ledger.append({ event, result });
    expect(plan.calls).toEqual(calls);
  });

  it.each(CALLS)('is killed at call %i (%s) leaves a ledger that verifies and goes on', async (failAt) => {
    const dir = ledgerPath();
    plan.mode = 'for good';
    plan.failAt = failAt;
    const { taken } = tryAll(dir);
    heal();
    const { ok, records, problems } = await verifyLedger(dir);
    expect({ ok, others: problems.filter(({ code }) => code !== 'torn') }).toEqual({ ok: true, others: [] });
    // The one being written may be there; its caller never went on to the effect.
    expect([taken.length, taken.length + 1]).toContain(records);
    fill(dir, 2);
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, records: records + 2 });
  });

  it.each(CALLS)(
    'has a full disk at call %i (%s) is told so, and the records it was told of are all there',
    async (failAt) => {
      const dir = ledgerPath();
      plan.failAt = failAt;
      const { taken, codes } = tryAll(dir);
      heal();
      const { ok, problems } = await verifyLedger(dir);
      expect({ ok, problems }).toEqual({ ok: true, problems: [] });
      expect((await readAll(dir)).map(({ resource }) => resource)).toEqual(taken);
      expect(codes.every((code) => code === 'E_LEDGER')).toBe(true);
      fill(dir, 1);
      expect(await verifyLedger(dir)).toMatchObject({ ok: true, records: taken.length + 1, problems: [] });
    },
  );
});

describe('a process overtaken by another', () => {
  it('right before it takes a number takes the next one', async () => {
    const dir = ledgerPath();
    plan.before['linkSync'] = () => fill(dir, 2);
    fill(dir, 3);
    expect(await verifyLedger(dir)).toEqual({ ok: true, segments: 2, records: 5, open: 0, problems: [] });
  });

  it('right before it moves the head does not leave the head behind', async () => {
    const dir = ledgerPath();
    fill(dir, 1);
    const ledger = openLedger(dir);
    plan.before['renameSync'] = () => fill(dir, 2);
    ledger.append(denied('slow'));
    expect(numbered(dir)).toHaveLength(5);
    rmSync(join(dir, '00000005.jsonl'));
    expect(await verifyLedger(dir)).toMatchObject({
      ok: false,
      problems: [{ segment: '00000005.jsonl', code: 'missing' }],
    });
  });
});

/** Each call that `tryAll` makes, with its number. */
function countCalls(): [number, string][] {
  const home = mkdtempSync(join(tmpdir(), 'skillhost-ledger-'));
  heal();
  tryAll(join(home, 'ledger'));
  const calls = plan.calls.map((name, i): [number, string] => [i + 1, name]);
  rmSync(home, { recursive: true });
  return calls;
}

function heal(): void {
  Object.assign(plan, { calls: [], failAt: Number.POSITIVE_INFINITY, mode: 'once', before: {} } satisfies Plan);
}

/** Three records and a close, each going on after a failure of the one before. */
function tryAll(dir: string): { taken: string[]; codes: unknown[] } {
  const ledger = openLedger(dir, { durable: true });
  const taken: string[] = [];
  const codes: unknown[] = [];
  const attempt = (act: () => void): boolean => {
    try {
      act();
      return true;
    } catch (error) {
      codes.push((error as { code?: unknown }).code);
      return false;
    }
  };
  for (const resource of ['1', '2', '3']) {
    if (attempt(() => ledger.append(denied(resource)))) taken.push(resource);
  }
  attempt(() => ledger.close());
  return { taken, codes };
}
