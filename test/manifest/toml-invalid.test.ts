// cspell:disable
import { describe, expect, test } from 'vitest';
import { HEAD, parseText } from './sample.ts';

/** Text below `[state]`, whose first line is line 8, and the line the problem must name: 8 when none is given. */
type Row = readonly [text: string, line?: number];

const raw = String.raw;

const STRINGS: readonly Row[] = [
  ['a = "open'],
  ["a = 'open"],
  ['a = "two\nlines"'],
  ["a = 'two\nlines'"],
  ['a = "x" y'],
  ['a = ""x""'],
  ["a = ''x'"],
  ['a = """open', 8],
  ["a = '''open", 8],
  ['a = """x""""""', 8],
  ["a = '''x''''''", 8],
  ['a = “x”'],
  ['a = x"y"'],
  ['ok = "fine"\na = "open', 9],
];

const ESCAPES: readonly Row[] = [
  [raw`a = "\q"`],
  [raw`a = "\ "`],
  [raw`a = "\'"`],
  [raw`a = "\u12"`],
  [raw`a = "\u12G4"`],
  [raw`a = "\U0011FFFF"`],
  [raw`a = "\U00110000"`],
  [raw`a = "\ud800"`],
  [raw`a = "\udfff"`],
  [raw`a = "\U0000d800"`],
  [raw`a = "\x"`],
  [raw`a = "\x0"`],
  [raw`a = "\xg0"`],
  [raw`a = "C:\Users"`],
  ['a = "end\\'],
  [raw`a = "\0"`],
  ['a = """x \\ y"""', 8],
  [raw`"\q" = 1`],
];

const NUMBERS: readonly Row[] = [
  ['a = 01'],
  ['a = +01'],
  ['a = -01'],
  ['a = 1__0'],
  ['a = _1'],
  ['a = 1_'],
  ['a = 0x'],
  ['a = 0xg'],
  ['a = 0x_1'],
  ['a = +0x1'],
  ['a = -0b1'],
  ['a = 0o8'],
  ['a = 0b2'],
  ['a = 0X1'],
  ['a = 0O7'],
  ['a = 1.'],
  ['a = .1'],
  ['a = 1.e2'],
  ['a = 1e'],
  ['a = 1e+'],
  ['a = 1e1.5'],
  ['a = 1._5'],
  ['a = 1_.5'],
  ['a = 01.5'],
  ['a = 1.2.3'],
  ['a = ++1'],
  ['a = - 1'],
  ['a = Inf'],
  ['a = NaN'],
  ['a = infinity'],
  ['a = 1,000'],
  ['a = 5ms'],
  ['a = True'],
  ['a = FALSE'],
  ['a = truer'],
  ['a = null'],
];

const DATES: readonly Row[] = [
  ['a = 2026-13-01'],
  ['a = 2026-00-01'],
  ['a = 2026-01-32'],
  ['a = 2026-1-1'],
  ['a = 26-01-01'],
  ['a = 24:00:00'],
  ['a = 12:60:00'],
  ['a = 12:00:61'],
  ['a = 1:00:00'],
  ['a = 2026-01-01T'],
  ['a = 2026-01-01T12'],
  ['a = 2026-01-01T12:00:00+25:00'],
  ['a = 2026-01-01T12:00:00+1'],
  ['a = 2026-01-01  12:00:00'],
];

const KEYS: readonly Row[] = [
  ['= 1'],
  ['a'],
  ['a ='],
  ['a = # none'],
  ['a b = 1'],
  ['a\n= 1'],
  ['a =\n1'],
  ['a. = 1'],
  ['.a = 1'],
  ['a..b = 1'],
  ['é = 1'],
  ['a! = 1'],
  ['a: 1'],
  ['"a = 1'],
  ['"""a""" = 1'],
  ["'''a''' = 1"],
  ['"a\nb" = 1'],
  ['[] = 1'],
  ['a = 1 b = 2'],
  ['a = 1\na = 2', 9],
  ['a = 1\n"a" = 2', 9],
  ["a = 1\n'a' = 2", 9],
  ['a.b = 1\na.b = 2', 9],
  ['a.b = 1\na = 2', 9],
  ['a = 1\na.b = 2', 9],
  ['a = 1\n\n# twice\na = 2', 11],
];

