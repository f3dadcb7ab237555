import { describe, expect, it } from 'vitest';
import { exportCsv, type LedgerRecord } from '../../src/ledger/index.ts';

const RECORD: LedgerRecord = {
  time: '2030-01-01T00:00:00.000Z',
  segment: '00000001.jsonl',
  seq: 7,
  event: 'used',
  result: 'allowed',
};

/** The columns after the five that every record fills. */
const TEXTS = ['run', 'actor', 'skill', 'version', 'hash', 'tool', 'capability', 'resource', 'layer', 'rule'] as const;
const MORE_TEXTS = ['reason', 'isolation', 'code'] as const;
const COUNTS = ['durationMs', 'hostCalls', 'memoryBytes', 'fuel', 'seed', 'clock'] as const;
const COLUMNS = [...TEXTS, ...MORE_TEXTS, ...COUNTS];

/** A reader of RFC 4180 that knows nothing of how the text was written. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) throw new Error('this is not RFC 4180');
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

async function exported(record: LedgerRecord): Promise<string[][]> {
  let text = '';
  for await (const line of exportCsv([record])) text += line;
  return parseCsv(text);
}

/** A value, and the cell a reader of the export finds. */
const CELLS = [
  ['plain', 'plain'],
  ['', ''],
  [' ', ' '],
  [',', ','],
  ['"', '"'],
  ['""', '""'],
  ['",","', '",","'],
  ["'", "'"],
  ['a;b', 'a;b'],
  ['=1', "'=1"],
  ['+1,2', "'+1,2"],
  ['-"a"', '\'-"a"'],
  ['@a', "'@a"],
  ['a\nb', 'a\\u{a}b'],
  ['\r\n', "'\\u{d}\\u{a}"],
  ['\u0000', '\\u{0}'],
] as const;

describe('a record of the export, read by another program', () => {
  it.each([...TEXTS, ...MORE_TEXTS])('has %s in its column whatever it holds', async (column) => {
    for (const [value, cell] of CELLS) {
      const [header, row, ...rest] = await exported({ ...RECORD, [column]: value });
      expect(rest).toEqual([]);
      expect(header?.slice(5)).toEqual(COLUMNS);
      expect(row).toEqual([
        '2030-01-01T00:00:00.000Z',
        '00000001.jsonl',
        '7',
        'used',
        'allowed',
        ...COLUMNS.map((name) => (name === column ? cell : '')),
      ]);
    }
  });

  it.each(COUNTS)('has %s in its column as a number', async (column) => {
    for (const value of [0, 1, 0.25, Number.MAX_SAFE_INTEGER]) {
      const [, row] = await exported({ ...RECORD, [column]: value });
      expect(row?.slice(5)).toEqual(COLUMNS.map((name) => (name === column ? String(value) : '')));
    }
  });
});
