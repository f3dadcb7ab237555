import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CatalogEntry, ListedTrigger } from '../../src/catalog/entry.ts';
import { NO_DETAILS } from '../../src/catalog/entry.ts';
import { fittingRecipes } from '../../src/knowledge/offer-recipes.ts';

const CORPUS = join(import.meta.dirname, '..', 'corpus', 'skill-matching', 'prompts.jsonl');
const PROMPTS = readFileSync(CORPUS, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => (JSON.parse(line) as { readonly prompt: string }).prompt);

const ANYWHERE = { hasFile: () => true, isSet: () => true, os: 'linux' };

function skillWith(trigger: Partial<ListedTrigger>, count = 1): CatalogEntry {
  const full = { keywords: [], intent: '', hasFiles: [], envSet: [], os: [], ...trigger };
  const recipes = Array.from({ length: count }, (_, i) => ({
    id: `r${i}`,
    name: 'R',
    description: 'It does.',
    file: 'recipes/r.yaml',
    parameters: [],
    triggers: [full],
  }));
  return {
    path: '/skills/custom.eager',
    id: 'custom.eager',
    ready: true,
    version: '1.0.0',
    description: 'D',
    aliases: [],
    tools: [],
    recipes: recipes.map(({ id }) => id),
    signature: 's',
    details: () => ({ ...NO_DETAILS, recipes }),
  };
}

describe('the recipe of a skill that no prompt means [R-CONTEXT-8]', () => {
  it.each<[what: string, trigger: Partial<ListedTrigger>]>([
    ['single words', { keywords: ['the', 'a', 'to', 'I', 'how', 'file', 'fix', 'git', 'python', 'docker'] }],
    ['words of anybody', { keywords: ['how to', 'how do I', 'fix the', 'write a', 'please help me', 'in the file'] }],
    ['one word again and again', { keywords: ['git git', 'the git', 'python python python'] }],
    ['the intent of anybody', { intent: 'how to do it' }],
    ['nothing of the prompt', { hasFiles: ['.git'] }],
  ])('is offered in none of the prompts by %s', (_what, trigger) => {
    const entries = [skillWith(trigger)];
    const offered = PROMPTS.filter((prompt) => fittingRecipes(prompt, entries, ANYWHERE, new Set()).length > 0);
    expect(PROMPTS.length).toBeGreaterThan(100);
    expect(offered).toEqual([]);
  });

  it('is offered where two words tell of it, and at most two of a skill are', () => {
    const entries = [skillWith({ keywords: ['squash commits'] }, 4)];
    const ids = fittingRecipes('squash commits of mine', entries, ANYWHERE, new Set()).map(({ id }) => id);
    expect(ids).toEqual(['r0', 'r1']);
  });

  it.each<[prompt: string, intent: string, offered: number]>([
    ['squash these commits', 'squash commits', 1],
    ['fix these commits', 'squash commits', 0],
    ['squash it', 'squash it', 0],
  ])('%j fits the intent %j %i times', (prompt, intent, offered) => {
    expect(fittingRecipes(prompt, [skillWith({ intent })], ANYWHERE, new Set())).toHaveLength(offered);
  });
});

describe('a single word', () => {
  it('counts for a skill that the prompt means, and all its recipes do', () => {
    const entry = skillWith({ keywords: ['squash'] }, 4);
    expect(fittingRecipes('squash it', [entry], ANYWHERE, new Set([entry]))).toHaveLength(4);
  });

  it('counts where recipes are asked for by themselves', () => {
    expect(fittingRecipes('squash it', [skillWith({ keywords: ['squash'] })], ANYWHERE)).toHaveLength(1);
  });
});
