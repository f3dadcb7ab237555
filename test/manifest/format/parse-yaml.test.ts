import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parseYaml } from '../../../src/manifest/parse-yaml.ts';
import { Report } from '../../../src/manifest/report.ts';
import { YAML } from '../../../src/manifest/syntax.ts';
import { brief, expectTold, type FormatFile, parse, WITH } from './samples.ts';

const MAX = 256 * 1024;
const BOTH: readonly FormatFile[] = ['SKILL.md', 'manifest.yaml'];
const before = Object.getOwnPropertyNames(Object.prototype).toSorted();

afterAll(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

/** `unit` as often as it fits below the size at which nothing is read. */
const fill = (unit: string): string => unit.repeat(Math.floor((MAX - 2_000) / unit.length));

/** Ends within seconds, refused with one of these codes, in both formats. */
async function expectRefused(fields: string, codes: readonly string[]): Promise<void> {
  for (const file of BOTH) {
    const source = WITH[file](fields);
    const started = performance.now();
    const { manifest, problems } = await parse(file, source);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(manifest).toBeUndefined();
    const [first] = problems.filter(({ severity }) => severity === 'error');
    expect(codes).toContain(first?.code);
    expectTold(file, source, problems);
  }
}

const bomb = (write: (name: string, below: string) => string, widest: string): string =>
  ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    .map((name, i, all) => `${name}: &${name} ${i === 0 ? widest : write(name, all[i - 1] ?? '')}`)
    .join('\n');

describe('aliases cost no more than what they are written for [R-FORMAT-7]', () => {
  test.each<[what: string, text: string]>([
    ['lists of lists', bomb((_, below) => `[${`*${below},`.repeat(9)}*${below}]`, '[x,x,x,x,x,x,x,x,x,x]')],
    [
      'tables of tables',
      bomb((_, below) => `{${Array.from({ length: 10 }, (__, i) => `k${i}: *${below}`).join(', ')}}`, '{a: x, b: x}'),
    ],
    ['blocks', bomb((_, below) => `\n${`  - *${below}\n`.repeat(10)}`, '\n  - x\n  - x')],
    ['one list, thousands of times', `a: &a [${'x,'.repeat(999)}x]\nb: [${'*a,'.repeat(1_000)}*a]`],
    ['one text, tens of thousands of times', `a: &a ${'x'.repeat(1_000)}\nb: [${fill('*a,').slice(0, 240_000)}*a]`],
    [
      'thousands of anchors, each used',
      `a:\n${Array.from({ length: 6_000 }, (_, i) => `- &a${i} x\n- *a${i}\n`).join('')}`,
    ],
    ['one anchor, written thousands of times', `a: [${'&a x,*a,'.repeat(6_000)}x]`],
  ])('%s', (_, text) => expectRefused(text, ['M_TOO_MANY_NODES', 'M_TOO_DEEP']));

  test.each<[what: string, text: string]>([
    ['a list in itself', 'a: &a [*a]'],
    ['a table in itself', 'a: &a {b: *a}'],
    ['a wide list in itself', `a: &a [${'*a,'.repeat(50)}*a]`],
    ['two in each other', 'a: &a {b: &b {c: *a, d: *b}}'],
    ['the whole in itself', 'a: &a\n  b:\n  - c:\n    - *a'],
  ])('%s ends', (_, text) => expectRefused(text, ['M_TOO_DEEP']));

  test.each([
    ['a: *b', '"*b" stands for nothing'],
    ['a: *b\nb: &b x', '"*b" stands for nothing'],
    ['a: [&b x]\nc: *B', '"*B" stands for nothing'],
    ['a: *\u202eb', '"*\\u{202e}b" stands for nothing'],
    ['a: *__proto__', '"*__proto__" stands for nothing'],
    ['a: *constructor', '"*constructor" stands for nothing'],
  ])('%s', async (text, message) => {
    for (const file of BOTH) {
      const { problems } = await parse(file, WITH[file](text));
      const line = text.startsWith('a: [') ? 5 : 4;
      expect(problems).toMatchObject([{ code: 'M_SYNTAX', line, column: 4 }]);
      expect(problems[0]?.fix).toContain('in quotes');
      expect(problems[0]?.message).toContain(message);
    }
  });

  test('thousands of them are looked up in no time', async () => {
    const started = performance.now();
    const { problems } = await parse(
      'manifest.yaml',
      WITH['manifest.yaml'](`permissions:\n  network: [&a a.org${',*a'.repeat(4_500)}]`),
    );
    expect(problems).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

describe('nesting and size are bounded while the text is read [R-FORMAT-7]', () => {
  const DEEP = 20_000;
  test.each<[what: string, text: string]>([
    ['lists in flow', `a: ${'['.repeat(DEEP)}${']'.repeat(DEEP)}`],
    ['lists in flow, not closed', `a: ${fill('[')}`],
    ['tables in flow', `a: ${'{a: '.repeat(DEEP)}x${'}'.repeat(DEEP)}`],
    ['tables in flow, not closed', `a: ${fill('{a:')}`],
    ['pairs in flow', `a: ${fill('[a: ')}`],
    ['compact lists', `a:\n${'- '.repeat(DEEP)}x`],
    ['lists in block', `a:\n${Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}-\n`).join('')}`],
    ['tables in block', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
    ['keys of keys', `${'? '.repeat(DEEP)}x`],
    ['keys of keys in flow', `a: ${'{? '.repeat(DEEP)}x`],
    ['keys of lists', `${fill('? - ')}x`],
  ])('%s', (_, text) => expectRefused(text, ['M_TOO_DEEP', 'M_SYNTAX']));

  test.each<[depth: number, codes: string[]]>([
    [29, []],
    [30, ['M_TOO_DEEP']],
    [33, ['M_TOO_DEEP']],
    [40, ['M_TOO_DEEP']],
  ])('%i lists in each other, in a field four levels down', async (depth, codes) => {
    const text = WITH['manifest.yaml'](
      `tools: [{name: a, description: b, returns: {default: ${'['.repeat(depth)}${']'.repeat(depth)}}}]`,
    );
    expect((await parse('manifest.yaml', text)).problems.map(({ code }) => code)).toEqual(codes);
  });

  test.each<[what: string, text: string, codes: readonly string[]]>([
    ['10,001 keys', Array.from({ length: 10_001 }, (_, i) => `k${i}: x`).join('\n'), ['M_TOO_MANY_NODES']],
    ['20,000 keys in flow', `a: {${Array.from({ length: 20_000 }, (_, i) => `k${i}`).join()}}`, ['M_TOO_MANY_NODES']],
    ['items', `a: [${fill('x,')}]`, ['M_TOO_MANY_NODES']],
    ['the same key, thousands of times', Array.from({ length: 9_000 }, () => 'k: x').join('\n'), ['M_SYNTAX']],
    ['brackets', fill('[]'), ['M_SYNTAX', 'M_TOO_MANY_NODES']],
    ['quotes', `a: ${fill('"')}`, ['M_SYNTAX', 'M_TOO_MANY_NODES']],
    ['colons', fill(': '), ['M_SYNTAX', 'M_TOO_MANY_NODES', 'M_TOO_DEEP']],
    ['anchors', fill('&a '), ['M_SYNTAX', 'M_TOO_MANY_NODES']],
    ['tags', fill('!a '), ['M_SYNTAX', 'M_TOO_MANY_NODES']],
    ['a description', `description: ${fill('x')}`, ['M_SYNTAX', 'M_LENGTH']],
    ['a tag', `license: !${fill('a')} b`, ['M_SYNTAX']],
  ])('%s', (_, text, codes) => expectRefused(text, codes));

  test('9,000 keys are each told', async () => {
    const { problems } = await parse(
      'manifest.yaml',
      WITH['manifest.yaml'](Array.from({ length: 9_000 }, (_, i) => `k${i}: x`).join('\n')),
    );
    expect(problems).toHaveLength(9_000);
    expect(problems.at(-1)).toMatchObject({ line: 9_003, column: 1, severity: 'warning' });
  });

  test.each([' ', '\n', '# x\n', 'x ', '  \n', '\t', '\\n', '\r\n', "''", '- x\n', 'é'])(
    '%j without end, in a description of every form',
    async (unit) => {
      const text = unit.repeat(Math.floor(100_000 / unit.length));
      for (const written of [
        `"a${text}b"`,
        `'a${text}b'`,
        `a${text}b`,
        `>\n  a${text}b`,
        `|\n  a${text.replaceAll('\n', '\n  ')}b`,
      ]) {
        const started = performance.now();
        const { problems } = await parse('SKILL.md', WITH['SKILL.md']('').replace('A sample', written));
        expect(performance.now() - started).toBeLessThan(2_000);
        expectTold('SKILL.md', WITH['SKILL.md']('').replace('A sample', written), problems);
      }
    },
  );
});

describe('what only some readers of YAML understand is refused [R-FORMAT-8]', () => {
  const tags = [
    '!!str x',
    '!!binary aGk=',
    '!!set {a}',
    '!!omap [a: 1]',
    '!!pairs [a: 1]',
    '!!timestamp 2020-01-01',
    '! x',
    '!!null',
    '!!bool true',
    '!!float 1',
    '!!merge <<',
    '!foo x',
    '!<tag:yaml.org,2002:str> x',
    '!!js/function "x"',
    '!!js/undefined',
    '!!python/object/apply:os.system [id]',
    '!!python/name:x',
    '!ruby/object:X {a: 1}',
    '!!java.lang.X [x]',
  ];
  test.each(tags.flatMap((tag) => [`license: ${tag}`, `license: [${tag}]`, `${tag.split(' ')[0]} license: x`]))(
    'the tag of %s',
    async (fields) => {
      for (const file of BOTH) {
        const source = WITH[file](fields);
        const { manifest, problems } = await parse(file, source);
        expect(manifest).toBeUndefined();
        const told = problems.filter(({ code }) => code === 'M_SYNTAX');
        expect(told[0]?.message).toMatch(/tag|!!timestamp/i);
        expect(told[0]?.fix).toMatch(/remove the tag/);
        expect(told[0]?.line).toBe(4);
        expectTold(file, source, problems);
      }
    },
  );

  test('half a character, escaped, is refused where it stands', async () => {
    for (const file of BOTH) {
      const { manifest, problems } = await parse(file, WITH[file]('license: "\\ud800x"'));
      expect(manifest).toBeUndefined();
      expect(problems[0]).toMatchObject({ severity: 'error', code: 'M_INVISIBLE', field: 'license', line: 4 });
    }
  });

  test.each<[text: string, message: RegExp, line: number]>([
    ['license: a\nlicense: b', /license is written twice/, 5],
    ['license: a\n"license": b', /license is written twice/, 5],
    ['license: a\n? license\n: b', /license is written twice/, 5],
    ['license: a\n"\\x6cicense": b', /license is written twice/, 5],
    ['metadata: {a: b, a: c}', /metadata\.a is written twice/, 4],
    ['license:\nlicense: b', /license is written twice/, 5],
    ['? [a]\n: b', /a key must be text/, 4],
    ['? {a: b}\n: c', /a key must be text/, 4],
    ['a: &a x\n*a : b', /a key must be text/, 5],
    ['- a', /./, 4],
    ['license: a: b', /Nested mappings/, 4],
    ['license: "a', /closing|quote/i, 4],
    ["license: 'a", /closing|quote/i, 4],
    ['license: [a', /./, 4],
    ['license: @a', /reserved/, 4],
    ['license: `a`', /reserved/, 4],
    ['license: %a', /./, 4],
    ['\tlicense: a', /tab/i, 4],
    ['license: "\\q"', /escape/, 4],
    ['a: b\r# c', /control character/, 4],
    ['a: b # \u2028c: d', /control character/, 4],
    ['a: b\u2029', /control character/, 4],
    ['a: b\u0085c: d', /control character/, 4],
    ['a: "\u0000"', /control character/, 4],
    ['a: b\nc: \u001f', /control character/, 5],
    ['\u0002', /control character/, 4],
    ['\u0018', /control character/, 4],
    ['a: "\u007f"', /control character/, 4],
    ['a: "\u001b[31m"', /control character/, 4],
  ])('%j', async (fields, message, line) => {
    for (const file of BOTH) {
      const source = WITH[file](fields);
      const { manifest, problems } = await parse(file, source);
      expect(manifest).toBeUndefined();
      expect(problems[0]).toMatchObject({ severity: 'error', code: 'M_SYNTAX' });
      expect(problems[0]?.message).toMatch(message);
      expect(problems[0]?.line).toBeGreaterThanOrEqual(line);
      expect(problems[0]?.line).toBeLessThanOrEqual(line + 2);
      expectTold(file, source, problems);
    }
  });

  test('several documents', async () => {
    const { manifest, problems } = await parse('manifest.yaml', `${WITH['manifest.yaml']('')}---\nname: b\n`);
    expect(manifest).toBeUndefined();
    expect(problems).toMatchObject([
      { code: 'M_SYNTAX', message: expect.stringContaining('second document') as string },
    ]);
    expect(problems[0]?.line).toBeGreaterThan(3);
  });

  test.each(['5', 'text', '[a]', '- a\n- b', '"x"', '!!map {}', '&a [*a]'])(
    'the file %j, which is no table',
    async (text) => {
      const { manifest, problems } = await parse('manifest.yaml', text);
      expect(manifest).toBeUndefined();
      expect(problems[0]).toMatchObject({ code: 'M_SYNTAX', line: 1 });
    },
  );

  test.each(['', '\n', '# note\n', '---\n', '---\n...\n', '\uFEFF', '{}', '~', '\r\n'])(
    'the file %j, which says nothing',
    async (text) => {
      const { manifest, problems } = await parse('manifest.yaml', text);
      expect(manifest).toBeUndefined();
      expect(problems.map(brief)).toEqual(['M_MISSING - name', 'M_MISSING - description', 'M_MISSING - version']);
    },
  );

  test('merge keys are keys, and merge nothing', async () => {
    const text = WITH['manifest.yaml']('x: &x {license: MIT}\n<<: *x');
    const { manifest, problems } = await parse('manifest.yaml', text);
    expect(problems.map(brief)).toEqual(['M_UNKNOWN_KEY 4:1 x', 'M_UNKNOWN_KEY 5:1 "<<"']);
    expect(manifest?.license).toBeUndefined();
  });
});

describe('keys that reach a prototype are refused at every level [R-FORMAT-9]', () => {
  const places: readonly (readonly [FormatFile, (key: string) => string])[] = [
    ['SKILL.md', (key) => `${key}: x`],
    ['SKILL.md', (key) => `${key}:`],
    ['SKILL.md', (key) => `metadata:\n  ${key}: x`],
    ['SKILL.md', (key) => `metadata: {a: {${key}: {polluted: true}}}`],
    ['SKILL.md', (key) => `metadata: {${key}: }`],
    ['SKILL.md', (key) => `allowed-tools: [{${key}: x}]`],
    ['manifest.yaml', (key) => `${key}:\n  polluted: true`],
    ['manifest.yaml', (key) => `${key}: ~`],
    ['manifest.yaml', (key) => `? ${key}\n: x`],
    ['manifest.yaml', (key) => `permissions: {${key}: x}`],
    ['manifest.yaml', (key) => `permissions: {files: {${key}: x}, environment: {}}`],
    ['manifest.yaml', (key) => `tools: [{${key}: x}]`],
    ['manifest.yaml', (key) => `tools: [{name: a, description: b, parameters: [{${key}: x}]}]`],
    [
      'manifest.yaml',
      (key) => `tools: [{name: a, description: b, parameters: [{name: p, type: object, default: {${key}: x}}]}]`,
    ],
    ['manifest.yaml', (key) => `tools: [{name: a, description: b, returns: {properties: {${key}: {type: string}}}}]`],
    ['manifest.yaml', (key) => `x: &x {${key}: {polluted: true}}`],
  ];
  test.each(
    places.flatMap(([file, write]) =>
      ['__proto__', 'constructor', 'prototype', '"__proto__"', '"\\x5f_proto__"', "'constructor'"].map(
        (key) => [file, write(key)] as const,
      ),
    ),
  )('%s: %s', async (file, fields) => {
    const source = WITH[file](fields);
    const { manifest, problems } = await parse(file, source);
    expect(manifest).toBeUndefined();
    const told = problems.filter(({ code }) => code === 'M_UNSAFE_KEY');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ severity: 'error' });
    expect(told[0]?.line).toBeGreaterThanOrEqual(4);
    expectTold(file, source, problems);
  });

  test.each(['toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'])(
    '%s is a name like any other',
    async (name) => {
      const { manifest } = await parse('SKILL.md', WITH['SKILL.md'](`metadata: {${name}: x}`));
      expect(manifest?.metadata.get(name)).toBe('x');
    },
  );
});

test('pieces of YAML in any order never throw, and hold no more than a manifest may', () => {
  const PIECE = fc.constantFrom(
    'a',
    'b: ',
    '- ',
    '? ',
    ': ',
    '&a ',
    '*a',
    '!t ',
    '!!set ',
    '"',
    "'",
    '|\n',
    '>\n',
    '  ',
    '\n',
    '[',
    ']',
    '{',
    '}',
    ',',
    '#',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '<<: ',
    '~',
    '1',
    '.inf',
    '\\',
    '\t',
    '\r',
    '\uFEFF',
    'é',
    '𝒳',
    '\ud800',
  );
  fc.assert(
    fc.property(
      fc.array(PIECE, { maxLength: 40 }),
      fc.constantFrom('text' as const, 'typed' as const),
      fc.nat(9),
      (pieces, scalars, above) => {
        const text = pieces.join('');
        const report = new Report({ syntax: YAML });
        const parsed = parseYaml(text, report, { scalars, firstLine: above + 1 });
        expect(parsed === undefined).toBe(report.hasErrors);
        for (const { place, fix, message } of report.findings) {
          expect(`${message}${fix}`).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u200b]/u);
          const lines = text.split('\n');
          expect(place?.line).toBeGreaterThan(above);
          expect(place?.line).toBeLessThanOrEqual(lines.length + above);
          expect(place?.column).toBeLessThanOrEqual((lines[(place?.line ?? 1) - above - 1] ?? '').length + 1);
        }
        if (parsed !== undefined) expect(Object.getPrototypeOf(parsed.table)).toBeNull();
      },
    ),
    { numRuns: 5_000 },
  );
});
