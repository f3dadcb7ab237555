import { chmodSync, readdirSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSkill } from '../../src/import/import-skill.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import { guest } from '../runtime/folders.ts';
import { bring, bringFile, carried, isThere, place, refuse, saying, told } from './bring.ts';

const SKILL_MD = `---
name: release-notes
description: Writes release notes.
license: MIT
metadata:
  author: Ada Example
  version: "1.2.0"
allowed-tools: Read, Bash(git log:*)
---

# Release notes

Read \`references/style.md\`.
`;
const SKILL_JSON = JSON.stringify({
  name: 'count-lines',
  description: 'Counts lines.',
  version: '1.0.0',
  type: 'code_inline',
  command: 'wc',
  args: ['-l'],
});
const MANIFEST_YAML = `name: word-tools
version: "1.0.0"
description: Tools for words.
tools:
  - name: count_words
    description: Counts words.
    parameters:
      - {name: text, type: string, required: true}
    returns: {type: integer}
`;

describe('a folder with a SKILL.md', () => {
  it('becomes a skill that says the same, with its other files as they are [R-MIGRATE-1]', async () => {
    const folder = place({
      'SKILL.md': SKILL_MD,
      'references/style.md': 'Short.\n',
      'scripts/draft.sh': '#!/bin/sh\n',
      'assets/a.bin': new Uint8Array([0, 255]),
      'LICENSE.txt': 'MIT\n',
    });
    chmodSync(join(folder, 'scripts/draft.sh'), 0o755);
    const before = await loadSkill(folder);
    const brought = await bring(folder);
    const { skill, read, imported } = brought;
    if (!before.ready || before.manifest === undefined || skill.manifest === undefined) throw new Error('not ready');
    expect(saying(skill.manifest)).toEqual(saying(carried(before.manifest)));
    expect(imported.kind).toBe('SKILL.md');
    expect(imported.files).toEqual([
      'LICENSE.txt',
      'README.md',
      'assets/a.bin',
      'knowledge/prompts/context.md',
      'references/style.md',
      'scripts/draft.sh',
      'skill.toml',
    ]);
    expect(read('knowledge/prompts/context.md')).toBe(
      '\n# Release notes\n\nRead `references/style.md`.\n\n## More on request\n\n- references/style.md\n',
    );
    expect(told(brought)).toEqual(['allowed-tools']);
    execFileSync(join(brought.folder, 'scripts/draft.sh'));
  });

  it('tells what was already doubtful about it, and what other manifests stood beside it [R-MIGRATE-2]', async () => {
    const brought = await bring(
      place({
        'SKILL.md': SKILL_MD.replace('1.2.0', 'v1').replace('license: MIT', 'odd: 1'),
        'skill.json': SKILL_JSON,
      }),
    );
    expect(told(brought)).toEqual(expect.arrayContaining(['odd', 'metadata.version', 'skill.json', 'LICENSE']));
    expect(brought.imported.files).not.toContain('skill.json');
    expect(brought.read('LICENSE')).toContain('No license was stated');
  });

  it('keeps no signature, and one context [R-MIGRATE-2]', async () => {
    const files = { 'SKILL.md': SKILL_MD, 'knowledge/prompts/context.md': 'Old\n', 'skill.minisig': 'x\n' };
    const brought = await bring(place(files));
    expect(brought.read('knowledge/prompts/context.md')).toContain('# Release notes');
    expect(told(brought)).toContain('knowledge/prompts/context.md');
  });

  it('tells where hidden characters stand in what a model reads [R-MIGRATE-2]', async () => {
    const brought = await bring(place({ 'SKILL.md': `${SKILL_MD}Do\u200b it.\n` }));
    expect(told(brought)).toContain('knowledge/prompts/context.md:5:3');
  });
});

describe('a skill.json', () => {
  it.each(['skill.json', 'other.json'])('becomes a skill that says the same, as %s [R-MIGRATE-1]', async (name) => {
    const brought = await bringFile(name, SKILL_JSON);
    expect(brought.imported.kind).toBe('skill.json');
    expect(brought.read('skill.toml')).toBe(`[skill]
id = "custom.count-lines"
name = "count-lines"
description = "Counts lines."
version = "1.0.0"
api_version = "1.0"

[capabilities]
terminal_exec = { allowed = true, commands = ["wc"] }

[[tools]]
name = "count-lines"
description = "Counts lines."
type = "code_inline"
command = "wc"
args = ["-l"]
`);
    expect(told(brought)).toEqual(['LICENSE']);
  });

  it('in a folder brings its knowledge and its own README along', async () => {
    const brought = await bring(
      place({ 'skill.json': SKILL_JSON, 'README.md': '# Mine\n', 'knowledge/overview.md': 'x\n' }),
    );
    expect(brought.read('README.md')).toBe('# Mine\n');
    expect(brought.imported.files).toContain('knowledge/overview.md');
  });
});

