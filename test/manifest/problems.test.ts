// cspell:ignore mple licence optinal defalt linx versoin fule qwertyuiop
import { describe, expect, test } from 'vitest';
import { HEAD, parseText } from './sample.ts';

/** `CODE line:column field`; the place is left out when the problem has none. */
type Expected = string;
type Row = readonly [why: string, text: string, ...problems: Expected[]];

const SKILL: readonly Row[] = [
  ['empty file', '', 'M_MISSING_SECTION - skill'],
  ['section is a value', 'skill = 1', 'M_TYPE 1:1 skill'],
  ['section is an array', '[[skill]]', 'M_TYPE 1:3 skill'],
  ['id without namespace', HEAD.replace('custom.sample', 'sample'), 'M_ID 2:1 skill.id'],
  ['id in capitals', HEAD.replace('custom.sample', 'Custom.Sample'), 'M_ID 2:1 skill.id'],
  ['id with two dots', HEAD.replace('custom.sample', 'custom.a.b'), 'M_ID 2:1 skill.id'],
  ['id with two hyphens', HEAD.replace('custom.sample', 'custom.a--b'), 'M_ID 2:1 skill.id'],
  ['id that ends in a hyphen', HEAD.replace('custom.sample', 'custom.a-'), 'M_ID 2:1 skill.id'],
  ['id with a long side', HEAD.replace('custom.sample', `custom.${'a'.repeat(65)}`), 'M_ID 2:1 skill.id'],
  ['id with a slash', HEAD.replace('custom.sample', 'custom.a/b'), 'M_ID 2:1 skill.id'],
  ['unknown namespace', HEAD.replace('custom.', 'clout.'), 'M_NAMESPACE 2:1 skill.id'],
  ['name missing', HEAD.replace('name = "Sample"\n', ''), 'M_MISSING 1:2 skill.name'],
  ['name empty', HEAD.replace('"Sample"', '""'), 'M_LENGTH 3:1 skill.name'],
  ['name blank', HEAD.replace('"Sample"', '"  "'), 'M_LENGTH 3:1 skill.name'],
  ['name long', HEAD.replace('"Sample"', `"${'é'.repeat(65)}"`), 'M_LENGTH 3:1 skill.name'],
  ['name with bidi control', HEAD.replace('"Sample"', '"Sa\u202emple"'), 'M_INVISIBLE 3:1 skill.name'],
  ['name with escape', HEAD.replace('"Sample"', '"Sa\\u001bmple"'), 'M_INVISIBLE 3:1 skill.name'],
  ['description is a number', HEAD.replace('"A sample"', '5'), 'M_TYPE 4:1 skill.description'],
  ['description of two lines', HEAD.replace('"A sample"', '"a\\nb"'), 'M_INVISIBLE 4:1 skill.description'],
  ['description long', HEAD.replace('"A sample"', `"${'x'.repeat(1025)}"`), 'M_LENGTH 4:1 skill.description'],
  ['version with two numbers', HEAD.replace('1.2.3', '1.2'), 'M_VERSION 5:1 skill.version'],
  ['version with v', HEAD.replace('1.2.3', 'v1.2.3'), 'M_VERSION 5:1 skill.version'],
  ['version with space', HEAD.replace('1.2.3', ' 1.2.3'), 'M_VERSION 5:1 skill.version'],
  ['version with zeros', HEAD.replace('1.2.3', '01.2.3'), 'M_VERSION 5:1 skill.version'],
  ['newer minor', HEAD.replace('"1.0"', '"1.1"'), 'M_API_VERSION_MINOR 6:1 skill.api_version'],
  ['other major', HEAD.replace('"1.0"', '"2.0"'), 'M_API_VERSION 6:1 skill.api_version'],
  ['api_version of one number', HEAD.replace('"1.0"', '"1"'), 'M_API_VERSION 6:1 skill.api_version'],
  ['api_version unquoted', HEAD.replace('"1.0"', '1.0'), 'M_TYPE 6:1 skill.api_version'],
  ['misspelt key', `${HEAD}licence = "MIT"`, 'M_UNKNOWN_KEY 7:1 skill.licence'],
  ['license as prose', `${HEAD}license = "see file"`, 'M_LICENSE 7:1 skill.license'],
  ['authors as string', `${HEAD}authors = "me"`, 'M_TYPE 7:1 skill.authors'],
  ['author is a number', `${HEAD}authors = ["me", 3]`, 'M_TYPE 7:18 skill.authors[1]'],
  ['repository runs', `${HEAD}repository = "javascript:alert(1)"`, 'M_LINK 7:1 skill.repository'],
  ['repository with password', `${HEAD}repository = "https://a:b@c.org"`, 'M_LINK 7:1 skill.repository'],
  ['alias in capitals', `${HEAD}aliases = ["ok", "No"]`, 'M_ID 7:18 skill.aliases[1]'],
  ['scope', `${HEAD}scope = "global"`, 'M_CHOICE 7:1 skill.scope'],
  ['runtime version', `${HEAD}min_runtime_version = "1"`, 'M_VERSION 7:1 skill.min_runtime_version'],
];

