import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { scratch } from '../runtime/folders.ts';
import { recipesOf, tryCase } from './recipe-test-support.ts';

const RELEASE = `
parameters:
  - { name: version, validation: "[0-9.]+" }
  - { name: token, type: secret, required: false }
preconditions:
  - { check: command_exists, args: [git, tar] }
  - { check: file_exists, args: ["VERSION", "notes/{{version}}.md"], message: the notes are missing }
  - { check: env_set, args: [HOME], fallback: "export HOME=…" }
steps:
  - id: clean
    command: git status --porcelain
    register: state
  - id: note
    when: state != ""
    command: git stash push -m "before {{version}}"
  - id: tag
    command: ["git", "tag", "-a", "v{{version}}", "-m", "a tag"]
    retry: { attempts: 3, delay: 60 }
    confirmation: prompt
  - id: publish
    shell: true
    script: x
verification:
  - check: git rev-parse v{{version}}
    expect: { output_matches: "^[0-9a-f]+$" }
    message: the tag is there
rollback:
  - { undoes: tag, command: "git tag -d v{{version}}" }
  - { undoes: note, command: "git stash pop" }
`.replace(
  '    script: x',
  '    command: curl -d {{version}} -H "x" https://example.org\n    env: { TOKEN: "{{token}}" }',
);

const PARAMETERS = 'parameters: { version: "1.2" }';
const WORLD = `${PARAMETERS}\nfiles: [VERSION, notes/*.md]\nenv: { HOME: /home/me }`;
const MOCKS = `mock_commands:
  - { command: "git status *" }
  - { command: "git tag -a v1.2 -m 'a tag'" }
  - { command: "sh: curl *" }
  - { command: "git rev-parse *", stdout: 0a1b }
  - { command: "git tag -d *" }
`;
const TAG = "git tag -a v1.2 -m 'a tag'";
const CURL = 'sh: curl -d "${SKILL_VALUE_1}" -H "x" https://example.org';
const ALL = ['git status --porcelain', TAG, CURL, 'git rev-parse v1.2'];
/** The mocks above with others before them. */
const mocks = (...first: string[]): string =>
  `${WORLD}\n${MOCKS.replace('\n', `\n${first.map((one) => `  - { ${one} }\n`).join('')}`)}`;

let recipes: readonly Recipe[];
beforeAll(async () => {
  recipes = await recipesOf({ release: RELEASE });
});

