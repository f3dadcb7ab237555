import { describe, expect, it } from 'vitest';
import type { WireValue } from '../../host/index.ts';
import type { MockCommand } from '../../src/recipe/test/recipe-test.ts';
import type { MockResponse } from '../../src/trial/tool-case.ts';
import { World, type WorldOptions } from '../../src/trial/world.ts';

const response = (request: string, more: Partial<MockResponse> = {}): MockResponse => ({
  request,
  status: 200,
  headers: new Map([['a', 'b']]),
  body: 'of the mock',
  times: undefined,
  ...more,
});
const command = (line: string, more: Partial<MockCommand> = {}): MockCommand => ({
  command: line,
  exitCode: 0,
  stdout: 'out',
  stderr: 'err',
  times: undefined,
  ...more,
});

function world(
  of: { responses?: readonly MockResponse[]; commands?: readonly MockCommand[] },
  options: Partial<WorldOptions> = {},
): World {
  const judge = (want: string) => ({ isDeclared: !want.includes('elsewhere'), rule: 'network = []' });
  return new World(
    { responses: [], commands: [], ...of },
    { judge, startsPrograms: false, isLenient: false, ...options },
  );
}

const acted = (): Promise<WireValue> => Promise.resolve('acted');
const fetching = (of: World, url: string, method = 'GET') => of.answering('http.fetch', [method, url, [], ''], acted);
const running = (of: World, ...words: string[]) =>
  of.answering('command.execute', [words[0] ?? '', words.slice(1), ''], acted);

describe('the world of a case, without a guest [R-TRIAL-2]', () => {
  it('answers by the first mock that fits and is not used up', async () => {
    const of = world({
      responses: [
        response('POST *'),
        response('GET *', { status: 404, times: 1 }),
        response('GET https://a.example/*'),
      ],
    });
    expect(await fetching(of, 'https://a.example/x')).toEqual([404, [['a', 'b']], Buffer.from('of the mock')]);
    expect(await fetching(of, 'https://a.example/x')).toEqual([200, [['a', 'b']], Buffer.from('of the mock')]);
    expect(await fetching(of, 'https://b.example/', 'POST')).toEqual([200, [['a', 'b']], Buffer.from('of the mock')]);
    expect(of.uses.map(({ want }) => want)).toEqual([
      'network=GET https://a.example/x',
      'network=GET https://a.example/x',
      'network=POST https://b.example/',
    ]);
  });

  it('denies what is not declared, also where a mock would answer', async () => {
    const of = world({ responses: [response('* *')], commands: [command('elsewhere *')] });
    await expect(fetching(of, 'https://elsewhere.example/')).rejects.toMatchObject({ code: 'E_DENIED' });
    await expect(running(of, 'elsewhere', 'x')).rejects.toMatchObject({ code: 'E_DENIED', layer: 'manifest' });
    expect(of.unexpected).toEqual([]);
  });

  it('refuses what no mock answers, and remembers it', async () => {
    const of = world({ responses: [response('GET https://b.example/')], commands: [command('git status')] });
    await expect(fetching(of, 'https://a.example/')).rejects.toMatchObject({ code: 'failed' });
    await expect(running(of, 'git', 'push')).rejects.toMatchObject({ code: 'failed' });
    expect(of.unexpected).toEqual(['GET https://a.example/', 'git push']);
  });

  it('lets programs start only where the tool is one', async () => {
    const of = world({ commands: [command('git status')] }, { startsPrograms: true });
    expect(await running(of, 'git', 'push')).toBe('acted');
    expect(await running(of, 'git', 'status')).toEqual([0, Buffer.from('out'), Buffer.from('err')]);
  });

  it('leaves files, variables, state and words to the run', async () => {
    for (const operation of ['fs.read-file', 'env.get', 'secrets.get', 'state.set', 'log', 'file.open'])
      expect(await world({}).answering(operation, ['x'], acted)).toBe('acted');
  });

  it('answers everything where it is to go on, and says what is not declared', async () => {
    const of = world({}, { isLenient: true });
    expect(await fetching(of, 'https://elsewhere.example/')).toEqual([
      200,
      [['content-type', 'application/json']],
      Buffer.from('{}'),
    ]);
    expect(await running(of, 'rm', '-rf')).toEqual([0, new Uint8Array(), new Uint8Array()]);
    expect(of.uses.map(({ isDeclared }) => isDeclared)).toEqual([false, true]);
  });
});
