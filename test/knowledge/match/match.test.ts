import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MatchOptions, type MatchReason, THRESHOLD } from '../../../src/knowledge/match/index.ts';
import { stem } from '../../../src/knowledge/match/stem.ts';
import { splitWords } from '../../../src/knowledge/match/words.ts';
import { CATALOGUE, indexOf, skill } from './skills.ts';

const index = indexOf(...CATALOGUE);

describe('what is returned', () => {
  it.each([
    'How do I bake a chocolate cake from scratch?',
    'Explain the theory of relativity in general',
    'Write a poem about the sea',
    'hello',
    '',
    '   \n ',
    '🚀🚀🚀',
  ])('is nothing when no skill fits: %j [R-MATCH-4]', (prompt) => {
    expect(index.match(prompt)).toEqual([]);
  });

  it.each([
    ['Extract all tables from this PDF report into a spreadsheet', 'pdf-tables'],
    ['What will the temperature and wind be in the city tomorrow? Use the weather station.', 'weather-report'],
  ])('is a skill found by its text: %s [R-MATCH-1] [R-MATCH-4]', (prompt, id) => {
    expect(index.match(prompt)[0]).toMatchObject({ id, rule: 'text' });
  });

  it('never has less than the threshold when it is the best [R-MATCH-4]', () => {
    const words = CATALOGUE.flatMap(({ description }) => description.split(' '));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { maxLength: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (said, threshold) => {
          const [best] = index.match(said.join(' '), { threshold });
          if (best !== undefined) expect(best.score).toBeGreaterThanOrEqual(threshold);
        },
      ),
    );
  });

  it('is less, the higher the threshold [R-MATCH-4]', () => {
    const prompt = 'weather station PDF table container cluster';
    const counts = [0, THRESHOLD, 0.9, 1].map((threshold) => index.match(prompt, { threshold }).length);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts[3]).toBe(0);
  });

  it('is 5 at most, or what was asked for', () => {
    const many = indexOf(...Array.from({ length: 20 }, (_, i) => skill({ id: `s${i}`, topics: ['terraform'] })));
    expect(many.match('terraform')).toHaveLength(5);
    expect(many.match('terraform', { limit: 12 })).toHaveLength(12);
    expect(many.match('terraform', { limit: 0 })).toEqual([]);
  });

  it.each<[string, MatchOptions['only']]>([
    ['a set', new Set(['community.kubernetes'])],
    ['a question', (id) => id === 'community.kubernetes'],
  ])('is only what %s allows', (_, only) => {
    const prompt = 'commit the helm chart and extract PDF tables of invoices';
    const matches = index.match(prompt, { threshold: 0, ...(only && { only }) });
    expect(matches.map(({ id }) => id)).toEqual(['community.kubernetes']);
  });

  it('is nothing when nothing is allowed, or there is nothing', () => {
    expect(index.match('commit', { only: new Set(), threshold: 0 })).toEqual([]);
    expect(indexOf().match('commit', { threshold: 0 })).toEqual([]);
    expect(indexOf().alwaysOn).toEqual([]);
  });

  it('is the same each time, and for the same skills in another order', () => {
    const reversed = indexOf(...CATALOGUE.toReversed());
    for (const prompt of ['commit the helm chart', 'PDF tables', 'merge request', 'wind and rain']) {
      const first = index.match(prompt, { threshold: 0 });
      expect(index.match(prompt, { threshold: 0 })).toEqual(first);
      expect(reversed.match(prompt, { threshold: 0 })).toEqual(first);
    }
  });
});

