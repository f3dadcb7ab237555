import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { guest, scratch, write, writeSkill } from '../runtime/folders.ts';
import { expectInert, jsonOf, MAIN, skill } from './support.ts';

const root = scratch();
const home = join(root, 'home');

beforeAll(async () => {
  for (const name of ['core', 'one', 'raw', 'args', 'reach', 'unknownImport'] as const) {
    write(root, { [`${name}.wasm`]: await guest(name) });
  }
  write(root, { 'cut.wasm': (await guest('one')).subarray(0, 20), 'note.txt': 'a note' });
  await writeSkill(join(root, 'lies'), {
    id: 'custom.lies',
    guest: 'raw',
    rest: '[[tools]]\nname = "count"\ndescription = "Lies"\nexport = "echo"\n[tools.returns]\ntype = "integer"\n',
  });
});

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const USAGE = {
  durationMs: expect.any(Number),
  fuel: expect.toSatisfy((fuel) => fuel === null || Number.isInteger(fuel)),
  memoryBytes: expect.any(Number),
  hostCalls: expect.any(Number),
};

describe('each failure has its exit code, in both formats [R-RUN-2, R-CLI-1]', () => {
  const spin = ['core.wasm', 'spin', '--limit', 'timeout_ms=300'];
  const loud = ['raw.wasm', 'echo', '--input', 'x'.repeat(2000), '--limit', 'output_kb=1'];
  it.concurrent.each<[code: string, exit: number, words: string[]]>([
    ['E_NOT_FOUND', 1, ['custom.absent']],
    ['E_NOT_FOUND', 1, ['core.wasm', 'ad', '--p0', '1']],
    ['E_NOT_FOUND', 1, ['absent.wasm']],
    ['E_TRAP', 1, ['core.wasm', 'trap']],
    ['E_GUEST', 1, ['raw.wasm', 'fail', '--input', 'no luck']],
    ['E_GUEST', 1, ['args.wasm']],
    ['E_USAGE', 2, ['core.wasm']],
    ['E_USAGE', 2, ['one.wasm', '--grant', 'nonsense=x']],
    ['E_USAGE', 2, ['one.wasm', '--limit', 'timeout_ms=soon']],
    ['E_DENIED', 3, ['reach.wasm', 'read-file', '--path', 'note.txt']],
    ['E_MODULE', 5, ['cut.wasm']],
    ['E_IMPORT', 5, ['unknownImport.wasm']],
    ['E_INPUT', 5, ['core.wasm', 'add', '--p0', '1']],
    ['E_OUTPUT', 5, ['./lies', '--input', '"text"']],
    ['E_OUTPUT', 5, ['./lies', '--input', 'no json']],
    ['E_TIMEOUT', 6, spin],
    ['E_MEMORY', 6, ['core.wasm', 'grow', '--limit', 'memory_mb=2']],
    ['E_OUTPUT_LIMIT', 6, loud],
  ])('%s: %d %j', async (code, exit, words) => {
    const json = await skill(['run', ...words, '--format', 'json'], { cwd: root, home });
    expect({ ...json, ...jsonOf(json) }).toMatchObject({ code: exit, ok: false, error: { code }, usage: USAGE });
    expect(json.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(jsonOf(json)['error']).toMatchObject({ message: expect.any(String), hint: expect.any(String) });
    const text = await skill(['run', ...words], { cwd: root, home });
    expect(text).toMatchObject({ code: exit, stdout: '' });
    expect(text.stderr).toMatch(/^error: \S/m);
    expect(text.stderr).toMatch(/^ {2}fix: \S/m);
    expect(text.stderr).toContain(`code: ${code}\n`);
    expectInert(text.stderr);
  });

  it('4 for a failed network, when the connection was granted', async () => {
    const port = await closedPort();
    const target = `http://127.0.0.1:${port}`;
    const words = ['run', 'tool.http', 'get', '--url', `${target}/`, '--grant', `network=${target}`];
    // The bundled skill asks for a few hosts alone: a grant is never wider than that.
    expect(await skill(words, { cwd: root, home })).toMatchObject({ code: 3 });
    const bare = join(import.meta.dirname, '..', '..', 'skills', 'http', 'bin', 'http.wasm');
    const ended = await skill(['run', bare, ...words.slice(2), '--format', 'json'], { cwd: root, home });
    expect({ ...ended, ...jsonOf(ended) }).toMatchObject({ code: 4, error: { code: 'E_NETWORK' } });
  });

  it('7 when the ledger is damaged, and nothing runs', async () => {
    const own = join(root, 'damaged');
    expect(await skill(['run', 'one.wasm'], { cwd: root, home: own })).toMatchObject({ code: 0 });
    rmSync(join(own, 'ledger', 'head.json'));
    const ended = await skill(['run', 'one.wasm', '--format', 'json'], { cwd: root, home: own });
    expect({ ...ended, ...jsonOf(ended) }).toMatchObject({ code: 7, ok: false, error: { code: 'E_LEDGER' } });
    const text = await skill(['run', 'one.wasm'], { cwd: root, home: own });
    expect(text).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining('skill audit verify') });
  });

  it.concurrent.each<[words: string[], code: number, says: RegExp]>([
    [['dev', 'nowhere'], 1, /there is no folder "nowhere"/],
    [['dev', 'one.wasm'], 1, /there is no folder "one.wasm"/],
    [
      ['init', 'another', '--into', 'one.wasm', '--template', 'knowledge'],
      2,
      /one.wasm.* cannot be used: (?:ENOTDIR|EEXIST)/,
    ],
  ])('%j is no defect of ours', async (words, code, says) => {
    const ended = await skill(words, { cwd: root, home });
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(says) });
    expect(ended.stderr).not.toContain('defect');
  });

  it('1 and one line where standard output cannot be written', async () => {
    if (!existsSync('/dev/full')) return;
    const shell = ['-c', '"$@" > /dev/full', 'sh', process.execPath, MAIN, 'list'];
    const { status, stderr } = spawnSync('sh', shell, {
      encoding: 'utf8',
      env: { ...process.env, SKILLHOST_HOME: home },
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'error: standard output cannot be written: ENOSPC\n' });
  });

  it.concurrent.each<[words: string[], hint: string]>([
    [['rnu', '--format', 'json'], 'Did you mean run?'],
    [['list', '--fromat', '--format', 'json'], 'Did you mean --format?'],
    [['run', '--format=json'], 'skill run --help'],
    [['nothing-of-that-kind', '--format=json'], 'skill --help'],
    [['recipe', 'nothing-of-that-kind', '--format=json'], 'one of list, show, run, resume, rollback, runs, validate'],
    [['session', 'lst', '--format=json'], 'Did you mean list?'],
    [['capabilities', '--format=json'], 'skill capabilities --help'],
  ])('%j is told as JSON too', async (words, hint) => {
    const ended = await skill(words, { cwd: root, home });
    expect({ ...ended, ...jsonOf(ended) }).toMatchObject({ code: 2, stderr: '', error: { code: 'E_USAGE', hint } });
  });
});

