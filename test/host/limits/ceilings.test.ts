import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../../host/errors.ts';
import { CEILINGS, FIXED, type FixedName } from '../../../host/limits.ts';
import { HOST_TRIPS } from './host-trips.ts';
import { admit, BOMBS, MODULES } from './module-trips.ts';
import { RUN_TRIPS } from './run-trips.ts';
import { trip, type Trips } from './tripped.ts';

type Row = { readonly code?: ErrorCode; readonly told?: string };

const TABLE: Readonly<Record<string, Row>> = { ...CEILINGS, ...FIXED };

const TRIPS: Trips = {
  ...Object.fromEntries(
    Object.entries(MODULES).map(([name, make]) => [
      name,
      () => trip(() => admit(make(FIXED[name as FixedName].limit + 1))),
    ]),
  ),
  ...Object.fromEntries(Object.entries(BOMBS).map(([name, make]) => [name, () => trip(() => admit(make()))])),
  ...RUN_TRIPS,
  ...HOST_TRIPS,
};

/** What WASI 1 can say is a number; and of a broken protocol it is said what broke it. */
const NAMELESS = new Set(['descriptors', 'subscriptions', 'io_vectors', 'open_calls']);

describe('the table of ceilings', () => {
  it('has a case here for each row, and no case without a row [R-LIMIT-3]', () => {
    expect(Object.keys(TRIPS).toSorted()).toEqual(Object.keys(TABLE).toSorted());
  });

  it('names each ceiling once, with a default that is allowed', () => {
    expect(Object.keys(CEILINGS).filter((name) => name in FIXED)).toEqual([]);
    for (const row of Object.values(CEILINGS)) expect(row.default).toBeLessThanOrEqual(row.hard);
  });

  const proves = async (name: string, row: Row): Promise<void> => {
    const tripped = await TRIPS[name as FixedName]?.();
    expect(tripped?.code).toBe(row.code);
    if (row.told !== undefined) expect(tripped?.told).toContain(row.told);
    if (!NAMELESS.has(name)) expect(tripped?.text).toContain(name);
  };
  // Large modules keep this process busy; whatever has a time limit of its own runs without them.
  const isModule = ([name]: readonly [string, Row]): boolean => name in MODULES || name in BOMBS;
  const rows = Object.entries(TABLE);

  it.each(rows.filter(isModule))('%s trips as the table says, and is named [R-LIMIT-3]', proves);

  it.concurrent.each(rows.filter((row) => !isModule(row)))(
    '%s trips as the table says, and is named [R-LIMIT-3]',
    proves,
    60_000,
  );

  it('gives exit code 6 to what ends a run, except for a full runtime, a broken protocol and results that do not fit', () => {
    const others = Object.entries(TABLE).filter(([, { code }]) => code !== undefined && ERROR_CODES[code].exit !== 6);
    expect(others.map(([name]) => name)).toEqual([
      'max_concurrent',
      'value_depth',
      'value_parts',
      'wire_depth',
      'open_calls',
    ]);
  });

  it.each(Object.entries(MODULES))('%s that is reached exactly does not trip [R-LIMIT-3]', async (name, make) => {
    const tripped = await trip(() => {
      admit(make(FIXED[name as FixedName].limit));
      throw new RangeError('admitted');
    }).catch((error: unknown) => error);
    expect(tripped).not.toMatchObject({ code: 'E_MODULE_LIMIT' });
  });
});
