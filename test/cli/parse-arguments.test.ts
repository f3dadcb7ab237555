import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import type { JsonSchema } from '../../src/manifest/manifest.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { wasmTool } from '../tool/support.ts';

const PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  text: { type: 'string' },
  count: { type: 'integer' },
  ratio: { type: 'number' },
  loud: { type: 'boolean' },
  tags: { type: 'array', items: { type: 'string' } },
  sizes: { type: 'array', items: { type: 'integer' } },
  options: { type: 'object' },
  maybe: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
  wide: { type: ['integer', 'string'] },
  any: {},
};

function toolOf(properties: Readonly<Record<string, JsonSchema>> | undefined): Tool {
  const parameters = properties === undefined ? undefined : { type: 'object', properties };
  const entry = { abi: 'core', interfaceName: '', name: 'say' } as const;
  return wasmTool({ name: 'say', input: 'json', parameters, returns: undefined, entry });
}

const tool = toolOf(PROPERTIES);

describe('words become arguments by the schema', () => {
  it.each<[words: string[], given: unknown]>([
    [[], {}],
    [['--text', 'a\nb'], { text: 'a\nb' }],
    [['--text', '{"json":1}'], { text: '{"json":1}' }],
    [['--text', 'null'], { text: 'null' }],
    [['--text', 'one', '--text', 'two'], { text: 'two' }],
    [['--text=a=b'], { text: 'a=b' }],
    [['--text='], { text: '' }],
    [['--text', ''], { text: '' }],
    [['--text', '--count'], { text: '--count' }],
    [['--count=-3'], { count: -3 }],
    [['--count', '007'], { count: 7 }],
    [['--ratio', '-0.5e1'], { ratio: -5 }],
    [['--loud'], { loud: true }],
    [['--loud', '--text', 'x'], { loud: true, text: 'x' }],
    [['--loud=false'], { loud: false }],
    [['--tags', 'a', '--tags', 'b'], { tags: ['a', 'b'] }],
    [['--tags', '["a"]', '--tags', 'b'], { tags: ['a', 'b'] }],
    [['--sizes', '1', '--sizes', '[2,3]'], { sizes: [1, 2, 3] }],
    [['--options', '{"a":[1]}'], { options: { a: [1] } }],
    [['--maybe', 'null'], { maybe: null }],
    [['--maybe', '4'], { maybe: 4 }],
    [['--wide', '9223372036854775807'], { wide: '9223372036854775807' }],
    [['--wide', '12'], { wide: 12 }],
    [['--any', '12'], { any: '12' }],
  ])('%j', (words, given) => {
    expect(parseArguments(words, tool)).toEqual(given);
  });

  it('a list of words may hold a word that is JSON of another kind', () => {
    expect(parseArguments(['--tags', '1', '--tags', 'true'], tool)).toEqual({ tags: ['1', 'true'] });
  });

  it.each<[words: string[], says: string, hint: string]>([
    [['stray'], '"stray" belongs to no argument', '--text --count'],
    [['--'], '"--" belongs to no argument', '--NAME VALUE'],
    [['-t', 'x'], '"-t" belongs to no argument', '--NAME VALUE'],
    [['--txet', 'x'], 'no argument --txet', 'did you mean --text?'],
    [['--__proto__', 'x'], 'no argument --__proto__', 'say takes'],
    [['--constructor=x'], 'no argument --constructor', 'say takes'],
    [['--text'], '--text has no value', 'write --text VALUE'],
    [['--count', ''], '--count "" is no number', '--count 42'],
    [['--count', 'NaN'], '--count "NaN" is no number', '--count 42'],
    [['--count', '9007199254740993'], 'kept exactly', 'the nearest one is 9007199254740992'],
    [['--ratio', '-9007199254740993'], 'kept exactly', 'the nearest one is -9007199254740992'],
    [['--count', '1'.repeat(400)], 'kept exactly', 'exact up to 9007199254740991'],
    [['--count', 'ten'], '--count "ten" is no number', '--count 42'],
    [['--options', '{a}'], '--options "{a}" is no JSON', '--input'],
  ])('%j is refused', (words, says, hint) => {
    expect(() => parseArguments(words, tool)).toThrow(
      expect.objectContaining({
        code: 'E_INPUT',
        message: expect.stringContaining(says),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  it('a tool without a schema says how its input is given', () => {
    const error = thrownBy(() => parseArguments(['--text', 'x'], toolOf(undefined)));
    expect(error).toMatchObject({ code: 'E_INPUT', hint: expect.stringContaining('--input') });
  });
});

describe('whatever is given', () => {
  const value: fc.Arbitrary<readonly [name: string, value: unknown]> = fc.oneof(
    fc.tuple(fc.constant('text'), fc.string({ unit: 'grapheme' })),
    fc.tuple(fc.constant('count'), fc.maxSafeInteger()),
    fc.tuple(
      fc.constant('ratio'),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
    ),
    fc.tuple(fc.constant('loud'), fc.boolean()),
    fc.tuple(fc.constant('sizes'), fc.array(fc.maxSafeInteger())),
    fc.tuple(fc.constant('options'), fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true })),
  );

  it('values written as --name=value come back as they were', () => {
    const some = fc.uniqueArray(value, { selector: ([name]) => name });
    fc.assert(
      fc.property(some, (entries) => {
        const words = entries.map(([name, one]) => `--${name}=${typeof one === 'string' ? one : JSON.stringify(one)}`);
        expect(parseArguments(words, tool)).toEqual(Object.fromEntries(entries));
      }),
    );
  });

  it('any words are read or refused, never anything else, and no prototype changes', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('--text', '--loud', '--sizes', '--options', '--__proto__=1'));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        try {
          const given = parseArguments(words, tool);
          expect(Object.keys(PROPERTIES)).toEqual(expect.arrayContaining(Object.keys(given)));
          expect(Object.getPrototypeOf(given)).toBe(Object.prototype);
        } catch (error) {
          expect(error).toBeInstanceOf(SkillError);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    );
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
