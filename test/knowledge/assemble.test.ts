import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleSkill } from '../../src/knowledge/assemble.ts';
import { createEstimate, loadTokenizer } from '../../src/knowledge/count-tokens.ts';
import type { Candidate } from '../../src/knowledge/draft.ts';
import type { KnowledgeFile } from '../../src/knowledge/read-knowledge.ts';
import { splitSections } from '../../src/knowledge/sections.ts';
import { exactly, splitContext } from './contexts.ts';

const estimate = createEstimate();

const exact = await loadTokenizer();
const LOTS = 100_000;

const fileOf = (path: string, text: string, isAlwaysIn = false): KnowledgeFile => ({
  path,
  isAlwaysIn,
  sections: splitSections(text),
});

function candidate(files: readonly KnowledgeFile[], rest: Partial<Candidate> = {}): Candidate {
  return {
    id: 'custom.a',
    version: '1.2.3',
    hash: `sha256:${'ab'.repeat(32)}`,
    description: 'About zebras',
    most: LOTS,
    topics: [],
    knowledge: { files, references: [], warnings: [], unreadable: [] },
    ...rest,
  };
}

const bodyOf = (text: string): string => splitContext(text).bodies[0] ?? '';
const AFRICA = '# Zebras\n\nThey graze.\n\n## Stripes\n\nEach zebra has its own.\n\n## Feeding\n\nGrass and leaves.\n';
const OTHER = '# Painting\n\nWalls and fences.\n\n## Brushes\n\nWash them.\n';

