import { describe, expect, it } from 'vitest';
import { findingsOf, HEAD, indent, parse, problemsOf, STEPS, withStep } from './samples.ts';

const secret = 'parameters:\n  - { name: s, type: secret }\n  - { name: flag, type: boolean }\n';

describe('what a whole recipe lacks or has too much [R-RECIPE-1] [R-RECIPE-2]', () => {
  it.each<[what: string, text: string, findings: readonly string[]]>([
    ['no table', '- a\n', ['M_SYNTAX 1:1']],
    [
      'nothing at all',
      '',
      ['steps', 'id', 'name', 'description', 'version'].map(
        (field) => `${field === 'steps' ? 'M_STEPS' : 'M_MISSING'} undefined:undefined ${field}`,
      ),
    ],
    ['no id', HEAD.replace('id: sample\n', '') + STEPS, ['M_MISSING undefined:undefined id']],
    ['an empty id', HEAD.replace('sample', '""') + STEPS, ['M_ID 1:1 id']],
    ['an id in capitals', HEAD.replace('sample', 'Sample') + STEPS, ['M_ID 1:1 id']],
    ['an id with a dot', HEAD.replace('sample', 'a.b') + STEPS, ['M_ID 1:1 id']],
    ['an id that leaves its folder', HEAD.replace('sample', '../x') + STEPS, ['M_ID 1:1 id']],
    ['an id that is too long', HEAD.replace('sample', 'a'.repeat(65)) + STEPS, ['M_ID 1:1 id']],
    ['an id that reaches a prototype', HEAD.replace('sample', 'constructor') + STEPS, ['M_ID 1:1 id']],
    ['an id that is a number', HEAD.replace('sample', '5') + STEPS, ['M_TYPE 1:1 id']],
    ['a name that hides', HEAD.replace('Sample', '"a\\u202eb"') + STEPS, ['M_INVISIBLE 2:1 name']],
    ['a description over several lines', HEAD.replace('A sample', '"a\\nb"') + STEPS, ['M_INVISIBLE 3:1 description']],
    ['a version that is none', HEAD.replace('1.2.3', 'v1') + STEPS, ['M_VERSION 4:1 version']],
    ['no steps', HEAD, ['M_STEPS undefined:undefined steps']],
    ['an empty list of steps', `${HEAD}steps: []\n`, ['M_STEPS 5:1 steps']],
    ['steps that are a table', `${HEAD}steps: { a: 1 }\n`, ['M_TYPE 5:1 steps', 'M_STEPS 5:1 steps']],
    ['a step that is text', `${HEAD}steps: [make]\n`, ['M_STEPS 5:1 steps', 'M_TYPE 5:9 steps[0]']],
    ['a step that is nothing', `${HEAD}steps:\n  -\n  - { id: a, command: b }\n`, ['M_TYPE 6:4 steps[0]']],
    ['a field nobody reads', `${HEAD}${STEPS}step: 1\n`, ['M_UNKNOWN_KEY 8:1 step']],
    ['a key that reaches a prototype', `${HEAD}${STEPS}__proto__: {}\n`, ['M_UNSAFE_KEY 8:1 __proto__']],
    ['a key that is written twice', `${HEAD}${STEPS}id: b\n`, ['M_SYNTAX 8:1 id']],
    [
      'a number that cannot be kept',
      `${HEAD}${STEPS}    timeout: 123456789012345678901\n`,
      ['M_NUMBER 8:5 steps[0].timeout', 'M_COMMAND 8:5 steps[0].timeout'],
    ],
  ])('%s', async (_, text, findings) => {
    expect(await findingsOf(text)).toEqual(findings);
  });

  it('a thousand steps are read, and one more is not', async () => {
    const steps = (count: number): string =>
      `${HEAD}steps:\n${Array.from({ length: count }, (_, i) => `- {id: s${i}, command: a}\n`).join('')}`;
    expect((await parse(steps(1_000))).recipe?.steps).toHaveLength(1_000);
    expect(await findingsOf(steps(1_001))).toEqual(['M_STEPS 5:1 steps']);
  });
});

