import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { guestProgram } from '../../../host/supervisor/guest-flags.ts';
import { guestPids, newGuest, run, until, withSandbox } from './guests.ts';

const folder = mkdtempSync(join(tmpdir(), 'skillhost-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What code that broke out of WebAssembly would try. Each answers what it got, or throws. */
const TRIES = `({
  readFile: () => require('fs').readFileSync('/etc/passwd').length,
  readOwnEnvironment: () => require('fs').readFileSync('/proc/self/environ').length,
  listRoot: () => require('fs').readdirSync('/').length,
  writeFile: () => require('fs').writeFileSync(${JSON.stringify(join(folder, 'canary'))}, 'x'),
  writeOwnCode: () => require('fs').appendFileSync(process.argv[1], ''),
  link: () => require('fs').symlinkSync('/etc/passwd', ${JSON.stringify(join(folder, 'link'))}),
  spawn: () => { const { error, status } = require('child_process').spawnSync('/bin/true'); if (error) throw error; return status; },
  eval: () => (0, eval)('1 + 1'),
  newFunction: () => new Function('return 1')(),
  asyncFunction: () => (async () => undefined).constructor('return 1')(),
  addon: () => process.dlopen({ exports: {} }, '/nothing.node'),
  inspector: () => require('inspector').open(0),
  nodeWasi: () => new (require('wasi').WASI)({ version: 'preview1', preopens: { '/': '/' } }),
  binding: () => process.binding('fs'),
  chdir: () => process.chdir('/tmp'),
  sqlite: () => new (require('node:sqlite').DatabaseSync)(${JSON.stringify(join(folder, 'canary.db'))}),
  report: () => process.report.writeReport(${JSON.stringify(join(folder, 'canary.json'))}),
  heapSnapshot: () => require('v8').writeHeapSnapshot(${JSON.stringify(join(folder, 'canary.heap'))}),
  protoSetter: () => { if (({}).__proto__ === undefined) throw new Error('gone'); return 'there'; },
})`;

/** What only a worker, where guests run, must not do either: make one of its own, free of the flags. */
const WORKER_TRIES = `({
  freeWorker: () => typeof new (require('worker_threads').Worker)('', { eval: true, execArgv: [] }),
  freeWorkerOfBuiltin: () => typeof new (process.getBuiltinModule('node:worker_threads').Worker)('', { eval: true, env: {} }),
  loaderThread: () => require('module').register('data:text/javascript,'),
})`;

// Loaded before the program in each of its threads. In a worker it acts when our own code first runs there.
const PROBE = `
  const { isMainThread } = require('worker_threads');
  const attempt = (thread, tries) => {
    const got = {};
    for (const [name, act] of Object.entries(tries)) {
      try { got[name] = 'got ' + String(act()); } catch (error) { got[name] = 'refused'; }
    }
    const net = process.permission && process.permission.has('net');
    require('fs').writeSync(1, JSON.stringify({ thread, got, env: { ...process.env }, net }) + '\\n');
  };
  if (isMainThread) attempt('main', ${TRIES});
  else {
    // The last thing our code takes away there is what makes hooks for modules.
    const { assign } = Object;
    Object.assign = (target, ...sources) => {
      assign(target, ...sources);
      if (sources.some((source) => 'register' in Object(source))) {
        Object.assign = assign;
        queueMicrotask(() => attempt('worker', { ...${TRIES}, ...${WORKER_TRIES} }));
      }
      return target;
    };
  }
`;

interface Report {
  readonly thread: string;
  readonly got: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly net: boolean | undefined;
}

/** Starts the program of guest processes with its own flags and the probe in front, and collects what each thread reports. */
async function probe(): Promise<Report[]> {
  const path = join(folder, 'probe.cjs');
  writeFileSync(path, PROBE);
  const { file, args, cwd } = guestProgram();
  const flags = [...args.slice(0, -1), `--allow-fs-read=${path}`, `--require=${path}`, ...args.slice(-1)];
  const pipes = Array.from({ length: 9 }, () => 'pipe' as const);
  const child = spawn(file, [...flags, '4'], {
    env: {},
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', ...pipes],
  });
  let out = '';
  let talk = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (talk += chunk.toString()));
  try {
    await until(() => out.split('\n').length > 2);
  } catch {
    throw new Error(`no report of each thread: ${out} ${talk}`);
  } finally {
    child.kill('SIGKILL');
  }
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Report);
}

describe('code that broke out of WebAssembly', () => {
  it('gets nothing of the file system, programs, eval, addons or the environment, in any thread [R-WALL-5]', async () => {
    const reports = await probe();
    expect(reports.map(({ thread }) => thread)).toEqual(['main', 'worker']);
    const lines = reports.flatMap(({ thread, got }) =>
      Object.entries(got).map(([name, what]) => `${thread} ${name}: ${what}`),
    );
    expect(lines.filter((line) => !line.endsWith('refused'))).toEqual([]);
    expect(lines.length).toBeGreaterThan(40);
    expect(reports.map(({ env }) => env)).toEqual([{}, {}]);
    expect(readdirSync(folder)).toEqual(['probe.cjs']);
  });

  it('gets no network where Node can refuse it [only node 25 and newer] [R-WALL-5]', async (context) => {
    if (Number(process.versions.node.split('.')[0]) < 25)
      context.skip('the permission model of this Node knows no network');
    expect((await probe()).map(({ net }) => net)).toEqual([false, false]);
  });
});

describe('the guest process', () => {
  it('has no environment, no folder but that of its code, and no open file [R-WALL-5]', (context) =>
    withSandbox(async (sandbox) => {
      if (process.platform !== 'linux') context.skip('it looks into /proc');
      process.env['SKILLHOST_TEST_SECRET'] = 'canary';
      await run(sandbox, 'counter', 'next');
      const pid = await newGuest();
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
      expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(guestProgram().cwd);
      const open = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
      expect(open.filter((target) => target.startsWith('/') && target !== '/dev/null')).toEqual([]);
      expect(guestPids()).toEqual([pid]);
      delete process.env['SKILLHOST_TEST_SECRET'];
    }));
});

function linkOf(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}
