import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../../src/recipe/parse-recipe.ts';
import { blocksOf, fileOf, readPage, testPage } from './page.ts';

const PAGE = readPage('recipes.md');
const blocks = blocksOf('recipes.md');

describe.sequential('the guide of docs/recipes.md, from top to bottom [R-DOCS-1]', () => {
  testPage(blocks);

  it('shows something', () =>
    expect(blocks.filter(({ language }) => language === 'console').length).toBeGreaterThan(8));
});

describe('the reference of docs/recipes.md [R-DOCS-1]', () => {
  const whole = blocks.find((block) => fileOf(block) === 'every-field.yaml')?.lines.join('\n') ?? '';

  it('shows a recipe with every field, which is read without a problem', async () => {
    const { problems } = await parseRecipe(Buffer.from(whole), 'every-field.yaml');
    expect(problems).toEqual([]);
  });

  it('has a row for each field in it, and each field of a row in it', () => {
    const reference = PAGE.slice(PAGE.indexOf('\n## The format'), PAGE.indexOf('\n## How a run goes'));
    const rows = [...reference.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    );
    const written = new Set([...whole.matchAll(/[{,\s-]\s*([a-z_]+):/g)].map(([, name = '']) => name));
    expect([...new Set(rows)].filter((name) => !written.has(name))).toEqual([]);
    const inside = new Set([...reference.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name));
    // An input of a tool, and an address.
    const others = new Set(['text', 'https']);
    expect([...written].filter((name) => !inside.has(name) && !others.has(name))).toEqual([]);
  });
});