describe('a trigger that cannot be meant [R-RECIPE-2]', () => {
  it.each([
    ['{ context: { os: [linux] } }', 'M_TRIGGER 6:5 triggers[0]'],
    ['{}', 'M_TRIGGER 6:5 triggers[0]'],
    ['{ keywords: x }', 'M_TYPE 6:7 triggers[0].keywords'],
    ['{ keywords: ["a\\u200b"] }', 'M_INVISIBLE 6:18 triggers[0].keywords[0]'],
    ['{ keywords: [a], intent: "" }', 'M_LENGTH 6:22 triggers[0].intent'],
    ['{ keywords: [a], context: { os: [beos] } }', 'M_CHOICE 6:33 triggers[0].context.os'],
    ['{ keywords: [a], context: { os: [constructor] } }', 'M_CHOICE 6:33 triggers[0].context.os'],
    ['{ keywords: [a], context: { has_files: [/etc/passwd] } }', 'M_PATH 6:45 triggers[0].context.has_files[0]'],
    ['{ keywords: [a], context: { has_files: [../x] } }', 'M_PATH 6:45 triggers[0].context.has_files[0]'],
    ['{ keywords: [a], context: { cwd: x } }', 'M_UNKNOWN_KEY 6:33 triggers[0].context.cwd'],
    ['{ keywords: [a], keyword: b }', 'M_UNKNOWN_KEY 6:22 triggers[0].keyword'],
  ])('%s', async (trigger, finding) => {
    expect(await findingsOf(`${HEAD}triggers:\n  - ${trigger}\n${STEPS}`)).toContain(finding);
  });
});

describe('a parameter that cannot be meant [R-RECIPE-2]', () => {
  it.each<[fields: string, ...findings: string[]]>([
    ['type: string', 'M_MISSING 6:5 parameters[0].name'],
    ['name: ""', 'M_NAME 6:7 parameters[0].name'],
    ['name: 1', 'M_TYPE 6:7 parameters[0].name'],
    ['name: a b', 'M_NAME 6:7 parameters[0].name'],
    ['name: a.b', 'M_NAME 6:7 parameters[0].name'],
    ['name: -a', 'M_NAME 6:7 parameters[0].name'],
    [`name: ${'a'.repeat(65)}`, 'M_NAME 6:7 parameters[0].name'],
    ...['item', 'steps', 'env', 'true', 'false', 'and', 'or', 'not'].map((name): [string, string] => [
      `name: "${name}"`,
      'M_NAME 6:7 parameters[0].name',
    ]),
    ...['__proto__', 'constructor', 'prototype'].map((name): [string, string] => [
      `name: ${name}`,
      'M_UNSAFE_KEY 6:7 parameters[0].name',
    ]),
    ['name: a, type: text', 'M_CHOICE 6:16 parameters[0].type'],
    ['name: a, type: __proto__', 'M_CHOICE 6:16 parameters[0].type'],
    ['name: a, default: 1', 'M_TYPE 6:16 parameters[0].default'],
    ['name: a, type: integer, default: "1"', 'M_TYPE 6:31 parameters[0].default'],
    ['name: a, type: boolean, default: yes', 'M_TYPE 6:31 parameters[0].default'],
    ['name: a, type: integer, default: 1.5', 'M_DEFAULT 6:31 parameters[0].default'],
    ['name: a, type: integer, min: 2, default: 1', 'M_DEFAULT 6:39 parameters[0].default'],
    ['name: a, type: enum, values: [b], default: c', 'M_DEFAULT 6:41 parameters[0].default'],
    ['name: a, validation: "[a-z]", default: ab', 'M_DEFAULT 6:37 parameters[0].default'],
    ['name: a, validation: "("', 'M_PATTERN 6:16 parameters[0].validation'],
    ['name: a, type: path, default: ""', 'M_DEFAULT 6:28 parameters[0].default'],
    ['name: a, type: enum', 'M_COMBINATION 6:5 parameters[0].values'],
    ['name: a, values: [b]', 'M_COMBINATION 6:16 parameters[0].values'],
    ['name: a, min: 1', 'M_COMBINATION 6:16 parameters[0].min'],
    ['name: a, type: integer, min: "1"', 'M_TYPE 6:31 parameters[0].min'],
    ['name: a, type: integer, min: 2, max: 1', 'M_COMBINATION 6:31 parameters[0].min'],
    ['name: a, type: integer, validation: "1"', 'M_COMBINATION 6:31 parameters[0].validation'],
    ['name: a, type: boolean, allow_dash: true', 'M_COMBINATION 6:31 parameters[0].allow_dash'],
    ['name: a, type: secret, default: x', 'M_COMBINATION 6:30 parameters[0].default'],
    ['name: a, required: true, default: x', 'M_COMBINATION 6:16 parameters[0].required'],
    ['name: a, required: "true"', 'M_TYPE 6:16 parameters[0].required'],
    ['name: a, pattern: x', 'M_UNKNOWN_KEY 6:16 parameters[0].pattern'],
  ])('%s', async (fields, ...findings) => {
    expect(await findingsOf(`${HEAD}parameters:\n  - { ${fields} }\n${STEPS}`)).toEqual(findings);
  });

  it('a name that is taken is told where it stands, also behind one that is none', async () => {
    const text = `${HEAD}parameters:\n  - { name: "?" }\n  - { name: a }\n  - { name: a, default: 1 }\n${STEPS}`;
    expect(await findingsOf(text)).toEqual([
      'M_NAME 6:7 parameters[0].name',
      'M_DUPLICATE 8:7 parameters[2].name',
      'M_TYPE 8:16 parameters[2].default',
    ]);
  });
});

