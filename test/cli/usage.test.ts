import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { usage } from '../../src/cli/verbs/tools.ts';
import type { JsonSchema } from '../../src/manifest/manifest.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { wasmTool } from '../tool/support.ts';

function toolOf(parameters: JsonSchema | undefined, input: Tool['input'] = 'json'): Tool {
  const entry = { abi: 'core', interfaceName: '', name: 't' } as const;
  return wasmTool({ name: 't', input, parameters, returns: undefined, entry });
}

const TEXT = { type: 'string' };

describe('how the arguments of a tool are written', () => {
  it.each<[what: string, tool: Tool, written: string]>([
    ['raw input', toolOf(undefined, 'raw'), '--input TEXT|@FILE|-'],
    ['a command', toolOf(undefined, 'command'), '-- WORDS…'],
    ['nothing known', toolOf(undefined), '(none)'],
    ['no properties', toolOf({ type: 'object', properties: {} }), '(none)'],
    ['none required', toolOf({ properties: { a: TEXT, b: TEXT } }), '[--a] [--b]'],
    ['some required', toolOf({ properties: { a: TEXT, b: TEXT }, required: ['b'] }), '[--a] --b'],
    ['required, but unknown', toolOf({ properties: { a: TEXT }, required: ['toString'] }), '[--a]'],
  ])('%s', (_what, tool, written) => {
    expect(usage(tool)).toBe(written);
  });

  it('what is shown is what is read, for each name', () => {
    const tool = toolOf({ properties: { 'a.b': TEXT, 'kebab-case': TEXT, ünï: TEXT, constructor: TEXT } });
    for (const word of usage(tool).replaceAll(/[[\]]/g, '').split(' '))
      expect(parseArguments([word, 'x'], tool)).toEqual({ [word.slice(2)]: 'x' });
  });
});

describe('a type that is one of several', () => {
  it.each<[type: string[], text: string, value: unknown]>([
    [['string', 'null'], 'null', null],
    [['string', 'null'], 'nil', 'nil'],
    [['number', 'null'], '1.5', 1.5],
    [['integer', 'string'], '5 apples', '5 apples'],
    [['integer', 'string'], '', ''],
    [['array', 'object'], '[1]', [1]],
    [['object', 'null'], 'null', null],
  ])('%j takes %j', (type, text, value) => {
    const schema = type.includes('array') ? { type, items: { type: 'object' } } : { type };
    expect(parseArguments([`--a=${text}`], toolOf({ properties: { a: schema } }))).toEqual({ a: value });
  });

  it('a list says which of its items is none', () => {
    const tool = toolOf({ properties: { a: { type: 'array', items: { type: 'integer' } } } });
    expect(() => parseArguments(['--a', '1', '--a', 'x'], tool)).toThrow(
      expect.objectContaining({ code: 'E_INPUT', message: '--a "x" is no number' }),
    );
  });
});