const TABLES: readonly Row[] = [
  ['[a'],
  ['[a]]'],
  ['[[a]'],
  ['[ [a]]'],
  ['[]'],
  ['[[]]'],
  ['[a.]'],
  ['[.a]'],
  ['[a..b]'],
  ['[a b]'],
  ['[a] b = 1'],
  ['[a] [b]'],
  ['[a]\n[a]', 9],
  ['[a]\n["a"]', 9],
  ['[skill]'],
  ['[state]'],
  ['[skill.id]'],
  ['[[skill]]'],
  ['[a]\n[[a]]', 9],
  ['[[a]]\n[a]', 9],
  ['[a]\nb.c = 1\n[a.b]', 10],
  ['[a.b]\n[a]\nb.c = 1', 10],
  ['[a]\nb = 1\n[a.b]', 10],
  ['[a]\nb = []\n[[a.b]]', 10],
  ['[a]\nb = {}\n[a.b]', 10],
  ['[a]\nb = { c = 1 }\nb.d = 2', 10],
];

const ARRAYS: readonly Row[] = [
  ['a = [', 9],
  ['a = ]'],
  ['a = [1', 9],
  ['a = [1 2]'],
  ['a = [1,,2]'],
  ['a = [,1]'],
  ['a = [,]'],
  ['a = [1]]'],
  ['a = [1}'],
  ['a = [b]'],
  ['a = [b = 1]'],
  ['a = [1, # ]', 9],
];

const INLINE: readonly Row[] = [
  ['a = {', 9],
  ['a = }'],
  ['a = { b = 1', 9],
  ['a = { b }'],
  ['a = { b = }'],
  ['a = { b = 1 c = 2 }'],
  ['a = { b = 1,, c = 2 }'],
  ['a = { , }'],
  ['a = { , b = 1 }'],
  ['a = { b: 1 }'],
  ['a = { b = 1 } c'],
  ['a = { b = 1, b = 2 }'],
  ['a = { b = 1, b.c = 2 }'],
  ['a = { b.c = 1, b = 2 }'],
  ['a = { b = {}, b.c = 1 }'],
  ['a = { b = 1 ]'],
];

const CONTROL: readonly Row[] = [
  ...['\u0000', '\u0001', '\u0008', '\u000b', '\u000c', '\u001b', '\u001f', '\u007f'].flatMap((sign): Row[] => [
    [`a = "${sign}"`],
    [`a = '${sign}'`],
    [`# ${sign}`],
  ]),
  ['a = 1\u0000'],
  ['a\u0000 = 1'],
  ['a = """\n\u0001"""', 9],
  ["a = '''\n\u0001'''", 9],
  ['a = 1 \rb = 2'],
  ['a = "x\ry"'],
  ['\u00a0a = 1'],
  ['a =\u00a01'],
  ['a = 1\u2028b = 2'],
  ['\ufeffa = 1'],
];

describe.each([
  ['strings', STRINGS],
  ['escapes', ESCAPES],
  ['numbers and words', NUMBERS],
  ['dates', DATES],
  ['keys', KEYS],
  ['tables', TABLES],
  ['arrays', ARRAYS],
  ['inline tables', INLINE],
  ['control characters', CONTROL],
])('%s that are no TOML [R-MANIFEST-1, R-MANIFEST-2]', (_, rows) => {
  test.each(rows)('%j', async (text, line = 8) => {
    const { manifest, problems } = await parseText(`${HEAD}[state]\n${text}\n`);
    expect(problems).toMatchObject([{ severity: 'error', code: 'M_SYNTAX', file: 'skill.toml', line }]);
    expect(problems[0]?.message).toMatch(/^this is not TOML: [^\n]+$/);
    expect(problems[0]?.fix).not.toBe('');
    expect(manifest).toBeUndefined();
  });
});
