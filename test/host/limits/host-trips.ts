import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { HostCallError } from '../../../host/abi/context.ts';
import { createWasi1 } from '../../../host/abi/wasi1.ts';
import { ERRNO } from '../../../host/abi/wasi1/errno.ts';
import { StateDatabase } from '../../../src/state/database.ts';
import { StateStores } from '../../../src/state/states.ts';
import type { Tool } from '../../../src/tool/tool.ts';
import { validateOutput } from '../../../src/tool/validate.ts';
import { fakeContext, interfacesOf } from '../abi/fake-context.ts';
import { endedOf, programs } from '../function/program-fixture.ts';
import { bench, bytesOf, plant, temporaryFolder } from '../function/scope-fixture.ts';
import { request, serve, serveRaw } from '../function/web-fixture.ts';
import { trip, type Tripped, type Trips } from './tripped.ts';

const OPEN = { read: true, write: false, create: false, exclusive: false, truncate: false };
const many = (count: number, make: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => make(i));

function folder(files: Readonly<Record<string, string>> = {}): {
  readonly cwd: string;
  readonly rules: { readonly read: string[] };
} {
  const cwd = temporaryFolder();
  plant(cwd, files);
  return { cwd, rules: { read: [cwd] } };
}

async function tripProgram(source: string, { args = [] as string[], limits = {} } = {}): Promise<Tripped> {
  const { root, bin, add } = programs();
  add('program', source);
  const { call } = bench({ cwd: root, path: bin, rules: { commands: ['*'] }, limits });
  return trip(() => call('command.execute', 'program', args, bytesOf('')));
}

async function tripFetch(origin: string, { headers = [] as [string, string][], limits = {} } = {}): Promise<Tripped> {
  const { call } = bench({ cwd: temporaryFolder(), rules: { network: [origin] }, limits });
  return trip(() => call('http.fetch', ...request(`${origin}/`, 'GET', headers)));
}

/** What a function of WASI 1 answers, which is a number and no text. */
function tripWasi1(call: (functions: Readonly<Record<string, (...args: number[]) => number>>) => number): Tripped {
  const context = fakeContext({
    'fs.stat': () => ['directory', 0, 0],
    'file.open': () => {
      throw new HostCallError('failed', 'EISDIR', 'EISDIR');
    },
  });
  const wasi = createWasi1(context);
  wasi.bind({ buffer: new ArrayBuffer(1024 * 1024) });
  const errno = call(wasi.functions as never);
  return { told: [Object.entries(ERRNO).find(([, number]) => number === errno)?.[0]], text: '' };
}

async function tripRate(): Promise<Tripped> {
  const { call } = bench({ cwd: temporaryFolder(), limits: { host_calls_per_second: 5 } });
  return trip(async () => {
    for (let i = 0; i < 6; i++) await call('state.keys');
  });
}

async function tripOpenFiles(): Promise<Tripped> {
  const { cwd, rules } = folder({ 'a.txt': 'a' });
  const { call } = bench({ cwd, rules, limits: { open_files: 2 } });
  return trip(async () => {
    for (let i = 0; i < 3; i++) await call('file.open', 'a.txt', OPEN);
  });
}

async function tripLinks(): Promise<Tripped> {
  const { cwd, rules } = folder({ end: 'a' });
  for (let i = 0; i < 21; i++) symlinkSync(i === 0 ? 'end' : `link${i - 1}`, join(cwd, `link${i}`));
  return trip(() => bench({ cwd, rules }).call('fs.read-file', 'link20'));
}

async function tripListing(): Promise<Tripped> {
  const { cwd, rules } = folder(Object.fromEntries(many(10_001, (i) => `many/${i}`).map((name) => [name, ''])));
  return trip(() => bench({ cwd, rules }).call('fs.list', 'many'));
}

const TOOL = { name: 't', returns: { type: 'array' } } as unknown as Tool;
const nested = (depth: number): unknown => many(depth, () => '').reduce<unknown>((inner) => [inner], 0);