describe('a precondition, a verification, a rollback that cannot be meant [R-RECIPE-2]', () => {
  it.each<[part: string, fields: string, ...findings: string[]]>([
    ['preconditions', '{ args: [a] }', 'M_MISSING 8:5 preconditions[0].check'],
    ['preconditions', '{ check: file_exist, args: [a] }', 'M_CHOICE 8:7 preconditions[0].check'],
    ['preconditions', '{ check: command_exists }', 'M_MISSING 8:5 preconditions[0].args'],
    ['preconditions', '{ check: env_set, args: [] }', 'M_MISSING 8:23 preconditions[0].args'],
    ['preconditions', '{ check: env_set, args: HOME }', 'M_TYPE 8:23 preconditions[0].args'],
    ['preconditions', '{ check: file_exists, args: ["{{nope}}"] }', 'M_UNKNOWN_NAME 8:34 preconditions[0].args[0]'],
    ['preconditions', '{ check: custom }', 'M_MISSING 8:5 preconditions[0].script'],
    ['preconditions', '{ check: custom, script: "a | b" }', 'M_COMMAND 8:22 preconditions[0].script'],
    [
      'preconditions',
      '{ check: custom, script: "a {{steps.one.stdout}}" }',
      'M_UNKNOWN_NAME 8:22 preconditions[0].script',
    ],
    ['preconditions', '{ check: custom, script: a, args: [b] }', 'M_UNKNOWN_KEY 8:33 preconditions[0].args'],
    [
      'preconditions',
      '{ check: custom, script: a, expect: { output_matches: "(" } }',
      'M_PATTERN 8:43 preconditions[0].expect.output_matches',
    ],
    ['preconditions', '{ check: env_set, args: [A], message: "a\\e[1m" }', 'M_INVISIBLE 8:34 preconditions[0].message'],
    ['verification', '{ message: x }', 'M_MISSING 8:5 verification[0].check'],
    ['verification', '{ check: "" }', 'M_COMMAND 8:7 verification[0].check'],
    [
      'verification',
      '{ check: a, expect: { output_matches: "(?=a)" } }',
      'M_PATTERN 8:27 verification[0].expect.output_matches',
    ],
    ['verification', '{ check: "a {{item}}" }', 'M_UNKNOWN_NAME 8:7 verification[0].check'],
    ['verification', '{ check: a, retry: 2 }', 'M_UNKNOWN_KEY 8:17 verification[0].retry'],
    ['rollback', '{ description: x }', 'M_STEP 8:5 rollback[0]'],
    ['rollback', '{ command: a, tool: a.b }', 'M_STEP 8:5 rollback[0]'],
    ['rollback', '{ command: a, undoes: two }', 'M_UNKNOWN_NAME 8:19 rollback[0].undoes'],
    ['rollback', '{ command: a, undoes: "" }', 'M_UNKNOWN_NAME 8:19 rollback[0].undoes'],
    ['rollback', '{ command: "a {{item}}", undoes: one }', 'M_UNKNOWN_NAME 8:7 rollback[0].command'],
    [
      'rollback',
      '{ tool: a.b, timeout: 1, env: { A: x } }',
      'M_COMBINATION 8:18 rollback[0].timeout',
      'M_COMBINATION 8:30 rollback[0].env',
    ],
    ['rollback', '{ command: a, when: true }', 'M_UNKNOWN_KEY 8:19 rollback[0].when'],
    ['rollback', '{ prompt: a }', 'M_STEP 8:5 rollback[0]', 'M_UNKNOWN_KEY 8:7 rollback[0].prompt'],
  ])('%s: %s', async (part, fields, ...findings) => {
    expect(await findingsOf(`${HEAD}${STEPS}\n${part}:\n  - ${fields}\n`)).toEqual(
      findings.map((one) => one.replace(' 8:', ' 10:')),
    );
  });
});

