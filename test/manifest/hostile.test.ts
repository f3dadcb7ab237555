import { afterEach, describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { ANY_VALUE, HEAD, parseText } from './sample.ts';

const MAX = 256 * 1024;

async function codesOf(text: string): Promise<string[]> {
  return (await parseText(text)).problems.map(({ code }) => code);
}

/** `unit` as often as it fits below the size at which nothing is read. */
function fill(unit: string, room = MAX - 2_000): string {
  return unit.repeat(Math.floor(room / unit.length));
}

describe('bytes', () => {
  test.each([
    ['invalid UTF-8 in the first line', [0x61, 0xff], 1, 2],
    ['invalid UTF-8 in a later line', [0x61, 0x0a, 0xc3, 0xa9, 0xc3, 0x28], 2, 2],
    ['a sequence cut off', [0x23, 0xe2, 0x82], 1, 2],
    ['an overlong encoding', [0xc0, 0xaf], 1, 1],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], 1, 1],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00], 1, 1],
    ['two byte order marks', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], 1, 1],
  ])('%s', async (_, bytes, line, column) => {
    const { manifest, problems } = await parseManifest(Uint8Array.from(bytes), { file: 'skill.toml' });
    expect(problems).toMatchObject([{ code: 'M_ENCODING', line, column }]);
    expect(manifest).toBeUndefined();
  });

  test('one byte order mark is no problem and moves no position', async () => {
    expect((await parseText(`\uFEFF${HEAD}`)).problems).toEqual([]);
    expect((await parseText(`\uFEFFx = 1\n${HEAD}`)).problems).toMatchObject([{ line: 1, column: 1, field: 'x' }]);
  });

  test('Windows line ends are no problem', async () => {
    const { problems } = await parseText(`${HEAD}scope = "x"`.replaceAll('\n', '\r\n'));
    expect(problems).toMatchObject([{ code: 'M_CHOICE', line: 7, column: 1 }]);
  });

  test.each([
    [MAX, 'M_MISSING_SECTION'],
    [MAX + 1, 'M_TOO_LARGE'],
    [100_000_000, 'M_TOO_LARGE'],
  ])('%i bytes', async (size, code) => {
    const { problems } = await parseManifest(new Uint8Array(size).fill(0x0a), { file: 'skill.toml' });
    expect(problems).toMatchObject([{ code }]);
  });
});

describe('what is no TOML', () => {
  test.each([
    ['=', 1, 1],
    ['a', 1, 1],
    ['a = ', 1, 5],
    ['a = text', 1, 5],
    ['a = "open', 1, 5],
    ['a = [1,\n', 2, 1],
    ['a = [1,', 1, 5],
    ['a = { b = 1', 1, 12],
    ['a = 1 b = 2', 1, 7],
    ['a = 01', 1, 5],
    ['a = 1\na = 2', 2, 1],
    ['a.b = 1\na = 2', 2, 1],
    ['a = 1\na.b = 2', 2, 1],
    ['[a]\n[a]', 2, 2],
    ['[[a]]\n[a]', 2, 2],
    ['[a.b]\nc = 1\n[a]\nb.d = 2', 4, 1],
    ['a = {}\n[a.b]', 2, 2],
    ['a = "\u0001"', 1, 6],
    ['a = "open\nb = 2', 1, 10],
    ["a = 'open\r\nb = 2", 1, 10],
    ['# \u0000', 1, 3],
    ['a = "\\q"', 1, 7],
    ['a = "\\ud800"', 1, 6],
    ['[a', 1, 2],
    ['a = 2026-13-01', 1, 5],
  ])('%j', async (text, line, column) => {
    const { manifest, problems } = await parseText(text);
    expect(problems).toMatchObject([{ severity: 'error', code: 'M_SYNTAX', line, column }]);
    expect(problems[0]?.message).toMatch(/^this is not TOML: [^\n]+$/);
    expect(manifest).toBeUndefined();
  });

  test('inline tables over several lines, as TOML 1.1 has them, are TOML', async () => {
    const text = `${HEAD}[dependencies]\na = {\n  version = "1", # why\n  optional = true,\n}\n`;
    expect((await parseText(text)).problems).toEqual([]);
    expect((await parseText(text.replace('true', '1'))).problems).toMatchObject([{ line: 10, column: 3 }]);
  });
});

