import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { type Added, addSkills, type AddOptions } from '../../src/install/add.ts';
import type { Proposal } from '../../src/install/asker.ts';
import { linkSkill } from '../../src/install/link.ts';
import { updateSkills } from '../../src/install/update.ts';
import { readLockfile } from '../../src/lockfile/file.ts';
import type { Grant } from '../../src/policy/grant.ts';
import type { Source } from '../../src/source/source.ts';
import { readFolder } from '../../src/tree/read-folder.ts';
import { scratch, write } from '../runtime/folders.ts';
import { addOptions, AGREES, type Bench, openBench, snapshot, writePlain } from './support.ts';

const root = scratch();
let count = 0;
const fresh = (): string => join(root, `h${count++}`);
const CAPABILITIES = '[capabilities]\nfilesystem_read = ["./"]\nnetwork = ["api.example.org"]\n';

/** A source of packages by name, which may change. */
function shelf(packages: Readonly<Record<string, { folder: string; resolved: string }>>): Source {
  return {
    kind: 'registry',
    takes: (request) => request in packages,
    fetch: async (request) => {
      const { folder, resolved } = packages[request] ?? { folder: '', resolved: '' };
      return { resolved, files: readFolder(folder), wasExpected: false, signatures: [] };
    },
  };
}

function withSource(source: Source, changes: Partial<AddOptions> = {}): AddOptions {
  const { supply, ...rest } = addOptions(changes);
  return { ...rest, supply: { ...supply, sources: [source] } };
}

/** Remembers what it was asked, and answers as told. */
function asking(answer: (proposal: Proposal) => Grant | undefined): { asked: Proposal[]; asker: AddOptions['asker'] } {
  const asked: Proposal[] = [];
  const decide = async (proposal: Proposal): Promise<Grant | undefined> => {
    asked.push(proposal);
    return answer(proposal);
  };
  return { asked, asker: { ...AGREES, decide } };
}

async function lockOf({ installation }: Bench): Promise<readonly string[]> {
  const { skills } = await readLockfile(installation.home.lock);
  return [...skills.values()].map(({ id, version }) => `${id}@${version}`);
}

