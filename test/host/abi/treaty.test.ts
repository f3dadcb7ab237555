import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOST_ERROR_CODES, HostCallError } from '../../../host/abi/context.ts';
import { inspectModule } from '../../../host/module/inspect.ts';
import { fakeContext, interfacesOf } from './fake-context.ts';
import { javascriptGuest } from './javascript-guest.ts';
import { nested } from './official-wit.ts';
import { type GuestResult, type GuestRun, ROOT, useFolder, useSandbox, valueOf } from './support.ts';

const treaty = readFileSync(join(ROOT, 'wit/skillhost.wit'), 'utf8');
const run = useSandbox();
const folder = useFolder();
let guest: Uint8Array;
let server: Server;
let origin = '';

beforeAll(async () => {
  guest = await javascriptGuest(
    'treaty',
    `package test:treaty;\nworld treaty { include skillhost:guest/imports@0.1.1; export act: func(calls: string) -> string; }\n${nested(treaty)}`,
  );
  server = createServer((request, response) => {
    response.writeHead(203, { 'x-method': String(request.method) });
    request.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

interface Answer {
  readonly ok?: unknown;
  readonly err?: { readonly code: string; readonly message: string };
}

async function act(
  calls: readonly (readonly unknown[])[],
  options: GuestRun = {},
): Promise<{ answers: Answer[]; result: GuestResult }> {
  const result = await run(guest, {
    tool: 'act',
    input: { calls: JSON.stringify(calls) },
    cwd: folder(),
    limits: { memory_mb: 256 },
    ...options,
  });
  return { answers: JSON.parse(String(valueOf(result))) as Answer[], result };
}

const codes = (answers: readonly Answer[]): unknown[] => answers.map(({ ok, err }) => err?.code ?? { ok });
const bytes = (text: string): object => ({ bytes: text });

describe('the interfaces of skillhost:guest, from JavaScript [R-WIT-1]', () => {
  it('are all imported by the guest', () => {
    expect(inspectModule(guest).imports.filter((name) => name.startsWith('skillhost:'))).toEqual(
      ['cache', 'command', 'env', 'filesystem', 'http', 'log', 'secrets', 'state'].map(
        (name) => `skillhost:guest/${name}@0.1.1`,
      ),
    );
  });

  it('read and write granted files whole', async () => {
    mkdirSync(join(folder(), 'data/inner'), { recursive: true });
    writeFileSync(join(folder(), 'data/a.txt'), 'grüße');
    writeFileSync(join(folder(), 'large'), Buffer.alloc(20_000));
    const calls = [
      ['filesystem', 'readFile', 'data/a.txt'],
      ['filesystem', 'listDirectory', './data'],
      ['filesystem', 'stat', 'data/a.txt'],
      ['filesystem', 'writeFile', 'data/new', bytes('✓')],
      ['filesystem', 'readFile', 'data/absent'],
      ['filesystem', 'readFile', '/etc/passwd'],
      ['filesystem', 'writeFile', 'elsewhere', bytes('')],
      ['filesystem', 'readFile', 'data/inner'],
      ['filesystem', 'readFile', 'large'],
    ];
    const { answers, result } = await act(calls, {
      grants: { read: ['./'], write: ['./data'] },
      limits: { memory_mb: 256, message_kb: 8 },
    });
    expect(codes(answers)).toEqual([
      { ok: bytes('grüße') },
      {
        ok: [
          { name: 'a.txt', kind: 'file' },
          { name: 'inner', kind: 'directory' },
        ],
      },
      { ok: { kind: 'file', size: 7, modified: expect.any(Number) as number } },
      { ok: undefined },
      'not-found',
      'denied',
      'denied',
      'failed',
      'too-large',
    ]);
    expect(readFileSync(join(folder(), 'data/new'), 'utf8')).toBe('✓');
    expect(result.denials).toHaveLength(2);
  });

  it('run granted programs', async () => {
    const env = { PATH: process.env['PATH'] ?? '' };
    const calls = [
      ['command', 'execute', 'cat', ['-'], bytes('in')],
      ['command', 'execute', 'sh', ['-c', 'echo out; echo err >&2; exit 3'], bytes('')],
      ['command', 'execute', 'ls', [], bytes('')],
      ['command', 'execute', '/bin/cat', [], bytes('')],
      ['command', 'execute', 'no-such-program', [], bytes('')],
    ];
    const { answers } = await act(calls, { env, grants: { commands: ['cat', 'sh', 'no-such-program'] } });
    expect(codes(answers)).toEqual([
      { ok: { exitCode: 0, stdout: bytes('in'), stderr: bytes('') } },
      { ok: { exitCode: 3, stdout: bytes('out\n'), stderr: bytes('err\n') } },
      'denied',
      'denied',
      'not-found',
    ]);
  });

  it('tell granted variables and secrets', async () => {
    const calls = [
      ['env', 'get', 'LANG'],
      ['env', 'get', 'HOME'],
      ['env', 'get', 'UNSET'],
      ['secrets', 'get', 'token'],
      ['secrets', 'get', 'other'],
      ['secrets', 'get', 'absent'],
    ];
    const { answers } = await act(calls, {
      env: { LANG: 'de', HOME: '/x' },
      secrets: { token: 'abc', other: 'x' },
      grants: { env: ['LANG', 'UNSET'], secrets: ['token', 'absent'] },
    });
    // What it was told of a secret is masked on the way out.
    expect(codes(answers.slice(0, 3))).toEqual([{ ok: 'de' }, 'denied', 'not-found']);
    expect(codes(answers.slice(4))).toEqual(['denied', 'not-found']);
    expect(answers[3]).toHaveProperty('ok');
  });

  it('keep state from call to call', async () => {
    const state = new Map<string, Uint8Array>();
    const first = await act(
      [
        ['state', 'set', 'b', bytes('2')],
        ['state', 'set', 'a', bytes('✓')],
        ['state', 'get', 'absent'],
        ['state', 'delete', 'absent'],
        ['state', 'set', '', bytes('')],
      ],
      { state },
    );
    expect(codes(first.answers)).toEqual([
      { ok: undefined },
      { ok: undefined },
      'not-found',
      { ok: undefined },
      'too-large',
    ]);
    const second = await act(
      [
        ['state', 'keys'],
        ['state', 'get', 'a'],
        ['state', 'delete', 'a'],
        ['state', 'keys'],
      ],
      { state },
    );
    expect(codes(second.answers)).toEqual([{ ok: ['a', 'b'] }, { ok: bytes('✓') }, { ok: undefined }, { ok: ['b'] }]);
  });

  it('keep for a time what can be made again', async () => {
    const { answers, result } = await act([
      ['cache', 'get', 'a'],
      ['cache', 'set', 'a', bytes('✓'), 60_000],
      ['cache', 'get', 'a'],
      ['cache', 'set', 'over', bytes('x'), 0],
      ['cache', 'get', 'over'],
      ['cache', 'set', '', bytes(''), 1],
    ]);
    expect(codes(answers)).toEqual([
      'not-found',
      { ok: undefined },
      { ok: bytes('✓') },
      { ok: undefined },
      'not-found',
      'too-large',
    ]);
    expect(result.records.map(({ rule }) => rule)).toEqual(['own cache', 'own cache']);
  });

  it('log at each level, and log lines only', async () => {
    const { result } = await act(
      ['debug', 'info', 'warn', 'error'].map((level) => ['log', 'log', level, `a ${level} line`]),
    );
    expect(result.logs).toEqual(['debug', 'info', 'warn', 'error'].map((level) => [level, `a ${level} line`]));
  });

  it('exchange HTTP under the network grant', async () => {
    const request = (method: string, url: string, headers: object[] = []): unknown[] => [
      'http',
      'fetch',
      { method, url, headers, body: bytes(method === 'GET' ? '' : 'grüße') },
    ];
    const calls = [
      request('POST', origin),
      request('GET', 'http://127.0.0.1:1/'),
      request('GET', 'no url'),
      request('GET', origin, [{ name: 'Host', value: 'other' }]),
      request('GET', origin, [{ name: 'a', value: 'b\r\nc: d' }]),
    ];
    const { answers } = await act(calls, { grants: { network: [origin] } });
    expect(answers[0]?.ok).toMatchObject({ status: 203, body: bytes('grüße') });
    expect(codes(answers.slice(1))).toEqual(['denied', 'denied', 'invalid', 'invalid']);
    expect(
      codes(
        (await act([request('GET', 'http://127.0.0.1:1/')], { grants: { network: ['http://127.0.0.1:1'] } })).answers,
      ),
    ).toEqual(['failed']);
  });

  it('are refused above their rate, and may try again', async () => {
    const { answers } = await act(
      Array.from({ length: 4 }, () => ['state', 'keys']),
      { limits: { memory_mb: 256, host_calls_per_second: 1 } },
    );
    expect(codes(answers)).toContain('rate-limited');
  });

  it.each(HOST_ERROR_CODES)('answer the error %s from every function that can fail', (code) => {
    const refuse = (): never => {
      throw new HostCallError(code, 'because');
    };
    const operations = [
      'command.execute',
      'fs.read-file',
      'fs.write-file',
      'fs.list',
      'fs.stat',
      'http.fetch',
      'env.get',
      'secrets.get',
      'state.get',
      'state.set',
      'state.delete',
      'state.keys',
      'cache.get',
      'cache.set',
    ];
    const { call } = interfacesOf(fakeContext(Object.fromEntries(operations.map((name) => [name, refuse]))), '0.1.1');
    const functions = [
      'command#execute',
      'filesystem#read-file',
      'filesystem#write-file',
      'filesystem#list-directory',
      'filesystem#stat',
      'http#fetch',
      'env#get',
      'secrets#get',
      'state#get',
      'state#set',
      'state#delete',
      'state#keys',
      'cache#get',
      'cache#set',
    ];
    for (const name of functions) {
      const args =
        name === 'http#fetch'
          ? [{ method: 'GET', url: '', headers: [], body: new Uint8Array() }]
          : ['x', [], new Uint8Array()];
      expect([name, call(`skillhost:guest/${name}`, ...args)]).toEqual([name, { err: { code, message: 'because' } }]);
    }
  });
});

/** SHA-256 of every published version. A line is added with each, and none ever changes. */
const PUBLISHED: Readonly<Record<string, string>> = {
  'skillhost-0.1.0.wit': 'c7209bf128f9b269188af28416d390faf83502571e00af4b28aab5c4118de2c1',
  'skillhost-0.1.1.wit': '190f95748335722dc49e639c74882c0ddd15d3d6fa7e58f1548308e9af437e5c',
};

describe('the published interface [R-WIT-1]', () => {
  const frozen = join(ROOT, 'wit/frozen');

  it('has a frozen copy of every version, which never changes', () => {
    const digests = readdirSync(frozen).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(frozen, name)))
        .digest('hex'),
    ]);
    expect(Object.fromEntries(digests)).toEqual(PUBLISHED);
  });

  it('is its frozen copy, as long as it has that version', () => {
    const version = /^package skillhost:guest@([\d.]+);$/m.exec(treaty)?.[1];
    expect(treaty).toBe(readFileSync(join(frozen, `skillhost-${version}.wit`), 'utf8'));
  });

  it('says the error codes that the host has, and what each interface and function does', () => {
    const listed = /enum error-code \{([^}]*)\}/.exec(treaty)?.[1] ?? '';
    expect([...listed.matchAll(/^ +([a-z-]+),$/gm)].map(([, code]) => code)).toEqual([...HOST_ERROR_CODES]);
    const lines = treaty.split('\n');
    const undocumented = lines.filter(
      (line, i) => /^(?:interface|world) /.test(line) && lines[i - 1]?.startsWith('///') !== true,
    );
    expect(undocumented).toEqual([]);
  });
});
