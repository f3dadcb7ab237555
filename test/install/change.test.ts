import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { addSkills } from '../../src/install/add.ts';
import { diagnose } from '../../src/install/doctor.ts';
import { grantMore, revoke } from '../../src/install/grant.ts';
import { removeSkills, switchSkills } from '../../src/install/remove.ts';
import { restore } from '../../src/install/restore.ts';
import { updateSkills } from '../../src/install/update.ts';
import { verifyInstalled } from '../../src/install/verify.ts';
import { readLockfile } from '../../src/lockfile/file.ts';
import type { LockedSkill } from '../../src/lockfile/lockfile.ts';
import type { Grant } from '../../src/policy/grant.ts';
import { pathSource } from '../../src/source/path.ts';
import { NO_TRUST } from '../../src/trust/index.ts';
import { scratch } from '../runtime/folders.ts';
import { addOptions, type Bench, openBench, snapshot, writePlain } from './support.ts';

const root = scratch();
let count = 0;
const CAPABILITIES = '[capabilities]\nfilesystem_read = ["./"]\nnetwork = ["api.example.org"]\n';
const NO_RULES = { neverGrant: new Set<never>(), alwaysConfirm: new Set<never>() };

interface Place extends Bench {
  readonly folder: (name: string) => string;
  readonly entry: (name: string) => Promise<LockedSkill | undefined>;
}

/** A home with the skills custom.a and custom.b. */
async function place(): Promise<Place> {
  const at = join(root, `p${count++}`);
  const bench = openBench(join(at, 'home'));
  const folder = (name: string): string => join(at, name);
  const folders = ['a', 'b'].map((name) => writePlain(folder(name), `custom.${name}`, { rest: CAPABILITIES }));
  await addSkills(folders, addOptions(), bench.installation);
  const entry = async (name: string): Promise<LockedSkill | undefined> =>
    (await readLockfile(bench.installation.home.lock)).skills.get(`custom.${name}`);
  bench.records.length = 0;
  return { ...bench, folder, entry };
}

describe('removing and switching [R-INSTALL-6]', () => {
  it('takes the skill, its files and its grants away, and writes it down first', async () => {
    const { installation, entry, records } = await place();
    const [removed] = await removeSkills(['custom.a'], installation);
    expect(removed?.id).toBe('custom.a');
    expect(await entry('a')).toBeUndefined();
    expect(installation.store.list()).toEqual([(await entry('b'))?.integrity]);
    expect(records).toMatchObject([{ event: 'removed', skill: 'custom.a' }]);
  });

  it('removes all that were named or none', async () => {
    const { installation } = await place();
    const before = snapshot(installation.home.root);
    await expect(removeSkills(['custom.a', 'custom.c'], installation)).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      hint: expect.stringContaining('custom.'),
    });
    expect(snapshot(installation.home.root)).toEqual(before);
  });

  it('changes nothing when the record cannot be written', async () => {
    const { installation } = await place();
    const before = snapshot(installation.home.root);
    const record = (): never => {
      throw new Error('the record is full');
    };
    await expect(removeSkills(['custom.a'], { ...installation, record })).rejects.toThrow('the record is full');
    expect(snapshot(installation.home.root)).toEqual(before);
  });

  it('keeps a skill that is switched off, with its grants, and tells which were not so before', async () => {
    const { installation, entry, records } = await place();
    expect(await switchSkills(['custom.a'], false, installation)).toHaveLength(1);
    expect(await switchSkills(['custom.a', 'custom.b'], false, installation)).toMatchObject([{ id: 'custom.b' }]);
    expect(await switchSkills(['custom.a', 'custom.b'], false, installation)).toEqual([]);
    expect(await entry('a')).toMatchObject({ enabled: false, granted: { network: ['api.example.org'] } });
    await switchSkills(['custom.a'], true, installation);
    expect(await entry('a')).toMatchObject({ enabled: true });
    expect(records.map(({ event, skill }) => `${event} ${skill}`)).toEqual([
      'disabled custom.a',
      'disabled custom.b',
      'enabled custom.a',
    ]);
  });
});

