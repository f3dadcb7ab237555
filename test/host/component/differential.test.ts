import { inspect, isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResultError } from '../../../host/component/trap.ts';
import type { ValueType } from '../../../host/component/value-type.ts';
import { wat } from '../../fixtures/wat.ts';
import { echoComponent, type EchoFunction, type Encoding, packComponent } from './echo.ts';
import { exported, linkComponent } from './link.ts';
import { fromOracle, oracleInstance, toOracle } from './oracle.ts';
import { canonical, isBytes, isFlat, spell, typeArbitrary, valueArbitrary } from './types.ts';
import { seeded } from '../../seed.ts';

const ENCODINGS: readonly Encoding[] = ['utf8', 'utf16'];
const FUNCTIONS = 20;
const CALLS = 21;

const functionArbitrary = fc.record({
  params: fc.oneof(
    fc.array(typeArbitrary(3), { maxLength: 3 }),
    // More core values than a signature can hold.
    fc.array(typeArbitrary(1), { minLength: 12, maxLength: 20 }),
  ),
  result: fc.option(typeArbitrary(3), { nil: undefined, freq: 8 }),
}) satisfies fc.Arbitrary<EchoFunction>;

/** What one call brings about: what the host is given, and what the caller gets. */
interface Seen {
  readonly args: readonly unknown[];
  readonly result: unknown;
}

/** Makes calls of one engine: hands `args` to the guest, answers the guest's own call with `result`. */
type Engine = (index: number, exchange: Seen) => Seen;

const BYTES: ValueType = {
  kind: 'list',
  element: { kind: 'primitive', primitive: 'u8', depth: 0, nodes: 1 },
  depth: 1,
  nodes: 1,
};

describe('linker against jco [R-COMPONENT-1]', () => {
  it.each(Array.from({ length: 14 }, (_, i) => ({ seed: seeded(i), encoding: ENCODINGS[i % 2] ?? 'utf8' })))(
    'agrees on generated types in both directions, strings in $encoding, seed $seed',
    async ({ seed, encoding }) => {
      const functions = fc.sample(functionArbitrary, { seed, numRuns: FUNCTIONS });
      const bytes = await wat(echoComponent(functions, encoding));
      const engines = { ours: await ourEngine(bytes, functions), oracle: await oracleEngine(bytes, functions) };
      expect(compare(functions, engines, seed)).toEqual({ calls: FUNCTIONS * CALLS, differences: [] });
    },
  );
});

describe('memory as jco lays it out [R-COMPONENT-1]', () => {
  it.each([200, 201, 202].map(seeded))(
    'holds the same bytes, and gives back the same values, seed %i',
    async (seed) => {
      const types = fc.sample(typeArbitrary(3).filter(isFlat), { seed, numRuns: 40 });
      const bytes = await wat(packComponent(types));
      const ours = await linkComponent(bytes);
      const oracle = await oracleInstance(bytes, { 'test:echo/host': {} });
      const differences: string[] = [];
      for (const [i, element] of types.entries()) {
        const type: ValueType = { kind: 'list', element, depth: 1, nodes: 1 };
        for (const list of fc.sample(fc.array(valueArbitrary(element), { minLength: 1, maxLength: 3 }), {
          seed,
          numRuns: 10,
        })) {
          const value = isBytes(type) ? Uint8Array.from(list as number[]) : list;
          const raw = {
            ours: exported(ours, `pack${i}`).call(value),
            oracle: fromOracle(BYTES, oracle[`pack${i}`]?.(toOracle(type, value))),
          };
          const back = {
            ours: exported(ours, `unpack${i}`).call(raw.ours, list.length),
            oracle: fromOracle(type, oracle[`unpack${i}`]?.(raw.ours, list.length)),
          };
          const isSame = isDeepStrictEqual(raw.ours, raw.oracle);
          const isBack = Object.values(back).every((found) => isDeepStrictEqual(canonical(found), canonical(value)));
          if (!isSame || !isBack) differences.push(inspect({ type: spell(element), value, raw, back }, { depth: 9 }));
        }
      }
      expect(differences.slice(0, 3)).toEqual([]);
    },
  );
});

// jco has no latin1+utf16, so there the values themselves are the oracle.
describe('linker alone [R-COMPONENT-1]', () => {
  it.each([100, 101].map(seeded))(
    'carries generated values both ways, strings in latin1+utf16, seed %i',
    async (seed) => {
      const functions = fc.sample(functionArbitrary, { seed, numRuns: FUNCTIONS });
      const ours = await ourEngine(await wat(echoComponent(functions, 'latin1+utf16')), functions);
      expect(compare(functions, { ours }, seed)).toEqual({ calls: FUNCTIONS * CALLS, differences: [] });
    },
  );
});

