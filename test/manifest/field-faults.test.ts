// cspell:ignore defalt optinal migate versoin retres bulkhed max_attemps recovery_timout enabld result_cach_ttl maxsize
// cspell:ignore syonyms topcs priorty filez modul exprts confg requird_tools
import { describe, expect, test } from 'vitest';
import { CEILINGS, type LimitName } from '../../host/index.ts';
import { HEAD, parseText } from './sample.ts';

const BAD: Readonly<Record<string, readonly (readonly [written: string, called: string])[]>> = {
  'a string': [
    ['1', 'a number'],
    ['true', 'a boolean'],
    ['[]', 'an array'],
    ['{}', 'a table'],
  ],
  'an array of strings': [
    ['"x"', 'a string'],
    ['1', 'a number'],
    ['{}', 'a table'],
  ],
  'a table': [
    ['"x"', 'a string'],
    ['1', 'a number'],
    ['[]', 'an array'],
  ],
  'true or false': [
    ['"true"', 'a string'],
    ['1', 'a number'],
    ['[]', 'an array'],
  ],
  'a whole number': [
    ['"1"', 'a string'],
    ['true', 'a boolean'],
    ['[1]', 'an array'],
  ],
};

const MODULE = 'module = "a"\n';

/** Each section, the text below its header that makes it complete, and its fields by the type they take. */
const FIELDS: readonly (readonly [section: string, before: string, fields: Readonly<Record<string, string[]>>])[] = [
  [
    'skill',
    '',
    { 'a string': ['license', 'repository', 'documentation', 'category', 'maturity', 'min_runtime_version'] },
  ],
  ['skill', '', { 'a string': ['deprecated', 'scope'], 'an array of strings': ['authors', 'keywords', 'aliases'] }],
  ['provides', '', { 'true or false': ['knowledge', 'recipes', 'executable'] }],
  ['knowledge', '', { 'an array of strings': ['topics'], 'a table': ['synonyms'] }],
  ['knowledge', '', { 'a whole number': ['priority', 'max_context_tokens'] }],
  ['knowledge.synonyms', '', { 'an array of strings': ['s3'] }],
  ['recipes', '', { 'an array of strings': ['files'], 'a string': ['default_confirmation'] }],
  ['executable', MODULE, { 'an array of strings': ['exports'], 'a string': ['kind'], 'a table': ['config'] }],
  ['executable', MODULE, { 'true or false': ['reuse'] }],
  ['executable', '', { 'a string': ['module'] }],
  ['capabilities', '', { 'an array of strings': ['filesystem_read', 'filesystem_write', 'network', 'env_read'] }],
  ['capabilities', '', { 'an array of strings': ['secrets_access', 'messaging'], 'a table': ['terminal_exec'] }],
  ['capabilities.terminal_exec', '', { 'true or false': ['allowed'], 'a table': ['args'] }],
  ['capabilities.terminal_exec', '', { 'an array of strings': ['commands', 'blocked'] }],
  ['limits', '', { 'a whole number': [...Object.keys(CEILINGS), 'cpu_percent', 'file_size_mb'] }],
  ['dependencies.a', 'version = "1"\n', { 'true or false': ['optional'], 'an array of strings': ['features'] }],
  ['suggestions.a', 'version = "1"\n', { 'true or false': ['optional'], 'an array of strings': ['features'] }],
  ['features', '', { 'a table': ['a'] }],
  ['features.a', '', { 'a string': ['description'], 'true or false': ['default'] }],
  ['platform', '', { 'an array of strings': ['os', 'arch', 'required_tools', 'optional_tools'] }],
];

const TYPED = FIELDS.flatMap(([section, before, fields]) =>
  Object.entries(fields).flatMap(([wanted, names]) =>
    names.flatMap((name) =>
      (BAD[wanted] ?? []).map(([value, called]) => ({ section, before, name, value, wanted, called })),
    ),
  ),
);

describe('a value of the wrong type is refused where it stands [R-MANIFEST-1]', () => {
  test.each(TYPED)('[$section] $name = $value', async ({ section, before, name, value, wanted, called }) => {
    const header = section === 'skill' ? '' : `[${section}]\n`;
    const { manifest, problems } = await parseText(`${HEAD}${header}${before}${name} = ${value}`);
    const line = `${HEAD}${header}${before}`.split('\n').length;
    expect(problems).toMatchObject([
      { severity: 'error', code: 'M_TYPE', line, column: 1, field: `${section}.${name}` },
    ]);
    expect(problems[0]?.message).toMatch(new RegExp(` must be ${wanted}.*, not ${called}$`));
    expect(problems[0]?.fix).toMatch(new RegExp(`(?:write|quotes|below)`));
    expect(manifest).toBeUndefined();
  });

  test.each(
    ['id', 'name', 'description', 'version', 'api_version'].flatMap((key, at) =>
      ['1', 'true', '[]', '{}'].map((value) => [key, value, at + 2] as const),
    ),
  )('[skill] %s = %s', async (key, value, line) => {
    const { problems } = await parseText(HEAD.replace(new RegExp(`^${key} = .*$`, 'm'), `${key} = ${value}`));
    expect(problems).toMatchObject([{ code: 'M_TYPE', line, column: 1, field: `skill.${key}` }]);
    expect(problems[0]?.fix).toMatch(new RegExp(`^write ${key} = "[^"]+"$`));
  });

  test.each([
    'provides',
    'knowledge',
    'recipes',
    'executable',
    'capabilities',
    'limits',
    'resilience',
    'cache',
    'state',
    'dependencies',
    'suggestions',
    'features',
    'platform',
  ])('the section %s as a value and as an array of tables', async (section) => {
    for (const [text, line, column] of [
      [`${section} = 1\n${HEAD}`, 1, 1],
      [`${HEAD}[[${section}]]`, 7, 3],
    ] as const) {
      const { problems } = await parseText(text);
      expect(problems).toMatchObject([{ severity: 'error', code: 'M_TYPE', line, column, field: section }]);
      expect(problems[0]?.fix).toBe(`write [${section}] and its fields below it`);
    }
  });
});

