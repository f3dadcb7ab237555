import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, ID, open, rulesOf, start, statePath, textOf, thrownBy } from './support.ts';

type Act =
  | { readonly do: 'set'; readonly who: number; readonly key: string; readonly value: Uint8Array }
  | { readonly do: 'delete' | 'get'; readonly who: number; readonly key: string }
  | { readonly do: 'reopen' };

// Few keys, so that they meet, and among them what a database could take for the end of a text or for the same text.
const KEY = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'a\0',
    'a\0b',
    '\0',
    'é',
    'e\u0301',
    '\ud800',
    '\ud801',
    '%',
    "'",
    '__proto__',
    'x'.repeat(256),
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
);
const WHO = fc.nat(2);
const ACT: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('set' as const), who: WHO, key: KEY, value: fc.uint8Array({ maxLength: 20 }) }),
  fc.record({ do: fc.constantFrom('delete' as const, 'get' as const), who: WHO, key: KEY }),
  fc.constant({ do: 'reopen' as const }),
);
const SKILLS = ['custom.a', 'custom.a-b', 'custom.b'];

describe('the values of skills [R-STATE-1]', () => {
  it('are those of a map for each, whatever the keys, and in the next process as well', () => {
    const property = fc.property(fc.array(ACT, { maxLength: 40 }), (acts) => {
      const { database, states } = open(statePath());
      const models = SKILLS.map(() => new Map<string, Uint8Array>());
      for (const act of acts) {
        if (act.do === 'reopen') {
          database.close();
          continue;
        }
        const store = states.of(SKILLS[act.who] ?? '');
        const model = models[act.who] ?? new Map<string, Uint8Array>();
        if (act.do === 'set') {
          store.set(act.key, act.value);
          model.set(act.key, act.value);
        } else if (act.do === 'delete') {
          store.delete(act.key);
          model.delete(act.key);
        } else expect(plain(store.get(act.key))).toEqual(plain(model.get(act.key)));
      }
      for (const [who, model] of models.entries()) {
        const store = states.of(SKILLS[who] ?? '');
        expect(store.keys().toSorted()).toEqual([...model.keys()].toSorted());
        for (const [key, value] of model) expect(plain(store.get(key))).toEqual(plain(value));
      }
      database.close();
    });
    fc.assert(property, { numRuns: 40 });
  });

  it('are copies: what is done to bytes that went in or came out changes nothing', () => {
    const store = open().states.of(ID);
    const whole = bytes('-value-');
    store.set('k', whole.subarray(1, 6));
    whole.fill(0);
    store.get('k')?.fill(0);
    expect(textOf(store.get('k'))).toBe('value');
  });

  it('cost nothing before the first is written: no folder, no file', () => {
    const path = statePath();
    const { states } = open(path);
    const store = states.of(ID);
    expect([store.get('k'), store.keys(), states.stateVersion(ID), states.openState(ID, rulesOf())]).toEqual([
      undefined,
      [],
      undefined,
      undefined,
    ]);
    store.delete('k');
    expect(states.removeState(ID)).toBe(false);
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('load no library before, not even into a process that could keep some', async () => {
    const path = statePath();
    const code = `
      import { createRequire } from 'node:module';
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((name) => name.includes('sqlite'));
      const store = states.of('${ID}');
      say([store.get('k'), loaded()]);
      store.set('k', bytes('v'));
      // Node's own is in no list.
      say(loaded() || process.getBuiltinModule?.('node:sqlite') !== undefined);`;
    expect(await start(path, code).ended).toMatchObject({ said: [',false', 'true'], errors: '', code: 0 });
  });

  it('are in files that only their owner may read', () => {
    if (process.platform === 'win32') return;
    const path = statePath();
    const { states } = open(path);
    states.of(ID).set('k', bytes('v'));
    const found = readdirSync(dirname(path)).map((name) => [
      name,
      (statSync(`${dirname(path)}/${name}`).mode & 0o777).toString(8),
    ]);
    expect(Object.fromEntries(found)).toEqual({ 'state.db': '600', 'state.db-wal': '600', 'state.db-shm': '600' });
  });
});

describe('how much a skill may keep [R-STATE-2]', () => {
  const KB = rulesOf({ maxBytes: 1_024 });

  it.each([
    ['one value', [['k', 1_023]], undefined],
    ['one byte more', [['k', 1_024]], 1_025],
    ['a key, which counts as well', [['k'.repeat(24), 1_001]], 1_025],
    [
      'what others take',
      [
        ['a', 500],
        ['b', 523],
      ],
      1_025,
    ],
    [
      'as much in the place of it',
      [
        ['a', 1_000],
        ['a', 1_023],
      ],
      undefined,
    ],
    [
      'too much in the place of it',
      [
        ['a', 1_000],
        ['a', 1_024],
      ],
      1_025,
    ],
  ] as const)('%s', (_, sets, refusedWith) => {
    const store = open().states.of(ID, KB);
    const write = (): void => {
      for (const [key, size] of sets) store.set(key, new Uint8Array(size));
    };
    if (refusedWith === undefined) return expect(write).not.toThrow();
    const error = thrownBy(write);
    expect(error).toMatchObject({
      code: 'ENOSPC',
      message: `the state would have ${refusedWith} bytes; state_bytes = 1024`,
    });
    const [first] = sets;
    expect(store.get(first[0])?.length).toBe(sets.length === 1 ? undefined : first[1]);
  });

  it('is four MiB for one that does not say, and of no other skill', () => {
    const { states } = open();
    const whole = new Uint8Array(4 * 1_024 * 1_024 - 1);
    states.of('custom.a').set('k', whole);
    states.of('custom.b').set('k', whole);
    expect(thrownBy(() => states.of('custom.a').set('l', new Uint8Array()))).toMatchObject({ code: 'ENOSPC' });
  });

  it('is counted by what is there: what was removed makes room', () => {
    const store = open().states.of(ID, KB);
    for (let i = 0; i < 50; i += 1) {
      store.set(`k${i}`, new Uint8Array(900));
      store.delete(`k${i}`);
    }
    store.set('k', new Uint8Array(1_023));
    expect(store.keys()).toEqual(['k']);
  });

  it('can be less than is there: then values may only shrink', () => {
    const { states } = open();
    states.of(ID).set('k', new Uint8Array(3_000));
    const store = states.of(ID, KB);
    store.set('k', new Uint8Array(2_000));
    expect(thrownBy(() => store.set('k', new Uint8Array(2_001)))).toMatchObject({ code: 'ENOSPC' });
    expect(store.get('k')?.length).toBe(2_000);
  });

  it('never counts wrong, after whatever was done', () => {
    const act = fc.record({ key: fc.constantFrom('a', 'bb', 'ccc'), size: fc.option(fc.nat(600)) });
    const property = fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      const { database, states } = open();
      const store = states.of(ID, KB);
      const model = new Map<string, number>();
      for (const { key, size } of acts) {
        const others = [...model].filter(([name]) => name !== key);
        const grown = others.reduce((sum, [name, taken]) => sum + name.length + taken, key.length + (size ?? 0));
        if (size === null) {
          store.delete(key);
          model.delete(key);
        } else if (grown > 1_024) expect(thrownBy(() => store.set(key, new Uint8Array(size)))).toBeInstanceOf(Error);
        else {
          store.set(key, new Uint8Array(size));
          model.set(key, size);
        }
      }
      expect(Object.fromEntries(store.keys().map((key) => [key, store.get(key)?.length]))).toEqual(
        Object.fromEntries(model),
      );
      database.close();
    });
    fc.assert(property, { numRuns: 100 });
  });
});

