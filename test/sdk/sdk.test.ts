import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  callTool,
  createTestContext,
  createToolHandler,
  defineSkill,
  defineTool,
  describeTools,
  HostError,
  type HostModules,
  serve,
} from '../../src/sdk/index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const skill = defineSkill({
  tools: {
    greet: defineTool({
      description: 'Greets',
      parameters: z.object({ name: z.string().min(1), times: z.number().int().default(1) }),
      returns: z.string(),
      handler: ({ name, times }) => `Hello, ${name}!`.repeat(times),
    }),
    weather: defineTool({
      description: 'Asks a server',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      handler: createToolHandler<{ city: string }, number>(async ({ city }, { http, log, env }) => {
        log('info', `asking for ${city}`);
        const { status, json, headers } = http.fetch(`https://weather.example/${city}`, {
          headers: { 'x-unit': env('UNIT') ?? 'C' },
        });
        if (status !== 200 || headers['content-type'] !== 'application/json') throw new Error(`status ${status}`);
        return Promise.resolve((json() as { degrees: number }).degrees);
      }),
    }),
    nothing: defineTool({ description: 'Does nothing', handler: () => undefined }),
    wrong: defineTool({
      description: 'Lies',
      parameters: z.object({}),
      returns: z.string(),
      handler: () => 3 as never,
    }),
  },
});

