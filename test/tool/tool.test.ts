import { describe, expect, it } from 'vitest';
import type { GuestTool, ModuleDescription } from '../../host/index.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { resolveTools, type Tool } from '../../src/tool/tool.ts';
import { validateInput, validateOutput } from '../../src/tool/validate.ts';
import { parseClean } from '../manifest/sample.ts';
import { manifest } from '../runtime/folders.ts';
import { wasmTool } from './support.ts';

const SCHEMA = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };

function guestTool(name: string, of: Partial<GuestTool> = {}): GuestTool {
  const entry = { abi: 'component', interfaceName: '', name } as const;
  return { name, input: 'json', parameters: SCHEMA, returns: { type: 'string' }, entry, ...of };
}

function moduleOf(...tools: GuestTool[]): ModuleDescription {
  return { kind: 'component', tools, notTools: [], imports: [] };
}

function declare(rest: string): Promise<Manifest> {
  return parseClean(manifest('custom.sample', `[executable]\nmodule = "bin/a.wasm"\n${rest}`));
}

const toml = (name: string, rest = ''): string => `[[tools]]\nname = "${name}"\ndescription = "Does it"\n${rest}`;
const RUN = guestTool('run', { input: 'command', parameters: undefined, returns: undefined });
const SHARED = guestTool('one-get', { entry: guestTool('get').entry });

describe('the tools of a skill', () => {
  it.each<[what: string, declared: string, module: ModuleDescription, names: string[]]>([
    ['derived when none is declared', '', moduleOf(guestTool('a'), guestTool('b')), ['a', 'b']],
    ['only those declared', toml('b'), moduleOf(guestTool('a'), guestTool('b')), ['b']],
    ['under a name of their own', toml('mine', 'export = "a"\n'), moduleOf(guestTool('a')), ['mine']],
    ['a command by any name', toml('anything'), moduleOf(RUN), ['anything']],
    ['found by the name of the function', toml('get'), moduleOf(SHARED), ['get']],
  ])('%s', async (_what, declared, module, names) => {
    const { tools, problems } = resolveTools(await declare(declared), module);
    expect(tools.map(({ name }) => name)).toEqual(names);
    expect(problems).toEqual([]);
  });

  it('a bare module has all its tools', () => {
    expect(resolveTools(undefined, moduleOf(guestTool('a'))).tools).toMatchObject([{ name: 'a', parameters: SCHEMA }]);
  });

  it('what is declared goes before what is derived, field by field', async () => {
    const own = await declare(toml('a', '[tools.parameters]\nb = { type = "string" }\n'));
    const [declared] = resolveTools(own, moduleOf(guestTool('a', { input: 'raw' }))).tools;
    expect(declared).toMatchObject({ input: 'json', description: 'Does it', returns: { type: 'string' } });
    expect(declared?.parameters?.['properties']).toEqual({ b: { type: 'string' } });
  });

  it('an export that is missing is a problem that names those there are [R-MANIFEST-3]', async () => {
    const own = await declare(`exports = ["a", "gone"]\n${toml('lost')}${toml('mine', 'export = "away"\n')}`);
    expect(resolveTools(own, moduleOf(guestTool('a'), guestTool('b'))).problems).toMatchObject([
      { severity: 'error', code: 'M_EXPORT', field: 'executable.exports[1]', fix: 'it exports: a, b' },
      { field: 'tools[0].name', message: expect.stringContaining('"lost"') },
      { field: 'tools[1].export', message: expect.stringContaining('"away"') },
    ]);
  });

  it('of an empty module are none, and the problem says so', async () => {
    const { problems } = resolveTools(await declare(toml('a')), moduleOf());
    expect(problems).toMatchObject([{ fix: 'it exports no function that can be a tool' }]);
  });
});

describe('what does not fit [R-RUN-3]', () => {
  const parameters = {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 3 },
      list: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] } },
      kind: { enum: ['x', 'y'] },
    },
    required: ['name'],
    additionalProperties: false,
  };
  const checked: Tool = wasmTool(guestTool('t', { parameters, returns: parameters }));

  it.each<[value: unknown, places: string[]]>([
    [{}, ['name']],
    [{ name: 'long name' }, ['name: ']],
    [{ name: 'a', list: [{ n: 1 }, { n: 'x' }] }, ['list/1/n: ']],
    [{ name: 'a', list: [{}] }, ['list/0: ']],
    [{ name: 4, kind: 'z' }, ['name: ', 'kind: ']],
    [{ name: 'a', extra: 1 }, ['extra']],
    ['text', ['object']],
    [null, ['object']],
    [[], ['object']],
  ])('%j', (value, places) => {
    const input = refused(() => validateInput(checked, value));
    expect(input).toMatchObject({ code: 'E_INPUT', hint: 't takes name [list] [kind]' });
    expect(refused(() => validateOutput(checked, value))).toMatchObject({ code: 'E_OUTPUT' });
    for (const place of places) expect(input.message).toContain(place);
  });

  it('is told from the deepest place, not from all those around it', () => {
    const { message } = refused(() => validateInput(checked, { name: 'a', list: [{ n: 1 }, { n: 'x' }] }));
    expect(message.match(/list/g)).toHaveLength(1);
  });

  it.each<[what: string, value: unknown, says: string]>([
    ['a deep value', nested(100), 'nested more than 64 deep'],
    ['a wide value', Array.from({ length: 100_001 }, () => 0), 'more than 100000 values'],
    ['a key that is a trap', JSON.parse('{"a":{"__proto__":1}}'), '__proto__'],
  ])('%s is refused before it is looked into', (_what, value, says) => {
    expect(refused(() => validateInput(checked, value)).message).toContain(says);
  });

  it('a tool without a schema takes what it gets', () => {
    const free = { ...checked, parameters: undefined, returns: undefined };
    expect(() => [validateInput(free, nested(100)), validateOutput(free, 4)]).not.toThrow();
  });
});

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i += 1) value = [value];
  return value;
}

function refused(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it was not refused');
}