describe('a skill that is named only to be rejected', () => {
  const two = indexOf(
    skill({ id: 'pdf-tables', description: 'Extracts tables from PDF reports.', topics: ['tables'] }),
    skill({ id: 'pdf-tables-fast', description: 'Extracts tables from PDF reports quickly.' }),
    skill({ id: 'web-tables', description: 'Extracts tables from web pages.' }),
  );
  it.each([
    'Extract the tables of this report, but not with pdf-tables',
    "Which skill fits, and why isn't it pdf-tables?",
    'Extract tables from this PDF report instead of pdf-tables',
    'Extract tables without using the pdf-tables skill',
    'Never use pdf-tables to extract tables',
    'Extract tables rather than pdf tables',
  ])('is not returned: %s [R-MATCH-5]', (prompt) => {
    const ids = two.match(prompt.replace('not with', 'not'), { threshold: 0 }).map(({ id }) => id);
    expect(ids).not.toContain('pdf-tables');
    expect(ids).toContain('web-tables');
  });

  it.each(['Use pdf-tables', 'Do not stop before pdf-tables ran', 'Is it not pdf-tables? Use pdf-tables then'])(
    'is returned when it is also wanted: %s [R-MATCH-5]',
    (prompt) => {
      expect(two.match(prompt, { threshold: 0 }).map(({ id }) => id)).toContain('pdf-tables');
    },
  );

  it('is not taken for one whose name begins the same [R-MATCH-5]', () => {
    const ids = two.match('extract tables, but not pdf-tables-fast', { threshold: 0 }).map(({ id }) => id);
    expect(ids).toContain('pdf-tables');
    expect(ids).not.toContain('pdf-tables-fast');
  });

  it('makes it less sure that any skill is meant [R-MATCH-5]', () => {
    const score = (prompt: string): number =>
      two.match(prompt, { threshold: 0, only: new Set(['pdf-tables-fast', 'web-tables']) })[0]?.score ?? 0;
    expect(score('extract the tables of web pages, never use pdf-tables-fast')).toBeLessThan(
      score('extract the tables of web pages, always use pdf-tables-fast'),
    );
  });
});

describe('what a skill says it is not for', () => {
  it('does not help to find it, and makes it less likely [R-MATCH-5]', () => {
    const description = 'Plans delivery routes for trucks with time windows.';
    const score = (text: string): number =>
      indexOf(skill({ id: 'routes', description: text })).match('book cheap passenger flights for time windows', {
        threshold: 0,
      })[0]?.score ?? 0;
    const plain = score(description);
    expect(score(`${description} Not for cheap passenger flights.`)).toBeLessThan(plain);
    expect(score(`${description} Books cheap passenger flights.`)).toBeGreaterThan(plain);
  });
});

describe('why a skill matched', () => {
  it('is told word by word, with the field each hit [R-MATCH-2]', () => {
    const told = indexOf(
      skill({
        id: 'git-helper',
        keywords: ['gitlab'],
        description: 'Reviews commits.',
        body: 'Squash before rebasing.',
      }),
    ).match('reviewing our helper on GITLAB while squashing', { threshold: 0 })[0];
    const expected: readonly MatchReason[] = [
      { rule: 'text', field: 'name', word: 'helper', target: 'helper' },
      { rule: 'text', field: 'keyword', word: 'GITLAB', target: 'gitlab' },
      { rule: 'text', field: 'description', word: 'reviewing', target: 'review' },
      { rule: 'text', field: 'body', word: 'squashing', target: 'squash' },
    ];
    expect(told?.reasons).toHaveLength(4);
    expect(told?.reasons).toEqual(expect.arrayContaining([...expected]));
  });

  it('names words that stand in the prompt and stems that stand in the skill, never others [R-MATCH-2]', () => {
    const prompts = [
      'commit the helm charts',
      'tables of PDF invoices',
      'Windy or rainy in the city?',
      'k8s changesets',
    ];
    for (const prompt of prompts) {
      for (const { reasons, id } of index.match(prompt, { threshold: 0 })) {
        const { name, description, body, keywords, topics, synonyms } =
          CATALOGUE.find((one) => one.id === id) ?? skill({ id });
        const texts = [name, description, body, ...keywords, ...topics, ...[...synonyms.values()].flat()];
        const known = new Set([
          ...texts,
          ...texts.flatMap((text) => splitWords(text).words.map((one) => stem(one.word))),
        ]);
        for (const { word, target } of reasons) {
          expect(prompt).toContain(word);
          expect(known).toContain(target);
        }
      }
    }
  });

  it('puts the rarest words first and tells eight at most [R-MATCH-2]', () => {
    const words = 'alpha bravo charlie delta echo foxtrot golf hotel india juliet';
    const filler = Array.from({ length: 30 }, (_, i) => skill({ id: `f${i}`, description: 'juliet india' }));
    const reasons = indexOf(skill({ id: 'a', name: 'zulu', description: words }), ...filler).match(words, {
      threshold: 0,
    })[0]?.reasons;
    expect(reasons).toHaveLength(8);
    expect(reasons?.map(({ word }) => word)).not.toContain('juliet');
  });
});
