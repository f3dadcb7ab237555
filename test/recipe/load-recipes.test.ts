import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findRecipeFiles } from '../../src/recipe/find-recipes.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import { manifest, write } from '../runtime/folders.ts';
import { HEAD } from './samples.ts';

function folder(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'skillhost-recipes-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** A skill with recipes, each by the name of its file; the manifest declares the program `make`. */
function skill(
  recipes: Readonly<Record<string, string>>,
  capabilities = 'terminal_exec = { allowed = true, commands = ["make"] }',
): string {
  const root = folder();
  write(root, {
    'skill.toml': manifest('custom.sample', `[capabilities]\n${capabilities}\n[recipes]\nfiles = ["recipes/*.yaml"]\n`),
    'README.md': '# Sample\n',
    LICENSE: 'Apache-2.0\n',
    ...Object.fromEntries(Object.entries(recipes).map(([name, text]) => [`recipes/${name}.yaml`, text])),
  });
  return root;
}

const recipe = (id: string, steps: string, rest = ''): string => `${HEAD.replace('sample', id)}${rest}steps:\n${steps}`;
const calls = (id: string, called: string, more = ''): string =>
  recipe(id, `  - { id: go, recipe: ${called}${more} }\n`);
const MAKE = '  - { id: one, command: make }\n';

async function problemsOf(dir: string): Promise<string[]> {
  const { problems } = await loadSkill(dir);
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ file, line, column, code, message, fix }) => `${file}:${line}:${column} ${code} ${message} | ${fix}`);
}

describe('the recipes of a skill together [R-RECIPE-3]', () => {
  it('are its tools, in the order of their files', async () => {
    const loaded = await loadSkill(skill({ b: recipe('first', MAKE), a: recipe('second', MAKE) }));
    expect(loaded).toMatchObject({ ready: true, tools: [{ name: 'second', input: 'json' }, { name: 'first' }] });
  });

  it('change the hash of the skill when one of them changes', async () => {
    const hashOf = async (text: string): Promise<unknown> => {
      const loaded = await loadSkill(skill({ a: text }));
      return loaded.ready ? loaded.hash : loaded.problems;
    };
    expect(await hashOf(recipe('a', MAKE))).toBe(await hashOf(recipe('a', MAKE)));
    expect(await hashOf(recipe('a', MAKE))).not.toBe(await hashOf(recipe('a', `${MAKE}# x\n`)));
  });

  it.each<[what: string, recipes: Readonly<Record<string, string>>, ...problems: RegExp[]]>([
    [
      'an id twice',
      { a: recipe('same', MAKE), b: recipe('same', MAKE) },
      /^recipes\/b\.yaml:1:1 M_DUPLICATE id "same" is taken by recipes\/a\.yaml/,
    ],
    [
      'a recipe that is not there',
      { a: calls('a', 'bb'), b: recipe('b', MAKE) },
      /^recipes\/a\.yaml:6:15 M_UNKNOWN_NAME steps\[0\]\.recipe = "bb": .* \| write b$/,
    ],
    [
      'a recipe that has problems itself',
      { a: calls('a', 'b'), b: recipe('b', '') },
      /^recipes\/b\.yaml:5:1 M_STEPS/,
      /^recipes\/a\.yaml:6:15 M_UNKNOWN_NAME .*\| name a recipe of this skill that has no problems$/,
    ],
    ['itself', { a: calls('a', 'a') }, /^recipes\/a\.yaml:6:15 M_CYCLE .*: a → a/],
    [
      'each other',
      { a: calls('a', 'b'), b: calls('b', 'c'), c: calls('c', 'a') },
      /^recipes\/a\.yaml:6:15 M_CYCLE .*a → b → c → a/,
      /M_CYCLE .*b → c → a → b/,
      /M_CYCLE .*c → a → b → c/,
    ],
    [
      'a circle it is not in itself, which is the fault of others',
      { a: calls('a', 'b'), b: calls('b', 'b') },
      /^recipes\/b\.yaml:6:15 M_CYCLE/,
    ],
    [
      'a parameter that is not there',
      {
        a: calls('a', 'b', ', parameters: { nam: x }'),
        b: recipe('b', MAKE, 'parameters:\n  - { name: name, default: x }\n'),
      },
      /^recipes\/a\.yaml:6:40 M_UNKNOWN_NAME steps\[0\]\.parameters\.nam is no parameter of b \| write name$/,
    ],
    [
      'a parameter that is needed',
      { a: calls('a', 'b'), b: recipe('b', MAKE, 'parameters:\n  - { name: x }\n') },
      /^recipes\/a\.yaml:6:5 M_MISSING steps\[0\]\.parameters lacks x of b/,
    ],
    [
      'a secret for what is none',
      {
        a: recipe(
          'a',
          '  - { id: go, recipe: b, parameters: { x: "Bearer {{s}}" } }\n',
          'parameters:\n  - { name: s, type: secret }\n',
        ),
        b: recipe('b', MAKE, 'parameters:\n  - { name: x }\n'),
      },
      /^recipes\/a\.yaml:8:40 M_SECRET steps\[0\]\.parameters\.x gives a secret .*\| write type: secret in recipes\/b\.yaml$/,
    ],
    [
      'a program that is not declared',
      { a: recipe('a', '  - { id: one, command: rm x }\n') },
      /^recipes\/a\.yaml:6:5 M_NOT_DECLARED steps\[0\] starts "rm", .*commands = \["rm"\] \}$/,
    ],
    [
      'a shell that is not declared',
      { a: recipe('a', '  - { id: one, command: rm x, shell: true }\n') },
      /M_NOT_DECLARED steps\[0\] starts "sh"/,
    ],
    [
      'programs of every other part',
      {
        a: `${recipe('a', MAKE)}verification:\n  - { check: v }\nrollback:\n  - { command: r }\n  - { tool: a.b }\npreconditions:\n  - { check: custom, script: p }\n`,
      },
      /:8:5 M_NOT_DECLARED verification\[0\] starts "v"/,
      /:10:5 M_NOT_DECLARED rollback\[0\] starts "r"/,
      /:13:5 M_NOT_DECLARED preconditions\[0\] starts "p"/,
    ],
  ])('%s', async (_, recipes, ...problems) => {
    const found = await problemsOf(skill(recipes));
    expect(found).toEqual(problems.map((one) => expect.stringMatching(one) as string));
  });

  it('a program is declared by its name or by *', async () => {
    const text = recipe('a', '  - { id: one, command: rm x }\n');
    expect(await problemsOf(skill({ a: text }, 'terminal_exec = { allowed = true, commands = ["rm"] }'))).toEqual([]);
    expect(await problemsOf(skill({ a: text }, 'terminal_exec = { allowed = true, commands = ["*"] }'))).toEqual([]);
  });

  it('that call each other in a thousand ways are looked at once each', async () => {
    // 2^63 ways from the first to the last.
    const names = Array.from({ length: 64 }, (_, i) => `r${String(i).padStart(2, '0')}`);
    const recipes = names.map((name, i) => {
      const next = names[i + 1];
      return [
        name,
        next === undefined
          ? recipe(name, MAKE)
          : recipe(name, `  - { id: x, recipe: ${next} }\n  - { id: y, recipe: ${next} }\n`),
      ] as const;
    });
    expect(await problemsOf(skill(Object.fromEntries(recipes)))).toEqual([]);
  });

  it('are at most 64 files', async () => {
    const names = Array.from({ length: 65 }, (_, i) => [`r${i}`, recipe(`r${i}`, MAKE)] as const);
    expect(await problemsOf(skill(Object.fromEntries(names)))).toEqual([
      expect.stringMatching(/^skill\.toml.*M_RECIPES there are 65/) as string,
    ]);
  });

  it('that are no files of the skill are not read', async () => {
    const dir = skill({ a: recipe('a', MAKE) });
    write(dir, { '../outside.yaml': recipe('outside', MAKE) });
    onTestFinished(() => rmSync(join(dir, '../outside.yaml'), { force: true }));
    symlinkSync('../../outside.yaml', join(dir, 'recipes/link.yaml'));
    symlinkSync('/dev/zero', join(dir, 'recipes/zero.yaml'));
    mkdirSync(join(dir, 'recipes/folder.yaml'));
    write(dir, { 'recipes/large.yaml': ' '.repeat(256 * 1024 + 1) });
    const { problems } = await loadSkill(dir);
    const found = problems.filter(({ code }) => code === 'M_UNREADABLE').map(({ file }) => file);
    expect(found).toEqual(['folder', 'large', 'link', 'zero'].map((name) => `recipes/${name}.yaml`));
  });

  it('one that is wrong keeps the skill from being ready, and no other', async () => {
    expect(await loadSkill(skill({ a: recipe('a', MAKE), b: 'nonsense' }))).toMatchObject({ ready: false });
  });
});

