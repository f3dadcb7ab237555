import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunOptions, RuntimeOptions } from '../../src/index.ts';
import type { ToolType } from '../../src/manifest/tool-settings.ts';
import { HEAD } from '../recipe/samples.ts';
import { guest } from '../runtime/folders.ts';
import { hanging, modelServer, saying } from '../conversation/model-server.ts';
import { PATH, processesWith, type Workbench, workbench } from './bench.ts';

/** What every type of tool must keep. What a type cannot do at all is undefined, with the reason beside it. */
interface Row {
  readonly type: ToolType;
  readonly rest: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly tool: string;
  readonly grant: RuntimeOptions['grant'];
  readonly works: readonly [input: unknown, result: unknown];
  readonly wrong: unknown;
  /** An input for which it touches what was not granted. */
  readonly denied: unknown;
  /** An input with which it would go on for long. */
  readonly slow: unknown;
  /** An input with which it prints some hundred KiB. */
  readonly loud: unknown;
  /** What it needs beside, and whether it is under way; a program is by its command line. */
  readonly around?: () => Promise<{ readonly options: RuntimeOptions; readonly isUnderWay: () => boolean }>;
}

const EXEC = '[capabilities]\nterminal_exec = { allowed = true, commands = ["sh", "bash"] }\n';
const SHELL = ['sh', 'bash'];
const tool = (type: ToolType, rest: string): string =>
  `[[tools]]\nname = "go"\ndescription = "Goes"\ntype = "${type}"\n${rest}\n`;
const PARAMETERS = 'parameters = { text = { type = "string", required = true } }\n';
const program = (text: string): unknown => ({ stdout: text, stderr: '', exitCode: 0, durationMs: expect.any(Number) });
const RUN_TEXT = '#!/bin/sh\neval "$1"\n';
const SLOW = 'sleep 31.4159';
const LOUD = 'head -c 400000 /dev/zero | tr "\\0" x';
const CODE = { works: 'echo "a  b"', slow: SLOW, loud: LOUD };

const ROWS: readonly Row[] = [
  {
    type: 'code_inline',
    rest: `${EXEC}${tool('code_inline', `command = "sh"\nargs = ["-c", "{{text}}"]\n${PARAMETERS}`)}`,
    tool: 'go',
    grant: { terminal_exec: SHELL },
    works: [{ text: CODE.works }, program('a  b\n')],
    wrong: { text: 1 },
    denied: { text: 'echo' },
    slow: { text: CODE.slow },
    loud: { text: CODE.loud },
  },
  {
    type: 'script',
    rest: `${EXEC}${tool('script', `script = "scripts/run.sh"\nargs = ["{{text}}"]\n${PARAMETERS}`)}`,
    files: { 'scripts/run.sh': RUN_TEXT },
    tool: 'go',
    grant: { terminal_exec: SHELL },
    works: [{ text: CODE.works }, program('a  b\n')],
    wrong: {},
    denied: { text: 'echo' },
    slow: { text: CODE.slow },
    loud: { text: CODE.loud },
  },
  {
    type: 'code_session',
    rest: `${EXEC}${tool('code_session', 'command = "bash"')}`,
    tool: 'go',
    grant: { terminal_exec: SHELL },
    works: [
      { code: CODE.works },
      { session: 'default', stdout: 'a  b\n', stderr: '', durationMs: expect.any(Number), replayed: 0 },
    ],
    wrong: { code: 1 },
    denied: { code: 'echo' },
    slow: { code: CODE.slow },
    loud: { code: CODE.loud },
  },
  {
    type: 'prompt_inline',
    rest: tool('prompt_inline', `prompt = "Say {text}"\n${PARAMETERS}`),
    tool: 'go',
    grant: {},
    works: [{ text: '{text} {{x}}' }, 'Say {text} {{x}}'],
    wrong: { text: [] },
    // A text touches nothing, takes no time and is as long as what it was given.
    denied: undefined,
    slow: undefined,
    loud: undefined,
  },
  {
    type: 'conversation',
    rest: `[capabilities]\nfilesystem_read = ["./"]\n${tool('conversation', `prompt_template = "{text}"\n${PARAMETERS}[tools.context_files]\npatterns = ["*.txt"]`)}`,
    tool: 'go',
    grant: { filesystem_read: ['./'] },
    works: [{ text: 'a' }, 'said'],
    wrong: { text: 1 },
    denied: { text: 'a' },
    slow: { text: 'slow' },
    loud: { text: 'loud' },
    around: async () => {
      const server = await modelServer((response, request) => {
        const prompt = JSON.stringify(server.asked.at(-1)?.body.messages);
        if (prompt.includes('slow')) return hanging(response, request);
        const said = prompt.includes('loud') ? 'x'.repeat(400_000) : 'said';
        return saying(said)(response, request);
      });
      const env = { PATH, SKILLHOST_MODEL_URL: server.url, SKILLHOST_MODEL: 'm' };
      return { options: { env }, isUnderWay: () => server.asked.length > server.cut() };
    },
  },
  {
    type: 'recipe',
    rest: `${EXEC}[recipes]\ndefault_confirmation = "auto"\n${tool('recipe', 'recipe = "sample"')}`,
    files: {
      'recipes/sample.yaml': `${HEAD}parameters: [{ name: text, required: true }]\nsteps:\n  - { id: a, name: A, command: [sh, -c, "{{text}}"] }\n`,
    },
    tool: 'go',
    grant: { terminal_exec: SHELL },
    works: [{ text: 'true' }, expect.objectContaining({ result: 'success' })],
    wrong: { txt: '' },
    denied: undefined,
    // Each step has a time of its own, and keeps what it prints within bounds.
    slow: undefined,
    loud: undefined,
  },
  {
    type: 'wasm',
    rest: '[executable]\nmodule = "bin/guest.wasm"\n',
    tool: 'add',
    grant: {},
    works: [{ p0: 20, p1: 22 }, 42],
    wrong: { p0: 'a' },
    // Its host functions are in tests of their own.
    denied: undefined,
    slow: undefined,
    loud: undefined,
  },
];

