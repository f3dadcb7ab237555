import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkFolder } from '../../src/manifest/check-folder.ts';
import type { Problem } from '../../src/manifest/manifest.ts';
import { HEAD, parseClean } from './sample.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'skill-provides-'));
  await put('README.md', 'LICENSE');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

async function put(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), '');
  }
}

async function check(text: string): Promise<Problem[]> {
  await writeFile(join(dir, 'skill.toml'), HEAD + text);
  return checkFolder(dir, await parseClean(HEAD + text));
}

const PARTS = [
  ['knowledge', 'knowledge/a.md', '', 'there is no file under knowledge/'],
  ['recipes', 'recipes/a.yaml', '', 'there is no file where recipes.files looks'],
  ['executable', 'bin/a.wasm', '[executable]\nmodule = "bin/a.wasm"\n', 'there is no section [executable]'],
] as const;

describe.each(PARTS)('provides.%s against the folder [R-MANIFEST-3]', (part, file, section, why) => {
  const place = { file: 'skill.toml', line: 8, column: 1, field: `provides.${part}` };

  test('declared and there, or neither, is no problem', async () => {
    expect(await check('')).toEqual([]);
    expect(await check(`[provides]\n${part} = false`)).toEqual([]);
    await put(file);
    expect(await check(section)).toEqual([]);
    expect(await check(`[provides]\n${part} = true\n${section}`)).toEqual([]);
  });

  test('declared and missing is an error where it is declared', async () => {
    expect(await check(`[provides]\n${part} = true`)).toEqual([
      {
        ...place,
        severity: 'error',
        code: 'M_PART_MISSING',
        message: `provides.${part} is true, but ${why}`,
        fix: `add it, or remove ${part} = true`,
      },
    ]);
  });

  test('declared away and there is a warning where it is declared', async () => {
    await put(file);
    expect(await check(`[provides]\n${part} = false\n${section}`)).toEqual([
      {
        ...place,
        severity: 'warning',
        code: 'M_PART_DENIED',
        message: `provides.${part} is false, but the skill has it`,
        fix: `write ${part} = true, or remove the part`,
      },
    ]);
  });
});

describe('where recipes are looked for [R-MANIFEST-3]', () => {
  test.each([
    ['recipes/*.yaml', 'recipes/a.yaml', true],
    ['./recipes/*.yaml', 'recipes/a.yaml', true],
    ['././recipes/*.yaml', 'recipes/a.yaml', true],
    ['recipes/a.yaml', 'recipes/a.yaml', true],
    ['recipes/a.yaml', 'recipes/b.yaml', false],
    ['flows/**/*.yml', 'flows/b/c/a.yml', true],
    ['flows/**/*.yml', 'recipes/a.yaml', false],
    ['flows/a?.yml', 'flows/ab.yml', true],
    ['flows/[ab].yml', 'flows/a.yml', true],
    ['flows/{a,b}.yml', 'flows/a.yml', true],
    ['flows/x*/a.yml', 'flow/a.yml', false],
  ])('%s with %s: %s', async (glob, file, found) => {
    await put(file);
    const problems = await check(`[provides]\nrecipes = true\n[recipes]\nfiles = ["${glob}"]`);
    expect(problems.map(({ code }) => code)).toEqual(found ? [] : ['M_PART_MISSING']);
  });

  test('no pattern finds nothing', async () => {
    await put('recipes/a.yaml');
    const problems = await check('[provides]\nrecipes = true\n[recipes]\nfiles = []');
    expect(problems).toMatchObject([{ severity: 'error', code: 'M_PART_MISSING', line: 8 }]);
  });
});