type Row = readonly [text: string, code: string, field: string, message: string];
const long = (length: number): string => 'x'.repeat(length);

const OVER: readonly Row[] = [
  [`authors = ["${long(257)}"]`, 'M_LENGTH', 'skill.authors[0]', 'has 257 characters; at most 256'],
  [`license = "${long(257)}"`, 'M_LENGTH', 'skill.license', 'has 257 characters; at most 256'],
  [`keywords = ["${long(65)}"]`, 'M_LENGTH', 'skill.keywords[0]', 'has 65 characters; at most 64'],
  [`category = "${long(65)}"`, 'M_LENGTH', 'skill.category', 'at most 64'],
  [`maturity = "${long(65)}"`, 'M_LENGTH', 'skill.maturity', 'at most 64'],
  [`deprecated = "${long(1_025)}"`, 'M_LENGTH', 'skill.deprecated', 'at most 1024'],
  ['deprecated = ""', 'M_LENGTH', 'skill.deprecated', 'is empty'],
  [`repository = "https://${long(2_041)}"`, 'M_LENGTH', 'skill.repository', 'at most 2048'],
  ['documentation = "file:///etc/passwd"', 'M_LINK', 'skill.documentation', 'is not an http, https, git or ssh'],
  ['documentation = "a.org"', 'M_LINK', 'skill.documentation', 'is not an http'],
  ['documentation = "https://:b@a.org"', 'M_LINK', 'skill.documentation', 'carries a password'],
  [`aliases = ["${long(65)}"]`, 'M_ID', 'skill.aliases[0]', 'longer than 64 characters on one side'],
  [`aliases = ["a.${long(65)}"]`, 'M_ID', 'skill.aliases[0]', 'longer than 64 characters on one side'],
  ['aliases = ["a.b.c"]', 'M_ID', 'skill.aliases[0]', 'a name or <namespace>.<name>'],
  ['aliases = [""]', 'M_ID', 'skill.aliases[0]', 'a name or <namespace>.<name>'],
  [`[knowledge]\ntopics = ["${long(65)}"]`, 'M_LENGTH', 'knowledge.topics[0]', 'at most 64'],
  ['[knowledge]\ntopics = [""]', 'M_LENGTH', 'knowledge.topics[0]', 'is empty'],
  ['[knowledge]\ntopics = [[]]', 'M_TYPE', 'knowledge.topics[0]', 'must be a string, not an array'],
  ['[knowledge.synonyms]\n"" = ["x"]', 'M_LENGTH', 'knowledge.synonyms.""', 'the name "" is empty'],
  [`[knowledge.synonyms]\n${long(65)} = ["x"]`, 'M_LENGTH', `knowledge.synonyms.${long(65)}`, 'at most 64'],
  ['[knowledge.synonyms]\na = ["x", 1]', 'M_TYPE', 'knowledge.synonyms.a[1]', 'must be a string, not a number'],
  ['[knowledge.synonyms]\na = ["\\u200d"]', 'M_INVISIBLE', 'knowledge.synonyms.a[0]', 'invisible'],
  ['[knowledge]\nmax_context_tokens = 4294967296', 'M_RANGE', 'knowledge.max_context_tokens', '0 to 4294967295'],
  ['[knowledge]\nmax_context_tokens = -1', 'M_RANGE', 'knowledge.max_context_tokens', '0 to 4294967295'],
  ['[recipes]\nfiles = [""]', 'M_PATH', 'recipes.files[0]', 'is empty'],
  ['[recipes]\nfiles = ["skill.asc"]', 'M_PATH', 'recipes.files[0]', 'is the name of a signature'],
  ['[executable]\nmodule = "./skill.oms.sig"', 'M_PATH', 'executable.module', 'is the name of a signature'],
  [`[recipes]\nfiles = ["${long(1_025)}"]`, 'M_PATH', 'recipes.files[0]', 'longer than 1024'],
  [`[executable]\nmodule = "${long(1_025)}"`, 'M_PATH', 'executable.module', 'longer than 1024'],
  ['[features]\n"a.b" = {}', 'M_FEATURE', 'features."a.b"', '1 to 64 of lower-case'],
  [`[features]\n${long(65)} = {}`, 'M_FEATURE', `features.${long(65)}`, '1 to 64 of lower-case'],
  ['[features]\n_a = {}', 'M_FEATURE', 'features._a', '1 to 64 of lower-case'],
  [`[features]\na = { description = "${long(1_025)}" }`, 'M_LENGTH', 'features.a.description', 'at most 1024'],
  ['[platform]\nos = [""]', 'M_LENGTH', 'platform.os[0]', 'is empty'],
  [`[platform]\nrequired_tools = ["${long(129)}"]`, 'M_RULE', 'platform.required_tools[0]', 'the name of one program'],
  ['[platform]\noptional_tools = ["a b"]', 'M_RULE', 'platform.optional_tools[0]', 'without arguments'],
  ['[platform]\noptional_tools = ["*"]', 'M_RULE', 'platform.optional_tools[0]', 'must name one program'],
  ...(Object.keys(CEILINGS) as LimitName[]).flatMap((name) => {
    const wanted = `must be a whole number from 1 to ${CEILINGS[name].hard} ${CEILINGS[name].unit}`;
    return [CEILINGS[name].hard + 1, 0, -1, 1.5].map((value): Row => {
      return [`[limits]\n${name} = ${value}`, 'M_RANGE', `limits.${name}`, wanted];
    });
  }),
  ['[limits]\ncpu_percent = 0', 'M_RANGE', 'limits.cpu_percent', 'from 1 to 6400 %'],
  ['[limits]\nfile_size_mb = 1025', 'M_RANGE', 'limits.file_size_mb', 'from 1 to 1024 MiB'],
  ['[limits]\nfuel = 9007199254740992', 'M_NUMBER', 'limits.fuel', 'cannot be kept exactly'],
];

