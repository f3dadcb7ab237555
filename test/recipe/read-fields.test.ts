import { describe, expect, it } from 'vitest';
import { HEAD, read, STEPS, withStep } from './samples.ts';

const p = (name: string): object => ({ kind: 'parameter', name });
const out = (step: string, field = 'stdout'): object => ({ kind: 'output', step, field });

const PLAIN_MANNER = { timeoutMs: undefined, workingDir: undefined, env: new Map() };
const SUCCESS = {
  exitCode: 0,
  outputContains: undefined,
  outputMatches: undefined,
  jsonPath: undefined,
  contains: undefined,
  equals: undefined,
};
const PLAIN_STEP = {
  id: 'one',
  name: 'one',
  description: '',
  action: { kind: 'command', words: [['make'], ['all']] },
  manner: PLAIN_MANNER,
  confirmation: undefined,
  risk: 'low',
  when: undefined,
  forEach: undefined,
  retry: { attempts: 1, delayMs: 1_000, backoff: 2 },
  continueOnError: false,
  register: undefined,
  expect: SUCCESS,
  idempotent: false,
  readOnly: false,
  isKept: false,
};
const PARAMETER = {
  name: 'x',
  type: 'string',
  required: true,
  default: undefined,
  description: '',
  values: [],
  validation: undefined,
  min: undefined,
  max: undefined,
  allowDash: false,
};

describe('what is written is what is read [R-RECIPE-1]', () => {
  it('the least', async () => {
    expect(await read(HEAD + STEPS)).toEqual({
      file: 'recipes/sample.yaml',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      id: 'sample',
      name: 'Sample',
      description: 'A sample',
      version: '1.2.3',
      triggers: [],
      parameters: [],
      preconditions: [],
      steps: [PLAIN_STEP],
      verification: [],
      rollback: [],
    });
  });

  it('each part, each in its place', async () => {
    const recipe = await read(`${HEAD}
triggers:
  - keywords: [squash, "merge commits"]
    intent: make one commit of many
    context: { has_files: [.git/config], env_set: [HOME], os: [linux, macos, windows] }
  - intent: tidy the history
parameters:
  - { name: count, type: integer, min: 1, max: 9, default: 2, description: How many }
preconditions:
  - { check: command_exists, args: [git, make], message: Two programs, fallback: install them }
  - { check: env_set, args: [HOME] }
  - { check: file_exists, args: ["{{env.HOME}}/x", plain] }
  - { check: custom, script: git status, timeout: 2, expect: { exit_code: 1 } }
steps:
  - id: one
    command: git log -n {{count}}
    register: log
  - id: two
    tool: tool.text.slugify
    input: { text: "{{log}}", deep: [1, true, { a: "{{steps.one.stderr}}" }] }
verification:
  - { check: git status, message: It is clean, expect: { equals: "" } }
rollback:
  - { command: git reset, undoes: one, description: Back, idempotent: true }
  - { tool: tool.text.slugify, input: { text: "{{log}}" } }
`);
    expect(recipe).toMatchObject({
      triggers: [
        {
          keywords: ['squash', 'merge commits'],
          intent: 'make one commit of many',
          hasFiles: ['.git/config'],
          envSet: ['HOME'],
          os: ['linux', 'darwin', 'win32'],
        },
        { keywords: [], intent: 'tidy the history', hasFiles: [], envSet: [], os: [] },
      ],
      parameters: [
        {
          ...PARAMETER,
          name: 'count',
          type: 'integer',
          required: false,
          default: 2,
          min: 1,
          max: 9,
          description: 'How many',
        },
      ],
      preconditions: [
        { check: 'command_exists', programs: ['git', 'make'], message: 'Two programs', fallback: 'install them' },
        { check: 'env_set', names: ['HOME'], message: undefined, fallback: undefined },
        { check: 'file_exists', paths: [[{ kind: 'env', name: 'HOME' }, '/x'], ['plain']] },
        {
          check: 'custom',
          action: { kind: 'command', words: [['git'], ['status']] },
          manner: { timeoutMs: 2_000 },
          expect: { ...SUCCESS, exitCode: 1 },
        },
      ],
      steps: [
        { id: 'one', action: { words: [['git'], ['log'], ['-n'], [p('count')]] }, register: 'log', isKept: true },
        {
          id: 'two',
          isKept: false,
          action: {
            kind: 'tool',
            reference: 'tool.text.slugify',
            input: {
              fields: new Map<string, unknown>([
                ['text', { template: [out('one')] }],
                [
                  'deep',
                  {
                    list: [
                      { value: 1 },
                      { value: true },
                      { fields: new Map([['a', { template: [out('one', 'stderr')] }]]) },
                    ],
                  },
                ],
              ]),
            },
          },
        },
      ],
      verification: [{ message: 'It is clean', expect: { ...SUCCESS, equals: [] } }],
      rollback: [
        { undoes: 'one', description: 'Back', idempotent: true, action: { words: [['git'], ['reset']] } },
        { undoes: undefined, description: '', idempotent: false, action: { kind: 'tool' } },
      ],
    });
  });
});