/** Makes the same calls of each engine. Whatever is not what went in is a difference. */
function compare(
  functions: readonly EchoFunction[],
  engines: Readonly<Record<string, Engine>>,
  seed: number,
): { readonly calls: number; readonly differences: readonly string[] } {
  const differences: string[] = [];
  let calls = 0;
  for (const [index, fn] of functions.entries()) {
    for (const exchange of fc.sample(exchangeOf(fn), { seed: seed * 1000 + index, numRuns: CALLS })) {
      calls++;
      const expected = canonical(exchange) as Seen;
      for (const [name, engine] of Object.entries(engines)) {
        const found = attempt(engine, index, exchange);
        if (!isDeepStrictEqual(found, expected)) differences.push(`${name} ${show(fn, expected, found)}`);
      }
    }
  }
  return { calls, differences: differences.slice(0, 3) };
}

/** The first position at which they differ. */
function show({ params, result }: EchoFunction, expected: Seen, found: Seen): string {
  const spelled = (type: ValueType | undefined, want: unknown, got: unknown): string =>
    inspect({ type: spell(type), want, got }, { depth: 12, breakLength: Infinity, maxStringLength: 50 });
  if (found.result instanceof Error) return spelled(result, params.map(spell), found.result.message);
  const at = params.findIndex((_, i) => !isDeepStrictEqual(expected.args[i], found.args[i]));
  return at === -1
    ? spelled(result, expected.result, found.result)
    : spelled(params[at], expected.args[at], found.args[at]);
}

function exchangeOf({ params, result }: EchoFunction): fc.Arbitrary<Seen> {
  return fc.record({
    args: fc.tuple(...params.map(valueArbitrary)),
    result: result === undefined ? fc.constant(undefined) : valueArbitrary(result),
  });
}

function attempt(engine: Engine, index: number, exchange: Seen): Seen {
  try {
    return canonical(engine(index, exchange)) as Seen;
  } catch (error) {
    return { args: [], result: error };
  }
}

async function ourEngine(bytes: Uint8Array, functions: readonly EchoFunction[]): Promise<Engine> {
  let answer: unknown;
  let given: readonly unknown[] = [];
  const instance = await linkComponent(bytes, (_interface, name) => (...args) => {
    given = args;
    return resultOf(functions[Number(name.slice(1))]?.result, answer, (payload) => new ResultError(payload));
  });
  return (index, { args, result }) => {
    answer = result;
    const returned = exported(instance, `f${index}`).call(...args);
    return { args: given, result: returned };
  };
}

/** What a host function does to give a value: a result's `err` is thrown. */
function resultOf(type: ValueType | undefined, value: unknown, wrap: (payload: unknown) => Error): unknown {
  if (type?.kind !== 'result') return value;
  const { tag, val } = value as { tag: string; val: unknown };
  if (tag === 'err') throw wrap(val);
  return val;
}

async function oracleEngine(bytes: Uint8Array, functions: readonly EchoFunction[]): Promise<Engine> {
  let answer: unknown;
  let given: readonly unknown[] = [];
  const host = functions.map(({ params, result }, i) => [
    `f${i}`,
    (...args: unknown[]) => {
      given = params.map((type, p) => fromOracle(type, args[p]));
      if (result === undefined) return undefined;
      return resultOf(result, toOracle(result, answer), (payload) => Object.assign(new Error('err'), { payload }));
    },
  ]);
  const instance = await oracleInstance(bytes, { 'test:echo/host': Object.fromEntries(host) as unknown });
  return (index, { args, result }) => {
    answer = result;
    const fn = functions[index];
    const returned = caught(fn?.result, () =>
      instance[`f${index}`]?.(...(fn?.params ?? []).map((type, p) => toOracle(type, args[p]))),
    );
    return { args: given, result: fn?.result === undefined ? undefined : fromOracle(fn.result, returned) };
  };
}

/** A result that jco returns or throws, as one value. */
function caught(type: ValueType | undefined, call: () => unknown): unknown {
  if (type?.kind !== 'result') return call();
  try {
    return { tag: 'ok', val: call() };
  } catch (error) {
    if (error instanceof Error && Object.hasOwn(error, 'payload'))
      return { tag: 'err', val: (error as { payload?: unknown }).payload };
    throw error;
  }
}
