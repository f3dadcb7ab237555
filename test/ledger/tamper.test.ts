import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLedger, type ProblemCode, verifyLedger } from '../../src/ledger/index.ts';
import { parseLine, writeLine } from '../../src/ledger/line.ts';
import { edit, fill, ledgerPath, linesOf, numbered } from './support.ts';

// Two sealed segments (1 sealed by 2, 3 sealed by 4) and an open one (5), each with four records on lines 2 to 5.
const FIRST = '00000001.jsonl';
const FIRST_SEAL = '00000002.jsonl';
const SECOND = '00000003.jsonl';
const SECOND_SEAL = '00000004.jsonl';
const OPEN = '00000005.jsonl';

interface Tampering {
  readonly name: string;
  readonly act: (dir: string) => void;
  /** The first problem: its file, line and code. */
  readonly found: readonly [segment: string, line: number | undefined, code: ProblemCode];
}

const TAMPERING: readonly Tampering[] = [
  {
    name: 'a word edited in a line',
    act: (dir) =>
      edit(
        dir,
        FIRST,
        replaceAt(2, (line) => line.replace('record-2', 'record-X')),
      ),
    found: [FIRST, 3, 'edited'],
  },
  {
    name: 'a word edited and the sum of the line made anew',
    act: (dir) =>
      edit(
        dir,
        FIRST,
        replaceAt(2, (line) => forge(line, { resource: 'record-X' })),
      ),
    found: [FIRST, 4, 'replaced'],
  },
  {
    name: 'the last line of a sealed segment edited and its sum made anew',
    act: (dir) =>
      edit(
        dir,
        FIRST,
        replaceAt(4, (line) => forge(line, { resource: 'record-X' })),
      ),
    found: [FIRST, undefined, 'replaced'],
  },
  {
    name: 'all lines of a sealed segment but the first made anew',
    act: (dir) => edit(dir, FIRST, rewriteFrom(1)),
    found: [FIRST, undefined, 'replaced'],
  },
  {
    name: 'all of a segment made anew, its first line too',
    act: (dir) => edit(dir, FIRST, rewriteFrom(0)),
    found: [FIRST_SEAL, 1, 'replaced'],
  },
  {
    name: 'the last line of an open segment edited',
    act: (dir) =>
      edit(
        dir,
        OPEN,
        replaceAt(4, (line) => line.replace('denied', 'allowed')),
      ),
    found: [OPEN, 5, 'edited'],
  },
  {
    name: 'a line removed',
    act: (dir) => edit(dir, SECOND, (lines) => lines.toSpliced(2, 1)),
    found: [SECOND, 3, 'removed'],
  },
  {
    name: 'a line removed from an open segment',
    act: (dir) => edit(dir, OPEN, (lines) => lines.toSpliced(1, 1)),
    found: [OPEN, 2, 'removed'],
  },
  {
    name: 'the first line removed',
    act: (dir) => edit(dir, FIRST, (lines) => lines.slice(1)),
    found: [FIRST, 1, 'removed'],
  },
  {
    name: 'two lines swapped',
    act: (dir) => edit(dir, FIRST, ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest]),
    found: [FIRST, 2, 'removed'],
  },
  {
    name: 'a line repeated',
    act: (dir) => edit(dir, FIRST, (lines) => lines.toSpliced(3, 0, lines[2] ?? '')),
    found: [FIRST, 4, 'misplaced'],
  },
  {
    name: 'the last line of an open segment repeated',
    act: (dir) => edit(dir, OPEN, (lines) => [...lines, lines.at(-1) ?? '']),
    found: [OPEN, 6, 'misplaced'],
  },
  {
    name: 'a line of another segment inserted',
    act: (dir) => edit(dir, FIRST, (lines) => lines.toSpliced(2, 0, linesOf(dir, SECOND)[2] ?? '')),
    found: [FIRST, 3, 'replaced'],
  },
  {
    name: 'an empty line inserted',
    act: (dir) => edit(dir, FIRST, (lines) => lines.toSpliced(2, 0, '')),
    found: [FIRST, 3, 'edited'],
  },
  {
    name: 'a line of JSON that is no record inserted with a right sum',
    act: (dir) =>
      edit(dir, OPEN, (lines) => [
        ...lines,
        forge(lines.at(-1) ?? '', { seq: 5, prev: sumOf(lines.at(-1)), event: 'x' }),
      ]),
    found: [OPEN, 6, 'edited'],
  },
  {
    name: 'the end of a sealed segment cut off',
    act: (dir) => edit(dir, FIRST, (lines) => lines.slice(0, -1)),
    found: [FIRST, undefined, 'cut'],
  },
  {
    name: 'the end of a sealed segment cut off inside a line',
    act: (dir) => writeFileSync(join(dir, FIRST), readFileSync(join(dir, FIRST)).subarray(0, -20)),
    found: [FIRST, undefined, 'cut'],
  },
  {
    name: 'all records of a sealed segment cut off',
    act: (dir) => edit(dir, FIRST, (lines) => lines.slice(0, 1)),
    found: [FIRST, undefined, 'cut'],
  },
  {
    name: 'a sealed segment emptied',
    act: (dir) => writeFileSync(join(dir, FIRST), ''),
    found: [FIRST, undefined, 'cut'],
  },
  {
    name: 'a record added to a sealed segment, well made',
    act: (dir) =>
      edit(dir, FIRST, (lines) => [...lines, forge(lines.at(-1) ?? '', { seq: 5, prev: sumOf(lines.at(-1)) })]),
    found: [FIRST, undefined, 'extended'],
  },
  {
    name: 'half a line added to a sealed segment',
    act: (dir) => writeFileSync(join(dir, FIRST), '{"seq":5', { flag: 'a' }),
    found: [FIRST, undefined, 'extended'],
  },
  {
    name: 'a line added to a seal',
    act: (dir) => edit(dir, FIRST_SEAL, (lines) => [...lines, linesOf(dir, FIRST)[1] ?? '']),
    found: [FIRST_SEAL, 2, 'extended'],
  },
  {
    name: 'a seal that says fewer records, its sum made anew',
    act: (dir) =>
      edit(
        dir,
        FIRST_SEAL,
        replaceAt(0, (line) => forge(line, { records: 3 })),
      ),
    found: [FIRST, undefined, 'extended'],
  },
  {
    name: 'the line end of a first line taken',
    act: (dir) => writeFileSync(join(dir, FIRST_SEAL), linesOf(dir, FIRST_SEAL)[0] ?? ''),
    found: [FIRST_SEAL, 1, 'edited'],
  },
  { name: 'a segment removed', act: (dir) => rmSync(join(dir, FIRST)), found: [FIRST, undefined, 'missing'] },
  { name: 'a seal removed', act: (dir) => rmSync(join(dir, SECOND_SEAL)), found: [SECOND_SEAL, undefined, 'missing'] },
  { name: 'the last file removed', act: (dir) => rmSync(join(dir, OPEN)), found: [OPEN, undefined, 'missing'] },
  {
    name: 'all files but the head removed',
    act: (dir) => numbered(dir).forEach((name) => rmSync(join(dir, name))),
    found: [FIRST, undefined, 'missing'],
  },
  { name: 'two segments swapped', act: (dir) => swap(dir, FIRST, SECOND), found: [FIRST, 1, 'swapped'] },
  {
    name: 'a segment replaced by a copy of another',
    act: (dir) => copyFileSync(join(dir, FIRST), join(dir, SECOND)),
    found: [SECOND, 1, 'swapped'],
  },
  {
    name: 'a segment put in with a far number',
    act: (dir) => copyFileSync(join(dir, FIRST), join(dir, '99999999999.jsonl')),
    found: ['00000006.jsonl', undefined, 'missing'],
  },
  {
    name: 'a segment put in at the end',
    act: (dir) => copyFileSync(join(dir, FIRST), join(dir, '00000006.jsonl')),
    found: ['00000006.jsonl', 1, 'swapped'],
  },
  {
    name: 'a segment put in at the end, made for that number but not for what is before',
    act: (dir) => {
      copyFileSync(join(dir, FIRST), join(dir, '00000006.jsonl'));
      edit(dir, '00000006.jsonl', ([first = '']) => [forge(first, { n: 6 })]);
    },
    found: ['00000006.jsonl', 1, 'replaced'],
  },
  {
    name: 'the last file made anew',
    act: (dir) => edit(dir, OPEN, rewriteFrom(0)),
    found: [OPEN, 1, 'replaced'],
  },
  { name: 'the head removed', act: (dir) => rmSync(join(dir, 'head.json')), found: ['head.json', undefined, 'head'] },
  {
    name: 'the head edited',
    act: (dir) =>
      edit(
        dir,
        'head.json',
        replaceAt(0, (line) => line.replace('"seq":5', '"seq":3')),
      ),
    found: ['head.json', undefined, 'head'],
  },
  {
    name: 'the head made anew for fewer files',
    act: (dir) =>
      edit(
        dir,
        'head.json',
        replaceAt(0, (line) => forge(line, { seq: 3 })),
      ),
    found: [SECOND, 1, 'replaced'],
  },
  {
    name: 'a line longer than any the ledger writes',
    act: (dir) =>
      edit(
        dir,
        FIRST,
        replaceAt(2, () => 'x'.repeat(300_000)),
      ),
    found: [FIRST, 3, 'too_long'],
  },
  {
    name: 'a long line without an end',
    act: (dir) => writeFileSync(join(dir, OPEN), 'x'.repeat(300_000), { flag: 'a' }),
    found: [OPEN, 6, 'too_long'],
  },
  {
    name: 'a link in place of a segment',
    act: (dir) => {
      renameSync(join(dir, FIRST), join(dir, '..', 'elsewhere'));
      symlinkSync(join(dir, '..', 'elsewhere'), join(dir, FIRST));
    },
    found: [FIRST, undefined, 'unreadable'],
  },
  {
    name: 'a directory in place of a segment',
    act: (dir) => {
      rmSync(join(dir, FIRST));
      mkdirSync(join(dir, FIRST));
    },
    found: [FIRST, undefined, 'unreadable'],
  },
  {
    name: 'a pipe in place of a segment',
    act: (dir) => {
      rmSync(join(dir, FIRST));
      execFileSync('sh', ['-c', 'mkfifo "$0"', join(dir, FIRST)]); // cspell:ignore mkfifo
    },
    found: [FIRST, undefined, 'unreadable'],
  },
  {
    name: 'a link in place of the head',
    act: (dir) => {
      renameSync(join(dir, 'head.json'), join(dir, '..', 'elsewhere'));
      symlinkSync(join(dir, '..', 'elsewhere'), join(dir, 'head.json'));
    },
    found: ['head.json', undefined, 'head'],
  },
];