describe('a manifest.yaml', () => {
  it('becomes a skill with the module that its build made [R-MIGRATE-1]', async () => {
    const text = MANIFEST_YAML.replace(/tools:[^]*/, 'tools:\n  - {name: one, description: One.}\n');
    const folder = place({ 'manifest.yaml': text, 'bin/skill.wasm': await guest('one') });
    const before = await loadSkill(folder);
    const { skill, imported } = await bring(folder);
    if (!before.ready || before.manifest === undefined || skill.manifest === undefined) throw new Error('not ready');
    expect(saying(skill.manifest)).toEqual(saying(carried(before.manifest)));
    expect(skill.tools.map(({ name }) => name)).toEqual(before.tools.map(({ name }) => name));
    expect(imported.kind).toBe('manifest.yaml');
  });

  it('tells that handlers are for the build [R-MIGRATE-2]', async () => {
    const text = MANIFEST_YAML.replace(
      'description: Counts words.',
      'description: Counts words.\n    handler: ./src/a.ts',
    );
    expect(told(await bringFile('manifest.yaml', text))).toEqual(['tools[0].handler', 'tools[0]', 'LICENSE']);
  });

  it.each([
    ['a folder', () => place({ 'manifest.yaml': MANIFEST_YAML })],
    ['a file', () => join(place({ 'manifest.yaml': MANIFEST_YAML }), 'manifest.yaml')],
    ['a file of another name', () => join(place({ 'words.yml': MANIFEST_YAML }), 'words.yml')],
  ])('without a module has tools that say what is missing, from %s [R-MIGRATE-4]', async (_, make) => {
    const brought = await bring(make());
    expect(told(brought)).toEqual(['tools[0]', 'LICENSE']);
    const [tool] = brought.skill.tools;
    expect(tool?.parameters).toEqual({
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
      additionalProperties: false,
    });
    expect(tool?.returns).toEqual({ type: 'integer' });
    expect(brought.read('scripts/count_words.sh')).toMatch(/not implemented.*>&2\nexit 1\n$/);
  });
});

it('scripts that are there already are not overwritten by those that say what is missing [R-MIGRATE-4]', async () => {
  const files = { 'manifest.yaml': MANIFEST_YAML, 'scripts/count_words.sh': 'echo mine\n' };
  const brought = await bring(place(files));
  expect(brought.read('scripts/count_words.sh')).toBe('echo mine\n');
  expect(brought.read('scripts/tool-count_words.sh')).toContain('not implemented');
});

describe('who it is', () => {
  it.each([
    ['my-skill', 'custom.my-skill'],
    ['cloud.aws', 'cloud.aws'],
  ])('is said by --name %s', async (name, id) => {
    const { skill } = await bringFile('skill.json', SKILL_JSON, { name });
    expect(skill.id).toBe(id);
  });

  it.each(['../up', '/root', 'a/b', 'A', '', '.', '..', 'a.b.c', 'a\u200b', '-a'])(
    'is never a path: %j [R-MIGRATE-5]',
    async (name) => {
      const source = join(place({ 'skill.json': SKILL_JSON }), 'skill.json');
      await expect(importSkill({ source, name })).rejects.toMatchObject({ code: 'E_USAGE' });
    },
  );
});

