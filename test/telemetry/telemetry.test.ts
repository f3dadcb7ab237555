import { context, metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemoryMetricExporter,
  MeterProvider,
  AggregationTemporality,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AlertRule } from '../../src/config/alert-rules.ts';
import type { RunEvent } from '../../src/index.ts';
import type { LedgerRecord } from '../../src/ledger/index.ts';
import { logRuns } from '../../src/telemetry/log-runs.ts';
import { summarize } from '../../src/telemetry/summarize.ts';
import { watchRuns } from '../../src/telemetry/watch-runs.ts';
import { type Workbench, workbench } from '../executor/bench.ts';
import { write } from '../runtime/folders.ts';

const SECRET = 'tHe-sEcReT';
const REST = `[capabilities]
terminal_exec = { allowed = true, commands = ["sh"] }
[resilience]
max_attempts = 2
backoff_strategy = "none"
retry_on = ["guest_error"]
[[tools]]
name = "go"
description = "Goes"
type = "code_inline"
command = "sh"
args = ["-c", "{{code}}"]
parameters = { code = { type = "string", default = "echo ${SECRET}" } }
`;
const at = (options = {}): Workbench => workbench({}, { rest: REST, grant: { terminal_exec: ['sh'] }, ...options });
const go = ({ runtime }: Workbench, code?: string, options = {}): ReturnType<Workbench['runtime']['run']> =>
  runtime.run('custom.sample', 'go', { ...(code !== undefined && { input: { code } }), ...options });

describe('OpenTelemetry [R-TELEMETRY-1]', () => {
  afterEach(() => {
    trace.disable();
    metrics.disable();
    context.disable();
  });

  function setUp(): {
    readonly spans: InMemorySpanExporter;
    readonly points: () => Promise<Record<string, [object, unknown][]>>;
  } {
    const spans = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
    const points = async (): Promise<Record<string, [object, unknown][]>> => {
      await reader.forceFlush();
      const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      return Object.fromEntries(
        all.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          dataPoints.map(({ attributes, value }) => [attributes, value]),
        ]),
      );
    };
    return { spans, points };
  }

  it('is told of each run, below the span of its caller', async () => {
    const { spans, points } = setUp();
    const bench = at();
    const tracer = trace.getTracer('host');
    const parent = tracer.startSpan('the turn of an agent');
    const done = await context.with(trace.setSpan(context.active(), parent), () => go(bench));
    const failed = await go(bench, 'exit 3');
    const denied = await bench.again({ grant: {} }).runtime.run('custom.sample', 'go', {});
    parent.end();
    expect([done.ok, failed.ok, denied.ok]).toEqual([true, false, false]);
    const [first, second, third] = spans.getFinishedSpans().filter(({ name }) => name === 'run custom.sample');
    expect(first?.attributes).toMatchObject({
      'skillhost.skill': 'custom.sample',
      'skillhost.tool': 'go',
      'skillhost.run': done.run,
    });
    expect(first?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    expect(second?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'E_GUEST' });
    expect(second?.events.map(({ name }) => name)).toEqual(['decision', 'retry', 'decision']);
    expect(third?.status.message).toBe('E_DENIED');
    expect(
      JSON.stringify(spans.getFinishedSpans().map(({ attributes, events }) => [attributes, events])),
    ).not.toContain(SECRET);
    const counted = await points();
    const labels = { 'skillhost.skill': 'custom.sample', 'skillhost.tool': 'go' };
    expect(counted['skillhost.runs']).toEqual(
      expect.arrayContaining([
        [{ ...labels, 'skillhost.outcome': 'ok' }, 1],
        [{ ...labels, 'skillhost.outcome': 'E_GUEST' }, 1],
        [{ ...labels, 'skillhost.outcome': 'E_DENIED' }, 1],
      ]),
    );
    expect(counted['skillhost.denials']).toEqual([[{ ...labels, capability: 'terminal_exec', layer: 'grant' }, 1]]);
    expect(counted['skillhost.retries']).toEqual([[{ ...labels, code: 'E_GUEST' }, 1]]);
    expect(counted['skillhost.run.duration']).toHaveLength(3);
  });

  it('costs nothing where nobody has set it up', async () => {
    trace.disable();
    expect(await go(at())).toMatchObject({ ok: true });
  });
});

