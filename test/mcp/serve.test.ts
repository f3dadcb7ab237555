import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import { beforeAll, describe, expect, it } from 'vitest';
import { openOver, writeSkills } from '../agent/skills.ts';
import { skill } from '../cli/support.ts';
import { scratch, write } from '../runtime/folders.ts';
import { type AtEnd, overHttp, overStdio, type Revision, serve, textOf } from './clients.ts';

const root = scratch();
beforeAll(async () => {
  mkdirSync(join(root, 'home'));
  await writeSkills(root);
  // The command looks for skills in its home.
  await writeSkills(join(root, 'home'));
  for (const dir of ['skills/core', 'home/skills/core'])
    write(join(root, dir), {
      'knowledge/overview.md': 'Numbers,\u202e added.\n',
      'knowledge/prompts/context.md': 'Use it.\n',
    });
});

type Open = (revision: Revision, atEnd: AtEnd) => Promise<Client>;

const TRANSPORTS: readonly (readonly [name: string, open: Open])[] = [
  [
    'stdio',
    async (revision, atEnd) => (await overStdio(root, ['--grant', 'env_read=GREETING'], revision, atEnd)).client,
  ],
  [
    'streamable HTTP',
    async (revision, atEnd) => {
      const { url } = await serve(openOver(root, {}, atEnd), {}, undefined, atEnd);
      return overHttp(url, revision, {}, atEnd);
    },
  ],
];
const ROWS = (['legacy', 'auto'] as const).flatMap((revision) =>
  TRANSPORTS.map(([name, open]) => [name, revision, open] as const),
);

describe.each(ROWS)('over %s, revision %s', (_name, revision, open) => {
  let client: Client;
  beforeAll(async () => {
    const ends: (() => Promise<void>)[] = [];
    client = await open(revision, (close) => void ends.unshift(close));
    return async () => {
      for (const close of ends) await close();
    };
  });

  it('tools are listed by safe names, without those of broken skills, and called [R-MCP-1] [R-AGENT-6]', async () => {
    expect(client.getNegotiatedProtocolVersion()).toMatch(revision === 'auto' ? /^2026-07-28$/ : /^2025-/);
    // Nothing is promised that never comes.
    const fixed = { listChanged: false };
    expect(client.getServerCapabilities()).toMatchObject({ tools: fixed, prompts: fixed, resources: fixed });
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['tool_text_slugify', 'custom_core_add', 'custom_raw_echo']));
    expect(names.filter((name) => /broken|twin|nonsense/.test(name) || !/^[\w-]{1,64}$/.test(name))).toEqual([]);
    expect(tools.find(({ name }) => name === 'tool_text_slugify')).toMatchObject({
      title: 'tool.text.slugify',
      inputSchema: { type: 'object', required: ['text'] },
    });
    expect(await client.callTool({ name: 'tool_text_slugify', arguments: { text: 'Hello, world' } })).toMatchObject({
      content: [{ type: 'text', text: 'hello-world' }],
    });
    const counted = await client.callTool({ name: 'tool_text_count', arguments: { text: 'a b' } });
    expect(counted).toMatchObject({ structuredContent: { words: 2 } });
    expect(JSON.parse(textOf(counted))).toEqual(counted.structuredContent);
  });

  it.each<[what: string, name: string, input: object, code: string, text: RegExp]>([
    [
      'a denial',
      'custom_reach_read-file',
      { path: 'open/a.txt' },
      'E_DENIED',
      /--grant filesystem_read.*\nOnly the person/,
    ],
    ['what does not fit', 'tool_text_slugify', {}, 'E_INPUT', /"text" is missing/],
    ['a failure of the guest', 'custom_raw_fail', { input: 'no luck' }, 'E_GUEST', /no luck/],
    ['a trap', 'custom_core_trap', {}, 'E_TRAP', /^E_TRAP/],
  ])('%s is a result that explains itself [R-MCP-2]', async (_what, name, input, code, text) => {
    const result = await client.callTool({ name, arguments: { ...input } });
    expect(result).toMatchObject({ isError: true, structuredContent: { code, message: expect.any(String) as string } });
    expect(textOf(result)).toMatch(text);
    // It was the run that failed, not the connection.
    expect(await client.callTool({ name: 'custom_raw_echo', arguments: { input: 'on' } })).toMatchObject({
      content: [{ text: 'on' }],
    });
  });

  it.each<[what: string, name: string]>([
    ['unknown', 'tool_text_nothing'],
    ['of a skill that is not ready', 'custom_broken_run'],
    ['of an object', '__proto__'],
    ['empty', ''],
  ])('a name of a tool that is %s is an error of the protocol [R-MCP-2]', async (_what, name) => {
    await expect(client.callTool({ name, arguments: {} })).rejects.toMatchObject({ code: -32_602 });
  });

  it('skills with instructions are prompts, in which nothing hides [R-MCP-1] [R-AGENT-5]', async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(['core.git', 'core.posix', 'core.shell', 'custom.core']);
    expect(prompts.at(-1)).toMatchObject({ name: 'custom.core', title: 'Sample', description: 'A sample' });
    const { messages } = await client.getPrompt({ name: 'custom.core' });
    expect(messages).toEqual([
      { role: 'user', content: { type: 'text', text: 'Use it.\n\nNumbers,\\u{202e} added.' } },
    ]);
    await expect(client.getPrompt({ name: 'custom.none' })).rejects.toMatchObject({ code: -32_602 });
  });

  it('a method there is not is an error of the protocol [R-MCP-2]', async () => {
    await expect(
      client.complete({ ref: { type: 'ref/prompt', name: 'custom.core' }, argument: { name: 'a', value: '' } }),
    ).rejects.toThrow();
    expect((await client.listTools()).tools.length).toBeGreaterThan(5);
  });

  it('many calls at once each get their own answer [R-MCP-1]', async () => {
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, i) => client.callTool({ name: 'custom_raw_echo', arguments: { input: `${i}` } })),
    );
    expect(results.map(textOf)).toEqual(Array.from({ length: 12 }, (_, i) => `${i}`));
  });
});

