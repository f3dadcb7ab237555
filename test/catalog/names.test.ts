import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CatalogOptions, findEntry, readCatalog } from '../../src/catalog/catalog.ts';
import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { findSkill } from '../../src/catalog/find-skill.ts';
import { selectEntries } from '../../src/catalog/select-entries.ts';
import { createRuntime } from '../../src/index.ts';
import { parseSelection } from '../../src/skill/select.ts';
import { manifest, scratch, write, writeSkill } from '../runtime/folders.ts';
import { body } from './support.ts';

const root = scratch();
const bundled = join(root, 'bundled');
const mine = join(root, 'mine');
const options = (directories: readonly string[], cache?: string): CatalogOptions => ({
  directories,
  bundled,
  cache,
  maker: 'test',
});
const named = (id: string, aliases: readonly string[] = []): string =>
  manifest(id, `aliases = ${JSON.stringify(aliases)}\n`);

beforeAll(async () => {
  write(bundled, { 'git/skill.toml': named('core.git', ['git']) });
  await writeSkill(join(mine, 'claims-id'), { id: 'core.git', guest: 'core' });
  write(mine, {
    'claims-alias/skill.toml': named('custom.claims', ['core.posix', 'harmless']),
    'claims-always/skill.toml': `${named('core.always')}[knowledge]\nalways_on = true\ntopics = ["weather"]\n`,
    'evil/skill.toml': named('custom.evil', ['custom.good', 'shared']),
    'good/skill.toml': named('custom.good', ['shared', 'fine']),
    'custom.good/skill.toml': '[skill\n',
    'near/skill.toml': named('corex.git'),
  });
  symlinkSync(bundled, join(root, 'link-to-bundled'));
});

