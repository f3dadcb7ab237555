import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, Output } from '../../src/recipe/entry.ts';
import { reportOf } from '../../src/recipe/report.ts';
import { RunState, waitBefore } from '../../src/recipe/run-state.ts';
import { HEAD, read } from './samples.ts';

const BEGUN: Entry = {
  type: 'begun',
  run: 'r',
  skill: 's',
  path: '/skill',
  recipe: 'sample',
  digest: 'd',
  time: '',
  cwd: '/',
  parameters: {},
  secrets: [],
  grant: {},
};
const CHECKED: Entry = { type: 'checked', problems: [] };
const expanded = (step: number, items: readonly string[] = ['']): Entry => ({ type: 'expanded', step, items });
const started = (step: number, attempt = 1, item = 0): Entry => ({ type: 'started', step, item, attempt });
const output = (stdout: string): Output => ({ stdout, stderr: '', exitCode: 0 });
const ended = (step: number, more: Partial<Entry & { type: 'ended' }> = {}): Entry => ({
  type: 'ended',
  step,
  item: 0,
  durationMs: 1,
  ...more,
});
const ERROR = { code: 'E_RECIPE', message: 'no' };
const FINISHED: Entry = { type: 'finished', result: 'success' };

const RECIPE = await read(`${HEAD}steps:
  - { id: one, command: a, register: r }
  - { id: two, command: "b {{item}}", for_each: [x, y], retry: { attempts: 2 }, register: items }
verification:
  - { check: c }
rollback:
  - { command: u, undoes: two }
`);

function stateOf(...entries: readonly Entry[]): RunState {
  const state = new RunState(RECIPE);
  for (const entry of entries) state.apply(entry);
  return state;
}

const ONE = [BEGUN, CHECKED, expanded(0), started(0), ended(0, { output: output('1') })];
const TWO = [
  ...ONE,
  expanded(1, ['x', 'y']),
  started(1),
  ended(1, { output: output('x') }),
  started(1, 1, 1),
  ended(1, { item: 1, output: output('y') }),
];
const FAILED = [BEGUN, CHECKED, expanded(0), started(0), ended(0, { error: ERROR })];
const UNDOING = [...ONE, expanded(1, ['x', 'y']), started(1), ended(1, { error: ERROR, mayRetry: false })];

