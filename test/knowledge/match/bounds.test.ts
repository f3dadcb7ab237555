import { describe, expect, it } from 'vitest';
import { buildMatchIndex } from '../../../src/knowledge/match/index.ts';
import { readPrompt } from '../../../src/knowledge/match/prompt.ts';
import { CATALOGUE, indexOf, opened, skill } from './skills.ts';

// The times are those of a slow machine that does other things as well; without its bound each of these takes minutes,
// or does not end.
const SOON = 3000;

function timed<T>(run: () => T): T {
  const before = performance.now();
  const result = run();
  expect(performance.now() - before).toBeLessThan(SOON);
  return result;
}

const PROMPTS: readonly [string, string][] = [
  ['one letter', 'a'.repeat(100_000)],
  ['one word, again and again', 'commit '.repeat(15_000)],
  ['all different words', Array.from({ length: 15_000 }, (_, i) => `w${i.toString(36)}`).join(' ')],
  ['words that are nearly a topic', Array.from({ length: 15_000 }, (_, i) => `kubernet${i.toString(36)}`).join(' ')],
  ['camelCase without end', 'aB'.repeat(50_000)],
  ['Chinese', '数据库'.repeat(30_000)],
  ['ligatures that unfold to 18 characters each', '\ufdfa'.repeat(100_000)],
  ['accents upon accents', `e${'\u0301'.repeat(100_000)}`],
  ['lone surrogates', '\ud800'.repeat(100_000)],
  ['quotes, slashes and dashes', '"/--`'.repeat(20_000)],
  ['underscores', 'a_'.repeat(50_000)],
  ['a rejected name, again and again', 'not git review '.repeat(7000)],
];

describe('a prompt', () => {
  const index = indexOf(...CATALOGUE);
  it.each(PROMPTS)('of 100 KB takes bounded time: %s [R-MATCH-8]', (_, prompt) => {
    timed(() => index.match(prompt, { threshold: 0 }));
  });

  it('counts by its ends when it is long [R-MATCH-8]', () => {
    const noise = 'lorem ipsum dolor '.repeat(10_000);
    for (const prompt of [`review my commit ${noise}`, `${noise} review my commit`])
      expect(index.match(prompt)[0]).toMatchObject({ id: 'community.git-review', rule: 'exact' });
    expect(index.match(`${noise} review my commit ${noise}`, { threshold: 0 })).toEqual([]);
  });

  it('of any length is read as some hundred words [R-MATCH-8]', () => {
    for (const [, prompt] of PROMPTS) expect(readPrompt(prompt).tokens.length).toBeLessThanOrEqual(400);
  });
});

describe('a skill', () => {
  const long = (text: string): string => text.repeat(Math.ceil(4_000_000 / text.length));
  const hostile = skill({
    id: 'hostile',
    name: long('name '),
    description: long('not for. use '),
    body: long('a million words '),
    keywords: Array.from({ length: 100_000 }, (_, i) => `keyword ${i}`),
    topics: Array.from({ length: 100_000 }, (_, i) => `topic number ${i}`),
  });

  it('of a million words neither slows the index nor fills it [R-MATCH-8]', () => {
    const bytes = timed(() =>
      buildMatchIndex([{ ...hostile, synonyms: new Map([['x', [long('synonym ')]]]) }, ...CATALOGUE]),
    );
    expect(bytes.length).toBeLessThan(200_000);
    expect(opened(bytes).match('review my commit')[0]?.id).toBe('community.git-review');
  });

  it('that claims every word is not found by every word [R-MATCH-8]', () => {
    const words = CATALOGUE.flatMap(({ description }) => description.split(' '));
    const greedy = skill({ id: 'greedy', name: 'x', description: 'Everything.', body: words.join(' ').repeat(50) });
    expect(indexOf(greedy, ...CATALOGUE).match('Extract all tables from this PDF report')[0]?.id).toBe('pdf-tables');
  });

  it('whose words say one thing only is compared in bounded time [R-MATCH-8]', () => {
    const same = Array.from({ length: 200 }, (_, i) =>
      skill({ id: `s${i}`, name: 'x y', description: 'x '.repeat(2000) }),
    );
    const index = indexOf(...same);
    timed(() => index.match('x '.repeat(400), { threshold: 0 }));
  });

  it('with nothing to be found by is never found', () => {
    expect(indexOf(skill({ id: 'empty', name: '' })).match('empty', { threshold: 0 })).toEqual([]);
  });
});

describe('many topics', () => {
  it('are compared with a misspelt prompt in bounded time [R-MATCH-8]', () => {
    const many = Array.from({ length: 400 }, (_, i) =>
      skill({ id: `s${i}`, topics: Array.from({ length: 250 }, (__, k) => `subject${(i * 250 + k).toString(36)}`) }),
    );
    const index = indexOf(...many);
    const prompt = Array.from({ length: 400 }, (_, i) => `subjekt${i.toString(36)}`).join(' ');
    timed(() => {
      for (let times = 0; times < 5; times++) index.match(prompt, { threshold: 0 });
    });
  });

  it('shared by all skills return no more than was asked for', () => {
    const all = Array.from({ length: 6000 }, (_, i) => skill({ id: `s${i}`, topics: ['terraform'] }));
    expect(indexOf(...all).match('terraform')).toHaveLength(5);
  });
});