describe('adding skills [R-INSTALL-3]', () => {
  it('pins what was there, and says where exactly it is from', async () => {
    const bench = openBench(fresh());
    const folder = writePlain(join(root, 'pin'), 'custom.pin');
    const [added] = await addSkills([folder], addOptions(), bench.installation);
    expect(added?.skill).toMatchObject({
      id: 'custom.pin',
      version: '1.2.3',
      source: pathToFileURL(folder).href,
      requested: pathToFileURL(folder).href,
      integrity: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      direct: true,
      enabled: true,
    });
    expect(bench.records).toMatchObject([{ event: 'installed', skill: 'custom.pin', hash: added?.skill.integrity }]);
    writeFileSync(join(folder, 'knowledge/overview.md'), '# Changed\n');
    const kept = readFileSync(
      join(bench.installation.store.pathOf(added?.skill.integrity ?? ''), 'knowledge/overview.md'),
      'utf8',
    );
    expect(kept).not.toContain('Changed');
  });

  it('writes nothing when it is there as it is', async () => {
    const bench = openBench(fresh());
    const folder = writePlain(join(root, 'same'), 'custom.same');
    await addSkills([folder], addOptions(), bench.installation);
    const before = snapshot(bench.installation.home.root);
    const again: readonly Added[] = await addSkills([folder], addOptions(), bench.installation);
    expect(again[0]?.skill).toEqual(again[0]?.before);
    expect(snapshot(bench.installation.home.root)).toEqual(before);
  });

  it('installs all of a command or none', async () => {
    const bench = openBench(fresh());
    const good = writePlain(join(root, 'good'), 'custom.good');
    await expect(addSkills([good, join(root, 'nowhere')], addOptions(), bench.installation)).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
    expect(await lockOf(bench)).toEqual([]);
    expect(bench.installation.store.list()).toEqual([]);
  });

  it('takes a package with several skills only when it is said which', async () => {
    const many = join(root, 'many');
    for (const name of ['one', 'two', 'three']) writePlain(join(many, 'skills', name), `custom.${name}`);
    write(many, { 'README.md': '# Many\n' });
    const nobody = { ...AGREES, pick: async () => undefined };
    const refused = openBench(fresh());
    await expect(addSkills([many], addOptions({ asker: nobody }), refused.installation)).rejects.toMatchObject({
      code: 'E_AMBIGUOUS',
      details: { folders: ['skills/one', 'skills/three', 'skills/two'] },
    });
    const picked = openBench(fresh());
    await addSkills([many], addOptions({ pick: ['two'] }), picked.installation);
    expect(await lockOf(picked)).toEqual(['custom.two@1.2.3']);
    await addSkills([many], addOptions({ pick: 'all' }), picked.installation);
    expect(await lockOf(picked)).toEqual(['custom.one@1.2.3', 'custom.three@1.2.3', 'custom.two@1.2.3']);
    const { skills } = await readLockfile(picked.installation.home.lock);
    expect(skills.get('custom.one')?.source).toBe(pathToFileURL(join(many, 'skills', 'one')).href);
    const asked = openBench(fresh());
    await addSkills(
      [many],
      addOptions({ asker: { ...AGREES, pick: async (folders) => folders.slice(0, 1) } }),
      asked.installation,
    );
    expect(await lockOf(asked)).toEqual(['custom.one@1.2.3']);
  });

  it.each([
    ['a folder without a skill', { 'README.md': '# None\n' }, 'E_NOT_FOUND'],
    ['a manifest with faults', { 'skill.toml': '[skill]\nid = 7\n' }, 'E_MANIFEST'],
    ['text that nobody sees', { 'SKILL.md': `---\nname: a\ndescription: b\n---\nHi\u{e0041}\u{e0042}\n` }, 'E_PACKAGE'],
    ['a name like that of a bundled skill', { 'skill.toml': MANIFEST_OF('core.git') }, 'E_MANIFEST'],
    [
      'an alias like that of a bundled skill',
      { 'skill.toml': `${MANIFEST_OF('custom.git')}aliases = ["core.git"]\n` },
      'E_MANIFEST',
    ],
  ])('refuses %s', async (_, files, code) => {
    const bench = openBench(fresh());
    const folder = join(root, `bad${count}`);
    mkdirSync(folder);
    write(folder, files);
    await expect(addSkills([folder], addOptions(), bench.installation)).rejects.toMatchObject({
      code,
      hint: expect.any(String),
    });
    expect(await lockOf(bench)).toEqual([]);
    expect(bench.installation.store.leftovers()).toEqual([]);
  });

  it('copies no file that a link in a skill leads to', async () => {
    const bench = openBench(fresh());
    const folder = writePlain(join(root, 'linking'), 'custom.linking');
    writeFileSync(join(root, 'secret'), 'the secret');
    symlinkSync(join(root, 'secret'), join(folder, 'knowledge', 'link.md'));
    await expect(addSkills([folder], addOptions(), bench.installation)).rejects.toMatchObject({
      code: 'E_PACKAGE',
      details: { reason: 'link' },
    });
  });

  it('says what is no place a skill comes from', async () => {
    await expect(
      addSkills(['ftp://example.org/a'], addOptions(), openBench(fresh()).installation),
    ).rejects.toMatchObject({
      code: 'E_USAGE',
      hint: expect.stringContaining('github:'),
    });
  });
});

function MANIFEST_OF(id: string): string {
  return `[skill]\nid = "${id}"\nname = "A"\ndescription = "B"\nversion = "1.0.0"\napi_version = "1.0"\n`;
}

describe('the address of an archive [R-INSTALL-5]', () => {
  it.each([
    ['https://example.org/a.tgz#sha256=0', false],
    ['https://example.org/a.tgz?token=abc#sha256=0', true],
    ['file:///a%3Fb', false],
  ])('%s is said to be kept, where it may be a password: %s', async (resolved, isTold) => {
    const folder = writePlain(join(fresh(), 'skill'), 'custom.it');
    const { asked, asker } = asking(() => ({}));
    const options = withSource(shelf({ it: { folder, resolved } }), { asker });
    await addSkills(['it'], options, openBench(fresh()).installation);
    expect(asked.map(({ warnings }) => warnings.some((one) => one.includes('it should be no password')))).toEqual([
      isTold,
    ]);
  });
});