describe('how long values are kept [R-STATE-3]', () => {
  const HOUR = rulesOf({ ttlMs: 3_600_000 });

  it('is counted from when each was written last', () => {
    const { states, wait } = open();
    const store = states.of(ID, HOUR);
    store.set('old', bytes('1'));
    store.set('again', bytes('1'));
    wait(1_800_000);
    store.set('again', bytes('2'));
    wait(1_799_999);
    expect(store.keys()).toEqual(['again', 'old']);
    wait(1);
    expect([store.get('old'), textOf(store.get('again')), store.keys()]).toEqual([undefined, '2', ['again']]);
    wait(1_800_000);
    expect(store.keys()).toEqual([]);
  });

  it.each<[what: string, meet: (store: ReturnType<ReturnType<typeof open>['states']['of']>) => unknown]>([
    ['is read', (store) => store.get('old')],
    ['is listed', (store) => store.keys()],
    ['is deleted', (store) => store.delete('old')],
    ['makes room for another', (store) => store.set('new', new Uint8Array(1_000))],
  ])('ends with removal: an old value that %s is no longer in the file', (_, meet) => {
    const { database, states, wait } = open();
    const store = states.of(ID, rulesOf({ ttlMs: 1_000, maxBytes: 1_024 }));
    store.set('old', new Uint8Array(1_000));
    wait(1_000);
    meet(store);
    const keys = database.read((prepare) => prepare('SELECT hex(key) AS key FROM value').all(), []);
    expect(keys).not.toContainEqual({ key: Buffer.from('old', 'utf16le').toString('hex').toUpperCase() });
  });

  it('is for ever without a rule, and never the business of another skill', () => {
    const { states, wait } = open();
    states.of('custom.a').set('k', bytes('v'));
    states.of('custom.b', HOUR).set('k', bytes('v'));
    wait(10 * 365 * 86_400_000);
    expect(states.of('custom.b', HOUR).keys()).toEqual([]);
    expect(states.of('custom.a').keys()).toEqual(['k']);
  });
});

function plain(value: Uint8Array | undefined): readonly number[] | undefined {
  return value === undefined ? undefined : [...value];
}