describe('granting and revoking [R-INSTALL-7]', () => {
  it('changes what the lock file says, and writes each down', async () => {
    const { installation, entry, records } = await place();
    await grantMore('custom.a', { filesystem_read: ['./notes', './'], env_read: ['LANG'] }, NO_RULES, installation);
    expect((await entry('a'))?.granted).toEqual({
      env_read: ['LANG'],
      filesystem_read: ['./', './notes'],
      network: ['api.example.org'],
    });
    await revoke('custom.a', { filesystem_read: ['./'], network: [] }, installation);
    expect((await entry('a'))?.granted).toEqual({ env_read: ['LANG'], filesystem_read: ['./notes'] });
    expect((await entry('b'))?.granted).toEqual({ filesystem_read: ['./'], network: ['api.example.org'] });
    expect(records.map(({ event, resource }) => `${event} ${resource}`)).toEqual([
      'granted filesystem_read=./notes',
      'granted env_read=LANG',
      'revoked filesystem_read=./',
      'revoked network=api.example.org',
    ]);
  });

  it.each<[what: string, grant: Grant, rules: object, code: string]>([
    ['a scope that is malformed', { network: ['http://'] }, {}, 'E_USAGE'],
    ['what is never granted', { network: ['*.org'] }, { neverGrant: new Set(['network']) }, 'E_DENIED'],
    ['what is asked for at each run', { network: ['*.org'] }, { alwaysConfirm: new Set(['network']) }, 'E_DENIED'],
  ])('refuses %s', async (_, grant, rules, code) => {
    const { installation, entry } = await place();
    const change = async (): Promise<unknown> => grantMore('custom.a', grant, { ...NO_RULES, ...rules }, installation);
    await expect(change()).rejects.toMatchObject({ code, hint: expect.any(String) });
    expect((await entry('a'))?.granted).toEqual({ filesystem_read: ['./'], network: ['api.example.org'] });
  });

  it.each<[Grant]>([[{ env_read: [] }], [{ network: ['other.example.org'] }]])(
    'cannot revoke %j, which was not granted',
    async (grant) => {
      const { installation } = await place();
      await expect(revoke('custom.a', grant, installation)).rejects.toMatchObject({
        code: 'E_NOT_FOUND',
        hint: expect.stringContaining('network=api.example.org'),
      });
    },
  );
});

