import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ComponentInstance } from '../../../host/component/instantiate.ts';
import { destroy, DISPOSE, type GuestResource } from '../../../host/component/resource.ts';
import { Trap } from '../../../host/component/trap.ts';
import { LimitReached } from '../../../host/limits.ts';
import { wat } from '../../fixtures/wat.ts';
import { exported, linkComponent } from './link.ts';
import { type OracleFunction, oracleInstance } from './oracle.ts';
import { COUNTERS, THINGS } from './resource-guests.ts';

const COUNTERS_INTERFACE = 'test:res/counters';

/** One engine's view of `counter`, so that a program can run in both. */
interface Counters {
  make(start: number): unknown;
  add(counter: unknown, by: number): unknown;
  call(name: 'consume' | 'pass' | 'sum' | 'dropped', ...args: unknown[]): unknown;
  drop(counter: unknown): void;
}

async function ourCounters(): Promise<Counters> {
  const instance = await linkComponent(await wat(COUNTERS));
  const call = (name: string, ...args: unknown[]): unknown =>
    exported(instance, name, COUNTERS_INTERFACE).call(...args);
  return {
    make: (start) => call('[constructor]counter', start),
    add: (counter, by) => call('[method]counter.add', counter, by),
    call,
    drop: (counter) => destroy((counter as GuestResource).type, (counter as GuestResource).rep),
  };
}

async function oracleCounters(): Promise<Counters> {
  const instance = await oracleInstance(await wat(COUNTERS), {});
  const counters = instance[COUNTERS_INTERFACE] as unknown as Readonly<Record<string, OracleFunction>> & {
    readonly Counter: new (start: number) => { add(by: number): number };
  };
  return {
    make: (start) => new counters.Counter(start),
    add: (counter, by) => (counter as { add(by: number): number }).add(by),
    call: (name, ...args) => counters[name]?.(...args),
    drop: (counter) => (counter as Record<symbol, () => void>)[Symbol.dispose]?.(),
  };
}

type Step = readonly [act: 'make' | 'add' | 'consume' | 'pass' | 'sum' | 'drop', which: number, n: number];

const program = fc.array(
  fc.tuple(
    fc.constantFrom('make', 'make', 'add', 'consume', 'pass', 'sum', 'drop'),
    fc.nat(9),
    fc.integer({ min: -100, max: 100 }),
  ),
  { minLength: 5, maxLength: 30 },
) as fc.Arbitrary<Step[]>;

/** Runs a program and answers everything a caller can see of it. */
function run(counters: Counters, steps: readonly Step[]): unknown[] {
  const live: unknown[] = [];
  const seen: unknown[] = [];
  const before = Number(counters.call('dropped'));
  for (const [act, which, n] of steps) {
    const at = live.length === 0 ? 0 : which % live.length;
    if (act === 'make' || live.length === 0) live.push(counters.make(n));
    else if (act === 'add') seen.push(counters.add(live[at], n));
    else if (act === 'sum') seen.push(counters.call('sum', live[at], live[0]));
    else if (act === 'pass') live[at] = counters.call('pass', live[at]);
    else if (act === 'consume') seen.push(counters.call('consume', ...live.splice(at, 1)));
    else counters.drop(live.splice(at, 1)[0]);
    seen.push(Number(counters.call('dropped')) - before);
  }
  for (const counter of live) counters.drop(counter);
  seen.push(Number(counters.call('dropped')) - before);
  return seen;
}

