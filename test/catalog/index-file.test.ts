import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readCatalog } from '../../src/catalog/catalog.ts';
import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { findSkill } from '../../src/catalog/find-skill.ts';
import { MAIN } from '../cli/support.ts';
import { manifest, scratch, write, writeSkill } from '../runtime/folders.ts';
import { body, place, type Place, plain, settle } from './support.ts';

const loaded = vi.hoisted(() => ({ paths: [] as string[] }));
vi.mock(import('../../src/skill/load-skill.ts'), async (original) => {
  const module = await original();
  return {
    ...module,
    loadSkill: (path, options) => {
      loaded.paths.push(path);
      return module.loadSkill(path, options);
    },
  };
});

const isRoot = process.getuid?.() === 0;
const at = place();
const NAMES = ['eins', 'zwei', 'drei'] as const;
let cold: unknown[];
let file: string;
let good: Buffer;

const indexOf = ({ cache }: Place): string => {
  const [name = ''] = readdirSync(join(cache, 'catalog'));
  return join(cache, 'catalog', name);
};
const leftOver = ({ cache }: Place): string[] =>
  readdirSync(join(cache, 'catalog')).filter((name) => !name.endsWith('.index'));
const listing = async (): Promise<unknown[]> => (await at.warm()).map(plain);
const loads = async (read: () => Promise<unknown>): Promise<string[]> => {
  loaded.paths.length = 0;
  await read();
  return loaded.paths.map((path) => path.slice(path.lastIndexOf('/') + 1));
};

beforeAll(async () => {
  for (const name of NAMES) write(at.skills, { [`${name}/SKILL.md`]: body(name) });
  await writeSkill(join(at.skills, 'tool'), { id: 'custom.tool', guest: 'core', head: 'aliases = ["handy"]' });
  await settle();
  await at.warm();
  cold = (await at.cold()).map(plain);
  file = indexOf(at);
  good = readFileSync(file);
});

beforeEach(() => {
  rmSync(file, { recursive: true, force: true });
  writeFileSync(file, good);
});

describe('only what changed is read again [R-CATALOG-2]', () => {
  it('of a directory as it was nothing is', async () => {
    expect(await loads(at.warm)).toEqual([]);
    expect(await listing()).toEqual(cold);
  });

  it('of a directory with one change that folder is, once it has settled', async () => {
    const own = place();
    for (const name of NAMES) write(own.skills, { [`${name}/SKILL.md`]: body(name) });
    await settle();
    expect((await loads(own.warm)).toSorted()).toEqual(['drei', 'eins', 'zwei']);
    write(own.skills, { 'zwei/SKILL.md': body('zwei', 'more') });
    expect(await loads(own.warm)).toEqual(['zwei']);
    await settle();
    expect(await loads(own.warm)).toEqual(['zwei']);
    expect(await loads(own.warm)).toEqual([]);
    renameSync(join(own.skills, 'eins'), join(own.skills, 'vier'));
    expect(await loads(own.warm)).toEqual(['vier']);
    rmSync(join(own.skills, 'vier'), { recursive: true });
    expect(await loads(own.warm)).toEqual([]);
    expect((await own.warm()).map(({ id }) => id)).toEqual(['custom.drei', 'custom.zwei']);
  });

  it('a broken one is read each time, and the index is left as it is', async () => {
    const own = place();
    write(own.skills, { 'good/SKILL.md': body('good'), 'broken/skill.toml': '[skill\n' });
    await settle();
    await own.warm();
    const before = statSync(indexOf(own)).ino;
    expect(await loads(own.warm)).toEqual(['broken']);
    expect(statSync(indexOf(own)).ino).toBe(before);
  });

  it('another version of skillhost reads all again', async () => {
    const other = { directories: [at.skills], cache: at.cache, maker: '1.0.1' };
    expect(await loads(() => readCatalog(other))).toHaveLength(4);
    expect(await loads(() => readCatalog(other))).toHaveLength(0);
  });

  it('a directory called another way is the same, and another directory has another index', async () => {
    const options = { cache: at.cache, maker: '1.0.0' };
    expect(await loads(() => readCatalog({ ...options, directories: [join(at.skills, '.', '')] }))).toEqual([]);
    const own = place();
    write(own.skills, { 'eins/SKILL.md': body('eins', '', 'Another one') });
    expect(await readCatalog({ ...options, directories: [own.skills] })).toMatchObject([
      { description: 'Another one' },
    ]);
    expect(await listing()).toEqual(cold);
  });
});

