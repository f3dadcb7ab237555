import { describe, expect, test } from 'vitest';
import { HEAD, parseClean, parseText } from './sample.ts';

const long = (length: number): string => 'a'.repeat(length);

describe.each(['dependencies', 'suggestions'] as const)('[%s] [R-MANIFEST-1]', (section) => {
  const RANGES: readonly (readonly [written: string, read: string])[] = [
    ['*', '*'],
    ['1', '1'],
    ['1.0', '1.0'],
    ['1.2.3', '1.2.3'],
    ['=1.2.3', '=1.2.3'],
    ['>=1.0', '>=1.0'],
    ['>=1.0,<2.0', '>=1.0 <2.0'],
    [' >=1.0 , <2.0 ', '>=1.0 <2.0'],
    ['>=1.0 <2.0', '>=1.0 <2.0'],
    ['^1', '^1'],
    ['^0.1.2', '^0.1.2'],
    ['~1.2', '~1.2'],
    ['1.x', '1.x'],
    ['1.2.*', '1.2.*'],
    ['1 - 2', '1 - 2'],
    ['1 || 2', '1 || 2'],
    ['>1.0.0-rc.1', '>1.0.0-rc.1'],
    [`1${' '.repeat(255)}`, '1'],
  ];

  test.each(['', 'optional = true', 'features = []', 'verison = "1"'])(
    'a table with %j in it and no version lacks that',
    async (text) => {
      const { problems } = await parseText(`${HEAD}[${section}.x]\n${text}`);
      expect(problems[0]).toMatchObject({ code: 'M_MISSING', line: 7, field: `${section}.x.version` });
    },
  );

  test.each(RANGES)('the range %j in both forms', async (written, range) => {
    const plain = await parseClean(`${HEAD}[${section}]\n"a.b" = "${written}"`);
    expect(plain[section]).toEqual([{ id: 'a.b', range, optional: false, features: [] }]);
    const detailed = await parseClean(
      `${HEAD}[${section}."a.b"]\nversion = "${written}"\noptional = true\nfeatures = ["x"]`,
    );
    expect(detailed[section]).toEqual([{ id: 'a.b', range, optional: true, features: ['x'] }]);
  });

  test.each([
    '',
    ' ',
    ',',
    '>=1,',
    ',<2',
    '>=1,,<2',
    'latest',
    'v',
    '1.2.3.4',
    '>=',
    '^',
    '1..2',
    '>=1 && <2',
    '=>1',
    'é',
  ])('the range %j is refused in both forms', async (written) => {
    const found = { severity: 'error', code: 'M_RANGE_TEXT' };
    const plain = await parseText(`${HEAD}[${section}]\na = "${written}"`);
    expect(plain.problems).toMatchObject([{ ...found, line: 8, column: 1, field: `${section}.a` }]);
    expect(plain.problems[0]?.message).toContain('it is not a semver range');
    const detailed = await parseText(`${HEAD}[${section}]\na = { version = "${written}" }`);
    expect(detailed.problems).toMatchObject([{ ...found, line: 8, column: 7, field: `${section}.a.version` }]);
  });

  test('a range over 256 characters is refused before it is understood', async () => {
    const { problems } = await parseText(`${HEAD}[${section}]\na = "1${' '.repeat(256)}"`);
    expect(problems).toMatchObject([{ code: 'M_RANGE_TEXT', line: 8 }]);
    expect(problems[0]?.message).toContain('longer than 256 characters');
  });

  test.each(['a', 'a-b', 'a1.b2', long(64), `${long(64)}.${long(64)}`])('the id %j', async (id) => {
    expect((await parseClean(`${HEAD}[${section}]\n"${id}" = "1"`))[section]).toMatchObject([{ id }]);
  });

  test.each(['', 'A', 'a_b', 'a--b', '-a', 'a-', 'a.', '.a', 'a.b.c', 'a/b', 'é', 'a b', long(65), `a.${long(65)}`])(
    'the id %j is refused',
    async (id) => {
      const { problems } = await parseText(`${HEAD}[${section}]\n"${id}" = "1"`);
      expect(problems).toMatchObject([{ severity: 'error', code: 'M_ID', line: 8, column: 1 }]);
    },
  );

  test.each([
    ['', 'M_FEATURE'],
    ['A', 'M_FEATURE'],
    ['-a', 'M_FEATURE'],
    ['a.b', 'M_FEATURE'],
    [long(65), 'M_FEATURE'],
  ])('the feature %j is refused', async (feature, code) => {
    const { problems } = await parseText(`${HEAD}[${section}.a]\nversion = "1"\nfeatures = ["ok", "${feature}"]`);
    expect(problems).toMatchObject([{ severity: 'error', code, line: 9, field: `${section}.a.features[1]` }]);
  });

  test('the order is the order of the file, and the skill may not name itself in either form', async () => {
    const manifest = await parseClean(`${HEAD}[${section}]\nc = "1"\na = { version = "2" }\n"b.b" = "3"`);
    expect(manifest[section].map(({ id, range }) => [id, range])).toEqual([
      ['c', '1'],
      ['a', '2'],
      ['b.b', '3'],
    ]);
    for (const value of ['"1"', '{ version = "1" }']) {
      const { problems } = await parseText(`${HEAD}[${section}]\n"custom.sample" = ${value}`);
      expect(problems).toMatchObject([
        { severity: 'error', code: 'M_DEPENDENCY_SELF', line: 8, fix: 'remove the line' },
      ]);
    }
  });
});

