import fc from 'fast-check';
import { expect, it } from 'vitest';
import { latePattern } from '../../src/knowledge/late-pattern.ts';

it('finds what a literal finds', () => {
  const [late, literal] = [latePattern(String.raw`[\p{L}\d]+(?!\s)`, 'gu'), /[\p{L}\d]+(?!\s)/gu];
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect([...text.matchAll(late())]).toEqual([...text.matchAll(literal)]);
    }),
  );
});

it('is made when it is first asked for, and once', () => {
  const wrong = latePattern('(', 'u');
  expect(() => wrong()).toThrow(SyntaxError);
  const late = latePattern('a', 'u');
  expect(late()).toBe(late());
});
