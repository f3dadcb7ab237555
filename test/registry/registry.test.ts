import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SkillError } from '../../host/index.ts';
import { packFiles } from '../../src/archive/pack.ts';
import type { RegistryConfig } from '../../src/config/config.ts';
import { createDownload } from '../../src/download/create-download.ts';
import { DISK } from '../../src/files/disk.ts';
import { addSkills } from '../../src/install/add.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import { openMemory } from '../../src/registry/memory.ts';
import { offersOf } from '../../src/registry/offers.ts';
import { parseIndex } from '../../src/registry/parse-index.ts';
import { publishInto } from '../../src/registry/publish.ts';
import { pickVersion } from '../../src/registry/registries.ts';
import { Registry } from '../../src/registry/registry.ts';
import { searchRegistries } from '../../src/registry/search-registries.ts';
import { registrySource } from '../../src/source/registry.ts';
import type { Fetched } from '../../src/source/source.ts';
import { readFolder } from '../../src/tree/read-folder.ts';
import { addOptions, openBench, writePlain } from '../install/support.ts';
import { scratch } from '../runtime/folders.ts';

const root = scratch();
let count = 0;
const NOW = new Date('2026-06-01T12:00:00.000Z');
const { signal } = new AbortController();

async function publish(
  folder: string,
  id: string,
  version: string,
  changes: { text?: string; at?: Date; rest?: string } = {},
): Promise<void> {
  const { text, at = NOW, rest } = changes;
  const skill = writePlain(join(root, `s${count++}`), id, {
    version,
    ...(text !== undefined && { text }),
    ...(rest !== undefined && { rest }),
  });
  const loaded = await loadSkill(skill);
  if (!loaded.ready || loaded.manifest === undefined) throw new Error('a sample is broken');
  const archive = await packFiles(readFolder(skill));
  await publishInto(folder, { manifest: loaded.manifest, archive }, { files: DISK, now: at, signal });
}

/** A folder that is a registry with custom.a in three versions, and custom.b. */
async function shelf(): Promise<string> {
  const folder = join(root, `r${count++}`);
  for (const version of ['1.0.0', '1.2.0', '2.0.0', '2.1.0-rc.1']) await publish(folder, 'custom.a', version);
  await publish(folder, 'custom.b', '0.3.1', { rest: '[knowledge]\ntopics = ["zebrafish"]\n' });
  return folder;
}

interface Edited {
  updated: string;
  expires?: string;
  skills: Record<string, { description: string; versions: Record<string, Record<string, unknown>> }>;
}
function edit(folder: string, change: (index: Edited) => void): void {
  const file = join(folder, 'index.json');
  const index = JSON.parse(readFileSync(file, 'utf8')) as Edited;
  change(index);
  writeFileSync(file, JSON.stringify(index));
}

function open(
  folders: Readonly<Record<string, string | Partial<RegistryConfig>>>,
  options: { now?: Date; memory?: string } = {},
): Registry[] {
  const download = createDownload({ privateHosts: ['127.0.0.1'], totalMs: 5_000 });
  const memory = openMemory(options.memory ?? join(root, `memory${count++}`));
  return Object.entries(folders).map(([name, at]) => {
    const config = { name, url: '', mirrors: [], ...(typeof at === 'string' ? { url: pathToFileURL(at).href } : at) };
    return new Registry(config, { download, signal }, { memory, now: () => options.now ?? NOW });
  });
}
function fetch(registries: readonly Registry[], request: string): Promise<Fetched> {
  const download = createDownload({ privateHosts: ['127.0.0.1'] });
  return registrySource(registries).fetch(request, { cwd: root, temporary: join(root, 'none'), download, signal });
}

