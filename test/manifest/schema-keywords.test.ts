// cspell:ignore exclusivMinimum properites requird discription
import { describe, expect, test } from 'vitest';
import { ANY_VALUE, anyValueOf, HEAD, parseClean, parseText } from './sample.ts';

const TOOL = `${HEAD}[[tools]]\nname = "go"\ndescription = "Goes"\ntype = "recipe"\nrecipe = "go"\n`;

/** Every keyword: values it takes and, with the type a problem calls for, values it does not. */
const KEYWORDS: readonly (readonly [
  keyword: string,
  good: readonly string[],
  wanted: string,
  bad: readonly string[],
])[] = [
  [
    'type',
    ['"string"', '"number"', '"integer"', '"boolean"', '"array"', '"object"', '"null"', '["string", "null"]'],
    'one of string, number, integer, boolean, array, object, null',
    ['1', 'true', '{}'],
  ],
  ['properties', ['{}', '{ a = {} }', '{ type = { type = "null" } }'], 'a table of schemas', ['1', '"a"', '[]']],
  ['required', ['[]', '["a", "b"]'], 'an array', ['"a"', 'true', '{}']],
  ['items', ['{}', '{ type = "string" }'], 'a JSON Schema', ['true', '"string"', '[]']],
  ['prefixItems', ['[]', '[{}, { type = "null" }]'], 'an array', ['{}', '1', '"a"']],
  ['additionalProperties', ['true', 'false', '{}', '{ type = "null" }'], 'a JSON Schema', ['1', '"no"', '[]']],
  ['enum', ['["a"]', '[1, true, "a", {}]'], 'an array', ['"a"', '{}', '1']],
  ['const', ['1', '"a"', 'true', '[]', '{ a = 1 }'], '', []],
  ['default', ['1', '"a"', 'true', '[]', '{ a = 1 }'], '', []],
  ['examples', ['[]', '[1, "a", {}]'], 'an array', ['"a"', '{}', '1']],
  ...['description', 'title', 'contentEncoding'].map((name) => {
    return [name, ['""', '"a\\nb"'], 'a string', ['1', 'true', '[]', '{}']] as const;
  }),
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name) => {
    return [name, ['0', '-1', '1.5', '9007199254740991'], 'a number', ['"1"', 'true', '[]', '{}']] as const;
  }),
  ...['minLength', 'maxLength', 'minItems', 'maxItems'].map((name) => {
    return [name, ['0', '1', '9007199254740991'], 'a number', ['"1"', 'true', '[]', '{}']] as const;
  }),
  ...['oneOf', 'anyOf'].map((name) => {
    return [name, ['[]', '[{}, { type = "string" }]'], 'an array', ['{}', 'true', '"a"']] as const;
  }),
];

type Fault = readonly [text: string, step: string, code: string, message: string];

/** The ways down to a schema inside others, and the field of that schema. */
const DEPTHS: readonly (readonly [field: string, wrap: (schema: string) => string])[] = [
  ['returns', (schema) => `returns = ${schema}`],
  ['parameters.p', (schema) => `parameters = { p = ${schema} }`],
  ['parameters.properties.p', (schema) => `parameters = { type = "object", properties = { p = ${schema} } }`],
  ['returns.items.anyOf[1]', (schema) => `returns = { items = { anyOf = [{}, ${schema}] } }`],
  ['returns.prefixItems[0].oneOf[0]', (schema) => `returns = { prefixItems = [{ oneOf = [${schema}] }] }`],
  [
    'returns.additionalProperties.properties.x',
    (schema) => `returns = { additionalProperties = { properties = { x = ${schema} } } }`,
  ],
];

const GOOD_ROWS = KEYWORDS.flatMap(([keyword, good]) => good.map((value) => [keyword, value] as const));
const BAD_ROWS = KEYWORDS.flatMap(([keyword, , wanted, bad]) => bad.map((value) => [keyword, value, wanted] as const));

