import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scratch, write } from '../runtime/folders.ts';
import { GRANTED, NOTE, writeRecipes } from './recipe-skills.ts';
import { expectInert, jsonOf, MAIN, skill } from './support.ts';

const root = scratch();
const { skill: folder } = writeRecipes(root);
const installed = join(root, 'home', 'skills');
write(installed, {
  'notes/skill.toml': `[skill]\nid = "custom.installed"\nname = "N"\ndescription = "D"\nversion = "0.1.0"\napi_version = "1.0"\n[capabilities]\nterminal_exec = { allowed = true, commands = ["touch", "rm", "cat", "false", "printf"] }\n`,
  'notes/recipes/note.yaml': NOTE,
});

/** A folder of its own to work in, with a home of its own. */
function place(): { readonly cwd: string; readonly home: string } {
  const cwd = mkdtempSync(join(root, 'work-'));
  return { cwd, home: join(cwd, '.home') };
}

const run = (recipe: string, ...words: string[]): string[] => [
  'recipe',
  'run',
  recipe,
  '--skill',
  folder,
  ...GRANTED,
  ...words,
];
const madeIn = (cwd: string): string[] => readdirSync(cwd).filter((name) => name.endsWith('.txt'));

describe('skill recipe run [R-WORKFLOW-1]', () => {
  it('runs the steps in order, tells each, and prints what was registered', async () => {
    const at = place();
    const { code, stdout, stderr } = await skill(run('make-note', '-p', 'who=Ada Lovelace'), at);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'greeting: hello, Ada Lovelace\n' });
    const lines = stderr.split('\n').map((line) => line.replace(/ in \d.*$/, ' in T'));
    expect(lines.slice(1)).toEqual([
      '[1/3] make: touch note.txt',
      '[1/3] make: done in T',
      "[2/3] greet: printf 'hello, Ada Lovelace\\n'",
      '[2/3] greet | hello, Ada Lovelace',
      '[2/3] greet: done in T',
      '[3/3] break: skipped',
      'verification 1/1: The note is there',
      'make-note: success in T',
      '',
    ]);
    expect(madeIn(at.cwd)).toEqual(['looked.txt', 'note.txt']);
  });

  it.each<[what: string, words: string[]]>([
    ['its id, where one skill has it', ['make-note']],
    ['its skill and id', ['custom.installed.make-note']],
    ['its id and a skill', ['make-note', '--skill', 'custom.installed']],
    ['its id and a folder', ['make-note', '--skill', join(installed, 'notes')]],
  ])('finds a recipe by %s', async (_what, words) => {
    const { cwd } = place();
    const grant = GRANTED.slice(0, 1).concat('terminal_exec=touch,rm,cat,false,printf');
    const { code, stdout, stderr } = await skill(['recipe', 'run', ...words, ...grant, '--dry-run'], {
      cwd,
      home: join(root, 'home'),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('make-note would do this; nothing was done\n');
  });

  it.each<[what: string, file: string]>([
    ['YAML', 'who: Ada\nfail: true\n'],
    ['JSON', '{"who": "Ada", "fail": true}'],
  ])('takes parameters from a file of %s; -p counts more', async (_what, text) => {
    const at = place();
    writeFileSync(join(at.cwd, 'values'), text);
    const { code, stdout } = await skill(run('make-note', '--params', 'values', '-p', 'fail=no'), at);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'greeting: hello, Ada\n' });
  });

  it.each<[what: string, words: string[], code: number, says: RegExp]>([
    ['no recipe', [], 2, /missing required argument 'recipe'/],
    ['an unknown one', ['make-not'], 1, /did you mean make-note\?/],
    ['a pair without a name', ['make-note', '-p', '=x'], 2, /is no NAME=VALUE/],
    ['an unknown parameter', ['make-note', '-p', 'wo=x'], 5, /wo/],
    ['a value of another type', ['make-note', '-p', 'fail=perhaps'], 5, /fail/],
    ['a file that is not there', ['make-note', '--params', 'gone.yaml'], 1, /gone\.yaml" cannot be read: ENOENT/],
    ['a format that is not there', ['make-note', '--format', 'yaml'], 2, /one of text, json/],
    ['a grant of nothing', ['make-note', '--grant', 'terminal'], 2, /no capability "terminal"/],
  ])('with %s says so and does nothing', async (_what, words, code, says) => {
    const { cwd } = place();
    const ended = await skill(['recipe', 'run', ...words], { cwd, home: join(root, 'home') });
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) });
    expect(madeIn(cwd)).toEqual([]);
  });
});