const TOOL = `${HEAD}[[tools]]\nname = "go"\ndescription = "Goes"\n`;
const MODULE = '[executable]\nmodule = "a"\n';
type Refused = [type: string, text: string, code: string, field: string];

describe('[[tools]] [R-MANIFEST-1]', () => {
  const PROGRAM = {
    args: [],
    environment: new Map(),
    stdin: undefined,
    exitCodes: [0],
    limits: {},
    sandbox: undefined,
  };
  test.each<[type: string, text: string, settings: object]>([
    ['code_inline', 'command = "x"', { command: 'x', ...PROGRAM }],
    [
      'code_inline',
      'command = "x"\nargs = ["-l", "{{a}}"]\nexit_codes = [0, 1]\ntimeout = 5\n[tools.environment]\nA = "b"\n' +
        '[tools.resource_limits]\nmax_memory_mb = 9\nmax_cpu_percent = 50\nmax_file_size_mb = 3\nmax_processes = 4\nmax_execution_time = 4\n' +
        '[tools.sandbox]\nallow_network = true\nallowed_paths = ["./"]',
      {
        command: 'x',
        args: ['-l', '{{a}}'],
        environment: new Map([['A', 'b']]),
        stdin: undefined,
        exitCodes: [0, 1],
        limits: { timeout_ms: 4_000, memory_mb: 9, cpu_percent: 50, file_size_mb: 3, processes: 4 },
        sandbox: { allowNetwork: true, allowFileWrite: false, allowedPaths: ['./'] },
      },
    ],
    [
      'code_session',
      'command = "bash"',
      {
        command: 'bash',
        session: { idleMs: 3_600_000, maxSessions: 5, cleanupOnExit: true, statePersistence: false },
        ...PROGRAM,
      },
    ],
    ['script', 'script = "scripts/a.sh"', { script: 'scripts/a.sh', interpreter: undefined, ...PROGRAM }],
    ['prompt_inline', 'prompt = "Explain {a}"', { prompt: 'Explain {a}', outputFormat: 'text' }],
    [
      'conversation',
      'prompt_template = "Explain {a}"\nmodel = "m"\ncontext_window = 9\n[tools.context_files]\npatterns = ["*.md"]',
      {
        promptTemplate: 'Explain {a}',
        contextFiles: { patterns: ['*.md'], excludePatterns: [], maxFiles: undefined, maxFileSizeKb: undefined },
        model: 'm',
        contextWindow: 9,
      },
    ],
    ['recipe', 'recipe = "r"', { recipe: 'r' }],
  ])('of type %s needs no module', async (type, text, settings) => {
    const { tools } = await parseClean(`${TOOL}type = "${type}"\n${text}`);
    expect(tools.map((tool) => tool.settings)).toEqual([{ type, ...settings }]);
  });

  test.each<Refused>([
    ['code_inline', 'command = "a/b"', 'M_RULE', 'command'],
    ['code_inline', 'command = "*"', 'M_RULE', 'command'],
    ['code_inline', 'command = "x"\nexit_codes = [256]', 'M_TYPE', 'exit_codes'],
    ['code_inline', 'command = "x"\nexit_codes = []', 'M_TYPE', 'exit_codes'],
    ['code_inline', 'command = "x"\ntimeout = 301', 'M_RANGE', 'timeout'],
    ['code_inline', 'command = "x"\nargs = ["a\\u0000"]', 'M_INVISIBLE', 'args[0]'],
    ['code_inline', 'command = "x"\nenvironment = { "a b" = "c" }', 'M_VARIABLE', 'environment'],
    ['script', 'script = "bin/a.sh"', 'M_PATH', 'script'],
    ['script', 'script = "scripts/../a.sh"', 'M_PATH', 'script'],
    ['script', 'script = "/scripts/a.sh"', 'M_PATH', 'script'],
    ['prompt_inline', 'prompt = "a"\noutput_format = "html"', 'M_CHOICE', 'output_format'],
    ['conversation', 'prompt_template = "a"\ncontext_window = 0', 'M_RANGE', 'context_window'],
    ['recipe', '', 'M_MISSING', 'recipe'],
    ...['*a*a*a*a', '**/a/**/b/**', 'x/****'].map((pattern): Refused => {
      const text = `prompt_template = "a"\n[tools.context_files]\npatterns = ["${pattern}"]`;
      return ['conversation', text, 'M_PATTERN', 'context_files.patterns[0]'];
    }),
    ['code_session', 'command = "x"\nsession_config = { max_sessions = 0 }', 'M_RANGE', 'session_config.max_sessions'],
  ])('of type %s with %j is refused: %s', async (type, text, code, field) => {
    const { problems } = await parseText(`${TOOL}type = "${type}"\n${text}`);
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code, field: expect.stringContaining(`tools[0].${field.split(' ')[0]}`) }]);
  });

  test.each([
    ['', undefined, false],
    ['export = "run"', 'run', false],
    [`export = "${long(256)}"`, long(256), false],
    ['cacheable = false', undefined, false],
    ['export = "a"\ncacheable = true\nresilience = {}', 'a', true],
  ])('of type wasm with %j', async (text, exported, cacheable) => {
    const { tools } = await parseClean(`${TOOL}${text}\n${MODULE}`);
    expect(tools).toMatchObject([{ settings: { type: 'wasm', export: exported }, cacheable }]);
    expect((await parseClean(`${TOOL}type = "wasm"\n${text}\n${MODULE}`)).tools).toEqual(tools);
  });

  test('has rules of its own for failures', async () => {
    const { tools } = await parseClean(`${TOOL}[tools.resilience]\nmax_attempts = 2\n${MODULE}`);
    expect(tools[0]?.resilience?.retry).toMatchObject({ maxAttempts: 2 });
  });

  test.each([
    ['export = ""', 'M_LENGTH', 'export', 'is empty'],
    [`export = "${long(257)}"`, 'M_LENGTH', 'export', 'at most 256'],
    ['export = true', 'M_TYPE', 'export', 'must be a string, not a boolean'],
    ['cacheable = "yes"', 'M_TYPE', 'cacheable', 'must be true or false, not a string'],
    ['resilience = 1', 'M_TYPE', 'resilience', 'must be a table, not a number'],
    ['type = 1', 'M_TYPE', 'type', 'must be a string, not a number'],
    ['type = "WASM"', 'M_CHOICE', 'type', 'must be one of wasm, code_inline, code_session, script,'],
    ['parameters = []', 'M_TYPE', 'parameters', 'must be a JSON Schema, not an array'],
    ['returns = "string"', 'M_TYPE', 'returns', 'must be a JSON Schema, not a string'],
  ])('%s is refused', async (text, code, key, message) => {
    const { manifest, problems } = await parseText(`${TOOL}${text}\n${MODULE}`);
    expect(problems).toMatchObject([{ severity: 'error', code, line: 10, column: 1, field: `tools[0].${key}` }]);
    expect(problems[0]?.message).toContain(message);
    expect(manifest).toBeUndefined();
  });

  test.each(['a', 'a_b-c', 'a0', long(64)])('may be named %s', async (name) => {
    const { tools } = await parseClean(TOOL.replace('"go"', `"${name}"`) + MODULE);
    expect(tools).toMatchObject([{ name }]);
  });

  test.each([
    ['', 'my-tool'],
    ['Go', 'go'],
    ['Go Home', 'go-home'],
    ['a.b', 'a-b'],
    ['9a', 'my-tool'],
    ['_a', 'my-tool'],
    ['a/b', 'my-tool'],
    [long(65), 'my-tool'],
  ])('named %j is told to write %s', async (name, meant) => {
    const { problems } = await parseText(TOOL.replace('"go"', `"${name}"`) + MODULE);
    expect(problems).toMatchObject([{ code: 'M_TOOL_NAME', line: 8, column: 1, fix: `write name = "${meant}"` }]);
  });

  test('descriptions are 1 to 1024 visible characters', async () => {
    const problemsOf = async (text: string): Promise<unknown> =>
      (await parseText(TOOL.replace('"Goes"', `"${text}"`) + MODULE)).problems.map(({ code, line }) => [code, line]);
    expect(await problemsOf(long(1_024))).toEqual([]);
    expect(await problemsOf(long(1_025))).toEqual([['M_LENGTH', 9]]);
    expect(await problemsOf('')).toEqual([['M_LENGTH', 9]]);
    expect(await problemsOf('a\\u2066b')).toEqual([['M_INVISIBLE', 9]]);
  });

  test('every repetition of a name points at the first', async () => {
    const more = '[[tools]]\nname = "go"\ndescription = "Again"\n';
    const { problems } = await parseText(TOOL + more + more + MODULE);
    const message = (index: number): string => `tools[${index}].name = "go" is already the name of tools[0]`;
    expect(problems).toMatchObject([
      { severity: 'error', code: 'M_TOOL_REPEATED', line: 11, message: message(1) },
      { severity: 'error', code: 'M_TOOL_REPEATED', line: 14, message: message(2) },
    ]);
  });
});
