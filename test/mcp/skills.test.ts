import { createHash } from 'node:crypto';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SkillsClient, type Skill } from '@modelcontextprotocol/client/ext/skills';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMcpServer, type LeftOut, type McpOptions } from '../../src/mcp/index.ts';
import { writeSkillPage } from '../../src/mcp/skill-page.ts';
import { openOver } from '../agent/skills.ts';
import { scratch, write, writeSkill } from '../runtime/folders.ts';
import { overHttp, overStdio, type Revision, serve } from './clients.ts';

const root = scratch();
const at = (...names: string[]): string => join(root, 'skills', ...names);

beforeAll(async () => {
  await writeSkill(at('known'), { id: 'custom.known', guest: 'raw' });
  write(at('known'), {
    'knowledge/overview.md': 'Know\u202e this.\n',
    'references/Q&A #1.md': 'why?',
    'data.bin': Buffer.from([255, 0]),
  });
  await writeSkill(at('paged'), { id: 'custom.paged', guest: 'one' });
  write(at('paged'), {
    'SKILL.md': '---\nname: paged\ndescription: Written by hand\n---\nRead\u200b me.\n',
    'LICENSE.txt': 'l',
  });
  await writeSkill(at('named'), { id: 'custom.named', guest: 'one' });
  write(at('named'), { 'SKILL.md': '---\nname: another\ndescription: d\n---\n' });
  await writeSkill(at('leading-out'), { id: 'custom.leading-out', guest: 'one' });
  write(root, { 'secret.txt': 'secret' });
});

/** After loading: a skill with such a link would not be ready. */
const leadOut = (): void => {
  rmSync(at('leading-out', 'notes.txt'), { force: true });
  symlinkSync(join(root, 'secret.txt'), at('leading-out', 'notes.txt'));
};

async function open(
  revision: Revision,
  options: McpOptions = {},
): Promise<{ skills: SkillsClient; left: LeftOut[]; client: Awaited<ReturnType<typeof overHttp>> }> {
  const left: LeftOut[] = [];
  const { url } = await serve(openOver(root), { onLeftOut: (one) => void left.push(one), ...options });
  const client = await overHttp(url, revision);
  return { skills: new SkillsClient(client), left, client };
}

function find(skills: readonly Skill[], name: string): Skill {
  const found = skills.find(({ uri }) => uri === `skill://custom/${name}/SKILL.md`);
  if (found === undefined) throw new Error(`no ${name} among ${skills.map(({ uri }) => uri).join(' ')}`);
  return found;
}

