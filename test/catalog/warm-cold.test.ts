import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { guest, manifest, scratch, write } from '../runtime/folders.ts';
import { body, place, type Place, plain, settle } from './support.ts';

const FOLDERS = ['alpha', 'beta', 'gamma'] as const;
type Folder = (typeof FOLDERS)[number];

const modules: Uint8Array[] = [];
beforeAll(async () => {
  modules.push(await guest('one'), await guest('core'));
});

const MODULE = '\n[executable]\nmodule = "bin/guest.wasm"\n';

/** Replaces a file by another of its size, in place. */
function editInPlace(file: string, letter: string): void {
  if (!existsSync(file) || !lstatSync(file).isFile()) return;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/does ?\w|sample ?\w/i, (word) => word.slice(0, -1) + letter),
  );
}

/** What people and programs do to a directory of skills. */
const CHANGES: Readonly<Record<string, (at: Place, folder: Folder, n: number) => void>> = {
  'a SKILL.md comes': ({ skills }, folder) => write(skills, { [`${folder}/SKILL.md`]: body(folder) }),
  'a skill.toml comes': ({ skills }, folder, n) =>
    write(skills, { [`${folder}/skill.toml`]: manifest(`custom.id-${n % 2}`, `aliases = ["n${n}"]\n`) }),
  'a module comes': ({ skills }, folder, n) =>
    write(skills, {
      [`${folder}/skill.toml`]: manifest(`custom.${folder}`, MODULE),
      [`${folder}/bin/guest.wasm`]: modules[n % 2] ?? '',
    }),
  'the module is another': ({ skills }, folder, n) => {
    if (existsSync(join(skills, folder, 'bin'))) write(skills, { [`${folder}/bin/guest.wasm`]: modules[n % 2] ?? '' });
  },
  'the module goes': ({ skills }, folder) => rmSync(join(skills, folder, 'bin'), { recursive: true, force: true }),
  'the SKILL.md is edited in place': ({ skills }, folder, n) =>
    editInPlace(join(skills, folder, 'SKILL.md'), String.fromCharCode(97 + n)),
  'the skill.toml is edited in place, its time set back': ({ skills }, folder, n) => {
    const file = join(skills, folder, 'skill.toml');
    editInPlace(file, String.fromCharCode(97 + n));
    if (existsSync(file)) utimesSync(file, 1_000_000, 1_000_000);
  },
  'the manifest is replaced': ({ root, skills }, folder, n) => {
    write(root, { aside: body(folder, '', `Replaced ${n}`) });
    if (existsSync(join(skills, folder))) renameSync(join(root, 'aside'), join(skills, folder, 'SKILL.md'));
  },
  'the skill is broken': ({ skills }, folder) => write(skills, { [`${folder}/skill.toml`]: '[skill\n' }),
  'the manifest is a link to nowhere': ({ root, skills }, folder) => {
    mkdirSync(join(skills, folder), { recursive: true });
    rmSync(join(skills, folder, 'SKILL.md'), { recursive: true, force: true });
    symlinkSync(join(root, 'nowhere'), join(skills, folder, 'SKILL.md'));
  },
  'the skill.toml goes': ({ skills }, folder) => rmSync(join(skills, folder, 'skill.toml'), { force: true }),
  'a README comes': ({ skills }, folder) => {
    if (existsSync(join(skills, folder))) write(skills, { [`${folder}/README.md`]: '# Read me\n' });
  },
  'the folder goes': ({ skills }, folder) => rmSync(join(skills, folder), { recursive: true, force: true }),
  'the folder is renamed': ({ skills }, folder, n) => {
    const to = join(skills, FOLDERS[n % FOLDERS.length] ?? '');
    if (existsSync(join(skills, folder)) && !existsSync(to)) renameSync(join(skills, folder), to);
  },
  'the folder is a link to another': ({ root, skills }, folder, n) => {
    write(root, { [`apart-${n % 3}/SKILL.md`]: body(`apart-${n % 3}`) });
    rmSync(join(skills, folder), { recursive: true, force: true });
    symlinkSync(join(root, `apart-${n % 3}`), join(skills, folder));
  },
  'the folder is copied': ({ skills }, folder, n) => {
    const to = join(skills, FOLDERS[n % FOLDERS.length] ?? '');
    if (existsSync(join(skills, folder)) && !existsSync(to)) cpSync(join(skills, folder), to, { recursive: true });
  },
  'the folder is touched': ({ skills }, folder) => {
    if (existsSync(join(skills, folder))) utimesSync(join(skills, folder), new Date(), new Date());
  },
};

async function isSame(at: Place): Promise<void> {
  const [warm, cold] = [await at.warm(), await at.cold()];
  expect(warm.map(plain)).toEqual(cold.map(plain));
}

describe('a listing from the index is what reading every folder says [R-CATALOG-1]', () => {
  it('after any changes in a row', async () => {
    const change = fc.record({
      what: fc.constantFrom(...Object.keys(CHANGES)),
      folder: fc.constantFrom(...FOLDERS),
      n: fc.nat({ max: 7 }),
      rest: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 4, maxLength: 14 }), async (changes) => {
        const at = place(scratchWithin());
        mkdirSync(at.skills, { recursive: true });
        for (const { what, folder, n, rest } of changes) {
          CHANGES[what]?.(at, folder, n);
          await isSame(at);
          if (rest) {
            await settle();
            await isSame(at);
          }
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });

  it.each(Object.keys(CHANGES))('when %s, of skills that are in the index', async (what) => {
    const at = place();
    for (const start of ['a SKILL.md comes', 'a module comes'] as const) {
      for (const folder of FOLDERS) {
        CHANGES['the folder goes']?.(at, folder, 0);
        CHANGES[start]?.(at, folder, 0);
      }
      await settle();
      await isSame(at);
      CHANGES[what]?.(at, 'beta', 3);
      await isSame(at);
      await settle();
      await isSame(at);
    }
  });

  it('of a skill whose build comes later, at the place no manifest names', async () => {
    const at = place();
    const yaml =
      'name: later\nversion: 1.0.0\ndescription: Built later\ntools:\n  - name: one\n    description: One\n    handler: x\n';
    write(at.skills, { 'later/manifest.yaml': yaml, 'later/bin/keep': '' });
    await settle();
    await isSame(at);
    expect(await at.warm()).toMatchObject([{ ready: true, tools: [] }]);
    write(at.skills, { 'later/bin/skill.wasm': modules[0] ?? '' });
    await isSame(at);
    expect((await at.warm())[0]?.tools).not.toEqual([]);
  });

  it('of skills that need programs which come and go', async () => {
    const at = place();
    const { PATH } = process.env;
    const bin = join(at.root, 'bin');
    write(at.skills, {
      'needs/skill.toml': manifest('custom.needs', '[platform]\nrequired_tools = ["come-and-go"]\n'),
    });
    process.env['PATH'] = bin;
    try {
      const seen: boolean[] = [];
      for (const isThere of [false, true, false, true]) {
        rmSync(bin, { recursive: true, force: true });
        if (isThere) write(bin, { 'come-and-go': '#!/bin/sh\n' });
        if (isThere) chmodSync(join(bin, 'come-and-go'), 0o755);
        await settle();
        await isSame(at);
        seen.push((await at.warm())[0]?.ready ?? false);
      }
      expect(seen).toEqual([false, true, false, true]);
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});

const top = scratch();
let count = 0;
function scratchWithin(): string {
  const root = join(top, String(count++));
  mkdirSync(root);
  return root;
}
