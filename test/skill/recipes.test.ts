import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSkill } from '../../src/skill/load-skill.ts';
import { guest, manifest, scratch, write } from '../runtime/folders.ts';

const RECIPE = 'id: ID\nname: N\ndescription: D\nversion: 1.0.0\nsteps: [{ id: a, prompt: "Why?" }]\n';
const MODULE = '\n[executable]\nmodule = "bin/guest.wasm"\n';

async function load(files: Readonly<Record<string, string>>, rest = ''): ReturnType<typeof loadSkill> {
  const root = scratch();
  write(root, { 'skill.toml': manifest('custom.with', rest), 'bin/guest.wasm': await guest('one'), ...files });
  return loadSkill(root);
}

const recipe = (id: string): string => RECIPE.replace('ID', id);

describe('a skill with recipes [R-RECIPE-3]', () => {
  it('has them among its tools, and in its hash', async () => {
    const skill = await load({ 'recipes/b.yaml': recipe('b'), 'recipes/a.yaml': recipe('a') }, MODULE);
    if (!skill.ready) throw new Error('not ready');
    expect(skill.recipes.map(({ id, file }) => [id, file])).toEqual([
      ['a', join('recipes', 'a.yaml')],
      ['b', join('recipes', 'b.yaml')],
    ]);
    expect(skill.tools.map(({ name, action }) => [name, action.type === 'recipe' && action.recipe.id])).toEqual(
      expect.arrayContaining([
        ['a', 'a'],
        ['b', 'b'],
      ]),
    );
    const other = await load({ 'recipes/b.yaml': recipe('b'), 'recipes/a.yaml': `${recipe('a')}# more\n` }, MODULE);
    expect(other.ready && other.hash !== skill.hash).toBe(true);
  });

  it('is not ready when a recipe has the name of a tool, or another recipe of it', async () => {
    const plain = await load({}, MODULE);
    const [name = ''] = plain.ready ? plain.tools.map((tool) => tool.name) : [];
    const clash = await load({ 'recipes/a.yaml': recipe(name) }, MODULE);
    expect(clash).toMatchObject({
      ready: false,
      problems: expect.arrayContaining([
        expect.objectContaining({ code: 'M_DUPLICATE', file: 'recipes/a.yaml', field: 'id' }),
      ]) as unknown,
    });
    const twice = await load({ 'recipes/a.yaml': recipe('a'), 'recipes/b.yaml': recipe('a') });
    expect(twice).toMatchObject({ ready: false });
  });

  it('without its file, or with it denied, has none', async () => {
    for (const rest of ['\n[recipes]\nfiles = ["other/*.yaml"]\n', '\n[provides]\nrecipes = false\n']) {
      const skill = await load({ 'recipes/a.yaml': recipe('a') }, rest);
      expect(skill.ready && skill.recipes.length).toBe(0);
    }
  });
});