describe('a step [R-RECIPE-1]', () => {
  it.each<[fields: string, read: object]>([
    ['command: make all', {}],
    ['command: make all\nname: Build', { name: 'Build' }],
    ['command: make all\ndescription: It builds', { description: 'It builds' }],
    ...(['auto', 'prompt', 'always'] as const).map((confirmation): [string, object] => [
      `command: make all\nconfirmation: ${confirmation}`,
      { confirmation },
    ]),
    ...(['low', 'moderate', 'high', 'critical'] as const).map((risk): [string, object] => [
      `command: make all\nrisk_level: ${risk}`,
      { risk },
    ]),
    ['command: make all\ncontinue_on_error: true', { continueOnError: true }],
    ['command: make all\nidempotent: true', { idempotent: true }],
    ['command: make all\nread_only: true', { idempotent: true, readOnly: true }],
    ['command: make all\nregister: made', { register: 'made' }],
    ['command: make all\nretry: 3', { retry: { attempts: 3, delayMs: 1_000, backoff: 2 } }],
    ['command: make all\nretry: {}', { retry: { attempts: 3, delayMs: 1_000, backoff: 2 } }],
    [
      'command: make all\nretry: { attempts: 10, delay: 20ms, backoff: 1 }',
      { retry: { attempts: 10, delayMs: 20, backoff: 1 } },
    ],
    ['command: make all\ntimeout: 1.5', { manner: { ...PLAIN_MANNER, timeoutMs: 1_500 } }],
    ['command: make all\ntimeout: 1ms', { manner: { ...PLAIN_MANNER, timeoutMs: 1 } }],
    ['command: make all\ntimeout: 5m', { manner: { ...PLAIN_MANNER, timeoutMs: 300_000 } }],
    ['command: make all\nworking_dir: sub', { manner: { ...PLAIN_MANNER, workingDir: ['sub'] } }],
    [
      'command: make all\nenv: { A: text, B: 5, C: true }',
      {
        manner: {
          ...PLAIN_MANNER,
          env: new Map([
            ['A', ['text']],
            ['B', ['5']],
            ['C', ['true']],
          ]),
        },
      },
    ],
    ['command: make all\nfor_each: [a, b]', { forEach: [['a'], ['b']] }],
    ['command: make all\nfor_each: "{{env.LIST}}"', { forEach: { lines: [{ kind: 'env', name: 'LIST' }] } }],
    ['command: make all\nwhen: true', { when: { kind: 'is', operand: { value: true } } }],
    ['command: make all\nexpect: { exit_code: 255 }', { expect: { ...SUCCESS, exitCode: 255 } }],
    ['command: make all\nexpect: { output_contains: ok }', { expect: { ...SUCCESS, outputContains: ['ok'] } }],
    ['command: make all\nexpect: { output_matches: "^ok$" }', { expect: { ...SUCCESS, outputMatches: '^ok$' } }],
    ['command: make all\nexpect: { equals: 5 }', { expect: { ...SUCCESS, equals: ['5'] } }],
    [
      'command: make all\nexpect: { json_path: "$.a[0]", contains: x }',
      { expect: { ...SUCCESS, jsonPath: ['a', 0], contains: ['x'] } },
    ],
  ])('%j', async (fields, expected) => {
    const { steps } = await read(withStep(fields));
    expect(steps).toEqual([{ ...PLAIN_STEP, ...expected }]);
  });

  it.each<[fields: string, action: object]>([
    [
      'command: [make, "a b", "{{env.X}}y"]',
      { kind: 'command', words: [['make'], ['a b'], [{ kind: 'env', name: 'X' }, 'y']] },
    ],
    ["command: make 'a b' \"c d\" e\\ f ''", { kind: 'command', words: [['make'], ['a b'], ['c d'], ['e f'], []] }],
    ['prompt: What now?', { kind: 'prompt', text: ['What now?'] }],
    [
      'recipe: other\nparameters: { a: 1, b: "{{env.X}}" }',
      {
        kind: 'recipe',
        recipe: 'other',
        parameters: new Map<string, unknown>([
          ['a', ['1']],
          ['b', [{ kind: 'env', name: 'X' }]],
        ]),
      },
    ],
    ['tool: a.b', { kind: 'tool', reference: 'a.b', input: { fields: new Map() } }],
    ['command: echo $HOME | wc\nshell: true', { kind: 'shell', script: 'echo $HOME | wc', variables: new Map() }],
    [
      'command: echo {{env.A}} {{env.B}} {{env.A}}\nshell: true',
      {
        kind: 'shell',
        script: 'echo "${SKILL_VALUE_1}" "${SKILL_VALUE_2}" "${SKILL_VALUE_1}"',
        variables: new Map([
          ['SKILL_VALUE_1', [{ kind: 'env', name: 'A' }]],
          ['SKILL_VALUE_2', [{ kind: 'env', name: 'B' }]],
        ]),
      },
    ],
  ])('%j', async (fields, action) => {
    const { steps } = await read(withStep(fields));
    expect(steps).toEqual([{ ...PLAIN_STEP, action }]);
  });

  it('that prints for others keeps what it printed, whoever uses it', async () => {
    const uses = [
      ['steps', '  - { id: two, command: "cat {{steps.one.stdout}}" }'],
      ['steps', '  - { id: two, command: make, when: "steps.one.exit_code == 0" }'],
      ['steps', '  - { id: two, command: make, for_each: "{{steps.one.stdout}}" }'],
      ['steps', '  - { id: two, command: make, env: { A: "{{steps.one.stderr}}" } }'],
      ['steps', '  - { id: two, command: make, working_dir: "{{steps.one.stdout}}" }'],
      ['steps', '  - { id: two, command: make, expect: { equals: "{{steps.one.stdout}}" } }'],
      ['steps', '  - { id: two, prompt: "{{steps.one.stdout}}?" }'],
      ['steps', '  - { id: two, tool: a.b, input: { deep: [{ x: "{{steps.one.stdout}}" }] } }'],
      ['steps', '  - { id: two, recipe: other, parameters: { x: "{{steps.one.stdout}}" } }'],
      ['rest', 'verification:\n  - { check: "grep {{steps.one.stdout}} x" }'],
      ['rest', 'rollback:\n  - { undoes: one, command: "rm {{steps.one.stdout}}" }'],
      ['none', ''],
    ];
    for (const [, text = ''] of uses) {
      const { steps } = await read(`${HEAD}${STEPS}${text}\n`);
      expect([text, steps[0]?.isKept]).toEqual([text, text !== '']);
    }
  });
});