describe('verifyLedger', () => {
  it('finds nothing in a ledger nobody touched', async () => {
    expect(await verifyLedger(makeLedger())).toEqual({ ok: true, segments: 3, records: 12, open: 1, problems: [] });
  });

  it.each(TAMPERING)('finds $name', async ({ act, found }) => {
    const dir = makeLedger();
    act(dir);
    const { ok, problems } = await verifyLedger(dir);
    expect(ok).toBe(false);
    expect(problems.map(({ segment, line, code }) => [segment, line, code])[0]).toEqual(found);
    expect(problems.every(({ message }) => /^[A-Z].*\.$/.test(message))).toBe(true);
  });

  it.each(TAMPERING)('still finds $name after the next process has written', async ({ act }) => {
    const dir = makeLedger();
    act(dir);
    try {
      fill(dir, 2);
    } catch {
      // Refusing to continue what does not verify is as good.
    }
    expect((await verifyLedger(dir)).ok).toBe(false);
  });

  it('counts what is still intact', async () => {
    const dir = makeLedger();
    edit(
      dir,
      FIRST,
      replaceAt(2, (line) => line.replace('record-2', 'record-X')),
    );
    expect(await verifyLedger(dir)).toMatchObject({ segments: 3, records: 11, open: 1 });
  });

  it('stops listing the problems of one file at twenty', async () => {
    const dir = makeLedger();
    writeFileSync(join(dir, OPEN), 'junk\n'.repeat(10_000), { flag: 'a' });
    expect((await verifyLedger(dir)).problems).toHaveLength(20);
  });

  it('finds nothing where there is no ledger', async () => {
    expect(await verifyLedger(ledgerPath())).toEqual({ ok: true, segments: 0, records: 0, open: 0, problems: [] });
  });

  it.each([
    ['a file', (dir: string) => writeFileSync(dir, '')],
    ['a link', (dir: string) => symlinkSync(makeLedger(), dir)],
  ])('does not read %s in place of the directory', async (_, act) => {
    const dir = ledgerPath();
    act(dir);
    const { ok, segments, problems } = await verifyLedger(dir);
    expect({ ok, segments, codes: problems.map(({ code }) => code) }).toEqual({
      ok: false,
      segments: 0,
      codes: ['unreadable'],
    });
  });
});

