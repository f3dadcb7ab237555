// cspell:ignore descripton licence compatibilty pdftotext poppler
import { describe, expect, test } from 'vitest';
import { brief, expectTold, nest, OWN_LINE, parse, parseClean, PLAIN, WITH } from './samples.ts';

const MD = WITH['SKILL.md'];

const COMPLETE = `---
# Who it is
name: pdf-forms
description: >
  Fills in PDF forms,
  and reads what was filled in.

  Use it for tax forms.
license: Apache-2.0
compatibility: |
  Needs poppler,
  and no network
allowed-tools: Read, Grep Bash(pdftotext:*) Bash(git add:*), WebFetch(domain:example.org) mcp__forms__fill
metadata:
  author: Ada
  version: 2.1.0
  "home page": https://example.org
---

# Forms
`;

const from = (text: string): { text: string; origin: string } => ({ text, origin: 'allowed-tools' });

describe('a SKILL.md becomes a manifest [R-FORMAT-1]', () => {
  test('with all its fields', async () => {
    expect(await parseClean('SKILL.md', COMPLETE, { folder: 'pdf-forms', strict: true })).toEqual({
      ...PLAIN,
      file: 'SKILL.md',
      id: 'custom.pdf-forms',
      name: 'pdf-forms',
      description: 'Fills in PDF forms, and reads what was filled in. Use it for tax forms.',
      version: '2.1.0',
      license: 'Apache-2.0',
      compatibility: 'Needs poppler, and no network',
      authors: ['Ada'],
      metadata: new Map([
        ['author', 'Ada'],
        ['version', '2.1.0'],
        ['home page', 'https://example.org'],
      ]),
      allowedTools: [
        'Read',
        'Grep',
        'Bash(pdftotext:*)',
        'Bash(git add:*)',
        'WebFetch(domain:example.org)',
        'mcp__forms__fill',
      ],
      knowledge: { ...PLAIN.knowledge, maxContextTokens: 5_000 },
      capabilities: {
        ...PLAIN.capabilities,
        filesystemRead: [from('./')],
        network: [from('example.org')],
        terminalExec: {
          commands: [from('pdftotext'), from('git')],
          blocked: [],
          args: new Map([['git', [from('add **')]]]),
        },
      },
    });
  });

  test('with the two it needs', async () => {
    const text = '---\nname: a\ndescription: B\n---\nC';
    expect(await parseClean('SKILL.md', text, { strict: true })).toEqual({
      ...PLAIN,
      file: 'SKILL.md',
      id: 'custom.a',
      name: 'a',
      description: 'B',
      version: '0.0.0',
      knowledge: { ...PLAIN.knowledge, maxContextTokens: 5_000 },
    });
  });

  test.each([
    ['no', 'no'],
    ['yes', 'yes'],
    ['1.10', '1.10'],
    ['0o17', '0o17'],
    ['2024-01-01', '2024-01-01'],
    ['true', 'true'],
    ['null', 'null'],
    ['12:30:45', '12:30:45'],
    ['9007199254740993', '9007199254740993'],
    ['.inf', '.inf'],
    ['"a\\u00e9"', 'aé'],
    ["'it''s'", "it's"],
  ])('in which the value %s is the text %s', async (written, meant) => {
    const { metadata } = await parseClean('SKILL.md', MD(`metadata:\n  note: ${written}`));
    expect(metadata.get('note')).toBe(meant);
  });

  test('in which a key without a value is a field that is not written', async () => {
    for (const key of ['license:', 'compatibility: # none', 'allowed-tools:', 'metadata:', 'metadata:\n  version:'])
      expect(await parseClean('SKILL.md', MD(key))).toEqual(await parseClean('SKILL.md', MD('')));
    expect((await parseClean('SKILL.md', MD('license: ~'))).license).toBe('~');
  });

  test('whatever its lines end with, and with a byte order mark', async () => {
    const plain = await parseClean('SKILL.md', COMPLETE);
    expect(await parseClean('SKILL.md', COMPLETE.replaceAll('\n', '\r\n'))).toEqual(plain);
    expect(await parseClean('SKILL.md', `\uFEFF${COMPLETE}`)).toEqual(plain);
    expect(await parseClean('SKILL.md', COMPLETE.replaceAll('---', '---  '))).toEqual(plain);
  });
});

