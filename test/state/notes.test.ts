import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuntimeNotes } from '../../src/state/notes.ts';
import { bytes, ID, open, statePath, thrownBy } from './support.ts';

function notes(path?: string) {
  let now = 1_000;
  const opened = open(path);
  return { ...opened, notes: new RuntimeNotes(opened.database, () => now++) };
}

describe('what the runtime notes [R-STATE-5]', () => {
  it('is there in the next process, as the JSON it is', () => {
    const property = fc.property(
      fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b'), fc.string({ maxLength: 5 }), fc.jsonValue()), {
        selector: ([scope, name]) => JSON.stringify([scope, name]),
        maxLength: 10,
      }),
      (written) => {
        const first = notes(statePath());
        for (const [scope, name, value] of written) first.notes.set(scope, name, value);
        first.database.close();
        for (const [scope, name, value] of written)
          expect(first.notes.get(scope, name)).toEqual(JSON.parse(JSON.stringify(value)));
        for (const scope of ['a', 'b']) {
          const names = written.filter(([of]) => of === scope).map(([, name]) => name);
          expect(new Set(first.notes.list(scope).map(({ name }) => name))).toEqual(new Set(names));
        }
        first.database.close();
      },
    );
    fc.assert(property, { numRuns: 40 });
  });

  it('is changed by what it was, and removed by nothing', () => {
    const { notes: kept } = notes();
    const count = (): unknown => kept.update('failures', ID, (old) => ((old as number | undefined) ?? 0) + 1);
    expect([count(), count(), count(), kept.get('failures', ID)]).toEqual([1, 2, 3, 3]);
    expect(kept.list('failures')).toEqual([{ name: ID, value: 3, updated: 1_002 }]);
    kept.set('failures', ID, undefined);
    expect([kept.get('failures', ID), kept.list('failures')]).toEqual([undefined, []]);
  });

  it('stays as it was when the change throws', () => {
    const { notes: kept } = notes();
    kept.set('s', 'n', { open: true });
    const change = (): never => {
      throw new Error('no');
    };
    expect(thrownBy(() => kept.update('s', 'n', change))).toMatchObject({ message: 'no' });
    kept.update('s', 'm', () => 1);
    expect(kept.list('s').map(({ name, value }) => [name, value])).toEqual([
      ['m', 1],
      ['n', { open: true }],
    ]);
  });

  it('has nothing to do with the values of skills', () => {
    const { notes: kept, states } = notes();
    states.of(ID).set('n', bytes('v'));
    kept.set(ID, 'n', 1);
    states.removeState(ID);
    expect(kept.get(ID, 'n')).toBe(1);
    kept.set(ID, 'n', undefined);
    states.of(ID).set('n', bytes('v'));
    expect([kept.list(ID), states.of(ID).keys()]).toEqual([[], ['n']]);
  });
});
