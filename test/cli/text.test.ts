import fc from 'fast-check';
import columnsOf from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { printListing } from '../../src/cli/print.ts';
import { type Format, inert, inline, type Terminal, wrap } from '../../src/cli/terminal.ts';

const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u;

const unit = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.constantFrom('\u001b', '\r', '\n', '\t', '\u202e', '\u200b', '\u{e0041}', '\ud800', '\\', '"', ' ', '世', 'a'),
);
const any = fc.string({ unit });

/** What inert text was, provided that it held no backslash. */
const readBack = (shown: string): string =>
  shown.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_all, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));

describe('text from outside, whatever it is [R-CLI-2]', () => {
  it('has nothing unseen in it but line ends and tabs, and stays whole and in order', () => {
    fc.assert(
      fc.property(any, (text) => {
        expect(UNSEEN.test(inert(text).replaceAll(/[\n\t]/g, ''))).toBe(false);
        expect(UNSEEN.test(inline(text))).toBe(false);
        const plain = text.replaceAll('\\', '/');
        expect(readBack(inert(plain))).toBe(plain);
        expect(readBack(inline(plain))).toBe(plain);
        expect(inert(text).split(/[\n\t]/)).toHaveLength(text.split(/[\n\t]/).length);
      }),
      { numRuns: 500 },
    );
  });

  it('is not changed where all of it can be seen', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\\', '\\\\', '"', 'ë', '世', '😀', '%1B', '\n') }),
        (text) => {
          expect(inert(text)).toBe(text);
          expect(inline(text.replaceAll('\n', ' '))).toBe(text.replaceAll('\n', ' '));
        },
      ),
    );
  });

  it('is the same when it is made inert again', () => {
    fc.assert(
      fc.property(any, (text) => {
        expect(inert(inert(text))).toBe(inert(text));
      }),
    );
  });
});

describe('wrap', () => {
  it.each<[text: string, width: number, indent: string, wrapped: string]>([
    ['', 10, '', ''],
    ['word', 2, '', 'word'],
    ['one two', 7, '', 'one two'],
    ['one two', 6, '', 'one\ntwo'],
    ['one two', 6, '  ', 'one\n  two'],
    ['  a b c', 5, '', '  a b\nc'],
    ['a longest b', 4, ' ', 'a\n longest\n b'],
    ['a b', 0, '', 'a\nb'],
  ])('%j in %i columns', (text, width, indent, wrapped) => {
    expect(wrap(text, width, indent)).toBe(wrapped);
  });

  it('leaves text that fits as it is, spaces included', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(wrap(text, Math.max(text.length, 1))).toBe(text);
      }),
    );
  });

  it('keeps every character but spaces, and the width unless one word is longer', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'bc', '世界', ' ', '  ') });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), fc.nat({ max: 8 }), (text, width, depth) => {
        const wrapped = wrap(text, width, ' '.repeat(depth));
        expect(wrapped.replaceAll(/[ \n]/g, '')).toBe(text.replaceAll(' ', ''));
        for (const line of wrapped.split('\n')) if (line.length > width) expect(line.trim().split(' ').length).toBe(1);
      }),
    );
  });
});

interface Written {
  readonly out: string;
  readonly said: string;
}

async function listed(
  rows: readonly (readonly string[])[],
  format: Format,
  width = 80,
  isTerminal = true,
): Promise<Written> {
  let [out, said] = ['', ''];
  const terminal: Terminal = {
    out: (text) => void (out += String(text)),
    say: (text) => void (said += text),
    error: () => expect.fail('a listing is no error'),
    isTerminal,
    width,
    style: (_format, text) => text,
  };
  const columns = ['NAME', 'STATE', 'ABOUT'].slice(0, Math.max(rows[0]?.length ?? 0, 1));
  await printListing({ columns, rows, data: { rows }, empty: 'nothing here' }, format, terminal);
  return { out, said };
}

const squeeze = (text: string): string => text.replaceAll(/\s/g, '');