describe('a recipe that fails [R-WORKFLOW-2]', () => {
  it('is rolled back, and tells what was undone and what is left', async () => {
    const at = place();
    const { code, stdout, stderr } = await skill(run('make-note', '-p', 'fail=true'), at);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('rolling back 1, for break: exit code 1\nundo 1/1 of make: Remove the note\nundo: done\n');
    expect(stderr).toMatch(/ {2}undone {7}make\n {2}left {9}greet\n {2}failed, left break\n/);
    expect(stderr).toMatch(
      /error: the recipe make-note failed at break: exit code 1\n {2}fix: still there, .*: greet, break\n {2}code: E_RECIPE\n/,
    );
    expect(madeIn(at.cwd)).toEqual(['looked.txt']);
  });

  it.each([
    ['command_ms=300', 1, 'sleep ran longer than command_ms = 300'],
    ['timeout_ms=300', 2, 'a recipe has no deadline'],
  ])('with --limit %s ends with %d: %s', async (limit, exit, says) => {
    const { code, stderr } = await skill(run('wait', '--limit', limit), place());
    expect({ code, stderr: stderr.replaceAll(/\s+/g, ' ') }).toEqual({
      code: exit,
      stderr: expect.stringContaining(says),
    });
  });

  it('without a grant is refused by the gate, and says how to grant it', async () => {
    const { cwd, home } = place();
    const { code, stderr } = await skill(['recipe', 'run', 'wait', '--skill', folder], { cwd, home });
    expect(code).toBe(1);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('denied by grant: terminal_exec "touch note.txt"');
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('--grant terminal_exec=touch');
  });

  it('whose preconditions do not hold does nothing, and tells all of them', async () => {
    const at = place();
    const { code, stderr } = await skill(['recipe', 'run', 'make-note', '--skill', folder], at);
    expect(code).toBe(1);
    expect(stderr).toMatch(/the recipe make-note cannot run here: denied by grant: terminal_exec "touch looked\.txt"/);
    expect(stderr).toContain('code: E_PRECONDITION');
    expect(madeIn(at.cwd)).toEqual([]);
  });
});

describe('skill recipe run --dry-run [R-WORKFLOW-3]', () => {
  it('shows values, decisions, confirmations and what undoes a step, and does nothing at all', async () => {
    const at = place();
    const { code, stdout } = await skill(
      [...run('make-note', '--dry-run', '-p', "who=it's"), '--grant', 'terminal_exec=sh'],
      at,
    );
    expect(code).toBe(0);
    for (const line of [
      '  who = "it\'s"',
      '  installed: touch, cat',
      '  succeeds: touch looked.txt',
      '  1/3 Make it\n      touch note.txt\n      allowed by grant: terminal_exec = "touch"\n      undone by rm note.txt',
      `      printf 'hello, it'\\''s\\n'`,
      '  3/3 break (is skipped)',
      'last makes sure of\n  The note is there',
    ])
      expect(stdout).toContain(line);
    expect(madeIn(at.cwd)).toEqual([]);
    expect(existsSync(join(at.home, 'journal'))).toBe(false);
  });

  it('says which step would be refused, and which would ask', async () => {
    const at = place();
    const words = ['recipe', 'run', 'ask', '--skill', folder, '--dry-run', '-p', 'token=abcdef', '-p', 'color=red'];
    const { stdout } = await skill(words, at);
    expect(stdout).toContain('denied by grant: terminal_exec = []');
    expect(stdout).toMatch(/1\/2 first[^]*asks\n[^]*2\/2 second[^]*asks for a typed yes/);
    expect(stdout).toContain('token = "[secret]"');
    expect((await skill([...words, '--yes'], at)).stdout).toMatch(
      /1\/2 first[^]*is confirmed by --yes\n[^]*asks for a typed yes/,
    );
  });
});