/** Serves a folder; `answer` may answer in its place. */
async function serve(
  folder: string,
  answer?: (path: string) => number | undefined,
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const status = answer?.(url);
    try {
      if (status !== undefined) response.writeHead(status).end('<html>no</html>');
      else response.end(readFileSync(join(folder, url)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('a skill of a registry [R-REGISTRY-1]', () => {
  it.each([
    ['custom.a', '2.0.0'],
    ['custom.a@^1', '1.2.0'],
    ['custom.a@1.0.0', '1.0.0'],
    ['custom.a@>=1.0, <2', '1.2.0'],
    ['custom.a@2.1.0-rc.1', '2.1.0-rc.1'],
    ['registry:main/custom.a@~1.0', '1.0.0'],
    ['custom.b@^0.3', '0.3.1'],
  ])('%s is %s, pinned by the sum of its archive', async (request, version) => {
    const registries = open({ main: await shelf() });
    const fetched = await fetch(registries, request);
    const id = request.includes('custom.a') ? 'custom.a' : 'custom.b';
    expect(fetched).toMatchObject({
      resolved: expect.stringMatching(
        new RegExp(`^registry:main/${id}@${version.replaceAll('.', '\\.')}#sha256=[0-9a-f]{64}$`),
      ),
      claims: { id, version },
      wasExpected: false,
    });
    expect(await fetch(registries, fetched.resolved)).toMatchObject({
      resolved: fetched.resolved,
      files: fetched.files,
      wasExpected: true,
    });
  });

  it('is installed with its id, its version and its origin', async () => {
    const registries = open({ main: await shelf() });
    const bench = openBench(join(root, `h${count++}`));
    const options = addOptions();
    const supply = { ...options.supply, sources: [registrySource(registries)] };
    const [added] = await addSkills(['custom.a@^1'], { ...options, supply }, bench.installation);
    expect(added?.skill).toMatchObject({ id: 'custom.a', version: '1.2.0', requested: 'custom.a@^1' });
  });

  it('comes over http as it does from a folder', async () => {
    const folder = await shelf();
    const { url, asked } = await serve(folder);
    const there = await fetch(open({ main: { url } }), 'custom.a');
    expect(there.files).toEqual((await fetch(open({ main: folder }), 'custom.a')).files);
    expect(asked.slice(0, 2)).toEqual(['/index.json', '/custom.a-2.0.0.tgz']);
  });

  it.each([
    ['custom.z', 'E_NOT_FOUND', /did you mean custom\.[ab]/],
    ['custom.a@^9', 'E_NOT_FOUND', /2\.1\.0-rc\.1, 2\.0\.0, 1\.2\.0, 1\.0\.0/],
    ['custom.a@what', 'E_USAGE', /custom|cloud/],
    ['registry:other/custom.a', 'E_NOT_FOUND', /main/],
    ['registry:main', 'E_USAGE', /registry:main\/cloud\.aws/],
    ['registry:main/../a', 'E_USAGE', /cloud/],
    [`registry:main/custom.a@1.0.0#sha256=${'0'.repeat(64)}`, 'E_INTEGRITY', /1\.0\.0/],
  ])('%s is refused: %s', async (request, code, hint) => {
    await expect(fetch(open({ main: await shelf() }), request)).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(hint),
    });
  });

  it('needs a registry, and says how to name one', async () => {
    await expect(fetch([], 'custom.a')).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      hint: expect.stringContaining('[[registries]]'),
    });
  });

  it('is the best version as the library of versions sees it', () => {
    const versions = fc.uniqueArray(
      fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)).map((parts) => parts.join('.')),
      { maxLength: 8 },
    );
    const range = fc.constantFrom('*', '^1', '~1.1', '>=1 <2', '0.x', '^0.1', '1.1.1');
    fc.assert(
      fc.property(versions, range, fc.func(fc.boolean()), (all, wanted, isYanked) => {
        const published = all.map((version) => ({
          version,
          archive: 'a',
          sha256: '',
          bytes: 1,
          yanked: isYanked(version),
          dependencies: [],
          features: new Map<string, boolean>(),
          provides: new Map<string, string>(),
        }));
        const skill = {
          id: 'custom.a',
          description: '',
          keywords: [],
          versions: new Map(published.map((one) => [one.version, one])),
        };
        const best = semver.rsort(all.filter((one) => !isYanked(one))).find((one) => semver.satisfies(one, wanted));
        if (best === undefined)
          expect(() => pickVersion(skill, wanted)).toThrow(expect.objectContaining({ code: 'E_NOT_FOUND' }));
        else expect(pickVersion(skill, wanted).version).toBe(best);
      }),
    );
  });
});

