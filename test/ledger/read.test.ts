import { symlinkSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LedgerFilter, type LedgerProblem, openLedger, readLedger } from '../../src/ledger/index.ts';
import { denied, edit, fill, ledgerPath, readAll, tick } from './support.ts';

describe('readLedger', () => {
  it('yields nothing where there is no ledger', async () => {
    expect(await readAll(ledgerPath())).toEqual([]);
  });

  it('yields the records of all segments in the order of time', async () => {
    const dir = ledgerPath();
    const clock = tick();
    const ledgers = [0, 1, 2].map(() => openLedger(dir, { clock }));
    for (let i = 0; i < 30; i += 1) ledgers[(i * i) % 3]?.append(denied(String(i).padStart(2, '0')));
    for (const ledger of ledgers) ledger.close();
    const read = await readAll(dir);
    expect(read.map(({ resource }) => resource)).toEqual(
      Array.from({ length: 30 }, (_, i) => String(i).padStart(2, '0')),
    );
    expect(new Set(read.map(({ segment }) => segment)).size).toBe(2);
  });

  it('keeps the order of writing among equal times', async () => {
    const dir = ledgerPath();
    fill(dir, 20, { clock: () => new Date(0) });
    fill(dir, 20, { clock: () => new Date(0) });
    expect((await readAll(dir)).map(({ segment, seq }) => `${segment} ${seq}`)).toEqual(
      ['00000001.jsonl', '00000003.jsonl'].flatMap((name) => Array.from({ length: 20 }, (_, i) => `${name} ${i + 1}`)),
    );
  });

  it('keeps the order of writing when the clock was set back', async () => {
    const dir = ledgerPath();
    const times = [5000, 9000, 1000, 7000];
    fill(dir, 3, { clock: () => new Date(times.shift() ?? 0) });
    expect((await readAll(dir)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('reads lines longer than one chunk of the file', async () => {
    const dir = ledgerPath();
    const ledger = openLedger(dir);
    for (let i = 0; i < 100; i += 1) ledger.append(denied('\u0000'.repeat(2000)));
    expect(await readAll(dir)).toHaveLength(100);
  });

  const FILTERS: readonly (readonly [LedgerFilter, readonly string[]])[] = [
    [{}, ['1', '2', '3', '4']],
    [{ since: at(1) }, ['2', '3', '4']],
    [{ until: at(1) }, ['1', '2']],
    [{ since: at(1), until: at(2) }, ['2', '3']],
    [{ skill: 'a/b' }, ['1', '3']],
    [{ result: 'allowed' }, ['2', '4']],
    [{ event: 'killed' }, ['4']],
    [{ run: 'r2' }, ['3', '4']],
    [{ skill: 'a/b', run: 'r2' }, ['3']],
    [{ skill: 'a' }, []],
    [{ limit: 0 }, []],
    [{ limit: 3 }, ['1', '2', '3']],
    [{ run: 'r2', limit: 1 }, ['3']],
  ];

  it.each(FILTERS)('with %j yields what fits', async (filter, expected) => {
    const dir = ledgerPath();
    const ledger = openLedger(dir, { clock: tick() });
    ledger.append({ ...denied('1'), run: 'r1' });
    ledger.append({ event: 'used', result: 'allowed', skill: 'c/d', resource: '2', run: 'r1' });
    ledger.append({ ...denied('3'), run: 'r2' });
    ledger.append({ event: 'killed', result: 'allowed', skill: 'c/d', resource: '4', run: 'r2' });
    expect((await readAll(dir, filter)).map(({ resource }) => resource)).toEqual(expected);
  });

  it('can be left at any record', async () => {
    const dir = ledgerPath();
    fill(dir, 5);
    fill(dir, 5);
    let seen = 0;
    for await (const _ of readLedger(dir)) {
      seen += 1;
      if (seen === 7) break;
    }
    expect(seen).toBe(7);
  });
});

describe('readLedger of a directory somebody else wrote in', () => {
  it.each<readonly [string, string, (dir: string) => void]>([
    [
      'an edited line',
      'edited',
      (dir) => edit(dir, '00000001.jsonl', (lines) => lines.with(2, (lines[2] ?? '').replace('record-2', 'X'))),
    ],
    ['a line that is no JSON', 'edited', (dir) => edit(dir, '00000001.jsonl', (lines) => lines.with(2, '\u001b[2J'))],
    [
      'a record of the right form, never written here',
      'edited',
      (dir) => edit(dir, '00000001.jsonl', (lines) => lines.with(2, JSON.stringify(denied('X')))),
    ],
    ['a huge line', 'too_long', (dir) => edit(dir, '00000001.jsonl', (lines) => lines.with(2, 'x'.repeat(5_000_000)))],
  ])('reports %s and yields the rest', async (_, code, act) => {
    const dir = ledgerPath();
    fill(dir, 3);
    act(dir);
    const problems: LedgerProblem[] = [];
    const read = await readAll(dir, {}, (problem) => problems.push(problem));
    expect(read.map(({ resource }) => resource)).toEqual(['record-1', 'record-3']);
    expect(problems).toMatchObject([{ segment: '00000001.jsonl', line: 3, code }]);
  });

  it.each<readonly [string, (path: string) => void]>([
    ['a link', (path) => symlinkSync('/dev/zero', path)],
    ['a link to a ledger file', (path) => symlinkSync('00000001.jsonl', path)],
    ['a directory', (path) => mkdirSync(path)],
  ])('reports %s and does not follow it', async (_, act) => {
    const dir = ledgerPath();
    fill(dir, 3);
    act(join(dir, '00000003.jsonl'));
    const problems: LedgerProblem[] = [];
    expect(await readAll(dir, {}, (problem) => problems.push(problem))).toHaveLength(3);
    expect(problems).toMatchObject([{ segment: '00000003.jsonl', code: 'unreadable' }]);
  });

  it('opens neither a file nor a link in place of the directory', async () => {
    const dir = ledgerPath();
    fill(`${dir}-other`, 1);
    symlinkSync(`${dir}-other`, dir);
    await expect(readAll(dir)).rejects.toMatchObject({ code: 'E_LEDGER' });
    writeFileSync(`${dir}-file`, '');
    await expect(readAll(`${dir}-file`)).rejects.toMatchObject({ code: 'E_LEDGER' });
  });

  it('takes a file with a spoiled first line for what it still holds', async () => {
    const dir = ledgerPath();
    fill(dir, 3);
    edit(dir, '00000001.jsonl', (lines) => lines.with(0, 'x'));
    const problems: LedgerProblem[] = [];
    expect(await readAll(dir, {}, (problem) => problems.push(problem))).toHaveLength(3);
    expect(problems).toMatchObject([{ line: 1, code: 'edited' }]);
  });
});

function at(second: number): Date {
  return new Date(Date.parse('2030-01-01T00:00:00.000Z') + second * 1000);
}