describe('options of the verb', () => {
  it('a grant holds for as long as it serves, and no longer than it says [R-MCP-1]', async () => {
    const { client } = await overStdio(root, ['--grant', 'filesystem_read=./open']);
    const read = (path: string) => client.callTool({ name: 'custom_reach_read-file', arguments: { path } });
    expect(await read('open/a.txt')).toMatchObject({ content: [{ text: Buffer.from('open').toString('base64') }] });
    expect(await read('shut/b.txt')).toMatchObject({ isError: true, structuredContent: { code: 'E_DENIED' } });
  });

  it.each<[selection: string, all: readonly RegExp[]]>([
    ['none', []],
    ['tool.text', [/^tool_text_/]],
    ['tool.text,custom.raw', [/^tool_text_/, /^custom_raw_/]],
  ])('--skills %s [R-MCP-1] [R-AGENT-1]', async (selection, all) => {
    const { client } = await overStdio(root, ['--skills', selection]);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names.filter((name) => !all.some((one) => one.test(name)))).toEqual([]);
    expect(all.filter((one) => !names.some((name) => one.test(name)))).toEqual([]);
  });

  it('what is left out is said on standard error, with the reason [R-AGENT-6]', async () => {
    const { client, said } = await overStdio(root);
    await client.listTools();
    await expect.poll(said).toMatch(/left out: custom\.twin: .*twin-b has the same id/);
    expect(said()).toMatch(/left out: broken: it is not ready: skill\.toml:1:2: /);
    expect(said()).toMatch(/serving MCP on standard input and output/);
  });

  it.each<[what: string, words: readonly string[], code: number, message: RegExp]>([
    ['a selection that names nothing', ['--skills', 'tool.txt'], 1, /did you mean tool\.text/],
    ['a selection that cannot be meant', ['--skills', 'a,!b'], 2, /never both/],
    ['a grant that is none', ['--grant', 'everything'], 2, /everything/],
    ['a token over stdio', ['--token', 'x'.repeat(20)], 2, /--token is for --http/],
    ['a port that is none', ['--http', 'eighty'], 2, /is no port/],
    ['a port that is too high', ['--http', '65536'], 2, /is no port/],
    ['an empty host', ['--http', ':80'], 2, /is no port/],
    ['a public address without a token', ['--http', '0.0.0.0:0'], 2, /clients need a token/],
    ['a short token', ['--http', '0', '--token', 'short'], 2, /16 to 512/],
    ['a host that is not there', ['--http', 'no-such-host.invalid:0'], 4, /cannot listen/],
  ])('%s is refused, and nothing is served [R-MCP-5]', async (_what, words, code, message) => {
    const ended = await skill(['mcp', ...words], { home: join(root, 'home'), cwd: root });
    expect(ended.stderr).toMatch(message);
    expect(ended).toMatchObject({ code, stdout: '' });
  });
});
