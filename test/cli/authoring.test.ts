import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TEMPLATES } from '../../src/template/templates.ts';
import { scratch, write } from '../runtime/folders.ts';
import { atTerminal, hasScript } from './at-terminal.ts';
import { jsonOf, skill } from './support.ts';

const root = scratch();
const home = join(root, 'home');
const here = { cwd: root, home };

const BUILT = new Set(['wasm-js', 'wasm-as', 'wasm-c', 'wasm-rust', 'full']);
/** What compiles in a second or two is tried under several names. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  knowledge: ['tide-tables', 'x', 'tool.my-guide'],
  recipe: ['list', 'a1-b2'],
};

/** How each is run, and what it then says. */
const RUNS: Readonly<Record<string, readonly [words: readonly string[], says: string]>> = {
  script: [['count', '--text', 'one two three', '--grant', 'terminal_exec=sh'], '{\n  "words": 3\n}\n'],
  'wasm-js': [['greet', '--name', 'Ada', '--loud'], 'HELLO, ADA!\n'],
  'wasm-as': [['greet', '--name', 'Ada'], 'Hello, Ada!\n'],
  'wasm-c': [['greet', '--name', 'Ada'], 'Hello, Ada!\n'],
  'wasm-rust': [['greet', '--name', 'Ada'], 'Hello, Ada!\n'],
  full: [['greet', '--name', 'Ada'], 'Hello, Ada!\n'],
};

describe('skill init [R-INIT-1]', () => {
  it.each(Object.keys(TEMPLATES).flatMap((name) => (NAMES[name] ?? ['greeter']).map((id) => [name, id] as const)))(
    'of the template %s as %s makes a skill that builds, validates strictly, passes its tests and runs [only where its compiler is]',
    async (template, id) => {
      const made = await skill(['init', id, '--template', template, '--into', template, '--format', 'json'], here);
      const { folder, files } = jsonOf(made) as unknown as { folder: string; files: string[] };
      expect(files).toContain('skill.toml');
      if (BUILT.has(template)) {
        const built = await skill(['build', folder], here);
        expect(built.stderr).toBe('');
        expect(built).toMatchObject({ code: 0, stdout: expect.stringMatching(/^built .*bin\/.*\.wasm \(/) });
      }
      const valid = await skill(['validate', '--strict', folder], here);
      expect(valid.stdout).toMatch(/: valid \(\S+; 0 errors, 0 warnings\)\n$/);
      const tested = await skill(['test', folder], here);
      expect(tested.stdout).toMatch(/ [1-9]\d* passed, 0 failed\n$/);
      expect(tested.code).toBe(0);
      const [words = [], says = ''] = RUNS[template] ?? [];
      if (says !== '') expect(await skill(['run', folder, ...words], here)).toMatchObject({ code: 0, stdout: says });
    },
    120_000,
  );

  it('says what was made and what comes next, without a terminal', async () => {
    const { code, stdout, stderr } = await skill(['init', 'notes', '-t', 'knowledge', '--into', 'said'], here);
    expect(code).toBe(0);
    expect(stdout).toBe(
      'custom.notes is in said/notes\n  LICENSE\n  README.md\n  knowledge/overview.md\n  skill.toml\n  tests/knowledge_test.md\n',
    );
    expect(stderr).toBe('next:\n  skill validate said/notes\n  skill test said/notes\n');
  });

  it.skipIf(!hasScript)('asks at a terminal for what is not said [only where script(1) is]', async () => {
    const at = join(root, 'asked');
    write(at, { kept: '' });
    const { code, screen } = await atTerminal(
      ['init'],
      [
        [/What is it to be\?[^]*knowledge/, '\u001b[B\r'],
        [/What is it called\?/, 'folders\r'],
      ],
      { cwd: at, home },
    );
    expect(code).toBe(0);
    expect(screen).toContain('custom.folders is in folders');
    expect(existsSync(join(at, 'folders/recipes/make-folder.yaml'))).toBe(true);
  });

  it.each<[words: string[], says: RegExp]>([
    [['init'], /it is not said what to begin with[^]*--template knowledge, recipe, script, wasm-js/],
    [['init', '-t', 'knowledge'], /missing required argument 'name'/],
    [['init', 'x', '-t', 'java'], /there is no template "java"[^]*one of knowledge, recipe/],
    [['init', '../x', '-t', 'script'], /"\.\.\/x" is no name for a skill/],
    [['init', 'X', '-t', 'script'], /is no name/],
    [['init', 'a--b', '-t', 'script'], /is no name/],
    [['init', 'a.b.c', '-t', 'script'], /is no name/],
    [['init', 'x'.repeat(64), '-t', 'script'], /is no name/],
    [['init', 'home', '-t', 'script', '--into', '.'], /"home" is there already/],
  ])('%j is refused, and writes nothing [R-INIT-2]', async (words, says) => {
    write(root, { 'home/kept': '' });
    expect(await skill(words, here)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
    expect(existsSync(join(root, 'x'))).toBe(false);
  });
});

describe('skill build', () => {
  it('of something that does not compile says what the compiler said, and leaves the module [R-BUILD-2]', async () => {
    await skill(['init', 'kept', '-t', 'wasm-as', '--into', 'broken'], here);
    const folder = join(root, 'broken/kept');
    expect((await skill(['build', folder], here)).code).toBe(0);
    const module = readFileSync(join(folder, 'bin/kept.wasm'));
    writeFileSync(join(folder, 'assembly/index.ts'), 'export function greet(): i32 { retrun 1; }\n');
    const { code, stdout, stderr } = await skill(['build', folder], here);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain("Cannot find name 'retrun'");
    expect(stderr).toContain('E_BUILD');
    expect(readFileSync(join(folder, 'bin/kept.wasm')).equals(module)).toBe(true);
  });

  it('of a folder with nothing to compile says what would be', async () => {
    await skill(['init', 'plain', '-t', 'script', '--into', 'broken'], here);
    expect(await skill(['build', 'broken/plain'], here)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has nothing to build[^]*guest\/index\.ts/),
    });
  });
});