const CONTENT: readonly Row[] = [
  ['part misspelt', `${HEAD}[provides]\nrecipe = true`, 'M_TYPE 8:1 provides.recipe'],
  ['part is a string', `${HEAD}[provides]\nrecipes = "yes"`, 'M_TYPE 8:1 provides.recipes'],
  ['virtual without semver', `${HEAD}[provides]\nfmt = "1.2"`, 'M_VERSION 8:1 provides.fmt'],
  ['virtual in capitals', `${HEAD}[provides]\nFmt = "1.2.0"`, 'M_ID 8:1 provides.Fmt'],
  ['priority below', `${HEAD}[knowledge]\npriority = -1`, 'M_RANGE 8:1 knowledge.priority'],
  ['priority above', `${HEAD}[knowledge]\npriority = 4294967296`, 'M_RANGE 8:1 knowledge.priority'],
  ['priority broken', `${HEAD}[knowledge]\npriority = 1.5`, 'M_RANGE 8:1 knowledge.priority'],
  ['priority quoted', `${HEAD}[knowledge]\npriority = "1"`, 'M_TYPE 8:1 knowledge.priority'],
  ['priority infinite', `${HEAD}[knowledge]\npriority = inf`, 'M_NUMBER 8:1 knowledge.priority'],
  ['priority is nan', `${HEAD}[knowledge]\npriority = nan`, 'M_NUMBER 8:1 knowledge.priority'],
  ['priority overflows', `${HEAD}[knowledge]\npriority = 1e999`, 'M_NUMBER 8:1 knowledge.priority'],
  ['priority over 2^53', `${HEAD}[knowledge]\npriority = 9007199254740993`, 'M_NUMBER 8:1 knowledge.priority'],
  ['priority is a date', `${HEAD}[knowledge]\npriority = 2026-01-01`, 'M_DATE 8:1 knowledge.priority'],
  ['priority is a time', `${HEAD}[knowledge]\npriority = 07:32`, 'M_DATE 8:1 knowledge.priority'],
  ['invisible topic', `${HEAD}[knowledge]\ntopics = ["a", "\u200b"]`, 'M_INVISIBLE 8:16 knowledge.topics[1]'],
  ['synonyms not a list', `${HEAD}[knowledge]\nsynonyms = {s3 = "x"}`, 'M_TYPE 8:13 knowledge.synonyms.s3'],
  ['recipe outside', `${HEAD}[recipes]\nfiles = ["../*.yaml"]`, 'M_PATH 8:10 recipes.files[0]'],
  ['recipe absolute', `${HEAD}[recipes]\nfiles = ["/*"]`, 'M_PATH 8:10 recipes.files[0]'],
  ['confirmation', `${HEAD}[recipes]\ndefault_confirmation = "never"`, 'M_CHOICE 8:1 recipes.default_confirmation'],
  ['module missing', `${HEAD}[executable]\nreuse = true`, 'M_MISSING 7:2 executable.module'],
  ['reuse as text', `${HEAD}[executable]\nmodule = "a.wasm"\nreuse = "yes"`, 'M_TYPE 9:1 executable.reuse'],
  ['kind', `${HEAD}[executable]\nmodule = "a.wasm"\nkind = "extism2"`, 'M_CHOICE 9:1 executable.kind'],
  ['config number', `${HEAD}[executable]\nmodule = "a.wasm"\nconfig = {a = 1}`, 'M_TYPE 9:11 executable.config.a'],
  ...['', '../a', 'a/../b', '/a', 'C:/a', 'a\\\\b', '~/a', 'a//b', 'a/', 'a\\u0000b', 'a\\u202eb'].map((path): Row => [
    `module ${path}`,
    `${HEAD}[executable]\nmodule = "${path}"`,
    'M_PATH 8:1 executable.module',
  ]),
];

