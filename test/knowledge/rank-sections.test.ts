import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTopics, rankSections } from '../../src/knowledge/rank-sections.ts';
import { splitSections } from '../../src/knowledge/sections.ts';

const fileOf = (path: string, text: string): Parameters<typeof rankSections>[0][number] => ({
  path,
  isAlwaysIn: false,
  sections: splitSections(text),
});
const FILES = [
  fileOf('knowledge/patterns/force-push.md', '# Lease\n\nWith a lease.\n\n## Hooks\n\nServers refuse branches.\n'),
  fileOf(
    'knowledge/patterns/other.md',
    '# Branches\n\nNames of branches, with a rebase.\n\n# Colours\n\nRed and blue; a remote and a branch.\n',
  ),
];

/** The headings of the sections that fit, best first. */
const fitting = (prompt: string, topics: readonly string[] = []): string[] =>
  rankSections(FILES, prompt, topics)
    .filter(({ fit }) => fit > 0)
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ section }) => section.heading);

describe('which sections fit a prompt [R-CONTEXT-3]', () => {
  it.each<[what: string, prompt: string, topics: string[], headings: string[]]>([
    ['those that are named by a word of it', 'colours please', [], ['Colours']],
    ['those in whose file it is named', 'how do I force it', [], ['Lease', 'Hooks']],
    ['whatever the form of the word', 'colour forced', [], ['Colours', 'Lease', 'Hooks']],
    ['a word in a heading before one in a text', 'branch', [], ['Branches', 'Hooks', 'Colours']],
    ['those that mention two of its words', 'is the remote blue, or what', [], ['Colours']],
    ['not those that mention one of several', 'the rebase of something else', [], []],
    ['those that mention the only word', 'rebase', [], ['Branches']],
    ['those that topics name which the prompt means', 'shove it', ['force push'], ['Lease', 'Hooks']],
    ['none without words', '?! …', [], []],
    ['none for words that say nothing', 'how do I do it', [], []],
  ])('%s', (_what, prompt, topics, headings) => {
    expect(fitting(prompt, topics).toSorted()).toEqual(headings.toSorted());
    expect(fitting(prompt, topics)[0]).toBe(headings[0]);
  });

  it('each section comes once, in its place, whatever the prompt', () => {
    const places = rankSections(FILES, '', []).map(({ file, at }) => [file.path, at]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (prompt, topics) => {
        const pieces = rankSections(FILES, prompt, topics);
        expect(pieces.map(({ file, at }) => [file.path, at])).toEqual(places);
        for (const { fit } of pieces) expect(Number.isFinite(fit) && fit >= 0).toBe(true);
      }),
    );
  });

  it('a text that says the same again fits as before', () => {
    const word = fc.constantFrom('branch', 'remote', 'blue', 'Blau', 'rebasing', 'the', 'camelCase', '東京', 'é');
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1 }),
        fc.array(word),
        fc.integer({ min: 2, max: 9 }),
        (text, prompt, n) => {
          const fitOf = (times: number): number[] => {
            const body = `${text.join(' ')}\n`.repeat(times);
            return rankSections([fileOf('a.md', `# A\n\n${body}`), ...FILES], prompt.join(' '), []).map(
              ({ fit }) => fit,
            );
          };
          expect(fitOf(n)).toEqual(fitOf(1));
        },
      ),
    );
  });

  it('of no files none', () => expect(rankSections([], 'anything', ['any'])).toEqual([]));
});

describe('which topics a prompt means', () => {
  const synonyms = [['undo', ['revert commit', 'take back']]] as const;
  it.each<[prompt: string, topics: string[]]>([
    ['undo it', ['undo']],
    ['undoing that', ['undo']],
    ['a commit to revert', ['undo']],
    ['revert it', []],
    ['merge the conflict and undo', ['merge conflict', 'undo']],
    ['merge', []],
    ['', []],
    ['constructor __proto__', []],
  ])('%j', (prompt, topics) => {
    expect(findTopics(prompt, ['merge conflict', 'undo', '?!', ''], synonyms).toSorted()).toEqual(topics);
  });
});