describe('a run that was cut off [R-WORKFLOW-4]', () => {
  /** Starts the recipe that waits, and ends it while it does. */
  async function cutOff(
    at: { readonly cwd: string; readonly home: string },
    signal: NodeJS.Signals,
  ): Promise<number | string> {
    const child = spawn(process.execPath, [MAIN, ...run('wait')], {
      cwd: at.cwd,
      env: { ...process.env, SKILLHOST_HOME: at.home },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    while (!said.includes('[2/3] rest: sleep 30')) await sleep(20);
    child.kill(signal);
    const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
    return code ?? killedBy ?? '';
  }

  it.each<[signal: NodeJS.Signals, code: number | string]>([
    ['SIGKILL', 'SIGKILL'],
    ['SIGINT', 130],
    ['SIGTERM', 130],
  ])('by %s is listed, and carried on when somebody says what became of the step', async (signal, code) => {
    const at = place();
    expect(await cutOff(at, signal)).toBe(code);
    const [listed] = jsonOf(await skill(['recipe', 'runs', '--format', 'json'], at)) as unknown as {
      run: string;
      state: string;
    }[];
    expect(listed).toMatchObject({ state: 'stopped', recipe: 'wait', skill: 'custom.notes', directory: at.cwd });
    const doubt = await skill(['recipe', 'resume'], at);
    expect(doubt).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/step rest: sleep 30[^]*--settle done[^]*E_DOUBT/),
    });
    expect(madeIn(at.cwd)).toEqual(['note.txt']);
    expect((await skill(['recipe', 'resume', listed?.run.slice(0, 8) ?? '', '--settle', 'done'], at)).code).toBe(0);
    expect(madeIn(at.cwd)).toEqual(['last.txt', 'note.txt']);
    expect((await skill(['recipe', 'resume'], at)).stderr).toContain('no run of a recipe was cut off');
  });

  it('is undone by rollback, from any directory', async () => {
    const at = place();
    await cutOff(at, 'SIGKILL');
    const { code, stderr } = await skill(['recipe', 'rollback'], { ...at, cwd: root });
    expect(stderr).toContain('undo 1/1 of make: rm note.txt\nundo: done\n');
    expect(code).toBe(0);
    expect(madeIn(at.cwd)).toEqual([]);
    expect((await skill(['recipe', 'runs'], at)).stdout).toMatch(/rolled_back +custom\.notes\.wait/);
  });

  it('of which all went well can be undone as well, once', async () => {
    const at = place();
    await skill(run('make-note'), at);
    const [listed] = jsonOf(await skill(['recipe', 'runs', '--format', 'json'], at)) as unknown as { run: string }[];
    const id = listed?.run ?? '';
    expect((await skill(['recipe', 'rollback', id], at)).code).toBe(0);
    expect(madeIn(at.cwd)).toEqual(['looked.txt']);
    expect(await skill(['recipe', 'rollback', id], at)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has been rolled back'),
    });
  });

  it('tells all of one run, whatever was done since', async () => {
    const at = place();
    await skill(run('make-note', '-p', 'fail=true'), at);
    const [listed] = jsonOf(await skill(['recipe', 'runs', '--format', 'json'], at)) as unknown as { run: string }[];
    const { stdout, stderr } = await skill(['recipe', 'runs', listed?.run ?? ''], at);
    expect({ stdout, isTold: /undone {7}make\n/.test(stderr) }).toEqual({ stdout: '', isTold: true });
    const whole = jsonOf(await skill(['recipe', 'runs', listed?.run ?? '', '--format', 'json'], at));
    expect(whole).toMatchObject({ state: 'failed', report: { rolledBack: ['make'], failure: { at: 'break' } } });
  });

  it('is not carried on when its recipe was changed since', async () => {
    const at = place();
    const own = join(at.cwd, 'skill');
    mkdirSync(join(own, 'recipes'), { recursive: true });
    const files = { 'skill.toml': undefined, 'recipes/slow.yaml': undefined };
    for (const name of Object.keys(files)) {
      const { copyFileSync } = await import('node:fs');
      copyFileSync(join(folder, name), join(own, name));
    }
    await skill(['recipe', 'run', 'wait', '--skill', own, '--grant', 'terminal_exec=rm'], at);
    const [listed] = jsonOf(await skill(['recipe', 'runs', '--format', 'json'], at)) as unknown as { run: string }[];
    writeFileSync(
      join(own, 'recipes/slow.yaml'),
      'id: wait\nname: W\ndescription: D\nversion: 1.0.0\nsteps: [{ id: make, command: touch x }]\n',
    );
    const { code, stderr } = await skill(['recipe', 'runs', listed?.run ?? ''], at);
    expect(code).toBe(7);
    expect(stderr).toContain('the recipe wait was changed since the run began');
    rmSync(own, { recursive: true });
  });

  it.each<[words: string[], code: number, says: RegExp]>([
    [['resume', 'nobody'], 1, /there is no run "nobody"/],
    [['resume', '--settle', 'perhaps'], 2, /none of done, redo and left/],
    [['rollback', 'nobody'], 1, /skill recipe runs/],
    [['runs', 'nobody'], 1, /there is no run/],
  ])('%j exits with %i', async (words, code, says) => {
    expect(await skill(['recipe', ...words], place())).toMatchObject({ code, stderr: expect.stringMatching(says) });
  });
});