const REST: readonly Row[] = [
  ['unknown section', `${HEAD}[capability]`, 'M_UNKNOWN_KEY 7:2 capability'],
  ['key before the sections', `x = 1\n${HEAD}`, 'M_UNKNOWN_KEY 1:1 x'],
  ['limit above hard', `${HEAD}[limits]\nmemory_mb = 513`, 'M_RANGE 8:1 limits.memory_mb'],
  ['limit of zero', `${HEAD}[limits]\ntimeout_ms = 0`, 'M_RANGE 8:1 limits.timeout_ms'],
  ['limit broken', `${HEAD}[limits]\ntimeout_ms = 1.5`, 'M_RANGE 8:1 limits.timeout_ms'],
  ['limit unknown', `${HEAD}[limits]\ntimeout = 5`, 'M_UNKNOWN_KEY 8:1 limits.timeout'],
  ['fuel over the ceiling', `${HEAD}[limits]\nfuel = 1_000_000_000_001`, 'M_RANGE 8:1 limits.fuel'],
  ['fuel of zero', `${HEAD}[limits]\nfuel = 0`, 'M_RANGE 8:1 limits.fuel'],
  ['range', `${HEAD}[dependencies]\n"a.b" = "latest"`, 'M_RANGE_TEXT 8:1 dependencies."a.b"'],
  ['empty range', `${HEAD}[dependencies]\n"a.b" = ""`, 'M_RANGE_TEXT 8:1 dependencies."a.b"'],
  ['range with open comma', `${HEAD}[dependencies]\na = ">=1,"`, 'M_RANGE_TEXT 8:1 dependencies.a'],
  ['range bomb', `${HEAD}[dependencies]\na = "${'1||'.repeat(9_999)}1"`, 'M_RANGE_TEXT 8:1 dependencies.a'],
  ['range is a list', `${HEAD}[dependencies]\na = ["1"]`, 'M_TYPE 8:1 dependencies.a'],
  ['dotted id', `${HEAD}[dependencies]\ncloud.aws = "1"`, 'M_DEPENDENCY_KEY 8:1 dependencies.cloud'],
  ['dependency name', `${HEAD}[dependencies]\n"A" = "1"`, 'M_ID 8:1 dependencies.A'],
  ['itself', `${HEAD}[dependencies]\n"custom.sample" = "1"`, 'M_DEPENDENCY_SELF 8:1 dependencies."custom.sample"'],
  ['no version', `${HEAD}[dependencies.a]\noptional = true\nversion = 1`, 'M_TYPE 9:1 dependencies.a.version'],
  [
    'detail misspelt',
    `${HEAD}[dependencies]\na = {version = "1", optinal = true}`,
    'M_UNKNOWN_KEY 8:21 dependencies.a.optinal',
  ],
  [
    'feature of a dependency',
    `${HEAD}[dependencies]\na = {version = "1", features = ["A"]}`,
    'M_FEATURE 8:33 dependencies.a.features[0]',
  ],
  ['suggestion', `${HEAD}[suggestions]\na = "x y"`, 'M_RANGE_TEXT 8:1 suggestions.a'],
  ['feature is a string', `${HEAD}[features]\na = "text"`, 'M_TYPE 8:1 features.a'],
  ['feature name', `${HEAD}[features.A]`, 'M_FEATURE 7:11 features.A'],
  ['feature key', `${HEAD}[features.a]\ndefalt = true`, 'M_UNKNOWN_KEY 8:1 features.a.defalt'],
  ['system unknown', `${HEAD}[platform]\nos = ["linx"]`, 'M_UNKNOWN_PLATFORM 8:7 platform.os[0]'],
  ['required path', `${HEAD}[platform]\nrequired_tools = ["/bin/sh"]`, 'M_RULE 8:19 platform.required_tools[0]'],
  ['required any', `${HEAD}[platform]\nrequired_tools = ["*"]`, 'M_RULE 8:19 platform.required_tools[0]'],
  ['resilience typo', `${HEAD}[resilience]\nmax_attempt = 3`, 'M_UNKNOWN_KEY 8:1 resilience.max_attempt'],
  [
    'nested resilience typo',
    `${HEAD}[resilience.retry_config]\nmax_attempt = 3`,
    'M_UNKNOWN_KEY 8:1 resilience.retry_config.max_attempt',
  ],
  ['cache typo', `${HEAD}[cache]\nresult_ttl = 3`, 'M_UNKNOWN_KEY 8:1 cache.result_ttl'],
  [
    'state is a flag',
    `${HEAD}state = true\n[state]\nversoin = 1`,
    'M_UNKNOWN_KEY 7:1 skill.state',
    'M_UNKNOWN_KEY 9:1 state.versoin',
  ],
  ['kept infinity', `${HEAD}[state]\nttl = -inf`, 'M_NUMBER 8:1 state.ttl'],
];

