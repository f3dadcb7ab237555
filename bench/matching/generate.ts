import type { CatalogueLine } from './corpus.ts';

const VOCABULARY = 40_000;
const DESCRIPTION_WORDS = 50;
const BODY_WORDS = 600;
const THEME_WORDS = 60;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function drawFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Skills as a large registry has them: a few thousand words make up most of the text (Zipf), and each skill has a theme
 * of its own, rare words that come back in its name, its description and its body.
 */
export function generateCatalogue(count: number, draw: () => number): CatalogueLine[] {
  const words = Array.from({ length: VOCABULARY }, (_, rank) => makeWord(rank, draw));
  const pick = (): string => words[Math.floor(VOCABULARY ** draw()) - 1] ?? '';
  return Array.from({ length: count }, (_, i) => {
    const theme = Array.from({ length: THEME_WORDS }, () => words[Math.floor(draw() * VOCABULARY)] ?? '');
    const ofTheme = (): string => theme[Math.floor(THEME_WORDS * draw() ** 2)] ?? '';
    const write = (length: number, share: number): string =>
      Array.from({ length }, () => (draw() < share ? ofTheme() : pick())).join(' ');
    return {
      name: `${theme.slice(0, 2).join('-')}-${i}`,
      description: `${write(DESCRIPTION_WORDS, 0.3)}. Use when ${write(12, 0.4)}. Not for ${write(8, 0.2)}.`,
      body: `# ${write(5, 0.5)}\n\n${write(BODY_WORDS, 0.15)}\n`,
    };
  });
}

/** Prompts of one to three sentences about a skill each, in other words than its own as well. */
export function generatePrompts(catalogue: readonly CatalogueLine[], count: number, draw: () => number): string[] {
  return Array.from({ length: count }, () => {
    const { description, body } = catalogue[Math.floor(draw() * catalogue.length)] ?? { description: '', body: '' };
    const words = [...description.split(' '), ...body.split(' ').slice(0, 60)];
    const length = 8 + Math.floor(draw() * 40);
    return Array.from({ length }, () => words[Math.floor(draw() * words.length)] ?? '').join(' ');
  });
}

const SYLLABLES = 'ba ce di fo gu la me ni po ru sta tre vin wor xen ka lo mi pra qui ser tan ul ver'.split(' ');

/** Frequent words are short. */
function makeWord(rank: number, draw: () => number): string {
  const length = 1 + Math.ceil(Math.log10(rank + 2));
  return Array.from({ length }, () => SYLLABLES[Math.floor(draw() * SYLLABLES.length)] ?? '').join('');
}