describe('resources of a guest [R-COMPONENT-1]', () => {
  it('behave as under jco in any order of making, using, passing and dropping', async () => {
    const ours = await ourCounters();
    const oracle = await oracleCounters();
    fc.assert(
      fc.property(program, (steps) => {
        expect(run(ours, steps)).toEqual(run(oracle, steps));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['drops one handle twice', 'drop-twice', true],
    ['returns a handle it never had', 'forge', false],
  ])('trap when the guest %s', async (_what, name, takesCounter) => {
    const instance = await linkComponent(await wat(COUNTERS));
    const counter = exported(instance, '[constructor]counter', COUNTERS_INTERFACE).call(1);
    const { call } = exported(instance, name, COUNTERS_INTERFACE);
    expect(() => call(takesCounter ? counter : 77)).toThrow(Trap);
    // What trapped once is closed for good.
    expect(() => exported(instance, 'dropped', COUNTERS_INTERFACE).call()).toThrow(/trapped before/);
  });
});

describe('resources of the host [R-COMPONENT-1]', () => {
  class Thing {
    readonly n: number;
    constructor(n: number) {
      this.n = n;
    }
    [DISPOSE] = (): void => void disposed.push(this.n);
    [Symbol.dispose](): void {
      disposed.push(this.n);
    }
  }
  class Other {
    readonly isOther = true;
  }
  const disposed: number[] = [];
  const HOST = {
    make: (n: number) => new Thing(n),
    'make-other': () => new Other(),
    read: ({ n }: Thing) => n,
    take: ({ n }: Thing) => n,
    both: (lent: Thing, given: Thing) => lent.n + given.n,
  } as Readonly<Record<string, OracleFunction>>;
  let instance: ComponentInstance;
  const call = (name: string, ...args: unknown[]): unknown => exported(instance, name).call(...args);

  beforeEach(async () => {
    disposed.length = 0;
    instance = await linkComponent(await wat(THINGS), (_interface, name) => HOST[name]);
  });

  it('behave as under jco', async () => {
    const { 'make-other': makeOther, ...rest } = HOST;
    const oracle = await oracleInstance(await wat(THINGS), { 'test:res/things': { ...rest, makeOther, Thing, Other } });
    const look = (use: (name: string, ...args: unknown[]) => unknown): unknown => {
      disposed.length = 0;
      const thing = new Thing(5);
      return [
        use('use', 9),
        use('look', thing),
        use('pass', thing) === thing,
        use('store', thing),
        use('readStored'),
        [...disposed],
      ];
    };
    const kebab = { readStored: 'read-stored' } as Readonly<Record<string, string>>;
    const found = look((name, ...args) => call(kebab[name] ?? name, ...args));
    expect(found).toEqual(look((name, ...args) => oracle[name]?.(...args)));
    expect(found).toEqual([9, 5, true, 1, 5, [9]]);
  });

  const thing = (): unknown => new Thing(3);
  it.each([
    ['keeps a borrow past its call', 'keep', thing, /kept after the call/],
    ['gives away what it borrowed', 'give-away', thing, /borrowed, not owned/],
    ['returns as its own what it borrowed', 'return-borrowed', thing, /borrowed, not owned/],
    ['gives away what it lends in the same call', 'lend-and-give', () => 4, /lent/],
    ['drops a handle twice', 'drop-twice', undefined, /unknown handle/],
    ['uses a dropped handle', 'use-after-drop', undefined, /unknown handle/],
    ['uses a handle it gave away', 'use-after-give', undefined, /unknown handle/],
    ['uses a handle of another type', 'wrong-type', undefined, /is not a thing/],
    ['drops a handle of another type', 'drop-wrong-type', undefined, /is not a thing/],
    ['uses handle zero', 'guess', () => 0, /unknown handle/],
    ['guesses a handle', 'guess', () => 1, /unknown handle/],
    ['uses the last handle there could be', 'guess', () => 0xffff_ffff, /unknown handle/],
    ['makes handles without end', 'hoard', undefined, /more than handles = \d+/],
  ])('trap when the guest %s', (_what, name, argument, message) => {
    const error = thrownBy(() => call(name, ...(argument === undefined ? [] : [argument()])));
    expect(error instanceof Trap || error instanceof LimitReached).toBe(true);
    expect(error).toHaveProperty('message', expect.stringMatching(message));
    // What trapped once is closed for good.
    expect(() => call('use', 1)).toThrow(/trapped before/);
  });

  it.each([[null], [undefined], [7], ['text']])('refuse %j from the host where a resource belongs', (value) => {
    expect(() => call('look', value)).toThrow(/expected a thing/);
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    return `nothing thrown, but returned ${String(act())}`;
  } catch (error) {
    return error;
  }
}