describe('success as JSON, and traces [R-RUN-1]', () => {
  it('is one object: ok, result, usage', async () => {
    const ended = await skill(['run', 'core.wasm', 'add', '--p0', '-3', '--p1', '5', '--format', 'json'], {
      cwd: root,
      home,
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(ended)).toEqual({ ok: true, result: 2, usage: USAGE });
  });

  it('--trace tells every step: on standard error in text, in the object in JSON', async () => {
    const words = ['run', 'reach.wasm', 'read-file', '--path', 'note.txt', '--grant', 'filesystem_read=.', '--trace'];
    const text = await skill(words, { cwd: root, home });
    expect(text).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/started[^]*allowed[^]*host call[^]*done: 1/),
    });
    expect(text.stdout).not.toContain('host call');
    const json = jsonOf(await skill([...words, '--format', 'json'], { cwd: root, home }));
    expect(json).toMatchObject({ ok: true, usage: { hostCalls: 1 } });
    const trace = json['trace'] as unknown as readonly { type: string; run: string }[];
    expect(trace.map(({ type }) => type)).toEqual(['started', 'decision', 'host-call', 'finished']);
    expect(new Set(trace.map(({ run }) => run)).size).toBe(1);
    const denied = jsonOf(await skill([...words.slice(0, 5), '--trace', '--format', 'json'], { cwd: root, home }));
    expect(denied).toMatchObject({ ok: false, error: { code: 'E_DENIED' }, trace: expect.any(Array) });
  });

  it('a quiet run says nothing but data and errors', async () => {
    const logged = await skill(['run', 'raw.wasm', 'log', '--input', 'psst'], { cwd: root, home });
    expect(logged).toMatchObject({ code: 0, stdout: '', stderr: 'info: psst\n' });
    const quiet = await skill(['--quiet', 'run', 'raw.wasm', 'log', '--input', 'psst'], { cwd: root, home });
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const wrong = await skill(['--quiet', 'run', 'core.wasm', 'trap'], { cwd: root, home });
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^error: /) });
  });
});

