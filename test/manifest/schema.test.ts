// cspell:ignore minimun exprt
import { describe, expect, test } from 'vitest';
import { HEAD, parseClean, parseText } from './sample.ts';

const TOOL = `${HEAD}[executable]
module = "bin/a.wasm"
[[tools]]
name = "go"
description = "Goes"
`;

async function readParameters(text: string): Promise<unknown> {
  return (await parseClean(TOOL + text)).tools[0]?.parameters;
}

describe('both forms of parameters', () => {
  test('the short form becomes a schema that allows no other parameter', async () => {
    const text = `
[tools.parameters.path]
type = "string"
description = "Where"
required = true
[tools.parameters.mode]
type = "string"
enum = ["a", "b"]
default = "a"
required = false
[tools.parameters.list]
type = "array"
items = { type = "integer", minimum = 1 }`;
    expect(await readParameters(text)).toEqual({
      type: 'object',
      properties: {
        path: { type: 'string', description: 'Where' },
        mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
        list: { type: 'array', items: { type: 'integer', minimum: 1 } },
      },
      required: ['path'],
      additionalProperties: false,
    });
  });

  test('a schema stays as written', async () => {
    const schema = `parameters = { type = "object", properties = { a = { type = ["string", "null"] } }, required = ["a"] }`;
    expect(await readParameters(schema)).toEqual({
      type: 'object',
      properties: { a: { type: ['string', 'null'] } },
      required: ['a'],
    });
  });

  test.each([
    ['type', '[tools.parameters.type]\ntype = "string"'],
    ['properties', '[tools.parameters.properties]\ntype = "string"'],
    ['toString', '[tools.parameters.toString]\ntype = "string"'],
    ['with space', '[tools.parameters."with space"]\ntype = "string"'],
  ])('a parameter may be named %s', async (name, text) => {
    expect(await readParameters(text)).toMatchObject({ properties: { [name]: { type: 'string' } } });
  });

  test('no parameters at all', async () => {
    expect(await readParameters('parameters = {}')).toMatchObject({ type: 'object', properties: {}, required: [] });
    expect(await readParameters('')).toBeUndefined();
  });

  test('every keyword that is allowed', async () => {
    const text = `[tools.returns]
type = "object"
title = "T"
description = "D"
additionalProperties = { type = "number", minimum = 0, maximum = 1, exclusiveMinimum = -1, exclusiveMaximum = 2 }
[tools.returns.properties]
a = { oneOf = [{ const = 1 }, { type = "string", minLength = 1, maxLength = 3, contentEncoding = "base64" }] }
b = { anyOf = [{ type = "array", minItems = 0, maxItems = 9, prefixItems = [{ type = "null" }], items = {} }] }
c = { type = "boolean", default = true, examples = [true, false] }
d = { type = "object", additionalProperties = false }`;
    const { tools } = await parseClean(TOOL + text);
    expect(Object.keys(tools[0]?.returns ?? {})).toHaveLength(5);
  });
});

const AT = 'tools[0].parameters';
const inObject = (text: string): string => `parameters = { type = "object", properties = { a = ${text} } }`;
const A = `${AT}.properties.a`;

test.each([
  ['parameters = 1', 'M_TYPE', AT],
  ['parameters = { type = "string" }', 'M_PARAMETERS', AT],
  ['parameters = { properties = { a = { type = "string" } } }', 'M_PARAMETERS', AT],
  ['parameters = { required = ["a"] }', 'M_PARAMETERS', AT],
  ['parameters = { a = {} }', 'M_MISSING', `${AT}.a.type`],
  ['parameters = { a = { type = "string", required = "yes" } }', 'M_TYPE', `${AT}.a.required`],
  ['parameters = { a = { type = "text" } }', 'M_CHOICE', `${AT}.a.type`],
  ['parameters = { a = { type = "enum" } }', 'M_CHOICE', `${AT}.a.type`],
  ['parameters = { "\\u200b" = { type = "string" } }', 'M_PARAMETERS', `${AT}."\\u{200b}"`],
  [inObject('{ type = "string", pattern = "(a+)+$" }'), 'M_SCHEMA_KEYWORD', `${A}.pattern`],
  [inObject('{ "$ref" = "http://x" }'), 'M_SCHEMA_KEYWORD', `${A}."$ref"`],
  [inObject('{ format = "uri" }'), 'M_SCHEMA_KEYWORD', `${A}.format`],
  [inObject('{ allOf = [] }'), 'M_SCHEMA_KEYWORD', `${A}.allOf`],
  [inObject('{ toString = 1 }'), 'M_SCHEMA_KEYWORD', `${A}.toString`],
  [inObject('{ type = "sting" }'), 'M_CHOICE', `${A}.type`],
  [inObject('{ type = 5 }'), 'M_TYPE', `${A}.type`],
  [inObject('{ type = ["string", "x"] }'), 'M_CHOICE', `${A}.type[1]`],
  [inObject('{ minimum = "1" }'), 'M_TYPE', `${A}.minimum`],
  [inObject('{ minLength = -1 }'), 'M_SCHEMA_VALUE', `${A}.minLength`],
  [inObject('{ maxItems = 1.5 }'), 'M_SCHEMA_VALUE', `${A}.maxItems`],
  [inObject('{ enum = [] }'), 'M_SCHEMA_VALUE', `${A}.enum`],
  [inObject('{ enum = "a" }'), 'M_TYPE', `${A}.enum`],
  [inObject('{ type = "string", enum = ["a", 1] }'), 'M_SCHEMA_VALUE', `${A}.enum[1]`],
  [inObject('{ type = "integer", default = "1" }'), 'M_SCHEMA_VALUE', `${A}.default`],
  [inObject('{ type = "integer", default = 1.5 }'), 'M_SCHEMA_VALUE', `${A}.default`],
  [inObject('{ default = 2026-01-01 }'), 'M_DATE', `${A}.default`],
  [inObject('{ default = inf }'), 'M_NUMBER', `${A}.default`],
  [inObject('{ items = true }'), 'M_TYPE', `${A}.items`],
  [inObject('{ oneOf = {} }'), 'M_TYPE', `${A}.oneOf`],
  [inObject('{ properties = [] }'), 'M_TYPE', `${A}.properties`],
  [inObject('{ required = [1] }'), 'M_TYPE', `${A}.required[0]`],
  [inObject('{ title = 1 }'), 'M_TYPE', `${A}.title`],
  [inObject('"string"'), 'M_TYPE', A],
])('%s is refused', async (text, code, field) => {
  const { manifest, problems } = await parseText(TOOL + text);
  expect(problems).toMatchObject([{ severity: 'error', code, field, line: 12 }]);
  expect(manifest).toBeUndefined();
});