describe('a step that cannot be meant [R-RECIPE-2]', () => {
  it.each<[fields: string, ...findings: string[]]>([
    ['name: x', 'M_STEP 6:5 steps[0]'],
    ['command: a\nprompt: b', 'M_STEP 6:5 steps[0]'],
    ['command: ""', 'M_COMMAND 7:5 steps[0].command'],
    [`command: "${'x'.repeat(65_537)}"`, 'M_COMMAND 7:5 steps[0].command'],
    [`command: "${'x'.repeat(65_537)}"\nshell: true`, 'M_COMMAND 7:5 steps[0].command'],
    ['command: []', 'M_COMMAND 7:5 steps[0].command'],
    ['command: [""]', 'M_COMMAND 7:5 steps[0].command'],
    ['command: "\'\' a"', 'M_COMMAND 7:5 steps[0].command'],
    ['command: [a, 5]', 'M_TYPE 7:18 steps[0].command[1]'],
    ['command: 5', 'M_TYPE 7:5 steps[0].command'],
    ['command: "{{env.EDITOR}} x"', 'M_COMMAND 7:5 steps[0].command'],
    ['command: ["a{{env.X}}"]', 'M_COMMAND 7:5 steps[0].command'],
    ['command: a\nshell: "true"', 'M_TYPE 8:5 steps[0].shell'],
    ['command: [a]\nshell: true', 'M_TYPE 7:5 steps[0].command'],
    ['command: eval {{env.X}}\nshell: true', 'M_COMMAND 7:5 steps[0].command'],
    ['command: a {{b}}', 'M_UNKNOWN_NAME 7:5 steps[0].command'],
    ['command: [a, b, "{{c}}"]', 'M_UNKNOWN_NAME 7:21 steps[0].command[2]'],
    ['command: "a {{"', 'M_TEMPLATE 7:5 steps[0].command'],
    ['command: a {{1 + 1}}', 'M_TEMPLATE 7:5 steps[0].command'],
    ['command: a {{item}}', 'M_UNKNOWN_NAME 7:5 steps[0].command'],
    ['command: a\nconfirmation: never', 'M_CHOICE 8:5 steps[0].confirmation'],
    ['command: a\nrisk_level: extreme', 'M_CHOICE 8:5 steps[0].risk_level'],
    ['command: a\nwhen: 5', 'M_TYPE 8:5 steps[0].when'],
    ['command: a\nwhen: ""', 'M_CONDITION 8:5 steps[0].when'],
    ['command: a\nwhen: x == ', 'M_UNKNOWN_NAME 8:5 steps[0].when'],
    ['command: a\nwhen: false', 'M_UNREACHABLE 8:5 steps[0].when'],
    ['command: a\nfor_each: []', 'M_UNREACHABLE 8:5 steps[0].for_each'],
    ['command: a\nfor_each: ""', 'M_UNREACHABLE 8:5 steps[0].for_each'],
    ['command: a\nfor_each: 5', 'M_TYPE 8:5 steps[0].for_each'],
    ['command: a\nfor_each: [1]', 'M_TYPE 8:16 steps[0].for_each[0]'],
    [`command: a\nfor_each: [${'a,'.repeat(1_001)}]`, 'M_RANGE 8:5 steps[0].for_each'],
    ['command: a\nfor_each: ["{{item}}"]', 'M_UNKNOWN_NAME 8:16 steps[0].for_each[0]'],
    ['command: a\nretry: 0', 'M_RANGE 8:5 steps[0].retry'],
    ['command: a\nretry: 11', 'M_RANGE 8:5 steps[0].retry'],
    ['command: a\nretry: { attempts: 2, delay: 6m }', 'M_COMMAND 8:27 steps[0].retry.delay'],
    ['command: a\nretry: { attempts: 2, backoff: 0 }', 'M_RANGE 8:27 steps[0].retry.backoff'],
    ['command: a\nretry: { tries: 2 }', 'M_UNKNOWN_KEY 8:14 steps[0].retry.tries'],
    ...['0', '-1', '301', '6m', '1h', '""', '1 s', 'true'].map((time): [string, string] => [
      `command: a\ntimeout: ${time}`,
      'M_COMMAND 8:5 steps[0].timeout',
    ]),
    ['command: a\ncontinue_on_error: 1', 'M_TYPE 8:5 steps[0].continue_on_error'],
    ['command: a\nregister: a b', 'M_NAME 8:5 steps[0].register'],
    ['command: a\nregister: ""', 'M_NAME 8:5 steps[0].register'],
    ['command: a\nregister: env', 'M_NAME 8:5 steps[0].register'],
    ['command: a\nregister: __proto__', 'M_UNSAFE_KEY 8:5 steps[0].register'],
    ['command: a\nenv: [A]', 'M_TYPE 8:5 steps[0].env'],
    ['command: a\nenv: { "A B": x }', 'M_NAME 8:12 steps[0].env."A B"'],
    ['command: a\nenv: { A=B: x }', 'M_NAME 8:12 steps[0].env."A=B"'],
    ['command: a\nenv: { A: [x] }', 'M_TYPE 8:12 steps[0].env.A'],
    ['command: a\nname: "a\\e[2J"', 'M_INVISIBLE 8:5 steps[0].name'],
    ['command: a\ndescription: "a\\nb"', 'M_INVISIBLE 8:5 steps[0].description'],
    ['command: a\nexpect: { exit_code: 256 }', 'M_RANGE 8:15 steps[0].expect.exit_code'],
    ['command: a\nexpect: { json_path: "a..b", equals: x }', 'M_EXPECT 8:15 steps[0].expect.json_path'],
    ['command: a\nexpect: { json_path: a }', 'M_EXPECT 8:15 steps[0].expect.json_path'],
    ['command: a\nexpect: { contains: a }', 'M_EXPECT 8:15 steps[0].expect.contains'],
    ['command: a\nexpect: { output_matches: "[" }', 'M_PATTERN 8:15 steps[0].expect.output_matches'],
    ['command: a\nexpect: { stdout: a }', 'M_UNKNOWN_KEY 8:15 steps[0].expect.stdout'],
    ['command: a\nexpect: { equals: "{{steps.one.stdout}}" }', 'M_UNKNOWN_NAME 8:15 steps[0].expect.equals'],
    ['tool: text', 'M_TOOL 7:5 steps[0].tool'],
    ['tool: ""', 'M_TOOL 7:5 steps[0].tool'],
    ['tool: 5', 'M_TYPE 7:5 steps[0].tool'],
    ['tool: a.b\ninput: [a]', 'M_TYPE 8:5 steps[0].input'],
    ['tool: a.b\ninput: { a: { b: ["{{c}}"] } }', 'M_UNKNOWN_NAME 8:23 steps[0].input.a.b[0]'],
    ...['shell: true', 'working_dir: a', 'env: { A: b }', 'timeout: 1'].flatMap((field): [string, string][] =>
      ['tool: a.b', 'recipe: other', 'prompt: b'].map((action) => [
        `${action}\n${field}`,
        `M_COMBINATION 8:5 steps[0].${field.split(':')[0] ?? ''}`,
      ]),
    ),
    ['command: a\ninput: { a: b }', 'M_COMBINATION 8:5 steps[0].input'],
    ['tool: a.b\nparameters: { a: b }', 'M_COMBINATION 8:5 steps[0].parameters'],
    ['prompt: a\nretry: 2', 'M_COMBINATION 8:5 steps[0].retry'],
    ['recipe: other\nretry: 2', 'M_COMBINATION 8:5 steps[0].retry'],
    ['prompt: a\nexpect: { equals: b }', 'M_COMBINATION 8:5 steps[0].expect'],
    ['recipe: other\nexpect: { equals: b }', 'M_COMBINATION 8:5 steps[0].expect'],
    ['command: a\ncmd: b', 'M_UNKNOWN_KEY 8:5 steps[0].cmd'],
  ])('%j', async (fields, ...findings) => {
    expect(await findingsOf(withStep(fields))).toEqual(findings);
  });

  it.each([
    ['', 'M_MISSING 6:5 steps[0].id'],
    ['id: ""', 'M_NAME 6:5 steps[0].id'],
    ['id: 1', 'M_TYPE 6:5 steps[0].id'],
    ['id: a.b', 'M_NAME 6:5 steps[0].id'],
    ['id: __proto__', 'M_UNSAFE_KEY 6:5 steps[0].id'],
  ])('its id: %j', async (id, finding) => {
    const fields = id === '' ? 'command: a' : `${id}\n    command: a`;
    expect(await findingsOf(`${HEAD}steps:\n  - ${fields}\n`)).toEqual([finding]);
  });
});

