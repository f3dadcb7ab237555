import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { addSkills } from '../../src/install/add.ts';
import { grantMore } from '../../src/install/grant.ts';
import type { Installation } from '../../src/install/installation.ts';
import { removeSkills, switchSkills } from '../../src/install/remove.ts';
import { restore } from '../../src/install/restore.ts';
import { updateSkills } from '../../src/install/update.ts';
import { readLockfile } from '../../src/lockfile/file.ts';
import { checkTree } from '../../src/store/check-tree.ts';
import { Dead, type Fault, faultyFiles } from '../files/faulty-files.ts';
import { lossyFiles } from '../files/lossy-files.ts';
import { scratch } from '../runtime/folders.ts';
import { addOptions, asIfKilled, namesIn, openBench, snapshot, writePlain } from './support.ts';

const IS_FULL = process.env['SKILLHOST_FAULTS'] === 'full';
const CODES = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'EACCES'] as const;
const ASKING = { rest: '[capabilities]\nfilesystem_read = ["./"]\nnetwork = ["api.example.org"]\n' };

const root = scratch();
const folder = (name: string): string => join(root, 'skills', name);
const writeAll = (names: string, version: string): string[] =>
  names
    .split('')
    .map((name) => writePlain(folder(name), `custom.${name}`, { ...ASKING, version, text: `Of ${version}.` }));

interface Command {
  readonly name: string;
  /** What is there before it. */
  readonly before: (installation: Installation) => Promise<unknown>;
  readonly run: (installation: Installation) => Promise<unknown>;
  /** What it says when it is run after it was done. */
  readonly again?: string;
}

const add = (installation: Installation): Promise<unknown> =>
  addSkills(writeAll('abc', '1.0.0'), addOptions(), installation);
const COMMANDS: readonly Command[] = [
  { name: 'add of three', before: () => Promise.resolve(), run: add },
  {
    name: 'add of one more',
    before: add,
    run: (installation) => addSkills(writeAll('d', '1.0.0'), addOptions(), installation),
  },
  {
    name: 'update',
    before: async (installation) => {
      await add(installation);
      writeAll('ab', '1.1.0');
    },
    run: (installation) => updateSkills([], { ...addOptions(), check: false, major: false }, installation),
  },
  {
    name: 'remove of two',
    before: add,
    run: (installation) => removeSkills(['custom.a', 'custom.c'], installation),
    again: 'E_NOT_FOUND',
  },
  { name: 'disable', before: add, run: (installation) => switchSkills(['custom.b'], false, installation) },
  {
    name: 'grant',
    before: add,
    run: (installation) =>
      grantMore(
        'custom.b',
        { filesystem_read: ['./more'] },
        { neverGrant: new Set(), alwaysConfirm: new Set() },
        installation,
      ),
  },
  {
    name: 'install --frozen of what is gone',
    before: async (installation) => {
      await add(installation);
      for (const hash of installation.store.list().slice(1)) installation.store.remove(hash);
    },
    run: (installation) => restore({ supply: addOptions().supply, judge: () => Promise.resolve() }, installation),
  },
];

describe.each(COMMANDS)('$name, cut off anywhere [R-INSTALL-1]', ({ name, before, run, again }) => {
  const base = join(root, name, 'base');
  const home = join(root, name, 'home');
  let calls: readonly string[] = [];
  let [old, wanted]: Readonly<Record<string, string>>[] = [];

  beforeAll(async () => {
    mkdirSync(base, { recursive: true });
    await before(openBench(base).installation);
    old = snapshot(base);
    renew();
    const files = faultyFiles();
    await run(openBench(home, files).installation);
    calls = files.calls;
    wanted = snapshot(home);
    expect(wanted).not.toEqual(old);
  });

  function renew(): void {
    rmSync(home, { recursive: true, force: true });
    cpSync(base, home, { recursive: true, preserveTimestamps: true });
  }

  async function runWith(fault: Fault): Promise<unknown> {
    renew();
    try {
      await run(openBench(home, faultyFiles(fault)).installation);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** The lock file is the old one or the new one, and all it names is whole, or was not so before. */
  async function requireWhole(): Promise<void> {
    const lock = join(home, 'skills.lock');
    const text = existsSync(lock) ? readFileSync(lock, 'base64') : undefined;
    const known = [old?.['skills.lock'], wanted?.['skills.lock']].map((one) => one?.split(' ')[1]);
    expect(known).toContain(text);
    const { store } = openBench(home).installation;
    for (const { integrity } of (await readLockfile(lock)).skills.values()) {
      const isThere = namesIn(store.trees).includes(integrity.slice('sha256:'.length));
      if (isThere || name !== 'install --frozen of what is gone')
        expect(checkTree(store.pathOf(integrity), integrity)).toBeUndefined();
    }
  }

  /** The same command again, by a process that knows of nothing. */
  async function requireConverges(): Promise<void> {
    try {
      await run(openBench(home).installation);
    } catch (error) {
      if (!(error instanceof SkillError) || error.code !== again) throw error;
    }
    expect(snapshot(home)).toEqual(wanted);
    expect(namesIn(join(home, 'turn')).length).toBeLessThanOrEqual(4);
  }

  it.each(['dies', 'dies-after', 'half'] as const)('%s at every call', async (how) => {
    for (let at = 1; at <= calls.length; at++) {
      if (how === 'half' && calls[at - 1] !== 'writeNew') continue;
      const error = await runWith({ at, how });
      expect(error).toSatisfy((one) => one === undefined || one instanceof Dead);
      asIfKilled(home);
      await requireWhole();
      await requireConverges();
    }
  });

  it('and what was not flushed is lost in a power cut', async () => {
    for (let at = 1; at <= calls.length; at += IS_FULL ? 1 : 2) {
      renew();
      const files = lossyFiles(faultyFiles({ at, how: 'dies' }));
      try {
        await run(openBench(home, files).installation);
      } catch (error) {
        if (!(error instanceof Dead)) throw error;
      }
      files.cutPower();
      asIfKilled(home);
      await requireWhole();
      await requireConverges();
    }
  });

  it.each(CODES.flatMap((code) => [code, `${code}-on`] as const).filter((_, i) => IS_FULL || i < 2))(
    '%s from every call',
    async (how) => {
      for (let at = 1; at <= calls.length; at += IS_FULL ? 1 : 2) {
        const error = await runWith({ at, how });
        if (error !== undefined) {
          expect(error).toMatchObject({ code: 'E_STORE', message: expect.stringContaining(home) });
          expect((error as SkillError).hint).toBeDefined();
        }
        await requireWhole();
        asIfKilled(home);
        await requireConverges();
      }
    },
  );
});
