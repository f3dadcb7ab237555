import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { buildSkill } from '../../src/build/build-skill.ts';
import { findGuest } from '../../src/build/guest.ts';
import { openToolchain, TOOLS } from '../../src/build/toolchain.ts';
import { writeTools } from '../../src/build/write-tools.ts';
import type { TemplateName } from '../../src/template/templates.ts';
import { writeTemplate } from '../../src/template/write-template.ts';
import { ROOT } from '../cli/support.ts';
import { scratch, write } from '../runtime/folders.ts';

const root = scratch();
let made = 0;

function start(template: TemplateName): string {
  return writeTemplate(template, `made${made++}`, root).folder;
}

const said: string[] = [];
const toolchain = openToolchain(join(root, 'home'), (line) => void said.push(line));
const build = (folder: string, described = '[]'): ReturnType<typeof buildSkill> =>
  buildSkill(folder, { toolchain, describe: () => Promise.resolve(described) });

async function failureOf(
  work: Promise<unknown>,
): Promise<{ code: string; message: string; hint: string; said: string }> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    const { code, message, hint = '', details } = error;
    const text = details?.['said'];
    return { code, message, hint, said: typeof text === 'string' ? text : '' };
  }
  throw new Error('it was built');
}

afterEach(() => vi.unstubAllEnvs());

describe('which guest a folder has', () => {
  it.each<[files: readonly string[], language: string | undefined, entry?: string]>([
    [['guest/index.ts'], 'javascript', 'guest/index.ts'],
    [['guest/index.js'], 'javascript', 'guest/index.js'],
    [['assembly/index.ts'], 'assemblyscript', 'assembly/index.ts'],
    [['guest/main.rs', 'guest/other.rs'], 'rust', 'guest/main.rs'],
    [['guest/b.c', 'guest/a.c', 'guest/a.h'], 'c', 'guest/a.c'],
    [['guest/readme.md'], undefined],
    [['src/index.ts'], undefined],
    [[], undefined],
  ])('%j: %s', (files, language, entry) => {
    const folder = join(root, `guests-${made++}`);
    mkdirSync(folder);
    write(folder, Object.fromEntries(files.map((file) => [file, ''])));
    expect(findGuest(folder)?.language).toBe(language);
    expect(findGuest(folder)?.entry).toBe(entry);
  });

  it.each([
    [['guest/index.ts', 'guest/main.c']],
    [['guest/main.rs', 'assembly/index.ts']],
    [['guest/index.ts', 'guest/index.js']],
  ])('%j is refused, for a skill has one module', (files) => {
    const folder = join(root, `guests-${made++}`);
    write(folder, Object.fromEntries(files.map((file) => [file, ''])));
    expect(() => findGuest(folder)).toThrow(/two guests/);
  });

  it('a folder of that name, and a link, are none', () => {
    const folder = join(root, `guests-${made++}`);
    mkdirSync(join(folder, 'guest/index.ts'), { recursive: true });
    expect(findGuest(folder)).toBeUndefined();
  });
});

describe('a build [R-BUILD-1]', () => {
  it.each(['wasm-as', 'wasm-c', 'wasm-rust'] as const)(
    'of %s gives the same bytes from the same source, wherever it lies [only where its compiler is]',
    async (template) => {
      const [first, second] = [start(template), start(template)];
      await Promise.all([build(first), build(second)]);
      const [a, b] = [first, second].map((folder) => {
        const [name = ''] = readdirSync(join(folder, 'bin'));
        return readFileSync(join(folder, 'bin', name));
      });
      expect(a?.length).toBeGreaterThan(100);
      expect(a?.equals(b ?? new Uint8Array())).toBe(true);
    },
    60_000,
  );

  it('leaves nothing but the module behind', async () => {
    const folder = start('wasm-as');
    const before = readdirSync(folder);
    await build(folder);
    expect(readdirSync(folder).toSorted()).toEqual([...before, 'bin'].toSorted());
    expect(readdirSync(join(folder, 'bin'))).toHaveLength(1);
  });

  it.each<[template: TemplateName, file: string, text: string, says: RegExp]>([
    ['wasm-c', 'guest/main.c', 'int main(void) { return missing; }', /undeclared identifier 'missing'/],
    ['wasm-rust', 'guest/main.rs', 'fn main() { missing() }', /cannot find function `missing`/],
    ['wasm-as', 'assembly/world.wit', 'package a:b;\nworld w { export other: func(); }', /other/],
    ['wasm-as', 'assembly/world.wit', 'no wit at all', /./],
  ])(
    'of %s with a mistake in %s fails with what the compiler says, and no module [R-BUILD-2]',
    async (template, file, text, says) => {
      const folder = start(template);
      writeFileSync(join(folder, file), text);
      const failure = await failureOf(build(folder));
      expect(failure.code).toBe('E_BUILD');
      expect(failure.said).toMatch(says);
      expect(existsSync(join(folder, 'bin')) ? readdirSync(join(folder, 'bin')) : []).toEqual([]);
    },
  );

  it('says which folder cannot be written, not what a compiler says of it [R-BUILD-2]', async () => {
    const folder = start('wasm-c');
    writeFileSync(join(folder, 'bin'), '');
    expect(await failureOf(build(folder))).toMatchObject({
      code: 'E_USAGE',
      message: '"bin" cannot be written: EEXIST',
    });
  });

  it('needs a manifest that names a module', async () => {
    const folder = start('wasm-c');
    const file = join(folder, 'skill.toml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/\[executable\]\nmodule.*\n/, ''));
    expect((await failureOf(build(folder))).hint).toContain('[executable]');
    writeFileSync(file, text.replace('[skill]', '[skil]'));
    expect((await failureOf(build(folder))).code).toBe('E_MANIFEST');
    writeFileSync(file, text.replace('bin/', '../bin/'));
    expect((await failureOf(build(folder))).code).toBe('E_MANIFEST');
  });
});

describe('a compiler that is not here [R-BUILD-3]', () => {
  it.each<[template: TemplateName, env: Record<string, string>, says: RegExp]>([
    ['wasm-c', { PATH: '/nowhere' }, /apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32/],
    ['wasm-c', { WASI_SDK_PATH: '/nowhere' }, /WASI_SDK_PATH/],
  ])('for %s with %j: the error names the packages', async (template, env, says) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const failure = await failureOf(build(start(template)));
    expect(failure.code).toBe('E_TOOLCHAIN');
    expect(failure.hint).toMatch(says);
  });

  it('that npm brings is of the version that was tried, in this package as well', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    for (const [name, { version, entry }] of Object.entries(TOOLS)) {
      expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
      expect(existsSync(join(ROOT, 'node_modules', name, entry))).toBe(true);
    }
  });
});

