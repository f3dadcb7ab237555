import { describe, expect, it } from 'vitest';
import type { RunMigration } from '../../src/state/migrate.ts';
import { bytes, ID, open, rulesOf, statePath, textOf, thrownBy } from './support.ts';

const V1 = rulesOf({ version: 1, migrate: 'upgrade' });
const V2 = rulesOf({ version: 2, migrate: 'upgrade' });
const STEP = { from: 1, to: 2 };

/** Two values of version 1, as one process left them. */
function filled(path?: string) {
  const opened = open(path);
  const store = opened.states.of(ID, V1);
  store.set('a', bytes('1'));
  store.set('b', bytes('2'));
  const shown = (version = V1): Record<string, string | undefined> => {
    const now = opened.states.of(ID, version);
    return Object.fromEntries(now.keys().map((key) => [key, textOf(now.get(key))]));
  };
  return { ...opened, shown };
}

/** Joins the values into one, as a tool of the skill would. */
const join: RunMigration = async (copy) => {
  copy.set(
    'all',
    bytes(
      copy
        .keys()
        .map((key) => textOf(copy.get(key)))
        .join('+'),
    ),
  );
  await Promise.resolve();
  for (const key of ['a', 'b']) copy.delete(key);
};

describe('whether values are migrated [R-STATE-4]', () => {
  it.each([
    ['without values', 0, V2, undefined],
    ['of the same version', 2, V2, undefined],
    ['of the version before', 1, V2, { from: 1, to: 2 }],
    ['of long before', 1, rulesOf({ version: 9, migrate: 'upgrade' }), { from: 1, to: 9 }],
    ['with no tool that migrates', 1, rulesOf({ version: 2 }), undefined],
  ])('%s', (_, written, rules, expected) => {
    const { states } = open();
    if (written > 0) states.of(ID, rulesOf({ version: written })).set('k', bytes('v'));
    expect(states.openState(ID, rules)).toEqual(expected);
    expect(states.stateVersion(ID)).toBe(written === 0 ? undefined : written);
  });

  it('is asked before a value is read or written: none is taken for what it is not', () => {
    const { states, shown } = filled();
    const store = states.of(ID, V2);
    for (const act of [
      () => store.get('a'),
      () => store.keys(),
      () => store.set('a', bytes('x')),
      () => store.delete('a'),
    ])
      expect(thrownBy(act)).toMatchObject({ code: 'E_STORE', details: STEP, hint: expect.stringContaining(ID) });
    expect(shown()).toEqual({ a: '1', b: '2' });
  });

  it('without a tool for it the values are taken over as they are, with the first that is written', () => {
    const { states } = filled();
    const store = states.of(ID, rulesOf({ version: 2 }));
    expect([textOf(store.get('a')), states.stateVersion(ID)]).toEqual(['1', 1]);
    store.set('c', bytes('3'));
    expect([store.keys(), states.stateVersion(ID)]).toEqual([['a', 'b', 'c'], 2]);
  });

  it('values of a later version are refused to an older skill, and left as they are', () => {
    const { states, shown } = filled();
    const old = rulesOf({ version: 0 });
    const refused = { code: 'E_DOWNGRADE', details: { from: 1, to: 0 }, hint: expect.stringContaining('skill update') };
    expect(thrownBy(() => states.openState(ID, old))).toMatchObject(refused);
    const store = states.of(ID, old);
    for (const act of [
      () => store.get('a'),
      () => store.keys(),
      () => store.set('c', bytes('')),
      () => store.delete('a'),
    ])
      expect(thrownBy(act)).toMatchObject(refused);
    expect(shown()).toEqual({ a: '1', b: '2' });
  });

  it('a skill whose values are all gone begins anew, with an older version too', () => {
    const { states } = filled();
    for (const key of ['a', 'b']) states.of(ID, V1).delete(key);
    states.of(ID, rulesOf({ version: 0 })).set('k', bytes('v'));
    expect(states.stateVersion(ID)).toBe(0);
  });
});

