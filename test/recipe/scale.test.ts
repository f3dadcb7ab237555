import { describe, expect, it } from 'vitest';
import { drive } from '../../src/recipe/drive.ts';
import type { Entry } from '../../src/recipe/entry.ts';
import { planRecipe } from '../../src/recipe/plan.ts';
import type { Ports } from '../../src/recipe/ports.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { type Report, reportOf } from '../../src/recipe/report.ts';
import { RunState } from '../../src/recipe/run-state.ts';
import { Values } from '../../src/recipe/values.ts';
import { HEAD, read } from './samples.ts';
import { Stage } from './stage.ts';

const many = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

/** Runs with commands that print a lot, and nothing else. */
async function run(
  recipe: Recipe,
  { print, fails = '' }: { print: (program: string) => string; fails?: string },
): Promise<{ report: Report; entries: Entry[]; state: RunState }> {
  const entries: Entry[] = [];
  const state = new RunState(recipe);
  state.apply({
    type: 'begun',
    run: 'r',
    skill: 's',
    path: '/skill',
    recipe: recipe.id,
    digest: '',
    time: '',
    cwd: '',
    parameters: {},
    secrets: [],
    grant: {},
  });
  const never = (): never => {
    throw new Error('it is not asked for');
  };
  const ports: Ports = {
    commands: {
      decide: never,
      run: ({ program, args }) =>
        Promise.resolve({
          exitCode: args[0] === fails ? 1 : 0,
          stdout: Buffer.from(print(program)),
          stderr: new Uint8Array(),
          durationMs: 0,
          memoryBytes: 0,
          isolation: 'none',
        }),
      variable: never,
      exists: never,
      isInstalled: never,
    },
    asker: { confirm: never, answer: never, settle: never },
    callTool: never,
    onProgress: () => undefined,
    redact: (text) => text,
    sleep: never,
    signal: new AbortController().signal,
  };
  const values = new Values({ recipe, parameters: new Map(), outputs: state.outputs, variable: never });
  const report = await drive({
    recipe,
    state,
    values,
    ports,
    confirmation: 'auto',
    write: (entry) => void entries.push(entry),
    runChild: never,
    undoChild: never,
    newId: never,
  });
  return { report, entries, state };
}

describe('a recipe of a thousand steps [R-RECIPE-8]', () => {
  it('keeps no output that nobody uses, in memory or in its journal', async () => {
    const recipe = await read(`${HEAD}steps:\n${many(1_000, (i) => `- {id: s${i}, command: a}\n`)}`);
    const { report, entries, state } = await run(recipe, { print: () => 'x'.repeat(100_000) });
    expect(report.result).toBe('success');
    expect(state.outputs.size).toBe(0);
    expect(JSON.stringify(entries).length).toBeLessThan(1_000 * 400);
  });

  it('uses no more memory for each', async () => {
    const heapAfter = async (count: number): Promise<number> => {
      const recipe = await read(`${HEAD}steps:\n${many(count, (i) => `- {id: s${i}, command: a}\n`)}`);
      const { state } = await run(recipe, { print: () => 'y'.repeat(50_000) });
      const held = JSON.stringify([
        state.begun,
        [...state.outputs],
        state.undos,
        state.skipped,
        [...state.items],
      ]).length;
      return held / count;
    };
    expect(await heapAfter(1_000)).toBeLessThan((await heapAfter(10)) * 1.2);
  });

  it('is undone and reported in work that grows with it, for each item of each step', async () => {
    const items = many(1_000, (i) => `i${i},`);
    const text = `${HEAD}steps:\n${many(20, (i) => `- {id: s${i}, command: "a {{item}}", for_each: [${items}]}\n`)}- {id: last, command: "a no"}\nrollback:\n${many(20, (i) => `- {undoes: s${i}, command: "u {{item}}"}\n`)}`;
    // Through the reader it would be too large a file; what is run is the same.
    const small = await read(text.replaceAll(items, 'a,b,'));
    const list = Array.from({ length: 1_000 }, (_, i) => [`i${i}`]);
    const recipe = {
      ...small,
      steps: small.steps.map((step) => (step.forEach === undefined ? step : { ...step, forEach: list })),
    };
    const { report, state } = await run(recipe, { print: () => '', fails: 'no' });
    expect(report.steps.filter(({ status }) => status === 'undone')).toHaveLength(20_000);
    expect(state.undos).toHaveLength(20_000);
    expect(reportOf(recipe, state, 'failed').rolledBack[0]).toBe('s19');
  });

  it('an output that others use is held to 64 KiB, for all items together', async () => {
    const text = (use: string): string =>
      `${HEAD}steps:\n- {id: one, command: "a {{item}}", for_each: [a, b, c]}\n- {id: two, command: "b ${use}"}\n`;
    const print = (program: string): string => (program === 'a' ? 'x'.repeat(30_000) : '');
    expect((await run(await read(text('x')), { print })).report.result).toBe('success');
    const { report, state } = await run(await read(text('{{steps.one.stdout}}')), { print });
    expect(report).toMatchObject({ result: 'failed', failure: { at: 'one', code: 'E_OUTPUT_LIMIT' } });
    expect((state.outputs.get('one')?.stdout ?? '').length).toBeLessThan(64 * 1024);
  });
});

