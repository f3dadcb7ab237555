import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runRecipeTests } from '../../src/recipe/test/run-recipe-tests.ts';
import { expectInert, jsonOf, skill } from '../cli/support.ts';
import { manifest, scratch, write } from '../runtime/folders.ts';

const root = scratch();
const home = join(root, 'home');
const here = { cwd: root, home };

const RECIPE = `id: save
name: Save
description: Commits all there is
version: 1.0.0
parameters: [{ name: message }]
steps:
  - { id: add, command: git add --all }
  - { id: commit, command: "git commit -m {{message}}" }
rollback:
  - { undoes: commit, command: "git reset --soft HEAD~1" }
`;
const PASSES = `test_cases:
  - name: saves
    recipe: save
    parameters: { message: one }
    mock_commands: [{ command: git * }]
`;
const FAILS = PASSES.replace('{ command: git * }', '{ command: git add * }, { command: git reset * }');
const KNOWLEDGE = '## Test: A word\n\n**Input topic**: saving\n\n**Expected files loaded**:\n- prompts/context.md\n';
const HOSTILE = '\u001b[2J\u202e"';

function writeSkill(name: string, files: Readonly<Record<string, string>>): void {
  const rest =
    '[knowledge]\ntopics = ["saving"]\n[capabilities]\nterminal_exec = { allowed = true, commands = ["git"] }\n';
  write(join(home, 'skills', name), {
    'skill.toml': manifest(`custom.${name}`, rest),
    'README.md': '# Save\n',
    LICENSE: 'Apache-2.0\n',
    'knowledge/prompts/context.md': '# Saving\n\nCommit.\n',
    'recipes/save.yaml': RECIPE,
    ...files,
  });
}

beforeAll(() => {
  writeSkill('passing', { 'tests/recipe_test.yaml': PASSES });
  writeSkill('both', { 'tests/recipe_test.yaml': PASSES, 'tests/knowledge_test.md': KNOWLEDGE });
  writeSkill('failing', { 'tests/recipe_test.yaml': FAILS, 'tests/knowledge_test.md': KNOWLEDGE });
  writeSkill('wrong', { 'tests/recipe_test.yaml': PASSES.replace('recipe: save', 'recipe: sav') });
  writeSkill('untested', {});
  writeSkill('hostile', {
    'tests/recipe_test.yaml': FAILS.replace('saves', '"a\\e[2J"').replace('one', '"\\e[2J\\u202e"'),
  });
});

describe('skill test, of recipes [R-RTEST-6]', () => {
  it.each<[id: string, code: number, stdout: RegExp]>([
    [
      'passing',
      0,
      /^custom\.passing\n {2}ok save: saves\n {2}tried save: 2 of 2 steps, 0 of 1 rollback entries; never run: rollback\[0\] of\s+commit\n {2}1 passed, 0 failed\n$/,
    ],
    ['both', 0, /^custom\.both\n {2}ok A word\n {2}ok save: saves\n {2}tried save: [^]+ {2}2 passed, 0 failed\n$/],
    [
      'failing',
      1,
      /ok A word\n {2}failed save: saves\n {4}expected an entry of mock_commands for every command\n {4}but {6}none fits "git commit -m one"\n {4}expected it ends as success\n {4}but {6}it ends as failed: commit: exit code 127[^]+1 passed, 1 failed\n$/,
    ],
    [
      'wrong',
      5,
      /^custom\.wrong\n {2}error: tests\/recipe_test\.yaml:3:5: [^]*write save[^]* {2}0 passed, 0 failed\n$/,
    ],
  ])('of custom.%s exits with %i', async (id, code, stdout) => {
    expect(await skill(['test', `custom.${id}`], here)).toMatchObject({
      code,
      stdout: expect.stringMatching(stdout),
      stderr: '',
    });
  });

  it('tells the same as data, the recipes beside the knowledge', async () => {
    const ended = await skill(['test', 'custom.failing', 'custom.wrong', '--format', 'json'], here);
    expect(ended.code).toBe(5);
    expect(jsonOf(ended)).toMatchObject([
      {
        skill: 'custom.failing',
        isThere: true,
        cases: [{ name: 'A word', failures: [] }],
        recipes: {
          isThere: true,
          problems: [],
          cases: [
            {
              name: 'saves',
              recipe: 'save',
              line: 2,
              failures: [{ actual: 'none fits "git commit -m one"' }, { expected: 'it ends as success' }],
              commands: ['git add --all', 'git commit -m one', 'git reset --soft HEAD~1'],
            },
          ],
          coverage: [{ recipe: 'save', steps: { run: 2, of: 2, never: [] }, rollback: { run: 1, of: 1, never: [] } }],
        },
      },
      { isThere: false, recipes: { isThere: true, cases: [], problems: [{ code: 'M_UNKNOWN_NAME', line: 3 }] } },
    ]);
  });

  it.each<[words: string[], code: number, says: RegExp]>([
    [['custom.untested'], 1, /has no tests\s+fix: write\s+\S+tests\/recipe_test\.yaml: test_cases:/],
    [['custom.passing', '--filter', 'nothing'], 1, /no test has "nothing" in its name/],
  ])('%j exits with %i and a hint', async (words, code, says) => {
    expect(await skill(['test', ...words], here)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringMatching(says),
    });
  });

  it('runs those alone whose name holds a text', async () => {
    expect((await skill(['test', 'custom.both', '--filter', 'A word'], here)).stdout).toBe(
      'custom.both\n  ok A word\n  1 passed, 0 failed\n',
    );
    expect((await skill(['test', 'custom.both', '--filter', 'saves'], here)).stdout).toMatch(
      / {2}1 passed, 0 failed\n$/,
    );
  });

  it('moves no cursor', async () => {
    for (const words of [
      ['custom.hostile'],
      ['custom.hostile', '--format', 'json'],
      ['custom.hostile', '--filter', HOSTILE],
    ]) {
      const { stdout, stderr } = await skill(['test', ...words], here);
      expectInert(stdout);
      expectInert(stderr);
    }
  });
});

describe('the file of recipe tests [R-RTEST-2]', () => {
  it.each<[what: string, make: (path: string) => void, message: RegExp]>([
    ['a folder', (path) => mkdirSync(path, { recursive: true }), /not a regular file/],
    [
      'too large',
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 256 * 1024 + 1);
      },
      /262145 bytes/,
    ],
    ['a link out of the skill', (path) => symlinkSync('/etc/hosts', path), /leads out of the folder/],
    ['no UTF-8', (path) => writeFileSync(path, Buffer.from([0x61, 0xff])), /not UTF-8/],
  ])('that is %s is a problem', async (_what, make, message) => {
    const folder = scratch();
    mkdirSync(join(folder, 'tests'));
    make(join(folder, 'tests', 'recipe_test.yaml'));
    const report = await runRecipeTests({ path: folder, recipes: [], manifest: undefined }, () => true);
    expect(report).toMatchObject({ isThere: true, cases: [], coverage: [] });
    expect(report.problems).toEqual([
      expect.objectContaining({
        severity: 'error',
        file: 'tests/recipe_test.yaml',
        message: expect.stringMatching(message),
        fix: expect.stringMatching(/\w/),
      }),
    ]);
  });

  it('may be missing', async () => {
    const report = await runRecipeTests({ path: scratch(), recipes: [], manifest: undefined }, () => true);
    expect(report).toEqual({ isThere: false, cases: [], problems: [], coverage: [] });
  });
});
