import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MANIFEST_FILES, type ManifestFile } from '../../../src/manifest/format.ts';
import { loadSkill } from '../../../src/skill/load-skill.ts';
import type { Skill } from '../../../src/skill/skill.ts';
import { brief, FORMATS, WITH } from './samples.ts';

let base: string;
let dir: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'skill-format-'));
  dir = join(base, 'sample');
  mkdirSync(dir);
  put('README.md', '');
  put('LICENSE', '');
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), content);
}

const TOML =
  '[skill]\nid = "custom.sample"\nname = "sample"\ndescription = "A sample"\nversion = "1.2.3"\napi_version = "1.0"\n';
const TEXTS: Readonly<Record<ManifestFile, string>> = {
  'skill.toml': TOML,
  'SKILL.md': WITH['SKILL.md'](''),
  'skill.json': WITH['skill.json'](''),
  'manifest.yaml': WITH['manifest.yaml'](''),
};
const told = ({ problems }: Skill): string[] =>
  problems.map((problem) => `${problem.severity} ${brief(problem)} ${problem.file}`);

describe('the first of the formats that a folder has is its manifest [R-FORMAT-10]', () => {
  test.each(MANIFEST_FILES)('%s alone', async (file) => {
    put(file, TEXTS[file]);
    const skill = await loadSkill(dir);
    expect(told(skill)).toEqual([]);
    expect(skill).toMatchObject({
      ready: true,
      id: 'custom.sample',
      name: 'sample',
      description: 'A sample',
      manifest: { file },
    });
  });

  test.each(
    MANIFEST_FILES.flatMap((first, i) => MANIFEST_FILES.slice(i + 1).map((second) => [first, second] as const)),
  )('%s wins over %s, also when they disagree, and the other is named', async (first, second) => {
    put(first, TEXTS[first]);
    put(second, TEXTS[second].replaceAll('sample', 'other'));
    const skill = await loadSkill(dir);
    expect(told(skill)).toEqual([`warning M_SECOND_MANIFEST - - ${second}`]);
    expect(skill).toMatchObject({ ready: true, id: 'custom.sample', manifest: { file: first } });
  });

  test('all four', async () => {
    for (const file of MANIFEST_FILES) put(file, TEXTS[file]);
    expect(told(await loadSkill(dir))).toEqual(
      MANIFEST_FILES.slice(1).map((file) => `warning M_SECOND_MANIFEST - - ${file}`),
    );
  });

  test('a broken one is not passed over for a whole one behind it', async () => {
    put('skill.toml', '[[[');
    put('SKILL.md', TEXTS['SKILL.md']);
    const skill = await loadSkill(dir);
    expect(skill.ready).toBe(false);
    expect(skill.problems.every(({ file }) => file === 'skill.toml')).toBe(true);
  });

  test('none at all is told with what there may be', async () => {
    const skill = await loadSkill(dir);
    expect(told(skill)).toEqual(['error M_MISSING - - skill.toml']);
    expect(skill.problems[0]?.message).toBe(
      'there is no manifest: none of skill.toml, SKILL.md, skill.json, manifest.yaml',
    );
    expect(told(await loadSkill(join(dir, 'absent')))).toEqual(['error M_MISSING - - skill.toml']);
    expect(told(await loadSkill(join(dir, 'README.md')))).toEqual(['error M_MISSING - - skill.toml']);
  });

  test.each([
    ['skill.md', 'SKILL.md'],
    ['Skill.md', 'SKILL.md'],
    ['SKILL.TOML', 'skill.toml'],
    ['Skill.json', 'skill.json'],
    ['Manifest.yaml', 'manifest.yaml'],
  ])('%s is told to be renamed to %s, not read', async (name, right) => {
    put(name, 'anything');
    const skill = await loadSkill(dir);
    expect(skill.ready).toBe(false);
    expect(skill.problems).toMatchObject([{ code: 'M_MISSING', fix: `rename "${name}" to ${right}` }]);
  });

  test.each(['manifest.yml', 'skill.yaml', 'SKILL', 'README.md'])('%s is none', async (name) => {
    put(name, TEXTS['manifest.yaml']);
    expect((await loadSkill(dir)).ready).toBe(false);
  });
});

