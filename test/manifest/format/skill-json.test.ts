// cspell:ignore descripton resiliance comand promt fiel_read allow_netwrok max_memori_mb tracin
import { describe, expect, test } from 'vitest';
import type { Manifest, Problem } from '../../../src/manifest/manifest.ts';
import { brief, expectTold, nest, parse, parseClean, PLAIN, WITH } from './samples.ts';
import { V2_EXAMPLES, whole } from './v2-examples.ts';

const JSON_WITH = WITH['skill.json'];
const parseSkill = (value: unknown, strict = false): ReturnType<typeof parse> =>
  parse('skill.json', JSON.stringify(value, undefined, 1), { strict });
const rule = (text: string, origin: string): { text: string; origin: string } => ({ text, origin });

async function read(value: unknown): Promise<Manifest> {
  const { manifest, problems } = await parseSkill(value);
  if (manifest === undefined) throw new Error(JSON.stringify(problems, undefined, 2));
  return manifest;
}

describe('a skill.json becomes a manifest [R-FORMAT-1]', () => {
  test('with all fields of the whole example', async () => {
    const text = JSON.stringify(whole(V2_EXAMPLES['all of one skill'] ?? {}), undefined, 2);
    expect(await parseClean('skill.json', text, { folder: 'any', strict: true })).toEqual({
      ...PLAIN,
      file: 'skill.json',
      id: 'custom.whole-skill',
      name: 'whole-skill',
      description: 'A skill with all of it',
      version: '3.2.1',
      aliases: ['whole', 'all'],
      scope: 'workspace',
      authors: ['ada@example.org'],
      license: 'MIT',
      documentation: 'https://example.org/whole',
      keywords: ['node', 'files'],
      category: 'development',
      maturity: 'stable',
      tools: [
        {
          name: 'whole-skill',
          description: 'A skill with all of it',
          parameters: undefined,
          patterns: new Map(),
          returns: undefined,
          cacheable: false,
          resilience: undefined,
          settings: {
            type: 'code_inline',
            command: 'node',
            args: ['main.js'],
            environment: new Map(),
            stdin: undefined,
            exitCodes: [0],
            limits: {},
            sandbox: undefined,
          },
        },
      ],
      limits: { timeout_ms: 40_000, memory_mb: 100 },
      capabilities: {
        ...PLAIN.capabilities,
        filesystemRead: [
          rule('./in', 'security.permissions.file_read[0]'),
          rule('./more', 'security.permissions.file_read[1]'),
        ],
        filesystemWrite: [rule('./out', 'security.permissions.file_write[0]')],
        terminalExec: {
          commands: [rule('node', 'command'), rule('echo', 'resilience.fallback_command')],
          blocked: [],
          args: new Map(),
        },
      },
      resilience: {
        ...PLAIN.resilience,
        retry: { maxAttempts: 4, backoff: 'exponential', retryOn: undefined },
        fallback: { command: ['echo', 'instead'] },
      },
      dependencies: [{ id: 'node-utils', range: '^1.0.0', optional: false, features: [] }],
    });
  });

  test.each<[example: string, type: string, settings: unknown]>([
    ['code at once', 'code_inline', V2_EXAMPLES['code at once']],
    ['code in a session', 'code_session', V2_EXAMPLES['code in a session']],
    ['a conversation', 'conversation', V2_EXAMPLES['a conversation']],
    ['a prompt', 'prompt_inline', { prompt: 'Write a {kind} in {tongue}', output_format: 'markdown' }],
  ])('%s is one tool of type %s', async (example, type, expected) => {
    const manifest = await read(whole(V2_EXAMPLES[example] ?? {}));
    const { type: _type, ...settings } = expected as Record<string, unknown>;
    expect(manifest.tools).toMatchObject([{ name: 'sample', description: 'A sample', settings: { type } }]);
    expect(manifest.tools).toHaveLength(1);
    expect(manifest.tools[0]?.settings).toMatchObject(inOurNames(settings));
    const runs = type.startsWith('code') ? [rule(String(settings['command']), 'command')] : [];
    expect(manifest.capabilities.terminalExec.commands).toEqual(runs);
  });

  test('parameters are a schema that takes no others', async () => {
    const { tools } = await read(whole(V2_EXAMPLES['a prompt'] ?? {}));
    expect(tools[0]?.parameters).toEqual({
      type: 'object',
      properties: { kind: { type: 'string', enum: ['letter', 'poem'] }, tongue: { type: 'string' } },
      required: ['kind', 'tongue'],
      additionalProperties: false,
    });
  });

  test('a skill whose name starts with a digit has a tool whose name does not', async () => {
    expect((await read(whole({ name: '3d-views' }))).tools).toMatchObject([{ name: 'run' }]);
  });

  test('of limits that are written in several places the smallest counts', async () => {
    const seconds = {
      timeout: 9,
      resilience: { timeout: 8 },
      resource_limits: { max_execution_time: 7, max_memory_mb: 30 },
    };
    const security = { security: { resource_limits: { max_execution_time: 6, max_memory_mb: 40 } } };
    expect((await read(whole(seconds))).limits).toEqual({ timeout_ms: 7_000, memory_mb: 30 });
    expect((await read(whole({ ...seconds, ...security }))).limits).toEqual({ timeout_ms: 6_000, memory_mb: 30 });
    expect((await read(whole(security))).limits).toEqual({ timeout_ms: 6_000, memory_mb: 40 });
    expect((await read(whole({ timeout: 9 }))).limits).toEqual({ timeout_ms: 9_000 });
    const alone = { performance: { execution: { parallel_execution: false } } };
    expect((await read(whole(alone))).limits).toEqual({ max_concurrent: 1 });
  });

  test('permissions, their defaults and the sandbox are put together', async () => {
    const { capabilities } = await read(
      whole({
        security: {
          permissions: { file_read: ['a', 'b'], network_access: ['a.org'] },
          default_permissions: { file_read: ['b', 'c'], file_write: ['d'], network_access: ['a.org', 'b.org'] },
        },
        sandbox: { allowed_paths: ['c', 'e'], allow_file_write: true, allow_network: ['c.org'] },
      }),
    );
    const texts = (rules: readonly { text: string }[]): string => rules.map(({ text }) => text).join(' ');
    expect(texts(capabilities.filesystemRead)).toBe('a b c e');
    expect(texts(capabilities.filesystemWrite)).toBe('d c e');
    expect(texts(capabilities.network)).toBe('a.org b.org c.org');
    expect(capabilities.filesystemRead[2]).toEqual(rule('c', 'security.default_permissions.file_read[1]'));
  });

  test('null is a field that is not written', async () => {
    const nulls = {
      license: null,
      aliases: null,
      security: { permissions: null },
      metadata: { tags: null },
      timeout: null,
    };
    expect(await read(whole(nulls))).toEqual(await read(whole({})));
  });
});