describe('what is worth knowing but no tampering', () => {
  it.each([
    [
      'half a line at the end of an open segment',
      'torn',
      (dir: string) => writeFileSync(join(dir, OPEN), '{"seq":5', { flag: 'a' }),
    ],
    ['a directory that others may write', 'loose_mode', (dir: string) => chmodSync(dir, 0o777)],
    ['a foreign file', 'stray', (dir: string) => writeFileSync(join(dir, 'notes.txt'), '')],
    ['a number spelled otherwise', 'stray', (dir: string) => writeFileSync(join(dir, '000000001.jsonl'), '')],
  ])('%s', async (_, code, act) => {
    const dir = makeLedger();
    act(dir);
    const { ok, records, problems } = await verifyLedger(dir);
    expect({ ok, records, codes: problems.map((problem) => problem.code) }).toEqual({
      ok: true,
      records: 12,
      codes: [code],
    });
  });

  it('names a foreign file harmlessly', async () => {
    const dir = makeLedger();
    writeFileSync(join(dir, 'a\u001b[31m\nb'), '');
    expect((await verifyLedger(dir)).problems[0]?.segment).toBe('a\\u{1b}[31m\\u{a}b');
  });

  it('what a killed process leaves half-way is nothing', async () => {
    const dir = makeLedger();
    writeFileSync(join(dir, '.tmp-123-0123456789abcdef'), 'half');
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, problems: [] });
  });
});

