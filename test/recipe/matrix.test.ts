import { afterAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../src/recipe/entry.ts';
import { RESULTS } from '../../src/recipe/entry.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import type { Report } from '../../src/recipe/report.ts';
import { NAMES, recipesOf } from './matrix-recipes.ts';
import { type Kill, Killed, Stage, type Weather } from './stage.ts';

const WHOLE = 3_000;
let runs = 0;
afterAll(() => {
  expect(runs).toBeGreaterThanOrEqual(WHOLE);
});

/** What can go wrong with a recipe: nothing, each thing it does, each answer, and each way back. */
function weathers(recipe: Recipe, doings: readonly string[]): Weather[] {
  const [does, undoes] = [
    doings.filter((one) => !one.startsWith('undo ')),
    doings.filter((one) => one.startsWith('undo ')),
  ];
  const names = (all: readonly string[]): string[] => [...new Set(all.map((one) => one.split(' ')[1] ?? ''))];
  const steps = names(does);
  const single = [[], ...steps.map((name) => [name])];
  const pairs = single.flatMap((fails) => [fails, ...names(undoes).map((name) => [...fails, name])]);
  return [
    ...pairs.map((fails) => ({ fails: new Set(fails) })),
    ...(recipe.id === 'retry' ? [1, 2].map((times) => ({ flaky: new Map([['two', times]]) })) : []),
    ...(recipe.id === 'asked'
      ? [{ declines: new Set(['two']) }, { declines: new Set(['two']), fails: new Set(['one']) }]
      : []),
  ];
}

/** Everything that is ever done for a recipe. */
async function doingsOf(recipes: readonly Recipe[]): Promise<string[]> {
  const stage = new Stage(recipes);
  const [{ id } = { id: '' }] = recipes;
  await stage.play(id, 'begin');
  await stage.play(id, 'rollback');
  return stage.effects.map(({ what }) => what);
}

/** Without what a clock says. */
function plain(report: Report): unknown {
  return { ...report, steps: report.steps.map(({ durationMs: _durationMs, ...step }) => step) };
}

/** What holds for every run, however it came to its end. */
function check(recipe: Recipe, stage: Stage, report: Report): void {
  expect(RESULTS).toContain(report.result);
  const entries = stage.entries();
  const state = stage.stateOf(recipe.id);
  expect([state.isEnded, state.result, state.next()]).toEqual([true, report.result, { do: 'nothing' }]);
  checkEnd(entries);
  checkStarts(recipe, entries);
  checkReport(recipe, stage, report);
}

function checkEnd(entries: readonly Entry[]): void {
  for (const [i, { type }] of entries.entries())
    if (type === 'finished' && i + 1 < entries.length) expect(entries[i + 1]?.type).toBe('recalled');
}

/** A step that may have run is not started again, unless it may be, or somebody said so. */
function checkStarts(recipe: Recipe, entries: readonly Entry[]): void {
  let open: string | undefined;
  for (const entry of entries) {
    if (entry.type === 'started') {
      expect(open).toBeUndefined();
      open = recipe.steps[entry.step]?.id;
    } else if (entry.type === 'ended' || entry.type === 'settled') open = undefined;
    else if (entry.type === 'recalled') return;
    else if (open !== undefined) expect(entry.type).toBe('nothing while a step is open');
  }
}

/** What was begun is told of: as done, undone, left, failed or in doubt; and all that was undone, in reverse. */
function checkReport(recipe: Recipe, stage: Stage, report: Report): void {
  const begun = stage.stateOf(recipe.id).begun;
  const told = report.steps.filter(({ status }) => !['not reached', 'skipped'].includes(status));
  const ids = begun.map(({ step }) => recipe.steps[step]?.id);
  expect(told.map(({ step }) => step)).toEqual(ids);
  for (const { status, left, error } of told) {
    expect(['done', 'undone', 'failed', 'doubtful']).toContain(status);
    if (status === 'undone') expect(left).toBeUndefined();
    // A command that was refused left nothing.
    else if (report.failure !== undefined && error?.code !== 'E_INPUT') expect(left).toBe(true);
  }
  const undos = stage.stateOf(recipe.id).undos;
  for (const { status } of undos) expect(status).not.toBe('waiting');
  const order = undos.flatMap(({ turn }) =>
    turn === undefined ? [] : [begun.findIndex(({ step, item }) => step === turn.step && item === turn.item)],
  );
  expect(order).toEqual(order.toSorted((a, b) => b - a));
  if (report.failure !== undefined)
    for (const { undoes } of recipe.rollback)
      if (undoes !== undefined && ids.includes(undoes))
        expect(undos.some(({ turn }) => recipe.steps[turn?.step ?? -1]?.id === undoes)).toBe(true);
}

/** Nothing that did its work did it twice, but for what may. */
function checkOnce(recipe: Recipe, { effects }: Stage): void {
  const mayRepeat = new Set([
    'ask two',
    ...(recipe.id === 'idempotent' ? ['do two', 'undo two'] : []),
    'undo last',
    'undo two-last',
    'check v1',
    'check v2',
  ]);
  const done = effects.filter(({ ok, what }) => ok && !mayRepeat.has(what)).map(({ what }) => what);
  const expected = recipe.id === 'for-each-sub' ? 2 : 1;
  for (const what of done) expect([what, done.filter((one) => one === what).length <= expected]).toEqual([what, true]);
}

const WAYS = ['before', 'half', 'after'] as const;

/** Every entry is killed at, each time in another way; in full mode, in each. */
function waysToDie(n: number): readonly Kill['how'][] {
  return process.env['SKILLHOST_FAULTS'] === 'full' ? WAYS : WAYS.slice(n % WAYS.length, (n % WAYS.length) + 1);
}

async function playKilled(stage: Stage, id: string, kill: Kill): Promise<void> {
  await expect(stage.play(id, 'begin', kill)).rejects.toBeInstanceOf(Killed);
}

describe.each(NAMES)('%s [R-RECIPE-7]', (name) => {
  it('ends in one of the ways there are, and says what was and what was not undone', async () => {
    const recipes = await recipesOf(name);
    const [recipe] = recipes;
    if (recipe === undefined) throw new Error('no recipe');
    for (const weather of weathers(recipe, await doingsOf(recipes))) {
      const stage = new Stage(recipes, weather);
      check(recipe, stage, await stage.play(name, 'begin'));
      const left = (await stage.play(name, 'rollback')).steps;
      check(recipe, stage, await stage.play(name, 'rollback'));
      expect((await stage.play(name, 'resume')).steps).toEqual(left);
      checkOnce(recipe, stage);
      runs += 4;
    }
  });

  it('killed at any entry and taken up ends as if it had not been; taken back, nothing goes on', async () => {
    const recipes = await recipesOf(name);
    const [recipe] = recipes;
    if (recipe === undefined) throw new Error('no recipe');
    for (const [i, weather] of weathers(recipe, await doingsOf(recipes)).entries()) {
      const whole = new Stage(recipes, weather);
      const expected = plain(await whole.play(name, 'begin'));
      const last = whole.written;
      for (let at = 1; at <= last; at += 1)
        for (const how of waysToDie(at + i)) {
          const resumed = new Stage(recipes, weather);
          await playKilled(resumed, name, { at, how });
          const report = await resumed.play(name, 'resume');
          check(recipe, resumed, report);
          checkOnce(recipe, resumed);
          // What was printed by a step that was settled by hand is lost.
          const isSame = weather.flaky === undefined && !(recipe.id === 'outputs' && resumed.settlements.length > 0);
          if (isSame)
            expect(plain(report), `killed ${how} entry ${at} with ${[...(weather.fails ?? [])].join()}`).toEqual(
              expected,
            );

          const recalled = new Stage(recipes, weather);
          await playKilled(recalled, name, { at, how });
          if (recalled.entries().length > 0) {
            const before = recalled.effects.length;
            check(recipe, recalled, await recalled.play(name, 'rollback'));
            checkOnce(recipe, recalled);
            const later = recalled.effects.slice(before).filter(({ what }) => !what.startsWith('undo'));
            expect(later, `killed ${how} entry ${at}`).toEqual([]);
          }
          runs += 2;
        }
    }
  });

  it('killed again while it is taken up, or back, ends all the same', async () => {
    const recipes = await recipesOf(name);
    const [recipe] = recipes;
    if (recipe === undefined) throw new Error('no recipe');
    for (const weather of weathers(recipe, await doingsOf(recipes)).filter((_, i) => i % 3 === 0))
      for (const first of [3, 5, 8, 11])
        for (const how of ['resume', 'rollback'] as const)
          for (let second = 1; second <= 9; second += 2) {
            const stage = new Stage(recipes, weather);
            const killed = async (act: Promise<unknown>): Promise<void> => {
              await act.catch((error: unknown) => {
                if (!(error instanceof Killed)) throw error;
              });
            };
            await killed(stage.play(name, 'begin', { at: first, how: 'after' }));
            await killed(stage.play(name, how, { at: second, how: second % 4 === 1 ? 'before' : 'half' }));
            await killed(stage.play(name, how, { at: 2, how: 'after' }));
            check(recipe, stage, await stage.play(name, how));
            checkOnce(recipe, stage);
            runs += 1;
          }
  });

  it('does nothing more while nobody can say what happened', async () => {
    const recipes = await recipesOf(name);
    const [recipe] = recipes;
    if (recipe === undefined) throw new Error('no recipe');
    const whole = new Stage(recipes);
    await whole.play(name, 'begin');
    for (let at = 1; at <= whole.written; at += 1) {
      const stage = new Stage(recipes, { isSilent: true });
      await playKilled(stage, name, { at, how: 'before' });
      const { length } = stage.effects;
      const [entry] = stage.entries().slice(-1);
      const isOpen = entry?.type === 'started' && entry.child === undefined;
      const step = isOpen ? recipe.steps[entry.step] : undefined;
      const mayRun = step === undefined || step.idempotent || step.action.kind === 'prompt';
      for (let again = 0; again < 2; again += 1) {
        const ended = await stage.play(name, 'resume').catch((error: unknown) => error);
        if (mayRun) continue;
        expect(ended).toMatchObject({ code: 'E_DOUBT' });
        expect(stage.effects).toHaveLength(length);
      }
      if (!mayRun) check(recipe, stage, await stage.play(name, 'rollback'));
      runs += 2;
    }
  });
});
