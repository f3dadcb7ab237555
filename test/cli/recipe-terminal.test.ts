import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch, write } from '../runtime/folders.ts';
import { GRANTED, writeRecipes } from './recipe-skills.ts';
import { type Answer, atTerminal, hasScript } from './at-terminal.ts';

const root = scratch();
const { skill: folder } = writeRecipes(root);

/** Runs a recipe at a terminal, in a folder of its own. */
async function run(
  words: readonly string[],
  answers: readonly Answer[],
  files: Readonly<Record<string, string>> = {},
): Promise<{ code: number; screen: string; sent: string; made: string[] }> {
  const cwd = mkdtempSync(join(root, 'work-'));
  write(cwd, files);
  const ended = await atTerminal(words, answers, { cwd, home: join(cwd, '.home') });
  return { ...ended, made: readdirSync(cwd).filter((name) => name.endsWith('.txt')) };
}

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** What the first page shows below a command. */
function shownBelow(command: string): string {
  const [, shown = ''] = README.split(`$ ${command}\n`);
  return shown.slice(0, shown.indexOf('\n```'));
}

/** Without what is another each time. */
function steady(screen: string): string {
  return screen
    .replaceAll(/\d+(?:\.\d+)? m?s\b/g, 'T')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');
}

const SECRET = 'a-secret-token';
const RUN = ['recipe', 'run', 'ask', '--skill', folder];
const PARAMETERS: readonly Answer[] = [
  [/token: A token/, `${SECRET}\r`],
  [/color/, '\u001b[B\r'],
];
const GRANT: Answer = [/Allow it for this run\?/, 'y'];

describe.skipIf(!hasScript)('a recipe at a terminal [only where script(1) is] [R-WORKFLOW-5]', () => {
  it('asks for what is missing, for what it may touch, and before each step; the secret is not shown', async () => {
    const { code, screen, sent, made } = await run(RUN, [
      ...PARAMETERS,
      GRANT,
      [/first: touch first\.txt/, 'y'],
      [/Type yes to go on/, 'yes\r'],
    ]);
    expect(screen).toMatch(/custom\.notes asks for[^]*terminal_exec: touch, rm/);
    expect(screen).toMatch(/✓ 1\/2 first[^]*✓ 2\/2 second[^]*✓ success in/);
    expect(sent).not.toContain(SECRET);
    expect({ code, made }).toEqual({ code: 0, made: ['first.txt', 'second.txt'] });
  });

  it('takes only a typed yes for what always asks, and undoes nothing that it cannot', async () => {
    const { code, screen, made } = await run(RUN, [...PARAMETERS, GRANT, [/first: touch/, 'y'], [/Type yes/, 'y\r']]);
    expect({ code, made }).toEqual({ code: 3, made: ['first.txt'] });
    expect(screen).toMatch(/✗ declined[^]*code: E_DECLINED/);
  });

  it('asks for no grant to show what would be done', async () => {
    const { code, screen, made } = await run([...RUN, '--dry-run'], PARAMETERS);
    expect({ code, made }).toEqual({ code: 0, made: [] });
    expect(screen).toContain('touch first.txt');
    expect(screen).not.toContain('Allow it');
  });

  it('without the grant does nothing', async () => {
    const { code, screen, made } = await run(RUN, [...PARAMETERS, [GRANT[0], 'n'], [/first: touch/, 'y']]);
    expect({ code, made }).toEqual({ code: 1, made: [] });
    expect(screen).toContain('denied by grant');
  });

  it('looks as the first page shows it', async () => {
    const notes = { 'notes/a.md': 'hello\n', 'notes/b.md': 'there\n' };
    const asked = 'recipe run archive-folder';
    const good = await run(
      asked.split(' '),
      [[/folder: The folder/, 'notes\r'], [/archive: The archive/, 'notes.tar.gz\r'], GRANT],
      notes,
    );
    expect(steady(good.screen)).toContain(steady(shownBelow(`skill ${asked}`)));
    expect(good.code).toBe(0);
    const refused =
      'recipe run archive-folder -p folder=notes -p archive=more.tar.gz --grant terminal_exec=tar,awk,test,rm --grant filesystem_read=. --grant filesystem_write=.';
    const bad = await run(refused.split(' '), [], notes);
    expect(steady(bad.screen)).toContain(steady(shownBelow(`skill ${refused}`)));
    expect(bad.code).toBe(1);
  });

  it('shows a value of several lines on the line of its question, where it cannot pass for another', async () => {
    const step = 'id: tell\nname: Tell\ndescription: Tells\nversion: 1.0.0\nparameters:\n  - { name: who }\nsteps:\n';
    const manifest = readFileSync(join(folder, 'skill.toml'), 'utf8');
    write(root, {
      'tell/skill.toml': manifest,
      'tell/recipes/tell.yaml': `${step}  - { id: first, command: 'touch "{{who}}"', risk_level: high, confirmation: always }\n`,
    });
    const { code, screen, made } = await run(
      ['recipe', 'run', 'tell', '--skill', join(root, 'tell'), '-p', 'who=a\nrisk: none', '--yes', ...GRANTED],
      [[/Type yes/, 'no\r']],
    );
    expect(screen).toMatch(/touch 'a\\u\{a\}risk: none'/);
    expect(screen).not.toMatch(/^\W*risk: none/m);
    expect({ code, made }).toEqual({ code: 3, made: [] });
  });

  it('ends at Ctrl-C, with nothing done', async () => {
    const { code, made } = await run(RUN, [[/token: A token/, '\u0003']]);
    expect({ code, made }).toEqual({ code: 130, made: [] });
  });
});
