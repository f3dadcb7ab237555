import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../../src/recipe/parse-recipe.ts';
import { HEAD, parse, STEPS } from './samples.ts';

const ROOM = 250 * 1024;
const fill = (unit: string, room = ROOM): string => unit.repeat(Math.floor(room / unit.length));
const many = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

async function codesOf(text: string | Uint8Array): Promise<Set<string>> {
  const { recipe, problems } = await (typeof text === 'string' ? parse(text) : parseRecipe(text, 'r.yaml'));
  expect(recipe === undefined).toBe(problems.length > 0);
  return new Set(problems.map(({ code }) => code));
}

describe('hostile YAML is refused [R-RECIPE-2] [R-FORMAT-7] [R-FORMAT-8]', () => {
  it.each<[what: string, text: string, code: string]>([
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${many(12, (i) => `b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`},`.repeat(9)}]\n`)}`,
      'M_TOO_MANY_NODES',
    ],
    ['an alias of itself', `${HEAD}steps: &s\n  - *s\n`, 'M_TOO_DEEP'],
    ['an alias of nothing', `${HEAD}steps: *none\n`, 'M_SYNTAX'],
    ['nesting in flow', `a: ${fill('[', 40_000)}`, 'M_TOO_DEEP'],
    ['nesting in block', many(300, (i) => `${' '.repeat(i)}a:\n`), 'M_TOO_DEEP'],
    ['many keys', many(20_000, (i) => `k${i}: 1\n`), 'M_TOO_MANY_NODES'],
    ['a merge key', `${HEAD}x: &x { y: 1 }\n<<: *x\n${STEPS}`, 'M_UNKNOWN_KEY'],
    ['a tag', `${HEAD}${STEPS}    when: !!js/function "x"\n`, 'M_SYNTAX'],
    ['a tag of YAML itself', `${HEAD}${STEPS}    timeout: !!float "1"\n`, 'M_SYNTAX'],
    ['two documents', `${HEAD}${STEPS}---\nid: b\n`, 'M_SYNTAX'],
    ['a repeated key in a step', `${HEAD}steps:\n  - { id: a, command: b, command: c }\n`, 'M_SYNTAX'],
    ['a date', `${HEAD}steps:\n  - { id: a, command: b, when: 2020-01-01 }\n`, 'M_CONDITION'],
    ['an octal number', `${HEAD}steps:\n  - { id: a, command: b, timeout: 0o777777 }\n`, 'M_COMMAND'],
    ['no as a flag', `${HEAD}steps:\n  - { id: a, command: b, shell: no }\n`, 'M_TYPE'],
    ['infinity', `${HEAD}parameters:\n  - { name: a, type: number, max: .inf }\n${STEPS}`, 'M_NUMBER'],
    ['a control character', `${HEAD}${STEPS}# \u0007\n`, 'M_SYNTAX'],
    ['a line end of old', `${HEAD}${STEPS}#\r x`, 'M_SYNTAX'],
    ['a key that is a table', `${HEAD}${STEPS}? { a: b }\n: c\n`, 'M_SYNTAX'],
    ['__proto__ in env', `${HEAD}${STEPS}    env: { __proto__: x }\n`, 'M_UNSAFE_KEY'],
    [
      'constructor in input',
      `${HEAD}steps:\n  - { id: a, tool: a.b, input: { x: { constructor: { prototype: 1 } } } }\n`,
      'M_UNSAFE_KEY',
    ],
    [
      '__proto__ in the parameters of a recipe',
      `${HEAD}steps:\n  - { id: a, recipe: b, parameters: { __proto__: x } }\n`,
      'M_UNSAFE_KEY',
    ],
    ['a large file', fill('#', 300_000), 'M_TOO_LARGE'],
  ])('%s', async (_, text, code) => {
    expect(await codesOf(text)).toContain(code);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('bytes that are no text', async () => {
    expect(await codesOf(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toContain('M_ENCODING');
    expect(await codesOf(Uint8Array.of(0x61, 0x3a, 0xc3, 0x28))).toContain('M_ENCODING');
  });
});

/** Each would take hours where work grows by more than the size of the file. */
describe('a file full of one thing is read all the same [R-RECIPE-2]', () => {
  it.each<[what: string, text: string]>([
    [
      'unknown names beside as many known ones',
      `${HEAD}parameters:\n${many(2_500, (i) => `- {name: parameter${i}}\n`)}steps:\n- id: a\n  command: "x ${fill('{{paraneter}}', 150_000)}"\n`,
    ],
    ['names that are not closed', `${HEAD}steps:\n- id: a\n  command: "x ${fill('{{a', 200_000)}"\n`],
    ['quotes', `${HEAD}steps:\n- id: a\n  command: x ${fill(`'"`, 200_000)}\n`],
    ['one word', `${HEAD}steps:\n- id: a\n  command: x${fill('y', 200_000)}\n`],
    ['values in a script', `${HEAD}steps:\n- id: a\n  shell: true\n  command: "x ${fill('{{env.A}} ', 200_000)}"\n`],
    [
      'different values in a script',
      `${HEAD}steps:\n- id: a\n  shell: true\n  command: "x ${many(8_000, (i) => `{{env.A${i}}} `)}"\n`,
    ],
    [
      'assignments in a script',
      `${HEAD}steps:\n- id: a\n  shell: true\n  command: "x ${fill('a=b ', 100_000)} {{env.A}}"\n`,
    ],
    [
      'options in a script',
      `${HEAD}steps:\n- id: a\n  shell: true\n  command: "x ${fill('sh -c ', 100_000)} {{env.A}}"\n`,
    ],
    [
      'conditions that never hold',
      `${HEAD}parameters:\n${many(10, (i) => `- {name: b${i}, type: boolean}\n`)}steps:\n${many(200, (i) => `- {id: s${i}, command: a, when: "${many(10, (k) => `(b${k} or not b${k}) and `)}b0 and not b0"}\n`)}`,
    ],
    ['a condition that goes on', `${HEAD}steps:\n- {id: a, command: b, when: "${fill('true and ', 900)} true"}\n`],
    [
      'patterns',
      `${HEAD}steps:\n${many(900, (i) => `- {id: s${i}, command: a, expect: {output_matches: "(a{100}){9}"}}\n`)}`,
    ],
    ['parameters of one name', `${HEAD}parameters:\n${many(3_000, () => '- {name: a}\n')}${STEPS}`],
    ['steps of one id', `${HEAD}steps:\n${many(1_000, () => '- {id: a, command: b}\n')}`],
    ['undoes for one step', `${HEAD}${STEPS}rollback:\n${many(2_000, () => '- {command: a, undoes: one}\n')}`],
    ['fields nobody reads', `${HEAD}${STEPS}${many(9_000, (i) => `comand${i}: x\n`)}`],
    [
      'values of an enum',
      `${HEAD}parameters:\n- {name: a, type: enum, default: valve, values: [${many(9_000, (i) => `value${i},`)}]}\n${STEPS}`,
    ],
  ])('%s', async (_, text) => {
    await codesOf(text);
  });
});

describe('whatever the bytes are [R-RECIPE-2]', () => {
  const sane = new TextEncoder().encode(
    `${HEAD}parameters: [{ name: p, type: enum, values: [a] }]\npreconditions: [{ check: custom, script: x }]\nsteps:\n  - { id: one, command: "a {{p}}", when: 'p == "a"', retry: { attempts: 2 }, expect: { json_path: a, equals: b } }\n  - { id: two, tool: a.b, input: { x: ["{{steps.one.stdout}}"] } }\nverification: [{ check: v }]\nrollback: [{ command: r, undoes: one }]\n`,
  );

  it('it never throws, and there is a recipe or an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await codesOf(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('nor for a recipe of which bytes were changed, left out or put in', async () => {
    const change = fc.tuple(fc.nat(sane.length), fc.nat(3), fc.uint8Array({ maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        let bytes = [...sane];
        for (const [at, out, put] of changes) bytes = [...bytes.slice(0, at), ...put, ...bytes.slice(at + out)];
        await codesOf(Uint8Array.from(bytes));
      }),
      { numRuns: 1_500 },
    );
  });

  it('nor for fields of every type at every place', async () => {
    const keys = [
      'id',
      'name',
      'type',
      'command',
      'tool',
      'input',
      'recipe',
      'parameters',
      'prompt',
      'when',
      'for_each',
      'retry',
      'expect',
      'env',
      'shell',
      'check',
      'script',
      'args',
      'undoes',
      'os',
      'context',
      'keywords',
      'values',
      'default',
      'min',
      'validation',
      'timeout',
      'register',
    ];
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(
          '',
          'a',
          '{{a}}',
          '{{steps.a.stdout}}',
          'a == "b"',
          '(',
          '[',
          'constructor',
          '__proto__',
          'toString',
          'valueOf',
          'hasOwnProperty',
          'linux',
          'string',
          'enum',
          'custom',
          'command_exists',
        ),
        fc.integer({ min: -2, max: 400 }),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('any'), { maxKeys: 6 }),
      ),
    })).any;
    const parts = ['triggers', 'parameters', 'preconditions', 'steps', 'verification', 'rollback'];
    const part = fc.oneof(
      value,
      fc.array(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 8 }), { maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...parts, 'id', 'name'), part), async (recipe) => {
        await codesOf(JSON.stringify({ id: 'a', name: 'b', description: 'c', version: '1.0.0', ...recipe }));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('patterns are compiled as far as all of them together stay small [R-RECIPE-6]', () => {
  const matching = (count: number, pattern: string): string =>
    `${HEAD}steps:\n${many(count, (i) => `  - { id: s${i}, command: x, expect: { output_matches: '${pattern}' } }\n`)}`;

  it('a thousand plain ones are', async () => {
    expect((await parse(matching(1_000, '^(ok|done)$'))).problems).toEqual([]);
  });

  it('of those that repeat much, the first that is too much is told, and none behind it is read', async () => {
    const { recipe, problems } = await parse(matching(400, '(a?){1000}'.repeat(20)));
    expect(recipe).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'M_PATTERN', field: 'steps[1].expect.output_matches' }]);
  });
});
