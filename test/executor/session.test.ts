import { randomUUID } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { findProgram } from '../../host/index.ts';
import type { RunOptions, RunResult } from '../../src/index.ts';
import type { SessionResult } from '../../src/executor/session.ts';
import { write, manifest } from '../runtime/folders.ts';
import { PATH, processesWith, type Workbench, workbench } from './bench.ts';

const EXEC = '[capabilities]\nterminal_exec = { allowed = true, commands = ["bash", "sh", "python3", "node"] }\n';
const GRANT = { terminal_exec: ['bash', 'sh', 'python3', 'node'] };
const session = (name: string, command: string, config = ''): string =>
  `[[tools]]\nname = "${name}"\ndescription = "Runs"\ntype = "code_session"\ncommand = "${command}"\n[tools.session_config]\n${config}\n`;
const REST = `${EXEC}${session('bash', 'bash')}${session('sh', 'sh')}${session('py', 'python3')}${session('js', 'node')}`;
const HERE = `${PATH}:${join(process.execPath, '..')}`;

const at = (rest = REST): Workbench => workbench({}, { rest, grant: GRANT, env: { PATH: HERE } });

async function send(
  { runtime }: Workbench,
  tool: string,
  code: string,
  { session: name, ...options }: RunOptions & { readonly session?: string } = {},
): Promise<RunResult> {
  return runtime.run('custom.sample', tool, {
    input: { code, ...(name !== undefined && { session: name }) },
    ...options,
  });
}

async function printed(...args: Parameters<typeof send>): Promise<string> {
  const result = await send(...args);
  if (!result.ok) throw result.error;
  return (result.result as SessionResult).stdout;
}

const hasPython = findProgram('python3', PATH) !== undefined;

/** For each interpreter: keeping a value and showing it, failing, ending, and printing a text as it is. */
const INTERPRETERS = [
  {
    tool: 'bash',
    keep: 'kept=41',
    show: 'echo $((kept + 1))',
    fail: 'ls /not-there',
    end: 'exit 4',
    print: (text: string): string => `printf '%s' '${text.replaceAll("'", `'\\''`)}'`,
  },
  {
    tool: 'sh',
    keep: 'kept=41',
    show: 'echo $((kept + 1))',
    fail: 'ls /not-there',
    end: 'exit 4',
    print: (text: string): string => `printf '%s' '${text.replaceAll("'", `'\\''`)}'`,
  },
  {
    tool: 'py',
    keep: 'kept = 41\ndef more(n):\n  return n + 1',
    show: 'more(kept)',
    fail: '1 / 0',
    end: 'import os; os._exit(4)',
    print: (text: string): string => `import sys; _ = sys.stdout.write(${JSON.stringify(text)})`,
  },
  {
    tool: 'js',
    keep: 'const kept = 41; function more(n) { return n + 1; }',
    show: 'more(kept)',
    fail: 'nothing.there',
    end: 'process.exit(4)',
    print: (text: string): string => `void process.stdout.write(${JSON.stringify(text)})`,
  },
] as const;

describe.each(INTERPRETERS)('a session of $tool [R-SESSION-1]', ({ tool, keep, show, fail, end, print }) => {
  const isThere = tool !== 'py' || hasPython;

  it.skipIf(!isThere)('finds what the code before left, [only where it is installed]', async () => {
    const bench = at();
    expect(await printed(bench, tool, keep)).toBe('');
    expect(await printed(bench, tool, show)).toBe('42\n');
    const failed = await send(bench, tool, fail);
    expect(failed).toMatchObject({ ok: false, error: { code: 'E_GUEST' } });
    expect(failed.stderr).not.toBe('');
    // It outlives a failure.
    expect(await printed(bench, tool, show)).toBe('42\n');
  });

  it.skipIf(!isThere)('that ends is told, and the next request begins a new one', async () => {
    const bench = at();
    await printed(bench, tool, keep);
    expect(await send(bench, tool, end)).toMatchObject({
      ok: false,
      error: { code: 'E_GUEST_DIED', message: expect.stringContaining('status 4') },
    });
    expect(await send(bench, tool, show)).not.toMatchObject({ result: { stdout: '42\n' } });
  });

  it.skipIf(!isThere)('gives back every output as it was, whatever it looks like [R-SESSION-2]', async () => {
    const bench = at();
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/[\0\r]/.test(text));
    const marks = fc.constantFrom(
      '\n',
      ...Array.from({ length: 4 }, () => `\n${randomUUID().replaceAll('-', '')}\n`),
      '{"error":null}',
    );
    const output = fc.array(fc.oneof(texts, marks), { maxLength: 6 }).map((parts) => parts.join(''));
    const property = fc.asyncProperty(output, async (text) => {
      expect(await printed(bench, tool, print(text))).toBe(text);
    });
    await fc.assert(property, { numRuns: 40 });
  });
});

