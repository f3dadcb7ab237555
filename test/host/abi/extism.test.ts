import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPlugin, type Plugin } from '@extism/extism';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import { compileAssemblyScript } from './assembly-script.ts';
import { errorOf, fixture, type GuestRun, ROOT, textOf, useSandbox, valueOf } from './support.ts';

const run = useSandbox();
const plugin = fixture('extism.wasm');
const call = (tool: string, input: string | Uint8Array = '', options: GuestRun = {}) =>
  run(plugin, { tool, input: Buffer.from(input), ...options });

const open: Plugin[] = [];
/** The same plug-in in the official host. */
async function oracle(bytes: Uint8Array, config: Record<string, string> = {}): Promise<Plugin> {
  const made = await createPlugin({ wasm: [{ data: bytes }] }, { config, useWasi: false });
  open.push(made);
  return made;
}
afterAll(async () => {
  for (const each of open) await each.close();
});

const TEXTS = ['', 'x', 'seven b', 'eight by', 'grüße ✓ \u{1f600}', '\0\u0001', 'x'.repeat(1_000_003)];

describe('Extism plug-ins in C [R-EXTISM-1]', () => {
  it('offer what takes nothing, and returns nothing or a status', () => {
    const { kind, tools } = inspectModule(plugin);
    expect(kind).toBe('extism');
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['echo', 'fails', 'logs']));
    expect(names).not.toContain('takes_number');
    for (const name of ['_initialize', 'memory']) expect(names).not.toContain(name);
    expect(tools.every(({ input }) => input === 'raw')).toBe(true);
  });

  it('get and give any bytes, as in the official host', async () => {
    const official = await oracle(plugin);
    for (const text of TEXTS) {
      expect(textOf(await call('echo', text))).toBe(text);
      if (text !== '') expect((await official.call('echo', text))?.text()).toBe(text);
    }
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const swapped = Buffer.from(valueOf(await call('swap_case', all)) as Uint8Array);
    expect(swapped.equals((await official.call('swap_case', all))?.bytes() ?? Buffer.of())).toBe(true);
    expect(textOf(await call('silent', 'ignored'))).toBe('');
  });

  it('find their blocks as long as they asked, each at a place of its own', async () => {
    // "abc" twice, an empty block, "defgh", nothing at 0, the empty block apart, and the input as long as it is.
    expect(textOf(await call('lengths'))).toBe('33050-i');
    expect(textOf(await call('lengths', 'input'))).toBe('33050-i');
    expect(Buffer.from(valueOf(await call('words')) as Uint8Array).toString('hex')).toBe(
      '08070605040302010907060504030201',
    );
    expect(textOf(await call('exhaust'))).toBe('refused');
  });

  it('read their configuration', async () => {
    const config = { greeting: 'hällo', empty: '' };
    const official = await oracle(plugin, { greeting: 'hällo' });
    expect(textOf(await call('config', 'greeting', { config }))).toBe('hällo');
    expect((await official.call('config', 'greeting'))?.text()).toBe('hällo');
    expect(textOf(await call('config', 'empty', { config }))).toBe('');
    for (const name of ['absent', 'constructor', '__proto__', 'toString'])
      expect(textOf(await call('config', name, { config }))).toBe('(none)');
  });

  it('keep variables for one call, and not without end', async () => {
    expect(textOf(await call('variables', 'first'))).toBe('second');
    expect(textOf(await call('variables', 'first'))).toBe('second');
    const error = errorOf(await call('hoard'));
    expect(error.code).toBe('E_RESOURCE');
    expect(error.message).toContain('plugin_variable_bytes');
  });

  it('log at each level', async () => {
    const { logs } = await call('logs');
    expect(logs).toEqual([
      ['debug', 'a debug line'],
      ['info', 'an info line'],
      ['warn', 'a warning'],
      ['error', 'an error'],
    ]);
  });

  it('fail in their own words, or by their status', async () => {
    expect(errorOf(await call('fails'))).toMatchObject({ code: 'E_GUEST', details: { error: 'it went wrong' } });
    expect(errorOf(await call('reports'))).toMatchObject({
      code: 'E_GUEST',
      details: { error: 'reported, though it returned 0' },
    });
    expect(errorOf(await call('returns_seven'))).toMatchObject({
      code: 'E_GUEST',
      details: { error: 'the plug-in returned 7' },
    });
    await expect((await oracle(plugin)).call('fails')).rejects.toThrow('it went wrong');
  });

  it('trap at addresses that are none, and harm nobody', async () => {
    expect(errorOf(await call('beyond')).code).toBe('E_TRAP');
    expect(errorOf(await call('beyond_output')).code).toBe('E_TRAP');
    expect(errorOf(await call('spins')).code).toBe('E_TRAP');
    expect(textOf(await call('echo', 'still here'))).toBe('still here');
  });

  it('are held to the size of a result', async () => {
    const error = errorOf(await call('echo', 'x'.repeat(2_000), { limits: { output_kb: 1 } }));
    expect(error).toMatchObject({ code: 'E_OUTPUT_LIMIT', details: { limit: 'output_kb' } });
  });
});