describe('a skill in the place of another [R-INSTALL-4]', () => {
  const at = (version: string, text = version): string =>
    writePlain(join(root, `v${version}-${text}`), 'custom.moving', { version, text });
  const from = (version: string, changes: { text?: string; origin?: string } = {}) => ({
    folder: at(version, changes.text),
    resolved: `registry:${changes.origin ?? 'main'}/custom.moving@${version}#sha256=${'a'.repeat(64)}`,
  });
  const source = shelf({
    old: from('1.0.0'),
    new: from('1.1.0'),
    'new, again': from('1.1.0', { text: 'other bytes' }),
    'new, elsewhere': from('1.1.0', { origin: 'evil' }),
  });

  it.each([
    ['new', 'old', {}, 'E_DOWNGRADE'],
    ['new', 'old', { downgrade: true }, 'custom.moving@1.0.0'],
    ['old', 'new', {}, 'custom.moving@1.1.0'],
    ['new', 'new, again', {}, 'E_INTEGRITY'],
    ['new', 'new, again', { downgrade: true, replace: true }, 'E_INTEGRITY'],
    ['new', 'new, elsewhere', {}, 'E_CONFLICT'],
    ['new', 'new, elsewhere', { replace: true }, 'custom.moving@1.1.0'],
  ])('%s, then %s with %j: %s', async (first, second, allowed, wanted) => {
    const bench = openBench(fresh());
    await addSkills([first], withSource(source), bench.installation);
    const before = await lockOf(bench);
    let found: readonly string[] | undefined;
    try {
      await addSkills([second], withSource(source, { allowed }), bench.installation);
    } catch (error) {
      if (!(error instanceof SkillError)) throw error;
      expect(error.hint).toBeDefined();
      expect(await lockOf(bench)).toEqual(before);
      found = [error.code];
    }
    expect(found ?? (await lockOf(bench))).toEqual([wanted]);
    expect(bench.installation.store.list()).toHaveLength(1);
  });
});