describe('a migration [R-STATE-4]', () => {
  it('replaces all values and their version at once', async () => {
    const { states, shown } = filled();
    const seen: unknown[] = [];
    await states.migrate(ID, V2, STEP, async (copy) => {
      await join(copy);
      seen.push(shown(), states.stateVersion(ID));
    });
    expect(seen).toEqual([{ a: '1', b: '2' }, 1]);
    expect([shown(V2), states.stateVersion(ID), states.openState(ID, V2)]).toEqual([{ all: '1+2' }, 2, undefined]);
  });

  it.each<[how: string, run: RunMigration]>([
    ['that fails at once', () => Promise.reject(new Error('no'))],
    ['that fails in the middle', async (copy) => join(copy).then(() => Promise.reject(new Error('no')))],
    ['that fails because the new values are too large', async (copy) => copy.set('big', new Uint8Array(V2.maxBytes))],
  ])('%s leaves everything as it was, and may be tried again', async (_, run) => {
    const { states, shown } = filled();
    await expect(states.migrate(ID, V2, STEP, run)).rejects.toThrow(/^no$|state_bytes/);
    expect([shown(), states.stateVersion(ID)]).toEqual([{ a: '1', b: '2' }, 1]);
    await states.migrate(ID, V2, STEP, join);
    expect(shown(V2)).toEqual({ all: '1+2' });
  });

  it('touches no other skill, and gives values that it left alone no longer life', async () => {
    const { states, wait } = filled();
    states.of('custom.other', V1).set('k', bytes('v'));
    wait(600);
    const aged = { ...V2, ttlMs: 1_000 };
    await states.migrate(ID, aged, STEP, async (copy) => copy.set('a', bytes('new')));
    wait(600);
    expect(states.of(ID, aged).keys()).toEqual(['a']);
    expect(states.stateVersion('custom.other')).toBe(1);
  });

  it('may remove everything', async () => {
    const { states } = filled();
    await states.migrate(ID, V2, STEP, async (copy) => copy.keys().forEach((key) => copy.delete(key)));
    expect([states.of(ID, V2).keys(), states.openState(ID, V2)]).toEqual([[], undefined]);
  });
});

describe('a migration beside other processes [R-STATE-4]', () => {
  it('that another one was faster with counts as done, and is not done twice', async () => {
    const path = statePath();
    const { states, shown } = filled(path);
    const other = open(path).states;
    await states.migrate(ID, V2, STEP, async () => other.migrate(ID, V2, STEP, join));
    expect(shown(V2)).toEqual({ all: '1+2' });
    await states.migrate(ID, V2, STEP, () => Promise.reject(new Error('it ran again')));
  });

  it('loses nothing that is written meanwhile: what is there then is migrated', async () => {
    const path = statePath();
    const { states, shown } = filled(path);
    const other = open(path).states.of(ID, V1);
    let runs = 0;
    await states.migrate(ID, V2, STEP, async (copy) => {
      runs += 1;
      if (runs === 1) other.set('b', bytes('late'));
      await join(copy);
    });
    expect([runs, shown(V2)]).toEqual([2, { all: '1+late' }]);
    expect(thrownBy(() => other.set('b', bytes('too late')))).toMatchObject({ code: 'E_DOWNGRADE' });
    expect(shown(V2)).toEqual({ all: '1+late' });
  });

  it('ends with a reason when values change each time', async () => {
    const path = statePath();
    const { states, shown } = filled(path);
    const other = open(path).states.of(ID, V1);
    let runs = 0;
    const run: RunMigration = async () => other.set('b', bytes(String((runs += 1))));
    await expect(states.migrate(ID, V2, STEP, run)).rejects.toMatchObject({
      code: 'E_STORE',
      hint: expect.stringContaining('older version'),
    });
    expect([runs, shown(), states.stateVersion(ID)]).toEqual([3, { a: '1', b: '3' }, 1]);
  });

  it('of a skill that is removed meanwhile brings nothing back', async () => {
    const path = statePath();
    const { states } = filled(path);
    const other = open(path).states;
    await states.migrate(ID, V2, STEP, async () => void other.removeState(ID));
    expect([states.hasState(ID), states.of(ID, V2).keys()]).toEqual([false, []]);
  });
});