describe('every keyword at every depth [R-MANIFEST-1]', () => {
  test.each(GOOD_ROWS)('%s = %s is read', async (keyword, value) => {
    const { tools } = await parseClean(`${TOOL}returns = { ${keyword} = ${value} }`);
    const manifest = await parseClean(`${ANY_VALUE} = ${value}`);
    expect(tools[0]?.returns).toEqual({ [keyword]: anyValueOf(manifest) });
  });

  test.each(BAD_ROWS)('%s = %s is refused', async (keyword, value, wanted) => {
    // In the short form, `required` is a flag of the parameter and no keyword of its schema.
    for (const [field, wrap] of DEPTHS.filter(([at]) => keyword !== 'required' || at !== 'parameters.p')) {
      const typed = keyword === 'type' ? '' : 'type = ["string", "object", "array"], ';
      const { manifest, problems } = await parseText(TOOL + wrap(`{ ${typed}${keyword} = ${value} }`));
      expect(problems).toMatchObject([
        { severity: 'error', code: 'M_TYPE', line: 12, field: `tools[0].${field}.${keyword}` },
      ]);
      expect(problems[0]?.message).toContain(` must be ${wanted}, not `);
      expect(manifest).toBeUndefined();
    }
  });

  test.each<Fault>([
    ['minLength = -1', 'minLength', 'M_SCHEMA_VALUE', 'a whole number of at least 0'],
    ['maxLength = 0.5', 'maxLength', 'M_SCHEMA_VALUE', 'a whole number of at least 0'],
    ['minItems = -1', 'minItems', 'M_SCHEMA_VALUE', 'a whole number of at least 0'],
    ['maxItems = 1e300', 'maxItems', 'M_SCHEMA_VALUE', 'a whole number of at least 0'],
    ['maximum = inf', 'maximum', 'M_NUMBER', 'infinities and nan are refused'],
    ['minimum = nan', 'minimum', 'M_NUMBER', 'infinities and nan are refused'],
    ['maximum = 9007199254740993', 'maximum', 'M_NUMBER', 'cannot be kept exactly'],
    ['const = 2026-01-01', 'const', 'M_DATE', 'is a date'],
    ['examples = [07:30:00]', 'examples[0]', 'M_DATE', 'is a date'],
    ['enum = []', 'enum', 'M_SCHEMA_VALUE', 'no value would ever fit'],
    ['enum = ["a", 1]', 'enum[1]', 'M_SCHEMA_VALUE', 'does not fit type string'],
    ['default = 1', 'default', 'M_SCHEMA_VALUE', 'does not fit type string'],
    ['pattern = "a"', 'pattern', 'M_SCHEMA_KEYWORD', 'patterns from a skill never run'],
    ['patternProperties = {}', 'patternProperties', 'M_SCHEMA_KEYWORD', 'patterns from a skill never run'],
    ['"$ref" = "#"', '"$ref"', 'M_SCHEMA_KEYWORD', 'references are not followed'],
    ['"$defs" = {}', '"$defs"', 'M_SCHEMA_KEYWORD', 'references are not followed'],
    ['format = "date"', 'format', 'M_SCHEMA_KEYWORD', 'formats are not checked'],
    ...['allOf = []', 'not = {}', 'if = {}', '"$id" = "a"', 'multipleOf = 2', 'uniqueItems = true'].map(
      (text): Fault => {
        const [key = ''] = text.split(' ');
        return [text, key, 'M_SCHEMA_KEYWORD', 'the keywords of a schema are type, properties,'];
      },
    ),
  ])('{ type = "string", %s } is refused at %s with %s', async (text, step, code, message) => {
    for (const [field, wrap] of DEPTHS) {
      const { problems } = await parseText(TOOL + wrap(`{ type = "string", ${text} }`));
      expect(problems).toMatchObject([{ severity: 'error', code, line: 12, field: `tools[0].${field}.${step}` }]);
      expect(problems[0]?.message).toContain(message);
    }
  });

  test.each([
    ['exclusivMinimum = 1', 'exclusiveMinimum'],
    ['properites = {}', 'properties'],
    ['requird = []', 'required'],
    ['discription = "x"', 'description'],
    ['Type = "string"', 'type'],
  ])('%s is told what was meant', async (text, meant) => {
    for (const [, wrap] of DEPTHS.slice(2)) {
      const { problems } = await parseText(TOOL + wrap(`{ ${text} }`));
      expect(problems).toMatchObject([{ code: 'M_SCHEMA_KEYWORD', fix: `did you mean ${meant}?` }]);
    }
  });
});

describe('names of parameters [R-MANIFEST-1]', () => {
  test.each([['a'.repeat(128)], ['é'], ['a.b'], ['$x'], ['required'], ['items']])('%j is one', async (name) => {
    const { tools } = await parseClean(`${TOOL}parameters = { "${name}" = { type = "null", required = true } }`);
    expect(tools[0]?.parameters).toMatchObject({ properties: { [name]: { type: 'null' } }, required: [name] });
  });

  test.each([['a'.repeat(129)], [''], ['a\\u0000'], ['a\\u202e']])('%j is none', async (name) => {
    const { problems } = await parseText(`${TOOL}parameters = { "${name}" = { type = "null" } }`);
    expect(problems).toMatchObject([{ severity: 'error', code: 'M_PARAMETERS', line: 12, column: 16 }]);
    expect(problems[0]?.message).toContain('1 to 128 visible characters');
  });
});