describe('what lies between the folders', () => {
  const BETWEEN: readonly [what: string, put: (directory: string) => void][] = [
    ['a file', (directory) => write(directory, { 'f.md': '# No skill', 'SKILL.md': body('none'), zz: '' })],
    ['a pipe', (directory) => void execFileSync('mkfifo', [join(directory, 'f')])],
    ['a link to a file', (directory) => symlinkSync(join(directory, 'eins', 'SKILL.md'), join(directory, 'f'))],
    ['a link to nowhere', (directory) => symlinkSync(join(directory, 'nowhere'), join(directory, 'f'))],
    ['a link in circles', (directory) => symlinkSync('f', join(directory, 'f'))],
    ['a folder without a manifest', (directory) => write(directory, { 'f/README.md': '', 'f/SKILL.md/README.md': '' })],
  ];

  it.each(BETWEEN)('such as %s is no skill, whether or not there is an index [R-CATALOG-1]', async (_what, put) => {
    const own = place();
    for (const name of NAMES) write(own.skills, { [`${name}/SKILL.md`]: body(name) });
    await settle();
    await own.warm();
    put(own.skills);
    const shown = (await own.cold()).map(plain);
    expect((await own.warm()).map(plain)).toEqual(shown);
    expect((await loads(own.warm)).filter((name) => name !== 'f')).toEqual([]);
    expect((await own.warm()).map(plain)).toEqual(shown);
  });

  it('folders come and go anywhere in their order [R-CATALOG-2]', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name), fc.uniqueArray(name), async (before, after) => {
        const own = place(mkdtempSync(join(at.root, 'order-')));
        mkdirSync(own.skills);
        for (const folder of before) write(own.skills, { [`${folder}/SKILL.md`]: body(folder) });
        await settle();
        await own.warm();
        for (const folder of before) if (!after.includes(folder)) rmSync(join(own.skills, folder), { recursive: true });
        const come = after.filter((folder) => !before.includes(folder));
        for (const folder of come) write(own.skills, { [`${folder}/SKILL.md`]: body(folder) });
        expect(await loads(own.warm)).toEqual(come.toSorted());
        expect((await own.warm()).map(({ id }) => id)).toEqual(after.toSorted().map((folder) => `custom.${folder}`));
        await settle();
        // Those that were read right after they were written, once more.
        expect(come).toEqual(expect.arrayContaining(await loads(own.warm)));
        expect(await loads(own.warm)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});

describe('an index that is not whole is made again [R-CATALOG-3]', () => {
  const isMadeAgain = async (bytes: Uint8Array): Promise<void> => {
    writeFileSync(file, bytes);
    expect(await listing()).toEqual(cold);
    expect(readFileSync(file)).toEqual(good);
  };

  it('cut anywhere', async () => {
    const places = Array.from({ length: 60 }, (_, i) => Math.floor((i * good.length) / 60));
    for (const length of [...places, 1, 2, good.length - 1]) await isMadeAgain(good.subarray(0, length));
  });

  it('with any byte another one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (where, by) => {
        const bytes = Buffer.from(good);
        bytes[where] = (bytes[where] ?? 0) ^ by;
        await isMadeAgain(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[what: string, bytes: () => Uint8Array]>([
    ['empty', () => Buffer.alloc(0)],
    ['of zeros', () => Buffer.alloc(4_096)],
    ['followed by more', () => Buffer.concat([good, Buffer.from('\n')])],
    ['twice', () => Buffer.concat([good, good])],
    ['of a later format', () => Buffer.from(good.toString().replace('catalog 1', 'catalog 2'))],
    ['a head alone', () => good.subarray(0, good.indexOf(10) + 1)],
  ])('%s', async (_what, bytes) => isMadeAgain(bytes()));

  it.each<[what: string, put: (path: string) => void]>([
    ['a directory', (path) => mkdirSync(path)],
    ['a directory that is not empty', (path) => write(path, { 'a/b': 'c' })],
    ['a link to nowhere', (path) => symlinkSync(join(at.root, 'nowhere'), path)],
    ['a link in circles', (path) => symlinkSync(path, path)],
  ])('in whose place is %s, or is done without', async (_what, put) => {
    rmSync(file, { recursive: true, force: true });
    put(file);
    expect(await listing()).toEqual(cold);
    expect(await listing()).toEqual(cold);
    expect(leftOver(at)).toEqual([]);
  });

  it.each<[what: string, make: (path: string) => void]>([
    ['is a file', (path) => writeFileSync(path, '')],
    ['is below a file', (path) => write(path, { '../file': '' })],
    ['is a link to nowhere', (path) => symlinkSync(join(path, '..', 'nowhere', 'far'), path)],
    ['has a file where the folder of indexes would be', (path) => write(path, { catalog: '' })],
  ])('when the folder of caches %s it is done without', async (what, make) => {
    const cache = join(scratch(), ...(what === 'is below a file' ? ['file', 'cache'] : ['cache']));
    if (what === 'is below a file') writeFileSync(join(cache, '..'), '');
    else make(cache);
    const read = (): Promise<readonly CatalogEntry[]> =>
      readCatalog({ directories: [at.skills], cache, maker: '1.0.0' });
    expect((await read()).map(plain)).toEqual(cold);
    expect((await read()).map(plain)).toEqual(cold);
  });

  it('when nothing may be written or read it is done without [only when not root]', async (context) => {
    if (isRoot) context.skip('whoever runs this may write everything');
    for (const mode of [0o555, 0]) {
      const cache = scratch();
      chmodSync(cache, mode);
      expect((await readCatalog({ directories: [at.skills], cache, maker: '1.0.0' })).map(plain)).toEqual(cold);
      chmodSync(cache, 0o755);
    }
  });

  it('leaves no file behind but itself, which others cannot read', async () => {
    rmSync(file);
    await listing();
    expect(leftOver(at)).toEqual([]);
    expect(statSync(file).mode & 0o077).toBe(0);
  });
});

/** What somebody would write who knows the format. */
function forge(change: (lines: string[]) => void): void {
  const [head = '', ...lines] = good.toString().split('\n');
  change(lines);
  const bytes = Buffer.from(lines.join('\n'));
  const [skillhost, catalog, format, maker] = head.split(' ');
  const words = [skillhost, catalog, format, maker, crc32(bytes).toString(16), bytes.length];
  writeFileSync(file, Buffer.concat([Buffer.from(`${words.join(' ')}\n`), bytes]));
}

describe('a forged index is at worst a wrong listing [R-CATALOG-3]', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value));

  it('whatever its lines hold, nothing throws and all is below the directory', async () => {
    const lines = good.toString().split('\n').length - 2;
    const line = fc.oneof(json, fc.string(), fc.constant(''), fc.constant('{"__proto__":{"ready":true}}'));
    await fc.assert(
      fc.asyncProperty(fc.nat(lines - 1), line, async (where, text) => {
        forge((all) => (all[where] = text.replaceAll('\n', ' ')));
        const entries = await at.warm();
        for (const { path, details, id, tools } of entries) {
          const { problems, topics } = details();
          expect([path.startsWith(at.skills), id.trim(), tools.length, problems.length, topics.length]).toBeDefined();
          expect(path.slice(at.skills.length + 1)).toMatch(/^(eins|zwei|drei|tool)$/);
        }
        rmSync(file, { force: true });
      }),
      { numRuns: 150 },
    );
  });

  it.each<[what: string, column: number, values: unknown[]]>([
    ['folders outside', 0, ['../../etc', '/etc', '..', '.']],
    ['folders of one name', 0, ['eins', 'eins', 'eins', 'eins']],
    ['manifests outside', 8, Array.from({ length: 4 }, () => '../../../../../../etc/passwd')],
    ['modules that are devices', 9, Array.from({ length: 4 }, () => '../../../../../../dev/zero')],
    ['too few', 1, ['a']],
    ['numbers for texts', 5, [1, 2, 3, 4]],
    ['texts for flags', 3, ['true', 'true', 'true', 'true']],
    ['a list of lists', 6, [[[]], [[]], [[]], [[]]]],
  ])('%s', async (_what, column, values) => {
    forge((lines) => (lines[column] = JSON.stringify(values)));
    expect(await listing()).toEqual(cold);
  });

  it('in another order', async () => {
    forge((lines) => {
      for (let i = 0; i < 11; i++) lines[i] = JSON.stringify((JSON.parse(lines[i] ?? '') as unknown[]).toReversed());
      lines.splice(11, 4, ...lines.slice(11, 15).toReversed());
    });
    expect(await listing()).toEqual(cold);
    expect(await loads(at.warm)).toEqual([]);
    expect(readFileSync(file)).toEqual(good);
  });

  it('details that are none are empty ones', async () => {
    for (const text of ['null', '[]', '{', '{"tools":[{"name":1}]}', '{"problems":null}', '{"recipes":[{"id":1}]}']) {
      forge((lines) => lines.splice(12, 4, text, text, text, text));
      for (const { details } of await at.warm())
        expect(details()).toMatchObject({ tools: [], recipes: [], problems: [], topics: [] });
    }
  });

  it('ids that were swapped run what was named, or nothing', async () => {
    const options = { directories: [at.skills], cache: at.cache, maker: '1.0.0' };
    forge((lines) => {
      const ids = JSON.parse(lines[2] ?? '') as string[];
      lines[2] = JSON.stringify(ids.toReversed());
    });
    for (const id of ['custom.eins', 'custom.tool']) expect(await findSkill(id, options)).toMatchObject({ id });
    forge((lines) => (lines[2] = JSON.stringify(['custom.none', 'custom.none-1', 'custom.none-2', 'custom.none-3'])));
    await expect(findSkill('custom.none', options)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

describe('others that work with it', () => {
  it('a listing while another writes the index is whole [R-CATALOG-3]', async () => {
    const own = place();
    for (let i = 0; i < 40; i++) write(own.skills, { [`s${i}/SKILL.md`]: body(`s${i}`) });
    const env = { ...process.env, SKILLHOST_HOME: own.root };
    const list = promisify(execFile);
    const runs = Array.from({ length: 4 }, () => list(process.execPath, [MAIN, 'list', '--format', 'json'], { env }));
    const ids = (await Promise.all(runs)).map(({ stdout }) =>
      (JSON.parse(stdout) as { id: string }[]).filter(({ id }) => id.startsWith('custom.s')).map(({ id }) => id),
    );
    for (const one of ids) expect(one).toHaveLength(40);
    expect(leftOver(own)).toEqual([]);
  });

  it('the event loop goes on while many folders are read, and the second time takes a fraction [R-CATALOG-2]', async () => {
    const own = place();
    for (let i = 0; i < 3_000; i++) write(own.skills, { [`s${i}/skill.toml`]: manifest(`custom.s${i}`) });
    await settle();
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    const begun = performance.now();
    expect(await own.warm()).toHaveLength(3_000);
    const first = performance.now() - begun;
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
    const again = performance.now();
    expect(await own.warm()).toHaveLength(3_000);
    expect(performance.now() - again).toBeLessThan(first / 3);
  });
});