describe('a skill of the SDK [R-SDK-1]', () => {
  it('describes its tools with JSON Schema, whatever they were written with', () => {
    expect(describeTools(skill)).toEqual([
      {
        name: 'greet',
        description: 'Greets',
        parameters: {
          type: 'object',
          properties: { name: { type: 'string', minLength: 1 }, times: { type: 'integer', default: 1 } },
          required: ['name'],
        },
        returns: { type: 'string' },
      },
      {
        name: 'weather',
        description: 'Asks a server',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
      {
        name: 'nothing',
        description: 'Does nothing',
        parameters: { type: 'object', properties: {}, additionalProperties: false },
      },
      {
        name: 'wrong',
        description: 'Lies',
        parameters: { type: 'object', properties: {} },
        returns: { type: 'string' },
      },
    ]);
  });

  it('takes what its schema makes of arguments', async () => {
    expect(await callTool(skill, 'greet', { name: 'Ada' })).toBe('Hello, Ada!');
    expect(await callTool(skill, 'greet', { name: 'Ada', times: 2 })).toBe('Hello, Ada!Hello, Ada!');
    expect(await callTool(skill, 'nothing')).toBeUndefined();
  });

  it.each<[tool: string, params: unknown, says: RegExp]>([
    ['greet', { name: '' }, /^parameters\.name: Too small/],
    ['greet', {}, /^parameters\.name: Invalid input/],
    ['greet', { name: 'a', times: 1.5 }, /^parameters\.times: /],
    ['wrong', {}, /^the result: Invalid input/],
    ['toString', {}, /there is no tool "toString"/],
  ])('%s %j fails: %s', async (tool, params, says) => {
    await expect(callTool(skill, tool, params)).rejects.toThrow(says);
  });

  it.each([
    ['a name with a capital', { Greet: { description: 'x', handler: () => 1 } }],
    ['a name with a dot', { 'a.b': { description: 'x', handler: () => 1 } }],
    ['no description', { greet: { description: '', handler: () => 1 } }],
  ])('with %s is refused when it is defined', (_, tools) => {
    expect(() => defineSkill({ tools })).toThrow(TypeError);
  });

  it('of a library that cannot give JSON Schema says so', () => {
    const parameters = { '~standard': { version: 1, vendor: 'old', validate: () => ({ value: 1 }) } } as const;
    const old = { tools: { one: { description: 'x', parameters, handler: () => 1 } } };
    expect(() => describeTools(old)).toThrow(/old gives no JSON Schema/);
  });
});

describe('the world for tests of the SDK [R-SDK-2]', () => {
  it('answers what it was given, and remembers what was asked', async () => {
    const context = createTestContext({
      http: {
        'GET https://weather.example/oslo': { headers: { 'Content-Type': 'application/json' }, body: { degrees: -3 } },
      },
      env: { UNIT: 'F' },
    });
    expect(await callTool(skill, 'weather', { city: 'oslo' }, context)).toBe(-3);
    expect(context.calls).toEqual(['env UNIT', 'http.fetch GET https://weather.example/oslo']);
    expect(context.logged).toEqual(['info: asking for oslo']);
    await expect(callTool(skill, 'weather', { city: 'rome' }, context)).rejects.toThrow(
      'the test has no answer for http.fetch GET https://weather.example/rome',
    );
  });

  it('has files, variables, secrets, state and programs', () => {
    const context = createTestContext({
      files: { 'a/b.txt': 'B', 'c.txt': 'C' },
      secrets: { token: 't' },
      state: { seen: '1' },
      commands: { 'git status': { stdout: 'clean' } },
    });
    expect(context.files.readText('c.txt')).toBe('C');
    expect(context.files.read('a/b.txt')).toEqual(bytes('B'));
    expect(context.files.list('.')).toEqual([
      { name: 'a', kind: 'directory' },
      { name: 'c.txt', kind: 'file' },
    ]);
    expect(context.files.list('a/')).toEqual([{ name: 'b.txt', kind: 'file' }]);
    context.files.write('d.txt', bytes('D'));
    expect(context.written.get('d.txt')).toBe('D');
    expect(context.files.stat('d.txt').size).toBe(1);
    expect([context.secret('token'), context.secret('none'), context.env('none')]).toEqual(['t', undefined, undefined]);
    context.state.set('more', 'x');
    context.state.delete('seen');
    expect([context.state.keys(), context.state.getText('more'), context.state.get('seen')]).toEqual([
      ['more'],
      'x',
      undefined,
    ]);
    context.cache.set('made', bytes('y'), 1);
    expect([context.cache.getText('made'), context.cache.get('none')]).toEqual(['y', undefined]);
    expect(context.run('git', ['status'])).toEqual({ exitCode: 0, stdout: 'clean', stderr: '' });
    expect(() => context.run('rm', ['-rf'])).toThrow(HostError);
    expect(() => context.files.readText('none')).toThrow(HostError);
  });
});

/** As componentize-js throws what an interface calls an error. */
function refusing(code: string): never {
  throw Object.assign(new Error('component error'), { payload: { code, message: `it is ${code}` } });
}

describe('the guest side of the SDK [R-SDK-3]', () => {
  const asked: unknown[] = [];
  const host: HostModules = {
    command: { execute: (...args) => (asked.push(args), { exitCode: 3, stdout: bytes('out'), stderr: bytes('err') }) },
    filesystem: {
      readFile: () => bytes('text'),
      writeFile: (...args) => void asked.push(args),
      listDirectory: () => [{ name: 'a', kind: 'file' }],
      stat: () => ({ kind: 'file', size: 4n, modified: 5n }),
    },
    http: {
      fetch: (request) => (
        asked.push(request),
        { status: 200, headers: [{ name: 'X', value: 'y' }], body: bytes('{}') }
      ),
    },
    env: { get: () => refusing('not-found') },
    secrets: { get: () => refusing('denied') },
    state: { get: () => bytes('kept'), set: () => undefined, delete: () => undefined, keys: () => ['k'] },
    cache: { get: () => refusing('not-found'), set: (...args) => void asked.push(args) },
    log: { log: () => undefined },
  };
  const every = defineSkill({
    tools: {
      all: defineTool({
        description: 'Asks for everything',
        handler: (_, { run, files, http, env, state, cache, log }) => {
          log('info', 'x');
          files.write('a', 'b');
          state.set('k', 'v');
          state.delete('k');
          cache.set('c', 'made', 1_000.5);
          return {
            run: run('git', ['log'], 'in'),
            text: files.readText('a'),
            read: files.read('a').length,
            list: files.list('.'),
            stat: files.stat('a'),
            http: http.fetch('https://a.example', { method: 'post', headers: { a: 'b' }, body: 'c' }).headers,
            env: env('X') ?? 'none',
            state: [state.getText('k'), state.get('k')?.length, state.keys()],
            cache: cache.getText('c') ?? 'gone',
          };
        },
      }),
      secret: defineTool({ description: 'Asks for a secret', handler: (_, { secret }) => secret('token') ?? 'none' }),
      throwing: defineTool({
        description: 'Throws what is no error',
        handler: () => {
          // oxlint-disable-next-line only-throw-error
          throw 'plain';
        },
      }),
    },
  });

  it('calls the functions of the host with what they take', async () => {
    const result = JSON.parse(await serve(every, host).call('all', '{}')) as unknown;
    expect(result).toEqual({
      run: { exitCode: 3, stdout: 'out', stderr: 'err' },
      text: 'text',
      read: 4,
      list: [{ name: 'a', kind: 'file' }],
      stat: { kind: 'file', size: 4, modified: 5 },
      http: { x: 'y' },
      env: 'none',
      state: ['kept', 4, ['k']],
      cache: 'gone',
    });
    expect(asked).toEqual([
      ['a', bytes('b')],
      ['c', bytes('made'), 1_000n],
      ['git', ['log'], bytes('in')],
      { method: 'POST', url: 'https://a.example', headers: [{ name: 'a', value: 'b' }], body: bytes('c') },
    ]);
  });

  it('throws texts, by which the interface tells errors', async () => {
    await expect(serve(every, host).call('secret', '{}')).rejects.toBe('it is denied');
    await expect(serve(every, host).call('throwing', '{}')).rejects.toBe('plain');
    await expect(serve(every, host).call('none', '{}')).rejects.toBe('there is no tool "none"');
    await expect(serve(every, host).call('all', '{')).rejects.toMatch(/JSON/);
  });

  it('describes itself as JSON', () => {
    expect(JSON.parse(serve(every, host).describe())).toEqual(describeTools(every));
  });
});
