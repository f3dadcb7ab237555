import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ERROR_CLASSES,
  ERROR_CODES,
  type CapabilityDenied,
  type ErrorCode,
  type SandboxResult,
  SkillError,
} from '../../host/index.ts';
import type { Execution } from '../../src/executor/executor.ts';
import { NO_RESILIENCE, type Resilience } from '../../src/manifest/resilience.ts';
import { MemoryNotes } from './memory-notes.ts';
import { type Attempt, ResilienceStage } from '../../src/runtime/resilience.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { commandTool } from '../../src/tool/command-tool.ts';
import { type Workbench, workbench } from '../executor/bench.ts';

const USAGE = { durationMs: 0, fuel: undefined, memoryBytes: 0, hostCalls: 0 };
const done = (value: unknown): SandboxResult => ({
  outcome: { value },
  usage: USAGE,
  stderr: new Uint8Array(),
  denials: [],
});
const failed = (code: ErrorCode, details = {}): SandboxResult => ({
  outcome: { error: new SkillError(code, code, { details }) },
  usage: USAGE,
  stderr: new Uint8Array(),
  denials: [],
});

/** A stage over one tool, whose attempts end as they are told. */
function stage(rules: Partial<Resilience>, { notes = new MemoryNotes(), now = Date.now } = {}) {
  const told: Attempt[] = [];
  const made = new ResilienceStage(notes, now);
  const tool = { ...commandTool(['sh']), name: 'go', resilience: { ...NO_RESILIENCE, ...rules } };
  const other = { ...commandTool(['cat']), name: 'other' };
  const execution = {
    skill: { id: 'custom.a', hash: 'sha256:a', tools: [tool, other] },
    tool,
    input: {},
    env: { PATH: '/usr/bin:/bin' },
  } as unknown as Execution;
  return {
    told,
    notes,
    run: (ends: readonly SandboxResult[], more: Partial<Execution> = {}) => {
      const left = [...ends];
      const ran: string[] = [];
      const perform = (one: Execution): Promise<SandboxResult> => {
        ran.push(one.tool.name);
        return Promise.resolve(left.shift() ?? done('last'));
      };
      return made
        .run({ ...execution, ...more }, perform, (attempt) => void told.push(attempt))
        .then((end) => ({ ...end, ran }));
    },
  };
}

const RETRY = { maxAttempts: 3, backoff: 'none', retryOn: undefined } as const;

