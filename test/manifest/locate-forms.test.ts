import { describe, expect, test } from 'vitest';
import { locateField } from '../../src/manifest/locate.ts';

/** The name of the construct, the document, and where each of its fields stands. */
type Row = readonly [why: string, source: string, places: Readonly<Record<string, readonly [number, number]>>];

const KEYS: readonly Row[] = [
  ['a bare key', 'a = 1', { a: [1, 1] }],
  ['an indented key', '\n  \ta = 1', { a: [2, 4] }],
  ['a key in quotes', '"a b" = 1', { '"a b"': [1, 1] }],
  ['a key in single quotes', "'a.b' = 1", { '"a.b"': [1, 1] }],
  ['a bare key in quotes', '"a" = 1', { a: [1, 1] }],
  ['a key with an escape', '"\\u0061" = 1', { a: [1, 1] }],
  ['a key with a quote', '"a\\"b" = 1', { '"a\\"b"': [1, 1] }],
  ['an empty key', '"" = 1', { '""': [1, 1] }],
  ['a key of digits', '1 = 2', { 1: [1, 1] }],
  ['a key that looks like a number', '3.14 = 2', { 3: [1, 1], '3.14': [1, 3] }],
  ['a dotted key', 'a.b.c = 1', { a: [1, 1], 'a.b': [1, 3], 'a.b.c': [1, 5] }],
  ['a dotted key with spaces', 'a . "b" .c = 1', { 'a.b': [1, 5], 'a.b.c': [1, 10] }],
  ['two dotted keys of one table', 'a.b = 1\na.c = 2', { a: [1, 1], 'a.b': [1, 3], 'a.c': [2, 3] }],
  ['wide characters before it', 'x = { "😀é" = 1, b = 2 }', { 'x."😀é"': [1, 7], 'x.b': [1, 18] }],
];

const HEADERS: readonly Row[] = [
  ['a table', '[a]\nb = 1', { a: [1, 2], 'a.b': [2, 1] }],
  ['a table with spaces', '  [ a ]\n b = 1', { a: [1, 5], 'a.b': [2, 2] }],
  ['a table of two names', '[a.b]\nc = 1', { a: [1, 2], 'a.b': [1, 4], 'a.b.c': [2, 1] }],
  ['a table in quotes', '[a."b.c"]\nd = 1', { 'a."b.c"': [1, 4], 'a."b.c".d': [2, 1] }],
  ['the child before the parent', '[a.b]\nc = 1\n[a]\nd = 1', { a: [1, 2], 'a.b.c': [2, 1], 'a.d': [4, 1] }],
  ['an empty table', '[a]\n\n[b]', { a: [1, 2], b: [3, 2] }],
  [
    'tables of an array',
    '[[a]]\nb = 1\n[[a]]\nb = 2',
    { a: [1, 3], 'a[0].b': [2, 1], 'a[1]': [3, 3], 'a[1].b': [4, 1] },
  ],
  ['a table below an item', '[[a]]\n[[a]]\n[a.c]\nd = 1', { 'a[1].c': [3, 4], 'a[1].c.d': [4, 1] }],
  [
    'arrays of tables in each other',
    '[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2',
    { 'a[0].b[0].c': [3, 1], 'a[0].b[1].c': [5, 1] },
  ],
  ['a dotted key below a header', '[a]\nb.c = 1', { 'a.b': [2, 1], 'a.b.c': [2, 3] }],
];

const INLINE: readonly Row[] = [
  ['an inline table', 'a = { b = 1, c.d = 2 }', { 'a.b': [1, 7], 'a.c': [1, 14], 'a.c.d': [1, 16] }],
  ['an inline table over lines', 'a = {\n  b = 1, # why\n\n  "c" = 2,\n}', { 'a.b': [2, 3], 'a.c': [4, 3] }],
  ['inline tables in each other', 'a = { b = { c = { d = 1 } } }', { 'a.b.c.d': [1, 19] }],
  ['an array', 'a = [1, "b",\n  [2, 3],\n]', { 'a[0]': [1, 6], 'a[1]': [1, 9], 'a[2]': [2, 3], 'a[2][1]': [2, 7] }],
  ['an array with comments', 'a = [ # [1,\n  # 2,\n  3 # 4\n]', { 'a[0]': [3, 3] }],
  ['an array of inline tables', 'a = [{ b = 1 },\n { b = 2 }]', { 'a[0]': [1, 6], 'a[0].b': [1, 8], 'a[1].b': [2, 4] }],
  ['what follows a text over lines', 'a = """\nb = 1\n"""\nc = 1', { a: [1, 1], c: [4, 1] }],
  ['what follows a raw text over lines', "a = '''\n[b]\n'''\n[c]", { c: [4, 2] }],
  ['what follows a text that looks like a comment', 'a = "# b = 1"\nc = 1', { c: [2, 1] }],
];

const ALL = [...KEYS, ...HEADERS, ...INLINE];

async function placesOf(source: string, fields: readonly string[]): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const field of fields) {
    const place = await locateField(source, field);
    found[field] = place === undefined ? undefined : [place.line, place.column];
  }
  return found;
}

describe('every construct has its place [R-MANIFEST-1]', () => {
  test.each(ALL)('%s', async (_, source, places) => {
    expect(await placesOf(source, Object.keys(places))).toEqual(places);
  });

  test.each(ALL)('%s, with Windows line ends', async (_, source, places) => {
    expect(await placesOf(source.replaceAll('\n', '\r\n'), Object.keys(places))).toEqual(places);
  });

  test.each(ALL)('%s, after a byte order mark, a comment and a blank line', async (_, source, places) => {
    const moved = Object.fromEntries(
      Object.entries(places).map(([field, [line, column]]) => [field, [line + 2, column]]),
    );
    expect(await placesOf(`\uFEFF# comment = 1\n\n${source}`, Object.keys(places))).toEqual(moved);
  });
});

describe('what is not written has no place [R-MANIFEST-1]', () => {
  test.each([
    ['# a = 1', 'a'],
    ['a = """\nb = 1"""', 'b'],
    ["a = '[b]'", 'b'],
    ['a = [1]', 'a[1]'],
    ['a = [1]', 'a[-1]'],
    ['a = [1]', 'a.b'],
    ['a = "x"', 'a[0]'],
    ['a.b = 1', 'b'],
    ['[[a]]\nb = 1', 'a.b'],
    ['[[a]]\nb = 1', 'a[1].b'],
    ['a = {}', 'a.toString'],
    ['a = 1', 'a.'],
    ['a = 1', 'a..b'],
    ['a = 1', '"a'],
    ['a = 1', 'a[0'],
    ['a = 1', 'a[1234567890]'],
    ['', 'a'],
  ])('%j has no %s', async (source, field) => {
    expect(await locateField(source, field)).toBeUndefined();
  });
});
