import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten, slug, slugOfFile } from '../../src/import/names.ts';
import { checkLabel, checkSkillId } from '../../src/manifest/text-checks.ts';

describe('a name made of words', () => {
  it.each<[text: string, name: string | undefined]>([
    ['Trip planner', 'trip-planner'],
    ['  A  --  b ', 'a-b'],
    ['Ünïcode', 'unicode'],
    ['a.b/c\\d', 'a-b-c-d'],
    ['天気', undefined],
    ['', undefined],
    ['---', undefined],
    [`${'a'.repeat(63)} b`, 'a'.repeat(63)],
  ])('of %j is %s', (text, name) => {
    expect(slug(text)).toBe(name);
  });

  it.each<[file: string, name: string]>([
    ['/some/where/weather-tools.json', 'weather-tools'],
    ['.json', 'json'],
    ['天気.yaml', 'imported'],
    ['a.b.yaml', 'a-b'],
  ])('of the file %s is %s', (file, name) => {
    expect(slugOfFile(file)).toBe(name);
  });

  it('is always one that an id can have [R-MIGRATE-5]', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('a', '-', ' ', '.', 'Z', '/'), maxLength: 200 }),
    );
    fc.assert(
      fc.property(text, (one) => {
        const name = slug(one);
        if (name !== undefined) expect(checkSkillId(`custom.${name}`)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a text that is shortened', () => {
  it.each<[text: string, max: number, short: string, isCut: boolean]>([
    ['a\n  b\t c ', 10, 'a b c', false],
    ['abcdef', 6, 'abcdef', false],
    ['abcdefg', 6, 'abcde…', true],
    ['abcd efg', 6, 'abcd…', true],
    ['😀😀😀', 2, '😀…', true],
  ])('%j to %i characters is %j', (text, max, short, isCut) => {
    expect(shorten(text, max)).toEqual({ text: short, isCut });
  });

  it('fits the label it is for', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '😀', '\n'), maxLength: 100 }), (text) => {
        const { text: short } = shorten(`x${text}`, 20);
        expect(checkLabel(20)(short)).toBeUndefined();
      }),
    );
  });
});