const sha256 = (bytes: string | Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe.each<Revision>(['legacy', 'auto'])('the skills extension, revision %s', (revision) => {
  it('is declared, and lists skills with the digests of their files [R-MCP-4]', async () => {
    const { skills, client } = await open(revision);
    expect(client.getServerCapabilities()?.extensions).toHaveProperty(['io.modelcontextprotocol/skills']);
    const { skills: entries, invalid } = await skills.list();
    expect(invalid).toEqual([]);
    expect(entries.map(({ uri }) => uri)).toEqual([
      ...['git', 'posix', 'shell'].map((name) => `skill://core/${name}/SKILL.md`),
      'skill://custom/known/SKILL.md',
      'skill://custom/leading-out/SKILL.md',
      'skill://custom/paged/SKILL.md',
      ...['files', 'http', 'redact', 'text', 'word-count'].map((name) => `skill://tool/${name}/SKILL.md`),
    ]);
    const known = find(entries, 'known');
    expect(known.frontmatter).toEqual({ name: 'known', description: 'A sample' });
    expect(known.resources).toContainEqual({
      uri: 'skill://custom/known/references/Q&A%20%231.md',
      digest: sha256('why?'),
      size: 4,
    });
  });

  it('gives one by its address, and no other [R-MCP-4]', async () => {
    const { skills } = await open(revision);
    const { skill } = await skills.get('skill://custom/known/SKILL.md');
    expect(skill).toEqual(find((await skills.list()).skills, 'known'));
    for (const uri of ['skill://custom/none/SKILL.md', 'skill://custom/known', 'file:///etc/passwd', 'nonsense'])
      await expect(skills.get(uri)).rejects.toThrow();
  });

  it('gives every file as its digest promises: text, names with odd characters, bytes [R-MCP-4]', async () => {
    const { skills } = await open(revision);
    const known = find((await skills.list()).skills, 'known');
    expect(await skills.read(known, 'references/Q&A%20%231.md')).toMatchObject({
      text: 'why?',
      verified: true,
      mimeType: 'text/markdown',
    });
    expect(await skills.read(known, 'LICENSE')).toMatchObject({ text: 'Apache-2.0\n', mimeType: 'text/plain' });
    const binary = await skills.read(known, 'data.bin');
    expect([...binary.bytes]).toEqual([255, 0]);
    expect(binary).toMatchObject({ verified: true, mimeType: 'application/octet-stream' });
  });

  it('a skill without a SKILL.md gets one that tells its instructions and what its tools are called [R-MCP-4] [R-AGENT-5]', async () => {
    const { skills } = await open(revision);
    const { body, frontmatter, verified } = await skills.read(find((await skills.list()).skills, 'known'));
    expect([frontmatter, verified]).toEqual([{ name: 'known', description: 'A sample' }, true]);
    expect(body).toBe(
      `\n# Sample\n\nKnow\\u{202e} this.\n\n## Tools\n\n${['echo', 'fail', 'log']
        .map((name) => `- \`custom_known_${name}\`: ${name}, a tool of Sample: A sample`)
        .join('\n')}\n`,
    );
  });

  it('one that is written by hand is given as it is, but hides nothing [R-MCP-4] [R-AGENT-5]', async () => {
    const { skills } = await open(revision);
    const read = await skills.read(find((await skills.list()).skills, 'paged'));
    expect(read).toMatchObject({
      text: '---\nname: paged\ndescription: Written by hand\n---\nRead\\u{200b} me.\n',
      verified: true,
    });
  });

  it('a skill that breaks the rules of the extension is left out, keeps its tools, and stops no other [R-MCP-4] [R-AGENT-6]', async () => {
    const { skills, left, client } = await open(revision);
    await skills.list();
    expect(left).toMatchObject([
      { skill: 'custom.named', why: expect.stringMatching(/its files are not given out: .*name "another"/s) as string },
    ]);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('custom_named_one');
  });

  it('skills are resources as well, for clients that do not know the extension [R-MCP-1]', async () => {
    const { client } = await open(revision);
    const { resources } = await client.listResources();
    expect(resources).toContainEqual({
      uri: 'skill://custom/paged/SKILL.md',
      name: 'paged',
      description: 'Written by hand',
      mimeType: 'text/markdown',
    });
    expect(await client.readResource({ uri: 'skill://custom/known/LICENSE' })).toMatchObject({
      contents: [{ uri: 'skill://custom/known/LICENSE', text: 'Apache-2.0\n' }],
    });
  });
});

describe('what is not read [R-MCP-4]', () => {
  it.each([
    'skill://custom/known/../../../secret.txt',
    'skill://custom/known/..%2f..%2fsecret.txt',
    'skill://custom/known/%2e%2e/%2e%2e/secret.txt',
    'skill://custom/known//etc/passwd',
    'skill://custom/known/',
    'skill://custom/known/knowledge',
    'skill://custom/known/LICENSE?x',
    'skill://custom/named/SKILL.md',
    'skill://CUSTOM/known/LICENSE',
    'skill://custom/known/license',
    'skill://custom/known/LICENSE%00',
  ])('%s', async (uri) => {
    const { client } = await open('legacy');
    await expect(client.readResource({ uri })).rejects.toThrow(/not found|resource/i);
  });

  it('a file that has changed since it was listed', async () => {
    await writeSkill(at('changing'), { id: 'custom.changing', guest: 'one' });
    write(at('changing'), { 'same.txt': 'old', 'longer.txt': 'old', 'link.txt': 'old', 'gone.txt': 'old' });
    const { skills, client } = await open('legacy');
    const entry = find((await skills.list()).skills, 'changing');
    writeFileSync(at('changing', 'same.txt'), 'new');
    writeFileSync(at('changing', 'longer.txt'), 'longer');
    for (const name of ['link.txt', 'gone.txt']) rmSync(at('changing', name));
    symlinkSync(join(root, 'secret.txt'), at('changing', 'link.txt'));
    try {
      for (const name of ['same.txt', 'longer.txt', 'link.txt', 'gone.txt']) {
        const uri = `skill://custom/changing/${name}`;
        // Neither what is there now, nor where it lies.
        await expect(client.readResource({ uri })).rejects.toThrow(`${uri} has changed since this server was started`);
      }
      expect((await skills.read(entry, 'LICENSE')).verified).toBe(true);
    } finally {
      rmSync(at('changing'), { recursive: true });
    }
  });

  it('a skill with a file that leads out of its folder: none of its files', async () => {
    const left: LeftOut[] = [];
    const server = await createMcpServer(openOver(root), { onLeftOut: (one) => void left.push(one) });
    leadOut();
    const listening = await server.listen();
    const client = await overHttp(listening.url);
    const uris = (await new SkillsClient(client).list()).skills.map(({ uri }) => uri);
    await listening.close();
    rmSync(at('leading-out', 'notes.txt'));
    expect(uris).not.toContain('skill://custom/leading-out/SKILL.md');
    expect(left.map(({ skill, why }) => `${skill}: ${why}`)).toContainEqual(
      expect.stringMatching(/^custom\.leading-out: its files are not given out: notes\.txt: it leads out/),
    );
  });
});