/** Each wrong field: what is written, `CODE line:column field`, a pattern of the message, and one of the fix. */
type Fault = readonly [fields: string, told: string, message: RegExp, fix: RegExp];

const TYPES: readonly Fault[] = ['license', 'compatibility', 'allowed-tools'].flatMap((key): Fault[] => {
  const list: Fault = [
    `${key}: {a: b}`,
    `M_TYPE 4:1 ${key}`,
    /must be a string, not a table$/,
    RegExp(`write ${key}: `),
  ];
  return key === 'allowed-tools'
    ? [list]
    : [[`${key}: [a]`, `M_TYPE 4:1 ${key}`, /not an array$/, RegExp(`write ${key}: `)], list];
});

const FAULTS: readonly Fault[] = [
  ...TYPES,
  ['metadata: text', 'M_TYPE 4:1 metadata', /must be a table, not a string/, /^write metadata: and its fields/],
  ['metadata: [a]', 'M_TYPE 4:1 metadata', /must be a table, not an array/, /^write metadata: and its fields/],
  ['metadata:\n  author: {a: b}', 'M_TYPE 5:3 metadata.author', /must be a string, not a table/, /^write author: "…"/],
  ['metadata:\n  author: [a, [b]]', 'M_TYPE 5:15 metadata.author[1]', /must be a string, not an array/, /in quotes/],
  ['metadata:\n  author: "\\e[31m"', 'M_INVISIBLE 5:3 metadata.author', /u\{1b\}.*invisible/, /retype/],
  ['metadata:\n  version: [1]', 'M_TYPE 5:3 metadata.version', /must be a string, not an array/, /^write version: "…"/],
  ['license: "\\u202ecba"', 'M_INVISIBLE 4:1 license', /\\u\{202e\}cba/, /retype it on one line/],
  ['license: " "', 'M_LENGTH 4:1 license', /is empty/, /visible/],
  [`license: ${'x'.repeat(1_025)}`, 'M_LENGTH 4:1 license', /has 1025 characters; at most 1024/, /shorten/],
  [`compatibility: ${'x'.repeat(501)}`, 'M_LENGTH 4:1 compatibility', /has 501 characters; at most 500/, /shorten/],
  ['compatibility: "a\\u200bb"', 'M_INVISIBLE 4:1 compatibility', /\\u\{200b\}/, /retype/],
  ['allowed-tools: [Read, {a: b}]', 'M_TYPE 4:23 allowed-tools[1]', /must be a string, not a table/, /in quotes/],
  ['allowed-tools:\n  - Read\n  -', 'M_TYPE 6:4 allowed-tools[1]', /must be a string, not nothing/, /in quotes/],
];