describe('what cannot be found, as the contract says', () => {
  it.each([
    ['the end of an open segment cut off', (dir: string) => edit(dir, OPEN, (lines) => lines.slice(0, -1))],
    ['all deleted', (dir: string) => rmSync(dir, { recursive: true })],
  ])('%s', async (_, act) => {
    const dir = makeLedger();
    act(dir);
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, problems: [] });
  });
});

describe('a ledger that does not verify', () => {
  it.each([
    ['its head is gone', (dir: string) => rmSync(join(dir, 'head.json'))],
    ['its head is empty', (dir: string) => writeFileSync(join(dir, 'head.json'), '')],
    ['its last file is gone', (dir: string) => rmSync(join(dir, OPEN))],
    ['its last file was replaced', (dir: string) => copyFileSync(join(dir, FIRST), join(dir, OPEN))],
    [
      'its last first line was edited',
      (dir: string) =>
        edit(
          dir,
          OPEN,
          replaceAt(0, (line) => line.replace('5', '6')),
        ),
    ],
    ['a file follows nothing', (dir: string) => copyFileSync(join(dir, FIRST), join(dir, '00000006.jsonl'))],
    ['a file was emptied', (dir: string) => writeFileSync(join(dir, '00000006.jsonl'), '')],
  ])('is not continued when %s', (_, act) => {
    const dir = makeLedger();
    act(dir);
    const before = numbered(dir);
    expect(() => openLedger(dir).append({ event: 'used', result: 'allowed' })).toThrow(
      expect.objectContaining({ code: 'E_LEDGER', hint: expect.stringContaining('skill audit verify') }),
    );
    expect(numbered(dir)).toEqual(before);
  });
});

function makeLedger(): string {
  const dir = ledgerPath();
  fill(dir, 4);
  fill(dir, 4);
  fill(dir, 4, { leaveOpen: true });
  return dir;
}

function replaceAt(index: number, change: (line: string) => string): (lines: string[]) => string[] {
  return (lines) => lines.map((line, i) => (i === index ? change(line) : line));
}

function parse(line = ''): NonNullable<ReturnType<typeof parseLine>> {
  const intact = parseLine(Buffer.from(line));
  if (intact === undefined) throw new Error('the line is not intact');
  return intact;
}

function sumOf(line: string | undefined): string {
  return parse(line).sum;
}

/** The line with other fields and a sum that fits them: what somebody would do who knows how lines are made. */
function forge(line: string, fields: object): string {
  const { sum: _, ...old } = parse(line).fields;
  return writeLine({ ...old, seq: parse(line).fields.seq, prev: parse(line).fields.prev, ...fields })
    .bytes.toString()
    .slice(0, -1);
}

/** Every line from `start` on with another time, and a chain that fits again. */
function rewriteFrom(start: number): (lines: string[]) => string[] {
  return (lines) => {
    const made: string[] = [];
    for (const [i, line] of lines.entries()) {
      const prev = i === 0 ? {} : { prev: sumOf(made[i - 1]) };
      made.push(i < start ? line : forge(line, { ...prev, time: '2001-01-01T00:00:00.000Z' }));
    }
    return made;
  };
}

function swap(dir: string, a: string, b: string): void {
  const away = join(dir, '..', 'away');
  renameSync(join(dir, a), away);
  renameSync(join(dir, b), join(dir, a));
  renameSync(away, join(dir, b));
}