/** Every leaf, as `a.b[0]`, and every key on the way. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return (value as unknown[]).flatMap((item, i) => fieldsOf(item, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => fieldsOf(item, path === '' ? key : `${path}.${key}`));
}

function leafAt(value: unknown, field: string): unknown {
  return field
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], value);
}

/** The example with another value of the same kind in that field. */
function changeAt(value: unknown, field: string): unknown {
  const copy = structuredClone(value) as Record<string, unknown>;
  const steps = field.split(/[.[\]]+/).filter((step) => step !== '');
  const last = steps.pop() ?? '';
  const holder = steps.reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, copy);
  const old = holder[last];
  if (typeof old === 'boolean') holder[last] = !old;
  else if (typeof old === 'number') holder[last] = Number.isInteger(old) ? Math.max(1, old - 1) : old / 2;
  else holder[last] = OTHERS[String(old)] ?? `${String(old)}x`;
  return copy;
}

const OTHERS: Readonly<Record<string, string>> = {
  workspace: 'user',
  enum: 'integer',
  string: 'integer',
  '3.2.1': '3.2.2',
  '1.4.0': '1.5.0',
  '^1.2.0': '^1.3.0',
  '>=2.3.0': '>=2.4.0',
  '^1.0.0': '^1.1.0',
};

