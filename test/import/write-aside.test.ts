import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textFile } from '../../src/import/draft.ts';
import { requireFree, writeAside } from '../../src/import/write-aside.ts';
import { place } from './bring.ts';

const FILES = [textFile('skill.toml', 'a\n'), textFile('scripts/deep/run.sh', 'b\n', true)];
const parent = (): string => place({ 'beside.txt': '' });

describe('files written aside', () => {
  it('appear together, with who may run them [R-MIGRATE-3]', async () => {
    const folder = parent();
    const target = join(folder, 'out');
    const seen: string[] = [];
    const isGood = (aside: string): Promise<boolean> => {
      seen.push(readFileSync(join(aside, 'scripts/deep/run.sh'), 'utf8'));
      expect(lstatSync(target, { throwIfNoEntry: false })).toBeUndefined();
      return Promise.resolve(true);
    };
    expect(await writeAside(target, FILES, isGood)).toBe(true);
    expect(seen).toEqual(['b\n']);
    expect(readdirSync(folder).toSorted()).toEqual(['beside.txt', 'out']);
    expect(statSync(target).mode & 0o777).toBe(0o755);
    expect(statSync(join(target, 'scripts/deep/run.sh')).mode & 0o111).not.toBe(0);
    expect(statSync(join(target, 'skill.toml')).mode & 0o111).toBe(0);
  });

  it.each<[name: string, isGood: () => Promise<boolean>, outcome: boolean | string]>([
    ['they are not good', () => Promise.resolve(false), false],
    ['looking at them fails', () => Promise.reject(new Error('a defect')), 'a defect'],
  ])('are gone when %s [R-MIGRATE-3]', async (_, isGood, outcome) => {
    const folder = parent();
    const written = writeAside(join(folder, 'a', 'b', 'out'), FILES, isGood);
    if (typeof outcome === 'string') await expect(written).rejects.toThrow(outcome);
    else expect(await written).toBe(outcome);
    expect(readdirSync(folder)).toEqual(['beside.txt']);
  });

  it.each<[name: string, files: readonly ReturnType<typeof textFile>[]]>([
    ['twice', [textFile('a', '1'), textFile('a', '2')]],
    ['below a file', [textFile('a', '1'), textFile('a/b', '2')]],
  ])('are gone when one stands %s [R-MIGRATE-3]', async (_, files) => {
    const folder = parent();
    await expect(writeAside(join(folder, 'out'), files, () => Promise.resolve(true))).rejects.toMatchObject({
      code: 'E_USAGE',
    });
    expect(readdirSync(folder)).toEqual(['beside.txt']);
  });

  it('leave alone what somebody else put there in the meantime [R-MIGRATE-3]', async () => {
    const folder = parent();
    const target = join(folder, 'out');
    const isGood = (): Promise<boolean> => {
      mkdirSync(target);
      writeFileSync(join(target, 'theirs'), '');
      return Promise.resolve(true);
    };
    await expect(writeAside(target, FILES, isGood)).rejects.toMatchObject({ details: { reason: 'target_taken' } });
    expect(readdirSync(target)).toEqual(['theirs']);
    expect(readdirSync(folder).toSorted()).toEqual(['beside.txt', 'out']);
  });

  it('leave a folder that was made for them when somebody uses it', async () => {
    const folder = parent();
    const isGood = (): Promise<boolean> => {
      writeFileSync(join(folder, 'a', 'theirs'), '');
      return Promise.resolve(false);
    };
    expect(await writeAside(join(folder, 'a', 'b', 'out'), FILES, isGood)).toBe(false);
    expect(readdirSync(join(folder, 'a'))).toEqual(['theirs']);
  });
});

describe('a place is free', () => {
  it.each<[name: string, make: (target: string) => void]>([
    ['where there is nothing', () => undefined],
    ['where an empty folder is', (target) => mkdirSync(target)],
  ])('%s', (_, make) => {
    const target = join(parent(), 'out');
    make(target);
    expect(() => requireFree(target, 'out')).not.toThrow();
  });

  it('says which, as it was given, when it is not', () => {
    const folder = parent();
    expect(() => requireFree(folder, 'x\u202ey')).toThrow('"x\\u{202e}y" is a folder with something in it');
    expect(() => requireFree(join(folder, 'beside.txt'), 'f')).toThrow('"f" is there already, and is no folder');
  });
});
