import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addSkills } from '../../src/install/add.ts';
import { diagnose } from '../../src/install/doctor.ts';
import { readLockfile } from '../../src/lockfile/file.ts';
import { verifyLedger } from '../../src/ledger/index.ts';
import { checkTree } from '../../src/store/check-tree.ts';
import { MAIN } from '../cli/support.ts';
import { scratch } from '../runtime/folders.ts';
import { randomFrom } from '../host/component/mutate.ts';
import { seeded } from '../seed.ts';
import { addOptions, openBench, snapshot, writePlain } from './support.ts';

const IS_FULL = process.env['SKILLHOST_FAULTS'] === 'full';
// In CI as often as promised on one version of Node, and a few times on the others.
const IS_OLDEST = process.version.startsWith('v20.');
const KILLS = IS_FULL ? 1_000 : process.env['CI'] === 'true' && IS_OLDEST ? 100 : 30;
const root = scratch();
const REST = '[capabilities]\nfilesystem_read = ["./"]\n';

/** Runs the command; it is killed after so long, or not at all. */
function run(home: string, words: readonly string[], killAfterMs?: number): Promise<number | string> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: root,
    env: { ...process.env, SKILLHOST_HOME: home },
    stdio: 'ignore',
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((resolve) =>
    child.on('close', (code, by) => {
      clearTimeout(timer);
      resolve(code ?? by ?? '');
    }),
  );
}

/** Whatever happened: the lock file is whole, and so is all that it names. */
async function requireWhole(home: string): Promise<readonly string[]> {
  const { installation } = openBench(home);
  const { skills } = await readLockfile(installation.home.lock);
  for (const { integrity } of skills.values())
    expect(checkTree(installation.store.pathOf(integrity), integrity)).toBeUndefined();
  return [...skills.values()].map(({ id, version }) => `${id}@${version}`);
}

describe('commands that are really killed [R-INSTALL-1]', () => {
  it('leave nothing torn, at whatever moment it was', async () => {
    const home = join(root, 'home');
    const random = randomFrom(seeded(KILLS));
    for (const name of 'abc') writePlain(join(root, 'one', name), `custom.${name}`, { rest: REST });
    for (const name of 'abc') writePlain(join(root, 'two', name), `custom.${name}`, { rest: REST, version: '1.3.0' });
    const commands = [
      ['add', './one', '--all', '--yes', '--replace', '--allow-downgrade'],
      ['add', './two', '--all', '--yes', '--replace'],
      ['remove', 'custom.a', 'custom.b'],
      ['capabilities', 'custom.c', 'revoke', 'filesystem_read'],
      ['capabilities', 'custom.c', 'grant', 'filesystem_read=./'],
      ['disable', 'custom.c'],
      ['enable', 'custom.c'],
    ];
    let killed = 0;
    for (let i = 0; killed < KILLS; i++) {
      const ended = await run(home, commands[i % commands.length] ?? [], 60 + random(140));
      if (ended === 'SIGKILL') killed++;
      await requireWhole(home);
    }
    expect(await run(home, ['add', './two', '--all', '--yes', '--replace'])).toBe(0);
    expect(await requireWhole(home)).toEqual(['custom.a@1.3.0', 'custom.b@1.3.0', 'custom.c@1.3.0']);
    const { installation } = openBench(home);
    expect(await diagnose(installation, { repair: false })).toEqual([]);
    expect((await verifyLedger(installation.home.ledger)).ok).toBe(true);
  });
});

describe('commands that run at once [R-INSTALL-2]', () => {
  it('lose no skill of any of them, though some are killed', async () => {
    const home = join(root, 'shared');
    const names = Array.from({ length: IS_FULL ? 32 : 10 }, (_, i) => `s${i}`);
    for (const name of names) writePlain(join(root, 'many', name), `custom.${name}`);
    const random = randomFrom(seeded(names.length));
    const ended = await Promise.all(
      names.map((name, i) => run(home, ['add', `./many/${name}`], i % 5 === 0 ? 100 + random(200) : undefined)),
    );
    const done = names.filter((_, i) => ended[i] === 0);
    expect(ended.filter((_, i) => i % 5 !== 0)).toEqual(names.filter((_, i) => i % 5 !== 0).map(() => 0));
    expect(await requireWhole(home)).toEqual(expect.arrayContaining(done.map((name) => `custom.${name}@1.2.3`)));
    expect(await Promise.all(names.map((name) => run(home, ['add', `./many/${name}`])))).toEqual(names.map(() => 0));
    expect(await requireWhole(home)).toHaveLength(names.length);
  });

  it('and want the same skill agree on it', async () => {
    const home = join(root, 'same');
    const alone = join(root, 'alone');
    mkdirSync(alone);
    const folder = writePlain(join(root, 'wanted'), 'custom.wanted');
    expect(await Promise.all(Array.from({ length: 6 }, () => run(home, ['add', './wanted'])))).toEqual(
      Array(6).fill(0),
    );
    await addSkills([folder], addOptions(), openBench(alone).installation);
    const trees = (of: string): readonly string[] =>
      Object.keys(snapshot(of)).filter((path) => path.startsWith('store/'));
    expect(trees(home)).toEqual(trees(alone));
    expect(existsSync(join(home, 'skills.lock'))).toBe(true);
    expect(readFileSync(join(home, 'skills.lock'), 'utf8').match(/^\[\[skills\]\]/gm)).toHaveLength(1);
  });
});