describe('no field of the version 2 document vanishes: each is in the manifest or reported [R-FORMAT-6]', () => {
  const cases = Object.entries(V2_EXAMPLES).flatMap(([name, example]) =>
    fieldsOf(example)
      .filter((field) => field !== 'type')
      .map((field) => ({ name, field, example })),
  );

  test.each(cases)('$field of $name', async ({ field, example }) => {
    const before = await parseSkill(whole(example));
    const changed = changeAt(whole(example), field);
    const after = await parseSkill(changed);
    expect(leafAt(changed, field)).not.toEqual(leafAt(whole(example), field));
    const isReported = [...before.problems, ...after.problems].some((problem) =>
      problem.field?.startsWith(field.replace(/\[\d+\]$/, '')),
    );
    const isKept = describeAll(before.manifest) !== describeAll(after.manifest);
    expect(isKept || isReported || NO_MORE_THAN_BEFORE.has(field)).toBe(true);
    expect(before.manifest).toBeDefined();
  });

  test.each(Object.entries(V2_EXAMPLES))(
    '%s is read in full: only what is not enforced is told',
    async (_, example) => {
      const { problems } = await parseSkill(whole(example));
      const allowed = new Set(['M_CACHE_TTL']);
      expect(problems.filter(({ code }) => !allowed.has(code))).toEqual([]);
      for (const { severity } of problems) expect(severity).toBe('warning');
    },
  );
});

