// cspell:disable
import { describe, expect, test } from 'vitest';
import { ANY_VALUE, anyValueOf, HEAD, parseClean } from './sample.ts';

const raw = String.raw;

/** A value that is kept as parsed, and what it must become. */
const VALUES: readonly (readonly [written: string, value: unknown])[] = [
  ['""', ''],
  ["''", ''],
  ['""""""', ''],
  ["''''''", ''],
  ["'C:\\Users\\n'", raw`C:\Users\n`],
  [raw`"\b\t\n\f\r\"\\"`, '\b\t\n\f\r"\\'],
  [raw`"\e"`, '\u001b'],
  [raw`"\x41"`, 'A'],
  [raw`"\u00e9"`, 'é'],
  [raw`"\U0001F600"`, '😀'],
  [raw`"\ud7ff\ue000"`, '\ud7ff\ue000'],
  [raw`"\U0010FFFF"`, '\u{10ffff}'],
  ['"\ttab"', '\ttab'],
  ['"# no comment"', '# no comment'],
  ['"""\nfirst newline goes"""', 'first newline goes'],
  ['"""a\n\nb"""', 'a\n\nb'],
  ['"""a \\\n   \n   b"""', 'a b'],
  ['"""a""b"""', 'a""b'],
  ['"""a"""""', 'a""'],
  ["'''\nraw \\ '' x'''", "raw \\ '' x"],
  ["'''a'''''", "a''"],
  ['0', 0],
  ['+1', 1],
  ['-0', 0],
  ['1_000', 1_000],
  ['0xDEAD_beef', 0xde_ad_be_ef],
  ['0o17', 15],
  ['0b1010', 10],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['-9007199254740991', Number.MIN_SAFE_INTEGER],
  ['1.0', 1],
  ['-0.5', -0.5],
  ['1e3', 1_000],
  ['1E-2', 0.01],
  ['6.02_2e+2_3', 6.022e23],
  ['true', true],
  ['[]', []],
  ['[1, "a", [true], {}]', [1, 'a', [true], {}]],
  ['[ # why\n  1, # one\n\n  2,\n]', [1, 2]],
  ['[[],[[]]]', [[], [[]]]],
  ['{}', {}],
  ['{ a.b.c = 1, a.b.d = 2 }', { a: { b: { c: 1, d: 2 } } }],
  ['{ "a b" = 1, \'c.d\' = 2, "" = 3 }', { 'a b': 1, 'c.d': 2, '': 3 }],
  ['{\n  a = 1, # one\n  b = [\n    2\n  ],\n}', { a: 1, b: [2] }],
  ['{ a = 1, }', { a: 1 }],
  ['{ 1 = "one", true = "yes", -_ = 0 }', { 1: 'one', true: 'yes', '-_': 0 }],
];

describe('values that are TOML come back as meant', () => {
  test.each(VALUES)('%j', async (written, value) => {
    const manifest = await parseClean(`${ANY_VALUE} = ${written}`);
    expect(anyValueOf(manifest)).toEqual(value);
  });
});

/** Documents people would call odd, and the topics they name. */
const DOCUMENTS: readonly (readonly [why: string, text: string])[] = [
  ['a header with spaces', '[ knowledge ]\ntopics = ["t"]'],
  ['a header in quotes', '["knowledge"]\ntopics = ["t"]'],
  ['a header in single quotes', "['knowledge']\ntopics = ['t']"],
  ['a header with an escape', raw`["\u006bnowledge"]` + '\ntopics = ["t"]'],
  ['a key in quotes', '[knowledge]\n"topics" = ["t"]'],
  ['no spaces', '[knowledge]\ntopics=["t"]'],
  ['tabs', '\t[knowledge]\t\n\ttopics\t=\t[\t"t"\t]\t'],
  ['comments everywhere', '# a\n[knowledge] # b\n# c\ntopics = [ # d\n"t" # e\n] # f'],
  ['a comment in other scripts', '[knowledge] # é 日本語 😀\ntopics = ["t"]'],
  ['a comment without a line end', '[knowledge]\ntopics = ["t"] #'],
  ['blank lines of spaces', '[knowledge]\n   \n\t\ntopics = ["t"]\n   '],
  ['indented keys', '  [knowledge]\n      topics = ["t"]'],
  ['the parent after the child', '[knowledge.synonyms]\n[knowledge]\ntopics = ["t"]'],
  ['a child of a table nobody opened', '[knowledge.synonyms]\nt = ["u"]\n[knowledge]\ntopics = ["t"]'],
  ['an empty section', '[cache]\n[knowledge]\ntopics = ["t"]'],
  ['a trailing comma', '[knowledge]\ntopics = ["t",]'],
  ['one item a line', '[knowledge]\ntopics = [\n\n"t"\n\n,\n\n]'],
  ['a multi-line string as an item', '[knowledge]\ntopics = ["""\\\n   t"""]'],
  ['a raw multi-line string as an item', "[knowledge]\ntopics = ['''\nt''']"],
  ['a string with an escape', raw`[knowledge]` + '\ntopics = ["\\u0074"]'],
  ['a dotted key with spaces', '[knowledge]\ntopics = ["t"]\nsynonyms . t = ["u"]'],
];

describe('odd but good documents load without a problem', () => {
  test.each(DOCUMENTS)('%s', async (_, text) => {
    expect((await parseClean(`${HEAD}${text}`)).knowledge.topics).toEqual(['t']);
  });

  test.each(DOCUMENTS)('%s, with Windows line ends', async (_, text) => {
    expect((await parseClean(`${HEAD}${text}\n`.replaceAll('\n', '\r\n'))).knowledge.topics).toEqual(['t']);
  });

  test.each([
    ['dotted keys before any header', (fields: string) => fields.replaceAll(/^(\w)/gm, 'skill.$1')],
    ['one inline table', (fields: string) => `skill = { ${fields.trim().split('\n').join(', ')} }`],
    ['one inline table over lines', (fields: string) => `skill = {\n${fields.trim().split('\n').join(',\n')},\n}`],
    ['keys in quotes', (fields: string) => `[skill]\n${fields.replaceAll(/^(\w+)/gm, '"$1"')}`],
    ['the last section', (fields: string) => `[cache]\n[skill]\n${fields}`],
  ])('[skill] as %s', async (_, write) => {
    expect(await parseClean(write(HEAD.replace('[skill]\n', '')))).toEqual(await parseClean(HEAD));
  });
});