describe('the knowledge of one skill, put together [R-CONTEXT-3]', () => {
  it('is the description, what is always in, and the sections that the prompt asks for', () => {
    const files = [fileOf('knowledge/prompts/context.md', AFRICA, true), fileOf('knowledge/concepts/paint.md', OTHER)];
    const all = assembleSkill(candidate(files), 'how do I wash brushes', LOTS, exact);
    expect(bodyOf(all.text)).toBe(
      `About zebras\n\n[knowledge/prompts/context.md]\n${AFRICA.trim()}\n\n[knowledge/concepts/paint.md]\n## Brushes\n\nWash them.`,
    );
    expect(all).toMatchObject({
      files: ['knowledge/prompts/context.md', 'knowledge/concepts/paint.md'],
      dropped: [],
      tokens: exactly(all.text),
    });
    const other = assembleSkill(candidate(files), 'the weather in Oslo', LOTS, exact);
    expect(other.files).toEqual(['knowledge/prompts/context.md']);
  });

  it('has its files and sections in their own order, whichever fits best', () => {
    const files = [fileOf('knowledge/concepts/b.md', OTHER), fileOf('knowledge/concepts/a.md', AFRICA)];
    const { text } = assembleSkill(
      candidate(files),
      'feeding, stripes and brushes of zebras while painting',
      LOTS,
      exact,
    );
    const places = [
      '[knowledge/concepts/b.md]',
      '# Painting',
      '## Brushes',
      '[knowledge/concepts/a.md]',
      '## Stripes',
      '## Feeding',
    ];
    expect(places.map((place) => text.indexOf(place))).toEqual(
      places.map((place) => text.indexOf(place)).toSorted((a, b) => a - b),
    );
    expect(text).not.toContain('undefined');
  });

  it('takes the best section first when there is room for one', () => {
    const files = [fileOf('knowledge/concepts/a.md', `${AFRICA}${OTHER}`)];
    const base = assembleSkill(candidate([]), '', LOTS, exact).tokens;
    const { text, dropped } = assembleSkill(candidate(files), 'wash the brushes of a zebra', base + 20, exact);
    expect(bodyOf(text)).toContain('## Brushes\n\nWash them.');
    expect(dropped.map(({ what }) => what)).toContain('custom.a knowledge/concepts/a.md, "Zebras"');
  });

  it('of what is always in, takes the beginning first, and what the prompt asks for next', () => {
    const files = [fileOf('SKILL.md', AFRICA, true)];
    const base = assembleSkill(candidate([]), '', LOTS, exact).tokens;
    const { text, dropped } = assembleSkill(candidate(files), 'feeding', base + 28, exact);
    expect(bodyOf(text)).toMatch(/# Zebras\n\nThey graze\.\n\n## Feeding\n\nGrass and leaves\.$/);
    expect(dropped).toMatchObject([{ what: 'custom.a SKILL.md, "Stripes"' }]);
  });

  it('stands in the order of the file, though it was taken in another', () => {
    const { text } = assembleSkill(candidate([fileOf('SKILL.md', AFRICA, true)]), 'feeding', LOTS, exact);
    expect(bodyOf(text)).toBe(`About zebras\n\n[SKILL.md]\n${AFRICA.trim()}`);
  });

  it('keeps the indentation that a file begins with, and no empty lines around it', () => {
    const files = [fileOf('SKILL.md', ' \n\n    indented code\n\ttab\n\n\n', true)];
    expect(assembleSkill(candidate(files), '', LOTS, exact).text).toContain(
      '[SKILL.md]\n    indented code\n\ttab\n</skill',
    );
  });

  it('has room for a section that ends in many empty lines', () => {
    const files = [fileOf('SKILL.md', `# A\n\nText.${'\n \t\n'.repeat(2_000)}# B\n\nMore.\n`, true)];
    const { text, dropped } = assembleSkill(candidate(files), '', 100, exact);
    expect(dropped).toEqual([]);
    expect(text).toContain('# A\n\nText.\n\n# B\n\nMore.\n</skill');
  });
});

describe('what is left out is told [R-CONTEXT-3]', () => {
  const files = [fileOf('knowledge/overview.md', AFRICA, true)];
  const base = assembleSkill(candidate([]), '', LOTS, exact).tokens;

  it.each<[what: string, most: number, room: number, told: RegExp]>([
    ['the budget', LOTS, base + 2, /^it takes \d+ tokens, and 2 are left of the budget$/],
    [
      'the skill itself',
      base + 2,
      LOTS,
      /^it takes \d+ tokens, and 2 are left of the skill's max_context_tokens = \d+$/,
    ],
  ])('and that %s is why', (_what, most, room, told) => {
    const { dropped, files: used } = assembleSkill(candidate(files, { most }), '', room, exact);
    expect(dropped).toHaveLength(3);
    expect(used).toEqual([]);
    for (const { why } of dropped) expect(why).toMatch(told);
  });

  it.each([0, 1, base - 1, -5])('a skill whose description does not fit %i tokens is left out whole', (room) => {
    const { text, tokens, dropped, files: used } = assembleSkill(candidate(files), '', room, exact);
    expect({ text, tokens, used }).toEqual({ text: '', tokens: 0, used: [] });
    expect(dropped).toEqual([
      { what: 'custom.a', why: `it takes ${base} tokens, and ${Math.max(room, 0)} are left of the budget` },
    ]);
  });

  it('so is one that may take nothing', () => {
    const { text, dropped } = assembleSkill(candidate(files, { most: 0 }), '', LOTS, exact);
    expect(text).toBe('');
    expect(dropped[0]?.why).toMatch(/max_context_tokens = 0$/);
  });

  it('references go before the skill does', () => {
    const references = Array.from({ length: 200 }, (_, i) => `references/number-${i}.md`);
    const knowledge = { files, references, warnings: [], unreadable: [] };
    const short = assembleSkill(candidate([], { knowledge }), '', 200, exact);
    expect(short.text).toContain('# Zebras');
    expect(short.text).not.toContain('More on request');
    expect(short.dropped).toMatchObject([{ what: 'custom.a references' }]);
    const long = assembleSkill(candidate([], { knowledge }), '', LOTS, exact);
    expect(long.text).toContain(`More on request: ${references.join(', ')}\n</skill`);
    expect(long.dropped).toEqual([]);
  });
});

const words = fc.constantFrom(
  'zebra',
  'brush',
  'wash',
  'stripe',
  '漢字',
  'Достоинство',
  'x',
  '`code()`',
  '😀',
  '<skill>',
  '\n\n',
);
const section = fc
  .record({ level: fc.integer({ min: 1, max: 4 }), heading: words, text: fc.array(words, { maxLength: 40 }) })
  .map(({ level, heading, text }) => `${'#'.repeat(level)} ${heading.trim()}\n\n${text.join(' ')}\n`);
const someFile = fc.record({ text: fc.array(section, { minLength: 1, maxLength: 8 }), isAlwaysIn: fc.boolean() });

describe('a budget is never exceeded [R-CONTEXT-2]', () => {
  const check = (tokenizer: typeof exact, numRuns: number): void => {
    const budget = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2_000 }));
    fc.assert(
      fc.property(fc.array(someFile, { maxLength: 5 }), budget, budget, (files, room, most) => {
        const knowledge = files.map(({ text, isAlwaysIn }, i) =>
          fileOf(`knowledge/concepts/${i}.md`, text.join(''), isAlwaysIn),
        );
        const skill = candidate(knowledge, { most });
        const { text, tokens, files: used, dropped } = assembleSkill(skill, 'wash the zebra', room, tokenizer);
        expect(tokens).toBe(tokenizer.count(text));
        expect(tokens).toBeLessThanOrEqual(Math.min(room, most));
        const { outside, bodies } = splitContext(text);
        expect(outside).toBe('');
        const isIn = (part: string): boolean =>
          bodies[0]?.includes(part.replaceAll('<skill>', '&lt;skill>').trim()) === true;
        const always = knowledge.filter(({ isAlwaysIn }) => isAlwaysIn).flatMap(({ sections }) => sections);
        const out = always.filter(({ text: whole }) => whole.trim() !== '' && !isIn(whole));
        // All that is always in is there whole, or told.
        if (text !== '')
          for (const { heading } of out)
            expect(
              dropped.some(({ what }) => what.includes(heading === '' ? 'concepts/' : JSON.stringify(heading))),
            ).toBe(true);
        for (const path of used) expect(bodies[0]).toContain(`[${path}]\n#`);
        const spare = Math.min(room, most) - tokens;
        for (const { what, why } of dropped) {
          expect(what.startsWith('custom.a')).toBe(true);
          if (text !== '') expect(Number(/takes (\d+)/.exec(why)?.[1])).toBeGreaterThan(Math.max(0, spare - 40));
        }
      }),
      { numRuns },
    );
  };

  it('by the tokenizer', () => check(exact, 300));
  it('by the estimate', () => check(estimate, 300));

  it('and what is not used of it is hardly more than what a section left out takes', () => {
    const files = [
      fileOf('SKILL.md', Array.from({ length: 60 }, (_, i) => `# Part ${i}\n\n${'word '.repeat(20)}\n`).join(''), true),
    ];
    for (let room = 60; room < 1_200; room += 7) {
      const { tokens, dropped, files: used } = assembleSkill(candidate(files), '', room, exact);
      if (dropped.length > 0 && used.length > 0) expect(room - tokens).toBeLessThan(36);
    }
  });
});

