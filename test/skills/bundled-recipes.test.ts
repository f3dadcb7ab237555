import { posix } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { matchesArgs } from '../../host/capability/decide.ts';
import { programsOf } from '../../src/recipe/load-recipes.ts';
import { runRecipeTests } from '../../src/recipe/test/run-recipe-tests.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import type { ReadySkill } from '../../src/skill/skill.ts';
import type { Command } from '../../src/recipe/recipe.ts';
import { isReference } from '../../src/recipe/template.ts';
import { listFiles, ROOT } from '../house/sources.ts';

const folders = [
  ...new Set(listFiles('skills', '.yaml').flatMap((path) => /^skills\/[^/]+(?=\/recipes\/)/.exec(path) ?? [])),
];

it('recipes ship with core.git and core.posix [R-SHIPPED-4]', () => {
  expect(folders).toEqual(['skills/git', 'skills/posix']);
});

describe.each(folders)('the recipes of %s [R-SHIPPED-4]', (folder) => {
  let skill: ReadySkill;
  beforeAll(async () => {
    const loaded = await loadSkill(posix.join(ROOT, folder));
    if (!loaded.ready) throw new Error(JSON.stringify(loaded.problems));
    skill = loaded;
  });

  it('pass their own tests, in which every step and every rollback entry runs', async () => {
    const { problems, cases, coverage } = await runRecipeTests(skill, () => true);
    expect(problems).toEqual([]);
    expect(cases.filter(({ failures }) => failures.length > 0)).toEqual([]);
    expect(coverage.map(({ recipe }) => recipe)).toEqual(skill.recipes.map(({ id }) => id));
    expect(coverage.flatMap(({ steps, rollback }) => [...steps.never, ...rollback.never])).toEqual([]);
  });

  it('use no shell', () => {
    for (const recipe of skill.recipes)
      expect(programsOf(recipe).filter(([program]) => program === 'sh' || program === 'bash')).toEqual([]);
  });

  it('come to no command their manifest does not allow word for word', () => {
    const args = skill.manifest?.capabilities.terminalExec.args;
    const used = new Set<string>();
    for (const { program, words } of skill.recipes.flatMap(commandsOf)) {
      const patterns = args?.get(program)?.map(({ text }) => text) ?? [];
      const fits = patterns.filter((pattern) => matchesArgs(pattern, words));
      expect({ program, words, fits: fits.length > 0 }).toEqual({ program, words, fits: true });
      for (const pattern of fits) used.add(`${program} ${pattern}`);
    }
    const all = [...(args ?? [])].flatMap(([program, patterns]) => patterns.map(({ text }) => `${program} ${text}`));
    expect(all.filter((pattern) => !used.has(pattern))).toEqual([]);
  });

  it('take no value for an option: a word that is a value alone stands where the manifest has a *', () => {
    const args = skill.manifest?.capabilities.terminalExec.args;
    for (const { program, words } of skill.recipes.flatMap(commandsOf)) {
      const patterns = args?.get(program)?.map(({ text }) => text) ?? [];
      for (const [i, word] of words.entries()) {
        if (!word.startsWith(VALUE)) continue;
        const asOption = words.with(i, `--${word}`);
        const fits = patterns.some((pattern) => matchesArgs(pattern, asOption));
        expect({ asOption, fits }).toEqual({ asOption, fits: false });
      }
    }
  });
});

const VALUE = 'value';

/** Every command of a recipe with a word in the place of each value. */
function commandsOf(recipe: ReadySkill['recipes'][number]): { program: string; words: string[] }[] {
  const actions = [
    ...recipe.preconditions.flatMap((one) => (one.check === 'custom' ? [one.action] : [])),
    ...[...recipe.steps, ...recipe.verification, ...recipe.rollback].map(({ action }) => action),
  ].filter((action): action is Command & { kind: 'command' } => action.kind === 'command');
  return actions.map((action) => {
    const [program = '', ...words] = action.words.map((word) =>
      word.map((part) => (isReference(part) ? VALUE : part)).join(''),
    );
    return { program, words };
  });
}