describe('one over the bounds is refused where it stands [R-MANIFEST-1]', () => {
  test.each(OVER)('row %# %.0s%s at %s: it %s', async (text, code, field, message) => {
    const { manifest, problems } = await parseText(HEAD + text);
    expect(problems).toMatchObject([{ severity: 'error', code, field, line: 6 + text.split('\n').length }]);
    expect(problems[0]?.message).toContain(message);
    expect(manifest).toBeUndefined();
  });
});

describe('a misspelt key is a warning that names the known one [R-MANIFEST-1]', () => {
  test.each([
    ['[knowledge]\ntopcs = []', 'knowledge.topcs', 'topics'],
    ['[knowledge]\nsyonyms = {}', 'knowledge.syonyms', 'synonyms'],
    ['[knowledge]\npriorty = 1', 'knowledge.priorty', 'priority'],
    ['[recipes]\nfilez = []', 'recipes.filez', 'files'],
    ['[executable]\nmodule = "a"\nexprts = []', 'executable.exprts', 'exports'],
    ['[executable]\nmodule = "a"\nconfg = {}', 'executable.confg', 'config'],
    ['[dependencies.a]\nversion = "1"\noptinal = true', 'dependencies.a.optinal', 'optional'],
    ['[suggestions.a]\nversion = "1"\noptinal = true', 'suggestions.a.optinal', 'optional'],
    ['[features.a]\ndefalt = true', 'features.a.defalt', 'default'],
    ['[platform]\nrequird_tools = []', 'platform.requird_tools', 'required_tools'],
    ['[resilience]\nmax_attemps = 1', 'resilience.max_attemps', 'max_attempts'],
    ['[resilience]\nbulkhed = {}', 'resilience.bulkhed', 'bulkhead'],
    ['[resilience.retry]\nmax_attemps = 1', 'resilience.retry.max_attemps', 'max_attempts'],
    [
      '[resilience.circuit_breaker]\nrecovery_timout = 1',
      'resilience.circuit_breaker.recovery_timout',
      'recovery_timeout',
    ],
    ['[resilience.health_check]\nenabld = true', 'resilience.health_check.enabld', 'enabled'],
    ['[cache]\nresult_cach_ttl = 1', 'cache.result_cach_ttl', 'result_cache_ttl'],
    ['[state]\nmigate = 1', 'state.migate', 'migrate'],
    ['[state]\nversoin = 1', 'state.versoin', 'version'],
  ])('%j', async (text, field, known) => {
    const [key = ''] = field.split('.').slice(-1);
    const line = 6 + text.split('\n').length;
    const found = { code: 'M_UNKNOWN_KEY', line, column: 1, field, fix: `write ${known} instead of ${key}` };
    const message = `${field} is not a known field; did you mean ${known}?`;
    const lax = await parseText(HEAD + text);
    expect(lax.problems).toEqual([{ ...found, severity: 'warning', file: 'skill.toml', message }]);
    expect(lax.manifest).toBeDefined();
    const strict = await parseText(HEAD + text, true);
    expect(strict.problems).toEqual([{ ...found, severity: 'error', file: 'skill.toml', message }]);
    expect(strict.manifest).toBeUndefined();
  });
});