describe('a parameter [R-RECIPE-1]', () => {
  it.each<[fields: string, read: object]>([
    ['', {}],
    [', type: path', { type: 'path' }],
    [', type: secret, required: false', { type: 'secret', required: false }],
    [', default: text', { required: false, default: 'text' }],
    [', default: text, required: false', { required: false, default: 'text' }],
    [', default: ""', { required: false, default: '' }],
    [', validation: "[a-z]+", allow_dash: true', { validation: '[a-z]+', allowDash: true }],
    [', type: enum, values: [a, b], default: b', { type: 'enum', values: ['a', 'b'], default: 'b', required: false }],
    [', type: boolean, default: false', { type: 'boolean', default: false, required: false }],
    [', type: number, min: -1.5, max: 1e3', { type: 'number', min: -1.5, max: 1_000 }],
    [
      ', type: integer, default: -3, allow_dash: true',
      { type: 'integer', default: -3, required: false, allowDash: true },
    ],
    [', type: enum, values: [-a, b], allow_dash: true', { type: 'enum', values: ['-a', 'b'], allowDash: true }],
  ])('%j', async (fields, expected) => {
    const { parameters } = await read(`${HEAD}parameters:\n  - { name: x${fields} }\n${STEPS}`);
    expect(parameters).toEqual([{ ...PARAMETER, ...expected }]);
  });
});

describe('YAML is a way to write it, and no more [R-RECIPE-1]', () => {
  it.each([
    [
      'JSON',
      JSON.stringify({
        id: 'sample',
        name: 'Sample',
        description: 'A sample',
        version: '1.2.3',
        steps: [{ id: 'one', command: 'make all' }],
      }),
    ],
    ['Windows line ends', (HEAD + STEPS).replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${HEAD}${STEPS}`],
    ['a document mark', `---\n${HEAD}${STEPS}`],
    ['comments', `# a\n${HEAD}# b\n${STEPS}# c`],
    ['an anchor', HEAD.replace('Sample', '&n Sample') + STEPS],
    ['keys without values', `${HEAD}triggers:\nparameters:\nrollback:\n${STEPS}    when:\n    env:\n    expect:\n`],
  ])('%s', async (_, text) => {
    expect((await read(text)).steps).toEqual([PLAIN_STEP]);
  });

  it('a command over several lines is one command', async () => {
    const { steps } = await read(withStep('command: >\n  make\n    all\n  "quoted"'));
    expect(steps[0]?.action).toEqual({ kind: 'command', words: [['make'], ['all'], ['quoted']] });
  });

  it('what looks like a number or a boolean is text where text is meant', async () => {
    const { parameters } = await read(
      `${HEAD}parameters:\n  - { name: x, type: enum, values: [no, "1", on, y] }\n${STEPS}`,
    );
    expect(parameters[0]?.values).toEqual(['no', '1', 'on', 'y']);
  });
});
