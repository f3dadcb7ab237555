import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Sandbox } from '../../../host/sandbox.ts';
import {
  assemble,
  callOf,
  failureOf,
  guestPids,
  killGuest,
  newGuest,
  run,
  TEXTS,
  until,
  valueOf,
  withSandbox,
} from './guests.ts';

const folder = mkdtempSync(join(tmpdir(), 'skillhost-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const host = (path: string): string => pathToFileURL(join(import.meta.dirname, '../../../dist/host', path)).href;

/** A script that holds a sandbox, with `call(tool, more)` at hand. */
async function script(name: string, body: string): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  const bytes = Buffer.from(await assemble(TEXTS.fill)).toString('base64');
  const text = `
    import { Sandbox } from ${JSON.stringify(host('sandbox.js'))};
    import { inspectModule } from ${JSON.stringify(host('module/inspect.js'))};
    import { resolveLimits } from ${JSON.stringify(host('limits.js'))};
    const sandbox = new Sandbox({ keepSpare: true });
    const bytes = Buffer.from(${JSON.stringify(bytes)}, 'base64');
    const nothing = () => undefined;
    const call = (name, more) => sandbox.call({ bytes, trust: 't', reuse: false, config: {}, tool: inspectModule(bytes).tools.find((tool) => tool.name === name),
      input: {}, args: [], stdin: new Uint8Array(), limits: resolveLimits({ timeout_ms: 60000 }), layers: () => [], cwd: '/', env: {},
      secrets: {}, state: {}, record: nothing, onLog: nothing, onHostCall: nothing, ...more });
    const pids = async () => (await import('node:fs')).readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim();
    ${body}`;
  writeFileSync(path, text);
  return path;
}

function alive(pids: string): string[] {
  return pids
    .split(' ')
    .filter((pid) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
}

describe('a program that uses a sandbox', () => {
  it.each([
    ['after close', 'await sandbox.close();'],
    ['when the sandbox is only idle', ''],
    ['when it only asked for a process ahead', 'await sandbox.close(); new Sandbox({ keepSpare: true }).prewarm();'],
  ])('ends by itself %s, and its guests with it [R-WALL-1]', async (name, end) => {
    const body = `const { outcome } = await call('one'); console.log(outcome.value + ':' + await pids()); ${end}`;
    const { stdout, status, stderr } = spawnSync(process.execPath, [await script(name, body)], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    const [value, pids = ''] = stdout.trim().split(':');
    expect({ value, status, stderr }).toEqual({ value: '1', status: 0, stderr: '' });
    await until(() => alive(pids).length === 0);
  });

  it('takes its guests along when it is killed, one that cannot be stopped included [R-WALL-1]', async () => {
    const body = `call('spin', { signal: new AbortController().signal }); setTimeout(async () => console.log(await pids()), 700);`;
    const child = spawn(process.execPath, [await script('killed', body)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let pids = '';
    child.stdout.on('data', (chunk: Buffer) => (pids += chunk.toString().trim()));
    await until(() => pids !== '');
    expect(alive(pids).length).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await until(() => alive(pids).length === 0);
  });

  it('without room for another process is told so, and lives [R-WALL-1]', async () => {
    const body = `
      const codes = [];
      for (let i = 0; i < 8; i++) { const { outcome } = await call('one', { trust: String(i) }); codes.push(outcome.error?.code ?? outcome.value); }
      console.log([...new Set(codes)].join());
      await sandbox.close();`;
    const path = await script('full', body);
    // Those that whoever runs the tests left open cannot be kept from others once they are above the limit.
    const shut = 'for fd in /proc/$$/fd/*; do n=${fd##*/}; if [ "$n" -gt 2 ]; then eval "exec $n>&-"; fi; done';
    const words = ['-c', `${shut}; ulimit -n 70; exec "$@"`, 'bash', process.execPath, path];
    const { stdout, status } = spawnSync('bash', words, {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ stdout, status }).toEqual({ stdout: '1,E_UNAVAILABLE\n', status: 0 });
  });
});

describe('two hundred deaths', () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  const MIB = 2 ** 20;

  it('leave memory, descriptors and processes as they were [R-WALL-1]', async () => {
    const call = await callOf('counter', 'next');
    // A program that dies at once is all the trusted side sees of a guest process that does.
    const sandbox = new Sandbox({ keepSpare: false, program: { file: '/bin/sh', args: ['-c', 'exit 3'], cwd: '/' } });
    const die = async (): Promise<void> => expect(failureOf(await sandbox.call(call)).code).toBe('E_GUEST_DIED');
    for (let i = 0; i < 20; i++) await die();
    const before = { rss: process.memoryUsage().rss, descriptors: descriptors() };
    for (let i = 0; i < 200; i++) await die();
    await sandbox.close();
    expect(process.memoryUsage().rss - before.rss).toBeLessThan(64 * MIB);
    await until(() => descriptors() <= before.descriptors);
    expect(guestPids()).toEqual([]);
  });

  it('of real guests among them do so too [R-WALL-1]', () =>
    withSandbox(async (sandbox) => {
      await run(sandbox, 'counter', 'next');
      const before = { rss: process.memoryUsage().rss, descriptors: descriptors() };
      for (let i = 0; i < 25; i++) {
        await killGuest(await newGuest());
        expect(valueOf(await run(sandbox, 'counter', 'next'))).toBe(1);
      }
      expect(process.memoryUsage().rss - before.rss).toBeLessThan(64 * MIB);
      await until(() => descriptors() <= before.descriptors + 1);
      expect(guestPids()).toHaveLength(1);
    }));
});