describe('the files that are meant [R-RECIPE-3]', () => {
  const names = [
    'skill.asc',
    'skill.minisig',
    'deep/skill.asc',
    'a.yaml',
    'b.yaml',
    'b.yml',
    'long.name.yaml',
    'deep/c.yaml',
    '.hidden.yaml',
    'aXa.yaml',
  ];

  it.each<[globs: readonly string[], found: readonly string[]]>([
    [['*.yaml'], ['.hidden.yaml', 'a.yaml', 'aXa.yaml', 'b.yaml', 'long.name.yaml']],
    [['./a.yaml'], ['a.yaml']],
    [
      ['a.yaml', '*.yaml', 'a.yaml'],
      ['.hidden.yaml', 'a.yaml', 'aXa.yaml', 'b.yaml', 'long.name.yaml'],
    ],
    [['deep/*'], ['deep/c.yaml', 'deep/skill.asc']],
    // Signatures are no part of what is signed.
    [['skill.*', './skill.asc'], []],
    [['b.*'], ['b.yaml', 'b.yml']],
    [['*.*.yaml'], ['.hidden.yaml', 'long.name.yaml']],
    [['a*a.yaml'], ['aXa.yaml']],
    [['b.yam', 'c.yaml', 'nowhere/*', '?.yaml', '*/c.yaml'], []],
    [['*a'.repeat(200)], []],
  ])('%j', (globs, found) => {
    const root = folder();
    write(root, Object.fromEntries(names.map((name) => [name, ''])));
    expect(findRecipeFiles(root, globs).files).toEqual(found);
  });
});