/** What version 2 writes of a tool, by the names that we have for it; what is limit or sandbox is the skill's. */
function inOurNames({ command, args, prompt, model, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const files = rest['context_files'] as Record<string, unknown> | undefined;
  const session = rest['session_config'] as Record<string, unknown> | undefined;
  const named = {
    command,
    args,
    prompt,
    model,
    promptTemplate: rest['prompt_template'],
    contextWindow: rest['context_window'],
    outputFormat: rest['output_format'],
    environment: rest['environment'] && new Map(Object.entries(rest['environment'])),
    contextFiles: files && {
      patterns: files['patterns'],
      excludePatterns: files['exclude_patterns'],
      maxFiles: files['max_files'],
      maxFileSizeKb: files['max_file_size_kb'],
    },
    session: session && {
      idleMs: Number(session['session_timeout']) * 1_000,
      maxSessions: session['max_sessions'],
      cleanupOnExit: session['cleanup_on_exit'],
      statePersistence: session['state_persistence'],
    },
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** A limit that a smaller one beside it covers; that side is told by the test of the smallest limit. */
const NO_MORE_THAN_BEFORE: ReadonlySet<string> = new Set([
  'resource_limits.max_execution_time',
  'security.resource_limits.max_execution_time',
]);

function describeAll(manifest: Manifest | undefined): string {
  return JSON.stringify(manifest, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}

type Bad = readonly [value: string, called: string];
const NO_TEXT: readonly Bad[] = [
  ['1', 'a number'],
  ['true', 'a boolean'],
  ['[]', 'an array'],
  ['{}', 'a table'],
];
const NO_TEXTS: readonly Bad[] = [
  ['"x"', 'a string'],
  ['1', 'a number'],
  ['{}', 'a table'],
];
const NO_TABLE: readonly Bad[] = [
  ['"x"', 'a string'],
  ['1', 'a number'],
  ['[]', 'an array'],
  ['false', 'a boolean'],
];
const NO_FLAG: readonly Bad[] = [
  ['"true"', 'a string'],
  ['1', 'a number'],
  ['[]', 'an array'],
];
const NO_WHOLE: readonly Bad[] = [
  ['"1"', 'a string'],
  ['true', 'a boolean'],
  ['[1]', 'an array'],
];

/** Fields of any skill, by what they take. */
const FIELDS: readonly (readonly [wanted: string, bad: readonly Bad[], fields: readonly string[]])[] = [
  [
    'a string',
    NO_TEXT,
    ['license', 'homepage', 'repository', 'scope', 'metadata.category', 'metadata.maturity', 'output_format'],
  ],
  [
    'an array of strings',
    NO_TEXTS,
    ['aliases', 'metadata.tags', 'security.permissions.file_read', 'security.permissions.file_write'],
  ],
  [
    'an array of strings',
    NO_TEXTS,
    ['security.permissions.network_access', 'sandbox.allow_network', 'sandbox.allowed_paths'],
  ],
  [
    'an array of strings',
    NO_TEXTS,
    ['security.default_permissions.file_read', 'security.default_permissions.file_write'],
  ],
  [
    'a table',
    NO_TABLE,
    ['metadata', 'security', 'security.permissions', 'security.default_permissions', 'sandbox', 'resource_limits'],
  ],
  [
    'a table',
    NO_TABLE,
    ['security.resource_limits', 'resilience', 'performance', 'performance.caching', 'performance.execution'],
  ],
  ['a table', NO_TABLE, ['dependencies', 'provides', 'observability', 'development']],
  [
    'true or false',
    NO_FLAG,
    ['security.sandbox_enabled', 'security.permissions.process_spawn', 'sandbox.allow_file_write'],
  ],
  ['true or false', NO_FLAG, ['performance.execution.parallel_execution', 'provides.knowledge']],
  [
    'a whole number',
    NO_WHOLE,
    ['timeout', 'resilience.timeout', 'resource_limits.max_execution_time', 'resource_limits.max_memory_mb'],
  ],
  ['a whole number', NO_WHOLE, ['resource_limits.max_cpu_percent', 'security.resource_limits.max_file_size_mb']],
  [
    'a whole number',
    NO_WHOLE,
    ['performance.execution.max_concurrent_skills', 'performance.execution.execution_queue_size'],
  ],
];

const TYPED = FIELDS.flatMap(([wanted, bad, fields]) =>
  fields.flatMap((field) => bad.map(([value, called]) => ({ field, value, wanted, called }))),
).filter(({ field, value }) => !(/network/.test(field) && value === 'true'));

describe('each wrong field is told where it stands, with a fix in JSON [R-FORMAT-2]', () => {
  test.each(TYPED)('$field: $value', async ({ field, value, wanted, called }) => {
    const { text, column } = nest('skill.json', field.split('.'), value);
    const source = JSON_WITH(text);
    const { manifest, problems } = await parse('skill.json', source);
    const key = field.split('.').at(-1) ?? '';
    const told = problems.filter(({ severity }) => severity === 'error');
    expect(told).toMatchObject([{ code: 'M_TYPE', line: 7, column, field }]);
    expect(told[0]?.message).toMatch(new RegExp(` must be ${wanted}.*, not ${called}$`));
    expect(told[0]?.fix).toContain(`"${key}": `);
    expect(manifest).toBeUndefined();
    expectTold('skill.json', source, problems);
  });

  test.each<[field: string, value: string, code: string, message: RegExp, fix: RegExp]>([
    ['license', '""', 'M_LENGTH', /is empty/, /visible/],
    ['license', '"a\\u202eb"', 'M_INVISIBLE', /\\u\{202e\}/, /retype/],
    ['license', '"\\ud800"', 'M_INVISIBLE', /\\u\{d800\}/, /retype/],
    ['homepage', '"javascript:alert(1)"', 'M_LINK', /not an http/, /https/],
    ['repository', '"https://a:b@example.org"', 'M_LINK', /password/, /remove/],
    ['author', '"a\\u0000"', 'M_INVISIBLE', /\\u\{0\}/, /retype/],
    ['scope', '"global"', 'M_CHOICE', /one of user, workspace/, /user, workspace/],
    ['scope', '"usr"', 'M_CHOICE', /one of user, workspace/, /^write "scope": "user"$/],
    ['aliases', '["ok", "No"]', 'M_ID', /aliases\[1\]/, /lower|such as/],
    ['metadata.tags', '["a\\u200b"]', 'M_INVISIBLE', /tags\[0\]/, /retype/],
    ['metadata.category', '" "', 'M_LENGTH', /empty/, /visible/],
    ['timeout', '0', 'M_RANGE', /from 1 to 300 seconds/, /^write "timeout": N with N from 1 to 300$/],
    ['timeout', '301', 'M_RANGE', /from 1 to 300 seconds/, /"timeout": N/],
    ['timeout', '1.5', 'M_RANGE', /whole number/, /"timeout": N/],
    ['timeout', '1e400', 'M_NUMBER', /infinities/, /finite/],
    ['timeout', '9007199254740993', 'M_NUMBER', /kept exactly/, /write a number/],
    ['resource_limits.max_memory_mb', '513', 'M_RANGE', /from 1 to 512 MiB/, /"max_memory_mb": N/],
    ['resource_limits.max_cpu_percent', '6401', 'M_RANGE', /from 1 to 6400/, /"max_cpu_percent": N/],
    [
      'security.permissions.file_read',
      '["../x"]',
      'M_RULE',
      /\.\. segment/,
      /^write it such as "file_read": \["\.\/"\]$/,
    ],
    ['security.permissions.file_write', '["C:/x"]', 'M_RULE', /drive/, /"file_write": /],
    ['security.permissions.network_access', '["*"]', 'M_RULE', /lone \*/, /"network_access": \["api\.example\.org"\]/],
    ['sandbox.allow_network', '["https://a.org/x"]', 'M_RULE', /path or query/, /"allow_network": /],
    ['sandbox.allowed_paths', '["a*"]', 'M_RULE', /wildcard/, /"allowed_paths": /],
    ['provides.fmt', '"1"', 'M_VERSION', /MAJOR/, /write "1.0.0"/],
    ['provides.Fmt', '"1.0.0"', 'M_ID', /lower-case/, /such as/],
    ['provides.recipe', 'true', 'M_TYPE', /a version/, /write recipes instead/],
    ['dependencies.a', '"one"', 'M_RANGE_TEXT', /not a semver range/, /write a range/],
    ['dependencies.A', '"1"', 'M_ID', /lower-case/, /such as/],
    ['dependencies.a', '5', 'M_TYPE', /a string, not a number/, /^write "a": "…", in quotes$/],
    ['dependencies.cloud', '{"optional": true}', 'M_MISSING', /cloud.version is missing/, /"version": ">=1\.0"/],
    ['parameters', '{}', 'M_TYPE', /must be a list/, /one entry with a name and a type/],
    ['parameters', '[1]', 'M_TYPE', /parameters\[0\] must be a table/, /a name and a type/],
    ['parameters', '[{"type": "string"}]', 'M_MISSING', /parameters\[0\]\.name is missing/, /^write "name": "input"$/],
    ['parameters', '[{"name": "a"}]', 'M_MISSING', /parameters\[0\]\.type is missing/, /^write "type": "string"$/],
    ['parameters', '[{"name": "a", "type": "strng"}]', 'M_CHOICE', /one of string/, /^write "type": "string"$/],
    ['parameters', '[{"name": "a", "type": "enum"}]', 'M_MISSING', /values is missing/, /list the values/],
    [
      'parameters',
      '[{"name": "a", "type": "enum", "values": [1]}]',
      'M_TYPE',
      /values\[0\] must be a string/,
      /quotes/,
    ],
    [
      'parameters',
      '[{"name": "a", "type": "integer", "default": "x"}]',
      'M_SCHEMA_VALUE',
      /does not fit type integer/,
      /change/,
    ],
    [
      'parameters',
      '[{"name": "a", "type": "boolean", "values": ["x"]}]',
      'M_SCHEMA_VALUE',
      /enum\[0\] does not fit/,
      /change/,
    ],
    ['parameters', '[{"name": "a\\u200b", "type": "string"}]', 'M_INVISIBLE', /\\u\{200b\}/, /retype/],
    [
      'parameters',
      '[{"name": "__proto__", "type": "string"}]',
      'M_UNSAFE_KEY',
      /may not be used as a key/,
      /another name/,
    ],
    [
      'parameters',
      '[{"name": "a", "type": "string", "required": "yes"}]',
      'M_TYPE',
      /true or false/,
      /^write "required": true or/,
    ],
    [
      'parameters',
      '[{"name": "a", "type": "string"}, {"name": "a", "type": "string"}]',
      'M_PARAMETERS',
      /is there twice/,
      /rename/,
    ],
  ])('%s: %s', async (field, value, code, message, fix) => {
    const source = JSON_WITH(nest('skill.json', field.split('.'), value).text);
    const { manifest, problems } = await parse('skill.json', source);
    const [first] = problems.filter(({ severity }) => severity === 'error');
    expect(first).toMatchObject({ code, line: 7 });
    expect(first?.message).toMatch(message);
    expect(first?.fix).toMatch(fix);
    expect(manifest).toBeUndefined();
    expectTold('skill.json', source, problems);
  });

  test.each<[type: string, fields: object, told: string, fix: RegExp]>([
    ['code_inline', {}, 'M_MISSING - command', /^write "command": "python3"$/],
    ['code_session', {}, 'M_MISSING - command', /^write "command": /],
    ['conversation', {}, 'M_MISSING - prompt_template', /^write "prompt_template": /],
    ['prompt_inline', {}, 'M_MISSING - prompt', /^write "prompt": /],
    ['code_inline', { command: 'sh -c x' }, 'M_RULE 1:82 command', /arguments go into args/],
    ['code_inline', { command: './run.sh' }, 'M_RULE 1:82 command', /arguments go into args/],
    ['code_inline', { command: 'git', args: 'add' }, 'M_TYPE 1:98 args', /^write "args": \["…"\]$/],
    ['code_inline', { command: 'git', args: ['a\0'] }, 'M_INVISIBLE 1:106 args[0]', /remove it/],
    ['code_inline', { command: 'git', environment: [] }, 'M_TYPE 1:98 environment', /^write "environment": \{ … \}$/],
    ['code_inline', { command: 'git', environment: { A: 1 } }, 'M_TYPE 1:113 environment.A', /^write "A": "…"/],
    ['code_inline', { command: 'git', environment: { A: '\0' } }, 'M_INVISIBLE 1:113 environment.A', /remove it/],
    ['code_inline', { command: 'git', environment: { 'A=B': 'x' } }, 'M_VARIABLE 1:113 environment."A=B"', /rename/],
    ['code_session', { command: 'git', session_config: 5 }, 'M_TYPE 1:99 session_config', /"session_config": \{/],
    [
      'code_session',
      { command: 'git', session_config: { max_sessions: 0 } },
      'M_RANGE 1:117 session_config.max_sessions',
      /N/,
    ],
    [
      'code_session',
      { command: 'git', session_config: { cleanup_on_exit: 1 } },
      'M_TYPE 1:117 session_config.cleanup_on_exit',
      /true/,
    ],
    ['conversation', { prompt_template: 'x', context_files: [] }, 'M_TYPE 1:105 context_files', /\{ … \}/],
    [
      'conversation',
      { prompt_template: 'x', context_files: { patterns: 'x' } },
      'M_TYPE 1:122 context_files.patterns',
      /\[/,
    ],
    ['conversation', { prompt_template: 'x', context_window: -1 }, 'M_RANGE 1:105 context_window', /N from 1/],
    ['conversation', { prompt_template: 'x', model: '' }, 'M_LENGTH 1:105 model', /visible/],
    ['prompt_inline', { prompt: 5 }, 'M_TYPE 1:84 prompt', /^write "prompt": /],
  ])('a tool of type %s with %j', async (type, fields, told, fix) => {
    const source = JSON.stringify({ name: 'sample', description: 'A sample', version: '1.2.3', type, ...fields });
    const { manifest, problems } = await parse('skill.json', source);
    expect(problems.map(brief)).toEqual([told]);
    expect(problems[0]?.fix).toMatch(fix);
    expect(manifest).toBeUndefined();
  });

  test.each([
    [
      'missing',
      undefined,
      /type is missing/,
      /^write "type": "code_inline", or one of code_session, conversation, prompt_inline$/,
    ],
    ['misspelt', 'code-inline', /must be one of code_inline/, /^write "type": "code_inline"$/],
    ['of another kind', 'wasm', /must be one of code_inline/, /^write one of code_inline/],
    ['no text', 5, /must be a string, not a number/, /^write "type": "…"/],
  ])('a type that is %s is all that is told of the fields of types', async (_, type, message, fix) => {
    const example = { ...V2_EXAMPLES['a conversation'], ...V2_EXAMPLES['code in a session'], type };
    const { manifest, problems } = await parseSkill({ name: 'a', description: 'b', version: '1.0.0', ...example });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.fix).toMatch(fix);
    expect(manifest).toBeUndefined();
  });

  test.each(['1', '1.0', 'v1.0.0', '', '1.0.0 ', '01.0.0', '1.0.0\u200b'])('the version %j', async (version) => {
    const { problems } = await parseSkill(whole({ version }));
    expect(problems.map(brief)).toEqual(['M_VERSION 4:2 version']);
    expect(problems[0]?.fix).toMatch(/^write "\d+\.\d+\.\d+"$/);
  });

  test.each(['../x', 'a/b', 'C:\\x', 'A', '', 'a\u200b', 'a'.repeat(65)])('the name %j', async (name) => {
    const { manifest, problems } = await parseSkill(whole({ name }));
    expect(problems[0]).toMatchObject({ severity: 'error', line: 2, column: 2, field: 'name' });
    expect(manifest).toBeUndefined();
  });

  test('all at once, in the order of the file', async () => {
    const { problems } = await parseSkill({
      name: 'A',
      description: '',
      version: '1',
      type: 'x',
      aliases: 'a',
      timeout: 0,
      licence: 1,
    });
    expect(problems.map(brief)).toEqual([
      'M_NAME 2:2 name',
      'M_LENGTH 3:2 description',
      'M_VERSION 4:2 version',
      'M_CHOICE 5:2 type',
      'M_TYPE 6:2 aliases',
      'M_RANGE 7:2 timeout',
      'M_UNKNOWN_KEY 8:2 licence',
    ]);
  });
});

describe('what is asked for without saying for what is told, and not requested [R-FORMAT-6]', () => {
  test.each<[fields: Readonly<Record<string, unknown>>, code: string, field: string, fix: RegExp]>([
    [
      { security: { permissions: { network_access: true } } },
      'M_HOSTS',
      'security.permissions.network_access',
      /"network_access": \["api\.example\.org"\]/,
    ],
    [{ sandbox: { allow_network: true } }, 'M_HOSTS', 'sandbox.allow_network', /"allow_network": \["api/],
    [
      { security: { permissions: { process_spawn: true } } },
      'M_UNSCOPED',
      'security.permissions.process_spawn',
      /"command"/,
    ],
    [
      { security: { default_permissions: { process_spawn: true } } },
      'M_UNSCOPED',
      'security.default_permissions.process_spawn',
      /"command"/,
    ],
    [{ sandbox: { allow_file_write: true } }, 'M_UNSCOPED', 'sandbox.allow_file_write', /"allowed_paths"/],
    [
      { sandbox: { allow_file_write: true, allowed_paths: [] } },
      'M_UNSCOPED',
      'sandbox.allow_file_write',
      /"allowed_paths"/,
    ],
    [{ security: { sandbox_enabled: false } }, 'M_SANDBOX', 'security.sandbox_enabled', /remove it/],
  ])('%j', async (fields, code, field, fix) => {
    const { manifest, problems } = await parseSkill(whole(fields));
    expect(problems).toMatchObject([{ severity: 'warning', code, field }]);
    expect(problems[0]?.fix).toMatch(fix);
    expect(manifest?.capabilities).toEqual(PLAIN.capabilities);
  });
});

describe('an unknown field is a warning with the nearest known one; strict reading refuses it [R-FORMAT-3]', () => {
  test.each<[path: readonly string[], meant: string | undefined]>([
    [['descripton'], 'description'],
    [['resiliance'], 'resilience'],
    [['keywords'], undefined],
    [['security', 'permision'], 'permissions'],
    [['security', 'permissions', 'fiel_read'], 'file_read'],
    [['sandbox', 'allow_netwrok'], 'allow_network'],
    [['resource_limits', 'max_memori_mb'], 'max_memory_mb'],
    [['metadata', 'tag'], 'tags'],
    [['performance', 'cacheing'], 'caching'],
    [['performance', 'caching', 'result_cache_tl'], 'result_cache_ttl'],
    [['performance', 'execution', 'max_concurrent_skill'], 'max_concurrent_skills'],
    [['observability', 'tracin'], 'tracing'],
    [['observability', 'logging', 'levl'], 'level'],
    [['development', 'hot_reloud'], 'hot_reload'],
    [['development', 'test_framework', 'unit_test'], 'unit_tests'],
    [['resilience', 'retry_attempt'], 'retry_attempts'],
    [['resilience', 'circuit_breaker', 'failure_treshold'], 'failure_threshold'],
    [['command'], undefined],
    [['session_config'], undefined],
  ])('%j', async (path, meant) => {
    const { text, column } = nest('skill.json', path, '"x"');
    const field = path.join('.');
    const fix =
      meant === undefined
        ? /^remove it; version 2 has no such field$/
        : new RegExp(`^write ${meant} instead of ${path.at(-1)}$`);
    for (const [strict, severity] of [
      [false, 'warning'],
      [true, 'error'],
    ] as const) {
      const { manifest, problems } = await parse('skill.json', JSON_WITH(text), { strict });
      expect(problems).toMatchObject([{ severity, code: 'M_UNKNOWN_KEY', line: 7, column, field }]);
      expect(problems[0]?.fix).toMatch(fix);
      expect(manifest === undefined).toBe(strict);
    }
  });
});

test('no fix for a skill.json is written as TOML', async () => {
  const values = ['1', '"x"', '[1]', '{"a": 1}', 'true', '"\\u200b"', '[{"name": 1}]'];
  const fixes: Problem[] = [];
  for (const field of [
    ...FIELDS.flatMap(([, , names]) => names),
    'parameters',
    'dependencies.a',
    'dependencies.b.version',
    'name',
  ])
    for (const value of values)
      fixes.push(...(await parse('skill.json', JSON_WITH(nest('skill.json', field.split('.'), value).text))).problems);
  expect(fixes.length).toBeGreaterThan(100);
  expect(fixes.filter(({ fix }) => /\w = |\[\w+\]/.test(fix))).toEqual([]);
});
