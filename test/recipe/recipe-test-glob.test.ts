import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../src/recipe/glob.ts';

/** The plainest reading: a star takes nothing, or one sign and stays. */
function oracle(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) return oracle(pattern.slice(1), text) || (text !== '' && oracle(pattern, text.slice(1)));
  return pattern[0] === text[0] && text !== '' && oracle(pattern.slice(1), text.slice(1));
}

describe('patterns over command lines [R-RTEST-3]', () => {
  it.each<[pattern: string, text: string, isSo: boolean]>([
    ['git status', 'git status', true],
    ['git status', 'git status --short', false],
    ['git commit *', "git commit -m 'a message'", true],
    ['git commit *', 'git commit', false],
    ['git*', 'git', true],
    ['*', '', true],
    ['', 'git', false],
    ['git * --', 'git log --', true],
    ['git * --', 'git log -- file', false],
    ['a*b*a', 'aba', true],
    ['a*a', 'a', false],
    ['*x*', 'one\nx\ntwo', true],
    ['git [a-z]+', 'git status', false],
    ['git ?', 'git x', false],
    ['g(i|i)*$', 'git', false],
  ])('%j on %j: %s', (pattern, text, isSo) => {
    expect(matchesGlob(pattern, text)).toBe(isSo);
  });

  it('mean what the plainest reading means', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 9 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '*'), maxLength: 7 });
    fc.assert(
      fc.property(patterns, letters, (pattern, text) => {
        expect(matchesGlob(pattern, text)).toBe(oracle(pattern, text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('fit every text that was made of their parts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), fc.string(), (parts, last) => {
        const clean = (part: string): string => part.replaceAll('*', '+');
        const pattern = parts.map(([part]) => `${clean(part)}*`).join('') + clean(last);
        const text = parts.map(([part, between]) => clean(part) + between).join('') + clean(last);
        expect(matchesGlob(pattern, text)).toBe(true);
      }),
    );
  });

  it('end for what takes exponential time where it is tried out', () => {
    expect(matchesGlob(`${'a*'.repeat(500)}b`, 'a'.repeat(100_000))).toBe(false);
  });
});
