// cspell:ignore permisions netwrk descripton retuns handlr
import { describe, expect, test } from 'vitest';
import { brief, expectTold, nest, parse, parseClean, PLAIN, WITH } from './samples.ts';

/** What the SDK says nothing of. */
const PLAIN_TOOL = {
  patterns: new Map(),
  cacheable: false,
  resilience: undefined,
  settings: { type: 'wasm', export: undefined },
};

const SDK = WITH['manifest.yaml'];
const rule = (text: string, origin: string): { text: string; origin: string } => ({ text, origin });

const COMPLETE = `# Made by the SDK
name: "page-reader"
version: "2.0.1"
description: "Reads pages"
author: "Ada"
license: MIT

permissions:
  network: [api.example.org, "*.example.com:8443"]
  files:
    read: ["./in"]
    write:
      - ./out
  environment:
    required: [API_KEY]
    optional: [API_URL, API_KEY]

tools:
  - name: read_page
    description: Reads a page
    parameters:
      - name: url
        type: string
        description: Where it is
        required: true
      - name: depth
        type: integer
        default: 2
      - name: mode
        type: enum
        values: [text, html]
        default: text
    returns:
      type: object
      description: What it says
      properties:
        text: { type: string }
    handler: ./handlers/read
  - name: ping
    description: Is it there?
`;

describe('a manifest.yaml becomes a manifest [R-FORMAT-1]', () => {
  test('with all its fields', async () => {
    expect(await parseClean('manifest.yaml', COMPLETE, { folder: 'any', strict: true })).toEqual({
      ...PLAIN,
      file: 'manifest.yaml',
      id: 'custom.page-reader',
      name: 'page-reader',
      description: 'Reads pages',
      version: '2.0.1',
      authors: ['Ada'],
      license: 'MIT',
      capabilities: {
        ...PLAIN.capabilities,
        network: [
          rule('api.example.org', 'permissions.network[0]'),
          rule('*.example.com:8443', 'permissions.network[1]'),
        ],
        filesystemRead: [rule('./in', 'permissions.files.read[0]')],
        filesystemWrite: [rule('./out', 'permissions.files.write[0]')],
        envRead: [
          rule('API_KEY', 'permissions.environment.required[0]'),
          rule('API_URL', 'permissions.environment.optional[0]'),
        ],
      },
      tools: [
        {
          name: 'read_page',
          description: 'Reads a page',
          parameters: {
            type: 'object',
            properties: {
              url: { type: 'string', description: 'Where it is' },
              depth: { type: 'integer', default: 2 },
              mode: { type: 'string', enum: ['text', 'html'], default: 'text' },
            },
            required: ['url'],
            additionalProperties: false,
          },
          returns: { type: 'object', description: 'What it says', properties: { text: { type: 'string' } } },
          ...PLAIN_TOOL,
        },
        {
          name: 'ping',
          description: 'Is it there?',
          parameters: undefined,
          returns: undefined,
          ...PLAIN_TOOL,
        },
      ],
    });
  });

  test('as the template of the SDK writes it, with nothing asked for', async () => {
    const empty =
      'permissions:\n  network: []\n  files:\n    read: []\n    write: []\n  environment:\n    required: []\n    optional: []\n';
    const tools =
      'tools:\n  - name: "example_tool"\n    description: "An example tool"\n    parameters: []\n    returns:\n      type: "object"\n';
    const {
      capabilities,
      tools: [tool],
    } = await parseClean('manifest.yaml', SDK(empty + tools), { strict: true });
    expect(capabilities).toEqual(PLAIN.capabilities);
    expect(tool?.parameters).toEqual({ type: 'object', properties: {}, required: [], additionalProperties: false });
    expect(tool?.returns).toEqual({ type: 'object' });
  });

  test('whatever its lines end with, in flow or block, and as JSON, which is YAML', async () => {
    const plain = await parseClean('manifest.yaml', COMPLETE);
    expect(await parseClean('manifest.yaml', COMPLETE.replaceAll('\n', '\r\n'))).toEqual(plain);
    expect(await parseClean('manifest.yaml', `\uFEFF${COMPLETE}`)).toEqual(plain);
    expect(await parseClean('manifest.yaml', `---\n${COMPLETE}...\n`)).toEqual(plain);
    const json = { name: 'a', version: '1.0.0', description: 'b', permissions: { network: ['a.org'] } };
    const yaml = 'name: a\nversion: 1.0.0\ndescription: b\npermissions: {network: [a.org]}\n';
    expect(await parseClean('manifest.yaml', JSON.stringify(json))).toEqual(await parseClean('manifest.yaml', yaml));
  });

  test('with what an anchor stands for wherever its alias is', async () => {
    const text = SDK(
      'permissions:\n  network: &hosts [a.org]\n  files: {read: &own [in], write: *own}\nauthor: &a Ada\nlicense: *a',
    );
    const { capabilities, license, authors } = await parseClean('manifest.yaml', text);
    expect(capabilities.filesystemWrite).toEqual([rule('in', 'permissions.files.write[0]')]);
    expect([license, authors]).toEqual(['Ada', ['Ada']]);
  });

  test('in which an anchor that is written again stands for the later one, but not in what stood before', async () => {
    const first = '- &x one\n    - &list [*x]\n    - &x two';
    const text = SDK(
      `tools:\n- name: a\n  description: b\n  returns:\n    default:\n    ${first}\n    - *list\n    - *x`,
    );
    const { tools } = await parseClean('manifest.yaml', text);
    expect(tools[0]?.returns?.['default']).toEqual(['one', ['one'], 'two', ['one'], 'two']);
  });

  test.each<[written: string, value: unknown]>([
    ['no', 'no'],
    ['NO', 'NO'],
    ['on', 'on'],
    ['y', 'y'],
    ['true', true],
    ['True', true],
    ['010', 10],
    ['0o17', 15],
    ['0x1F', 31],
    ['1_000', '1_000'],
    ['1e3', 1_000],
    ['.5', 0.5],
    ['12:30:45', '12:30:45'],
    ['2024-01-01', '2024-01-01'],
    ['2024-01-01T10:00:00Z', '2024-01-01T10:00:00Z'],
    ['=', '='],
    ['"1"', '1'],
    ["'true'", 'true'],
    ['!', undefined],
  ])('in which %s is what YAML 1.2 takes it for', async (written, value) => {
    const tool = `tools: [{name: a, description: b, returns: {default: ${written}}}]`;
    for (const head of ['', '%YAML 1.2\n---\n', '%YAML 1.1\n---\n']) {
      const { manifest } = await parse('manifest.yaml', head + SDK(tool));
      expect(manifest?.tools[0]?.returns?.['default']).toEqual(value);
    }
  });
});

