// cspell:ignore yyyyyyyyyynn yyynn
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { bench, bytesOf, layerOf, plant, refusalOf, rejection, temporaryFolder, textOf } from './scope-fixture.ts';

describe('host calls', () => {
  it('over the rate are refused and may be made again as time goes by [R-LIMIT-1]', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    try {
      const here = bench({ cwd: '/', limits: { host_calls_per_second: 10 } });
      const make = async (count: number): Promise<string> => {
        let made = '';
        for (let i = 0; i < count; i++)
          made += await here.call('state.keys').then(
            () => 'y',
            (error: { code: string }) => (error.code === 'rate-limited' ? 'n' : '?'),
          );
        return made;
      };
      expect(await make(12)).toBe('yyyyyyyyyynn');
      now.mockReturnValue(99);
      expect(await make(1)).toBe('n');
      now.mockReturnValue(350);
      expect(await make(5)).toBe('yyynn');
      // However long nothing is asked, no more than one second's worth is saved up.
      now.mockReturnValue(1_000_000);
      expect(await make(12)).toBe('yyyyyyyyyynn');
    } finally {
      now.mockRestore();
    }
  });

  it('over the rate do nothing and record nothing, and count for the budget [R-LIMIT-1]', async () => {
    const here = bench({ cwd: '/', limits: { host_calls_per_second: 1, host_calls: 3 } });
    await here.call('state.set', 'a', bytesOf(''));
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    try {
      expect(await refusalOf(here.call('state.set', 'b', bytesOf('')))).toMatchObject({
        code: 'rate-limited',
        errno: 'EAGAIN',
        message: expect.stringContaining('host_calls_per_second = 1') as string,
      });
      await refusalOf(here.call('state.set', 'c', bytesOf('')));
    } finally {
      now.mockRestore();
    }
    expect(await rejection(here.call('state.set', 'd', bytesOf('')))).toMatchObject({
      name: 'SkillError',
      code: 'E_RATE',
      details: { limit: 'host_calls' },
    });
    expect([...here.stored.keys()]).toEqual(['a']);
    expect(here.records).toHaveLength(1);
  });

  it('over the budget end the run, with the limit named and every further call refused [R-LIMIT-1]', async () => {
    const here = bench({ cwd: '/', limits: { host_calls: 5 } });
    for (let i = 0; i < 5; i++) await here.call('state.keys');
    for (let i = 0; i < 3; i++) {
      const error = await rejection(here.call('state.keys'));
      expect(error).toMatchObject({
        code: 'E_RATE',
        message: expect.stringContaining('host_calls = 5') as string,
        hint: expect.stringContaining('--limit host_calls=') as string,
      });
    }
    expect(here.events.map(({ result }) => result)).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
      'ok',
      'refused',
      'refused',
      'refused',
    ]);
  });

  it.each([
    '',
    'fs',
    'constructor',
    '__proto__',
    'toString',
    'fs.read-file ',
    'FS.READ-FILE',
    'http.fetch\0',
    'x'.repeat(100_000),
  ])('for operations that do not exist end the run: %j [R-GATE-1]', async (operation) => {
    const here = bench({ cwd: '/' });
    expect(await rejection(here.call(operation))).toMatchObject({ name: 'WireError' });
    expect(here.events).toMatchObject([{ result: 'refused' }]);
  });

  it.each([
    ['fs.read-file'],
    ['fs.read-file', 1],
    ['fs.read-file', ['a']],
    ['fs.read-file', { path: 'a' }],
    ['fs.write-file', 'a', 'text'],
    ['fs.rename', 'a'],
    ['file.open', 'a', null],
    ['file.open', 'a', { read: 1 }],
    ['file.read', '1', 0, 0],
    ['file.read', 1.5, 0, 0],
    ['file.close', 2 ** 60],
    ['http.fetch', 'GET', 'http://a/', 'x', bytesOf('')],
    ['http.fetch', 'GET', 'http://a/', [['a']], bytesOf('')],
    ['http.fetch', 'GET', 'http://a/', [], ''],
    ['command.execute', 'a', 'b', bytesOf('')],
    ['command.execute', 'a', [1], bytesOf('')],
    ['command.execute', ['a'], [], bytesOf('')],
    ['env.get', null],
    ['secrets.get', true],
    ['state.set', 'a', 'b'],
    ['log', 'info', 1],
  ] as const)(
    'with arguments of another kind end the run, with nothing recorded: %j [R-GATE-1]',
    async (operation, ...args) => {
      const here = bench({ cwd: '/', rules: { read: ['/'], write: ['/'], commands: ['*'] } });
      expect(await rejection(here.call(operation, ...args))).toMatchObject({ name: 'WireError' });
      expect(here.records).toEqual([]);
    },
  );

  it('that are refused are kept, with all a person needs to know and the guest does not [R-GATE-1]', async () => {
    const root = temporaryFolder();
    plant(root, { 'in/a': '', 'out/b': '' });
    const layers = ['manifest', 'corp', 'grant'].map((name) =>
      layerOf(name, { read: [join(root, name === 'corp' ? 'in' : '')] }, { cwd: root }),
    );
    const here = bench({ cwd: join(root, 'in'), layers });
    const refusal = await refusalOf(here.call('fs.read-file', join(root, 'out/b')));
    expect(refusal.message).toBe(`denied by corp: filesystem_read "${root}/out/b" is not granted`);
    expect(here.broker.denials).toMatchObject([
      {
        code: 'E_DENIED',
        layer: 'corp',
        rule: `filesystem_read = ["${root}/in"]`,
        hint: 'the rule is set in corp.toml',
        details: { field: 'capabilities.filesystem_read', source: 'corp.toml', capability: 'filesystem_read' },
      },
    ]);
    expect(here.records).toMatchObject([{ event: 'denied', layer: 'corp', resource: join(root, 'out/b') }]);
  });
});

