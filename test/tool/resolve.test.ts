import { describe, expect, it } from 'vitest';
import type { GuestTool, ModuleDescription } from '../../host/index.ts';
import { resolveTools, type Tool } from '../../src/tool/tool.ts';
import { parseClean } from '../manifest/sample.ts';
import { manifest } from '../runtime/folders.ts';

const OWN = { type: 'object', properties: { own: { type: 'string' } } };
const DERIVED = { type: 'object', properties: { derived: { type: 'string' } } };

function guestTool(name: string, of: Partial<GuestTool> = {}): GuestTool {
  const entry = { abi: 'component', interfaceName: '', name } as const;
  return { name, input: 'json', parameters: undefined, returns: undefined, entry, ...of };
}

const moduleOf = (...tools: GuestTool[]): ModuleDescription => ({
  kind: 'component',
  tools,
  notTools: [],
  imports: [],
});
const toml = (name: string, rest = ''): string => `[[tools]]\nname = "${name}"\ndescription = "Does it"\n${rest}\n`;

async function resolved(declared: string, module: ModuleDescription): Promise<ReturnType<typeof resolveTools>> {
  return resolveTools(await parseClean(manifest('custom.a', `[executable]\nmodule = "a.wasm"\n${declared}`)), module);
}

describe('what a tool is, declared and derived', () => {
  const own = 'parameters = { own = { type = "string" } }';
  it.each<[what: string, rest: string, guest: Partial<GuestTool>, merged: Partial<Tool>]>([
    ['neither says', '', {}, { input: 'json', parameters: undefined, returns: undefined }],
    [
      'the module says',
      '',
      { parameters: DERIVED, returns: OWN },
      { input: 'json', parameters: DERIVED, returns: OWN },
    ],
    ['the manifest says', own, {}, { input: 'json', parameters: expect.objectContaining(OWN), returns: undefined }],
    [
      'both say',
      own,
      { parameters: DERIVED, returns: DERIVED },
      { parameters: expect.objectContaining(OWN), returns: DERIVED },
    ],
    ['both say of the result', 'returns = { type = "string" }', { returns: DERIVED }, { returns: { type: 'string' } }],
    ['raw without a schema', '', { input: 'raw' }, { input: 'raw', parameters: undefined }],
    ['raw with a schema', own, { input: 'raw' }, { input: 'json', parameters: expect.objectContaining(OWN) }],
    ['raw with a result alone', 'returns = { type = "string" }', { input: 'raw' }, { input: 'raw' }],
    ['a command without a schema', '', { input: 'command' }, { input: 'command' }],
    ['a command with a schema', own, { input: 'command' }, { input: 'json' }],
  ])('%s', async (_what, rest, of, merged) => {
    const guest = guestTool('a', of);
    const { tools, problems } = await resolved(toml('a', rest), moduleOf(guest));
    expect(problems).toEqual([]);
    expect(tools).toEqual([
      { ...tools[0], name: 'a', description: 'Does it', ...merged, action: { type: 'wasm', guest } },
    ]);
  });

  it('a derived tool is its function and has no description', () => {
    const guest = guestTool('a', { input: 'raw', parameters: DERIVED, returns: OWN });
    const { tools, problems } = resolveTools(undefined, moduleOf(guest));
    expect({ tools, problems }).toMatchObject({
      tools: [
        {
          name: 'a',
          description: '',
          input: 'raw',
          parameters: DERIVED,
          returns: OWN,
          action: { type: 'wasm', guest },
        },
      ],
      problems: [],
    });
  });
});

describe('which function a tool is', () => {
  const A = guestTool('a');
  const B = guestTool('b');
  const RUN = guestTool('run', { input: 'command' });
  const LIKE_B = guestTool('x-b', { entry: B.entry });

  it.each<[what: string, declared: string, module: ModuleDescription, is: string[]]>([
    ['by its name', toml('b') + toml('a'), moduleOf(A, B), ['b=b', 'a=a']],
    ['by its export, not its name', toml('a', 'export = "b"'), moduleOf(A, B), ['a=b']],
    [
      'one function as two tools',
      toml('one', 'export = "a"') + toml('two', 'export = "a"'),
      moduleOf(A),
      ['one=a', 'two=a'],
    ],
    ['a whole name before one of a function', toml('b'), moduleOf(LIKE_B, B), ['b=b']],
    ['the name of a function', toml('b'), moduleOf(A, LIKE_B), ['b=x-b']],
    ['a lone command by any name', toml('anything'), moduleOf(RUN), ['anything=run']],
    ['a lone command by two names', toml('one') + toml('two'), moduleOf(RUN), ['one=run', 'two=run']],
    ['a command by its export', toml('mine', 'export = "run"'), moduleOf(RUN), ['mine=run']],
    ['a command among others by its name', toml('run'), moduleOf(RUN, A), ['run=run']],
    [
      'tools of another type aside',
      `${toml('ask', 'type = "prompt_inline"\nprompt = "x"')}${toml('a')}`,
      moduleOf(A, B),
      ['a=a'],
    ],
    [
      'all, when only other types are declared',
      toml('ask', 'type = "prompt_inline"\nprompt = "x"'),
      moduleOf(A, B),
      ['a=a', 'b=b'],
    ],
    ['none of a module without any', '', moduleOf(), []],
  ])('%s', async (_what, declared, module, is) => {
    const { tools, problems } = await resolved(declared, module);
    expect(tools.map(({ name, action }) => `${name}=${action.type === 'wasm' ? action.guest.name : ''}`)).toEqual(is);
    expect(problems).toEqual([]);
  });

  it.each<[what: string, declared: string, module: ModuleDescription, places: string[]]>([
    ['a command by another export', toml('run', 'export = "main"'), moduleOf(RUN), ['tools[0].export "main"']],
    ['a command of two by any name', toml('go'), moduleOf(RUN, A), ['tools[0].name "go"']],
    ['a function that is no command by any name', toml('go'), moduleOf(A), ['tools[0].name "go"']],
    ['another case', toml('b', 'export = "A"'), moduleOf(A), ['tools[0].export "A"']],
    ['a name of Object.prototype', toml('b', 'export = "constructor"'), moduleOf(A), ['tools[0].export "constructor"']],
    [
      'exports, although derived',
      'exports = ["a", "c", "d"]\n',
      moduleOf(A),
      ['executable.exports[1] "c"', 'executable.exports[2] "d"'],
    ],
    ['a module with nothing', toml('a'), moduleOf(), ['tools[0].name "a"']],
  ])('is missing: %s [R-MANIFEST-3]', async (_what, declared, module, places) => {
    const { problems } = await resolved(declared, module);
    expect(problems.map(({ field, message }) => `${field} ${message.split('no function ')[1]}`)).toEqual(places);
    const names = module.tools.map(({ name }) => name).join(', ');
    for (const problem of problems)
      expect(problem).toMatchObject({
        severity: 'error',
        code: 'M_EXPORT',
        file: 'skill.toml',
        fix: names === '' ? 'it exports no function that can be a tool' : `it exports: ${names}`,
      });
  });

  it('one that is missing costs only itself', async () => {
    const { tools, problems } = await resolved(toml('a') + toml('gone') + toml('b'), moduleOf(A, B));
    expect(tools.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(problems).toMatchObject([{ field: 'tools[1].name' }]);
  });

  it('the names of a module with a thousand functions are not all told', async () => {
    const many = Array.from({ length: 1_000 }, (_, i) => guestTool(`f${i}`));
    const { problems } = await resolved(toml('gone'), moduleOf(...many));
    expect(problems[0]?.fix.split(', ')).toHaveLength(20);
  });
});