describe('structured logs [R-TELEMETRY-2]', () => {
  it('are a JSON line for each event, with the id of its run, and inert', async () => {
    const lines: string[] = [];
    const bench = at();
    bench.runtime.on(logRuns('debug', { write: (line) => void lines.push(line) }));
    const done = await go(bench, "printf 'a\\nb'; exit 1");
    const parsed = lines.map((line) => JSON.parse(line) as { type: string; run: string; severity: string });
    expect(parsed.map(({ type }) => type)).toEqual(['started', 'decision', 'retry', 'decision', 'finished']);
    expect(new Set(parsed.map(({ run }) => run))).toEqual(new Set([done.run]));
    expect(parsed.at(-1)).toMatchObject({ severity: 'warn', code: 'E_GUEST' });
    for (const line of lines) expect(line.trimEnd()).not.toContain('\n');
  });

  it('hold what their level lets through', () => {
    const lines: string[] = [];
    const log = logRuns('warn', { write: (line) => void lines.push(line) });
    log({ type: 'started', run: 'r', skill: 's', tool: 't', hash: 'h' });
    log({ type: 'log', run: 'r', level: 'error', message: 'broken' });
    log({ type: 'finished', run: 'r', ok: true, code: undefined, usage: undefined });
    log({ type: 'finished', run: 'r', ok: false, code: 'E_TRAP', usage: undefined });
    expect(lines.map((line) => (JSON.parse(line) as { severity: string }).severity)).toEqual(['error', 'warn']);
  });
});