describe('where a run stands, and what is next [R-RECIPE-8]', () => {
  it.each<[what: string, entries: readonly Entry[], next: object]>([
    ['begun', [BEGUN], { do: 'check' }],
    ['stopped', [BEGUN, { type: 'stopped' }], { do: 'check' }],
    ['checked', [BEGUN, CHECKED], { do: 'enter', step: 0 }],
    [
      'not as it must be',
      [BEGUN, { type: 'checked', problems: ['x'] }],
      { do: 'finish', result: 'precondition_failed' },
    ],
    ['looked at', [BEGUN, CHECKED, expanded(0)], { do: 'start', step: 0, item: 0, attempt: 1, delayMs: 0 }],
    [
      'started',
      ONE.slice(0, 4),
      { do: 'settle', open: { kind: 'step', step: 0, item: 0, attempt: 1, child: undefined } },
    ],
    ['settled as done', [...ONE.slice(0, 4), { type: 'settled', as: 'done' }], { do: 'enter', step: 1 }],
    [
      'settled to be done again',
      [...ONE.slice(0, 4), { type: 'settled', as: 'redo' }],
      { do: 'start', step: 0, item: 0, attempt: 1, delayMs: 0 },
    ],
    ['done', ONE, { do: 'enter', step: 1 }],
    ['skipped', [BEGUN, CHECKED, { type: 'skipped', step: 0 }], { do: 'enter', step: 1 }],
    ['one of two items', TWO.slice(0, 8), { do: 'start', step: 1, item: 1, attempt: 1, delayMs: 0 }],
    [
      'to be tried again',
      [...TWO.slice(0, 7), ended(1, { error: ERROR, mayRetry: true })],
      { do: 'start', step: 1, item: 0, attempt: 2, delayMs: 1_000 },
    ],
    [
      'refused, which another attempt does not change',
      UNDOING,
      { do: 'undo', index: 0, task: { entry: 0, turn: { step: 1, item: 0 } } },
    ],
    ['no items', [...ONE, expanded(1, [])], { do: 'verify', index: 0 }],
    ['all steps', TWO, { do: 'verify', index: 0 }],
    ['verified', [...TWO, { type: 'verified', index: 0 }], { do: 'finish', result: 'success' }],
    [
      'found wrong',
      [...TWO, { type: 'verified', index: 0, error: ERROR }],
      { do: 'undo', index: 0, task: { turn: { step: 1, item: 1 } } },
    ],
    ['failed with nothing to undo', FAILED, { do: 'finish', result: 'failed' }],
    [
      'declined',
      [BEGUN, CHECKED, expanded(0), { type: 'declined', step: 0, item: 0 }],
      { do: 'finish', result: 'declined' },
    ],
    ['being undone', [...UNDOING, { type: 'undoing', task: 0 }], { do: 'settle', open: { kind: 'undo', index: 0 } }],
    [
      'undone',
      [...UNDOING, { type: 'undoing', task: 0 }, { type: 'undone', task: 0 }],
      { do: 'finish', result: 'failed' },
    ],
    [
      'left',
      [...UNDOING, { type: 'undoing', task: 0 }, { type: 'settled', as: 'left' }],
      { do: 'finish', result: 'failed' },
    ],
    ['taken back', [...ONE, { type: 'recalled' }], { do: 'finish', result: 'failed' }],
    ['taken back while a step was open', [...TWO.slice(0, 7), { type: 'recalled' }], { do: 'undo', index: 0 }],
    ['ended', [...TWO, { type: 'verified', index: 0 }, FINISHED], { do: 'nothing' }],
    [
      'ended, and taken back',
      [...TWO, { type: 'verified', index: 0 }, FINISHED, { type: 'stopped' }, { type: 'recalled' }],
      { do: 'undo', index: 0 },
    ],
  ])('%s', (_, entries, next) => {
    expect(stateOf(...entries).next()).toMatchObject(next);
  });

  it.each<[what: string, before: readonly Entry[], entry: unknown]>([
    ['nothing before it', [], CHECKED],
    ['a second beginning', [BEGUN], BEGUN],
    ['a step before the check', [BEGUN], expanded(0)],
    ['a second check', [BEGUN, CHECKED], CHECKED],
    ['a later step', [BEGUN, CHECKED], expanded(1)],
    ['a step that is not there', [BEGUN, CHECKED], expanded(9)],
    ['several items without for_each', [BEGUN, CHECKED], expanded(0, ['a', 'b'])],
    ['no items without for_each', [BEGUN, CHECKED], expanded(0, [])],
    ['items twice', [BEGUN, CHECKED, expanded(0)], expanded(0)],
    ['a skip behind its items', [BEGUN, CHECKED, expanded(0)], { type: 'skipped', step: 0 }],
    ['a start before its items', [BEGUN, CHECKED], started(0)],
    ['a second attempt first', [BEGUN, CHECKED, expanded(0)], started(0, 2)],
    ['an item that is not there', [...ONE, expanded(1, ['x'])], started(1, 1, 1)],
    ['a start while one is open', ONE.slice(0, 4), started(0)],
    ['another start while one is open', ONE.slice(0, 4), started(0, 2)],
    ['a decline while one is open', ONE.slice(0, 4), { type: 'declined', step: 0, item: 0 }],
    ['the end of another step', ONE.slice(0, 4), ended(1)],
    ['the end of another item', ONE.slice(0, 4), ended(0, { item: 1 })],
    ['an end without a start', ONE.slice(0, 3), ended(0)],
    ['a verification too early', ONE, { type: 'verified', index: 0 }],
    ['another verification', TWO, { type: 'verified', index: 1 }],
    ['an undoing without a failure', TWO, { type: 'undoing', task: 0 }],
    ['another undoing', UNDOING, { type: 'undoing', task: 1 }],
    ['undone without undoing', UNDOING, { type: 'undone', task: 0 }],
    ['a step behind a failure', UNDOING, started(1, 2)],
    ['a settlement of nothing', ONE, { type: 'settled', as: 'done' }],
    ['a step that is left', ONE.slice(0, 4), { type: 'settled', as: 'left' }],
    ['a settlement that is none', ONE.slice(0, 4), { type: 'settled', as: 'maybe' }],
    ['a recall while it is undone', UNDOING, { type: 'recalled' }],
    ['an end that is not reached', ONE, FINISHED],
    ['an end while a step is open', ONE.slice(0, 4), FINISHED],
    ['another end', FAILED, FINISHED],
    ['an end that is none', FAILED, { type: 'finished', result: 'fine' }],
    ['anything behind the end', [...FAILED, { type: 'finished', result: 'failed' }], expanded(1)],
    ['a recall of what was rolled back', [...FAILED, { type: 'finished', result: 'failed' }], { type: 'recalled' }],
    ['an entry of a version to come', ONE, { type: 'paused' }],
    ['an entry of a hostile name', ONE, { type: '__proto__' }],
    ['problems that are no list', [BEGUN], { type: 'checked' }],
    ['items that are no texts', ONE, { type: 'expanded', step: 1, items: [1] }],
  ])('%s cannot be', (_, before, entry) => {
    const state = stateOf(...before);
    const next = state.next();
    expect(() => state.apply(entry as Entry)).toThrow(/^the journal (has|tells) /);
    expect(state.next()).toEqual(next);
  });

  it('whatever is written in whatever order, it is refused or there is a next thing to do', () => {
    const at = fc.nat(2);
    const entry = fc.oneof(
      fc.constantFrom(
        BEGUN,
        CHECKED,
        FINISHED,
        { type: 'stopped' },
        { type: 'recalled' },
        { type: 'finished', result: 'failed' },
      ),
      fc.record({
        type: fc.constantFrom(
          'skipped',
          'expanded',
          'started',
          'ended',
          'declined',
          'verified',
          'undoing',
          'undone',
          'settled',
          'nonsense',
        ),
        step: at,
        item: at,
        task: at,
        index: at,
        attempt: at,
        items: fc.constantFrom([''], ['x', 'y'], []),
        as: fc.constantFrom('done', 'redo', 'left'),
        durationMs: fc.constant(1),
        error: fc.option(fc.constant(ERROR), { nil: undefined }),
        mayRetry: fc.boolean(),
      }),
    ) as fc.Arbitrary<Entry>;
    let applied = 0;
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
        const state = stateOf(BEGUN, CHECKED);
        for (const one of entries) {
          try {
            state.apply(one);
            applied += 1;
          } catch (error) {
            expect((error as Error).message).toMatch(/^the journal /);
          }
          expect(['enter', 'start', 'verify', 'undo', 'settle', 'finish', 'nothing']).toContain(state.next().do);
        }
        reportOf(RECIPE, state, 'failed');
      }),
      { numRuns: 500 },
    );
    expect(applied).toBeGreaterThan(200);
  });
});

