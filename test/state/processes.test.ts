import { describe, expect, it } from 'vitest';
import { connect } from '../../src/state/sqlite.ts';
import { RuntimeNotes } from '../../src/state/notes.ts';
import { bytes, ID, open, rulesOf, start, startTogether, statePath, textOf, thrownBy } from './support.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `p${i}`);

/** Every process writes keys of its own and one that all share; a value is one letter, many times. */
const WRITER = `
const [name, count, size] = args;
const store = states.of('${ID}');
for (let i = 1; i <= Number(count); i += 1) {
  const letter = String.fromCharCode(97 + (i % 26));
  store.set(name + '-' + (i % 20), bytes(letter.repeat(Number(size))));
  store.set('shared', bytes(letter.repeat(Number(size))));
  say(i);
  if (i % 10 === 0) database.close();
}`;

describe('processes that use one home at once [R-STATE-7]', () => {
  it('begin it together, and lose no value of each other', async () => {
    const path = statePath();
    const children = await startTogether(path, WRITER, names(6), [60, 3_000]);
    const ended = await Promise.all(children.map((child) => child.ended));
    expect(ended.map(({ errors, code }) => ({ errors, code }))).toEqual(names(6).map(() => ({ errors: '', code: 0 })));
    const store = open(path).states.of(ID);
    const expected = names(6).flatMap((name) => Array.from({ length: 20 }, (_, i) => `${name}-${i}`));
    expect(store.keys().toSorted()).toEqual([...expected, 'shared'].toSorted());
    for (const key of store.keys()) expect(textOf(store.get(key))).toMatch(/^(\w)\1{2999}$/);
  });

  it('are read meanwhile, always whole values', async () => {
    const path = statePath();
    const children = await startTogether(path, WRITER, names(3), [150, 20_000]);
    const store = open(path).states.of(ID);
    await Promise.all(children.map(({ saying }) => saying(1)));
    const running = new Set(children);
    const all = Promise.all(children.map((child) => child.ended.finally(() => running.delete(child))));
    let reads = 0;
    while (running.size > 0) {
      expect(textOf(store.get('shared'))).toMatch(/^(\w)\1{19999}$/);
      reads += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect((await all).map(({ errors }) => errors).join('')).toBe('');
    expect(reads).toBeGreaterThan(3);
  });

  it('keep to the most a skill may have, all together', async () => {
    const path = statePath();
    const code = `
      const [name] = args;
      const store = states.of('${ID}', { version: 0, maxBytes: 10_000 });
      for (let i = 0; i < 40; i += 1)
        try { store.set(name + i, new Uint8Array(500)); say('taken'); }
        catch (error) { say(error.code); }`;
    const children = await startTogether(path, code, names(4));
    const ended = await Promise.all(children.map((child) => child.ended));
    const said = ended.flatMap((one) => one.said);
    const store = open(path).states.of(ID);
    expect(store.keys()).toHaveLength(said.filter((line) => line === 'taken').length);
    expect(new Set(said)).toEqual(new Set(['taken', 'ENOSPC']));
    // Keys are of two or three letters.
    const taken = store.keys().reduce((sum, key) => sum + key.length + 500, 0);
    expect(taken).toBeLessThanOrEqual(10_000);
    expect(taken).toBeGreaterThan(9_498 - 503);
  });

  it('count what the runtime notes without losing one', async () => {
    const path = statePath();
    const code = `for (let i = 0; i < 300; i += 1) notes.update('failures', '${ID}', (old) => (old ?? 0) + 1);`;
    const children = await startTogether(path, code, names(4));
    const ended = await Promise.all(children.map((child) => child.ended));
    expect(ended.map(({ errors }) => errors).join('')).toBe('');
    expect(new RuntimeNotes(open(path).database).get('failures', ID)).toBe(1_200);
  });

  it('migrate once, whichever comes first', async () => {
    const path = statePath();
    const { states, database } = open(path);
    states.of(ID, rulesOf({ version: 1 })).set('n', bytes('1'));
    database.close();
    const code = `
      const rules = { version: 2, migrate: 'up', maxBytes: 10_000 };
      const migration = states.openState('${ID}', rules);
      if (migration !== undefined)
        await states.migrate('${ID}', rules, migration, async (copy) => {
          const before = Number(Buffer.from(copy.get('n')).toString());
          await new Promise((resolve) => setTimeout(resolve, 50));
          copy.set('n', bytes(String(before + 1)));
        });
      say(Buffer.from(states.of('${ID}', rules).get('n')).toString());`;
    const children = await startTogether(path, code, names(4));
    const ended = await Promise.all(children.map((child) => child.ended));
    expect(ended.map(({ said, errors }) => ({ said, errors }))).toEqual(
      names(4).map(() => ({ said: ['2'], errors: '' })),
    );
  });

  it('wait for one that takes long, and say so when it takes too long', async () => {
    const path = statePath();
    const { states } = open(path, { waitMs: 300 });
    states.of(ID).set('k', bytes('v'));
    const blocker = connect(path, 0);
    try {
      blocker.exec('BEGIN IMMEDIATE');
      expect(textOf(states.of(ID).get('k'))).toBe('v');
      expect(thrownBy(() => states.of(ID).set('k', bytes('w')))).toMatchObject({
        code: 'E_STORE',
        message: expect.stringContaining('another process keeps it locked'),
        hint: expect.stringContaining('run the command again'),
      });
      const patient = start(path, `say('begun'); states.of('${ID}').set('k', bytes('patient'));`);
      await patient.saying(1);
      await new Promise((resolve) => setTimeout(resolve, 400));
      blocker.exec('COMMIT');
      expect(await patient.ended).toMatchObject({ errors: '', code: 0 });
      expect(textOf(states.of(ID).get('k'))).toBe('patient');
    } finally {
      blocker.close();
    }
  });
});

describe('processes that are killed while they write [R-STATE-8]', () => {
  it('leave whole values, lose none that they were told is written, and stop nobody', async () => {
    const path = statePath();
    for (const round of [1, 2, 3]) {
      const children = await startTogether(path, WRITER, names(3), [100_000, 5_000]);
      await Promise.all(children.map(({ saying }, i) => saying(round * 7 + i * 11)));
      for (const { child } of children) child.kill('SIGKILL');
      const ended = await Promise.all(children.map((one) => one.ended));
      expect(ended.map(({ errors }) => errors).join('')).toBe('');
      const { states, database } = open(path);
      const store = states.of(ID);
      for (const [i, { said }] of ended.entries()) {
        const last = Number(said.at(-1));
        // What came after it may be there or not: it was never told of.
        for (let n = Math.max(1, last - 18); n <= last; n += 1)
          expect(textOf(store.get(`p${i}-${n % 20}`))).toMatch(
            new RegExp(`^${String.fromCharCode(97 + (n % 26))}{5000}$`),
          );
      }
      for (const key of store.keys()) expect(textOf(store.get(key))).toMatch(/^(\w)\1{4999}$/);
      const check = database.read((prepare) => prepare('PRAGMA integrity_check').all(), []);
      expect(check).toEqual([{ integrity_check: 'ok' }]);
      store.set('after', bytes(`${round}`.repeat(5_000)));
      database.close();
    }
  });

  it('in a migration leave the values and the version from before', async () => {
    const path = statePath();
    const { states } = open(path);
    const store = states.of(ID, rulesOf({ version: 1 }));
    store.set('a', bytes('1'));
    const code = `
      const rules = { version: 2, migrate: 'up', maxBytes: 10_000 };
      await states.migrate('${ID}', rules, { from: 1, to: 2 }, async (copy) => {
        copy.delete('a');
        copy.set('b', bytes('half'));
        say('half');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
    const { child, saying, ended } = start(path, code);
    await saying(1);
    child.kill('SIGKILL');
    await ended;
    expect([store.keys(), textOf(store.get('a')), states.stateVersion(ID)]).toEqual([['a'], '1', 1]);
  });
});
