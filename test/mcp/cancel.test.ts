import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent, Runtime } from '../../src/index.ts';
import { createMcpServer } from '../../src/mcp/index.ts';
import { openOver, writeSkills } from '../agent/skills.ts';
import { jsonOf, MAIN, skill } from '../cli/support.ts';
import { scratch } from '../runtime/folders.ts';
import { overHttp, overStdio, type Revision, serve } from './clients.ts';

const root = scratch();
beforeAll(async () => {
  mkdirSync(join(root, 'home'));
  await writeSkills(join(root, 'home'));
  await writeSkills(root);
});

const SPIN = { name: 'custom_core_spin', arguments: {} };

function watch(runtime: Runtime): RunEvent[] {
  const seen: RunEvent[] = [];
  runtime.on((event) => void ((event.type === 'started' || event.type === 'finished') && seen.push(event)));
  return seen;
}

const ABORTED = [{ type: 'started' }, { type: 'finished', ok: false, code: 'E_ABORTED' }];

describe.each<Revision>(['legacy', 'auto'])('revision %s', (revision) => {
  it('a client over stdio that cancels ends its run, and goes on [R-MCP-3]', async () => {
    const { client } = await overStdio(root, [], revision);
    const cancel = new AbortController();
    const call = client.callTool(SPIN, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 1_000);
    await expect(call).rejects.toThrow();
    const next = await client.callTool({ name: 'custom_raw_echo', arguments: { input: 'on' } });
    expect(next).toMatchObject({ content: [{ text: 'on' }] });
    const killed = async (): Promise<unknown> =>
      jsonOf(await skill(['audit', '--event', 'killed', '--format', 'json'], { home: join(root, 'home') }));
    await expect
      .poll(killed, { timeout: 15_000, interval: 500 })
      .toEqual(
        expect.arrayContaining([expect.objectContaining({ skill: 'custom.core', tool: 'spin', code: 'E_ABORTED' })]),
      );
  });

  it('a client over HTTP that cancels ends its run, and not that of another with the same number [R-MCP-3]', async () => {
    const runtime = openOver(root);
    const seen = watch(runtime);
    const { url } = await serve(runtime);
    const [client, other] = [await overHttp(url, revision), await overHttp(url, revision)];
    const [cancel, otherCancel] = [new AbortController(), new AbortController()];
    const call = client.callTool(SPIN, { signal: cancel.signal });
    const otherCall = other.callTool(SPIN, { signal: otherCancel.signal });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(2);
    cancel.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(3);
    expect(seen[2]).toMatchObject({ type: 'finished', code: 'E_ABORTED' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(seen.length).toBe(3);
    otherCancel.abort();
    await expect(otherCall).rejects.toThrow();
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(4);
  });

  it('a client over HTTP that goes away ends its run, and no other [R-MCP-3]', async () => {
    const runtime = openOver(root);
    const seen = watch(runtime);
    const { url } = await serve(runtime);
    const client = await overHttp(url, revision);
    const call = client.callTool(SPIN);
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(1);
    await client.close();
    await expect(call).rejects.toThrow();
    await expect.poll(() => seen, { timeout: 10_000 }).toMatchObject(ABORTED);
    const other = await overHttp(url, revision);
    expect(await other.callTool({ name: 'custom_raw_echo', arguments: { input: 'on' } })).toMatchObject({
      content: [{ text: 'on' }],
    });
  });

  it('a server that is closed ends every run over HTTP [R-MCP-3]', async () => {
    const runtime = openOver(root);
    const seen = watch(runtime);
    const server = await createMcpServer(runtime);
    const listening = await server.listen();
    const client = await overHttp(listening.url, revision);
    const call = client.callTool(SPIN).catch((error: unknown) => error);
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(1);
    await listening.close();
    expect(await call).toBeInstanceOf(Error);
    await expect.poll(() => seen, { timeout: 10_000 }).toMatchObject(ABORTED);
  });
});

it('the end of the input ends the run and the connection [R-MCP-3]', async () => {
  const runtime = openOver(root);
  const seen = watch(runtime);
  const [input, output] = [new PassThrough(), new PassThrough()];
  const { closed } = (await createMcpServer(runtime)).serveStdio({ input, output });
  const send = (message: object): boolean => input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'test', version: '1' };
  send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } });
  send({ method: 'notifications/initialized' });
  send({ id: 2, method: 'tools/call', params: SPIN });
  await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(1);
  input.end();
  await closed;
  await expect.poll(() => seen, { timeout: 10_000 }).toMatchObject(ABORTED);
});

describe('the command', () => {
  function start(words: readonly string[]): {
    child: ReturnType<typeof spawn>;
    ended: Promise<number | string>;
    said: () => string;
  } {
    const child = spawn(process.execPath, [MAIN, '--home', join(root, 'home'), 'mcp', ...words], { cwd: root });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    const ended = new Promise<number | string>((resolve) =>
      child.on('exit', (code, signal) => resolve(code ?? signal ?? '')),
    );
    return { child, ended, said: () => said };
  }

  it.each<[signal: NodeJS.Signals, words: readonly string[], code: number]>([
    ['SIGINT', [], 130],
    ['SIGINT', ['--http', '0'], 130],
    ['SIGTERM', ['--http', '0'], 0],
  ])('ends cleanly on %s with %j [R-MCP-3]', async (signal, words, code) => {
    const { child, ended, said } = start(words);
    await expect.poll(said, { timeout: 20_000 }).toMatch(/serving MCP/);
    child.kill(signal);
    expect(await ended).toBe(code);
  });

  it('ends when its client closes the input [R-MCP-3]', async () => {
    const { child, ended, said } = start([]);
    await expect.poll(said, { timeout: 20_000 }).toMatch(/serving MCP/);
    child.stdin?.end();
    expect(await ended).toBe(0);
  });

  it('says where it serves, and what clients need [R-MCP-6]', async () => {
    const { said } = start(['--http', 'localhost:0', '--token', 'a'.repeat(32)]);
    await expect.poll(said, { timeout: 20_000 }).toMatch(/http:\/\/\S+:\d+\/mcp;.*Authorization: Bearer/);
    expect(said()).not.toContain('a'.repeat(32));
  });
});