describe('what has the name of a manifest and is none never hangs, throws, or is read [R-FORMAT-11]', () => {
  test.each(MANIFEST_FILES)('a directory named %s', async (file) => {
    mkdirSync(join(dir, file));
    put('manifest.yaml/x', '');
    const skill = await loadSkill(dir);
    expect(told(skill)).toEqual([`error M_UNREADABLE - - ${file}`]);
    expect(skill.problems[0]?.message).toMatch(/not a regular file/);
  });

  test.each(MANIFEST_FILES)('a pipe named %s, which nobody writes to', async (file) => {
    execFileSync('mkfifo', [join(dir, file)]);
    const started = performance.now();
    const skill = await loadSkill(dir);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(told(skill)).toEqual([`error M_UNREADABLE - - ${file}`]);
  });

  test.each(MANIFEST_FILES)('a %s of 100 MB is refused without being read', async (file) => {
    put(file, TEXTS[file]);
    truncateSync(join(dir, file), 100_000_000);
    const before = process.memoryUsage().rss;
    const skill = await loadSkill(dir);
    expect(told(skill)).toEqual([`error M_UNREADABLE - - ${file}`]);
    expect(skill.problems[0]?.message).toMatch(
      /too large: it has 100000000 bytes; at most (?:262144|1048576) are read/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test.each<[ManifestFile, number]>([
    ['skill.toml', 256 * 1024],
    ['SKILL.md', 1024 * 1024],
    ['skill.json', 256 * 1024],
    ['manifest.yaml', 256 * 1024],
  ])('a %s of %i bytes is read, of one more is not', async (file, most) => {
    const pad = file === 'skill.json' ? ' ' : '\n';
    put(file, TEXTS[file] + pad.repeat(most - TEXTS[file].length));
    if (file !== 'manifest.yaml') expect((await loadSkill(dir)).ready).toBe(true);
    put(file, TEXTS[file] + pad.repeat(most + 1 - TEXTS[file].length));
    expect(told(await loadSkill(dir))).toEqual([`error M_UNREADABLE - - ${file}`]);
  });

  test.each(MANIFEST_FILES)(
    'a link named %s that leads out is not read: its problems would quote the file of somebody else',
    async (file) => {
      writeFileSync(join(base, 'secret'), 'token: do-not-show\n"do-not-show');
      for (const target of [
        '../secret',
        join(base, 'secret'),
        '/proc/self/environ',
        '/dev/zero',
        '/dev/stdin',
        '..',
        '../../../../../../etc/passwd',
      ]) {
        symlinkSync(target, join(dir, file));
        const skill = await loadSkill(dir);
        expect(told(skill)).toEqual([`error M_UNREADABLE - - ${file}`]);
        expect(JSON.stringify(skill)).not.toContain('do-not-show');
        rmSync(join(dir, file));
      }
    },
  );

  test.each(MANIFEST_FILES)('a link named %s that leads nowhere, or to itself', async (file) => {
    for (const target of ['absent', file]) {
      symlinkSync(target, join(dir, file));
      expect(told(await loadSkill(dir))).toEqual([`error M_UNREADABLE - - ${file}`]);
      rmSync(join(dir, file));
    }
  });

  test.each(MANIFEST_FILES)('a link named %s to a file of the folder is what it leads to', async (file) => {
    put('inner/real', TEXTS[file]);
    symlinkSync('inner/real', join(dir, file));
    expect(await loadSkill(dir)).toMatchObject({ ready: true, manifest: { file }, problems: [] });
  });

  test('a manifest that may not be read [only when not root]', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read everything');
    put('skill.json', TEXTS['skill.json']);
    chmodSync(join(dir, 'skill.json'), 0);
    expect(told(await loadSkill(dir))).toEqual(['error M_UNREADABLE - - skill.json']);
  });

  test.each(
    MANIFEST_FILES.flatMap(
      (file) =>
        [
          [file, 'nothing', ''],
          [file, 'a byte order mark', '\uFEFF'],
          [file, 'a line', '\n'],
          [file, 'a NUL', '\0'],
        ] as const,
    ),
  )('a %s of %s', async (file, _, text) => {
    put(file, text);
    const skill = await loadSkill(dir);
    expect(skill).toMatchObject({ ready: false, id: 'sample' });
    for (const problem of skill.problems) expect(problem).toMatchObject({ severity: 'error', file });
  });

  test.each(MANIFEST_FILES)('a %s that is no UTF-8', async (file) => {
    for (const bytes of [
      [0xff, 0xfe, 0x61, 0],
      [0x61, 0x0a, 0xc3, 0x28],
      [0xed, 0xa0, 0x80],
      [0xc0, 0xaf],
    ]) {
      put(file, Uint8Array.from(bytes));
      expect((await loadSkill(dir)).problems).toMatchObject([
        { code: 'M_ENCODING', file, line: bytes[0] === 0x61 ? 2 : 1 },
      ]);
    }
  });
});

describe('what a folder says beside its manifest', () => {
  test('a SKILL.md names its license in a field, and people read it', async () => {
    rmSync(join(dir, 'README.md'));
    rmSync(join(dir, 'LICENSE'));
    put('SKILL.md', TEXTS['SKILL.md']);
    expect(told(await loadSkill(dir))).toEqual([]);
    rmSync(join(dir, 'SKILL.md'));
    put('skill.json', TEXTS['skill.json']);
    expect(told(await loadSkill(dir))).toEqual([
      'warning M_COMPANION_MISSING - - README.md',
      'warning M_COMPANION_MISSING - - LICENSE',
    ]);
  });

  test('scripts, references and assets of a SKILL.md are files like any other', async () => {
    put('SKILL.md', TEXTS['SKILL.md']);
    for (const file of ['scripts/run.sh', 'references/api.md', 'assets/logo.png']) put(file, '');
    expect(told(await loadSkill(dir))).toEqual([]);
  });

  test('the folder of a SKILL.md has its name, or it is told', async () => {
    put('SKILL.md', TEXTS['SKILL.md'].replace('sample', 'another'));
    const skill = await loadSkill(dir, { strict: true });
    expect(told(skill)).toEqual(['warning M_FOLDER_NAME 2:1 name SKILL.md']);
    expect(skill).toMatchObject({ ready: true, id: 'custom.another' });
    for (const file of ['skill.json', 'manifest.yaml'] as const) {
      rmSync(join(dir, 'SKILL.md'), { force: true });
      put(file, TEXTS[file].replace('sample', 'another'));
      expect(told(await loadSkill(dir))).toEqual([]);
      rmSync(join(dir, file));
    }
  });

  test('a part that a skill.json declares and does not have is told where it says so, in JSON, with a byte order mark too', async () => {
    for (const mark of ['', '\uFEFF']) {
      put(
        'skill.json',
        mark + WITH['skill.json']('"provides": {"knowledge": true, "executable": true, "recipes": false}'),
      );
      put('recipes/a.yaml', '');
      const skill = await loadSkill(dir);
      expect(told(skill)).toEqual([
        'error M_PART_MISSING 7:14 provides.knowledge skill.json',
        'error M_PART_MISSING 7:33 provides.executable skill.json',
        'warning M_PART_DENIED 7:53 provides.recipes skill.json',
      ]);
      expect(skill.problems.map(({ fix }) => fix)).toEqual([
        'add it, or remove "knowledge": true',
        'add it, or remove "executable": true',
        'write "recipes": true, or remove the part',
      ]);
      expect(skill.problems[1]?.message).not.toContain('[executable]');
    }
  });

  test('tools of a manifest.yaml have the module its build makes, or that is told', async () => {
    put('manifest.yaml', WITH['manifest.yaml']('tools:\n- name: a\n  description: b'));
    const skill = await loadSkill(dir);
    expect(told(skill)).toEqual(['warning M_TOOL_NO_MODULE 4:1 tools manifest.yaml']);
    expect(skill.problems[0]?.message).toContain('bin/skill.wasm');
    put('bin/skill.wasm', 'no module');
    expect((await loadSkill(dir)).problems).toMatchObject([
      { severity: 'error', code: 'M_MODULE', file: 'manifest.yaml' },
    ]);
    rmSync(join(dir, 'bin/skill.wasm'));
    writeFileSync(join(base, 'outside.wasm'), '');
    symlinkSync('../../outside.wasm', join(dir, 'bin/skill.wasm'));
    expect((await loadSkill(dir)).ready).toBe(false);
  });
});

test.each(FORMATS)('nothing in a %s is ever evaluated [R-FORMAT-11]', async (file) => {
  const marker = join(base, 'ran');
  const code = `require('fs').writeFileSync(${JSON.stringify(marker)}, '')`;
  const texts = [
    `---js\n${code}\n---\n`,
    `---javascript\nmodule.exports = ${code}\n---\n`,
    `---coffee\n${code}\n---\n`,
    WITH[file](`license: !!js/function 'function () { ${code} }'`),
    WITH[file](`license: !!js/eval "${code.replaceAll('"', '\\"')}"`),
    WITH[file](`license: !!python/object/apply:os.system ["touch ${marker}"]`),
    WITH[file](`license: \${${code}}`),
    WITH[file](`license: $(touch ${marker})`),
    WITH[file](`license: "\`touch ${marker}\`"`),
    WITH[file](`allowed-tools: Bash(touch ${marker})`),
    WITH[file](`"command": "touch", "args": [${JSON.stringify(marker)}]`),
    WITH[file](`tools: [{name: a, description: b, handler: "./run.js"}]`),
    code,
  ];
  for (const text of texts) {
    put(file, text);
    put('run.js', code);
    await loadSkill(dir);
    expect(existsSync(marker)).toBe(false);
  }
});