describe('a listing', () => {
  const LONG = 'a sentence of many words that goes on for longer than any line of any terminal here could ever hold';
  const widths = [40, 41, 60, 79, 80, 100, 119, 120];

  it.each(widths)('fits %i columns where the last column can give way', async (width) => {
    const { out } = await listed(
      [
        ['name', 'ready', LONG],
        ['n', 'not ready', LONG.slice(20)],
      ],
      'table',
      width,
    );
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    expect(out).not.toMatch(/ $|\u2026/m);
    const shown = out.split('\n').map((line) => line.slice('name  not ready  '.length));
    expect(shown.join(' ').replaceAll(/ +/g, ' ')).toContain(LONG);
  });

  it.each(widths)('cuts no word that is longer than %i columns', async (width) => {
    const word = Array.from({ length: 40 }, (_, i) => `part${i}`).join('-');
    const { out } = await listed([['name', 'ready', `before ${word} after`]], 'table', width);
    expect(squeeze(out)).toContain(squeeze(`before${word}after`));
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('a first column that is too wide is whole, and the last stays readable', async () => {
    const { out } = await listed([['n'.repeat(60), 'ready', 'some words that wrap']], 'table', 40);
    expect(out).toContain('n'.repeat(60));
    expect(out).not.toContain('…');
    expect(squeeze(out)).toContain('readysome');
  });

  it('whose columns are too wide together gives room by its widest, but never by the first', async () => {
    const row = ['a.copied.name', 'word '.repeat(30).trim(), 'told '.repeat(20).trim()];
    const { out } = await listed([row, ['b', 'short', 'text']], 'table', 80);
    expect(out).toContain('\na.copied.name  word word');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const [word, count] of [
      ['word', 30],
      ['told', 20],
      ['short', 1],
    ] as const)
      expect(out.split(word)).toHaveLength(count + 1);
  });

  it('is a line a row where no terminal is, however long [R-CLI-2]', async () => {
    const { out } = await listed(
      [
        ['name', 'ready', LONG],
        ['n', 'not ready', LONG],
      ],
      'table',
      40,
      false,
    );
    expect(out.split('\n')).toEqual([
      'NAME  STATE      ABOUT',
      `name  ready      ${LONG}`,
      `n     not ready  ${LONG}`,
      '',
    ]);
  });

  it('lines up letters that are two columns wide', async () => {
    const { out } = await listed(
      [
        ['技能', 'ready', '処理する'],
        ['plain', 'ready', 'x'],
      ],
      'table',
      80,
    );
    expect(out.split('\n').slice(1, 3)).toEqual(['技能   ready  処理する', 'plain  ready  x']);
  });

  it('has each column as wide as its widest cell, and no white space at the end of a line', async () => {
    const unseen = fc.constantFrom('\t', '\u200b', '\u001b', '\u00a0', '\u3000');
    const cell = fc.string({ unit: fc.oneof(fc.constantFrom('a', ' ', '世', 'é', '😀', 'e\u0301'), unseen) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }), async (some) => {
        const { out } = await listed(some, 'table', 80, false);
        const shown = [['NAME', 'STATE', 'ABOUT'], ...some.map((row) => row.map(inline))];
        const most = [0, 1].map((i) => Math.max(...shown.map((row) => columnsOf(row[i] ?? ''))));
        const pad = (row: readonly string[], i: number): string =>
          (row[i] ?? '') + ' '.repeat((most[i] ?? 0) - columnsOf(row[i] ?? '') + 2);
        expect(out.split('\n')).toEqual([
          ...shown.map((row) => (pad(row, 0) + pad(row, 1) + (row[2] ?? '')).trimEnd()),
          '',
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('a cell cannot forge a row or a colour [R-CLI-2]', async () => {
    const { out } = await listed([['a\nevil  ready', '\u001b[32mready', 'x\ry']], 'table', 120);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(UNSEEN.test(out.replaceAll('\n', ''))).toBe(false);
    expect(out).toContain('a\\u{a}evil');
  });

  it('nothing is said in words, and is data for programs [R-CLI-1]', async () => {
    expect(await listed([], 'table')).toEqual({ out: '', said: 'nothing here\n' });
    expect(await listed([], 'text')).toEqual({ out: '', said: 'nothing here\n' });
    expect(await listed([], 'json')).toEqual({ out: '{\n  "rows": []\n}\n', said: '' });
    expect(await listed([], 'yaml')).toEqual({ out: 'rows: []\n', said: '' });
  });

  it('as JSON and as YAML is read back as it was, at any width', async () => {
    const cell = fc.oneof(
      any.map((text) => text.toWellFormed()),
      fc.constantFrom('yes', 'null', '~', '1e3', '0x10', '- a', 'a: b', '#', '|', '日本語', '', ' x ', 'é'.repeat(200)),
    );
    const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(...widths), async (some, width) => {
        expect(JSON.parse((await listed(some, 'json', width)).out)).toEqual({ rows: some });
        expect(parse((await listed(some, 'yaml', width)).out)).toEqual({ rows: some });
      }),
      {
        numRuns: 500,
        examples: [
          [[[' \n', 'yes', 'yes']], 40],
          [[['\n', '\n\n ', '\t\n']], 80],
          [[[`${'word '.repeat(40)}\n${'word '.repeat(40)}`, '---\n', 'a\n\n  b\n']], 80],
        ],
      },
    );
  });

  it('as JSON and as YAML has no character that moves a cursor [R-CLI-2]', async () => {
    const some = [['\u001b[2J', '\u009b2J\u0085', 'x\ry\u007f\u0000']];
    for (const format of ['json', 'yaml'] as const) {
      const { out } = await listed(some, format);
      expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      expect(parse(out)).toEqual({ rows: some });
    }
  });
});