test.each([
  ['"string"', '"a"', '1'],
  ['"number"', '1.5', '"1"'],
  ['"integer"', '-1', '0.5'],
  ['"boolean"', 'false', '0'],
  ['"array"', '[]', '{}'],
  ['"object"', '{}', '[]'],
  ['["string", "null"]', '""', '0'],
])('a default of type %s may be %s, not %s', async (type, good, bad) => {
  const codes = async (value: string): Promise<string[]> => {
    const { problems } = await parseText(TOOL + inObject(`{ type = ${type}, default = ${value} }`));
    return problems.map(({ code, field }) => `${code} ${field}`);
  };
  expect(await codes(good)).toEqual([]);
  expect(await codes(bad)).toEqual([`M_SCHEMA_VALUE ${A}.default`]);
});

test('a refused keyword says why, a misspelt one what was meant', async () => {
  const { problems } = await parseText(TOOL + inObject('{ pattern = "x", minimun = 1 }'));
  expect(problems).toMatchObject([
    { message: '"pattern" is not supported: patterns from a skill never run on the host' },
    { fix: 'did you mean minimum?' },
  ]);
});

test.each([
  [16, []],
  [17, ['M_SCHEMA_DEPTH']],
])('a schema %i deep', async (depth, codes) => {
  const text = `returns = ${'{ items = '.repeat(depth - 1)}{}${' }'.repeat(depth - 1)}`;
  expect((await parseText(TOOL + text)).problems.map(({ code }) => code)).toEqual(codes);
});

test.each([
  ['tools = 1\n', '', ['M_TYPE']],
  ['tools = [1]\n', '', ['M_TYPE']],
  ['', '[tools]\nname = "a"', ['M_TYPE']],
  [
    '',
    '[[tools]]\nname = "go"\ndescription = "Again"\n[[tools]]\nname = "go"\ndescription = "More"',
    ['M_TOOL_NO_MODULE', 'M_TOOL_REPEATED'],
  ],
  ['', '[[tools]]\nname = "9a"\ndescription = "x"\ntype = "recipe"\nrecipe = "r"', ['M_TOOL_NAME']],
  ['', `[[tools]]\nname = "${'a'.repeat(65)}"\ndescription = "x"\ntype = "recipe"\nrecipe = "r"`, ['M_TOOL_NAME']],
  ['', '[[tools]]\nname = "a"\ndescription = "x"\ntype = "wsm"', ['M_CHOICE', 'M_TOOL_NO_MODULE']],
  ['', '[executable]\nmodule = "a"\n[[tools]]\nname = "a"\ndescription = "x"\nexprt = "b"', ['M_UNKNOWN_KEY']],
  ['', '[executable]\nmodule = "a"\n[[tools]]\nname = "a"\ndescription = "x"\nexport = 1', ['M_TYPE']],
])('tools (%#)', async (before, after, codes) => {
  const { problems } = await parseText(before + HEAD + after);
  expect(problems.map(({ code }) => code).toSorted()).toEqual(codes);
});

test('fields of a tool type are read as that type', async () => {
  const text = `${HEAD}[[tools]]\nname = "a"\ndescription = "x"\ntype = "code_inline"\ncommand = "ls"\nargs = ["-l"]`;
  expect((await parseClean(text)).tools).toMatchObject([
    { settings: { type: 'code_inline', command: 'ls', args: ['-l'] } },
  ]);
  const { tools } = await parseClean(`${TOOL}export = "run"\ncacheable = true`);
  expect(tools[0]).toMatchObject({ settings: { type: 'wasm', export: 'run' }, cacheable: true });
});