describe('without a terminal [R-WORKFLOW-5]', () => {
  const given = ['-p', 'token=a-secret-token', '-p', 'color=red'];

  it('a question is an error and no yes; what was asked did not happen', async () => {
    const at = place();
    const { code, stderr } = await skill(run('ask', ...given), at);
    expect(code).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /the step "first" wants a yes, and there is nobody to ask fix: .*--yes/,
    );
    expect(madeIn(at.cwd)).toEqual([]);
  });

  it('--yes agrees, but not to what always asks', async () => {
    const at = place();
    const { code, stderr } = await skill(run('ask', '--yes', ...given), at);
    expect(code).toBe(2);
    expect(stderr).toContain('the step "second" wants a yes');
    expect(stderr).toContain('nothing was done');
    expect(madeIn(at.cwd)).toEqual([]);
  });

  it('what is missing is told, and a secret is nowhere', async () => {
    const at = place();
    expect(await skill(run('ask', '-p', 'color=red'), at)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('token'),
    });
    const { stdout, stderr } = await skill(run('ask', '--yes', '--format', 'json', ...given), at);
    expect(stdout + stderr).not.toContain('a-secret-token');
    expectInert(stdout);
  });
});

describe('for programs [R-WORKFLOW-6]', () => {
  it('--format json writes one event a line, and last how it ended', async () => {
    const { stdout } = await skill(run('make-note', '-p', 'fail=true', '--format', 'json'), place());
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type?: string });
    expect(lines.map(({ type }) => type ?? 'end')).toEqual([
      'recipe-started',
      'step-started',
      'step-ended',
      'step-started',
      'step-output',
      'step-ended',
      'step-started',
      'step-ended',
      'rolling-back',
      'undo-started',
      'undo-ended',
      'recipe-ended',
      'end',
    ]);
    expect(lines.at(-1)).toMatchObject({
      ok: false,
      error: { code: 'E_RECIPE', details: { report: { result: 'failed', rolledBack: ['make'] } } },
    });
  });

  it('validates files and folders, as text, JSON and SARIF', async () => {
    const file = join(root, 'wrong.yaml');
    writeFileSync(
      file,
      'id: a\nname: A\ndescription: D\nversion: 1.0.0\nsteps:\n  - id: x\n    command: echo {{nobody}}\n',
    );
    const text = await skill(['recipe', 'validate', file, folder]);
    expect(text.code).toBe(5);
    expect(text.stdout).toMatch(
      /wrong\.yaml:7:5 error M_UNKNOWN_NAME steps\[0\]\.command[^]*fix: declare it[^]*valid \(custom\.notes/,
    );
    const json = jsonOf(await skill(['recipe', 'validate', file, '--format', 'json'])) as unknown as object[];
    expect(json).toMatchObject([{ ready: false, problems: [{ code: 'M_UNKNOWN_NAME', line: 7, column: 5 }] }]);
    const sarif = jsonOf(await skill(['recipe', 'validate', file, '--format', 'sarif']));
    expect(sarif).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'M_UNKNOWN_NAME' }] }] });
    expect((await skill(['recipe', 'validate', join(root, 'gone')])).code).toBe(1);
  });
});