describe.each(ROWS)('a tool of type $type [R-TOOL-1]', (row) => {
  let module: Uint8Array;
  beforeAll(async () => {
    module = await guest('core');
  });

  async function at(options: RuntimeOptions = {}): Promise<Workbench & { readonly isUnderWay: () => boolean }> {
    const around = await row.around?.();
    const files = row.type === 'wasm' ? { 'bin/guest.wasm': module } : (row.files ?? {});
    const bench = workbench(files, { rest: row.rest, grant: row.grant ?? {}, ...around?.options, ...options });
    return { ...bench, isUnderWay: around?.isUnderWay ?? (() => processesWith('31.4159').length > 0) };
  }
  const run = (bench: Workbench, input: unknown, options: RunOptions = {}): ReturnType<Workbench['runtime']['run']> =>
    bench.runtime.run('custom.sample', row.tool, { input, ...options });
  const told = (bench: Workbench): string[] => bench.records.map(({ event }) => event);

  it('does what it should, and is written down before and after', async () => {
    const bench = await at();
    const result = await run(bench, row.works[0]);
    expect(result).toMatchObject({ ok: true, attempts: 1, instead: undefined });
    expect(result.ok && result.result).toEqual(row.works[1]);
    expect(told(bench)[0]).toBe('started');
    expect(told(bench).at(-1)).toBe('finished');
    expect(new Set(bench.records.map((one) => one.run))).toEqual(new Set([result.run]));
    expect(bench.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['started', 'finished']));
  });

  it('is not begun with what it does not take', async () => {
    const bench = await at();
    const result = await run(bench, row.wrong);
    expect(result).toMatchObject({ ok: false, error: { code: 'E_INPUT' }, attempts: 0 });
    expect(told(bench)).toEqual([]);
  });

  it('does nothing that cannot be written down', async () => {
    const bench = await at({
      record: () => {
        throw new Error('full');
      },
    });
    expect(await run(bench, row.works[0])).toMatchObject({ ok: false, error: { code: 'E_LEDGER' } });
  });

  const whereItCanBeDenied = row.denied === undefined ? undefined : it;
  whereItCanBeDenied?.('is denied what was not granted', async () => {
    const bench = await at({ grant: {} });
    const result = await run(bench, row.denied);
    expect(result).toMatchObject({ ok: false, error: { code: 'E_DENIED', layer: 'grant' } });
    expect(result.denials).toHaveLength(1);
    expect(told(bench)).toEqual(['started', 'denied', 'failed']);
  });

  const whereItCanBeSlow = row.slow === undefined ? undefined : it;
  whereItCanBeSlow?.('is ended at its deadline, with all it started', async () => {
    const bench = await at();
    const started = performance.now();
    const result = await run(bench, row.slow, { limits: { timeout_ms: 400 } });
    expect(result).toMatchObject({ ok: false, error: { code: 'E_TIMEOUT', details: { limit: 'timeout_ms' } } });
    expect(performance.now() - started).toBeLessThan(5_000);
    await vi.waitFor(() => expect(bench.isUnderWay()).toBe(false), 3_000);
    expect(told(bench).at(-1)).toBe('killed');
  });

  whereItCanBeSlow?.('is ended when its caller no longer wants it', async () => {
    const bench = await at();
    const controller = new AbortController();
    const running = run(bench, row.slow, { signal: controller.signal });
    await vi.waitFor(() => expect(bench.isUnderWay()).toBe(true), 5_000);
    controller.abort();
    expect(await running).toMatchObject({ ok: false, error: { code: 'E_ABORTED' } });
    await vi.waitFor(() => expect(bench.isUnderWay()).toBe(false), 3_000);
    expect(told(bench).at(-1)).toBe('killed');
  });

  const whereItCanBeLoud = row.loud === undefined ? undefined : it;
  whereItCanBeLoud?.('is ended at its first byte too many', async () => {
    const bench = await at();
    const result = await run(bench, row.loud, { limits: { output_kb: 100 } });
    expect(result).toMatchObject({ ok: false, error: { code: 'E_OUTPUT_LIMIT', details: { limit: 'output_kb' } } });
    expect(await run(bench, row.loud, { limits: { output_kb: 500 } })).toMatchObject({ ok: true });
  });
});

it('each type there is has its row [R-TOOL-1]', () => {
  const types: Readonly<Record<ToolType, true>> = {
    wasm: true,
    code_inline: true,
    code_session: true,
    script: true,
    prompt_inline: true,
    conversation: true,
    recipe: true,
  };
  const rows = new Set(ROWS.map(({ type }) => type));
  expect(Object.keys(types).filter((type) => !rows.has(type as ToolType))).toEqual([]);
});
