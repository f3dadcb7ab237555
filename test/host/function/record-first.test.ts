import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WireValue } from '../../../host/wire/codec.ts';
import { programs } from './program-fixture.ts';
import { type Bench, bench, bytesOf, plant, rejection } from './scope-fixture.ts';
import { request, serve, type Web } from './web-fixture.ts';

// What every effect leaves behind, looked at from inside the record's own write: it must not be there yet.

interface Surroundings {
  readonly root: string;
  readonly web: Web;
  readonly here: Bench;
}

interface Effect {
  readonly ask: (around: Surroundings) => readonly [operation: string, ...args: WireValue[]];
  /** Whether it has happened. */
  readonly isDone: (around: Surroundings) => boolean;
  readonly records: readonly string[];
}

const at = ({ root }: Surroundings, name: string): string => join(root, 'd', name);
const FLAGS = { read: false, write: false, create: false, truncate: false, exclusive: false };

const EFFECTS: Readonly<Record<string, Effect>> = {
  'making a file': {
    ask: (a) => ['fs.write-file', at(a, 'new'), bytesOf('x')],
    isDone: (a) => existsSync(at(a, 'new')),
    records: ['mutated filesystem_write'],
  },
  'changing a file': {
    ask: (a) => ['fs.write-file', at(a, 'a.txt'), bytesOf('')],
    isDone: (a) => readFileSync(at(a, 'a.txt'), 'utf8') !== 'old',
    records: ['mutated filesystem_write'],
  },
  'changing a file through a link': {
    ask: (a) => ['fs.write-file', at(a, 'link'), bytesOf('')],
    isDone: (a) => readFileSync(at(a, 'a.txt'), 'utf8') !== 'old',
    records: ['mutated filesystem_write'],
  },
  'opening a file to make it': {
    ask: (a) => ['file.open', at(a, 'new'), { ...FLAGS, write: true, create: true }],
    isDone: (a) => existsSync(at(a, 'new')),
    records: ['mutated filesystem_write'],
  },
  'opening a file to empty it': {
    ask: (a) => ['file.open', at(a, 'a.txt'), { ...FLAGS, truncate: true }],
    isDone: (a) => readFileSync(at(a, 'a.txt'), 'utf8') !== 'old',
    records: ['mutated filesystem_write'],
  },
  'opening a file for both': {
    ask: (a) => ['file.open', at(a, 'a.txt'), { ...FLAGS, read: true, write: true, truncate: true }],
    isDone: (a) => readFileSync(at(a, 'a.txt'), 'utf8') !== 'old',
    records: ['mutated filesystem_write', 'used filesystem_read'],
  },
  'making a folder': {
    ask: (a) => ['fs.make-directory', at(a, 'new')],
    isDone: (a) => existsSync(at(a, 'new')),
    records: ['mutated filesystem_write'],
  },
  'removing a file': {
    ask: (a) => ['fs.remove-file', at(a, 'a.txt')],
    isDone: (a) => !existsSync(at(a, 'a.txt')),
    records: ['mutated filesystem_write'],
  },
  'removing a folder': {
    ask: (a) => ['fs.remove-directory', at(a, 'e')],
    isDone: (a) => !existsSync(at(a, 'e')),
    records: ['mutated filesystem_write'],
  },
  renaming: {
    ask: (a) => ['fs.rename', at(a, 'a.txt'), at(a, 'new')],
    isDone: (a) => existsSync(at(a, 'new')),
    records: ['mutated filesystem_write', 'mutated filesystem_write'],
  },
  'asking a server': {
    ask: ({ web }) => ['http.fetch', ...request(web.origin)] as [string, ...WireValue[]],
    isDone: ({ web }) => web.connections > 0,
    records: ['used network'],
  },
  'starting a program': {
    ask: () => ['command.execute', 'touch', [], bytesOf('')],
    isDone: ({ root }) => existsSync(join(root, 'd', 'touched')),
    records: ['used terminal_exec'],
  },
  'handing out a secret': {
    ask: () => ['secrets.get', 'token'],
    isDone: ({ here }) => here.handedOut.length > 0,
    records: ['used secrets_access'],
  },
  'keeping state': {
    ask: () => ['state.set', 'k', bytesOf('v')],
    isDone: ({ here }) => here.stored.has('k'),
    records: ['mutated state'],
  },
  'keeping something in the cache': {
    ask: () => ['cache.set', 'k', bytesOf('v'), 1],
    isDone: ({ here }) => here.cached.has('k'),
    records: ['mutated state'],
  },
};

async function surround(onRecord: (around: Surroundings) => void): Promise<Surroundings> {
  const { root, bin, add } = programs();
  plant(root, { 'd/a.txt': 'old', 'd/e/x': '' });
  symlinkSync('a.txt', join(root, 'd/link'));
  add('touch', `require('node:fs').writeFileSync(${JSON.stringify(join(root, 'd/touched'))}, '')`);
  const web = await serve();
  const dir = join(root, 'd');
  const rules = { read: [dir], write: [dir], network: [web.origin], commands: ['touch'], secrets: ['token'] };
  const here = bench({ cwd: root, path: bin, rules, secrets: { token: 'value' }, onRecord: () => onRecord(around) });
  const around = { root, web, here };
  await here.call('fs.remove-file', join(dir, 'e/x'));
  here.records.length = 0;
  here.events.length = 0;
  return around;
}

describe.each(Object.entries(EFFECTS))('%s', (_name, { ask, isDone, records }) => {
  it('happens after its record, of which there is one for each place it touches [R-LEDGER-1]', async () => {
    const seen: boolean[] = [];
    const around = await surround((one) => void seen.push(isDone(one)));
    seen.length = 0;
    const [operation, ...args] = ask(around);
    await around.here.call(operation, ...args);
    expect(isDone(around)).toBe(true);
    expect(seen).toEqual(records.map(() => false));
    expect(around.here.records.map(({ event, capability, result }) => [`${event} ${capability}`, result])).toEqual(
      records.map((text) => [text, 'allowed']),
    );
  });

  it.each([
    ['an error', () => new Error('broken')],
    ['a full disk', () => Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', syscall: 'write' })],
    ['a missing ledger', () => Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open' })],
  ])('does not happen when its record meets %s, and the run ends [R-LEDGER-1]', async (_fault, fault) => {
    let isBroken = false;
    const around = await surround(() => {
      if (isBroken) throw fault();
    });
    isBroken = true;
    const [operation, ...args] = ask(around);
    expect(await rejection(around.here.call(operation, ...args))).toMatchObject({
      name: 'SkillError',
      code: 'E_LEDGER',
    });
    expect(isDone(around)).toBe(false);
    expect(around.here.records).toEqual([]);
    expect(around.here.events).toMatchObject([{ operation, result: 'refused' }]);
  });
});

// What a skill keeps is always open to it: there is no grant to revoke.
const GRANTED = Object.entries(EFFECTS).filter(([name]) => !name.startsWith('keeping'));

describe.each(GRANTED)('%s', (_name, { ask, isDone }) => {
  it('does not happen once its grant is revoked, and the refusal is recorded [R-GATE-5]', async () => {
    const around = await surround(() => undefined);
    const [operation, ...args] = ask(around);
    around.here.layers = [];
    expect(await rejection(around.here.call(operation, ...args))).toMatchObject({ code: 'denied' });
    expect(isDone(around)).toBe(false);
    expect(around.here.records).toMatchObject([{ event: 'denied', result: 'denied' }]);
  });
});