describe('what there is [R-WORKFLOW-7]', () => {
  const home = join(root, 'home');

  it('is listed, and those for a prompt by their triggers and this directory', async () => {
    expect((await skill(['recipe', 'list'], { home })).stdout).toMatch(
      /make-note +custom\.installed +who fail +Make a note\n/,
    );
    const { cwd } = place();
    const listFor = async (prompt: string): Promise<string> =>
      (await skill(['recipe', 'list', '--for', prompt], { cwd, home })).stdout;
    expect(await listFor('please jot down what I said')).toContain('make-note');
    expect(await listFor('remember the milk')).toBe('');
    writeFileSync(join(cwd, 'notebook.txt'), '');
    expect(await listFor('remember the milk')).toContain('make-note');
  });

  it('shows one: parameters, steps, verification, rollback', async () => {
    const { stdout } = await skill(['recipe', 'show', 'make-note'], { home });
    for (const part of [
      'who (string, default "world") Who is greeted',
      '1 Make it\n    touch note.txt',
      'rollback\n  make: Remove the note',
    ])
      expect(stdout).toContain(part);
    const json = jsonOf(await skill(['recipe', 'show', 'make-note', '--format', 'json'], { home }));
    expect(json).toMatchObject({
      id: 'make-note',
      skill: 'custom.installed',
      steps: [{ id: 'make' }, { id: 'greet' }, { id: 'break' }],
    });
  });

  it('is among the tools of its skill, and said to be a recipe', async () => {
    expect((await skill(['info', folder])).stdout).toContain('  make-note [--who] [--fail]  (recipe)\n');
    const json = jsonOf(await skill(['tools', folder, '--format', 'json'])) as unknown as object[];
    expect(Object.keys(json[0] ?? {}).toSorted()).toEqual(['description', 'input', 'name', 'parameters', 'skill']);
  });

  it('is put into the context of a prompt, by id, name and parameters', async () => {
    const { stdout } = await skill(['context', 'scribble a memo of it', '--format', 'json'], { home });
    const { systemContext, recipes } = JSON.parse(stdout) as { systemContext: string; recipes: object[] };
    expect(recipes).toMatchObject([{ id: 'make-note', skill: 'custom.installed', parameters: ['who', 'fail'] }]);
    expect((await skill(['context', 'scribble a memo of it', '--explain'], { home })).stdout).toContain(
      '\nrecipes on offer\n  custom.installed.make-note: Make a note\n',
    );
    expect(systemContext).toContain(
      'Recipe on offer: custom.installed.make-note (Make a note; parameters: who, fail).',
    );
  });

  it.each(['make a note of it', 'please jot down what I said'])(
    'is in no context by words of anybody: %j [R-CONTEXT-8]',
    async (prompt) => {
      const { stdout } = await skill(['context', prompt, '--format', 'json'], { home });
      expect((JSON.parse(stdout) as { recipes: object[] }).recipes).toEqual([]);
    },
  );

  it('is seen as it is now: a recipe that was added, changed or removed', async () => {
    const ids = async (): Promise<string[]> =>
      (
        jsonOf(await skill(['recipe', 'list', '--format', 'json'], { home })) as unknown as {
          id: string;
          skill: string;
        }[]
      )
        .filter(({ skill: of }) => of === 'custom.installed')
        .map(({ id }) => id);
    const second = join(installed, 'notes/recipes/second.yaml');
    await ids();
    writeFileSync(second, NOTE.replace('id: make-note', 'id: second'));
    expect(await ids()).toEqual(['make-note', 'second']);
    writeFileSync(second, NOTE.replace('id: make-note', 'id: third-one'));
    expect(await ids()).toEqual(['make-note', 'third-one']);
    rmSync(second);
    expect(await ids()).toEqual(['make-note']);
    expect(existsSync(second)).toBe(false);
  });
});