type Row = readonly [fields: string, told: string, message: RegExp, fix: RegExp];

const nested = (path: readonly (string | number)[], value: string, code: string, message: RegExp, fix: RegExp): Row => {
  const { text, column } = nest('manifest.yaml', path, value);
  const field = path.reduce<string>(
    (all, step) => (typeof step === 'number' ? `${all}[${step}]` : all === '' ? step : `${all}.${step}`),
    '',
  );
  return [text, `${code} 4:${column} ${field}`, message, fix];
};

const LISTS = [
  ['permissions', 'network'],
  ['permissions', 'files', 'read'],
  ['permissions', 'files', 'write'],
  ['permissions', 'environment', 'required'],
  ['permissions', 'environment', 'optional'],
];
const TABLES = [['permissions'], ['permissions', 'files'], ['permissions', 'environment']];
const TOOL = 'tools:\n- name: a\n  description: b\n';
const PARAMETER = `${TOOL}  parameters:\n  - name: p\n    type: string\n`;

const FAULTS: readonly Row[] = [
  ...LISTS.flatMap((path) => [
    nested(
      path,
      'x',
      'M_TYPE',
      /must be an array of strings, not a string$/,
      RegExp(`^write ${path.at(-1)}: \\["x"\\]$`),
    ),
    nested(path, '5', 'M_TYPE', /not a number$/, RegExp(`^write ${path.at(-1)}: \\[`)),
    nested(path, '{}', 'M_TYPE', /not a table$/, RegExp(`^write ${path.at(-1)}: \\[`)),
    nested([...path, 0], '5', 'M_TYPE', /must be a string, not a number$/, /in quotes/),
    nested([...path, 0], '{}', 'M_TYPE', /must be a string, not a table$/, /in quotes/),
    nested(
      [...path, 0],
      '"\\u202e"',
      'M_RULE',
      /control or invisible/,
      RegExp(`^write it such as ${path.at(-1)}: \\[`),
    ),
    nested([...path, 0], '""', 'M_RULE', /is empty/, RegExp(`^write it such as ${path.at(-1)}: \\[`)),
  ]),
  ...TABLES.flatMap((path) => [
    nested(
      path,
      'x',
      'M_TYPE',
      /must be a table, not a string$/,
      RegExp(`^write ${path.at(-1)}: and its fields below it`),
    ),
    nested(path, '[]', 'M_TYPE', /must be a table, not an array$/, RegExp(`^write ${path.at(-1)}: and its fields`)),
    nested(path, 'true', 'M_TYPE', /must be a table, not a boolean$/, RegExp(`^write ${path.at(-1)}: and its fields`)),
  ]),
  nested(['permissions', 'network', 0], '"*"', 'M_RULE', /lone \*/, /network: \["api.example.org"\]/),
  nested(['permissions', 'network', 0], 'http://a.org/x', 'M_RULE', /path or query/, /network: \[/),
  nested(['permissions', 'files', 'read', 0], '../x', 'M_RULE', /\.\. segment/, /read: \["\.\/"\]/),
  nested(['permissions', 'files', 'write', 0], 'C:\\x', 'M_RULE', /backslash/, /write: \["\.\/out"\]/),
  nested(['permissions', 'environment', 'required', 0], '"*"', 'M_RULE', /lone \*/, /required: \["AWS_\*"\]/),
  nested(['permissions', 'environment', 'optional', 0], 'A-B', 'M_RULE', /NAME or PREFIX/, /optional: \[/),
  nested(['author'], '5', 'M_TYPE', /must be a string, not a number/, /^write author: "…", in quotes$/),
  nested(['author', 0], '5', 'M_TYPE', /must be a string, not a number/, /in quotes/),
  nested(['author'], '"a\\u200b"', 'M_INVISIBLE', /\\u\{200b\}/, /retype/),
  nested(['license'], '1.0', 'M_TYPE', /must be a string, not a number/, /^write license: "…", in quotes$/),
  nested(['license'], 'true', 'M_TYPE', /not a boolean/, /^write license: /),
  nested(['license'], '9007199254740993', 'M_NUMBER', /kept exactly/, /from -9007199254740991/),
  nested(['license'], '0x20000000000002', 'M_NUMBER', /kept exactly/, /from -9007199254740991/),
  nested(['license'], '.inf', 'M_NUMBER', /infinities/, /finite/),
  nested(['license'], '.nan', 'M_NUMBER', /nan/, /finite/),
  nested(['license'], '1e400', 'M_NUMBER', /infinities/, /finite/),
  nested(['tools'], '{}', 'M_TYPE', /must be a list, not a table/, /^write each tool as - name: …/),
  nested(['tools'], 'x', 'M_TYPE', /must be a list, not a string/, /^write each tool as - name: …/),
  nested(['tools', 0], 'x', 'M_TYPE', /tools\[0\] must be a table/, /^write - name: …/),
  ['tools: [{}]', 'M_MISSING 4:9 tools[0].name', /tools\[0\]\.name is missing/, /^write name: "my_tool"$/],
  [
    'tools:\n- name: a',
    'M_MISSING 5:3 tools[0].description',
    /description is missing/,
    /^write description: "What it does"$/,
  ],
  [
    'tools:\n- name: My.Tool\n  description: b',
    'M_TOOL_NAME 5:3 tools[0].name',
    /lower-case letter/,
    /^write name: "my-tool"$/,
  ],
  [
    'tools:\n- name: ../x\n  description: b',
    'M_TOOL_NAME 5:3 tools[0].name',
    /lower-case letter/,
    /^write name: "my-tool"$/,
  ],
  ['tools:\n- name: a\n  description: "\\e"', 'M_INVISIBLE 6:3 tools[0].description', /\\u\{1b\}/, /retype/],
  [
    `${TOOL}- name: a\n  description: c`,
    'M_TOOL_REPEATED 7:3 tools[1].name',
    /already the name of tools\[0\]/,
    /name of its own/,
  ],
  [`${TOOL}  handler: ../x`, 'M_PATH 7:3 tools[0].handler', /leaves the folder/, /relative to the skill/],
  [`${TOOL}  handler: /x`, 'M_PATH 7:3 tools[0].handler', /absolute/, /relative to the skill/],
  [`${TOOL}  handler: [x]`, 'M_TYPE 7:3 tools[0].handler', /not an array/, /^write handler: "…"/],
  [
    `${TOOL}  returns: text`,
    'M_TYPE 7:3 tools[0].returns',
    /must be a JSON Schema, not a string/,
    /^write a table such as \{ type: "string" \}$/,
  ],
  [`${TOOL}  returns: {type: text}`, 'M_CHOICE 7:13 tools[0].returns.type', /one of string/, /^write type: "string"$/],
  [
    `${TOOL}  returns: {type: enum}`,
    'M_CHOICE 7:13 tools[0].returns.type',
    /one of string/,
    /^write type: "string" with enum: \["…"\]$/,
  ],
  [`${TOOL}  returns: {type: [5]}`, 'M_TYPE 7:20 tools[0].returns.type[0]', /one of string/, /^write type: "string"$/],
  [
    `${TOOL}  returns: {properties: 5}`,
    'M_TYPE 7:13 tools[0].returns.properties',
    /table of schemas/,
    /^write NAME: \{ type: "string" \} in it$/,
  ],
  [
    `${TOOL}  returns: {pattern: x}`,
    'M_SCHEMA_KEYWORD 7:13 tools[0].returns.pattern',
    /never run on the host/,
    /remove/,
  ],
  [`${TOOL}  parameters: {}`, 'M_TYPE 7:3 tools[0].parameters', /must be a list/, /one entry with a name/],
  [`${TOOL}  parameters: [x]`, 'M_TYPE 7:16 tools[0].parameters[0]', /must be a table/, /a name and a type/],
  [
    `${PARAMETER}    default: 5`,
    'M_SCHEMA_VALUE 10:5 tools[0].parameters[0].default',
    /does not fit type string/,
    /change/,
  ],
  [
    `${PARAMETER}    required: yes`,
    'M_TYPE 10:5 tools[0].parameters[0].required',
    /true or false, not a string/,
    /^write required: true or required: false/,
  ],
  [
    `${PARAMETER}    description: [x]`,
    'M_TYPE 10:5 tools[0].parameters[0].description',
    /not an array/,
    /^write description: /,
  ],
  [PARAMETER.replace('string', 'text'), 'M_CHOICE 9:5 tools[0].parameters[0].type', /one of string/, /write/],
  [
    PARAMETER.replace('    type: string\n', ''),
    'M_MISSING 8:5 tools[0].parameters[0].type',
    /type is missing/,
    /^write type: "string"$/,
  ],
  [
    PARAMETER.replace('name: p', 'name: constructor'),
    'M_UNSAFE_KEY 8:5 tools[0].parameters[0].name',
    /"constructor" may not be used/,
    /another name/,
  ],
];

describe('each wrong field is told where it stands, with a fix in YAML [R-FORMAT-2]', () => {
  test.each(FAULTS)('%s', async (fields, told, message, fix) => {
    const source = SDK(fields);
    const { manifest, problems } = await parse('manifest.yaml', source);
    expect(problems.map(brief).slice(0, 1)).toEqual([told]);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.fix).toMatch(fix);
    expect(problems.filter((problem) => / = /.test(problem.fix))).toEqual([]);
    expect(manifest).toBeUndefined();
    expectTold('manifest.yaml', source, problems);
  });

  test.each([
    ['version: 1.0', 'M_TYPE 3:1 version', /^write version: "1\.0\.0"$/],
    ['version: 1', 'M_TYPE 3:1 version', /^write version: "1\.0\.0"$/],
    ['version: "1.0"', 'M_VERSION 3:1 version', /^write "1\.0\.0"$/],
    ['version: v1.0.0', 'M_VERSION 3:1 version', /^write "1\.0\.0"$/],
    ['version: 2024-01-01', 'M_VERSION 3:1 version', /^write "/],
    ['version:', 'M_MISSING 3:1 version', /^write version: "1\.0\.0"$/],
    ['# none', 'M_MISSING - version', /^write version: "1\.0\.0"$/],
  ])('%s', async (line, told, fix) => {
    const { problems } = await parse('manifest.yaml', SDK('').replace('version: "1.2.3"', line));
    expect(problems.map(brief)).toEqual([told]);
    expect(problems[0]?.fix).toMatch(fix);
  });

  test.each(['no', 'true', '5', '1e3'])('the name %s is text only in quotes where YAML says so', async (name) => {
    const { manifest, problems } = await parse('manifest.yaml', SDK('').replace('sample', name));
    if (name === 'no') expect(manifest?.name).toBe('no');
    else expect(problems.map(brief)).toEqual(['M_TYPE 1:1 name']);
    expect((await parse('manifest.yaml', SDK('').replace('sample', `"${name}"`))).manifest?.name).toBe(name);
  });

  test('all at once, in the order of the file', async () => {
    const { problems } = await parse(
      'manifest.yaml',
      'name: A b\ndescription: 5\nversion: 1\npermissions: {network: x, filez: 1}\ntools: 5\n',
    );
    expect(problems.map(brief)).toEqual([
      'M_NAME 1:1 name',
      'M_TYPE 2:1 description',
      'M_TYPE 3:1 version',
      'M_TYPE 4:15 permissions.network',
      'M_UNKNOWN_KEY 4:27 permissions.filez',
      'M_TYPE 5:1 tools',
    ]);
  });
});

describe('an unknown field is a warning with the nearest known one; strict reading refuses it [R-FORMAT-3]', () => {
  test.each<[fields: string, told: string, fix: string]>([
    ['permisions: {}', '4:1 permisions', 'write permissions instead of permisions'],
    ['keywords: [a]', '4:1 keywords', 'remove it; the SDK has no such field'],
    ['<<: {a: b}', '4:1 "<<"', 'remove it; the SDK has no such field'],
    ['"a\\u202eb": 1', '4:1 "a\\u{202e}b"', 'remove it; the SDK has no such field'],
    ['permissions: {netwrk: []}', '4:15 permissions.netwrk', 'write network instead of netwrk'],
    ['permissions: {files: {reed: []}}', '4:23 permissions.files.reed', 'write read instead of reed'],
    ['permissions: {environment: {needed: []}}', '4:29 permissions.environment.needed', 'remove it; nothing reads it'],
    [`${TOOL}  retuns: {}`, '7:3 tools[0].retuns', 'write returns instead of retuns'],
    [`${TOOL}  handlr: x`, '7:3 tools[0].handlr', 'write handler instead of handlr'],
    [
      `${PARAMETER}    descripton: x`,
      '10:5 tools[0].parameters[0].descripton',
      'write description instead of descripton',
    ],
  ])('%s', async (fields, told, fix) => {
    const loose = await parse('manifest.yaml', SDK(fields));
    expect(loose.problems.map((problem) => `${problem.severity} ${brief(problem)}`)).toEqual([
      `warning M_UNKNOWN_KEY ${told}`,
    ]);
    expect(loose.problems[0]?.fix).toBe(fix);
    expect(loose.manifest).toBeDefined();
    const strict = await parse('manifest.yaml', SDK(fields), { strict: true });
    expect(strict.problems).toMatchObject([{ severity: 'error', code: 'M_UNKNOWN_KEY' }]);
    expect(strict.manifest).toBeUndefined();
  });

  test('network: true names no host, so none is requested', async () => {
    const { manifest, problems } = await parse('manifest.yaml', SDK('permissions: {network: true}'));
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'M_HOSTS', fix: expect.stringContaining('network: ["api.example.org"]') as string },
    ]);
    expect(manifest?.capabilities).toEqual(PLAIN.capabilities);
  });

  test('a pattern is kept beside the schema', async () => {
    const { manifest, problems } = await parse('manifest.yaml', SDK(`${PARAMETER}    pattern: "(a+)+$"`));
    expect(problems).toEqual([]);
    expect([...(manifest?.tools[0]?.patterns.values() ?? [])].join()).toContain('(a+)+');
    expect(JSON.stringify(manifest?.tools[0]?.parameters)).not.toContain('(a+)+');
  });
});