it('a request cannot be ended by what is known before [R-SESSION-2]', async () => {
  const bench = at();
  const first = await send(bench, 'bash', 'echo; declare -p SKILLHOST_MARK; echo end');
  const [, mark = 'none'] = /SKILLHOST_MARK="(.*)"/.exec(JSON.stringify(first).replaceAll('\\', '')) ?? [];
  // Whoever knows the mark of a request that is over knows none that counts.
  const fake = `printf '\\n%s\\n' '${mark}'; printf '\\n%s {"status":0}\\n' '${mark}' >&2; echo behind`;
  expect(await printed(bench, 'bash', fake)).toBe(`\n${mark}\nbehind\n`);
});

describe('sessions [R-SESSION-3]', () => {
  it('have names, and know nothing of each other', async () => {
    const bench = at();
    await printed(bench, 'bash', 'a=1', { session: 'one' });
    await printed(bench, 'bash', 'a=2', { session: 'two' });
    expect(await printed(bench, 'bash', 'echo $a', { session: 'one' })).toBe('1\n');
    expect(await printed(bench, 'bash', 'echo $a', { session: 'two' })).toBe('2\n');
    expect(await printed(bench, 'sh', 'echo $a.', { session: 'one' })).toBe('.\n');
  });

  it('answer requests one after the other', async () => {
    const bench = at();
    const code = 'n=$((n + 1)); m=$n; sleep 0.01; echo "$m $n"';
    const answers = await Promise.all(Array.from({ length: 10 }, () => printed(bench, 'bash', code)));
    expect(answers.toSorted()).toEqual(Array.from({ length: 10 }, (_, i) => `${i + 1} ${i + 1}\n`).toSorted());
  });

  it('are as many as their tool may have', async () => {
    const bench = at(`${EXEC}${session('bash', 'bash', 'max_sessions = 2')}`);
    for (const name of ['one', 'two']) await printed(bench, 'bash', ':', { session: name });
    expect(await send(bench, 'bash', ':', { session: 'three' })).toMatchObject({
      ok: false,
      error: { code: 'E_UNAVAILABLE', details: { limit: 'max_sessions' } },
    });
    const [first] = await bench.runtime.sessions();
    expect(await bench.runtime.closeSession(first?.id ?? '')).toBe(true);
    expect(await printed(bench, 'bash', 'echo 3', { session: 'three' })).toBe('3\n');
  });

  it('that nobody uses are ended', async () => {
    const bench = at(`${EXEC}${session('bash', 'bash', 'session_timeout = 1')}`);
    const mark = `77.${process.pid}`;
    await printed(bench, 'bash', `sleep ${mark} & a=1`);
    await vi.waitFor(() => expect(processesWith(mark)).not.toEqual([]), 2_000);
    await vi.waitFor(async () => expect(await bench.runtime.sessions()).toEqual([]), 4_000);
    await vi.waitFor(() => expect(processesWith(mark)).toEqual([]), 2_000);
    expect(await printed(bench, 'bash', 'echo $a.')).toBe('.\n');
  });

  it('that print too much while nobody asks are ended', async () => {
    const bench = at();
    await printed(bench, 'bash', 'a=1; (sleep 0.1; exec head -c 3000000 /dev/zero) & echo started');
    await vi.waitFor(async () => expect(await bench.runtime.sessions()).toEqual([]), 5_000);
    expect(await printed(bench, 'bash', 'echo $a.')).toBe('.\n');
  });

  it('that print little while nobody asks go on', async () => {
    const bench = at();
    await printed(bench, 'bash', 'a=1; (sleep 0.1; echo less) & echo started');
    await setTimeout(300);
    expect(await printed(bench, 'bash', 'echo $a.')).toMatch(/1\.\n$/);
  });

  it('end with their runtime, and all they started', async () => {
    const bench = at();
    const mark = `78.${process.pid}`;
    await printed(bench, 'bash', `setsid sleep ${mark} & disown`);
    await bench.runtime.close();
    await vi.waitFor(() => expect(processesWith(mark)).toEqual([]), 2_000);
  });

  it('tell what they use', async () => {
    const bench = at();
    await printed(bench, 'bash', 'sleep 0.3');
    const [open] = await bench.runtime.sessions();
    expect(open).toMatchObject({ skill: 'custom.sample', tool: 'bash', name: 'default', program: 'bash', requests: 1 });
    expect(open?.memoryBytes).toBeGreaterThan(1_000_000);
  });

  it('that took too long are over, and the next request begins a new one', async () => {
    const bench = at();
    await printed(bench, 'bash', 'a=1');
    const late = await send(bench, 'bash', 'echo so far; sleep 60', { limits: { timeout_ms: 300 } });
    expect(late).toMatchObject({ ok: false, error: { code: 'E_TIMEOUT', details: { stdout: 'so far\n' } } });
    expect(await printed(bench, 'bash', 'echo "<$a>"')).toBe('<>\n');
  });

  it('are others where their process is held to other limits, and the same whatever a request may take', async () => {
    const bench = at();
    await printed(bench, 'bash', 'a=1');
    const said = (limits: object): Promise<unknown> => send(bench, 'bash', 'echo "<$a>"', { limits });
    for (const limits of [{ timeout_ms: 9_000 }, { output_kb: 5 }])
      expect(await said(limits)).toMatchObject({ result: { stdout: '<1>\n' } });
    for (const limits of [{ memory_mb: 100 }, { processes: 9 }, { cpu_percent: 90 }, { file_size_mb: 3 }])
      expect(await said(limits)).toMatchObject({ result: { stdout: '<>\n' } });
  });

  it('are begun behind the gate, once', async () => {
    const bench = at();
    await printed(bench, 'bash', ':');
    await printed(bench, 'bash', ':');
    expect(bench.records.filter(({ capability }) => capability === 'terminal_exec')).toHaveLength(1);
    expect(bench.records.map(({ event }) => event)).toEqual(['started', 'used', 'finished', 'started', 'finished']);
  });

  it('are not of every program', async () => {
    const { runtime } = at(`${EXEC}${session('cat', 'cat')}`);
    await expect(runtime.skill('custom.sample')).rejects.toMatchObject({
      code: 'E_MANIFEST',
      message: expect.stringContaining('there are no sessions of "cat"'),
    });
  });
});

