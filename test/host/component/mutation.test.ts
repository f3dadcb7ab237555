import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateComponent } from '../../../host/component/instantiate.ts';
import { ValueError } from '../../../host/component/layout-base.ts';
import { parseComponent } from '../../../host/component/parse-component.ts';
import { ResultError, Trap } from '../../../host/component/trap.ts';
import { SkillError } from '../../../host/errors.ts';
import { inspectModule } from '../../../host/module/inspect.ts';
import { isComponent } from '../../../host/wasm/module.ts';
import { wat } from '../../fixtures/wat.ts';
import { echoComponent } from './echo.ts';
import { capAll } from './link.ts';
import { mutate, randomFrom, shuffleSections } from './mutate.ts';
import { COUNTERS, THINGS } from './resource-guests.ts';
import { simplest, typeArbitrary } from './types.ts';
import { seeded } from '../../seed.ts';

const DOCUMENTED = [
  SkillError,
  Trap,
  ValueError,
  ResultError,
  WebAssembly.CompileError,
  WebAssembly.LinkError,
  WebAssembly.RuntimeError,
];

interface Seed {
  readonly bytes: Uint8Array;
  /** The core modules of the seed, compiled: a mutant is linked only when it left them alone. */
  readonly compiled: ReadonlyMap<string, WebAssembly.Module>;
  /** Where to break it: everywhere but inside the core modules. */
  readonly places: readonly (readonly [number, number])[];
}

async function seedOf(bytes: Uint8Array): Promise<Seed> {
  const { modules } = parseComponent(bytes);
  const compiled = new Map<string, WebAssembly.Module>();
  for (const [i, core] of capAll(bytes).entries())
    compiled.set(keyOf(bytes, modules[i]), await WebAssembly.compile(core));
  const ends = [8, ...modules.map(([, end]) => end)];
  const starts = [...modules.map(([start]) => start), bytes.length];
  const places = ends.map((end, i) => [end, starts[i] ?? end] as const).filter(([from, to]) => to > from);
  return { bytes, compiled, places };
}

const keyOf = (bytes: Uint8Array, [start, end]: readonly [number, number] = [0, 0]): string =>
  Buffer.from(bytes.subarray(start, end)).toString('base64');

const SKILLS = fileURLToPath(new URL('../../../skills', import.meta.url));

function builtSkills(): Uint8Array[] {
  const guests = readdirSync(SKILLS).map((name) => `${SKILLS}/${name}/bin/${name}.wasm`);
  const found = guests.flatMap((path) => {
    try {
      return [new Uint8Array(readFileSync(path))];
    } catch {
      return [];
    }
  });
  return found.filter(isComponent);
}

const echo = (seed: number): string =>
  echoComponent(
    fc.sample(fc.record({ params: fc.array(typeArbitrary(2), { maxLength: 3 }), result: typeArbitrary(2) }), {
      seed,
      numRuns: 6,
    }),
    'utf8',
  );

const SEEDS: readonly (readonly [what: string, make: () => Promise<readonly Uint8Array[]>, mutants: number])[] = [
  ['the first-party skills', async () => builtSkills(), 6_000],
  ['guests of many types', () => Promise.all([1, 2, 3].map((seed) => wat(echo(seed)))), 12_000],
  // Without its endless loop, which a mutant could turn from a trap into a hang of the guest.
  [
    'guests with resources and nested components',
    () => Promise.all([COUNTERS, THINGS.replace('(br 0)', '')].map(wat)),
    10_000,
  ],
];

describe('mutated components [R-COMPONENT-2]', () => {
  it.each(SEEDS)('made from %s are refused or work, and never fail in our own code', async (_what, make, mutants) => {
    const seeds = await Promise.all((await make()).map(seedOf));
    const random = randomFrom(seeded(mutants));
    const failures = new Map<string, number>();
    const seen = { mutants: 0, linked: 0 };
    for (const [i, seed] of seeds.entries()) {
      for (let left = Math.ceil(mutants / seeds.length); left > 0; left--) {
        const mutant =
          random(12) === 0 ? shuffleSections(seed.bytes, random) : mutate(seed.bytes, random, placeIn(seed, random));
        const { linked, errors } = submit(mutant, seed, seeds.length < 4);
        seen.mutants++;
        if (linked) seen.linked++;
        for (const error of errors) failures.set(`seed ${i}: ${error}`, (failures.get(`seed ${i}: ${error}`) ?? 0) + 1);
      }
    }
    expect([...failures]).toEqual([]);
    expect(seen.mutants).toBeGreaterThanOrEqual(mutants);
    // Enough of them get as far as the guest that linking is tested too.
    expect(seen.linked).toBeGreaterThan(mutants / 100);
    expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(PROTOTYPE);
  });
});

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype).toSorted();

function placeIn({ places, bytes }: Seed, random: ReturnType<typeof randomFrom>): readonly [number, number] {
  // Now and then anywhere at all, also inside a core module.
  return random(8) === 0 ? [0, bytes.length] : (places[random(places.length)] ?? [0, bytes.length]);
}

/** Everything that happens to a module on its way, and what was thrown that no caller expects. */
function submit(
  mutant: Uint8Array,
  seed: Seed,
  isCalled: boolean,
): { readonly linked: boolean; readonly errors: string[] } {
  const errors: string[] = [];
  const attempt = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      if (!DOCUMENTED.some((known) => error instanceof known) && !isOverflow(error)) errors.push(firstLines(error));
      return undefined;
    }
  };
  attempt(() => inspectModule(mutant));
  const component = attempt(() => parseComponent(mutant));
  const modules = component?.modules.flatMap((range) => seed.compiled.get(keyOf(mutant, range)) ?? []);
  if (component === undefined || modules?.length !== component.modules.length) return { linked: false, errors };
  // What comes back seldom fits what the guest declares.
  const resolve = () => (argument: unknown) => argument ?? {};
  const instance = attempt(() => instantiateComponent(component, modules, { resolve }));
  for (const functions of instance?.values() ?? []) {
    for (const { call, signature } of functions.values()) {
      if (isCalled) attempt(() => call(...signature.params.map(([, type]) => simplest(type))));
    }
  }
  return { linked: instance !== undefined, errors };
}

/** Endless recursion of the guest itself, for which V8 has no trap of its own. */
function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && /^RangeError: Maximum call stack.*\n\s+at wasm:/.test(error.stack ?? '');
}

function firstLines(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return lines
    .split('\n')
    .slice(0, 3)
    .map((line) => line.trim())
    .join(' | ');
}
