import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globsOverlap, matchesGlob } from '../../src/trust/policy/match-glob.ts';

const all = () => true;
const part = (character: string) => character !== '/' && character !== '@';

/** The same pattern as an expression, which the language's own engine matches. */
const expression = (pattern: string, star: string): RegExp => {
  const parts = pattern.split('*').map((fixed) => fixed.replaceAll(/[.+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${parts.join(star)}$`, 'su');
};

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '@', '*'), maxLength: 8 });
const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '@', '*', '\u{1F600}'), maxLength: 10 });

describe('a pattern with stars', () => {
  it.each([
    ['github:acme/*', 'github:acme/aws@main', true],
    ['github:acme/*', 'github:acme', false],
    ['github:acme/*', 'github:acmetoo/aws', false],
    ['github:acme/*', ' github:acme/aws', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a*', 'a\nb', true],
    ['**', 'anything', true],
    ['a*b*c', 'a--b--c', true],
    ['a*b*c', 'a--c--b', false],
  ])('%s of the whole of %j: %s', (glob, of, expected) => {
    expect(matchesGlob(glob, of, all)).toBe(expected);
  });

  it('matches as the expression it stands for', () => {
    fc.assert(
      fc.property(pattern, text, (glob, of) => {
        expect(matchesGlob(glob, of, all)).toBe(expression(glob, '.*').test(of));
        expect(matchesGlob(glob, of, part)).toBe(expression(glob, '[^/@]*').test(of));
      }),
      { numRuns: 500 },
    );
  });

  it('takes no longer for the patterns that make engines go back', () => {
    expect(matchesGlob(`${'*a'.repeat(120)}b`, 'a'.repeat(1_000), all)).toBe(false);
  });

  it('overlaps another when a text is of both', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, of) => {
        expect(globsOverlap(one, other)).toBe(globsOverlap(other, one));
        if (matchesGlob(one, of, all) && matchesGlob(other, of, all)) expect(globsOverlap(one, other)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a*', 'b*', false],
    ['a*', '*b', true],
    ['a*c', 'a*d', false],
    ['*a*', '*b*', true],
    ['ab', 'a*', true],
    ['ab', 'abc', false],
    ['*', '', true],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect(globsOverlap(one, other)).toBe(expected);
  });
});
