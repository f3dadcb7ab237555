import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkFolder } from '../../src/manifest/check-folder.ts';
import { checkPlatform } from '../../src/manifest/check-platform.ts';
import type { Problem } from '../../src/manifest/manifest.ts';
import { Report } from '../../src/manifest/report.ts';
import { HEAD, parseText } from './sample.ts';

let base: string;
let dir: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'skill-folder-'));
  dir = join(base, 'skill');
  await put('README.md', 'LICENSE');
  await writeFile(join(base, 'outside.wasm'), '');
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function put(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), '');
  }
}

async function check(text = ''): Promise<Problem[]> {
  await writeFile(join(dir, 'skill.toml'), HEAD + text);
  const { manifest, problems } = await parseText(HEAD + text);
  if (manifest === undefined) throw new Error(JSON.stringify(problems));
  return checkFolder(dir, manifest);
}

test('a folder that keeps what its manifest says has no problems', async () => {
  await put('knowledge/overview.md', 'recipes/a.yaml', 'bin/a.wasm', 'LICENSE.md');
  await symlink('a.wasm', join(dir, 'bin/b.wasm'));
  const provides = '[provides]\nknowledge = true\nrecipes = true\nexecutable = true';
  expect(
    await check(`${provides}\n[executable]\nmodule = "bin/b.wasm"\n[platform]\nrequired_tools = ["node"]`),
  ).toEqual([]);
});

test('README.md and LICENSE are missed', async () => {
  await rm(join(dir, 'README.md'));
  await rm(join(dir, 'LICENSE'));
  expect(await check()).toMatchObject([
    { severity: 'warning', code: 'M_COMPANION_MISSING', file: 'README.md' },
    { severity: 'warning', code: 'M_COMPANION_MISSING', file: 'LICENSE' },
  ]);
  await put('LICENSE.txt', 'README.md');
  expect(await check()).toEqual([]);
});

test('other manifests are named', async () => {
  await put('SKILL.md', 'manifest.yaml', 'skill.json');
  const problems = await check();
  expect(problems.map(({ severity, code, file }) => [severity, code, file])).toEqual([
    ['warning', 'M_SECOND_MANIFEST', 'SKILL.md'],
    ['warning', 'M_SECOND_MANIFEST', 'skill.json'],
    ['warning', 'M_SECOND_MANIFEST', 'manifest.yaml'],
  ]);
});

describe('[provides] against the folder', () => {
  test.each(['knowledge', 'recipes', 'executable'])('%s is declared and missing', async (part) => {
    expect(await check(`[provides]\n${part} = true`)).toMatchObject([
      { severity: 'error', code: 'M_PART_MISSING', field: `provides.${part}`, line: 8, column: 1 },
    ]);
  });

  test('an empty folder is no part', async () => {
    await mkdir(join(dir, 'knowledge'));
    expect(await check('[provides]\nknowledge = true')).toMatchObject([{ code: 'M_PART_MISSING' }]);
  });

  test('recipes are looked for where the manifest says', async () => {
    await put('flows/deep/a.yml');
    expect(await check('[provides]\nrecipes = true\n[recipes]\nfiles = ["./flows/**/*.yml"]')).toEqual([]);
    expect(await check('[provides]\nrecipes = true\n[recipes]\nfiles = ["flow/*.yml"]')).toHaveLength(1);
  });

  test('a part declared away is a warning', async () => {
    await put('knowledge/a.md');
    expect(await check('[provides]\nknowledge = false')).toMatchObject([
      { severity: 'warning', code: 'M_PART_DENIED' },
    ]);
  });
});

describe('executable.module', () => {
  const declare = (module: string): string => `[executable]\nmodule = "${module}"`;

  test('missing: the fix names those there are', async () => {
    await put('bin/real.wasm');
    expect(await check(declare('bin/a.wasm'))).toMatchObject([
      {
        severity: 'error',
        code: 'M_MODULE_MISSING',
        field: 'executable.module',
        line: 8,
        column: 1,
        fix: 'the folder has "bin/real.wasm"',
      },
    ]);
  });

  test('a folder', async () => {
    await put('bin/a.wasm/x');
    expect(await check(declare('bin/a.wasm'))).toMatchObject([{ code: 'M_MODULE_MISSING' }]);
  });

  test('a link out', async () => {
    await symlink('../outside.wasm', join(dir, 'a.wasm'));
    const problems = await check(declare('a.wasm'));
    expect(problems.map(({ code }) => code)).toEqual(['M_LINK_OUT', 'M_MODULE_OUT']);
  });

  test('a file behind a folder that links out', async () => {
    await symlink(base, join(dir, 'bin'));
    const problems = await check(declare('bin/outside.wasm'));
    expect(problems.map(({ code }) => code)).toEqual(['M_LINK_OUT', 'M_MODULE_OUT']);
  });
});