describe('names that begin with core. [R-CATALOG-4]', () => {
  it.each([
    ['an id', 'core.git', 'skill.id', 'core.git'],
    ['an alias', 'custom.claims', 'skill.aliases', 'core.posix'],
    ['an id that is always on', 'core.always', 'skill.id', 'core.always'],
  ])('%s is refused to a skill of somebody else', async (_what, id, field, name) => {
    const entry = (await readCatalog(options([mine]))).find((one) => one.id === id);
    expect(entry).toMatchObject({ ready: false, version: '', description: '', aliases: [], tools: [] });
    const { problems, ...rest } = entry?.details() ?? { problems: [] };
    expect(problems.at(-1)).toMatchObject({
      code: 'M_RESERVED',
      field,
      severity: 'error',
      file: 'skill.toml',
      message: expect.stringContaining(name),
      fix: expect.stringMatching(/custom/),
    });
    expect(rest).toMatchObject({ tools: [], topics: [], alwaysOn: false });
  });

  it.each([
    ['as it is', bundled],
    ['with a slash', `${bundled}/`],
    ['the long way', join(root, 'mine', '..', 'bundled')],
  ])('are those of the bundled directory, written %s', async (_what, directory) => {
    expect(await readCatalog(options([directory]))).toMatchObject([{ id: 'core.git', ready: true }]);
  });

  it('are not those of a link to it, which may be turned', async () => {
    expect(await readCatalog(options([join(root, 'link-to-bundled')]))).toMatchObject([{ ready: false }]);
  });

  it('mean the bundled skill, though others claim them', async () => {
    for (const order of [
      [bundled, mine],
      [mine, bundled],
    ]) {
      const own = options(order, join(root, 'cache'));
      for (const name of ['core.git', 'git'])
        expect(await findSkill(name, own)).toMatchObject({ path: join(bundled, 'git') });
    }
  });

  it('mean nothing where none is bundled', async () => {
    await expect(findSkill('core.git', options([mine]))).rejects.toMatchObject({
      code: 'E_MANIFEST',
      message: expect.stringMatching(/core\.git is reserved/),
    });
    await expect(findSkill('core.posix', options([mine]))).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  it('are only those: a name that looks alike is not', async () => {
    expect((await readCatalog(options([mine]))).find(({ id }) => id === 'corex.git')).toMatchObject({ ready: true });
  });

  it('of a skill that was refused no tool is listed, and no knowledge stands in a context', async () => {
    const home = join(root, 'home');
    mkdirSync(home, { recursive: true });
    const runtime = createRuntime({ home, skills: [mine], record: () => undefined, spare: false });
    try {
      // Those that are bundled, and nothing of the one that took their name.
      const tools = (await runtime.tools()).filter(({ skill }) => skill === 'core.git');
      expect(tools.map(({ name }) => name)).toEqual(['release-tag', 'squash-commits']);
      const { skills } = await runtime.augment('the weather');
      expect(skills.map(({ id }) => id)).not.toContain('core.always');
      await expect(runtime.find('core.always')).rejects.toMatchObject({ code: 'E_MANIFEST' });
    } finally {
      await runtime.close();
    }
  });
});

describe('a name that several have', () => {
  it('as an id is refused, unless only one of them is ready [R-CATALOG-2]', async () => {
    const entries = await readCatalog(options([mine]));
    expect(findEntry(entries, 'custom.good')).toMatchObject({ ready: true, path: join(mine, 'good') });
    const twice = [...entries, ...entries.map((entry) => ({ ...entry, path: `${entry.path}-2` }))];
    expect(() => findEntry(twice, 'custom.good')).toThrow(/is the name of two skills/);
    const broken = twice.filter(({ ready }) => !ready);
    expect(() => findEntry(broken, 'custom.good')).toThrow(/is the name of two skills/);
  });

  it('as an alias is refused; as an alias that is the id of another it means the other', async () => {
    const entries = await readCatalog(options([mine]));
    expect(() => findEntry(entries, 'shared')).toThrow(/is the name of two skills/);
    expect(findEntry(entries, 'custom.good').path).not.toContain('evil');
  });

  it('is not taken over by an alias while its own skill is broken', async () => {
    const entries = (await readCatalog(options([mine]))).filter(({ path }) => path !== join(mine, 'good'));
    expect(findEntry(entries, 'custom.good')).toMatchObject({ ready: false, path: join(mine, 'custom.good') });
  });
});

const entry = (id: string, aliases: readonly string[] = []): CatalogEntry =>
  ({ id, aliases, ready: true, path: `/${id}` }) as unknown as CatalogEntry;
const SOME = [entry('custom.a', ['x']), entry('custom.b', ['x', 'y', 'custom.a']), entry('custom.c')];

describe('a selection [R-SELECT-1]', () => {
  it.each<[text: string, ids: string]>([
    ['all', 'abc'],
    ['none', ''],
    ['custom.a', 'a'],
    ['custom.a,custom.c', 'ac'],
    ['custom.c,custom.a,custom.c', 'ac'],
    ['x', 'ab'],
    ['y', 'b'],
    ['!custom.c', 'ab'],
    ['!x', 'c'],
    ['!custom.a', 'c'],
    ['!custom.a,!custom.b,!custom.c', ''],
  ])('%s', (text, ids) => {
    expect(selectEntries(SOME, text).map(({ id }) => id.slice(-1))).toEqual(Array.from(ids));
  });

  it.each<[text: string, code: string, says: RegExp]>([
    ['', 'E_USAGE', /a name is empty/],
    [',', 'E_USAGE', /a name is empty/],
    ['custom.a,', 'E_USAGE', /a name is empty/],
    ['!', 'E_USAGE', /a name is empty/],
    ['!!custom.a', 'E_USAGE', /is no name/],
    [' custom.a', 'E_USAGE', /is no name/],
    ['custom.a;custom.b', 'E_USAGE', /is no name/],
    ['custom.a,!custom.b', 'E_USAGE', /to take and .* to leave out/],
    ['all,custom.a', 'E_USAGE', /all stands alone/],
    ['!none', 'E_USAGE', /none stands alone/],
    ['../custom.a', 'E_USAGE', /is no name/],
    ['custom.\u001b[31m', 'E_USAGE', /\\u\{1b\}/],
    ['Custom.a', 'E_NOT_FOUND', /no such skill/],
    ['!custom.aa', 'E_NOT_FOUND', /no such skill/],
    ['__proto__', 'E_USAGE', /is no name/],
    ['constructor', 'E_NOT_FOUND', /no such skill/],
    ['a'.repeat(200), 'E_USAGE', /is no name/],
  ])('%j is refused', (text, code, says) => {
    expect(() => selectEntries(SOME, text)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(says), hint: expect.stringMatching(/\w/) }),
    );
  });

  it('and its opposite part the skills; what is named by an id is that skill', () => {
    const name = fc.constantFrom('custom.a', 'custom.b', 'custom.c', 'x', 'y');
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1 }), (names) => {
        const only = selectEntries(SOME, names.join(','));
        const except = selectEntries(SOME, names.map((one) => `!${one}`).join(','));
        expect(except.filter((one) => only.includes(one))).toEqual([]);
        for (const { id } of except) expect(names).not.toContain(id);
        for (const one of names.filter((text) => text.startsWith('custom.')))
          expect(only.map(({ id }) => id)).toContain(one);
        if (names.every((text) => text.startsWith('custom.'))) expect(only).toHaveLength(names.length);
      }),
    );
  });

  it('is read without an exception but its own, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        try {
          const { names } = parseSelection(text);
          expect(names.every((one) => /^[\w.-]+$/.test(one))).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_USAGE', message: expect.not.stringMatching(/\p{Cc}/u) });
        }
      }),
    );
  });

  it('of a runtime holds for all it does; of a call it is narrower still', async () => {
    const skills = join(root, 'selected');
    for (const [i, name] of ['alpha', 'beta', 'gamma'].entries())
      write(skills, { [`${name}/SKILL.md`]: body(name, `About zebra crossings ${i}.\n`, `Zebra crossings ${name}`) });
    write(skills, { 'broken/skill.toml': '[skill\n' });
    const open = (select?: string): ReturnType<typeof createRuntime> =>
      createRuntime({
        home: join(root, 'home-2'),
        skills: [skills],
        record: () => undefined,
        spare: false,
        ...(select !== undefined && { select }),
      });
    const ids = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id).toSorted();
    const some = open('custom.alpha,custom.beta,broken');
    const all = open();
    const wrong = open('!typo');
    try {
      expect(ids(await some.skills())).toEqual(['broken', 'custom.alpha', 'custom.beta']);
      expect(ids(await some.search('zebra crossings'))).toEqual(['custom.alpha', 'custom.beta']);
      expect(ids((await some.augment('zebra crossings')).skills)).toEqual(['custom.alpha', 'custom.beta']);
      expect(ids((await some.augment('zebra crossings', { skills: '!custom.alpha' })).skills)).toEqual(['custom.beta']);
      await expect(some.skill('custom.gamma')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
      await expect(some.augment('x', { skills: 'custom.gamma' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
      expect(ids((await all.augment('zebra crossings', { skills: '!broken,!custom.beta' })).skills)).toEqual([
        // Always on.
        'core.shell',
        'custom.alpha',
        'custom.gamma',
      ]);
      expect((await all.augment('zebra crossings', { skills: 'none' })).systemContext).toBe('');
      for (const ask of [() => wrong.skills(), () => wrong.augment('x'), () => wrong.search('x'), () => wrong.tools()])
        await expect(ask()).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    } finally {
      await Promise.all([some.close(), all.close(), wrong.close()]);
    }
  });
});
