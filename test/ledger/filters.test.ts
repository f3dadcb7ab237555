import { expect, describe, it } from 'vitest';
import { type LedgerEvent, type LedgerFilter, type LedgerRecord, openLedger } from '../../src/ledger/index.ts';
import { ledgerPath, readAll, tick } from './support.ts';

const EVENTS = ['started', 'used', 'denied', 'finished'] as const;
const RESULTS = ['allowed', 'denied'] as const;
const SKILLS = ['a/b', 'c/d', undefined] as const;
const RUNS = ['r1', undefined] as const;
const SECONDS = [0, 5, 17, 1_000] as const;

/** One record for each combination, a second apart. */
const WRITTEN: readonly LedgerEvent[] = EVENTS.flatMap((event) =>
  RESULTS.flatMap((result) =>
    SKILLS.flatMap((skill) =>
      RUNS.map((run) => ({
        event,
        result,
        ...(skill === undefined ? {} : { skill }),
        ...(run === undefined ? {} : { run }),
      })),
    ),
  ),
);

function at(second: number): Date {
  return new Date(Date.parse('2030-01-01T00:00:00.000Z') + second * 1_000);
}

/** What a filter means, said over the list in memory. */
function wanted(records: readonly LedgerRecord[], filter: LedgerFilter): readonly LedgerRecord[] {
  const { since, until, limit, ...exact } = filter;
  return records
    .filter((record) => Object.entries(exact).every(([name, value]) => record[name as keyof typeof exact] === value))
    .filter(({ time }) => since === undefined || Date.parse(time) >= since.getTime())
    .filter(({ time }) => until === undefined || Date.parse(time) <= until.getTime())
    .slice(0, limit);
}

const FIELDS: readonly LedgerFilter[] = [
  {},
  ...EVENTS.map((event) => ({ event })),
  ...RESULTS.map((result) => ({ result })),
  { skill: 'a/b' },
  { skill: 'c/d' },
  { run: 'r1' },
  ...SECONDS.map((second) => ({ since: at(second) })),
  ...SECONDS.map((second) => ({ until: at(second) })),
];

/** Every two conditions together, each with and without a limit. */
const PAIRS = FIELDS.flatMap((one) =>
  FIELDS.flatMap((other) =>
    [undefined, 1, 3].map((limit) => ({ ...one, ...other, ...(limit === undefined ? {} : { limit }) })),
  ),
);

async function written(): Promise<{ dir: string; records: readonly LedgerRecord[] }> {
  const dir = ledgerPath();
  const clock = tick();
  const ledgers = [0, 1].map(() => openLedger(dir, { clock }));
  for (const [index, event] of WRITTEN.entries()) ledgers[index % 2]?.append(event);
  for (const ledger of ledgers) ledger.close();
  return { dir, records: await readAll(dir) };
}

describe('filters of readLedger', () => {
  it('are all true of what is yielded, and of nothing else', async () => {
    const { dir, records } = await written();
    expect(records).toHaveLength(WRITTEN.length);
    for (const filter of PAIRS) expect([filter, await readAll(dir, filter)]).toEqual([filter, wanted(records, filter)]);
  });

  it.each<readonly [string, LedgerFilter]>([
    ['part of a skill', { skill: 'a' }],
    ['a skill in capitals', { skill: 'A/B' }],
    ['a skill with a wildcard', { skill: '*' }],
    ['an empty skill', { skill: '' }],
    ['an empty run', { run: '' }],
    ['an event nobody writes', { event: 'toString' }],
    ['a result nobody writes', { result: '' }],
    ['a time after the last', { since: at(100_000) }],
    ['a time before the first', { until: at(-1) }],
    ['a time that ends before it begins', { since: at(9), until: at(8) }],
    ['no record at all', { limit: 0 }],
    ['fewer than none', { limit: -1 }],
  ])('%s fits no record', async (_, filter) => {
    const { dir } = await written();
    expect(await readAll(dir, filter)).toEqual([]);
  });
});