describe('what is kept of a run [R-RECIPE-8]', () => {
  it('outputs of items are joined, of several attempts the last', () => {
    const again = [
      ...TWO.slice(0, 9),
      ended(1, { item: 1, output: output('broken'), error: ERROR, mayRetry: true }),
      started(1, 2, 1),
      ended(1, { item: 1, output: output('y') }),
    ];
    for (const entries of [TWO, again])
      expect(stateOf(...entries).outputs.get('two')).toEqual({ stdout: 'x\ny', stderr: '', exitCode: 0 });
  });

  it('what a step printed that was settled as done is known to be lost', () => {
    const state = stateOf(...ONE.slice(0, 4), { type: 'settled', as: 'done' });
    expect(state.outputs.get('one')).toEqual({ stdout: '', stderr: '', exitCode: 0, isLost: true });
    expect(reportOf(RECIPE, state, 'success').outputs).toEqual({});
  });

  it('a report has every step, every item, and every way back', () => {
    const state = stateOf(
      ...TWO,
      { type: 'verified', index: 0, error: ERROR },
      { type: 'undoing', task: 0 },
      { type: 'undone', task: 0 },
      { type: 'undoing', task: 1 },
      { type: 'undone', task: 1, error: ERROR },
      { type: 'finished', result: 'failed' },
    );
    expect(reportOf(RECIPE, state, 'failed')).toEqual({
      recipe: 'sample',
      result: 'failed',
      outputs: { r: '1', items: 'x\ny' },
      steps: [
        { step: 'one', status: 'done', left: true, durationMs: 1 },
        { step: 'two', item: 'x', status: 'done', left: true, durationMs: 1 },
        { step: 'two', item: 'y', status: 'undone', durationMs: 1 },
      ],
      problems: [],
      failure: { at: 'verification[0]', ...ERROR },
      rolledBack: ['two'],
      rollbackErrors: [{ undo: 'rollback[0]', error: ERROR }],
    });
  });

  it('a step without items is told as skipped', () => {
    expect(reportOf(RECIPE, stateOf(...ONE, expanded(1, [])), 'success').steps[1]).toEqual({
      step: 'two',
      status: 'skipped',
    });
  });
});

describe('the time before an attempt [R-RECIPE-8]', () => {
  it.each<[attempt: number, delayMs: number, backoff: number, wait: number]>([
    [1, 1_000, 2, 0],
    [2, 1_000, 2, 1_000],
    [3, 1_000, 2, 2_000],
    [4, 1_000, 3, 9_000],
    [9, 500, 1, 500],
    [10, 300_000, 10, 3_600_000],
  ])('%i of %i ms times %i', (attempt, delayMs, backoff, wait) => {
    expect(waitBefore(attempt, { attempts: 10, delayMs, backoff })).toBe(wait);
  });
});