const ALL_AT_ONCE: Row = [
  'several problems come together, sorted by place',
  `[[tools]]\nname = "B"\n[skill]\nid = "x"\n[limits]\nfule = 1\n[unknown]`,
  'M_TOOL_NO_MODULE 1:3 tools[0]',
  'M_MISSING 1:3 tools[0].description',
  'M_TOOL_NAME 2:1 tools[0].name',
  'M_MISSING 3:2 skill.api_version',
  'M_MISSING 3:2 skill.name',
  'M_MISSING 3:2 skill.description',
  'M_MISSING 3:2 skill.version',
  'M_ID 4:1 skill.id',
  'M_UNKNOWN_KEY 6:1 limits.fule',
  'M_UNKNOWN_KEY 7:2 unknown',
];

const WARNINGS = /^M_(?:NAMESPACE|API_VERSION_MINOR|UNKNOWN_\w+|LICENSE|LIMIT_NOT_ENFORCED|TOOL_NO_MODULE)/;

describe.each([
  ['[skill]', SKILL],
  ['content', CONTENT],
  ['the rest', REST],
  ['all at once', [ALL_AT_ONCE]],
])('problems of %s [R-MANIFEST-1]', (_, rows) => {
  test.each(rows)('%s', async (_why, text, ...expected) => {
    const { manifest, problems } = await parseText(text);
    const seen = problems.map(({ code, line, column, field }) => {
      return `${code} ${line === undefined ? '-' : `${line}:${column}`} ${field}`;
    });
    expect(seen.toSorted()).toEqual(expected.toSorted());
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code)).toEqual(
      problems.map(({ code }) => code).filter((code) => !WARNINGS.test(code)),
    );
    expect(manifest === undefined).toBe(errors.length > 0);
    for (const { message, fix } of problems) expect([message, fix]).not.toContain('');
  });
});

test('problems are sorted by place [R-MANIFEST-1]', async () => {
  const places = (await parseText(ALL_AT_ONCE[1])).problems.map(({ line = 0, column = 0 }) => line * 1_000 + column);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test.each([
  ['licence = "MIT"', 'write license instead of licence'],
  ['qwertyuiop = 1', 'remove it; nothing reads it'],
])('%s is refused under strict', async (line, fix) => {
  const { manifest, problems } = await parseText(HEAD + line, true);
  expect(manifest).toBeUndefined();
  expect(problems).toMatchObject([{ severity: 'error', code: 'M_UNKNOWN_KEY', line: 7, column: 1, fix }]);
});

test.each([
  [HEAD.replace('custom.sample', 'Cloud.My_AWS'), 'write id = "cloud.my-aws"'],
  [HEAD.replace('custom.sample', 'aws'), 'write id = "custom.aws"'],
  [HEAD.replace('"1.2.3"', '"1.2"'), 'write "1.2.0"'],
  [HEAD.replace('"1.0"', '1.0'), 'write api_version = "1.0"'],
  [HEAD.replace('name = "Sample"\n', ''), 'write name = "My skill"'],
  [`${HEAD}scope = "usr"`, 'write scope = "user"'],
  [`${HEAD}[dependencies]\ncloud.aws = "1"`, 'write "cloud.aws" = "…" in quotes'],
])('the fix is the text to write (%#)', async (text, fix) => {
  expect((await parseText(text)).problems).toMatchObject([{ fix }]);
});

test('text of the manifest cannot move the cursor of whoever reads the problem', async () => {
  const { problems } = await parseText(`${HEAD}"\\u001b[2J\\u202e" = 1\nscope = "\\u001b]52;c;eA==\\u0007"`);
  expect(problems).toHaveLength(2);
  for (const problem of problems)
    expect(Object.values(problem).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});