// The official development kit, unchanged.
const SOURCE = `
import { Config, Host, LogLevel, Var } from './node_modules/@extism/as-pdk/lib/pdk';
import { http_request, length, alloc, store_u8, load_u8 } from './node_modules/@extism/as-pdk/lib/env';
// @ts-ignore: decorator
@external("extism:host/env", "http_status_code")
declare function http_status_code(): i32;
// @ts-ignore: decorator
@external("extism:host/env", "http_headers")
declare function http_headers(): u64;

export function myAbort(message: string | null, file: string | null, line: u32, column: u32): void { unreachable(); }

export function reverse(): i32 {
  Host.outputString(Host.inputString().split('').reverse().join(''));
  return 0;
}

export function remember(): i32 {
  const before = Var.getString('count');
  Var.set('count', Uint8Array.wrap(String.UTF8.encode((before === null ? '' : before) + Host.inputString())));
  const greeting = Config.get('greeting');
  Host.log(LogLevel.Info, 'remembered');
  Host.outputString((greeting === null ? 'no greeting' : greeting) + ':' + Var.getString('count')!);
  Var.remove('count');
  return Var.getString('count') === null ? 0 : 1;
}

function place(text: string): u64 {
  const bytes = Uint8Array.wrap(String.UTF8.encode(text));
  const at = alloc(bytes.length);
  for (let i = 0; i < bytes.length; i++) store_u8(at + i, bytes[i]);
  return at;
}

function read(at: u64): string {
  const bytes = new Uint8Array(<i32>length(at));
  for (let i = 0; i < bytes.length; i++) bytes[i] = load_u8(at + i);
  return String.UTF8.decode(bytes.buffer);
}

export function request(): i32 {
  const words = Host.inputString().split('|');
  const body = http_request(place(words[0]), words.length > 1 ? place(words[1]) : 0);
  const answer = http_status_code().toString() + '|' + read(http_headers()) + '|' + read(body);
  Host.output(Uint8Array.wrap(String.UTF8.encode(answer)));
  return 0;
}
`;

describe('Extism plug-ins by the AssemblyScript kit [R-EXTISM-1]', () => {
  let guest: Uint8Array;
  let server: Server;
  let origin = '';
  beforeAll(async () => {
    guest = await compileAssemblyScript(SOURCE, 'myAbort');
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(request.url === '/missing' ? 404 : 200, {
          'x-echo': String(request.headers['x-token']),
          date: 'now',
        });
        response.end(`${request.method} ${Buffer.concat(chunks).toString()}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const use = (tool: string, input: string, options: GuestRun = {}) =>
    run(guest, { tool, input: Buffer.from(input), ...options });

  it('get input, configuration and variables, log, and answer', async () => {
    for (const text of ['', 'abc', 'x'.repeat(1_000)])
      expect(textOf(await use('reverse', text))).toBe(text.split('').toReversed().join(''));
    const result = await use('remember', 'one', { config: { greeting: 'hi' } });
    expect(textOf(result)).toBe('hi:one');
    expect(result.logs).toEqual([['info', 'remembered']]);
    expect(textOf(await use('remember', 'two'))).toBe('no greeting:two');
  });

  it('send requests under the network grant, and read status, headers and body', async () => {
    const grants = { network: [origin] };
    const get = JSON.stringify({ url: `${origin}/x`, method: 'GET', headers: { 'x-token': 'abc' } });
    const [status, headers = '', body] = textOf(await use('request', get, { grants })).split('|');
    expect([status, body]).toEqual(['200', 'GET ']);
    expect(JSON.parse(headers)).toMatchObject({ 'x-echo': 'abc' });
    const post = JSON.stringify({ url: `${origin}/missing`, method: 'POST', headers: {} });
    expect(textOf(await use('request', `${post}|grüße`, { grants }))).toMatch(/^404\|.*\|POST grüße$/);
  });

  it('are ended by a refusal, which is told', async () => {
    const get = JSON.stringify({ url: origin, method: 'GET' });
    expect(errorOf(await use('request', get))).toMatchObject({ code: 'E_DENIED' });
    expect(errorOf(await use('request', get, { grants: { network: ['POST example.org'] } }))).toMatchObject({
      code: 'E_DENIED',
    });
    expect(errorOf(await use('request', 'no JSON')).code).toBe('E_TRAP');
  });
});

describe('skills/redact [R-EXTISM-1, R-SKILLS-1]', () => {
  const redact = readFileSync(join(ROOT, 'skills/redact/bin/redact.wasm'));
  const texts = [
    'Write to jo@example.org, card 4111 1111 1111 1111',
    '',
    'nothing here ✓',
    `token ghp_${'a1B2'.repeat(9)} and npm_${'Zz9x'.repeat(9)}`,
    'card 4111 1111 1111 1112 is wrong; 5500-0000-0000-0004 is right',
    'a@b, @c, d@e.f, "quoted"@x.org, ü@ä.de\n'.repeat(50),
  ];

  it('does what its page says', async () => {
    expect(textOf(await run(redact, { tool: 'redact', input: Buffer.from(texts[0] ?? '') }))).toBe(
      'Write to [email], card [card]',
    );
    expect(JSON.parse(textOf(await run(redact, { tool: 'count', input: Buffer.from(texts[0] ?? '') })))).toEqual({
      emails: 1,
      tokens: 0,
      cards: 1,
    });
    const result = await run(redact, { tool: 'redact', input: Buffer.from(texts[3] ?? '') });
    expect(textOf(result)).toBe('token [token] and [token]');
    expect(result.usage.hostCalls).toBe(0);
  });

  it('answers as in the official host', async () => {
    const official = await oracle(redact);
    for (const tool of ['redact', 'count']) {
      for (const text of texts.filter((each) => each !== '')) {
        expect(textOf(await run(redact, { tool, input: Buffer.from(text) }))).toBe(
          (await official.call(tool, text))?.text(),
        );
      }
    }
  });
});
