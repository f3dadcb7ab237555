import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../src/index.ts';
import { verifyLedger } from '../../src/ledger/index.ts';
import { guest, scratch, write, writeSkill } from './folders.ts';

const root = scratch();
const at = (name: string): string => join(root, name);

const REACH = '[capabilities]\nenv_read = ["GREETING"]\n';

beforeAll(async () => {
  await writeSkill(at('skills/core'), { id: 'custom.core', guest: 'core' });
  await writeSkill(at('skills/brief'), { id: 'custom.brief', guest: 'core', rest: '[limits]\ntimeout_ms = 400\n' });
  await writeSkill(at('skills/keeps'), { id: 'custom.keeps', guest: 'reach', rest: `reuse = true\n${REACH}` });
  await writeSkill(at('skills/counter'), { id: 'custom.counter', guest: 'counter' });
  await writeSkill(at('skills/kept'), { id: 'custom.kept', guest: 'countingComponent', rest: 'reuse = true\n' });
  await writeSkill(at('skills/lies'), {
    id: 'custom.lies',
    guest: 'raw',
    rest: '[[tools]]\nname = "n"\ndescription = "Lies"\nexport = "echo"\n[tools.returns]\ntype = "integer"\nminimum = 3\n',
  });
  write(root, { 'core.wasm': await guest('core') });
});

/** A runtime that ends with the test. */
function open(options: RuntimeOptions = {}): Runtime {
  const runtime = createRuntime({ home: at('home'), skills: [at('skills')], cwd: root, spare: false, ...options });
  onTestFinished(() => runtime.close());
  return runtime;
}

async function codeOf(run: ReturnType<Runtime['run']>): Promise<string> {
  const result = await run;
  return result.ok ? 'ok' : result.error.code;
}