describe('many skills [R-MCP-4]', () => {
  it('come in pages, each once', async () => {
    const many = join(root, 'many');
    for (let i = 0; i < 120; i++) await writeSkill(join(many, `s${i}`), { id: `many.s${i}`, guest: 'one' });
    const { url } = await serve(openOver(root, { skills: [many] }));
    const client = await overHttp(url);
    const skills = new SkillsClient(client);
    const first = await skills.list({ cursor: '' });
    expect([first.skills.length, first.nextCursor !== undefined]).toEqual([50, true]);
    const uris = (await skills.list()).skills.map(({ uri }) => uri);
    expect([uris.length, new Set(uris).size]).toEqual([128, 128]);
    expect(uris).toEqual(uris.toSorted());
  });
});

describe('instructions from elsewhere [R-MCP-1]', () => {
  it('are asked of the function that was given; a skill it fails for is left out and stops no other', async () => {
    const { client, left } = await open('legacy', {
      readInstructions: async ({ id }) => {
        if (id === 'custom.paged') throw new Error('no\u202e luck');
        return id === 'tool.text' ? 'From elsewhere.' : '';
      },
    });
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['tool.text']);
    expect(left).toMatchObject([{ skill: 'custom.paged', why: 'its instructions cannot be read: no\\u{202e} luck' }]);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('custom_paged_one');
  });
});

describe('a page that is made [R-AGENT-5]', () => {
  it.each<[what: string, description: string, line: string]>([
    ['quotes', 'say "hi"', 'description: "say \\"hi\\""'],
    ['lines that would be front matter', 'a\n---\nname: evil', 'description: "a\\\\u{a}---\\\\u{a}name: evil"'],
    ['hidden text', 'a\u202eb', 'description: "a\\\\u{202e}b"'],
    ['too much of it', '字'.repeat(2_000), `description: "${'字'.repeat(1_024)}"`],
  ])('holds a description with %s', (_what, description, line) => {
    const [begin, name, described, end] = writeSkillPage({ id: 'a.b', name: 'B', description }, '', []).split('\n');
    expect([begin, name, described, end]).toEqual(['---', 'name: b', line, '---']);
  });
});

describe('over stdio [R-MCP-4]', () => {
  it('skills are given out the same', async () => {
    const { client } = await overStdio(root, ['--skills', 'tool.text']);
    const skills = new SkillsClient(client);
    const { skills: entries } = await skills.list();
    expect(entries.map(({ uri }) => uri)).toEqual(['skill://tool/text/SKILL.md']);
    for (const entry of entries) expect((await skills.read(entry)).verified).toBe(true);
  });
});