describe('what a session was sent [R-SESSION-4]', () => {
  const KEPT = `${EXEC}${session('bash', 'bash', 'state_persistence = true\ncleanup_on_exit = false')}`;
  const journals = ({ root }: Workbench): string[] => readdirSync(join(root, 'home', 'sessions'));

  it('is sent again to the one that takes its place', async () => {
    const bench = at(KEPT);
    await printed(bench, 'bash', 'a=1');
    await printed(bench, 'bash', 'a=$((a + 1))');
    await send(bench, 'bash', 'a=99; kill -9 $$');
    const result = await send(bench, 'bash', 'echo $a');
    expect(result).toMatchObject({ ok: true, result: { stdout: '2\n', replayed: 2 } });
  });

  it('is found by the next process, and by nobody else', async () => {
    const bench = at(KEPT);
    await printed(bench, 'bash', "a='it is\nkept'");
    await bench.runtime.close();
    expect(await printed(bench.again(), 'bash', 'echo "$a"')).toBe('it is\nkept\n');
    const [file] = journals(bench);
    expect(statSync(join(bench.root, 'home', 'sessions', file ?? '')).mode & 0o777).toBe(0o600);
    // With other rights it is another session.
    const other = bench.again({ grant: { ...GRANT, env_read: ['LANG'] } });
    expect(await printed(other, 'bash', 'echo "$a".')).toBe('.\n');
  });

  it('is forgotten when it is closed, and on exit where its tool says so', async () => {
    const bench = at(KEPT);
    await printed(bench, 'bash', 'a=1');
    const [open] = await bench.runtime.sessions();
    expect(await bench.runtime.closeSession(open?.id ?? '')).toBe(true);
    expect(journals(bench)).toEqual([]);
    expect(await printed(bench, 'bash', 'echo $a.')).toBe('.\n');
    const cleaned = at(`${EXEC}${session('bash', 'bash', 'state_persistence = true')}`);
    await printed(cleaned, 'bash', 'a=1');
    await cleaned.runtime.close();
    expect(journals(cleaned)).toEqual([]);
    const ended = at(`${EXEC}${session('bash', 'bash', 'state_persistence = true\nsession_timeout = 1')}`);
    await printed(ended, 'bash', 'a=1');
    await vi.waitFor(async () => expect(await ended.runtime.sessions()).toEqual([]), 4_000);
    expect(journals(ended)).toHaveLength(1);
    await ended.runtime.close();
    expect(journals(ended)).toEqual([]);
  });

  it('that fails when it is sent again is told, and nothing else runs', async () => {
    const bench = at(KEPT);
    await printed(bench, 'bash', 'a=1');
    await bench.runtime.close();
    const [file = ''] = journals(bench);
    appendFileSync(join(bench.root, 'home', 'sessions', file), '"false"\n');
    const result = await send(bench.again(), 'bash', 'echo ran');
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'E_GUEST', message: expect.stringContaining('request 2') },
    });
    expect(result).toMatchObject({ error: { hint: expect.stringContaining('skill session close') } });
  });

  it('holds no request that failed', async () => {
    const bench = at(KEPT);
    await printed(bench, 'bash', 'a=1');
    await send(bench, 'bash', 'b=1; false');
    const [file = ''] = journals(bench);
    expect(
      readFileSync(join(bench.root, 'home', 'sessions', file), 'utf8')
        .split('\n')
        .slice(1),
    ).toEqual(['"a=1"', '']);
  });
});