describe('updating [R-INSTALL-8]', () => {
  const look = { ...addOptions(), check: true, major: false };
  const take = { ...look, check: false };

  it.each([
    ['1.2.3', 'current', 'as it is'],
    ['1.3.0', 'newer', '1.3.0'],
    ['2.0.0', 'held', 'as it is'],
    ['1.0.0', 'older', 'as it is'],
  ])('to %s is %s', async (version, state, wanted) => {
    const { installation, entry, folder } = await place();
    const old = await entry('a');
    if (version !== '1.2.3') writePlain(folder('a'), 'custom.a', { rest: CAPABILITIES, version });
    const before = snapshot(installation.home.root);
    expect((await updateSkills(['custom.a'], look, installation)).updates).toMatchObject([{ state, version }]);
    expect(snapshot(installation.home.root)).toEqual(before);
    const { added } = await updateSkills([], take, installation);
    expect((await entry('a'))?.version).toBe(wanted === 'as it is' ? '1.2.3' : wanted);
    expect(added).toHaveLength(wanted === 'as it is' ? 0 : 1);
    if (wanted === 'as it is') expect(await entry('a')).toEqual(old);
  });

  it('takes a version that may break things, or an older one, when it is told to', async () => {
    const { installation, entry, folder } = await place();
    writePlain(folder('a'), 'custom.a', { version: '2.0.0' });
    writePlain(folder('b'), 'custom.b', { version: '1.0.0' });
    await updateSkills([], { ...take, major: true, allowed: { downgrade: true } }, installation);
    expect([(await entry('a'))?.version, (await entry('b'))?.version]).toEqual(['2.0.0', '1.0.0']);
  });

  it('takes new bytes under the same version of a folder, and asks for what is new', async () => {
    const { installation, entry, folder } = await place();
    writePlain(folder('a'), 'custom.a', { rest: `${CAPABILITIES}env_read = ["LANG"]\n`, text: 'Other.' });
    await updateSkills([], take, installation);
    expect((await entry('a'))?.granted).toMatchObject({ env_read: ['LANG'] });
  });

  it('goes on where a source is gone, and says which', async () => {
    const { installation, entry, folder } = await place();
    rmSync(folder('a'), { recursive: true });
    writePlain(folder('b'), 'custom.b', { version: '1.3.0' });
    const gone = { state: 'failed', version: '1.2.3', error: { code: 'E_NOT_FOUND' } };
    expect((await updateSkills([], look, installation)).updates).toMatchObject([gone, { state: 'newer' }]);
    expect((await updateSkills([], take, installation)).updates).toMatchObject([gone, { version: '1.3.0' }]);
    expect([(await entry('a'))?.version, (await entry('b'))?.version]).toEqual(['1.2.3', '1.3.0']);
  });

  it('ends where whoever updates has enough', async () => {
    const { installation } = await place();
    const stopped = { ...installation, signal: AbortSignal.abort(new SkillError('E_ABORTED', 'enough')) };
    const supply = {
      ...take.supply,
      sources: [{ ...pathSource, fetch: () => Promise.reject(stopped.signal.reason as Error) }],
    };
    await expect(updateSkills([], { ...look, supply }, stopped)).rejects.toMatchObject({ code: 'E_ABORTED' });
  });

  it('knows nothing of what is not installed', async () => {
    const { installation } = await place();
    await expect(updateSkills(['custom.z'], look, installation)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

describe('what the lock file names, and is not here [R-INSTALL-9]', () => {
  const options = { supply: addOptions().supply, judge: () => Promise.resolve() };

  it('is fetched again, byte for byte, and the lock file stays as it is', async () => {
    const { installation } = await place();
    const before = snapshot(installation.home.root);
    rmSync(installation.home.store, { recursive: true });
    expect(await restore(options, installation)).toHaveLength(2);
    expect(snapshot(installation.home.root)).toEqual(before);
    expect(await restore(options, installation)).toEqual([]);
  });

  it('is fetched again when it is damaged', async () => {
    const { installation, entry } = await place();
    const path = installation.store.pathOf((await entry('a'))?.integrity ?? '');
    execFileSync('chmod', ['-R', 'u+w', path]);
    writeFileSync(join(path, 'skill.toml'), 'spoilt');
    expect(await restore(options, installation)).toMatchObject([{ id: 'custom.a' }]);
  });

  it('is refused when its source has other files now; then nothing is kept', async () => {
    const { installation, folder } = await place();
    writePlain(folder('b'), 'custom.b', { text: 'Other.' });
    rmSync(installation.home.store, { recursive: true });
    await expect(restore(options, installation)).rejects.toMatchObject({
      code: 'E_INTEGRITY',
      details: { reason: 'other_files' },
    });
    expect(installation.store.list()).toEqual([]);
  });

  it('is refused when the policy has changed meanwhile', async () => {
    const { installation } = await place();
    rmSync(installation.home.store, { recursive: true });
    const judge = (): Promise<never> => Promise.reject(new Error('revoked'));
    await expect(restore({ ...options, judge }, installation)).rejects.toThrow('revoked');
    expect(installation.store.list()).toEqual([]);
  });
});

describe('verifying and mending [R-INSTALL-10]', () => {
  const trust = { policy: NO_TRUST, now: () => new Date('2026-01-02') };

  it('reads every file again, and says which skill is not what was installed', async () => {
    const { installation, entry } = await place();
    expect((await verifyInstalled([], trust, installation)).map(({ fault }) => fault)).toEqual([undefined, undefined]);
    const path = installation.store.pathOf((await entry('b'))?.integrity ?? '');
    execFileSync('chmod', ['-R', 'u+w', path]);
    writeFileSync(join(path, 'knowledge/overview.md'), 'spoilt');
    const found = await verifyInstalled([], trust, installation);
    expect(found.map(({ skill, fault }) => [skill.id, fault === undefined])).toEqual([
      ['custom.a', true],
      ['custom.b', false],
    ]);
    expect(await diagnose(installation, { repair: true })).toMatchObject([
      { kind: 'damaged', what: 'custom.b', isMended: false, fix: 'skill install --frozen' },
    ]);
  });

  it('holds installed skills to the policy as it is now', async () => {
    const { installation } = await place();
    const layer = {
      where: 'corp.toml',
      require: 'signature' as const,
      root: undefined,
      keys: [],
      identities: [],
      sources: [],
    };
    const [found] = await verifyInstalled(['custom.a'], { ...trust, policy: { layers: [layer] } }, installation);
    expect(found?.fault).toEqual(expect.any(String));
    expect(found?.steps.at(-1)).toMatchObject({ result: 'refused' });
  });

  it('finds what processes left, and removes it', async () => {
    const { installation } = await place();
    const before = snapshot(installation.home.root);
    const { trees } = installation.store;
    for (const name of ['4194305-left', 'a'.repeat(64)]) mkdirSync(join(trees, name));
    expect(await diagnose(installation, { repair: false })).toMatchObject([
      { kind: 'unnamed', isMended: false, fix: 'skill doctor' },
      { kind: 'leftover', isMended: false },
    ]);
    expect(existsSync(join(trees, '4194305-left'))).toBe(true);
    expect((await diagnose(installation, { repair: true })).map(({ isMended }) => isMended)).toEqual([true, true]);
    expect(snapshot(installation.home.root)).toEqual(before);
    expect(await diagnose(installation, { repair: true })).toEqual([]);
  });

  it('says what is wrong with the lock file, and leaves it as it is', async () => {
    const { installation } = await place();
    const { lock } = installation.home;
    const text = readFileSync(lock, 'utf8').replace('1.2.3', '1.2.4');
    writeFileSync(lock, text);
    expect(await diagnose(installation, { repair: true })).toMatchObject([{ kind: 'lockfile', isMended: false }]);
    await expect(removeSkills(['custom.a'], installation)).rejects.toMatchObject({ code: 'E_LOCKFILE' });
    expect(readFileSync(lock, 'utf8')).toBe(text);
  });

  it.each([
    ['config', 'private = 1\n[oops\n'],
    ['config', '[nonsense]\na = 1\n'],
    ['config', '[trust]\nrequire = "all"\n'],
    ['corp', '[capabilities]\nnever_grant = ["everything"]\n'],
  ] as const)('says what is wrong with %s.toml, and mends the rest: %j', async (file, text) => {
    const { installation } = await place();
    mkdirSync(join(installation.store.trees, '4194305-left'));
    writeFileSync(installation.home[file], text);
    expect(await diagnose(installation, { repair: true })).toMatchObject([
      { kind: 'config', why: expect.stringContaining(file), fix: expect.any(String), isMended: false },
      { kind: 'leftover', isMended: true },
    ]);
  });
});