/** Limits that a host function, or the check of a result, meets. */
export const HOST_TRIPS: Trips = {
  host_calls_per_second: tripRate,
  open_files: tripOpenFiles,
  command_ms: () => tripProgram('setInterval(() => {}, 1000);', { limits: { command_ms: 100 } }),
  command_memory_mb: () =>
    tripProgram('const all = []; for (;;) all.push(Buffer.alloc(1 << 22, 1));', { limits: { command_memory_mb: 100 } }),
  // Slowed down, and told to nobody: it takes twice as long as it works.
  cpu_percent: async () => {
    const { root, bin, add } = programs();
    add('program', 'while (process.cpuUsage().user < 3e5); process.stdout.write(String(process.uptime()));');
    const { call } = bench({ cwd: root, path: bin, rules: { commands: ['*'] }, limits: { cpu_percent: 20 } });
    const { stdout } = endedOf(await call('command.execute', 'program', [], bytesOf('')));
    return { told: [Number(stdout) > 1 ? 'slowed' : `only ${stdout} s`], text: 'cpu_percent' };
  },
  // Of a file of its own, which nobody looks at again.
  file_size_mb: () =>
    tripProgram(
      "const { spawnSync } = require('node:child_process'); process.chdir(process.env.TMPDIR); const { signal } = spawnSync('head', ['-c', '9000000', '/dev/zero'], { stdio: ['ignore', require('node:fs').openSync('big', 'w'), 'ignore'] }); if (signal) process.exit(153);",
      { limits: { file_size_mb: 1 } },
    ),
  processes: () =>
    tripProgram("for (let i = 0; i < 9; i++) require('node:child_process').spawn('sleep', ['9']);", {
      limits: { processes: 4 },
    }),
  http_ms: async () => tripFetch((await serve(() => undefined)).origin, { limits: { http_ms: 100 } }),
  path_chars: async () => {
    const { cwd, rules } = folder();
    return trip(() => bench({ cwd, rules }).call('fs.read-file', 'x'.repeat(4_097)));
  },
  path_links: tripLinks,
  directory_entries: tripListing,
  state_key_chars: () => trip(() => bench({ cwd: temporaryFolder() }).call('state.get', 'k'.repeat(257))),
  state_bytes: async () => {
    const state = new StateStores(new StateDatabase(':memory:')).of('custom.test');
    const { message, code } = await failure(() => state.set('k', new Uint8Array(4 * 1024 * 1024)));
    return { told: [code], text: message };
  },
  command_args: () => tripProgram('', { args: many(1_001, () => 'x') }),
  command_args_kb: () => tripProgram('', { args: many(2, () => 'x'.repeat(40_000)) }),
  http_connect_ms: async () => {
    // Connects, and never shakes hands.
    const { port } = await serveRaw('', 'wait');
    return tripFetch(`https://127.0.0.1:${port}`);
  },
  http_idle_ms: async () => tripFetch((await serve(() => undefined)).origin),
  http_redirects: async () => {
    const { origin } = await serve((response) => response.writeHead(302, { location: '/' }).end());
    return tripFetch(origin);
  },
  http_redirect_kb: async () => {
    const { origin } = await serve((response) => response.writeHead(302, { location: '/' }).end('x'.repeat(65_537)));
    return tripFetch(origin);
  },
  http_headers: async () => {
    const { origin } = await serve();
    return tripFetch(origin, { headers: many(101, (i) => `x-${i}`).map((name) => [name, '']) });
  },
  random_bytes: () => trip(() => interfacesOf(fakeContext()).call('wasi:random/random#get-random-bytes', 16_777_217n)),
  http_kept_bytes: () =>
    trip(() => {
      const { call } = interfacesOf(fakeContext());
      const fields = call('wasi:http/types#[constructor]fields');
      const value = new Uint8Array(1024 * 1024).fill(0x61);
      for (let i = 0; i < 64; i++) call('wasi:http/types#[method]fields.append', fields, `x-${i}`, value);
    }),
  descriptors: () =>
    tripWasi1(({ path_open }) => {
      let errno = 0;
      for (let i = 0; i < 1_024 && errno === 0; i++) errno = path_open?.(3, 0, 0, 1, 2, 0, 0, 0, 64) ?? -1;
      return errno;
    }),
  subscriptions: () => tripWasi1(({ poll_oneoff }) => poll_oneoff?.(0, 0, 1_025, 0) ?? -1),
  io_vectors: () => tripWasi1(({ fd_write }) => fd_write?.(1, 0, 1_025, 0) ?? -1),
  value_depth: () => trip(() => validateOutput(TOOL, nested(65))),
  value_parts: () => trip(() => validateOutput(TOOL, many(100_000, String))),
};

async function failure(act: () => unknown): Promise<NodeJS.ErrnoException> {
  try {
    await act();
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error('nothing was refused');
}
