import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match, MatchRule } from '../../../src/knowledge/match/index.ts';
import { CATALOGUE, indexOf, skill } from './skills.ts';

const CLASSES: readonly MatchRule[] = ['exact', 'synonym', 'fuzzy', 'text'];

/** Whether two neighbours of a result may stand as they do. */
function isInOrder(a: Match, b: Match): boolean {
  const byClass = CLASSES.indexOf(a.rule) - CLASSES.indexOf(b.rule);
  if (byClass !== 0) return byClass < 0;
  if (a.priority !== b.priority) return a.priority > b.priority;
  return a.score === b.score ? a.id < b.id : a.score > b.score;
}

describe('the order of matches', () => {
  it('within a rule: priority goes before score [R-MATCH-3]', () => {
    const index = indexOf(
      skill({ id: 'much', topics: ['terraform'], description: 'Terraform plans and terraform state', priority: 10 }),
      skill({ id: 'little', topics: ['terraform'], priority: 20 }),
    );
    expect(index.match('terraform plans and state').map(({ id }) => id)).toEqual(['little', 'much']);
  });

  it('within a priority: score goes before id [R-MATCH-3]', () => {
    const index = indexOf(
      skill({ id: 'a', topics: ['terraform'] }),
      skill({ id: 'b', topics: ['terraform'], description: 'Terraform plans and terraform state' }),
    );
    const matches = index.match('terraform plans and state');
    expect(matches.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(matches[0]?.score).toBeGreaterThan(matches[1]?.score ?? 1);
  });

  it('of equals it is by id, whatever order they came in [R-MATCH-3]', () => {
    const same = ['c', 'a', 'b'].map((id) => skill({ id, name: 'x', topics: ['terraform'] }));
    expect(
      indexOf(...same)
        .match('terraform')
        .map(({ id }) => id),
    ).toEqual(['a', 'b', 'c']);
  });

  it('of skills without topics and of one priority it is by how well they fit [R-MATCH-3]', () => {
    const index = indexOf(
      ...CATALOGUE.map((document) => ({ ...document, topics: [], synonyms: new Map(), priority: 0 })),
    );
    const [best, ...others] = index.match('extract the tables of this PDF report', { threshold: 0 });
    expect(best?.id).toBe('pdf-tables');
    for (const other of others) expect(other.score).toBeLessThan(best?.score ?? 0);
  });

  it('a skill stands once, by its best rule [R-MATCH-3]', () => {
    const index = indexOf(skill({ id: 'a', topics: ['commit'], synonyms: { commit: ['changeset', 'comit'] } }));
    expect(index.match('changeset comit commit')).toMatchObject([{ id: 'a', rule: 'exact' }]);
  });

  it('holds for any skills and prompts [R-MATCH-3]', () => {
    const word = fc.constantFrom('terraform', 'teraform', 'kubernetes', 'helm', 'chart', 'invoice', 'ledger');
    const some = fc.record({
      topics: fc.array(word, { maxLength: 2 }),
      synonym: word,
      words: fc.array(word, { maxLength: 8 }),
      priority: fc.constantFrom(0, 50, 90),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 12 }), fc.array(word, { maxLength: 6 }), (skills, prompt) => {
        const index = indexOf(
          ...skills.map(({ topics, synonym, words, priority }, i) =>
            skill({ id: `s${i}`, topics, synonyms: { other: [synonym] }, description: words.join(' '), priority }),
          ),
        );
        const matches = index.match(prompt.join(' '), { threshold: 0, limit: 20 });
        for (const [i, match] of matches.entries()) {
          const next = matches[i + 1];
          if (next !== undefined) expect(isInOrder(match, next)).toBe(true);
          expect(match.score).toBeGreaterThan(0);
          expect(match.score).toBeLessThanOrEqual(1);
          expect(match.reasons.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('skills that are always on', () => {
  it('are told by priority and id, for the caller to put first [R-MATCH-3]', () => {
    const index = indexOf(
      skill({ id: 'c', alwaysOn: true, priority: 1 }),
      skill({ id: 'b', alwaysOn: true, priority: 9 }),
      skill({ id: 'a', alwaysOn: true, priority: 1 }),
      skill({ id: 'd' }),
    );
    expect(index.alwaysOn).toEqual(['b', 'a', 'c']);
    expect(index.size).toBe(4);
  });

  it('match like others', () => {
    expect(indexOf(...CATALOGUE).match('house style answers', { threshold: 0 })[0]?.id).toBe('core.style');
  });

  it('a priority that is no number counts as none', () => {
    const index = indexOf(
      skill({ id: 'a', topics: ['terraform'], priority: Number.NaN }),
      skill({ id: 'b', topics: ['terraform'], priority: Infinity }),
      skill({ id: 'c', topics: ['terraform'], priority: 1 }),
    );
    expect(index.match('terraform').map(({ priority }) => priority)).toEqual([1, 0, 0]);
  });
});