describe('what is asked before a skill is installed [R-INSTALL-5]', () => {
  const folder = (rest: string, version = '1.0.0'): string => {
    const path = join(root, 'asking');
    rmSync(path, { recursive: true, force: true });
    return writePlain(path, 'custom.asking', { rest, version });
  };

  it('is what the skill asks for, once, and the answer is kept', async () => {
    const bench = openBench(fresh());
    const { asked, asker } = asking(({ fresh: all }) => ({ network: all.network ?? [] }));
    const options = addOptions({ asker });
    await addSkills([folder(CAPABILITIES)], options, bench.installation);
    expect(asked).toMatchObject([
      { id: 'custom.asking', fresh: { filesystem_read: ['./'], network: ['api.example.org'] }, before: undefined },
    ]);
    await addSkills([folder(CAPABILITIES)], options, bench.installation);
    expect(asked).toHaveLength(1);
    // What was refused before is not asked for again, and what was granted stays.
    await addSkills([folder(CAPABILITIES, '1.1.0')], options, bench.installation);
    expect(asked[1]).toMatchObject({ fresh: {}, before: { version: '1.0.0', files: { changed: ['skill.toml'] } } });
    const more = CAPABILITIES.replace('["./"]', '["./", "~/notes"]');
    await addSkills([folder(more, '1.2.0')], options, bench.installation);
    expect(asked[2]?.fresh).toEqual({ filesystem_read: ['~/notes'] });
    const { skills } = await readLockfile(bench.installation.home.lock);
    expect(skills.get('custom.asking')?.granted).toEqual({ network: ['api.example.org'] });
  });

  it('takes away what a new version no longer asks for', async () => {
    const bench = openBench(fresh());
    await addSkills([folder(CAPABILITIES)], addOptions(), bench.installation);
    await addSkills(
      [folder('[capabilities]\nfilesystem_read = ["./"]\nenv_read = ["LANG"]\n', '1.1.0')],
      addOptions(),
      bench.installation,
    );
    const { skills } = await readLockfile(bench.installation.home.lock);
    expect(skills.get('custom.asking')?.granted).toEqual({ env_read: ['LANG'], filesystem_read: ['./'] });
  });

  it('is asked again of a skill from elsewhere that takes the place of another', async () => {
    const bench = openBench(fresh());
    await addSkills([folder(CAPABILITIES)], addOptions(), bench.installation);
    const { asked, asker } = asking(() => ({}));
    const other = writePlain(join(root, 'asking-elsewhere'), 'custom.asking', { rest: CAPABILITIES, version: '1.1.0' });
    await addSkills([other], addOptions({ asker, allowed: { replace: true } }), bench.installation);
    expect(asked[0]?.fresh).toEqual({ filesystem_read: ['./'], network: ['api.example.org'] });
    const { skills } = await readLockfile(bench.installation.home.lock);
    expect(skills.get('custom.asking')?.granted).toEqual({});
  });

  it('and a no installs nothing', async () => {
    const bench = openBench(fresh());
    const { asker } = asking(() => undefined);
    await expect(addSkills([folder(CAPABILITIES)], addOptions({ asker }), bench.installation)).rejects.toMatchObject({
      code: 'E_DECLINED',
    });
    expect(await lockOf(bench)).toEqual([]);
    expect(bench.records).toEqual([]);
  });

  it.each(['neverGrant', 'alwaysConfirm'] as const)('leaves out what is of %s, whatever the answer', async (rule) => {
    const bench = openBench(fresh());
    const { asked, asker } = asking(() => ({ network: ['api.example.org'], filesystem_read: ['./'] }));
    const rules = {
      neverGrant: new Set<never>(),
      alwaysConfirm: new Set<never>(),
      [rule]: new Set(['network' as const]),
    };
    await addSkills([folder(CAPABILITIES)], addOptions({ asker, rules }), bench.installation);
    expect(asked[0]?.fresh).toEqual({ filesystem_read: ['./'] });
    const { skills } = await readLockfile(bench.installation.home.lock);
    expect(skills.get('custom.asking')?.granted).toEqual({ filesystem_read: ['./'] });
  });

  it('is asked before anything changes, and decided anew when others changed it meanwhile', async () => {
    const home = fresh();
    const bench = openBench(home);
    let isFirst = true;
    const { asked, asker } = asking(({ fresh: all }) => all);
    const meanwhile = {
      ...asker,
      decide: async (proposal: Proposal) => {
        if (isFirst) {
          isFirst = false;
          const other = writePlain(join(root, 'asking-other'), 'custom.asking', { version: '0.9.0' });
          await addSkills([other], addOptions(), openBench(home).installation);
        }
        return asker.decide(proposal);
      },
    };
    await addSkills(
      [folder(CAPABILITIES)],
      addOptions({ asker: meanwhile, allowed: { replace: true } }),
      bench.installation,
    );
    expect(asked.map(({ before }) => before?.version)).toEqual([undefined, '0.9.0']);
    expect(await lockOf(bench)).toEqual(['custom.asking@1.0.0']);
  });
});

describe('a linked folder', () => {
  it('is used where it is, and nothing of it is pinned', async () => {
    const bench = openBench(fresh());
    const folder = writePlain(join(root, 'dev'), 'custom.dev', { rest: CAPABILITIES });
    const linked = await linkSkill(folder, addOptions(), bench.installation);
    expect(linked).toMatchObject({ id: 'custom.dev', integrity: '', granted: { network: ['api.example.org'] } });
    expect(bench.installation.store.list()).toEqual([]);
    expect(await lockOf(bench)).toEqual(['custom.dev@1.2.3']);
  });

  it.each([
    ['nothing there', join(root, 'nowhere'), 'E_NOT_FOUND'],
    ['a skill with faults', writePlain(join(root, 'faulty'), '7'), 'E_MANIFEST'],
  ])('is refused with %s', async (_, folder, code) => {
    await expect(linkSkill(folder, addOptions(), openBench(fresh()).installation)).rejects.toMatchObject({ code });
  });
});

