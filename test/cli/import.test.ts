import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch, write } from '../runtime/folders.ts';
import { expectInert, jsonOf, skill } from './support.ts';

const root = scratch();
let count = 0;

function place(files: Readonly<Record<string, string>>): string {
  const folder = join(root, `case-${(count += 1)}`);
  write(folder, files);
  return folder;
}

const TOOLS = JSON.stringify({
  tools: [{ name: 'look_up', description: 'Looks a word up.', inputSchema: { type: 'object', 'x-odd': true } }],
});

describe('skill import', () => {
  it('writes into a folder named after the skill, which validates [R-MIGRATE-8]', async () => {
    const cwd = place({ 'words.json': TOOLS });
    const { code, stdout } = await skill(['import', 'words.json'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('imported as custom.words 0.1.0, into words:');
    expect(readdirSync(cwd).toSorted()).toEqual(['words', 'words.json']);
    const valid = await skill(['validate', '--strict', 'words'], { cwd });
    expect(valid).toMatchObject({ code: 0, stdout: 'words: valid (custom.words; 0 errors, 0 warnings)\n' });
  });

  it('says everything on lines of 80 columns, which no text of the source can disturb', async () => {
    const odd = JSON.stringify({
      title: 'A title '.repeat(20),
      prompt: `\u001b[2J{{ x | ${'y'.repeat(200)} }}`,
      extensions: [{ name: '\u001b]0;x\u0007\u202e' }],
      'odd\u001b[1m': 1,
    });
    const cwd = place({ 'odd.json': odd });
    const { code, stdout, stderr } = await skill(['import', 'odd.json'], { cwd, env: { COLUMNS: '200' } });
    expect(code).toBe(0);
    expectInert(stdout + stderr);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('gives programs one object', async () => {
    const cwd = place({ 'words.json': TOOLS });
    const ended = await skill(['import', 'words.json', '--to', 'a/b', '--name', 'tool.words', '--format', 'json'], {
      cwd,
    });
    expect(ended.code).toBe(0);
    const said = jsonOf(ended) as Record<string, unknown>;
    expect(Object.keys(said)).toEqual(['source', 'kind', 'folder', 'files', 'notCarried']);
    expect(said).toMatchObject({
      source: 'words.json',
      kind: 'mcp-tools',
      folder: 'a/b',
      files: ['LICENSE', 'README.md', 'scripts/look_up.sh', 'skill.toml'],
    });
    for (const entry of said['notCarried'] as Record<string, unknown>[])
      expect(Object.keys(entry)).toEqual(['field', 'why', 'fix']);
  });

  it.each<[format: string, start: RegExp]>([
    ['text', /^w\.json:1:\d+ error M_MISSING tools\[0\]\.name: /],
    ['json', /^\[\n {2}\{\n {4}"path": "w\.json"/],
  ])('prints problems of the source as skill validate does, as %s [R-MIGRATE-6]', async (format, start) => {
    const cwd = place({ 'w.json': '{"tools": [{}]}' });
    const { code, stdout } = await skill(['import', 'w.json', '--format', format], { cwd });
    expect(code).toBe(5);
    expect(stdout).toMatch(start);
    expect(readdirSync(cwd)).toEqual(['w.json']);
  });

  it.each<[name: string, words: readonly string[], code: number, said: RegExp]>([
    ['nothing there', ['gone'], 1, /E_NOT_FOUND/],
    ['something else', ['a.txt'], 2, /SKILL\.md[^]*skill\.json[^]*manifest\.yaml[^]*MCP[^]*Goose[^]*E_USAGE/],
    ['a taken folder', ['words.json', '--to', '.'], 2, /nothing is overwritten[^]*--to[^]*E_USAGE/],
    ['a name that is a path', ['words.json', '--name', '../x'], 2, /E_USAGE/],
    ['another format', ['words.json', '--format', 'sarif'], 2, /E_USAGE/],
    ['no source', [], 2, /E_USAGE/],
  ])('refuses %s [R-MIGRATE-3, R-MIGRATE-6]', async (_, words, code, said) => {
    const cwd = place({ 'words.json': TOOLS, 'a.txt': '' });
    const ended = await skill(['import', ...words], { cwd });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(said);
    expect(readdirSync(cwd).toSorted()).toEqual(['a.txt', 'words.json']);
  });
});
