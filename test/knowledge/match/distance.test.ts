import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, maskLetters, mayBeNear, toleranceOf } from '../../../src/knowledge/match/distance.ts';

/** Written from the definition, for comparison. */
function slowDistance(a: string, b: string): number {
  if (a === '') return b.length;
  if (b === '') return a.length;
  const same = a.at(-1) === b.at(-1) ? 0 : 1;
  const ways = [
    slowDistance(a.slice(0, -1), b) + 1,
    slowDistance(a, b.slice(0, -1)) + 1,
    slowDistance(a.slice(0, -1), b.slice(0, -1)) + same,
  ];
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1))
    ways.push(slowDistance(a.slice(0, -2), b.slice(0, -2)) + 1);
  return Math.min(...ways);
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });

describe('how far two words are apart', () => {
  it.each<[string, string, number, number | undefined]>([
    ['commit', 'commit', 0, 0],
    ['commit', 'comit', 1, 1],
    ['commit', 'comimt', 1, 1],
    ['commit', 'kommit', 1, 1],
    ['commit', 'commmit', 1, 1],
    ['commit', 'kommmit', 1, undefined],
    ['commit', 'kommmit', 2, 2],
    ['kubernetes', 'kubrentes', 2, 2],
    ['short', 'shortened', 2, undefined],
    ['', 'ab', 2, 2],
    ['', '', 0, 0],
  ])('%s and %s within %i', (a, b, limit, expected) => {
    expect(distance(a, b, limit)).toBe(expected);
  });

  it('is what its definition says', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, limit) => {
        const slow = slowDistance(a, b);
        expect(distance(a, b, limit)).toBe(slow <= limit ? slow : undefined);
      }),
    );
  });

  it('never passes over a near word because of its letters', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, limit) => {
        if (slowDistance(a, b) <= limit) expect(mayBeNear(maskLetters(a), maskLetters(b), limit)).toBe(true);
      }),
    );
  });

  it('passes over words of other letters', () => {
    expect(mayBeNear(maskLetters('commit'), maskLetters('deploy'), 2)).toBe(false);
  });

  it.each([
    [1, 0],
    [3, 0],
    [4, 1],
    [6, 1],
    [7, 2],
    [30, 2],
  ])('tolerates for %i letters %i errors', (length, errors) => {
    expect(toleranceOf(length)).toBe(errors);
  });
});