describe('a session of two skills [R-SESSION-5]', () => {
  const SHARED = `${EXEC}${session('bash', 'bash', 'share = "work"')}`;
  const other = (bench: Workbench, rest: string): void =>
    write(join(bench.root, 'skills', 'other'), { 'skill.toml': manifest('custom.other', rest) });
  const run = async ({ runtime }: Workbench, skill: string, code: string): Promise<unknown> => {
    const result = await runtime.run(skill, 'bash', { input: { code } });
    return result.ok ? (result.result as SessionResult).stdout : result.error;
  };

  it('is one where both name it, and have the same rights', async () => {
    const bench = at(SHARED);
    other(bench, SHARED);
    await run(bench, 'custom.sample', 'a=1');
    expect(await run(bench, 'custom.other', 'echo $a')).toBe('1\n');
  });

  it.each([
    ['one of them names none', `${EXEC}${session('bash', 'bash')}`],
    ['one of them names another', `${EXEC}${session('bash', 'bash', 'share = "play"')}`],
    ['one may do more', `${EXEC}env_read = ["LANG"]\n${session('bash', 'bash', 'share = "work"')}`],
    ['one may do less', `${EXEC.replace(', "node"', '')}${session('bash', 'bash', 'share = "work"')}`],
  ])('is two where %s', async (_, rest) => {
    const bench = at(SHARED);
    other(bench, rest);
    await run(bench, 'custom.sample', 'a=1');
    expect(await run(bench, 'custom.other', 'echo $a.')).toBe('.\n');
  });
});