describe('who may give a skill [R-REGISTRY-2]', () => {
  it.each<[what: string, asked: string, wanted: readonly string[]]>([
    ['the one that is called so', 'cloud.aws', ['cloud.aws@1.0.0', 'cloud.aws@1.1.0']],
    ['all that provide what is no id', 'object-store', ['cloud.next@1.0.0', 'evil.store@1.0.0']],
    ['of what has the form of an id, those of its namespace', 'cloud.gone', ['cloud.next@1.0.0']],
    ['nobody where only strangers would', 'corp.gone', []],
    ['nobody of whom all was taken back', 'cloud.old', []],
  ])('what is needed is %s', async (_, asked, wanted) => {
    const folder = join(root, `r${count++}`);
    const provides = (...names: readonly string[]): string =>
      `[provides]\n${names.map((name) => `"${name}" = "1.0.0"\n`).join('')}`;
    for (const version of ['1.0.0', '1.1.0']) await publish(folder, 'cloud.aws', version);
    await publish(folder, 'cloud.old', '1.0.0');
    await publish(folder, 'cloud.next', '1.0.0', { rest: provides('object-store', 'cloud.gone', 'cloud.aws') });
    await publish(folder, 'evil.store', '1.0.0', {
      rest: provides('object-store', 'cloud.gone', 'cloud.aws', 'corp.gone', 'cloud.old'),
    });
    edit(folder, ({ skills }) => {
      const [version] = Object.values(skills['cloud.old']?.versions ?? {});
      if (version !== undefined) version['yanked'] = 'old';
    });
    const offers = await offersOf(() => Promise.resolve(open({ main: folder }))).candidates(asked);
    expect(offers.map(({ id, version }) => `${id}@${version}`)).toEqual(wanted);
    for (const { source } of offers) expect(source).toMatch(/^registry:main\/[a-z.]+@1\.\d\.0#sha256=[0-9a-f]{64}$/);
  });

  it('is the first registry that has its id, whatever newer version another has', async () => {
    const [corp, evil] = [join(root, `r${count++}`), join(root, `r${count++}`)];
    await publish(corp, 'custom.tool', '1.0.0');
    await publish(evil, 'custom.tool', '9.9.9');
    expect((await fetch(open({ corp, evil }), 'custom.tool')).resolved).toContain('registry:corp/custom.tool@1.0.0');
    await expect(fetch(open({ corp, evil }), 'custom.tool@^9')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  it('does not give another skill than the one its index names', async () => {
    const folder = await shelf();
    edit(folder, ({ skills }) => {
      skills['custom.z'] = {
        description: 'Another',
        versions: { '1.0.0': skills['custom.a']?.versions['1.0.0'] ?? {} },
      };
    });
    const options = addOptions();
    const supply = { ...options.supply, sources: [registrySource(open({ main: folder }))] };
    const bench = openBench(join(root, `h${count++}`));
    await expect(addSkills(['custom.z'], { ...options, supply }, bench.installation)).rejects.toMatchObject({
      code: 'E_INTEGRITY',
      details: { reason: 'other_skill' },
    });
  });

  it('gives no version that was taken back, but for who has its sum', async () => {
    const folder = await shelf();
    const before = await fetch(open({ main: folder }), 'custom.a@^1');
    edit(folder, ({ skills }) => {
      const { '1.2.0': old } = skills['custom.a']?.versions ?? {};
      if (old !== undefined) old['yanked'] = 'it deletes files';
    });
    const registries = open({ main: folder });
    expect((await fetch(registries, 'custom.a@^1')).resolved).toContain('@1.0.0#');
    await expect(fetch(registries, 'custom.a@1.2.0')).rejects.toMatchObject({
      hint: expect.stringContaining('1.2.0 (taken back)'),
    });
    expect((await fetch(registries, before.resolved)).files).toEqual(before.files);
  });

  it('is a mirror only for what the registry itself cannot answer, and with the bytes its index says', async () => {
    const folder = await shelf();
    const good = await serve(folder);
    const down = await serve(folder, () => 503);
    const mirrored = { url: down.url, mirrors: [good.url] };
    expect((await fetch(open({ main: mirrored }), 'custom.b')).resolved).toContain('custom.b@0.3.1');
    const gone = await serve(folder, (path) => (path.endsWith('.tgz') ? 404 : undefined));
    await expect(fetch(open({ main: { url: gone.url, mirrors: [good.url] } }), 'custom.b')).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
    const other = join(root, `r${count++}`);
    cpSync(folder, other, { recursive: true });
    writeFileSync(
      join(other, 'custom.b-0.3.1.tgz'),
      await packFiles([{ path: 'SKILL.md', bytes: Buffer.from('evil'), executable: false }]),
    );
    const lying = await serve(other);
    const half = await serve(folder, (path) => (path.endsWith('.tgz') ? 502 : undefined));
    await expect(fetch(open({ main: { url: half.url, mirrors: [lying.url] } }), 'custom.b')).rejects.toMatchObject({
      code: 'E_INTEGRITY',
      details: { reason: 'sum' },
    });
  });
});

describe('an index of another time [R-REGISTRY-3]', () => {
  const day = 86_400_000;
  it('that is ahead of the clock keeps out none that is made now', async () => {
    const folder = await shelf();
    const memory = join(root, `memory${count++}`);
    edit(folder, (index) => (index.updated = '2026-06-02T11:00:00.000Z'));
    await fetch(open({ main: folder }, { memory }), 'custom.a');
    edit(folder, (index) => (index.updated = '2026-06-01T13:00:00.000Z'));
    const later = new Date('2026-06-01T13:30:00.000Z');
    await fetch(open({ main: folder }, { memory, now: later }), 'custom.a');
    edit(folder, (index) => (index.updated = '2026-06-01T11:00:00.000Z'));
    await expect(fetch(open({ main: folder }, { memory, now: later }), 'custom.a')).rejects.toMatchObject({
      code: 'E_DOWNGRADE',
    });
  });

  it('is refused when it is older than one that was seen, by whatever process', async () => {
    const folder = await shelf();
    const memory = join(root, `memory${count++}`);
    await fetch(open({ main: folder }, { memory }), 'custom.a');
    edit(folder, (index) => (index.updated = '2026-05-31T00:00:00.000Z'));
    await expect(fetch(open({ main: folder }, { memory }), 'custom.a')).rejects.toMatchObject({
      code: 'E_DOWNGRADE',
      details: { reason: 'rollback' },
    });
    await fetch(open({ main: folder }), 'custom.a');
  });

  it.each([
    ['that has expired', (index: Edited) => (index.expires = '2026-06-01T11:59:59.000Z'), 'expired'],
    ['that is still to come', (index: Edited) => (index.updated = '2026-06-03T00:00:00.000Z'), 'not_yet'],
  ])('%s is refused, and not remembered', async (_, change, reason) => {
    const folder = await shelf();
    const memory = join(root, `memory${count++}`);
    const text = readFileSync(join(folder, 'index.json'));
    edit(folder, change);
    await expect(fetch(open({ main: folder }, { memory }), 'custom.a')).rejects.toMatchObject({
      code: 'E_DOWNGRADE',
      details: { reason },
    });
    writeFileSync(join(folder, 'index.json'), text);
    await fetch(open({ main: folder }, { memory }), 'custom.a');
  });

  it('is taken from a clock that is a little ahead, and until it expires', async () => {
    const folder = await shelf();
    edit(folder, (index) => (index.expires = '2026-06-08T00:00:00Z'));
    for (const now of [NOW, new Date(NOW.getTime() - day / 2), new Date(NOW.getTime() + 6 * day)])
      expect((await fetch(open({ main: folder }, { now }), 'custom.a')).claims?.version).toBe('2.0.0');
  });
});

describe('an index that is none [R-REGISTRY-4]', () => {
  const version = { archive: 'a.tgz', sha256: 'a'.repeat(64), bytes: 10 };
  const index = (changes: object): unknown => ({
    skillhost: 1,
    updated: '2026-01-01T00:00:00Z',
    skills: {},
    ...changes,
  });
  const skill = (changes: object, id = 'custom.a', of = '1.0.0'): unknown =>
    index({ skills: { [id]: { description: 'A', versions: { [of]: { ...version, ...changes } } } } });
  const listed = (changes: object): unknown =>
    index({ skills: { 'custom.a': { description: 'A', versions: {}, ...changes } } });
  const many = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));
  const fieldOf = (value: unknown): unknown => {
    try {
      parseIndex(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'index.json');
      return undefined;
    } catch (error) {
      expect(error).toMatchObject({ code: 'E_PACKAGE', hint: expect.any(String) });
      return (error as SkillError).details?.['field'];
    }
  };
  const at = 'skills.custom.a.versions.1.0.0';

  const FAULTS: readonly (readonly [value: unknown, field: string])[] = [
    ['<html>', 'index.json'],
    ['[]', 'index.json'],
    ['{}', 'skillhost'],
    [index({ skillhost: 2 }), 'skillhost'],
    [index({ updated: 'today' }), 'updated'],
    [index({ updated: '2026-02-31T00:00:00Z' }), 'updated'],
    [index({ updated: '2026-02-01T25:00:00Z' }), 'updated'],
    [index({ expires: 5 }), 'expires'],
    [index({ skills: [] }), 'skills'],
    [index({ skills: null }), 'skills'],
    [index({ skills: { 'custom.a': [] } }), 'skills.custom.a'],
    [listed({ keywords: 'a' }), 'skills.custom.a.keywords'],
    [listed({ keywords: ['a', 1] }), 'skills.custom.a.keywords[1]'],
    [listed({ keywords: many(65, () => 'a') }), 'skills.custom.a.keywords'],
    [listed({ versions: Object.fromEntries(many(1_001, (i) => [`1.0.${i}`, version])) }), 'skills.custom.a.versions'],
    [skill({ archive: 1 }), `${at}.archive`],
    [skill({ features: Object.fromEntries(many(257, (i) => [`f${i}`, true])) }), `${at}.features`],
    [skill({ features: { 'a\u202eb': true } }), `${at}.features`],
    [skill({ dependencies: Object.fromEntries(many(257, (i) => [`a.b${i}`, '^1'])) }), `${at}.dependencies`],
    [
      skill({ dependencies: { 'custom.b': { version: '^1', features: 'all' } } }),
      `${at}.dependencies.custom.b.features`,
    ],
    [skill({ dependencies: { 'custom.b': { features: [] } } }), `${at}.dependencies.custom.b`],
    [skill({ provides: Object.fromEntries(many(257, (i) => [`p${i}`, '1.0.0'])) }), `${at}.provides`],
    [skill({ provides: { '../a': '1.0.0' } }), `${at}.provides.../a`],
    [skill({}, '../a'), 'skills.../a'],
    [skill({}, 'custom.a', 'latest'), 'skills.custom.a.versions.latest'],
    [skill({ archive: '../a.tgz' }), `${at}.archive`],
    [skill({ archive: '/etc/passwd' }), `${at}.archive`],
    [skill({ archive: 'https://evil.example.org/a.tgz' }), `${at}.archive`],
    [skill({ archive: 'a\\b.tgz' }), `${at}.archive`],
    [skill({ sha256: 'A'.repeat(64) }), `${at}.sha256`],
    [skill({ sha256: 'a'.repeat(63) }), `${at}.sha256`],
    [skill({ bytes: -1 }), `${at}.bytes`],
    [skill({ bytes: 1e12 }), `${at}.bytes`],
    [skill({ bytes: '10' }), `${at}.bytes`],
    [skill({ dependencies: { 'custom.b': 'what' } }), `${at}.dependencies.custom.b`],
    [skill({ dependencies: { '../b': '^1' } }), `${at}.dependencies.../b`],
    [skill({ provides: { chat: '1' } }), `${at}.provides.chat`],
    [index({ skills: { 'custom.a': { description: 'a\u202eb', versions: {} } } }), 'skills.custom.a.description'],
  ];

  it.each(FAULTS.map(([value, field]) => [JSON.stringify(value).slice(0, 160), field, value]))(
    '%s is refused at %s',
    (_, field, value) => {
      expect(fieldOf(value)).toBe(field);
    },
  );

  it('is one at the most of everything', () => {
    const most = {
      keywords: many(64, () => 'a'),
      versions: Object.fromEntries(
        many(1_000, (i) => [`1.0.${i}`, i === 0 ? { ...version, features: { fast: true } } : version]),
      ),
    };
    expect(fieldOf(listed(most))).toBeUndefined();
  });

  it('throws nothing but E_PACKAGE, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify(skill({ archive: value, provides: value }))),
          fc.string(),
        ),
        (text) => {
          fieldOf(text);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    [
      'an archive that was swapped',
      (folder: string) => writeFileSync(join(folder, 'custom.a-2.0.0.tgz'), 'other'),
      'E_INTEGRITY',
    ],
    [
      'an archive larger than it says',
      (folder: string) =>
        edit(folder, ({ skills }) => Object.assign(skills['custom.a']?.versions['2.0.0'] ?? {}, { bytes: 5 })),
      'E_PACKAGE',
    ],
    [
      'an archive that is gone',
      (folder: string) =>
        edit(folder, ({ skills }) =>
          Object.assign(skills['custom.a']?.versions['2.0.0'] ?? {}, { archive: 'gone.tgz' }),
        ),
      'E_NOT_FOUND',
    ],
    ['no index', (folder: string) => writeFileSync(join(folder, 'index.json'), ''), 'E_PACKAGE'],
  ])('%s is refused', async (_, spoil, code) => {
    const folder = await shelf();
    spoil(folder);
    await expect(fetch(open({ main: folder }), 'custom.a')).rejects.toMatchObject({ code });
  });

  it('of another web page says so', async () => {
    const { url } = await serve(root, () => 200);
    await expect(fetch(open({ main: { url } }), 'custom.a')).rejects.toMatchObject({ code: 'E_PACKAGE' });
  });
});

describe('publishing into a folder [R-REGISTRY-5]', () => {
  it('never changes a version that is there', async () => {
    const folder = join(root, `r${count++}`);
    await publish(folder, 'custom.a', '1.0.0');
    const text = readFileSync(join(folder, 'index.json'), 'utf8');
    await publish(folder, 'custom.a', '1.0.0', { at: new Date('2026-07-01') });
    expect(readFileSync(join(folder, 'index.json'), 'utf8')).toBe(text);
    await expect(publish(folder, 'custom.a', '1.0.0', { text: 'Other.' })).rejects.toMatchObject({
      code: 'E_CONFLICT',
    });
    expect(readFileSync(join(folder, 'index.json'), 'utf8')).toBe(text);
  });

  it('keeps what others publish at the same moment, and never goes back in time', async () => {
    const folder = join(root, `r${count++}`);
    mkdirSync(folder);
    await Promise.all(
      ['1.0.0', '1.1.0', '1.2.0'].map((version, i) =>
        publish(folder, 'custom.a', version, { at: new Date(NOW.getTime() - i * 1000) }),
      ),
    );
    const { skills, updated } = parseIndex(readFileSync(join(folder, 'index.json')), 'index.json');
    expect([...(skills.get('custom.a')?.versions.keys() ?? [])].toSorted()).toEqual(['1.0.0', '1.1.0', '1.2.0']);
    expect(updated).toEqual(NOW);
  });

  it('says what a skill needs, as its manifest does', async () => {
    const folder = join(root, `r${count++}`);
    await publish(folder, 'custom.a', '1.0.0', {
      rest: '[dependencies]\n"custom.b" = "^1"\n"custom.c" = { version = ">=2", optional = true }\n',
    });
    const { skills } = parseIndex(readFileSync(join(folder, 'index.json')), 'index.json');
    expect(skills.get('custom.a')?.versions.get('1.0.0')?.dependencies).toEqual([
      { id: 'custom.b', range: '^1', optional: false, features: [] },
      { id: 'custom.c', range: '>=2', optional: true, features: [] },
    ]);
  });
});

describe('searching registries [R-REGISTRY-6]', () => {
  it('finds by topics and words, with where a hit is from and the sum of its archive', async () => {
    const registries = open({ main: await shelf(), other: await shelf() });
    const [hit, ...more] = await searchRegistries(registries, 'zebrafish', 5);
    expect(hit).toMatchObject({
      id: 'custom.b',
      version: '0.3.1',
      registry: 'main',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(more.filter(({ id }) => id === 'custom.b')).toEqual([]);
    expect(await searchRegistries(registries, 'quaternion', 5)).toEqual([]);
  });
});