describe('what is refused, and leaves nothing behind', () => {
  const wrong: readonly (readonly [name: string, files: Record<string, string>, codes: readonly string[]])[] = [
    ['SKILL.md', { 'SKILL.md': 'no front matter\n' }, ['M_FRONT_MATTER']],
    ['skill.json', { 'skill.json': '{"name": "A b", "type": "code_inline"' }, ['M_SYNTAX']],
    ['skill.json', { 'skill.json': '{"name": "a", "description": "b", "type": "x"}' }, ['M_MISSING', 'M_CHOICE']],
    ['manifest.yaml', { 'manifest.yaml': 'name: a\nname: b\n' }, ['M_SYNTAX']],
    ['manifest.yaml', { 'manifest.yaml': 'name: "../a"\ndescription: b\nversion: "1.0.0"\n' }, ['M_NAME']],
    ['x.json', { 'x.json': '{' }, ['M_SYNTAX']],
    ['x.yaml', { 'x.yaml': 'a: *b\n' }, ['M_SYNTAX']],
    ['x.json', { 'x.json': `{"a": ${'['.repeat(60)}${']'.repeat(60)}}` }, ['M_TOO_DEEP']],
    ['x.json', { 'x.json': `{"tools": [${'0,'.repeat(20_000)}0]}` }, ['M_TOO_MANY_NODES']],
    ['x.json', { 'x.json': '{"__proto__": 1, "tools": []}' }, ['M_UNSAFE_KEY']],
    [
      'skill.json',
      { 'skill.json': JSON.stringify({ ...JSON.parse(SKILL_JSON), type: 'code_session', command: 'perl' }) },
      ['M_SESSION'],
    ],
  ];
  it.each(wrong)('%s with the problems of validate: %j [R-MIGRATE-6]', async (name, files, codes) => {
    const { problems } = await refuse(join(place(files), name));
    expect([...new Set(problems.filter(({ severity }) => severity === 'error').map(({ code }) => code))]).toEqual(
      expect.arrayContaining([...codes]),
    );
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['a folder with nothing', { 'a.txt': '' }, '.', 'E_USAGE'],
    ['a native skill', { 'skill.toml': '' }, '.', 'E_USAGE'],
    ['a file of another kind', { 'a.txt': '' }, 'a.txt', 'E_USAGE'],
    ['JSON of something else', { 'package.json': '{"name": "a", "version": "1.0.0"}' }, 'package.json', 'E_USAGE'],
    ['YAML of something else', { 'a.yaml': 'on: push\n' }, 'a.yaml', 'E_USAGE'],
    ['an error of a server', { 'a.json': '{"jsonrpc": "2.0", "error": {"code": 1}}' }, 'a.json', 'E_USAGE'],
    ['nothing at all', {}, 'gone', 'E_NOT_FOUND'],
    ['a name for two systems', { 'SKILL.md': SKILL_MD, 'a.txt': '', 'A.txt': '' }, '.', 'E_PACKAGE'],
    ['a file of a megabyte and more', { 'a.json': ' '.repeat(1024 * 1024 + 1) }, 'a.json', 'E_PACKAGE'],
  ])('%s [R-MIGRATE-6]', async (_, files, source, code) => {
    const folder = place({ ...files, 'keep/x': '' });
    const to = join(folder, 'out');
    await expect(importSkill({ source: join(folder, source), to })).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(/./) as string,
    });
    expect(isThere(to)).toBe(false);
  });

  it('links and pipes in a folder, wherever they lead [R-MIGRATE-6]', async () => {
    const linked = place({ 'SKILL.md': SKILL_MD });
    symlinkSync('/etc/passwd', join(linked, 'secret'));
    const piped = place({ 'SKILL.md': SKILL_MD });
    execFileSync('mkfifo', [join(piped, 'pipe')]);
    for (const source of [linked, piped, join(piped, 'pipe')])
      await expect(importSkill({ source, to: join(linked, 'out') })).rejects.toMatchObject({
        code: expect.stringMatching(/^E_(?:PACKAGE|NOT_FOUND|USAGE)$/) as string,
      });
  });
});

describe('the folder it goes to', () => {
  const source = (): string => join(place({ 'skill.json': SKILL_JSON }), 'skill.json');

  it('may be there and empty, or below folders that are not there [R-MIGRATE-3]', async () => {
    const parent = place({ 'x/.keep': '' });
    await bring(source(), { to: join(parent, 'a', 'b', 'c') });
    execFileSync('mkdir', [join(parent, 'empty')]);
    await bring(source(), { to: join(parent, 'empty') });
  });

  it('is not the one it runs in, which would be gone from under whoever stands there [R-MIGRATE-3]', async () => {
    const before = process.cwd();
    const parent = place({ 'x/.keep': '' });
    execFileSync('mkdir', [join(parent, 'empty')]);
    process.chdir(join(parent, 'empty'));
    try {
      await expect(importSkill({ source: source(), to: '.' })).rejects.toMatchObject({ code: 'E_USAGE' });
    } finally {
      process.chdir(before);
    }
  });

  it('is taken away again with the folders around it when the source has an error [R-MIGRATE-3]', async () => {
    const parent = place({ 'x/.keep': '' });
    const bad = JSON.stringify({ ...JSON.parse(SKILL_JSON), type: 'code_session', command: 'perl' });
    const wrong = join(place({ 'skill.json': bad }), 'skill.json');
    expect(await importSkill({ source: wrong, to: join(parent, 'a', 'b', 'c') })).toMatchObject({ ready: false });
    expect(readdirSync(parent)).toEqual(['x']);
  });

  it('is refused where nothing can be written', async () => {
    const parent = place({ file: '' });
    await expect(importSkill({ source: source(), to: join(parent, 'file', 'out') })).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringContaining('ENOTDIR') as string,
    });
  });

  it.each<[string, (parent: string) => void]>([
    ['a folder with something in it', (parent) => execFileSync('mkdir', ['-p', join(parent, 'out', 'x')])],
    ['a file', (parent) => execFileSync('touch', [join(parent, 'out')])],
    ['a link to an empty folder', (parent) => symlinkSync(place({}), join(parent, 'out'))],
    ['a link to nowhere', (parent) => symlinkSync('nowhere', join(parent, 'out'))],
  ])('is never %s, and stays as it was [R-MIGRATE-3]', async (_, make) => {
    const parent = place({ 'x/.keep': '' });
    make(parent);
    const before = execFileSync('ls', ['-lAR', parent]).toString();
    await expect(importSkill({ source: source(), to: join(parent, 'out') })).rejects.toMatchObject({
      code: 'E_USAGE',
      details: { reason: 'target_taken' },
    });
    expect(execFileSync('ls', ['-lAR', parent]).toString()).toBe(before);
  });
});
