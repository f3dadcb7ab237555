import { describe, expect, it } from 'vitest';
import { levelOf, unanswerable } from '../../src/recipe/question.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { Values } from '../../src/recipe/values.ts';
import { HEAD, read } from './samples.ts';

const NOBODY = { usual: 'auto', isAgreed: false, canConfirm: false, canAnswer: false } as const;
const PARAMETERS = 'parameters:\n  - { name: p, type: boolean, default: true }\n';

const recipeOf = (steps: string, id = 'sample'): Promise<Recipe> =>
  read(`${HEAD.replace('sample', id)}${PARAMETERS}steps:\n${steps}`);

function first(recipe: Recipe, answers: object = {}, others: readonly Recipe[] = []): string | undefined {
  const values = new Values({
    recipe,
    parameters: new Map([['p', true]]),
    outputs: new Map(),
    variable: () => undefined,
  });
  const find = (id: string): Recipe | undefined => others.find((one) => one.id === id);
  return unanswerable(recipe, values, { ...NOBODY, find, ...answers })?.id;
}

describe('a run that would stop for want of an answer [R-RECIPE-13]', () => {
  it.each<[step: string, answers: object, stops: boolean]>([
    ['command: x', {}, false],
    ['command: x', { usual: 'prompt' }, true],
    ['command: x', { usual: 'prompt', isAgreed: true }, false],
    ['command: x', { usual: 'prompt', canConfirm: true }, false],
    ['command: x, confirmation: prompt', {}, true],
    ['command: x, risk_level: high', {}, true],
    ['command: x, risk_level: high', { isAgreed: true }, false],
    ['command: x, risk_level: moderate', {}, false],
    ['command: x, confirmation: always', { isAgreed: true }, true],
    ['command: x, confirmation: always', { canConfirm: true }, false],
    ['prompt: "Who?"', { canConfirm: true, isAgreed: true }, true],
    ['prompt: "Who?"', { canAnswer: true }, false],
    ['command: x, confirmation: always, when: p', {}, true],
    ['command: x, confirmation: always, when: not p', {}, false],
    ['command: x, confirmation: always, when: steps.a.stdout == "y"', {}, false],
    ['command: x, confirmation: always, when: p or steps.a.stdout == "y"', {}, true],
  ])('%s, with %j', async (step, answers, stops) => {
    const recipe = await recipeOf(`  - { id: a, command: x, confirmation: auto }\n  - { id: b, ${step} }\n`);
    expect(first(recipe, answers)).toBe(stops ? 'b' : undefined);
  });

  it('is seen within the recipes it runs, each looked at once', async () => {
    const inner = await recipeOf('  - { id: deep, command: x, confirmation: always }\n', 'inner');
    const middle = await recipeOf('  - { id: m, recipe: inner }\n  - { id: n, recipe: inner }\n', 'middle');
    const outer = await recipeOf('  - { id: o, recipe: middle }\n');
    expect(first(outer, {}, [inner, middle])).toBe('deep');
    const sometimes = await recipeOf('  - { id: deep, command: x, confirmation: always, when: p }\n', 'inner');
    expect(first(outer, {}, [sometimes, middle])).toBeUndefined();
    expect(first(outer, {}, [])).toBeUndefined();
  });

  it.each([
    ['auto', 'low', undefined, 'auto'],
    ['auto', 'critical', undefined, 'prompt'],
    ['prompt', 'low', 'auto', 'auto'],
    ['prompt', 'high', 'auto', 'prompt'],
    ['always', 'high', undefined, 'always'],
    ['auto', 'high', 'always', 'always'],
  ] as const)(
    'asks, where the usual is %s, the risk %s and the step says %s, by %s',
    async (usual, risk, own, level) => {
      const confirmation = own === undefined ? '' : `, confirmation: ${own}`;
      const { steps } = await recipeOf(`  - { id: a, command: x, risk_level: ${risk}${confirmation} }\n`);
      expect(steps.map((step) => levelOf(step, usual))).toEqual([level]);
    },
  );
});
