import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readLedger } from '../../src/ledger/index.ts';
import { guest, manifest, scratch, write, writeSkill } from '../runtime/folders.ts';
import { expectInert, jsonOf, skill } from './support.ts';

const root = scratch();
const home = join(root, 'home');
const MODULE = '[executable]\nmodule = "bin/guest.wasm"\n';

beforeAll(async () => {
  const one = await guest('one');
  write(root, {
    'cut.wasm': one.subarray(0, one.length - 3),
    'zeros.wasm': new Uint8Array(64),
    'empty.wasm': '',
    'text.wasm': '(module)',
    'huge.wasm': one,
    'import.wasm': await guest('unknownImport'),
    'several/skill.toml': manifest(
      'Custom.Bad Id',
      'licence = "MIT"\n[capabilities]\nnetwork = ["*"]\n[limits]\nmemory_mb = 9999\n',
    ),
    'absent/skill.toml': manifest('custom.absent', MODULE),
    'absent/bin/other.wasm': one,
    'linked/skill.toml': manifest('custom.linked', MODULE),
    'outside.wasm': one,
    'raw/skill.toml': '[[[',
    'bytes/skill.toml': Buffer.from([0xff, 0xfe, 0]),
  });
  truncateSync(join(root, 'huge.wasm'), 65 * 1024 * 1024);
  mkdirSync(join(root, 'folder', 'skill.toml'), { recursive: true });
  mkdirSync(join(root, 'nothing'));
  mkdirSync(join(root, 'linked', 'bin'));
  symlinkSync(join(root, 'outside.wasm'), join(root, 'linked', 'bin', 'guest.wasm'));
  await writeSkill(join(root, 'kind'), { id: 'custom.kind', guest: 'one', rest: 'kind = "extism"\n' });
  await writeSkill(join(root, 'exports'), {
    id: 'custom.exports',
    guest: 'core',
    rest: 'exports = ["add", "subtract"]\n',
  });
  await writeSkill(join(root, 'foreign'), { id: 'custom.foreign', guest: 'unknownImport' });
});

describe('bad input is refused with its code, and nothing of it runs [R-RUN-2, R-MANIFEST-2, R-MANIFEST-3]', () => {
  it.concurrent.each<[what: string, words: string[], exit: number, code: string, says: RegExp]>([
    ['a truncated module', ['cut.wasm'], 5, 'E_MODULE', /malformed module/],
    ['a module of zeros', ['zeros.wasm'], 5, 'E_MODULE', /not a WebAssembly module/],
    ['an empty module', ['empty.wasm'], 5, 'E_MODULE', /the file is empty/],
    ['a module as text', ['text.wasm'], 5, 'E_MODULE', /not a WebAssembly module/],
    ['an oversized module', ['huge.wasm'], 6, 'E_MODULE_LIMIT', /larger than module_mb can be, 64/],
    ['an unknown import', ['import.wasm'], 5, 'E_IMPORT', /env#launch/],
    ['an unknown import of a skill', ['./foreign'], 5, 'E_MANIFEST', /env#launch/],
    ['several problems at once', ['./several'], 5, 'E_MANIFEST', /skill\.toml:2:[^]*skill\.toml:9:[^]*skill\.toml:11:/],
    ['a missing module', ['./absent'], 5, 'E_MANIFEST', /"bin\/guest.wasm" cannot be read/],
    ['a module that is a link to outside', ['./linked'], 5, 'E_MANIFEST', /leads out of the skill's folder/],
    ['no TOML', ['./raw'], 5, 'E_MANIFEST', /skill\.toml:1/],
    ['no text', ['./bytes'], 5, 'E_MANIFEST', /skill\.toml/],
    ['a directory in place of the manifest', ['./folder'], 5, 'E_MANIFEST', /not a regular file/],
    ['an empty folder', ['./nothing'], 5, 'E_MANIFEST', /there is no manifest/],
    ['a module of another kind', ['./kind'], 5, 'E_MANIFEST', /kind = "extism", but the module is of kind "wasi"/],
    ['an export that is not there', ['./exports'], 5, 'E_MANIFEST', /no function "subtract"/],
  ])('%s', async (what, words, exit, code, says) => {
    const own = join(home, what.replaceAll(' ', '-'));
    const ended = await skill(['run', ...words, '--format', 'json'], { cwd: root, home: own });
    const { error } = jsonOf(ended) as unknown as { error: { code: string; message: string; hint: string } };
    expect({ exit: ended.code, code: error.code, hint: typeof error.hint }).toEqual({ exit, code, hint: 'string' });
    expect(error.message).toMatch(says);
    const records = [];
    for await (const record of readLedger(join(own, 'ledger'))) records.push(record.event);
    expect(records).toEqual([]);
  });
});

describe('skill validate tells every problem, with place and fix [R-MANIFEST-2, R-MANIFEST-3]', () => {
  it('of several folders and modules at once', async () => {
    const names = ['several', 'exports', 'absent', 'cut.wasm', 'outside.wasm'];
    const ended = await skill(['validate', ...names, '--format', 'json'], { cwd: root });
    expect(ended).toMatchObject({ code: 5, stderr: '' });
    const reports = jsonOf(ended) as unknown as { path: string; ready: boolean; problems: Record<string, unknown>[] }[];
    expect(reports.map(({ path, ready }) => [path, ready])).toEqual(
      names.map((name) => [name, name === 'outside.wasm']),
    );
    for (const { problems } of reports.slice(0, 4)) {
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) {
        expect(problem).toMatchObject({
          severity: expect.stringMatching(/^(?:error|warning)$/),
          code: expect.stringMatching(/^M_/),
          file: expect.any(String),
          message: expect.any(String),
          fix: expect.any(String),
        });
      }
    }
    expect(reports[1]?.problems).toContainEqual(
      expect.objectContaining({
        field: 'executable.exports[1]',
        line: expect.any(Number),
        fix: expect.stringContaining('add'),
      }),
    );
    expect(reports[2]?.problems).toContainEqual(
      expect.objectContaining({ fix: expect.stringContaining('"bin/other.wasm"') }),
    );
  });

  it('in text, one line for each, inert', async () => {
    const ended = await skill(['validate', 'several'], { cwd: root });
    expect(ended).toMatchObject({
      code: 5,
      stderr: '',
      stdout: expect.stringMatching(/skill\.toml:\d+:\d+ error M_[^]*not ready/),
    });
    expect(ended.stdout).toMatch(/ {2}fix: /);
    expectInert(ended.stdout);
  });

  it('a warning is one, unless --strict', async () => {
    await writeSkill(join(root, 'almost'), { id: 'custom.almost', guest: 'one', head: 'licence = "MIT"' });
    const loose = await skill(['validate', 'almost'], { cwd: root });
    expect(loose).toMatchObject({ code: 0, stdout: expect.stringMatching(/warning [^]*"?license/) });
    expect(await skill(['validate', 'almost', '--strict'], { cwd: root })).toMatchObject({ code: 5 });
  });

  it('a path that is not there is an error of its own', async () => {
    const ended = await skill(['validate', 'almost', 'nowhere'], { cwd: root });
    expect(ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('there is no folder "nowhere"'),
    });
  });
});