describe('a case of a recipe [R-RTEST-1]', () => {
  it.each<[what: string, fields: string, calls: readonly string[]]>([
    ['runs to its end', mocks(), ALL],
    ['expects its commands', `${mocks()}expected_commands:\n  - git status *\n  - git tag *\n  - "**"\n`, ALL],
    ['expects any commands at all', `${mocks()}expected_commands: ["**"]`, ALL],
    ['expects a last one', `${mocks()}expected_commands: ["**", git rev-parse v1.2]`, ALL],
    ['expects one in the middle', `${mocks()}expected_commands: ["**", git tag *, "**"]`, ALL],
    [
      'takes a step by its condition, from what was printed',
      mocks('command: "git status *", stdout: " M x"', 'command: git stash push *'),
      [ALL[0] ?? '', "git stash push -m 'before 1.2'", ...ALL.slice(1)],
    ],
    [
      'tries again, with mocks that are used up',
      mocks('command: git tag -a *, exit_code: 1, times: 2'),
      [ALL[0] ?? '', TAG, TAG, ...ALL.slice(1)],
    ],
    [
      'fails and is undone',
      `${mocks('command: "sh: *", exit_code: 22, stderr: no route')}
expected_result: failed
expected_message: "publish: exit code 22: no route"
expected_commands: ["**", git tag -d v1.2]`,
      [...ALL.slice(0, 3), 'git tag -d v1.2'],
    ],
    [
      'says what could not be undone',
      `${mocks('command: "sh: *", exit_code: 22', 'command: "git tag -d *", exit_code: 1, stderr: gone')}
expected_result: failed
expected_message: "rollback[0] failed: exit code 1: gone"`,
      [...ALL.slice(0, 3), 'git tag -d v1.2'],
    ],
    [
      'fails its verification',
      `${mocks('command: git rev-parse *, stdout: "no hash"')}
expected_result: failed
expected_message: the tag is there`,
      [...ALL, 'git tag -d v1.2'],
    ],
    [
      'is declined',
      `${mocks()}declines: [tag]\nexpected_result: declined\nexpected_message: "tag: it was not confirmed"`,
      ALL.slice(0, 1),
    ],
    [
      'is declined after something was done',
      `${mocks()}declines: [publish]\nexpected_result: declined\nexpected_commands: ["**", git tag -d v1.2]`,
      [...ALL.slice(0, 2), 'git tag -d v1.2'],
    ],
    ['declines where nobody asks', `${mocks()}declines: [note]`, ALL],
    [
      'misses a file',
      `${PARAMETERS}\nfiles: [VERSION]\nenv: { HOME: x }\nexpected_result: precondition_failed
expected_message: the notes are missing (there is no notes/1.2.md)\nexpected_commands: []`,
      [],
    ],
    [
      'misses a variable',
      `${PARAMETERS}\nfiles: ["*"]\nexpected_result: precondition_failed\nexpected_message: HOME is not set; export`,
      [],
    ],
    [
      'misses a program',
      `${WORLD}\nnot_installed: [tar, awk]\nexpected_result: precondition_failed\nexpected_message: "not installed: tar"`,
      [],
    ],
    [
      'has parameters that do not fit',
      'parameters: { version: one }\nexpected_result: invalid\nexpected_message: does not match "[0-9.]+"',
      [],
    ],
    [
      'has one that is not there',
      'parameters: { versoin: 1 }\nexpected_result: invalid\nexpected_message: did you mean version?',
      [],
    ],
  ])('%s', async (_what, fields, calls) => {
    const tried = await tryCase(recipes, fields);
    expect(tried).toMatchObject({ failures: [], calls });
  });

  it.each<[what: string, fields: string, failures: object[]]>([
    [
      'a command nobody mocked',
      `${WORLD}\nmock_commands:\n  - { command: git s* }\n  - { command: "sh: *" }\nexpected_result: failed`,
      [
        { expected: 'an entry of mock_commands for every command', actual: `none fits "${TAG}"` },
        { actual: 'none fits "git tag -d v1.2"' },
      ],
    ],
    [
      'mocks that are used up',
      mocks('command: git status *, times: 1').replace('  - { command: "git status *" }\n', '') +
        'expected_commands: ["**", git stash *]',
      [{ expected: 'the command "git stash *"', actual: 'nothing runs any more' }],
    ],
    [
      'another end',
      mocks('command: "sh: *", exit_code: 7'),
      [{ expected: 'it ends as success', actual: 'it ends as failed: publish: exit code 7' }],
    ],
    [
      'parameters that are refused',
      'parameters: {}',
      [{ expected: 'it ends as success', actual: expect.stringMatching(/\(invalid\).*version is missing/) }],
    ],
    [
      'another message',
      `${mocks('command: "sh: *", exit_code: 7')}expected_result: failed\nexpected_message: code 8`,
      [{ expected: 'it says "code 8"', actual: 'it says "publish: exit code 7"' }],
    ],
    ['no message', `${mocks()}expected_message: done`, [{ expected: 'it says "done"', actual: 'it says nothing' }]],
    [
      'a command too few',
      `${mocks()}expected_commands: [git status *, git tag *, "sh: *", git rev-parse *, git push]`,
      [{ expected: 'the command "git push"', actual: 'nothing runs any more' }],
    ],
    [
      'a command too many',
      `${mocks()}expected_commands: [git status *, git tag *]`,
      [{ expected: 'no further command', actual: expect.stringMatching(/^"sh: curl .*" runs$/) }],
    ],
    [
      'another command',
      `${mocks()}expected_commands: [git status *, git push, "**"]`,
      [{ expected: 'the command "git push"', actual: `"${TAG}" runs` }],
    ],
    [
      'a command where there should be none',
      `${mocks()}expected_commands: []`,
      [{ expected: 'no further command', actual: '"git status --porcelain" runs' }],
    ],
  ])('fails for %s', async (_what, fields, failures) => {
    expect((await tryCase(recipes, fields)).failures).toEqual(failures.map((one) => expect.objectContaining(one)));
  });

  it('shows no secret in any command', async () => {
    const [recipe] = await recipesOf({
      login: `
parameters: [{ name: token, type: secret }]
steps:
  - { id: ask, command: "printenv TOKEN", env: { TOKEN: "{{token}}" }, register: answer }
  - { id: call, tool: tool.http.get, input: { token: "{{token}}" } }
`,
    });
    const fields = `parameters: { token: s3cr3t-value }\nmock_commands:
  - { command: printenv TOKEN, stdout: the s3cr3t-value }
  - { command: "tool:tool.http.get" }`;
    const { calls, failures } = await tryCase(recipe === undefined ? [] : [recipe], fields);
    expect({ calls, failures }).toEqual({
      calls: ['printenv TOKEN', 'tool:tool.http.get {"token":"[secret]"}'],
      failures: [],
    });
  });

  it('touches nothing: no file, no variable, no program of this machine', async () => {
    const folder = scratch();
    const recipe = await recipesOf({
      touch: `
preconditions: [{ check: file_exists, args: ["${folder}"] }, { check: env_set, args: [PATH] }]
steps: [{ id: touch, command: "touch ${folder}/made" }]
`,
    });
    const refused = await tryCase(recipe, 'expected_result: precondition_failed\nexpected_message: PATH is not set');
    expect(refused).toMatchObject({ failures: [], calls: [] });
    const fields = `files: ["*"]\nenv: { PATH: x }\nmock_commands: [{ command: touch * }]`;
    expect(await tryCase(recipe, fields)).toMatchObject({ failures: [], calls: [`touch ${folder}/made`] });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('what a recipe uses beside commands, in a case [R-RTEST-4]', () => {
  const TEXTS = {
    outer: `
parameters: [{ name: count, type: integer, default: 2 }]
steps:
  - { id: why, prompt: "Why {{count}}?", register: reason }
  - { id: slug, tool: tool.text.slugify, input: { text: "{{reason}}", n: "{{count}}" }, register: slug }
  - { id: part, recipe: inner, parameters: { times: "{{count}}", name: "{{slug}}" } }
  - { id: last, command: "make {{steps.part.stdout}}" }
rollback: [{ undoes: slug, tool: tool.text.forget }]
`,
    inner: `
parameters: [{ name: times, type: integer, max: 3 }, { name: name }]
steps: [{ id: copy, command: "copy {{name}} {{times}}", register: copied, confirmation: prompt }]
rollback: [{ undoes: copy, command: "remove {{name}}" }]
`,
  };
  const WORLD_OF_TWO = `answers: { why: because }
mock_commands:
  - { command: "tool:tool.text.slugify *because*", stdout: a-slug }
  - { command: "tool:*" }
  - { command: copy *, stdout: two }
  - { command: remove * }
`;
  const SLUG = 'tool:tool.text.slugify {"text":"because","n":"2"}';
  let both: readonly Recipe[];
  beforeAll(async () => {
    both = await recipesOf(TEXTS);
  });

  it.each<[what: string, fields: string, calls: readonly string[]]>([
    [
      'answers, tools and the recipes of steps',
      `${WORLD_OF_TWO}  - { command: make * }\n`,
      [SLUG, 'copy a-slug 2', `make '{"copied":"two"}'`],
    ],
    [
      'the rollback of a recipe that had ended',
      `${WORLD_OF_TWO}  - { command: make *, exit_code: 2 }\nexpected_result: failed\nexpected_message: "last: exit code 2"`,
      [SLUG, 'copy a-slug 2', `make '{"copied":"two"}'`, 'remove a-slug', 'tool:tool.text.forget {}'],
    ],
    [
      'a recipe that fails and undoes itself',
      `${WORLD_OF_TWO.replace('stdout: two', 'exit_code: 4')}expected_result: failed
expected_message: "part: the recipe inner ended as failed: copy: exit code 4"`,
      [SLUG, 'copy a-slug 2', 'remove a-slug', 'tool:tool.text.forget {}'],
    ],
    [
      'a recipe that is declined',
      `${WORLD_OF_TWO}declines: [copy]\nexpected_result: failed\nexpected_message: inner ended as declined`,
      [SLUG, 'tool:tool.text.forget {}'],
    ],
    [
      'a recipe whose parameters do not fit',
      `parameters: { count: 4 }\n${WORLD_OF_TWO}expected_result: failed\nexpected_message: times is over max = 3`,
      [SLUG.replace('"2"', '"4"'), 'tool:tool.text.forget {}'],
    ],
    [
      'a rollback of a recipe that fails',
      `${WORLD_OF_TWO.replace('remove * }', 'remove *, exit_code: 1 }')}  - { command: make *, exit_code: 2 }
expected_result: failed\nexpected_message: 1 of its steps could not be undone`,
      [SLUG, 'copy a-slug 2', `make '{"copied":"two"}'`, 'remove a-slug', 'tool:tool.text.forget {}'],
    ],
    [
      'a tool that fails',
      `answers: { why: because }\nmock_commands:\n  - { command: "tool:tool.text.slugify", exit_code: 1, stderr: no letters }
  - { command: "tool:*" }\nexpected_result: failed\nexpected_message: "slug: no letters"`,
      [SLUG, 'tool:tool.text.forget {}'],
    ],
  ])('%s', async (_what, fields, calls) => {
    expect(await tryCase(both, fields)).toMatchObject({ failures: [], calls });
  });

  it('a question without an answer fails the case', async () => {
    const { failures } = await tryCase(both, 'expected_result: failed');
    expect(failures).toEqual([
      {
        expected: 'it ends as failed',
        actual: 'it cannot be run to its end: the step why asks for a text (add it to answers: why: "…")',
      },
    ]);
  });

  it('a case that goes on and on is ended', async () => {
    const texts: Record<string, string> = {};
    const items = JSON.stringify(Array.from({ length: 100 }, (_, i) => String(i)));
    for (const i of [0, 1, 2, 3]) texts[`r${i}`] = `steps: [{ id: all, recipe: r${i + 1}, for_each: ${items} }]`;
    texts['r4'] = 'steps: [{ id: no, when: "{{env.X}} == \\"y\\"", command: "true" }]';
    const { failures } = await tryCase(await recipesOf(texts), 'env: { X: x }');
    expect(failures).toEqual([
      { expected: 'it ends as success', actual: expect.stringMatching(/more than 10000 commands/) },
    ]);
  });
});

describe('the coverage of cases [R-RTEST-5]', () => {
  it.each<[what: string, fields: string, steps: object, rollback: object]>([
    [
      'names steps and rollback entries that never ran',
      mocks(),
      { run: 3, of: 4, never: ['note'] },
      { run: 0, of: 2, never: ['rollback[0] of tag', 'rollback[1] of note'] },
    ],
    [
      'counts what was undone',
      mocks('command: "git status *", stdout: x', 'command: git stash *', 'command: "sh: *", exit_code: 1'),
      { run: 4, of: 4, never: [] },
      { run: 2, of: 2, never: [] },
    ],
    [
      'counts a step that failed, and none that was declined',
      `${mocks()}declines: [tag]`,
      { run: 1, of: 4, never: ['note', 'tag', 'publish'] },
      { run: 0, of: 2 },
    ],
    ['is none where nothing began', 'parameters: {}', { run: 0, of: 4 }, { run: 0, of: 2 }],
  ])('%s', async (_what, fields, steps, rollback) => {
    expect((await tryCase(recipes, fields)).coverage).toMatchObject([{ recipe: 'release', steps, rollback }]);
  });

  it('counts the steps of recipes that ran within another', async () => {
    const both = await recipesOf({
      outer: 'steps: [{ id: all, recipe: inner }, { id: last, command: "false" }]',
      inner: 'steps: [{ id: one, command: "true" }]\nrollback: [{ command: "true" }]',
      alone: 'steps: [{ id: one, command: "true" }]',
    });
    const fields = 'mock_commands: [{ command: "true" }, { command: "false", exit_code: 1 }]\nexpected_result: failed';
    expect(await tryCase(both, fields)).toMatchObject({
      failures: [],
      coverage: [
        { recipe: 'outer', steps: { run: 2, of: 2 } },
        { recipe: 'inner', steps: { run: 1, of: 1 }, rollback: { run: 1, of: 1, never: [] } },
        { recipe: 'alone', steps: { run: 0, of: 1, never: ['one'] } },
      ],
    });
  });
});