describe('another attempt [R-RESILIENCE-1]', () => {
  it.each(Object.entries(ERROR_CODES).map(([code, { class: kind }]) => [code as ErrorCode, kind] as const))(
    'after %s, which is %s, only where it may pass by itself',
    async (code, kind) => {
      const { run } = stage({ retry: RETRY });
      const mayPass = ['rate_limited', 'network', 'unavailable'].includes(kind);
      expect(await run([failed(code), failed(code)])).toMatchObject({ attempts: mayPass ? 3 : 1 });
    },
  );

  it.each(ERROR_CLASSES)('after %s where the skill says so, never after a no', async (kind) => {
    const code = Object.entries(ERROR_CODES).find(([, one]) => one.class === kind)?.[0] as ErrorCode;
    const { run } = stage({ retry: { ...RETRY, retryOn: [kind] } });
    const isFinal = ['invalid_input', 'denied', 'not_found', 'aborted', 'internal'].includes(kind);
    expect(await run([failed(code)])).toMatchObject({ attempts: isFinal ? 1 : 2 });
  });

  it('is none after a refusal on the way, nor is anything done instead', async () => {
    const refused = { ...failed('E_NETWORK'), denials: [{} as CapabilityDenied] };
    const { run, told } = stage({ retry: RETRY, fallback: { tool: 'other' } });
    expect(await run([refused])).toMatchObject({ attempts: 1, fallback: undefined, ran: ['go'] });
    expect(told).toEqual([]);
  });

  it('is none of a recipe, which tries its steps again by itself', async () => {
    const { run } = stage({ retry: { ...RETRY, retryOn: ['guest_error'] } });
    const tool = {
      ...commandTool(['sh']),
      name: 'go',
      action: { type: 'recipe' },
      resilience: { ...NO_RESILIENCE, retry: RETRY },
    };
    expect(await run([failed('E_NETWORK'), failed('E_NETWORK')], { tool: tool as unknown as Tool })).toMatchObject({
      attempts: 1,
    });
  });

  it('is as many as there may be, and the last failure is what is told', async () => {
    const { run, told } = stage({ retry: RETRY });
    const { attempts, ended } = await run(Array.from({ length: 9 }, (_, i) => failed('E_NETWORK', { i })));
    expect(attempts).toBe(3);
    expect(ended.outcome).toMatchObject({ error: { details: { i: 2 } } });
    expect(told.map((one) => one.type === 'retry' && one.code)).toEqual(['E_NETWORK', 'E_NETWORK']);
  });

  it('is none of a failure that says it will not pass', async () => {
    const { run } = stage({ retry: RETRY });
    expect(await run([failed('E_NETWORK', { transient: false })])).toMatchObject({ attempts: 1 });
  });

  it.each([
    ['none', [0, 0, 0]],
    ['fixed', [128, 128, 128]],
    ['linear', [128, 256, 384]],
  ] as const)('waits as %s says', async (backoff, waits) => {
    const { run, told } = stage({ retry: { ...RETRY, maxAttempts: 4, backoff } });
    await run([failed('E_NETWORK'), failed('E_NETWORK'), failed('E_NETWORK')]);
    expect(told.map((one) => one.type === 'retry' && one.waitMs)).toEqual(waits);
  });

  it('waits longer and longer, by chance, within bounds', async () => {
    const { run, told } = stage({ retry: { ...RETRY, maxAttempts: 4, backoff: 'exponential' } });
    await run([failed('E_NETWORK'), failed('E_NETWORK'), failed('E_NETWORK')]);
    const waits = told.map((one) => (one.type === 'retry' ? one.waitMs : -1));
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(128 * 2 ** i);
    }
  });

  it('is not waited for once nobody wants it', async () => {
    const { run } = stage({ retry: { ...RETRY, backoff: 'fixed' } });
    const controller = new AbortController();
    const running = run([failed('E_NETWORK'), done(1)], { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    expect((await running).ended.outcome).toMatchObject({ error: { code: 'E_ABORTED' } });
  });
});

describe('the breaker [R-RESILIENCE-2]', () => {
  const rules = { breaker: { failureThreshold: 2, recoveryMs: 80 } };
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  it('lets nothing through after so many failures in a row, then one to see, then all', async () => {
    const { run, told } = stage(rules);
    for (const _ of [1, 2]) expect((await run([failed('E_TRAP')])).attempts).toBe(1);
    const open = await run([done(1)]);
    expect(open).toMatchObject({
      attempts: 0,
      ended: { outcome: { error: { code: 'E_UNAVAILABLE', details: { reason: 'circuit_open' } } } },
    });
    await wait(100);
    expect((await run([failed('E_TRAP')])).attempts).toBe(1);
    expect((await run([done(1)])).attempts).toBe(0);
    await wait(100);
    expect((await run([done(1)])).ended.outcome).toEqual({ value: 1 });
    expect((await run([done(2)])).ended.outcome).toEqual({ value: 2 });
    expect(told.map((one) => one.type === 'breaker' && one.state)).toEqual([
      'open',
      'half-open',
      'open',
      'half-open',
      'closed',
    ]);
  });

  it('counts no refusal, and begins anew after what went well', async () => {
    const { run } = stage(rules);
    for (const end of [failed('E_DENIED'), failed('E_INPUT'), failed('E_TRAP'), done(1), failed('E_TRAP')])
      await run([end]);
    expect((await run([done(1)])).attempts).toBe(1);
  });

  it('is remembered from one process to the next', async () => {
    const first = stage(rules);
    for (const _ of [1, 2]) await first.run([failed('E_TRAP')]);
    const kept = new MemoryNotes();
    // As a file would keep it.
    kept.set('breaker', 'sha256:a go', JSON.parse(JSON.stringify(first.notes.get('breaker', 'sha256:a go'))));
    const second = stage(rules, { notes: kept });
    expect((await second.run([done(1)])).attempts).toBe(0);
    await wait(100);
    expect((await second.run([done(1)])).attempts).toBe(1);
  });

  it('is of what a skill is, and opens for no other one of its name', async () => {
    const { run } = stage(rules);
    const skill = { id: 'custom.a', hash: 'sha256:b', tools: [] } as unknown as Execution['skill'];
    for (const _ of [1, 2, 3]) await run([failed('E_TRAP')], { skill });
    expect((await run([done(1)], { skill })).attempts).toBe(0);
    expect((await run([done(1)])).attempts).toBe(1);
  });

  it('ends a series of attempts', async () => {
    const { run } = stage({ ...rules, retry: { ...RETRY, maxAttempts: 9, retryOn: ['network', 'unavailable'] } });
    expect((await run(Array.from({ length: 9 }, () => failed('E_NETWORK')))).attempts).toBe(2);
  });
});

describe('what runs instead [R-RESILIENCE-3]', () => {
  it('is another tool, with the same input', async () => {
    const { run, told } = stage({ fallback: { tool: 'other' } });
    const { ended, fallback, ran } = await run([failed('E_TRAP'), done('other')]);
    expect({ outcome: ended.outcome, fallback, ran }).toEqual({
      outcome: { value: 'other' },
      fallback: 'other',
      ran: ['go', 'other'],
    });
    expect(told).toEqual([{ type: 'fallback', to: 'other', code: 'E_TRAP' }]);
  });

  it('is a program', async () => {
    const { run } = stage({ fallback: { command: ['echo', 'instead'] } });
    expect(await run([failed('E_TIMEOUT'), done('instead')])).toMatchObject({ fallback: 'echo', ran: ['go', 'echo'] });
  });

  it.each(['E_DENIED', 'E_INPUT', 'E_ABORTED', 'E_LEDGER'] as const)('is nothing after %s', async (code) => {
    const { run } = stage({ fallback: { tool: 'other' } });
    expect(await run([failed(code), done(1)])).toMatchObject({ fallback: undefined, ran: ['go'] });
  });

  it.each(['go', 'gone'])('is no tool %s', async (tool) => {
    const { run } = stage({ fallback: { tool } });
    expect((await run([failed('E_TRAP')])).ended.outcome).toMatchObject({ error: { code: 'E_NOT_FOUND' } });
  });
});

describe('whether a tool is well [R-RESILIENCE-4]', () => {
  it('is asked once in an interval, and no tool is called that is not', async () => {
    let now = 0;
    const check = { intervalMs: 1_000, check: { tool: 'other' } };
    const { run } = stage({ healthCheck: check }, { now: () => now });
    expect(await run([failed('E_TRAP'), done(1)])).toMatchObject({
      ran: ['other'],
      ended: { outcome: { error: { code: 'E_UNAVAILABLE', details: { reason: 'unhealthy' } } } },
    });
    expect((await run([done(1)])).ran).toEqual([]);
    now += 1_000;
    expect((await run([done(1), done(2)])).ran).toEqual(['other', 'go']);
    expect((await run([done(3)])).ran).toEqual(['go']);
  });

  it('is whether its program is there, where nothing else is said', async () => {
    const rules = { healthCheck: { intervalMs: 1_000, check: undefined } };
    expect((await stage(rules).run([done(1)])).ran).toEqual(['go']);
    const { ended, ran } = await stage(rules).run([done(1)], { env: { PATH: '/nowhere' } });
    expect({ ended, ran }).toMatchObject({
      ran: [],
      ended: { outcome: { error: { message: expect.stringContaining('not installed') } } },
    });
  });
});

describe('a skill that says how its failures are answered [R-RESILIENCE-5]', () => {
  const EXEC =
    '[capabilities]\nterminal_exec = { allowed = true, commands = ["sh", "echo"] }\nfilesystem_read = ["./"]\nfilesystem_write = ["./"]\n';
  const GRANT = { terminal_exec: ['sh', 'echo'], filesystem_read: ['./'], filesystem_write: ['./'] };
  const tool = (script: string): string =>
    `[[tools]]\nname = "go"\ndescription = "Goes"\ntype = "code_inline"\ncommand = "sh"\nargs = ["-c", '${script}']\n`;
  const at = (rest: string): Workbench => workbench({}, { rest: EXEC + rest, grant: GRANT });
  const count = ({ root }: Workbench): number => {
    const file = join(root, 'work', 'count');
    return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
  };

  it('is tried again until it succeeds', async () => {
    const bench = at(
      `[resilience]\nmax_attempts = 3\nbackoff_strategy = "none"\nretry_on = ["guest_error"]\n${tool('printf x >> count; test "$(wc -c < count)" = 3')}`,
    );
    expect(await bench.runtime.run('custom.sample')).toMatchObject({ ok: true, attempts: 3 });
    expect(count(bench)).toBe(3);
    expect(bench.events.filter(({ type }) => type === 'retry')).toHaveLength(2);
    expect(bench.records.map(({ event }) => event)).toEqual(['started', 'used', 'used', 'used', 'finished']);
  });

  it('is answered by another program', async () => {
    const bench = at(`[resilience]\nfallback_command = "echo 'something else'"\n${tool('exit 3')}`);
    expect(await bench.runtime.run('custom.sample')).toMatchObject({
      ok: true,
      result: { stdout: 'something else\n' },
      instead: { fallback: 'echo' },
    });
    expect(bench.records.at(-1)).toMatchObject({ event: 'finished', reason: 'answered by echo' });
  });

  it('is not called for a while, by the next process either', async () => {
    const bench = at(
      `[resilience]\nfailure_threshold = 2\nrecovery_timeout = 1\n${tool('printf x >> count; test -e ok')}`,
    );
    for (const _ of [1, 2, 3]) await bench.runtime.run('custom.sample');
    expect(count(bench)).toBe(2);
    const next = bench.again();
    expect(await next.runtime.run('custom.sample')).toMatchObject({ ok: false, error: { code: 'E_UNAVAILABLE' } });
    writeFileSync(join(bench.root, 'work', 'ok'), '');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await next.runtime.run('custom.sample')).toMatchObject({ ok: true });
    rmSync(join(bench.root, 'work', 'count'));
  });
});
