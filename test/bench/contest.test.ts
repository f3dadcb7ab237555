import { describe, expect, it } from 'vitest';
import { type Entry, importPeer, openContest, PeerMissing } from '../../bench/kit/contest.ts';
import { measureRow } from '../../bench/kit/measure.ts';
import type { Lab, Row } from '../../bench/kit/row.ts';

const LAB: Lab = { mode: 'tiny', folder: '', withPeers: true };

/** Someone who takes part, and writes down when it is closed. */
function entry(name: string, closed: string[], isOurs = false): () => Promise<Entry> {
  const contenders = [{ name, isOurs, sample: () => Promise.resolve([1]) }];
  return () => Promise.resolve({ contenders, close: () => void closed.push(name) });
}

describe('a contest', () => {
  it('goes on without a peer that is not installed, and says how to install it [R-BENCH-2]', async () => {
    const absent: string = 'some-peer';
    const missing = (): Promise<Entry> => importPeer(absent, '1.2.3', () => import(absent) as Promise<Entry>);
    const contest = await openContest(LAB, [entry('us', [], true)], [{ names: ['them'], open: missing }]);
    expect(contest.contenders.map(({ name }) => name)).toEqual(['us']);
    expect(contest.absent).toEqual([{ name: 'them', reason: 'peer not installed: npm i -D some-peer@1.2.3' }]);
  });

  it('passes on what else goes wrong with a peer', async () => {
    await expect(importPeer('some-peer', '1', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('closes in the reverse order, also when somebody cannot be opened', async () => {
    const closed: string[] = [];
    const contest = await openContest(LAB, [entry('a', closed), entry('b', closed)]);
    await contest.close();
    expect(closed.splice(0)).toEqual(['b', 'a']);
    const broken = { names: ['c'], open: () => Promise.reject(new Error('broken')) };
    await expect(openContest(LAB, [entry('a', closed), entry('b', closed)], [broken])).rejects.toThrow('broken');
    expect(closed).toEqual(['b', 'a']);
  });

  it('leaves the peers out of the self-check', async () => {
    const peer = { names: ['them'], open: () => Promise.reject(new PeerMissing('never opened')) };
    const contest = await openContest({ ...LAB, withPeers: false }, [entry('us', [], true)], [peer]);
    expect(contest.absent).toEqual([]);
  });
});

describe('a row', () => {
  const row: Row = {
    id: 'one',
    promise: 'one',
    unit: 'ms',
    seconds: { tiny: 0, short: 0, full: 0 },
    comparisons: [{ ours: 'us', statistic: 'p50', target: { atMost: 1 } }],
    notes: [],
    open: (lab) => openContest(lab, [entry('us', [], true)]),
  };

  it('is measured', async () => {
    const report = await measureRow(row, 'tiny');
    expect(report).toMatchObject({
      error: null,
      lines: [{ oursValue: 1, verdict: 'met' }],
      contenders: [{ p50: 1, count: 1 }],
    });
  });

  it('that cannot be opened says so, and throws nothing [R-BENCH-2]', async () => {
    const report = await measureRow({ ...row, open: () => Promise.reject(new Error('no room')) }, 'tiny');
    expect(report).toMatchObject({ error: 'no room', lines: [], contenders: [] });
  });
});