describe('a dry run [R-RECIPE-9]', () => {
  it('asks the gate, and does nothing at all', async () => {
    const recipe = await read(`${HEAD}
parameters:
  - { name: p, default: "a b" }
  - { name: s, type: secret }
  - { name: yes, type: boolean, default: true }
preconditions:
  - { check: command_exists, args: [git] }
  - { check: env_set, args: [HOME] }
  - { check: file_exists, args: ["{{p}}"] }
  - { check: custom, script: "x {{p}}" }
steps:
  - { id: one, command: "git log {{p}}", env: { T: "{{s}}" } }
  - { id: two, command: "rm {{steps.one.stdout}} {{env.HOME}}", risk_level: high, confirmation: auto, when: yes }
  - { id: three, command: "echo {{s}}", shell: true, confirmation: always, when: not yes }
  - { id: four, tool: a.b, input: { x: "{{s}}" }, when: "steps.one.exit_code == 0" }
  - { id: five, prompt: "Is {{p}} right?" }
  - { id: six, command: "x {{item}}", for_each: ["{{p}}", c] }
  - { id: seven, command: "x {{p}}", for_each: "{{steps.one.stdout}}" }
  - { id: eight, command: "x {{p}}", confirmation: prompt }
verification:
  - { check: "v {{p}}" }
rollback:
  - { command: "undo {{p}}", undoes: one }
`);
    const asked: string[] = [];
    const never = (): never => {
      throw new Error('a dry run does nothing');
    };
    const commands = {
      decide: ({ program, args }: { program: string; args: readonly string[] }) => {
        asked.push([program, ...args].join(' '));
        return { allowed: program !== 'rm', layer: 'grant', rule: 'a rule' } as never;
      },
      run: never,
      variable: never,
      exists: never,
      isInstalled: never,
    };
    const parameters = new Map<string, string | boolean>([
      ['p', 'a b'],
      ['s', 'marker'],
      ['yes', true],
    ]);
    const plan = planRecipe(recipe, { parameters, commands, isAgreed: true, confirmation: 'auto', find: never });
    expect(plan.parameters).toEqual({ p: 'a b', s: '[secret]', yes: true });
    expect(plan.preconditions).toEqual(['installed: git', 'set: HOME', 'there: a b', "succeeds: x 'a b'"]);
    expect(plan.verification).toEqual(["v 'a b'"]);
    expect(plan.steps).toMatchObject([
      {
        step: 'one',
        does: "git log 'a b'",
        runs: 'yes',
        decision: { allowed: true },
        confirmation: 'none',
        undoneBy: ["undo 'a b'"],
      },
      {
        step: 'two',
        does: 'rm {{steps.one.stdout}} {{env.HOME}}',
        runs: 'yes',
        decision: { allowed: false, rule: 'a rule' },
        confirmation: 'given',
      },
      { step: 'three', does: 'sh: echo "${SKILL_VALUE_1}"', runs: 'no', confirmation: 'asks for a typed yes' },
      { step: 'four', does: 'a.b ["x"]', runs: 'depends' },
      { step: 'five', does: 'ask: Is {{p}} right?', confirmation: 'asks' },
      { step: 'six', does: "x 'a b'", forEach: ['a b', 'c'] },
      { step: 'seven', forEach: ['{{steps.one.stdout}}'] },
      { step: 'eight', confirmation: 'given' },
    ]);
    expect(asked.filter((one) => one.startsWith('git'))).toEqual(['git log a b']);
    expect(JSON.stringify([plan, asked])).not.toContain('marker');
  });
});

