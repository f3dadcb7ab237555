import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostCallEvent } from '../../../host/function/broker.ts';
import { Sandbox } from '../../../host/sandbox.ts';
import { guestPids, NOTHING, run } from '../sandbox/guests.ts';
import { seeded } from '../../seed.ts';

const HOSTILE = join(import.meta.dirname, 'hostile-guest.mjs');
const SECONDS = Number(process.env['SKILLHOST_FUZZ_SECONDS'] ?? 10);
const FIRST_SEED = seeded(1);
const MIB = 2 ** 20;

/** Operations that need no grant; every other one must be refused here. */
const OPEN = new Set(['log', 'state.get', 'state.set', 'state.keys', 'cache.get', 'cache.set', 'env.list']);

const folder = mkdtempSync(join(tmpdir(), 'skillhost-test-'));
const canary = join(folder, 'canary');
let connections = 0;
const server = createServer((_request, response) => response.end()).on('connection', () => connections++);

beforeAll(async () => {
  writeFileSync(canary, 'untouched');
  // The only program there is leaves a trace.
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'echo'), `#!/bin/sh\n: > '${join(folder, 'ran')}'\n`, { mode: 0o755 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One life of a hostile process. Answers what it asked and how its run ended. */
async function life(
  seed: number,
  { env, args }: { env: Record<string, string>; args: readonly string[] },
): Promise<{ code: string; asked: HostCallEvent[] }> {
  const asked: HostCallEvent[] = [];
  const told = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const program = { file: '/usr/bin/env', args: [...told, process.execPath, ...args, 'fuzz', String(seed)], cwd: '/' };
  const sandbox = new Sandbox({ keepSpare: false, program });
  try {
    const limits = { timeout_ms: 600, host_calls_per_second: 100_000, host_calls: 100_000, log_kb: 1_024 };
    const { outcome } = await run(sandbox, 'counter', 'next', {
      limits,
      layers: () => [NOTHING],
      env: { PATH: join(folder, 'bin'), CANARY_ENV: 'secret' },
      onHostCall: (event) => asked.push(event),
    });
    return { code: 'error' in outcome ? outcome.error.code : 'ok', asked };
  } finally {
    await sandbox.close();
  }
}

describe('random traffic of a guest process', () => {
  it(
    `is answered with errors or death for ${SECONDS} s, and reaches nothing [R-WALL-3]`,
    async () => {
      const { port } = server.address() as AddressInfo;
      const env = { CANARY_FILE: canary, CANARY_URL: `http://127.0.0.1:${port}/` };
      const before = process.memoryUsage().rss;
      const codes = new Map<string, number>();
      const wrong: string[] = [];
      let calls = 0;
      let seed = FIRST_SEED;
      for (const end = Date.now() + SECONDS * 1_000; Date.now() < end;) {
        const seeds = [seed++, seed++, seed++];
        for (const [i, { code, asked }] of (
          await Promise.all(seeds.map((one) => life(one, { env, args: [HOSTILE] })))
        ).entries()) {
          codes.set(code, (codes.get(code) ?? 0) + 1);
          calls += asked.length;
          const reached = asked.filter(({ operation, result }) => result === 'ok' && !OPEN.has(operation));
          for (const { operation } of reached) wrong.push(`seed ${seeds[i]}: ${operation}`);
          if (!['ok', 'E_GUEST_DIED', 'E_TIMEOUT', 'E_GUEST', 'E_TRAP', 'E_OUTPUT'].includes(code))
            wrong.push(`seed ${seeds[i]}: ${code}`);
        }
      }
      expect(wrong).toEqual([]);
      // The generator must come past the first checks, or it shows nothing.
      expect(calls).toBeGreaterThan((seed - FIRST_SEED) * 2);
      expect(codes.get('E_GUEST_DIED')).toBeGreaterThan(0);
      expect(readFileSync(canary, 'utf8')).toBe('untouched');
      expect(readdirSync(folder).toSorted()).toEqual(['bin', 'canary']);
      expect(connections).toBe(0);
      expect(guestPids()).toEqual([]);
      expect(process.memoryUsage().rss - before).toBeLessThan(128 * MIB);
      if (process.env['SKILLHOST_FUZZ_SECONDS'] !== undefined)
        console.log(seed - FIRST_SEED, 'lives,', calls, 'host calls,', codes);
    },
    (SECONDS + 20) * 1_000,
  );
});
