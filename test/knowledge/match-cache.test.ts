import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { keyOf, MatchCache } from '../../src/knowledge/match-cache.ts';
import { scratch, write } from '../runtime/folders.ts';
import { entriesOf, writeKnowledge } from './contexts.ts';

const root = scratch();
const skills = join(root, 'skills');
const cache = join(root, 'cache');
const folder = join(cache, 'match');
let entries: readonly CatalogEntry[];
let file: string;
let good: Buffer;

const PROMPTS = ['knit a scarf', 'weave cloth on a loom', 'sew', 'nothing of it'];
/** What an index finds, and by which reasons. */
const found = (of: readonly CatalogEntry[], where: string | undefined = cache, name = 'x'): unknown => {
  const index = new MatchCache(where, name).open(of);
  return [index.alwaysOn, ...PROMPTS.map((prompt) => index.match(prompt, { threshold: 0 }))];
};
/** Entries whose details are counted when they are read. */
const watched = (of: readonly CatalogEntry[], read: string[]): CatalogEntry[] =>
  of.map((entry) => ({
    ...entry,
    details: () => {
      read.push(entry.id);
      return entry.details();
    },
  }));

beforeAll(async () => {
  writeKnowledge(skills, { id: 'core.sewing', topics: ['sew'], knowledge: 'always_on = true' });
  writeKnowledge(skills, { id: 'custom.knitting', topics: ['knit', 'scarf'] });
  writeKnowledge(skills, { id: 'custom.weaving', topics: ['weave', 'loom'] });
  write(skills, {
    'md/SKILL.md': '---\nname: md\ndescription: Works with cloth\n---\n# Loom\n\nweave a scarf on the loom\n',
  });
  entries = await entriesOf(skills);
  found(entries);
  file = join(folder, readdirSync(folder)[0] ?? '');
  good = readFileSync(file);
});

beforeEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, good);
});

describe('the index by which prompts find skills', () => {
  it('finds what one made anew finds, and is not written again [R-CATALOG-1]', () => {
    const { ino } = statSync(file);
    expect(found(entries)).toEqual(found(entries, undefined));
    expect(statSync(file).ino).toBe(ino);
  });

  it('reads the folders and details only of skills that are new or changed [R-CATALOG-2]', () => {
    const read: string[] = [];
    found(watched(entries, read));
    expect(read).toEqual([]);
    const changed = entries.map((entry) => (entry.id === 'custom.md' ? { ...entry, signature: 'other' } : entry));
    found(watched(changed, read));
    expect(read).toEqual(['custom.md']);
    found(watched(entries.slice(1), read));
    found(watched(entries.slice(1), read));
    expect(read.filter((id) => id !== 'custom.md')).toEqual([]);
    expect(found(changed)).toEqual(found(changed, undefined));
  });

  it('forgets skills that are gone, and takes a renamed one for another', () => {
    const less = entries.filter(({ id }) => id !== 'custom.knitting');
    expect(found(less)).toEqual(found(less, undefined));
    expect(JSON.stringify(found(less))).not.toContain('knitting');
    const renamed = entries.map((entry) => ({ ...entry, id: entry.id.replace('custom.', 'tool.') }));
    expect(found(renamed)).toEqual(found(renamed, undefined));
    expect(JSON.stringify(found(renamed))).toContain('tool.knitting');
  });

  it('in one process is opened once, as long as nothing changed', () => {
    const one = new MatchCache(cache, 'x');
    const first = one.open(entries);
    rmSync(file);
    expect(one.open([...entries])).toBe(first);
    expect(one.open(entries.slice(1))).not.toBe(first);
  });

  it('of other directories is another file', () => {
    found(entries.slice(1), cache, 'y');
    expect(readdirSync(folder)).toHaveLength(2);
    expect(readFileSync(file)).toEqual(good);
  });

  it('tells two skills of one id apart', () => {
    const twice = entries.flatMap((entry) => [entry, { ...entry, path: `${entry.path}-2` }]);
    const index = new MatchCache(undefined, '').open(twice);
    expect(index.size).toBe(twice.length);
    const ids = index.match('knit').map(({ id }) => id);
    expect(ids.toSorted()).toEqual(
      twice
        .filter(({ id }) => id === 'custom.knitting')
        .map(keyOf)
        .toSorted(),
    );
  });

  it('of no skills finds nothing', () => expect(found([])).toEqual([[], [], [], [], []]));
});

describe('an index of prompts that is damaged is made again [R-CATALOG-3]', () => {
  const isMadeAgain = (bytes: Uint8Array): void => {
    writeFileSync(file, bytes);
    expect(found(entries)).toEqual(found(entries, undefined));
    expect(readFileSync(file)).toEqual(good);
  };

  it('cut anywhere', () => {
    for (let i = 0; i < 50; i++) isMadeAgain(good.subarray(0, Math.floor((i * good.length) / 50)));
    for (const length of [1, 31, 32, 33, 40, good.length - 1]) isMadeAgain(good.subarray(0, length));
  });

  it('with any byte another one', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (where, by) => {
        const bytes = Buffer.from(good);
        bytes[where] = (bytes[where] ?? 0) ^ by;
        isMadeAgain(bytes);
      }),
      { numRuns: 150 },
    );
  });

  it('behind the right digest whatever stands there', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rest) =>
        isMadeAgain(Buffer.concat([good.subarray(0, 32), rest])),
      ),
    );
  });

  it('or in its place a directory, or nowhere to write it: it is done without', () => {
    rmSync(file);
    mkdirSync(join(file, 'full'), { recursive: true });
    expect(found(entries)).toEqual(found(entries, undefined));
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect(found(entries)).toEqual(found(entries, undefined));
    rmSync(folder);
  });
});
