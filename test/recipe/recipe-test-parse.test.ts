import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { parseRecipeTests } from '../../src/recipe/test/parse-recipe-tests.ts';
import { recipesOf } from './recipe-test-support.ts';

const FILE = 'tests/recipe_test.yaml';
let recipes: readonly Recipe[];

beforeAll(async () => {
  recipes = await recipesOf({
    save: 'steps:\n  - id: add\n    command: git add --all\n  - id: why\n    prompt: Why?\n',
    other: 'steps:\n  - id: look\n    command: git status\n',
  });
});

const parse = (text: string | Uint8Array): ReturnType<typeof parseRecipeTests> =>
  parseRecipeTests(typeof text === 'string' ? Buffer.from(text) : text, FILE, recipes);

const WHOLE = `test_cases:
  - name: everything
    recipe: save
    parameters: { text: a, number: 3, yes: true }
    files: [VERSION, "*.md"]
    env: { HOME: /home/me, LEVEL: 3 }
    not_installed: [tar]
    answers: { why: because }
    declines: [add]
    mock_commands:
      - command: git status *
        exit_code: 1
        stdout: 3
        stderr: "no"
        times: 2
      - command: git *
    expected_result: declined
    expected_message: add
    expected_commands: ["git status", "**"]
  - name: next to nothing
    recipe: other
`;

describe('tests/recipe_test.yaml, read [R-RTEST-2]', () => {
  it('has its cases with every field', async () => {
    const { cases, problems } = await parse(WHOLE);
    expect(problems).toEqual([]);
    expect(cases).toEqual([
      {
        name: 'everything',
        line: 2,
        recipe: 'save',
        parameters: { text: 'a', number: 3, yes: true },
        files: ['VERSION', '*.md'],
        env: new Map([
          ['HOME', '/home/me'],
          ['LEVEL', '3'],
        ]),
        notInstalled: ['tar'],
        answers: new Map([['why', 'because']]),
        declines: ['add'],
        mocks: [
          { command: 'git status *', exitCode: 1, stdout: '3', stderr: 'no', times: 2 },
          { command: 'git *', exitCode: 0, stdout: '', stderr: '', times: undefined },
        ],
        expectedResult: 'declined',
        expectedMessage: 'add',
        expectedCommands: ['git status', '**'],
      },
      expect.objectContaining({
        name: 'next to nothing',
        line: 20,
        expectedResult: 'success',
        expectedMessage: undefined,
        expectedCommands: undefined,
        mocks: [],
      }),
    ]);
  });

  it.each<[what: string, text: string, problem: object]>([
    ['an empty file', '', { message: expect.stringMatching(/./) }],
    ['no cases', 'test_cases: []\n', { code: 'R_TEST_NONE', line: 1 }],
    ['another key beside them', 'test_case: []\n', { message: expect.stringContaining('test_case') }],
    ['a case that is a text', 'test_cases:\n  - one\n', { code: 'M_TYPE', line: 2 }],
    ['no name', 'test_cases:\n  - recipe: save\n', { field: 'test_cases[0].name', code: 'M_MISSING', line: 2 }],
    ['no recipe', 'test_cases:\n  - name: a\n', { field: 'test_cases[0].recipe', line: 2 }],
    [
      'a recipe that is not there',
      'test_cases:\n  - name: a\n    recipe: sve\n',
      { code: 'M_UNKNOWN_NAME', line: 3, column: 5, fix: 'write save' },
    ],
    [
      'a name twice',
      'test_cases:\n  - { name: a, recipe: save }\n  - { name: a, recipe: save }\n',
      { code: 'R_TEST_DUPLICATE', line: 3, field: 'test_cases[1].name' },
    ],
  ])('says what is wrong with %s', async (_what, text, problem) => {
    const { cases, problems } = await parse(text);
    expect(cases).toEqual([]);
    expect(problems).toContainEqual(expect.objectContaining({ severity: 'error', file: FILE, ...problem }));
  });

  it.each<[what: string, fields: string, problem: object]>([
    ['a field nobody reads', 'expected_results: success', { fix: expect.stringContaining('expected_result') }],
    ['a result that is none', 'expected_result: succes', { code: 'M_CHOICE', fix: expect.stringContaining('success') }],
    ['a mock without a command', 'mock_commands: [{ exit_code: 1 }]', { code: 'M_MISSING' }],
    [
      'a mock with a slip',
      'mock_commands: [{ command: a, exitcode: 1 }]',
      { fix: expect.stringContaining('exit_code') },
    ],
    ['a mock of nothing', 'mock_commands: [{ command: "" }]', { code: 'R_TEST_GLOB' }],
    ['a mock that is too long', `mock_commands: [{ command: ${'a'.repeat(1_025)} }]`, { code: 'R_TEST_GLOB' }],
    ['an exit code no program has', 'mock_commands: [{ command: a, exit_code: 256 }]', { code: 'M_RANGE' }],
    ['no times', 'mock_commands: [{ command: a, times: 0 }]', { code: 'M_RANGE' }],
    ['mocks that are no list', 'mock_commands: git', { code: 'M_TYPE' }],
    ['a step nobody asks about', 'declines: [ad]', { code: 'M_UNKNOWN_NAME', fix: 'write "add"' }],
    ['a step that is far from any', 'declines: [publish]', { fix: 'the steps are add, why, look' }],
    ['an answer to no step', 'answers: { wy: because }', { code: 'M_UNKNOWN_NAME', fix: 'write "why"' }],
    ['a key that reaches a prototype', 'parameters: { __proto__: 1 }', { code: 'M_UNSAFE_KEY' }],
    ['commands that are no list', 'expected_commands: git', { code: 'M_TYPE' }],
    ['an expected command that is empty', 'expected_commands: [""]', { code: 'R_TEST_GLOB' }],
  ])('says what is wrong with %s', async (_what, fields, problem) => {
    const { cases, problems } = await parse(`test_cases:\n  - name: a\n    recipe: save\n    ${fields}\n`);
    expect(cases).toEqual([]);
    expect(problems).toEqual([expect.objectContaining({ line: 4, ...problem })]);
  });

  it('tells all of it at once, in the order of the file', async () => {
    const text =
      'test_cases:\n  - name: a\n    recipe: sve\n    expected_result: no\n    declines: [ad]\n    extra: 1\n  - recipe: other\n';
    const { cases, problems } = await parse(text);
    expect(problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '3 M_UNKNOWN_NAME',
      '4 M_CHOICE',
      '5 M_UNKNOWN_NAME',
      expect.stringMatching(/^6 /),
      '7 M_MISSING',
    ]);
    expect(cases).toEqual([]);
  });

  it('never throws, and has cases or problems, whatever bytes there are', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc
        .tuple(fc.nat(WHOLE.length), fc.nat(12), fc.string({ maxLength: 6 }))
        .map(([at, length, put]) => Buffer.from(WHOLE.slice(0, at) + put + WHOLE.slice(at + length))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (source) => {
        const { cases, problems } = await parse(source);
        expect(cases.length > 0).toBe(problems.length === 0);
        for (const { message, fix } of problems) expect(`${message}${fix}`).toMatch(/\w/);
      }),
      { numRuns: 200 },
    );
  });
});
