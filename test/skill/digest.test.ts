import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBareModule, loadSkill } from '../../src/skill/load-skill.ts';
import { guest, manifest, scratch, write } from '../runtime/folders.ts';

const root = scratch();
let one: Uint8Array;
let core: Uint8Array;

beforeAll(async () => {
  [one, core] = [await guest('one'), await guest('core')];
});

let count = 0;
const fresh = (): string => join(root, `skill-${(count += 1)}`);
const EXECUTABLE = '[executable]\nmodule = "bin/a.wasm"\n';

async function hashOf(
  toml: string,
  module: Uint8Array | undefined,
  more: Record<string, string> = {},
): Promise<string> {
  const dir = fresh();
  write(dir, { 'skill.toml': toml, ...(module !== undefined && { 'bin/a.wasm': module }), ...more });
  const skill = await loadSkill(dir);
  return skill.ready ? skill.hash : expect.fail(JSON.stringify(skill.problems));
}

async function bareHashOf(name: string, module: Uint8Array): Promise<string> {
  const dir = fresh();
  write(dir, { [name]: module });
  return (await loadBareModule(join(dir, name))).hash;
}

describe('the digest of a skill', () => {
  const toml = manifest('custom.a', EXECUTABLE);

  it('is equal for equal manifests and modules, wherever they are and whatever is beside them', async () => {
    const hash = await hashOf(toml, one);
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await hashOf(toml, one)).toBe(hash);
    expect(await hashOf(toml, one, { 'README.md': 'other', LICENSE: 'x', 'bin/b.wasm': 'other' })).toBe(hash);
    const elsewhere = fresh();
    write(elsewhere, { 'skill.toml': toml, 'bin/a.wasm': one });
    symlinkSync(elsewhere, `${elsewhere}-link`);
    expect(await loadSkill(`${elsewhere}-link`)).toMatchObject({ hash, path: `${elsewhere}-link` });
  });

  it('differs when one byte of the manifest or of the module does', async () => {
    // A custom section changes what a module is, and nothing that it does.
    const section = Uint8Array.from([...one, 0, 2, 1, 0x78]);
    const hashes = await Promise.all([
      hashOf(toml, one),
      hashOf(`${toml} `, one),
      hashOf(`${toml}# a remark\n`, one),
      hashOf(toml.replace('1.2.3', '1.2.4'), one),
      hashOf(toml, core),
      hashOf(toml, section),
      hashOf(manifest('custom.a'), undefined),
      hashOf(manifest('custom.b'), undefined),
      bareHashOf('a.wasm', one),
      bareHashOf('a.wasm', core),
    ]);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('of a bare module is by its bytes, not by its name', async () => {
    expect(await bareHashOf('a.wasm', one)).toBe(await bareHashOf('b.module', one));
  });

  it('is over the length and the bytes of both parts, and tells where one ends', async () => {
    const expected = createHash('sha256')
      .update(`${Buffer.byteLength(toml)}:${toml}${one.length}:`)
      .update(one);
    expect(await hashOf(toml, one)).toBe(`sha256:${expected.digest('hex')}`);
    const alone = createHash('sha256').update(`-${one.length}:`).update(one);
    expect(await bareHashOf('a.wasm', one)).toBe(`sha256:${alone.digest('hex')}`);
  });

  it('differs whenever any text of the manifest does', async () => {
    const described = (text: string): string => manifest('custom.a').replace('"A sample"', JSON.stringify(text));
    const words = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1', ':'), minLength: 1, maxLength: 5 });
    const text = words.map((some) => `It ${some}.`);
    await fc.assert(
      fc.asyncProperty(text, text, async (a, b) => {
        const [left, right] = [await hashOf(described(a), undefined), await hashOf(described(b), undefined)];
        expect(left === right).toBe(a === b);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a bare module', () => {
  // The id names folders of the skill's own: it is never that of another skill, and never a way out.
  it.each<[file: string, name: string, id: string | RegExp]>([
    ['tool.wasm', 'tool', 'tool'],
    ['tool', 'tool', 'tool'],
    ['wasm', 'wasm', 'wasm'],
    ['tool.wasm.wasm', 'tool.wasm', /^module-[0-9a-f]{12,13}$/],
    ['custom.other.wasm', 'custom.other', /^module-[0-9a-f]{12,13}$/],
    ['tool.WASM', 'tool.WASM', /^module-[0-9a-f]{12,13}$/],
    ['a b é.wasm', 'a b é', /^module-[0-9a-f]{12,13}$/],
    ['.wasm', '', /^module-[0-9a-f]{12,13}$/],
    ['..wasm', '.', /^module-[0-9a-f]{12,13}$/],
    ['...wasm', '..', /^module-[0-9a-f]{12,13}$/],
  ])('%j is called %j [R-GATE-1]', async (file, name, id) => {
    const dir = fresh();
    write(dir, { [file]: core });
    const skill = await loadBareModule(join(dir, file));
    expect(skill).toMatchObject({
      ready: true,
      id: typeof id === 'string' ? id : expect.stringMatching(id),
      name,
      path: join(dir, file),
      manifest: undefined,
      version: '0.0.0',
      aliases: [],
      problems: [],
    });
    expect(skill.tools.map((tool) => tool.name)).toEqual(['add', 'same', 'big', 'spin', 'trap', 'grow']);
    expect(Buffer.from(skill.module?.bytes ?? [])).toEqual(Buffer.from(core));
  });

  it.each<[what: string, make: (path: string) => void, code: string, says: RegExp]>([
    ['is not there', () => undefined, 'E_NOT_FOUND', /cannot be read: ENOENT/],
    [
      'is a folder',
      (path) => mkdirSync(path, { recursive: true }),
      'E_NOT_FOUND',
      /cannot be read: (?:EISDIR|not a reg)/,
    ],
    ['is empty', (path) => write(path, { '../x.wasm': '' }), 'E_MODULE', /./],
    ['is no module', (path) => write(path, { '../x.wasm': 'plain text' }), 'E_MODULE', /./],
    ['ends early', (path) => write(path, { '../x.wasm': core.subarray(0, 20) }), 'E_MODULE', /./],
  ])('that %s is refused [R-RUN-2]', async (_what, make, code, says) => {
    const path = join(fresh(), 'x.wasm');
    make(path);
    await expect(loadBareModule(path)).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
  });
});

describe('a folder whose parts cannot be used is told, never thrown [R-MANIFEST-2]', () => {
  const toml = manifest('custom.a', EXECUTABLE);
  it.each<[what: string, make: (dir: string) => void, id: string | undefined, says: RegExp]>([
    ['no folder', () => undefined, undefined, /there is no manifest/],
    ['a file for a folder', (dir) => write(dir, { '../file': 'x' }), undefined, /there is no manifest/],
    ['an empty manifest', (dir) => write(dir, { 'skill.toml': '' }), undefined, /./],
    ['a manifest over 256 KiB', (dir) => write(dir, { 'skill.toml': '#'.repeat(262_145) }), undefined, /too large/],
    ['a module that is missing', (dir) => write(dir, { 'skill.toml': toml }), 'custom.a', /a\.wasm/],
    ['a module that is none', (dir) => write(dir, { 'skill.toml': toml, 'bin/a.wasm': 'x' }), 'custom.a', /a\.wasm/],
    ['a module behind a link that leaves', (dir) => leave(dir, toml), 'custom.a', /leaves|outside/],
    ['a folder for a module', (dir) => write(dir, { 'skill.toml': toml, 'bin/a.wasm/x': '' }), 'custom.a', /a\.wasm/],
  ])('%s', async (_what, make, id, says) => {
    const dir = fresh();
    make(dir);
    const skill = await loadSkill(dir);
    expect(skill).toMatchObject({ ready: false, id: id ?? basename(dir), path: dir });
    expect(skill.problems.map(({ message }) => message).join('\n')).toMatch(says);
    for (const { code, fix } of skill.problems) expect(`${code} ${fix}`).toMatch(/^M_[A-Z_]+ \S/);
  });
});

function leave(dir: string, toml: string): void {
  write(root, { 'outside.wasm': core });
  write(dir, { 'skill.toml': toml, 'bin/keep': '' });
  symlinkSync(join(root, 'outside.wasm'), join(dir, 'bin', 'a.wasm'));
}