describe('alarms [R-TELEMETRY-3]', () => {
  const RULE: AlertRule = {
    when: 'failures',
    skill: undefined,
    count: 2,
    withinMs: 1_000,
    longerThanMs: 100,
    webhook: undefined,
  };
  const end = (code?: 'E_TRAP' | 'E_TIMEOUT'): RunEvent => ({
    type: 'finished',
    run: 'r',
    ok: code === undefined,
    code,
    usage: undefined,
  });

  /** A watch of which the clock is told what time it is. */
  function watching(rule: Partial<AlertRule>): {
    readonly told: string[];
    readonly run: (at: number, ends: RunEvent, tookMs?: number, skill?: string) => void;
  } {
    let now = 0;
    const told: string[] = [];
    const watch = watchRuns({
      rules: [{ ...RULE, ...rule }],
      now: () => now,
      tell: ({ when, skill }) => void told.push(`${when} ${skill} at ${now}`),
    });
    return {
      told,
      run: (time, ends, tookMs = 0, skill = 's') => {
        now = time - tookMs;
        watch({ type: 'started', run: 'r', skill, tool: 't', hash: 'h' });
        now = time;
        watch(ends);
      },
    };
  }

  it('are given when there are so many within the time, once in that time', () => {
    const { told, run } = watching({});
    for (const time of [0, 2_000, 2_500, 2_600, 2_700, 3_600, 3_700]) run(time, end('E_TRAP'));
    expect(told).toEqual(['failures s at 2500', 'failures s at 3600']);
  });

  it('count what they name', () => {
    const kills = watching({ when: 'kills', count: 1 });
    kills.run(0, end('E_TRAP'));
    kills.run(1, end('E_TIMEOUT'));
    expect(kills.told).toEqual(['kills s at 1']);
    const slow = watching({ when: 'slow', count: 1 });
    slow.run(1_000, end(), 100);
    slow.run(2_000, end(), 101);
    expect(slow.told).toEqual(['slow s at 2000']);
    const denials = watching({ when: 'denials', count: 1 });
    denials.run(0, {
      type: 'decision',
      run: 'r',
      event: 'denied',
      capability: 'network',
      resource: 'x',
      result: 'denied',
      layer: 'grant',
      rule: '',
    });
    expect(denials.told).toEqual(['denials s at 0']);
  });

  it('are of one skill, or of each by itself', () => {
    const each = watching({});
    for (const skill of ['a', 'b', 'a']) each.run(1, end('E_TRAP'), 0, skill);
    expect(each.told).toEqual(['failures a at 1']);
    const one = watching({ skill: 'b', count: 1 });
    for (const skill of ['a', 'b']) one.run(1, end('E_TRAP'), 0, skill);
    expect(one.told).toEqual(['failures b at 1']);
  });

  it('of the configuration are told to its webhook', async () => {
    const posted: string[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        posted.push(body);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const bench = at();
    write(join(bench.root, 'home'), {
      'config.toml': `[[alerts]]\nwhen = "failures"\ncount = 2\nwithin = 60\nwebhook = "http://127.0.0.1:${port}/hook"\n`,
    });
    for (const _ of [1, 2, 3]) await go(bench, 'exit 3');
    await vi.waitFor(() => expect(posted).toHaveLength(1), 3_000);
    expect(JSON.parse(posted[0] ?? '')).toMatchObject({
      when: 'failures',
      skill: 'custom.sample',
      count: 2,
      withinMs: 60_000,
      run: expect.any(String),
    });
    expect(bench.events.filter(({ type }) => type === 'alert')).toHaveLength(1);
    expect(warnings.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      'SkillAlert: 2 failures of custom.sample within 60 s',
    ]);
  });

  it.each([
    ['alerts = 1', 'alerts is no list'],
    ['[[alerts]]\ncount = 1', 'does not say when'],
    ['[[alerts]]\nwhen = "fails"', 'does not say when'],
    ['[[alerts]]\nwhen = "slow"\ncount = 0', 'count of an alert'],
    ['[[alerts]]\nwhen = "slow"\nwebhook = "ftp://x"', 'webhook of an alert'],
    ['[[alerts]]\nwhen = "slow"\nwebook = "http://x"', 'there is no key'],
  ])('written as %j stop every run with a hint', async (config, message) => {
    const bench = at();
    write(join(bench.root, 'home'), { 'config.toml': config });
    await expect(go(bench)).rejects.toMatchObject({ code: 'E_USAGE', message: expect.stringContaining(message) });
  });
});

describe('statistics [R-TELEMETRY-4]', () => {
  it('are what the ledger says', async () => {
    const record = (fields: Partial<LedgerRecord>): LedgerRecord =>
      ({ time: 't', event: 'finished', result: 'ok', skill: 'a.b', tool: 't', ...fields }) as LedgerRecord;
    const records = [
      ...Array.from({ length: 99 }, (_, i) => record({ durationMs: i + 1, memoryBytes: i })),
      record({ event: 'started' }),
      record({ event: 'failed', code: 'E_TRAP', durationMs: 1_000 }),
      record({ event: 'failed', code: 'E_TRAP', durationMs: 5 }),
      record({ event: 'killed', code: 'E_TIMEOUT', durationMs: 5 }),
      record({ reason: 'answered by the cache', durationMs: 0 }),
      record({ event: 'denied', result: 'denied' }),
      record({ skill: 'c.d', durationMs: 7 }),
      { time: 't', event: 'installed', result: 'ok', skill: 'a.b' } as LedgerRecord,
    ];
    expect(await summarize(records)).toEqual([
      {
        skill: 'a.b',
        tool: 't',
        runs: 103,
        failed: 2,
        killed: 1,
        cached: 1,
        denials: 1,
        p50Ms: 49,
        p99Ms: 99,
        memoryBytes: 98,
        oftenest: 'E_TRAP',
      },
      {
        skill: 'c.d',
        tool: 't',
        runs: 1,
        failed: 0,
        killed: 0,
        cached: 0,
        denials: 0,
        p50Ms: 7,
        p99Ms: 7,
        memoryBytes: 0,
        oftenest: undefined,
      },
    ]);
  });
});