describe('interrupted [R-RUN-4]', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends the run with 130 and leaves no process', async (signal) => {
    const own = join(root, signal);
    const child = spawn(process.execPath, [MAIN, 'run', 'core.wasm', 'spin'], {
      cwd: root,
      env: { ...process.env, SKILLHOST_HOME: own },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    const ended = new Promise((resolve) => child.on('close', resolve));
    await until(() => startedIn(own) && childrenOf(child.pid ?? 0).length > 0);
    const guests = childrenOf(child.pid ?? 0);
    child.kill(signal);
    expect(await ended).toBe(130);
    expect(said).toContain('E_ABORTED');
    await until(() => !guests.some(isAlive));
    const shown = jsonOf(await skill(['audit', '--event', 'killed', '--format', 'json'], { home: own }));
    expect(shown).toMatchObject([{ event: 'killed', code: 'E_ABORTED' }]);
    expect(await skill(['audit', 'verify'], { home: own })).toMatchObject({ code: 0 });
  });

  it('a reader that leaves early is no error', () => {
    write(root, { 'long.txt': 'y\n'.repeat(200_000) });
    const line = `"${process.execPath}" "${MAIN}" run raw.wasm echo --input @long.txt | head -1`;
    const env = { ...process.env, SKILLHOST_HOME: home };
    expect(execFileSync('sh', ['-c', line], { cwd: root, env, encoding: 'utf8', stdio: 'pipe' })).toBe('y\n');
  });
});

function startedIn(of: string): boolean {
  try {
    return readdirSync(join(of, 'ledger')).some((name) =>
      readFileSync(join(of, 'ledger', name), 'utf8').includes('"started"'),
    );
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = listed
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds();) {
    if (Date.now() > end) throw new Error('it never came to hold');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a ledger that was tampered with', () => {
  it('does not verify: exit code 7 [R-LEDGER-2]', async () => {
    const own = join(root, 'tampered');
    await skill(['run', 'one.wasm'], { cwd: root, home: own });
    expect(await skill(['audit', 'verify'], { home: own })).toMatchObject({ code: 0, stderr: '' });
    appendFileSync(join(own, 'ledger', '00000001.jsonl'), '{"event":"finished"}\n');
    const text = await skill(['audit', 'verify'], { home: own });
    expect(text).toMatchObject({ code: 7, stdout: expect.stringMatching(/00000001\.jsonl:4 [^]*NOT intact/) });
    const json = await skill(['audit', 'verify', '--format', 'json'], { home: own });
    expect({ ...json, ...jsonOf(json) }).toMatchObject({
      code: 7,
      ok: false,
      problems: [{ segment: '00000001.jsonl' }],
    });
  });
});