describe('names [R-RECIPE-1] [R-RECIPE-2]', () => {
  const two = (fields: string): string => `${HEAD}${secret}${STEPS}  - id: two\n${indent(fields)}`;
  const later = '  - id: three\n    command: a\n';

  it.each<[fields: string, finding: string, message: RegExp, fix: RegExp]>([
    ['command: a {{flg}}', 'M_UNKNOWN_NAME', /names "flg", but no parameter/, /^write flag$/],
    ['command: a {{zzzzzz}}', 'M_UNKNOWN_NAME', /zzzzzz/, /^declare it: parameters: \[\{ name: zzzzzz \}\]$/],
    ['command: a {{steps.on.stdout}}', 'M_UNKNOWN_NAME', /no step "on"/, /^write \{\{steps\.one\.stdout\}\}$/],
    ['command: a {{steps.three.stdout}}', 'M_UNKNOWN_NAME', /"three" has not run here yet/, /a step before/],
    ['command: a {{steps.two.stdout}}', 'M_UNKNOWN_NAME', /"two" has not run here yet/, /a step before/],
    ['command: a {{steps.one.out}}', 'M_UNKNOWN_NAME', /stdout, stderr, exit_code/, /steps\.ID\.stdout/],
    ['command: a {{steps.one}}', 'M_UNKNOWN_NAME', /a step has/, /steps\.ID\.stdout/],
    ['command: a {{__proto__}}', 'M_UNKNOWN_NAME', /"__proto__"/, /declare it/],
    ['command: a {{steps.__proto__.stdout}}', 'M_UNKNOWN_NAME', /no step "__proto__"/, /a step before/],
    ['command: a {{constructor.constructor}}', 'M_UNKNOWN_NAME', /constructor/, /declare it/],
    ['command: a {{s}}', 'M_UNKNOWN_NAME', /it is a secret/, /env: \{ TOKEN: "\{\{s\}\}" \}/],
    ['prompt: is it {{s}}?', 'M_UNKNOWN_NAME', /it is a secret/, /env/],
    ['command: a\nwhen: s == "x"', 'M_UNKNOWN_NAME', /it is a secret/, /env/],
    ['command: a\nfor_each: "{{s}}"', 'M_UNKNOWN_NAME', /it is a secret/, /env/],
    ['command: a\nfor_each: ["{{s}}"]', 'M_UNKNOWN_NAME', /it is a secret/, /env/],
    ['command: a\nworking_dir: "{{s}}"', 'M_UNKNOWN_NAME', /it is a secret/, /env/],
    ['command: a\nexpect: { equals: "{{s}}" }', 'M_UNKNOWN_NAME', /it is a secret/, /env/],
    ['command: a\nexpect: { output_contains: "{{s}}" }', 'M_UNKNOWN_NAME', /it is a secret/, /env/],
    ['command: a\nwhen: steps.three.exit_code == 0', 'M_UNKNOWN_NAME', /has not run here yet/, /in quotes/],
    ['command: a\nwhen: flg', 'M_UNKNOWN_NAME', /"flg"/, /write flag, or put a text in quotes/],
    ['command: a\nwhen: steps.one.stdout', 'M_CONDITION', /neither true nor false/, /compare it/],
    ['command: a\nwhen: flag > "a"', 'M_CONDITION', /compares by > what is no number/, /==/],
    ['command: a\nwhen: not (flag', 'M_CONDITION', /not closed/, /comparisons/],
    ['command: a\nwhen: flag and not flag', 'M_UNREACHABLE', /never reached/, /correct the condition/],
    ['command: a\nregister: flag', 'M_DUPLICATE', /is taken/, /another name/],
  ])('%j', async (fields, code, message, fix) => {
    const { problems } = await parse(two(fields) + later);
    expect(problems).toMatchObject([
      { code, message: expect.stringMatching(message) as string, fix: expect.stringMatching(fix) as string },
    ]);
    expect(problems[0]?.line).toBeGreaterThan(11);
  });

  it.each([
    ['command: a\nenv: { TOKEN: "{{s}}" }'],
    ['command: curl -H "$T" x\nshell: true\nenv: { T: "{{s}}" }'],
    ['tool: a.b\ninput: { token: "{{s}}" }'],
    ['recipe: other\nparameters: { token: "{{s}}" }'],
    ['command: curl {{s}}\nshell: true'],
  ])('a secret may stand in %j', async (fields) => {
    expect((await parse(two(fields))).problems).toEqual([]);
  });

  it('an id or a registered name is taken once', async () => {
    const steps = 'steps:\n  - { id: a, command: x, register: r }\n  - { id: a, command: x, register: r }\n';
    const [first, second] = await problemsOf(HEAD + steps);
    expect([first, second]).toMatchObject([
      { code: 'M_DUPLICATE', line: 7, field: 'steps[1].id', fix: 'choose another, such as "a-2"' },
      { code: 'M_DUPLICATE', line: 7, field: 'steps[1].register' },
    ]);
  });
});