describe('an update widens nothing unasked [R-INSTALL-4]', () => {
  const exec = (rules: string): string => `[capabilities]\nterminal_exec = { allowed = true, ${rules} }\n`;
  const update = async (
    before: string,
    after: string,
    answer: (proposal: Proposal) => Grant | undefined = ({ fresh: asks }) => asks,
    second: { id?: string; resolved?: string } = {},
  ) => {
    const folder = join(fresh(), 'skill');
    const bench = openBench(fresh());
    const packages = { it: { folder, resolved: 'registry:a/it@1' } };
    const { asked, asker } = asking(answer);
    const options = withSource(shelf(packages), { asker, allowed: { replace: true } });
    writePlain(folder, 'custom.it', { version: '1.0.0', rest: before });
    await addSkills(['it'], options, bench.installation);
    rmSync(folder, { recursive: true });
    writePlain(folder, second.id ?? 'custom.it', { version: '1.1.0', rest: after });
    packages.it.resolved = second.resolved ?? packages.it.resolved;
    const again = updateSkills([], { ...options, major: false, check: false }, bench.installation);
    return { again, asked, bench };
  };

  it.each([
    ['other words', 'commands = ["echo"], args = { echo = ["status"] }', 'commands = ["echo"]'],
    ['words where there were none', 'commands = ["echo"]', 'commands = ["echo"], args = { echo = ["-n *"] }'],
    ['less that is blocked', 'commands = ["echo"], blocked = ["rm"]', 'commands = ["echo"]'],
  ])('of a program with %s', async (_, before, after) => {
    const { again, asked } = await update(exec(before), exec(after));
    await again;
    expect(asked.map(({ fresh: asks }) => asks)).toEqual([{ terminal_exec: ['echo'] }, { terminal_exec: ['echo'] }]);
  });

  it('and asks nothing where all is as it was', async () => {
    const same = exec('commands = ["echo"], args = { echo = ["status"] }, blocked = ["rm"]');
    const { again, asked } = await update(same, same);
    await again;
    expect(asked.map(({ fresh: asks }) => asks)).toEqual([{ terminal_exec: ['echo'] }, {}]);
  });

  it('nor brings a skill of another name', async () => {
    const { again, bench } = await update('', '', undefined, { id: 'custom.other' });
    expect((await again).updates).toMatchObject([
      { state: 'failed', error: { code: 'E_INTEGRITY', message: expect.stringContaining('custom.other') } },
    ]);
    expect(await lockOf(bench)).toEqual(['custom.it@1.0.0']);
  });

  it('nor grants again what is refused when it is asked for anew', async () => {
    const folder = join(fresh(), 'skill');
    const bench = openBench(fresh());
    const granted: Grant[] = [];
    for (const [version, rest, answer] of [
      ['1.0.0', exec('commands = ["echo"]'), { terminal_exec: ['echo'] }],
      ['1.0.1', '', {}],
      ['1.0.2', exec('commands = ["echo"]'), {}],
    ] as const) {
      rmSync(folder, { recursive: true, force: true });
      writePlain(folder, 'custom.it', { version, rest });
      const options = withSource(shelf({ it: { folder, resolved: 'registry:a/it@1' } }), {
        asker: asking(() => answer).asker,
      });
      const [added] = await addSkills(['it'], options, bench.installation);
      granted.push(added?.skill.granted ?? {});
    }
    expect(granted.at(-1)).toEqual({});
  });

  it('nor gives the same files from elsewhere what was granted to those before', async () => {
    const rest = exec('commands = ["echo"]');
    const folder = writePlain(join(fresh(), 'skill'), 'custom.it', { rest });
    const bench = openBench(fresh());
    const { asked, asker } = asking(({ fresh: asks }) => asks);
    for (const resolved of ['registry:a/it@1', 'registry:b/it@1'])
      await addSkills(
        ['it'],
        withSource(shelf({ it: { folder, resolved } }), { asker, allowed: { replace: true } }),
        bench.installation,
      );
    expect(asked.map(({ fresh: asks }) => asks)).toEqual([{ terminal_exec: ['echo'] }, { terminal_exec: ['echo'] }]);
  });
});