describe('each wrong field is told where it stands, with a fix in YAML [R-FORMAT-2]', () => {
  test.each(FAULTS)('%s', async (fields, told, message, fix) => {
    const text = MD(fields);
    const { manifest, problems } = await parse('SKILL.md', text);
    expect(problems.map(brief)).toEqual([told]);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.fix).toMatch(fix);
    expect(problems[0]?.severity).toBe('error');
    expect(manifest).toBeUndefined();
    expectTold('SKILL.md', text, problems);
  });

  test.each<[name: string, code: string, meant: string]>([
    ['../x', 'M_NAME', 'x'],
    ['a/b', 'M_NAME', 'a-b'],
    ['C:\\x', 'M_NAME', 'c-x'],
    ['.', 'M_NAME', 'my-skill'],
    ['..', 'M_NAME', 'my-skill'],
    ['Pdf Forms', 'M_NAME', 'pdf-forms'],
    ['pdf_forms', 'M_NAME', 'pdf-forms'],
    ['-a', 'M_NAME', 'a'],
    ['a-', 'M_NAME', 'a'],
    ['a--b', 'M_NAME', 'a-b'],
    ['custom.a', 'M_NAME', 'custom-a'],
    ['ａ', 'M_NAME', 'my-skill'],
    ['"a\\u200b"', 'M_INVISIBLE', ''],
    ['"a\\nb"', 'M_INVISIBLE', ''],
    ['""', 'M_LENGTH', ''],
    ['a'.repeat(65), 'M_LENGTH', ''],
  ])('name: %s', async (name, code, meant) => {
    const { manifest, problems } = await parse('SKILL.md', MD('').replace('sample', name), { folder: 'sample' });
    expect(manifest).toBeUndefined();
    expect(problems[0]).toMatchObject({ code, line: 2, column: 1, field: 'name', severity: 'error' });
    if (meant !== '') expect(problems[0]?.fix).toBe(`write the name ${meant}`);
  });

  test('a name of 64 characters is as long as one may be', async () => {
    const name = 'a'.repeat(64);
    expect(await parseClean('SKILL.md', MD('').replace('sample', name), { folder: name })).toMatchObject({ name });
  });

  test.each([
    ['missing', '', 'M_MISSING - description', /^write description: "/],
    ['empty', 'description: ""', 'M_LENGTH 3:1 description', /visible/],
    ['not written', 'description:', 'M_MISSING 3:1 description', /^write description: "/],
    ['of 1025 characters', `description: ${'é'.repeat(1_025)}`, 'M_LENGTH 3:1 description', /shorten/],
    ['with an invisible character', 'description: "a\\u2066b"', 'M_INVISIBLE 3:1 description', /retype/],
    ['with a tab', 'description: "a\\tb"', 'M_INVISIBLE 3:1 description', /retype/],
    ['a list', 'description: [a]', 'M_TYPE 3:1 description', /^write description: "/],
  ])('a description that is %s', async (_, field, told, fix) => {
    const { problems } = await parse('SKILL.md', MD('').replace('description: A sample', field));
    expect(problems.map(brief)).toEqual([told]);
    expect(problems[0]?.fix).toMatch(fix);
  });

  test('a description of 1024 characters is as long as one may be, over however many lines', async () => {
    const text = MD('').replace('A sample', `>\n  ${'é'.repeat(500)}\n  ${'é'.repeat(523)}`);
    expect(Array.from((await parseClean('SKILL.md', text)).description)).toHaveLength(1_024);
  });

  test('all at once, in the order of the file', async () => {
    const text =
      '---\nname: A\ndescription: ""\nlicense: [a]\ncompatibility: {}\nallowed-tools: {}\nlicence: x\nmetadata: 1\n---\n';
    const { manifest, problems } = await parse('SKILL.md', text);
    expect(problems.map(brief)).toEqual([
      'M_NAME 2:1 name',
      'M_LENGTH 3:1 description',
      'M_TYPE 4:1 license',
      'M_TYPE 5:1 compatibility',
      'M_TYPE 6:1 allowed-tools',
      'M_UNKNOWN_KEY 7:1 licence',
      'M_TYPE 8:1 metadata',
      'M_NO_INSTRUCTIONS 9:1 -',
    ]);
    expect(manifest).toBeUndefined();
    expectTold('SKILL.md', text, problems);
  });
});

describe('what is odd in a SKILL.md, and harms nobody, is a warning [R-FORMAT-3]', () => {
  test.each([
    ['descripton: x', 'descripton', 'write description instead of descripton'],
    ['licence: x', 'licence', 'write license instead of licence'],
    ['allowed_tools: x', 'allowed_tools', 'write allowed-tools instead of allowed_tools'],
    ['compatibilty: x', 'compatibilty', 'write compatibility instead of compatibilty'],
    ['version: "1.0.0"', 'version', 'move it below metadata: the format has no such field'],
    ['model: large', 'model', 'move it below metadata: the format has no such field'],
    ['"a b": x', '"a b"', 'move it below metadata: the format has no such field'],
  ])('the unknown field %s, which strict reading refuses', async (fields, field, fix) => {
    const found = { code: 'M_UNKNOWN_KEY', line: OWN_LINE['SKILL.md'], column: 1, field, fix };
    const loose = await parse('SKILL.md', MD(fields));
    expect(loose.problems).toMatchObject([{ ...found, severity: 'warning' }]);
    expect(loose.manifest?.id).toBe('custom.sample');
    const strict = await parse('SKILL.md', MD(fields), { strict: true });
    expect(strict.problems).toMatchObject([{ ...found, severity: 'error' }]);
    expect(strict.manifest).toBeUndefined();
  });

  test('a folder of another name, also in strict reading', async () => {
    for (const strict of [false, true]) {
      const { manifest, problems } = await parse('SKILL.md', MD(''), { folder: 'other\u202e', strict });
      expect(problems).toMatchObject([{ severity: 'warning', code: 'M_FOLDER_NAME', line: 2, column: 1 }]);
      expect(problems[0]?.message).toBe('the skill is named "sample", its folder "other\\u{202e}"');
      expect(problems[0]?.fix).toBe('rename the folder to sample');
      expect(manifest?.id).toBe('custom.sample');
    }
    expect((await parse('SKILL.md', MD(''), { folder: 'sample' })).problems).toEqual([]);
  });

  test('no instructions, told at the line that ends the front matter', async () => {
    for (const body of ['', '\n', '\n\n \t\n']) {
      const { manifest, problems } = await parse('SKILL.md', `---\nname: a\ndescription: b\n---${body}`);
      expect(problems.map(brief)).toEqual(['M_NO_INSTRUCTIONS 4:1 -']);
      expect(manifest).toBeDefined();
    }
  });

  test.each(['1', '1.0', 'v1.0.0', 'latest', '"1.\\u202e0"', '"  1.0.0"', '1.0.0.0', 'x'.repeat(300)])(
    'the version %s, which counts as none',
    async (version) => {
      const { manifest, problems } = await parse('SKILL.md', MD(`metadata:\n  version: ${version}`));
      expect(problems.map(brief)).toEqual(['M_VERSION 5:3 metadata.version']);
      expect(problems[0]?.message).toMatch(/it counts as 0\.0\.0$/);
      expect(manifest?.version).toBe('0.0.0');
      expectTold('SKILL.md', MD(`metadata:\n  version: ${version}`), problems);
    },
  );

  test.each(['1.2.3', '1.2.3-rc.1', '1.2.3+build.5', '0.0.0'])('the version %s is one', async (version) => {
    expect((await parseClean('SKILL.md', MD(`metadata:\n  version: ${version}`))).version).toBe(version);
  });

  test.each([
    ['a list', 'tags: [a, b]', 'metadata.tags', /is not text; it is not read$/],
    ['a table', 'a.b: {c: d}', 'metadata."a.b"', /^metadata\."a\.b" is not text/],
    ['an escape sequence', 'note: "\\e[2J"', 'metadata.note', /control or invisible characters/],
    ['a hidden name', '"n\\u200bote": x', 'metadata."n\\u{200b}ote"', /control or invisible characters/],
  ])('metadata that is %s is left out', async (_, entry, field, message) => {
    const text = MD(`metadata:\n  kept: "a\\nb"\n  ${entry}`);
    const { manifest, problems } = await parse('SKILL.md', text);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'M_METADATA', line: 6, column: 3, field }]);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.fix).toMatch(/^write .+: "…", on one line$/);
    expect([...(manifest?.metadata ?? [])]).toEqual([['kept', 'a b']]);
    expectTold('SKILL.md', text, problems);
  });

  test('several authors in a list', async () => {
    const { authors, metadata } = await parseClean('SKILL.md', MD('metadata:\n  author: [Ada, Grace]'));
    expect(authors).toEqual(['Ada', 'Grace']);
    expect([...metadata]).toEqual([]);
  });
});

test('a value far inside is told at its own column', async () => {
  const { text, column } = nest('SKILL.md', ['metadata', 'author'], '{}');
  const { problems } = await parse('SKILL.md', MD(text));
  expect(problems).toMatchObject([{ code: 'M_TYPE', line: 4, column }]);
});