describe('all problems at once [R-RECIPE-2]', () => {
  const WRONG = `id: Bad Id
name: ""
version: 1
parameters:
  - { name: a, type: enum }
steps:
  - command: x {{nope}}
  - { id: b, command: "y | z", timeout: 0, when: "c" }
  - { id: b, tool: t, expect: { output_matches: "(" } }
  - { id: d, command: z, expect: { output_matches: ")" } }
verification:
  - {}
rollback:
  - { command: u, undoes: e }
extra: 1
`;

  it('each with its place, in the order of the places', async () => {
    expect(await findingsOf(WRONG)).toEqual([
      'M_MISSING undefined:undefined description',
      'M_ID 1:1 id',
      'M_LENGTH 2:1 name',
      'M_TYPE 3:1 version',
      'M_COMBINATION 5:5 parameters[0].values',
      'M_MISSING 7:5 steps[0].id',
      'M_UNKNOWN_NAME 7:5 steps[0].command',
      'M_COMMAND 8:14 steps[1].command',
      'M_COMMAND 8:32 steps[1].timeout',
      'M_UNKNOWN_NAME 8:44 steps[1].when',
      'M_DUPLICATE 9:7 steps[2].id',
      'M_TOOL 9:14 steps[2].tool',
      'M_PATTERN 9:33 steps[2].expect.output_matches',
      'M_PATTERN 10:36 steps[3].expect.output_matches',
      'M_MISSING 12:5 verification[0].check',
      'M_UNKNOWN_NAME 14:19 rollback[0].undoes',
      'M_UNKNOWN_KEY 15:1 extra',
    ]);
  });

  it('each with the file, what is wrong and what to do, on one line without anything invisible', async () => {
    const hostile = WRONG.replaceAll('nope', 'no\u202epe').replaceAll('y | z', '\u202e | \\e[1m');
    for (const text of [WRONG, hostile])
      for (const { severity, file, message, fix } of await problemsOf(text)) {
        expect({ severity, file }).toEqual({ severity: 'error', file: 'recipes/sample.yaml' });
        for (const told of [message, fix]) expect(told).toMatch(/^[^\p{Cc}\u202a-\u202e]{3,}$/u);
      }
  });
});
