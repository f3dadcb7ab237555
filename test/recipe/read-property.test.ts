import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../src/recipe/condition.ts';
import { parse } from './samples.ts';

type Fields = Readonly<Record<string, unknown>>;

const NAME = fc
  .stringMatching(/^[a-z][a-z0-9_-]{0,8}$/)
  .filter(
    (one) => !['item', 'steps', 'env', 'true', 'false', 'and', 'or', 'not', 'constructor', 'prototype'].includes(one),
  );
const TEXT = fc.stringMatching(/^[a-zA-Z0-9 .,:;#'"é%-]{1,20}$/).filter((one) => one.trim() !== '');
const names = (count: number): fc.Arbitrary<string[]> => fc.uniqueArray(NAME, { minLength: count, maxLength: count });

/** Fields as they are written, and what they read to. */
interface Written {
  readonly written: Fields;
  readonly read: Fields;
}

const parameter = (name: string): fc.Arbitrary<Written> =>
  fc.oneof(
    fc
      .record({ type: fc.constantFrom('string', 'path'), description: TEXT, allow_dash: fc.boolean() })
      .map(({ type, description, allow_dash }) => ({
        written: { name, type, description, allow_dash },
        read: { name, type, description, allowDash: allow_dash, required: true, default: undefined },
      })),
    fc.record({ min: fc.integer({ max: 0 }), max: fc.integer({ min: 1 }) }).map(({ min, max }) => ({
      written: { name, type: 'integer', min, max, default: max },
      read: { name, type: 'integer', min, max, default: max, required: false },
    })),
    fc.boolean().map((value) => ({
      written: { name, type: 'boolean', default: value },
      read: { name, type: 'boolean', default: value, required: false },
    })),
    fc.uniqueArray(TEXT, { minLength: 1, maxLength: 3 }).map((values) => ({
      written: { name, type: 'enum', values },
      read: { name, type: 'enum', values, required: true },
    })),
  );

/** Words with the values of steps before, as a list. */
const command = (steps: readonly string[]): fc.Arbitrary<Written> => {
  const word = fc.oneof(
    TEXT.map((text) => ({ written: text, read: [text] as unknown[] })),
    ...(steps.length === 0
      ? []
      : [
          fc
            .tuple(fc.constantFrom(...steps), fc.constantFrom('stdout', 'stderr', 'exit_code'), TEXT)
            .map(([step, field, text]) => ({
              written: `${text}{{ steps.${step}.${field} }}`,
              read: [text, { kind: 'output', step, field }],
            })),
        ]),
  );
  return fc.array(word, { maxLength: 4 }).map((words) => ({
    written: { command: ['make', ...words.map(({ written }) => written)] },
    read: { action: { kind: 'command', words: [['make'], ...words.map(({ read }) => read)] } },
  }));
};

const step = (id: string, before: readonly string[]): fc.Arbitrary<Written> =>
  fc
    .record({
      action: fc.oneof(
        command(before),
        TEXT.map((text) => ({ written: { prompt: text }, read: { action: { kind: 'prompt', text: [text] } } })),
      ),
      name: TEXT,
      risk_level: fc.constantFrom('low', 'moderate', 'high', 'critical'),
      confirmation: fc.constantFrom('auto', 'prompt', 'always'),
      continue_on_error: fc.boolean(),
      idempotent: fc.boolean(),
      for_each: fc.option(fc.array(TEXT, { minLength: 1, maxLength: 3 })),
      when: fc.option(
        fc.tuple(
          TEXT.filter((one) => !one.includes('"')),
          fc.constantFrom('==', '!='),
        ),
      ),
    })
    .map(({ action, for_each, when, risk_level, continue_on_error, ...rest }) => ({
      written: {
        id,
        ...action.written,
        ...rest,
        risk_level,
        continue_on_error,
        ...(for_each !== null && { for_each }),
        ...(when !== null && { when: `env.X ${when[1]} "${when[0]}"` }),
      },
      read: {
        id,
        ...action.read,
        ...rest,
        risk: risk_level,
        continueOnError: continue_on_error,
        forEach: for_each?.map((text) => [text]),
        when:
          when === null
            ? undefined
            : ({
                kind: 'compare',
                operator: when[1],
                left: { reference: { kind: 'env', name: 'X' } },
                right: { value: when[0] },
              } satisfies Condition as unknown),
      },
    }));

const recipe = fc
  .tuple(names(3), names(4), fc.nat(2), fc.integer({ min: 1, max: 4 }))
  .chain(([parameters, ids, count, steps]) =>
    fc.record({
      parameters: fc.tuple(...parameters.slice(0, count).map(parameter)),
      steps: fc.tuple(...ids.slice(0, steps).map((id, i) => step(id, ids.slice(0, i)))),
      rollback: fc.array(
        fc
          .tuple(fc.constantFrom(...ids.slice(0, steps)), command(ids.slice(0, steps)))
          .map(([undoes, { written, read }]) => ({
            written: { undoes, ...written },
            read: { undoes, ...read },
          })),
        { maxLength: 3 },
      ),
    }),
  );

describe('a recipe that was written by a program [R-RECIPE-1]', () => {
  it('reads to what it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(recipe, async ({ parameters, steps, rollback }) => {
        const of = (parts: readonly Written[], which: keyof Written): Fields[] => parts.map((one) => one[which]);
        const parts = (which: keyof Written): Fields => ({
          parameters: of(parameters, which),
          steps: of(steps, which),
          rollback: of(rollback, which),
        });
        const head = { id: 'generated', name: 'Generated', description: 'By a program', version: '0.1.0' };
        const { recipe: found, problems } = await parse(JSON.stringify({ ...head, ...parts('written') }));
        expect(problems).toEqual([]);
        expect(found).toMatchObject({ ...head, ...parts('read') });
      }),
      { numRuns: 400 },
    );
  });
});