describe('a hostile skill takes bounded time [R-CONTEXT-5]', () => {
  it.each<[what: string, text: string, room: number]>([
    ['4,096 sections and little room', '# A\n'.repeat(4_096), 300],
    ['4,096 sections and much room', '# A\n'.repeat(4_096), 1_000_000],
    ['4,096 sections that almost fill it', `# A\n\n${'b '.repeat(20)}\n`.repeat(4_096), 60_000],
    ['one section of a megabyte', `# A\n${'word '.repeat(200_000)}`, 1_000],
  ])('%s', (_what, text, room) => {
    const begun = performance.now();
    for (const tokenizer of [exact, estimate]) {
      const { tokens, dropped } = assembleSkill(candidate([fileOf('SKILL.md', text, true)]), 'a b', room, tokenizer);
      expect(tokens).toBeLessThanOrEqual(room);
      expect(dropped.length).toBeLessThanOrEqual(101);
    }
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  it('and of sections without number tells a hundred by name and how many more', () => {
    const { dropped, text } = assembleSkill(
      candidate([fileOf('SKILL.md', '# Abc\n'.repeat(1_000), true)]),
      '',
      120,
      exact,
    );
    const taken = text.match(/^# Abc$/gm)?.length ?? 0;
    expect(taken).toBeGreaterThan(5);
    expect(dropped).toHaveLength(101);
    expect(dropped.at(-1)?.what).toBe(`custom.a: ${1_000 - taken - 100} more sections`);
  });
});
