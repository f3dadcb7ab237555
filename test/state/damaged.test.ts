import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { RuntimeNotes } from '../../src/state/notes.ts';
import { connect } from '../../src/state/sqlite.ts';
import { bytes, ID, open, start, statePath, textOf, thrownBy } from './support.ts';

const NOBODY = 65_534;
const VALUES = Array.from({ length: 60 }, (_, i) => [`k${i}`, `${i}-`.repeat(100)] as const);

/** A database of several pages, all in one file, by a process that is gone: so nothing of it is known in this one. */
async function filled(): Promise<string> {
  const path = statePath();
  const code = `for (const [key, value] of JSON.parse(args[0])) states.of('${ID}').set(key, bytes(value));`;
  expect(await start(path, code, [JSON.stringify(VALUES)]).ended).toMatchObject({ errors: '', code: 0 });
  return path;
}

const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** A database that somebody else made, with SQL. */
function foreign(sql: string): string {
  const path = statePath();
  mkdirSync(dirname(path));
  const connection = connect(path, 100);
  connection.exec(sql);
  connection.close();
  return path;
}

/** Acts as a user who owns these files, and who is not root, whom no mode keeps out. */
function asNobody(owned: readonly string[], act: () => void): void {
  if (process.geteuid?.() !== 0) return act();
  for (const path of owned) chownSync(path, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    act();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a file that is no state of this skillhost [R-STATE-6]', () => {
  it.each<[what: string, make: () => string | Promise<string>, message: RegExp, hint: RegExp]>([
    [
      'text',
      () => {
        const path = statePath();
        mkdirSync(dirname(path));
        writeFileSync(path, 'not a database, but longer than the head of one would be. '.repeat(20));
        return path;
      },
      /no database/,
      /move it away/,
    ],
    [
      'cut off in the middle',
      async () => {
        const path = await filled();
        truncateSync(path, 10_000);
        return path;
      },
      /damaged/,
      /move it away/,
    ],
    [
      'of a newer skillhost',
      () => foreign('PRAGMA user_version = 2; CREATE TABLE later (a)'),
      /newer skillhost.*format 2/,
      /that version of skillhost/,
    ],
    ['of something else', () => foreign('CREATE TABLE books (title)'), /something else wrote it/, /move it away/],
    [
      'of something else with a number of its own',
      () => foreign('PRAGMA user_version = -7'),
      /something else wrote it/,
      /move it away/,
    ],
    [
      'a folder',
      () => {
        const path = statePath();
        mkdirSync(path, { recursive: true });
        return path;
      },
      /cannot be opened/,
      /--home/,
    ],
  ])('%s is told, and left as it is', async (what, make, message, hint) => {
    const path = await make();
    const before = what === 'a folder' ? '' : digest(path);
    const { states, database } = open(path);
    const store = states.of(ID);
    for (const act of [
      () => store.get('k0'),
      () => store.set('k', bytes('v')),
      () => store.keys(),
      () => states.openState(ID, { version: 0, migrate: undefined, ttlMs: undefined, maxBytes: 1 }),
      () => states.removeState(ID),
      () => new RuntimeNotes(database).set('a', 'b', 1),
    ]) {
      const error = thrownBy(act);
      expect(error).toBeInstanceOf(SkillError);
      expect(error).toMatchObject({ code: 'E_STORE', details: { path }, hint: expect.stringMatching(hint) });
      expect((error as SkillError).message).toMatch(message);
    }
    database.close();
    if (what !== 'a folder') expect(digest(path)).toBe(before);
  });

  it('that is empty, as a process leaves it that is killed at the first moment, is begun', () => {
    const path = statePath();
    mkdirSync(dirname(path));
    writeFileSync(path, '');
    const { states } = open(path);
    states.of(ID).set('k', bytes('v'));
    expect(textOf(states.of(ID).get('k'))).toBe('v');
  });

  it('moved away as the hint says, makes room for a new one', () => {
    const path = foreign('CREATE TABLE books (title)');
    const { states } = open(path);
    expect(() => states.of(ID).set('k', bytes('v'))).toThrow('something else');
    for (const name of readdirSync(dirname(path)))
      renameSync(join(dirname(path), name), join(dirname(path), `${name}.old`));
    states.of(ID).set('k', bytes('v'));
    expect(states.of(ID).keys()).toEqual(['k']);
  });

  it('moved away from under one that has it open, is not written to any more', () => {
    const path = statePath();
    const { states } = open(path);
    const store = states.of(ID);
    store.set('k', bytes('old'));
    const away = `${dirname(path)}-away`;
    renameSync(dirname(path), away);
    expect([store.get('k'), store.keys()]).toEqual([undefined, []]);
    store.set('k', bytes('new'));
    expect(textOf(open(join(away, 'state.db')).states.of(ID).get('k'))).toBe('old');
    expect(textOf(open(path).states.of(ID).get('k'))).toBe('new');
  });

  it('without the right to write it says so [only linux]', async (context) => {
    if (process.platform !== 'linux') context.skip('modes are of Linux here');
    const path = await filled();
    const home = dirname(path);
    const rights = [
      [path, 0o400],
      [home, 0o500],
      [dirname(home), 0o711],
    ] as const;
    for (const [at, mode] of rights) chmodSync(at, mode);
    try {
      asNobody([path, home], () =>
        expect(thrownBy(() => open(path).states.of(ID).set('k', bytes('v')))).toMatchObject({ code: 'E_STORE' }),
      );
    } finally {
      chmodSync(home, 0o700);
    }
  });

  it('with bytes changed anywhere gives values as they were written, or says why not; never others', async () => {
    const path = await filled();
    const whole = readFileSync(path);
    let refused = 0;
    const property = fc.property(fc.nat(), fc.integer({ min: 8, max: 400 }), fc.nat(255), (at, length, fill) => {
      // The head of the file and its pages; the texts of the values themselves carry no sum.
      const place = at % 100;
      const bytesNow = Buffer.from(whole);
      bytesNow.fill(fill, place, place + length);
      writeFileSync(path, bytesNow);
      const { states, database } = open(path, { waitMs: 50 });
      try {
        const store = states.of(ID);
        for (const [key, value] of VALUES) expect([value, undefined]).toContain(textOf(store.get(key)));
      } catch (error) {
        expect(error).toMatchObject({ code: 'E_STORE' });
        refused += 1;
      } finally {
        database.close();
      }
    });
    fc.assert(property, { numRuns: 60 });
    expect(refused).toBeGreaterThan(0);
  });
});