describe('skill test of tools', () => {
  it('speaks JUnit, with what failed escaped [R-TRIAL-5]', async () => {
    await skill(['init', 'counted', '-t', 'script', '--into', 'junit'], here);
    const file = join(root, 'junit/counted/tests/tool_test.yaml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('words: 3', 'words: 4').replace('three words', '<three> & "words"'),
    );
    const { code, stdout } = await skill(['test', 'junit/counted', '--format', 'junit'], here);
    expect(code).toBe(1);
    expect(stdout).toContain('<testsuite name="custom.counted" tests="2" failures="1" errors="0">');
    expect(stdout).toContain('name="count: &lt;three&gt; &amp; &quot;words&quot;"');
    expect(stdout).toMatch(/<failure message="expected the result [^"]*">but [^<]*words[^<]*<\/failure>/);
  });
});

describe('skill run --record and skill replay', () => {
  const files = { cwd: root, home };
  const record = async (name: string): Promise<string> => {
    write(root, { 'notes.md': '# One\n\nTwo words\n' });
    const words = ['run', 'tool.files', 'summarize', '--path', 'notes.md', '--grant', 'filesystem_read=.'];
    expect(await skill([...words, '--record', name], files)).toMatchObject({ code: 0 });
    return readFileSync(join(root, name), 'utf8');
  };

  it('give the same result and the same fuel, with nothing granted and the file gone [R-RECORD-1]', async () => {
    await record('one.jsonl');
    writeFileSync(join(root, 'notes.md'), 'something else');
    const { code, stdout, stderr } = await skill(['replay', 'one.jsonl'], files);
    expect({ code, words: (JSON.parse(stdout) as { words: number }).words }).toEqual({ code: 0, words: 4 });
    expect(stderr).toMatch(/^the same: 1 host calls, \d+ instructions\n$/);
  });

  it('tell where a run goes another way, and exit with 1 [R-RECORD-2]', async () => {
    const text = await record('two.jsonl');
    write(root, { 'other.jsonl': text.replace('"path":"notes.md"', '"path":"other.md"') });
    const { code, stdout, stderr } = await skill(['replay', 'other.jsonl'], files);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /^diverged at call 1: recorded "fs\.read-file \[\\"notes\.md\\"\]", replayed "fs\.read-file \[\\"other\.md\\"\]" $/,
    );
    expect(jsonOf(await skill(['replay', 'other.jsonl', '--format', 'json'], files))).toMatchObject({
      same: false,
      divergence: { at: 'call 1' },
    });
  });

  it('write over nothing, and replay nothing that is no recording', async () => {
    await record('three.jsonl');
    const words = ['run', 'tool.text', 'slugify', '--text', 'A', '--record', 'three.jsonl'];
    expect(await skill(words, files)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it is there already'),
    });
    expect(await skill(['replay', 'notes.md'], files)).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/"notes\.md", line 1: it is no JSON object/),
    });
    expect(await skill(['replay', 'nothing'], files)).toMatchObject({ code: 1 });
  });
});
