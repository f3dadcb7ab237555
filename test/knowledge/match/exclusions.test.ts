import { describe, expect, it } from 'vitest';
import { splitPurpose } from '../../../src/knowledge/match/exclusions.ts';

describe('what a description says a skill is not for', () => {
  it.each<[string, string, string]>([
    ['Reviews commits. Do not use for merging.', 'Reviews commits.', 'Do not use for merging.'],
    ["Reviews commits. Don't use for merging.", 'Reviews commits.', "Don't use for merging."],
    ['Reviews commits; never use for merging', 'Reviews commits', 'never use for merging'],
    ['Deploys the service, not for the full stack.', 'Deploys the service, ', 'not for the full stack.'],
    [
      'Plans routes. Refuse and route elsewhere for flights.',
      'Plans routes.',
      'Refuse and route elsewhere for flights.',
    ],
    ['Plans routes.\nWhen not to use it: flights', 'Plans routes.', 'When not to use it: flights'],
    ['Out of scope: flights. Plans routes.', 'Plans routes.', 'Out of scope: flights.'],
    [
      'For flights use the other skill instead. Plans routes.',
      'Plans routes.',
      'For flights use the other skill instead.',
    ],
  ])('%s', (description, included, excluded) => {
    expect(splitPurpose(description)).toEqual({ included, excluded });
  });

  it.each(['Finds notes that are not tagged.', 'Knots for sailors.', 'Use this skill for hash functions.', ''])(
    'leaves alone: %s',
    (description) => {
      expect(splitPurpose(description)).toEqual({ included: description, excluded: '' });
    },
  );

  it('takes time in proportion to the length, whatever the text', () => {
    const hostile = `${'use '.repeat(10_000)}${'not for '.repeat(10_000)}${'.'.repeat(10_000)}`;
    const before = performance.now();
    splitPurpose(hostile);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});