describe('an open file', () => {
  const flags = { read: true, write: true, create: false, truncate: false, exclusive: false };

  it('is of no more use once its grant is revoked, and of use again when it is given back [R-GATE-5]', async () => {
    const root = temporaryFolder();
    plant(root, { a: 'content' });
    const here = bench({ cwd: root, rules: { read: [root], write: [root] } });
    const file = await here.call('file.open', join(root, 'a'), flags);
    const granted = here.layers;
    for (const left of [
      [],
      [layerOf('grant', { read: [join(root, 'b')] }, { cwd: root })],
      [...granted, layerOf('corp', {}, { cwd: root })],
    ]) {
      here.layers = left;
      for (const [operation, ...args] of [
        ['file.read', 0, 10],
        ['file.write', 0, bytesOf('bad')],
        ['file.resize', 0],
        ['file.stat'],
      ] as const) {
        expect(await refusalOf(here.call(operation, file, ...args))).toMatchObject({ code: 'denied' });
        expect(here.records.at(-1)).toMatchObject({ event: 'denied', resource: join(root, 'a') });
      }
    }
    here.layers = granted;
    expect(await textOf(here.call('file.read', file, 0, 10))).toBe('content');
    here.layers = [];
    await here.call('file.close', file);
  });
});

describe('a run that is over', () => {
  it('has no more effects, whatever still arrives [R-GATE-5]', async () => {
    const root = temporaryFolder();
    const here = bench({ cwd: root, rules: { write: [root] } });
    here.run.abort(new Error('over'));
    for (const [operation, ...args] of [
      ['fs.make-directory', join(root, 'd')],
      ['state.set', 'k', bytesOf('')],
      ['http.fetch', 'GET', 'http://a/', [], bytesOf('')],
      ['command.execute', 'a', [], bytesOf('')],
    ] as const) {
      expect(await rejection(here.call(operation, ...args))).toMatchObject({ message: 'over' });
    }
    expect(here.records).toEqual([]);
    expect(here.stored.size).toBe(0);
  });
});