describe('a dry run of recipes in recipes [R-RECIPE-9]', () => {
  const commands = {
    decide: () => ({ allowed: true, layer: 'grant', rule: 'a rule' }) as never,
    run: () => Promise.reject(new Error('it runs')),
    variable: () => undefined,
    exists: () => false,
    isInstalled: () => false,
  };
  const named = (id: string, text: string): Promise<Recipe> => read(`${HEAD.replace('sample', id)}${text}`);

  it('shows what they would do with what they are given', async () => {
    const outer = await named(
      'outer',
      'parameters:\n- {name: p, default: a b}\n- {name: s, type: secret}\nsteps:\n- {id: x, command: x}\n- {id: sub, recipe: inner, parameters: {q: "{{p}}", n: "3", t: "{{s}}", later: "{{steps.x.stdout}}"}}\n',
    );
    const inner = await named(
      'inner',
      'parameters:\n- {name: q}\n- {name: n, type: integer}\n- {name: t, type: secret}\n- {name: later}\n- {name: d, default: z}\nsteps:\n- {id: one, command: "do {{q}} {{n}} {{later}} {{d}}", when: n > 2, env: {T: "{{t}}"}}\n',
    );
    const parameters = new Map([
      ['p', 'a b'],
      ['s', 'marker'],
    ]);
    const plan = planRecipe(outer, {
      parameters,
      commands,
      isAgreed: false,
      confirmation: 'auto',
      find: (id) => (id === 'inner' ? inner : undefined),
    });
    expect(plan.steps[1]).toMatchObject({
      does: 'recipe inner',
      plan: {
        recipe: 'inner',
        parameters: { q: 'a b', n: 3, t: '[secret]', later: '{{steps.x.stdout}}', d: 'z' },
        steps: [{ does: "do 'a b' 3 {{steps.x.stdout}} z", runs: 'yes', decision: { allowed: true } }],
      },
    });
    expect(JSON.stringify(plan)).not.toContain('marker');
  });

  it('that run each other in more ways than can be shown shows some', async () => {
    const recipes = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        named(
          `r${i}`,
          `steps:\n- {id: a, ${i === 39 ? 'command: x' : `recipe: r${i + 1}`}}\n- {id: b, ${i === 39 ? 'command: x' : `recipe: r${i + 1}`}}\n`,
        ),
      ),
    );
    const [first] = recipes;
    if (first === undefined) throw new Error('no recipe');
    const plan = planRecipe(first, {
      parameters: new Map(),
      commands,
      isAgreed: false,
      confirmation: 'auto',
      find: (id) => recipes.find((one) => one.id === id),
    });
    expect(JSON.stringify(plan).split('"step":').length).toBeLessThanOrEqual(2_001);
  });
});

describe('who looks on [R-RECIPE-8]', () => {
  it('is told of each step, each attempt, and everything that is taken back', async () => {
    const recipe = await read(
      `${HEAD}steps:\n- {id: one, command: do one}\n- {id: two, command: do two, retry: {attempts: 2, delay: 5ms}}\nrollback:\n- {undoes: one, command: undo one}\n`,
    );
    const stage = new Stage([recipe], { fails: new Set(['two']) });
    await stage.play('sample', 'begin');
    expect(stage.progress.map((one) => `${one.type}${'step' in one ? ` ${one.step ?? ''}` : ''}`)).toEqual([
      'step-started one',
      'step-ended one',
      'step-started two',
      'step-ended two',
      'step-started two',
      'step-ended two',
      'rolling-back',
      'undo-started one',
      'undo-ended',
      'recipe-ended',
    ]);
    expect(stage.progress.filter((one) => one.type === 'step-ended')).toMatchObject([
      { ok: true },
      { ok: false, retryInMs: 5 },
      { ok: false, error: expect.stringContaining('exit code 1') as string },
    ]);
    const declined = new Stage(
      [
        await read(
          `${HEAD}steps:\n- {id: one, command: do one}\n- {id: two, command: do two, confirmation: prompt}\nrollback:\n- {undoes: one, command: undo one}\n`,
        ),
      ],
      { declines: new Set(['two']) },
    );
    expect((await declined.play('sample', 'begin')).result).toBe('declined');
    expect(declined.progress.map(({ type }) => type)).toContain('rolling-back');
  });
});