describe('giant and odd', () => {
  test.each([
    ['tables', Array.from({ length: 20_000 }, (_, i) => `[t${i}]\n`).join(''), 'M_TOO_MANY_NODES'],
    ['tables of one array', fill('[[a]]\n'), 'M_TOO_MANY_NODES'],
    ['topics', `[knowledge]\ntopics = [${fill('"a",')}]`, 'M_TOO_MANY_NODES'],
    [
      'dependencies',
      `[dependencies]\n${Array.from({ length: 15_000 }, (_, i) => `d${i} = "1"\n`).join('')}`,
      'M_TOO_MANY_NODES',
    ],
    [
      'keys of an inline table',
      `a = {${Array.from({ length: 15_000 }, (_, i) => `k${i}=1`).join()}}`,
      'M_TOO_MANY_NODES',
    ],
    ['arrays in arrays', `a = ${fill('[')}`, 'M_TOO_DEEP'],
    ['tables in tables', `a = ${fill('{a=')}`, 'M_TOO_DEEP'],
    ['a dotted header', `[${fill('a.')}a]`, 'M_TOO_DEEP'],
    ['a dotted key', `${fill('a.')}a = 1`, 'M_TOO_DEEP'],
    ['a dotted key in a table', `a = { ${fill('a.')}a = 1 }`, 'M_TOO_DEEP'],
    ['a dotted key with spaces', `${fill(' "a" . ')}a = 1`, 'M_TOO_DEEP'],
    ['levels of features', `[features.${'a.'.repeat(64)}a]`, 'M_TOO_DEEP'],
    ['quotes', fill('"'), 'M_SYNTAX'],
    ['brackets', fill('[]'), 'M_SYNTAX'],
    ['digits', `a = ${fill('9')}`, 'M_NUMBER'],
    ['a description', HEAD.replace('A sample', fill('x')), 'M_LENGTH'],
    ['an id', HEAD.replace('custom.sample', fill('a-')), 'M_ID'],
    ['a version', HEAD.replace('1.2.3', fill('1.')), 'M_VERSION'],
    ['a host', `${HEAD}[capabilities]\nnetwork = ["${fill('a.')}"]`, 'M_RULE'],
    ['a path', `${HEAD}[executable]\nmodule = "${fill('../')}"`, 'M_PATH'],
    ['a key', `${HEAD}${fill('k')} = 1`, 'M_UNKNOWN_KEY'],
  ])('%s', async (_, text, code) => {
    expect(text.length).toBeLessThanOrEqual(MAX);
    expect(await codesOf(text)).toContain(code);
  });

  test('a key of as many parts as a manifest is deep is read, a longer one is told where it stands', async () => {
    const key = (parts: number): string =>
      `${ANY_VALUE}.${Array(parts - 1)
        .fill('a')
        .join('. ')} = 1`;
    expect(await codesOf(key(29))).toEqual([]);
    expect(await codesOf(key(30))).toEqual(['M_TOO_DEEP']);
    const { problems } = await parseText(key(33));
    expect(problems).toMatchObject([{ code: 'M_TOO_DEEP', line: 13, column: 1 }]);
    expect(problems[0]?.message).toContain('more than 32 parts');
  });

  const DOTS = '.a'.repeat(40);

  test.each([
    `"${DOTS}"`,
    `'${DOTS}'`,
    `"\\"${DOTS}"`,
    `'\\'  # ${DOTS}`,
    `"""${DOTS}\n${DOTS}"""`,
    `'''${DOTS}\n${DOTS}'''`,
    `"""\\""" ${DOTS}"""`,
    `["""a"""", """ ${DOTS}"""]`,
    `['''a'''', ''' ${DOTS}''']`,
    `{ a = "${DOTS}", "b.c${DOTS}" = 1.5 }`,
    `[${'1.5, '.repeat(40)}]`,
  ])('dots in %s are no parts of a key', async (value) => {
    expect(await codesOf(`${ANY_VALUE} = ${value}`)).not.toContain('M_TOO_DEEP');
    expect(await codesOf(`${ANY_VALUE} = ${value}`)).not.toContain('M_SYNTAX');
  });

  test('32 levels are read, 33 are not', async () => {
    const nested = (depth: number): string => `${ANY_VALUE} = ${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(await codesOf(nested(29))).toEqual([]);
    expect(await codesOf(nested(30))).toEqual(['M_TOO_DEEP']);
    expect(await codesOf(nested(33))).toEqual(['M_TOO_DEEP']);
  });

  test('a day that no calendar has costs no other problem its place', async () => {
    for (const date of ['2026-02-30', '2026-02-29', '2026-04-31T10:00:00Z']) {
      const { problems } = await parseText(`${HEAD}scope = "x"\n[cache]\nfiles = ${date}\nfilex = 1`);
      expect(problems.map(({ code, line, column }) => [code, line, column])).toEqual([
        ['M_CHOICE', 7, 1],
        ['M_DATE', 9, 1],
        ['M_UNKNOWN_KEY', 10, 1],
      ]);
    }
  });

  test('a problem in a manifest whose places cannot be found is still told', async () => {
    const { problems } = await parseText(HEAD.replace('A sample', 'x'.repeat(200_000)));
    expect(problems).toMatchObject([{ code: 'M_LENGTH', field: 'skill.description' }]);
  });

  test('thousands of problems are all told', async () => {
    const keys = Array.from({ length: 9_000 }, (_, i) => `nam${i} = 1\n`).join('');
    const { problems } = await parseText(HEAD + keys);
    expect(problems).toHaveLength(9_000);
    expect(problems.at(-1)).toMatchObject({ line: 9_006, column: 1 });
  });
});

describe('prototype pollution', () => {
  const before = Object.getOwnPropertyNames(Object.prototype).toSorted();
  afterEach(() => {
    expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  const places: readonly (readonly [string, (key: string) => string])[] = [
    ['a section', (key) => `${HEAD}[${key}]\npolluted = true`],
    ['a field', (key) => `${HEAD}${key} = "x"`],
    ['a dotted key', (key) => `${HEAD}${key}.polluted = true`],
    ['a nested header', (key) => `${HEAD}[knowledge.${key}]\npolluted = true`],
    ['synonyms', (key) => `${HEAD}[knowledge.synonyms]\n${key} = ["x"]`],
    ['provides', (key) => `${HEAD}[provides]\n${key} = "1.0.0"`],
    ['dependencies', (key) => `${HEAD}[dependencies]\n${key} = "1"`],
    ['features', (key) => `${HEAD}[features.${key}]\npolluted = true`],
    ['config', (key) => `${HEAD}[executable]\nmodule = "a"\nconfig = { ${key} = "x" }`],
    ['args', (key) => `${HEAD}[capabilities.terminal_exec.args]\n${key} = ["x"]`],
    ['limits', (key) => `${HEAD}[limits]\n${key} = 1`],
    ['resilience', (key) => `${HEAD}[resilience.retry_config]\n${key} = 1`],
    ['an array', (key) => `${ANY_VALUE} = [{ ${key} = 1 }]`],
    ['tools', (key) => `[[${key}]]\npolluted = true\n${HEAD}`],
    [
      'parameters',
      (key) => `${HEAD}[[tools]]\nname = "a"\ndescription = "b"\n[tools.parameters.${key}]\ntype = "string"`,
    ],
    ['default', (key) => `${HEAD}[[tools]]\nname = "a"\ndescription = "b"\nreturns = { default = { ${key} = 1 } }`],
  ];

  test.each(
    places.flatMap(([place, write]) =>
      ['__proto__', 'constructor', 'prototype', '"__proto__"', '"\\u005f_proto__"'].map((key) => [
        key,
        place,
        write(key),
      ]),
    ),
  )('%s in %s is refused by name', async (_key, _place, text) => {
    const { manifest, problems } = await parseText(text);
    expect(manifest).toBeUndefined();
    const refused = problems.filter(({ code }) => code === 'M_UNSAFE_KEY');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.message).toMatch(/^"(?:__proto__|constructor|prototype)" may not/);
    expect(refused[0]?.line).toBeGreaterThan(0);
  });

  test.each(['toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'])(
    '%s is a name like any other',
    async (name) => {
      const text = `${HEAD}[knowledge.synonyms]\n${name} = ["x"]\n[state]\n${name} = 1\n[limits]\n${name} = 1`;
      const { manifest, problems } = await parseText(text);
      expect(problems.map(({ code }) => code)).toEqual(['M_UNKNOWN_KEY', 'M_UNKNOWN_KEY']);
      expect([...(manifest?.knowledge.synonyms ?? [])]).toEqual([[name, ['x']]]);
    },
  );
});
