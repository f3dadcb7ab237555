import { describe, expect, it } from 'vitest';
import { exportCsv, type LedgerRecord } from '../../src/ledger/index.ts';
import { fill, ledgerPath, readAll, tick } from './support.ts';

const RECORD: LedgerRecord = {
  time: '2030-01-01T00:00:00.000Z',
  segment: '00000001.jsonl',
  seq: 1,
  event: 'denied',
  result: 'denied',
};

describe('exportCsv', () => {
  it('writes a header even when there is nothing', async () => {
    expect(await collect([])).toBe(
      'time,segment,seq,event,result,run,actor,skill,version,hash,tool,capability,resource,layer,rule,reason,isolation,' +
        'code,durationMs,hostCalls,memoryBytes,fuel,seed,clock\r\n',
    );
  });

  it('writes each record of a ledger as one line', async () => {
    const dir = ledgerPath();
    fill(dir, 2, { clock: tick() });
    expect((await collect(await readAll(dir))).split('\r\n').slice(1)).toEqual([
      '2030-01-01T00:00:00.000Z,00000001.jsonl,1,denied,denied,,,a/b,,,,network,record-1,grant,,,,,,,,,,',
      '2030-01-01T00:00:01.000Z,00000001.jsonl,2,denied,denied,,,a/b,,,,network,record-2,grant,,,,,,,,,,',
      '',
    ]);
  });

  it('writes numbers, zero too', async () => {
    expect(await collect([{ ...RECORD, durationMs: 1.5, hostCalls: 0, memoryBytes: 65536 }])).toMatch(
      /,1\.5,0,65536,,,\r\n$/,
    );
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['"', '""""'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['\t=1', "'\\u{9}=1"],
    ['\r=1', "'\\u{d}=1"],
    ['\n=1', "'\\u{a}=1"],
    ['a\r\n=1', 'a\\u{d}\\u{a}=1'],
    ['a=1', 'a=1'],
    ['C:\\x', 'C:\\x'],
    ['\u001b[2J', '\\u{1b}[2J'],
    ['\u202eabc', '\\u{202e}abc'],
    ['日本語', '日本語'],
  ])('writes %j as %s', async (resource, cell) => {
    const text = await collect([{ ...RECORD, resource }]);
    expect(text.slice(text.indexOf('\r\n') + 2)).toBe(
      `2030-01-01T00:00:00.000Z,00000001.jsonl,1,denied,denied,,,,,,,,${cell},,,,,,,,,,,\r\n`,
    );
  });
});

async function collect(records: Iterable<LedgerRecord>): Promise<string> {
  let text = '';
  for await (const line of exportCsv(records)) text += line;
  return text;
}