describe('createRuntime [R-RUNTIME-1]', () => {
  it('offers skills and tools, as an agent needs them', async () => {
    const runtime = open();
    expect((await runtime.skills()).map(({ id }) => id)).toEqual(expect.arrayContaining(['custom.core', 'tool.text']));
    expect(await runtime.skill('custom.core')).toMatchObject({ ready: true, version: '1.2.3' });
    const tools = await runtime.tools();
    expect(tools.find(({ skill, name }) => skill === 'custom.core' && name === 'add')).toMatchObject({
      input: 'json',
      parameters: { type: 'object', required: ['p0', 'p1'] },
      returns: { type: 'integer' },
    });
  });

  it.each<[reference: string, tool: string | undefined]>([
    ['custom.core', 'add'],
    ['custom.core.add', undefined],
    ['skills/core', 'add'],
    ['core.wasm', 'add'],
  ])('runs %s %s', async (reference, tool) => {
    const named = reference.includes('/') || reference.endsWith('.wasm') ? at(reference) : reference;
    const result = await open().run(named, tool, { input: { p0: 2, p1: 3 } });
    expect(result).toMatchObject({ ok: true, result: 5, denials: [], stderr: '' });
    expect(result.run).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('never throws for what a skill or a caller did', async () => {
    const runtime = open();
    const input = { p0: 1, p1: 1 };
    expect(await codeOf(runtime.run('custom.absent'))).toBe('E_NOT_FOUND');
    expect(await codeOf(runtime.run('custom.core', 'absent'))).toBe('E_NOT_FOUND');
    expect(await codeOf(runtime.run('custom.core'))).toBe('E_USAGE');
    expect(await codeOf(runtime.run('custom.core', 'add', { input: { p0: 'x' } }))).toBe('E_INPUT');
    expect(await codeOf(runtime.run('custom.core', 'trap'))).toBe('E_TRAP');
    expect(await codeOf(runtime.run('custom.core', 'add', { input, limits: { timeout_ms: -1 } }))).toBe('E_USAGE');
    expect(await codeOf(runtime.run('custom.core', 'add', { input, limits: { nope: 1 } as never }))).toBe('E_USAGE');
    expect(await codeOf(runtime.run('custom.core', 'add', { input, grant: { network: ['*'] } }))).toBe('E_USAGE');
    expect(await codeOf(runtime.run('custom.core', 'add', { input }))).toBe('ok');
  });

  it('holds output to what is declared [R-RUN-3]', async () => {
    const runtime = open();
    expect(await runtime.run('custom.lies', 'n', { input: '7' })).toMatchObject({ ok: true, result: 7 });
    for (const lie of ['2', '"7"', '{}', 'no json', '']) {
      expect([lie, await codeOf(runtime.run('custom.lies', 'n', { input: lie }))]).toEqual([lie, 'E_OUTPUT']);
    }
  });

  it('ends a run when its caller aborts, and one that was aborted before it began', async () => {
    const runtime = open();
    const limits = { timeout_ms: 60_000 };
    const caller = new AbortController();
    runtime.on((event) => event.type === 'started' && caller.abort());
    expect(await codeOf(runtime.run('custom.core', 'spin', { limits, signal: caller.signal }))).toBe('E_ABORTED');
    const early = AbortSignal.abort();
    expect(await codeOf(runtime.run('custom.core', 'spin', { limits, signal: early }))).toBe('E_ABORTED');
  });

  it('takes limits from the manifest, over them those of the runtime, over them those of the run', async () => {
    const limitsOf = async (options: RuntimeOptions, limits = {}): Promise<unknown> => {
      const result = await open(options).run('custom.brief', 'spin', { limits });
      return result.ok ? result.result : result.error.details?.['value'];
    };
    expect(await limitsOf({})).toBe(400);
    expect(await limitsOf({ limits: { timeout_ms: 300 } })).toBe(300);
    expect(await limitsOf({ limits: { timeout_ms: 300 } }, { timeout_ms: 200 })).toBe(200);
  });

  it('gives each call a fresh instance, unless the skill asks to keep one', async () => {
    const runtime = open();
    const results = async (id: string): Promise<unknown[]> => {
      const answers = [];
      for (let i = 0; i < 3; i += 1) answers.push(await runtime.run(id));
      return answers.map((answer) => answer.ok && answer.result);
    };
    expect(await results('custom.counter')).toEqual([1, 1, 1]);
    expect(await results('custom.kept')).toEqual([1, 2, 3]);
  });

  it('a kept instance calls its host under the run that is on, not under the one that made it', async () => {
    const runtime = open({ env: { GREETING: 'hello' }, grant: { env_read: ['GREETING'] } });
    const heard: string[] = [];
    runtime.on((event) => event.type === 'decision' && heard.push(event.run));
    const runs = [];
    for (let i = 0; i < 2; i += 1)
      runs.push(await runtime.run('custom.keeps', 'env-get', { input: { name: 'GREETING' } }));
    expect(runs).toMatchObject([{ result: 'hello' }, { result: 'hello' }]);
    expect(heard).toEqual(runs.map(({ run }) => run));
  });

  it('runs many at once, of the same and of different skills', async () => {
    const runtime = open();
    const sums = Array.from({ length: 8 }, (_, i) => runtime.run('custom.core', 'add', { input: { p0: i, p1: i } }));
    const others = [runtime.run('custom.counter'), runtime.run('custom.core', 'trap'), runtime.run('custom.absent')];
    const results = await Promise.all([...sums, ...others]);
    expect(results.map((one) => (one.ok ? one.result : one.error.code))).toEqual([
      0,
      2,
      4,
      6,
      8,
      10,
      12,
      14,
      1,
      'E_TRAP',
      'E_NOT_FOUND',
    ]);
    expect(new Set(results.map(({ run }) => run)).size).toBe(results.length);
  });

  it('refuses after close, which may be called twice', async () => {
    const runtime = open();
    expect(await codeOf(runtime.run('custom.counter'))).toBe('ok');
    await Promise.all([runtime.close(), runtime.close()]);
    expect(['E_UNAVAILABLE', 'E_LEDGER']).toContain(await codeOf(runtime.run('custom.counter')));
  });

  it('close ends what runs', async () => {
    const runtime = open();
    const started = new Promise<void>((resolve) => runtime.on((event) => event.type === 'started' && resolve()));
    const running = runtime.run('custom.core', 'spin', { limits: { timeout_ms: 60_000 } });
    await started;
    await runtime.close();
    expect((await running).ok).toBe(false);
  });

  it('two share one home, and its ledger still verifies', async () => {
    const home = at('shared');
    const pair = [open({ home }), open({ home })];
    await Promise.all(pair.map((runtime) => runtime.run('custom.counter')));
    await Promise.all(pair.map((runtime) => runtime.close()));
    expect(await verifyLedger(join(home, 'ledger'))).toMatchObject({ ok: true, records: 4, problems: [] });
  });

  it('lets its process end by itself after close', async () => {
    const script = `import { createRuntime } from ${JSON.stringify(join(import.meta.dirname, '../../dist/src/index.js'))};
      const runtime = createRuntime({ home: ${JSON.stringify(at('script'))} });
      const result = await runtime.run(${JSON.stringify(at('core.wasm'))}, 'add', { input: { p0: 20, p1: 22 } });
      await runtime.close();
      console.log(result.result);`;
    write(root, { 'script.mjs': script });
    const { stdout } = await promisify(execFile)(process.execPath, [at('script.mjs')], { timeout: 20_000 });
    expect(stdout).toBe('42\n');
  });
});
