import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAIN, skill } from '../cli/support.ts';
import { scratch, writeSkill } from '../runtime/folders.ts';
import { overStdio } from './clients.ts';

const root = scratch();

/** What is loaded with a file of the bundle, before anything is asked for. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, name = ''] of text.matchAll(/^(?:import|export)\b[^;'"]*?['"]([^'"]+)['"]/gm)) {
    if (name.startsWith('.')) loadedWith(join(dirname(file), name), seen);
    else seen.add(name);
  }
  return seen;
}

describe('what every verb loads [R-MCP-6]', () => {
  it('is nothing of MCP, nor of the AI SDK', () => {
    const main = readFileSync(MAIN, 'utf8');
    const later = [...main.matchAll(/import\("(\.\/[^"]+)"\)/g)].map(([, name = '']) => join(dirname(MAIN), name));
    expect(later.length).toBeGreaterThan(0);
    // The command, and what it loads for every verb.
    const loaded = [MAIN, ...later].flatMap((file) => [...loadedWith(file)]);
    expect(loaded.filter((name) => name.startsWith('node:')).length).toBeGreaterThan(3);
    expect(loaded.filter((name) => /modelcontextprotocol|^ai$|\bzod\b/.test(name))).toEqual([]);
  });

  it('skill --help lists the verb', async () => {
    const { stdout } = await skill(['--help']);
    expect(stdout).toMatch(/mcp .*serve the skills to an agent/);
    expect((await skill(['mcp', '--help'])).stdout).toMatch(/--http/);
  });
});

describe('standard output [R-MCP-6]', () => {
  it('holds messages of the protocol alone, whatever skills print', async () => {
    await writeSkill(join(root, 'home', 'skills', 'args'), { id: 'custom.args', guest: 'args' });
    await writeSkill(join(root, 'home', 'skills', 'raw'), { id: 'custom.raw', guest: 'raw' });
    const child = spawn(process.execPath, [MAIN, '--verbose', '--home', join(root, 'home'), 'mcp'], { cwd: root });
    let out = '';
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    const send = (message: object): boolean => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const clientInfo = { name: 'test', version: '1' };
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } });
    send({ method: 'notifications/initialized' });
    child.stdin.write('this is no message\n');
    send({ id: 2, method: 'tools/call', params: { name: 'custom_args_run', arguments: {} } });
    send({ id: 3, method: 'tools/call', params: { name: 'custom_raw_log', arguments: { input: 'logged' } } });
    await expect.poll(() => out.trim().split('\n').length, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    child.stdin.end();
    await new Promise((resolve) => child.on('close', resolve));
    const messages = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { jsonrpc: string; id?: number });
    expect(messages.map(({ jsonrpc }) => jsonrpc).filter((version) => version !== '2.0')).toEqual([]);
    expect(new Set(messages.flatMap(({ id }) => id ?? []))).toEqual(new Set([1, 2, 3]));
  });

  it('a message of more than ten million bytes ends that connection alone', async () => {
    const { client, said } = await overStdio(root, ['--skills', 'none']);
    expect((await client.listTools()).tools).toEqual([]);
    const large = client.callTool({ name: 'x', arguments: { input: 'x'.repeat(11_000_000) } });
    await expect(large).rejects.toThrow();
    expect(said()).not.toMatch(/a defect of skillhost/);
  });
});
