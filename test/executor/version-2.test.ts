import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../host/index.ts';
import type { RunOptions, RunResult, RuntimeOptions } from '../../src/index.ts';
import { modelServer, saying } from '../conversation/model-server.ts';
import { write } from '../runtime/folders.ts';
import { open, PATH, type Workbench } from './bench.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';

// The examples of the version 2 document, with the values it gives, as they are.

const HEAD = { name: 'sample', description: 'A sample', version: '1.0.0' };

const CODE_INLINE = {
  type: 'code_inline',
  command: 'echo',
  args: ['hello'],
  timeout: 30,
  resource_limits: { max_memory_mb: 100, max_cpu_percent: 50, max_execution_time: 30 },
  sandbox: { allow_network: false, allow_file_write: false, allowed_paths: ['/tmp', './'] },
};
const CODE_SESSION = {
  type: 'code_session',
  command: 'python3',
  session_config: { session_timeout: 3600, max_sessions: 5, cleanup_on_exit: true, state_persistence: true },
  environment: { PYTHONPATH: './src' },
};
const CONVERSATION = {
  type: 'conversation',
  prompt_template: 'Review this code: {code}',
  context_files: {
    patterns: ['*.rs', '*.py'],
    max_files: 10,
    max_file_size_kb: 100,
    exclude_patterns: ['target/', 'node_modules/'],
  },
  model: 'claude-3-sonnet',
  context_window: 100_000,
};
const PROMPT_INLINE = {
  type: 'prompt_inline',
  prompt: 'Generate {type} for {language}',
  parameters: [
    { name: 'type', type: 'enum', values: ['test', 'documentation', 'example'], required: true },
    { name: 'language', type: 'string', pattern: '^[a-zA-Z]+$', required: true },
  ],
  output_format: 'markdown',
};
const WHOLE = {
  aliases: ['adv', 'advanced'],
  scope: 'workspace',
  author: 'user@example.com',
  license: 'MIT',
  homepage: 'https://github.com/user/skill',
  type: 'code_inline',
  command: 'python3',
  args: ['script.py'],
  security: {
    permissions: { file_read: ['./src', './data'], file_write: ['./output'], network_access: false },
    resource_limits: { max_memory_mb: 128, max_execution_time: 60 },
  },
  resilience: { retry_attempts: 2, timeout: 30, fallback_command: "echo 'Fallback executed'" },
  metadata: { tags: ['python', 'data-processing'], category: 'development', maturity: 'stable' },
};

function at(example: object, options: RuntimeOptions = {}): Workbench {
  const root = temporaryFolder();
  write(root, {
    'skills/sample/skill.json': JSON.stringify({ ...HEAD, ...example }, null, 2),
    'work/src/helper.py': 'ANSWER = 42\n',
    'work/main.rs': 'fn main() {}\n',
    'work/target/built.rs': 'fn built() {}\n',
  });
  return open(root, options);
}
const run = ({ runtime }: Workbench, options: RunOptions = {}): Promise<RunResult> =>
  runtime.run('custom.sample', undefined, options);

describe('an example of version 2 runs as it is [R-TOOL-2]', () => {
  it('code_inline', async () => {
    const bench = at(CODE_INLINE, { grant: { terminal_exec: ['echo'] } });
    expect(await run(bench)).toMatchObject({ ok: true, result: { stdout: 'hello\n', stderr: '', exitCode: 0 } });
    const skill = await bench.runtime.skill('custom.sample');
    expect(bench.runtime.limits(skill)).toMatchObject({
      timeout_ms: { value: 30_000, from: 'manifest' },
      memory_mb: { value: 100 },
      cpu_percent: { value: 50 },
    });
    expect(skill.problems.filter(({ code }) => code !== 'M_COMPANION_MISSING')).toEqual([]);
    expect(await run(at(CODE_INLINE))).toMatchObject({ ok: false, error: { code: 'E_DENIED' } });
  });

  it.skipIf(findProgram('python3', PATH) === undefined)('code_session [only where python3 is]', async () => {
    const bench = at(CODE_SESSION, { grant: { terminal_exec: ['python3'], env_read: ['PYTHONPATH'] } });
    expect(await run(bench, { input: { code: 'import os; x = 1' } })).toMatchObject({ ok: true });
    const second = await run(bench, { input: { code: "x += 1; print(x, os.environ['PYTHONPATH'])" } });
    expect(second).toMatchObject({ ok: true, result: { stdout: '2 ./src\n' } });
    await run(bench, { input: { code: 'import os; os._exit(1)' } });
    expect(await run(bench, { input: { code: 'x' } })).toMatchObject({
      ok: true,
      result: { stdout: '2\n', replayed: 2 },
    });
  });

  it('conversation', async () => {
    const server = await modelServer(saying('Looks good.'));
    const env = { PATH, SKILLHOST_MODEL_URL: server.url };
    const bench = at(
      { ...CONVERSATION, security: { permissions: { file_read: ['./'] } } },
      { grant: { filesystem_read: ['./'] }, env },
    );
    expect(await run(bench, { input: { code: 'let x = {1};' } })).toMatchObject({ ok: true, result: 'Looks good.' });
    const [asked] = server.asked;
    const prompt = JSON.stringify(asked?.body.messages);
    expect(asked?.body.model).toBe('claude-3-sonnet');
    expect(prompt).toContain('Review this code: let x = {1};');
    expect(prompt).toContain('fn main');
    expect(prompt).toContain('ANSWER = 42');
    expect(prompt).not.toContain('fn built');
  });

  it('prompt_inline', async () => {
    const bench = at(PROMPT_INLINE);
    const input = { type: 'test', language: 'Rust' };
    expect(await run(bench, { input })).toMatchObject({ ok: true, result: 'Generate test for Rust' });
    for (const wrong of [{ type: 'essay', language: 'Rust' }, { type: 'test', language: 'C++' }, { type: 'test' }])
      expect(await run(bench, { input: wrong })).toMatchObject({ ok: false, error: { code: 'E_INPUT' } });
  });

  it('with all of its configuration, of which the program fails and another answers', async () => {
    const bench = at(WHOLE, { grant: { terminal_exec: ['python3', 'echo'], filesystem_read: ['./src'] } });
    expect(await run(bench)).toMatchObject({
      ok: true,
      result: { stdout: 'Fallback executed\n' },
      instead: { fallback: 'echo' },
    });
    write(join(bench.root, 'work'), { 'script.py': 'from src.helper import ANSWER; print(ANSWER)\n' });
    const readable = { ...WHOLE, security: { permissions: { file_read: ['./'] } } };
    const reads = at(readable, { grant: { terminal_exec: ['python3', 'echo'], filesystem_read: ['./'] } });
    write(join(reads.root, 'work'), { 'script.py': 'from src.helper import ANSWER; print(ANSWER)\n' });
    expect(await run(reads)).toMatchObject({ ok: true, result: { stdout: '42\n' }, instead: undefined });
    expect((await reads.runtime.skill('adv')).id).toBe('custom.sample');
  });
});