describe('nothing of a folder runs while it is built [R-BUILD-4]', () => {
  it('neither a transform that asconfig.json names, nor a compiler below it', async () => {
    const folder = start('wasm-as');
    const evil = "require('node:fs').writeFileSync(__dirname + '/ran', '')";
    write(folder, {
      'asconfig.json': JSON.stringify({ options: { transform: ['./evil.cjs'] } }),
      'evil.cjs': evil,
      'node_modules/assemblyscript/package.json': '{"name": "assemblyscript", "version": "0.28.20"}',
      'node_modules/assemblyscript/dist/asc.js': "import fs from 'node:fs'; fs.writeFileSync('ran', '');",
    });
    await build(folder);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
    expect(existsSync('ran')).toBe(false);
  });

  it('and no source is read from outside of it', async () => {
    const folder = start('wasm-as');
    write(root, { 'outside.ts': 'export const secret = 1;' });
    writeFileSync(
      join(folder, 'assembly/index.ts'),
      "import { secret } from '../../outside';\nexport { cabi_realloc } from 'skillhost/abi';\nexport function greet(a: usize, b: usize): usize { return secret; }\n",
    );
    const failure = await failureOf(build(folder));
    expect(failure.code).toBe('E_BUILD');
    expect(failure.said).toMatch(/outside/);
  });

  it('for rustc starts outside of it, and is told of no variable that could be secret', async () => {
    const [folder, bin] = [start('wasm-rust'), join(root, `bin-${made++}`)];
    const log = join(root, `log-${made++}`);
    const rustc = `#!/bin/sh\necho "$PWD \${SKILLHOST_SECRET_X-none} \${RUSTUP_TOOLCHAIN-none}" >> ${log}\necho /\nfor last; do :; done\ncase $last in /*.wasm) echo > "$last";; esac\n`;
    write(bin, { rustc });
    chmodSync(join(bin, 'rustc'), 0o755);
    vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
    vi.stubEnv('SKILLHOST_SECRET_X', 'secret');
    vi.stubEnv('RUSTUP_TOOLCHAIN', 'mine');
    const before = process.cwd();
    process.chdir(folder);
    onTestFinished(() => process.chdir(before));
    await build(folder);
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(['/ none mine', '/ none mine']);
  });
});

describe('a folder with links [R-BUILD-4]', () => {
  it.each([
    ['a link out of it', (file: string) => symlinkSync('/dev/zero', file)],
    ['a pipe', (file: string) => void execFileSync('mkfifo', [file])],
  ])('whose manifest is %s is not built', async (_name, replace) => {
    const folder = start('wasm-as');
    rmSync(join(folder, 'skill.toml'));
    replace(join(folder, 'skill.toml'));
    expect(await failureOf(build(folder))).toMatchObject({ code: 'E_MANIFEST' });
  });

  it.each(['elsewhere', 'missing'])('that would have its module in %s is not built', async (name) => {
    const folder = start('wasm-as');
    mkdirSync(join(root, 'elsewhere'), { recursive: true });
    symlinkSync(`../${name}`, join(folder, 'bin'));
    expect(await failureOf(build(folder))).toMatchObject({ code: 'E_MANIFEST' });
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
  });
});

describe('the tools of a guest in its manifest [R-BUILD-5]', () => {
  const tool = { name: 'greet', description: 'Says "hi"', parameters: { type: 'object' } };

  it('stand between two lines, and replace those of the build before', () => {
    const once = writeTools('[skill]\nid = "a.b"\n', [tool]);
    expect(once).toContain('name = "greet"');
    const twice = writeTools(once, [{ ...tool, name: 'other' }]);
    expect(twice).toContain('name = "other"');
    expect(twice).not.toContain('greet');
    expect(twice.startsWith('[skill]\nid = "a.b"\n')).toBe(true);
    expect(writeTools(twice, [{ ...tool, name: 'other' }])).toBe(twice);
    expect(writeTools(`${twice}\n[limits]\nfuel = 1\n`, [tool])).toMatch(/\[limits\]\nfuel = 1\n$/);
  });

  it('stay whole when what a guest says holds these lines', () => {
    const marks = writeTools('', [])
      .split('\n')
      .filter((line) => line.startsWith('#'));
    const sly = { ...tool, description: marks.join('\n') };
    const once = writeTools('[skill]\nid = "a.b"\n', [sly]);
    expect(writeTools(once, [sly])).toBe(once);
    expect(parse(writeTools(once, [tool]))).toEqual({ skill: { id: 'a.b' }, tools: [tool] });
  });
});