describe('what may not be in a skill', () => {
  test.each([
    ['a link to the root', '/'],
    ['a link to the parent', '..'],
    ['a link to a sibling with the same beginning', '../skill-other'],
    ['a link to nowhere', 'missing'],
    ['a link to nowhere outside', '/missing/file'],
    ['a link to itself', 'link'],
  ])('%s', async (_, target) => {
    await mkdir(join(base, 'skill-other'));
    await symlink(target, join(dir, 'link'));
    expect(await check()).toMatchObject([{ severity: 'error', code: 'M_LINK_OUT', file: 'link' }]);
  });

  test('a link out through a link inside', async () => {
    await mkdir(join(dir, 'a'));
    await symlink('../..', join(dir, 'a/up'));
    await symlink('a/up/outside.wasm', join(dir, 'b'));
    expect((await check()).map(({ code, file }) => `${code} ${file}`).toSorted()).toEqual([
      'M_LINK_OUT a/up',
      'M_LINK_OUT b',
    ]);
  });

  test('.git as a link', async () => {
    await symlink('..', join(dir, '.git'));
    expect(await check()).toMatchObject([{ code: 'M_LINK_OUT', file: '.git' }]);
  });

  test('the repository of a skill under development does not count', async () => {
    await put('.git/objects/x');
    await truncate(join(dir, '.git/objects/x'), 2 ** 27);
    expect(await check()).toEqual([]);
  });

  test('a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(join(dir, 'door\u001b'), resolve);
    });
    try {
      expect(await check()).toMatchObject([{ severity: 'error', code: 'M_SPECIAL_FILE', file: 'door\\u{1b}' }]);
    } finally {
      server.close();
    }
  });

  test('64 MiB fit, one byte more does not', async () => {
    const others = HEAD.length;
    await put('big');
    await truncate(join(dir, 'big'), 2 ** 26 - others);
    expect(await check()).toEqual([]);
    await truncate(join(dir, 'big'), 2 ** 26 - others + 1);
    expect(await check()).toMatchObject([{ severity: 'error', code: 'M_SKILL_TOO_LARGE' }]);
  });

  test.each([
    ['files', 4_093, []],
    ['files', 4_094, ['M_TOO_MANY_FILES']],
    ['folders', 4_097, ['M_TOO_MANY_FILES']],
  ])('%s: %i beside the three there are', async (kind, count, codes) => {
    await mkdir(join(dir, 'many'));
    const paths = Array.from({ length: count }, (_, i) => join(dir, kind === 'files' ? 'many' : '', String(i)));
    await Promise.all(paths.map((path) => (kind === 'files' ? writeFile(path, '') : mkdir(path))));
    // The listing is partial once there is too much, so what it misses may be reported as well.
    const problems = await check();
    expect(problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(codes);
  });

  test('no folder at all', async () => {
    const { manifest } = await parseText(HEAD);
    if (manifest === undefined) throw new Error('the sample is no manifest');
    expect(await checkFolder(join(base, 'none'), manifest)).toMatchObject([{ severity: 'error', code: 'M_FOLDER' }]);
    expect(await checkFolder(join(dir, 'LICENSE'), manifest)).toMatchObject([{ severity: 'error', code: 'M_FOLDER' }]);
  });
});

describe('[platform] against a machine', () => {
  async function on(
    machine: { os?: string; arch?: string; path?: string },
    platform: { os?: string[]; arch?: string[]; requiredTools?: string[]; optionalTools?: string[] },
  ): Promise<string[]> {
    const report = new Report();
    const needs = { os: [], arch: [], requiredTools: [], optionalTools: [], ...platform };
    await checkPlatform(needs, { os: 'linux', arch: 'x64', path: '', endings: [''], ...machine }, report);
    return report.findings.map(({ severity, code }) => `${severity} ${code}`);
  }

  test.each([
    [{}, {}, []],
    [{ os: 'darwin' }, { os: ['macos'] }, []],
    [{ os: 'win32' }, { os: ['linux', 'windows'] }, []],
    [{ os: 'sunos' }, { os: ['sunos'] }, []],
    [{ os: 'linux' }, { os: ['macos', 'windows'] }, ['error M_PLATFORM_OS']],
    [{ arch: 'arm64' }, { arch: ['aarch64'] }, []],
    [{ arch: 'x64' }, { arch: ['x86_64'] }, []],
    [{ arch: 'ia32' }, { arch: ['x86_64'] }, ['error M_PLATFORM_ARCH']],
    [{}, { requiredTools: ['a'], optionalTools: ['b'] }, ['error M_PLATFORM_TOOL', 'warning M_OPTIONAL_TOOL']],
  ])('%j, %j', async (machine, platform, findings) => {
    expect(await on(machine, platform)).toEqual(findings);
  });

  test('a program is an executable file in an absolute folder of PATH', async () => {
    await mkdir(join(dir, 'a-folder'));
    await writeFile(join(dir, 'program'), '', { mode: 0o755 });
    await writeFile(join(dir, 'text'), '', { mode: 0o644 });
    const find = (tool: string, path = `/nowhere:${dir}`): Promise<string[]> => on({ path }, { requiredTools: [tool] });
    expect(await find('program')).toEqual([]);
    expect(await find('text')).toEqual(['error M_PLATFORM_TOOL']);
    expect(await find('a-folder')).toEqual(['error M_PLATFORM_TOOL']);
    expect(await find('program', 'relative::.')).toEqual(['error M_PLATFORM_TOOL']);
  });

  test('what is missing is shown at its place in the manifest', async () => {
    expect(await check('[platform]\nrequired_tools = ["node", "no-such-program"]')).toMatchObject([
      { severity: 'error', code: 'M_PLATFORM_TOOL', field: 'platform.required_tools[1]', line: 8, column: 27 },
    ]);
  });
});
