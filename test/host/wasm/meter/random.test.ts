import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSame, NAMESPACE, variantsOf } from './compare.ts';
import { randomModule } from './random-module.ts';
import { run } from './run.ts';

const decisions = fc.uint8Array({ minLength: 20, maxLength: 900, size: 'max' });
const RUNS = 400;
/** The most that one growth of memory here can cost. */
const GROWTH = 1_024n;

describe('random modules, metered', () => {
  it('do the same as before, and use what a count before every instruction says [R-FUEL-1]', () => {
    const seen = { run: 0, unknown: 0, returns: 0, traps: 0, exceptions: 0, fuel: 0 };
    fc.assert(
      fc.property(decisions, (bytes) => {
        const { module, setting } = randomModule(bytes);
        const metered = expectSame(module, setting);
        if (metered === undefined) return void seen.unknown++;
        seen.run++;
        seen.returns += metered.lines.filter((line) => line.startsWith('f') && line.includes(' = ')).length;
        seen.traps += metered.lines.filter((line) => line.includes(': RuntimeError')).length;
        seen.exceptions += metered.lines.filter((line) => line.includes(': exception')).length;
        seen.fuel += metered.fuel.reduce((most, line) => Math.max(most, Number(line.split(': ').at(-1))), 0);
      }),
      { numRuns: RUNS },
    );
    console.log('random modules:', JSON.stringify(seen));
    expect(seen.run).toBeGreaterThan(RUNS / 2);
    expect(seen.returns).toBeGreaterThan(RUNS);
    expect(seen.traps).toBeGreaterThan(0);
    expect(seen.exceptions).toBeGreaterThan(0);
  });

  it('trap once the tank is empty, at the same place each time, and never with fuel in it [R-FUEL-4]', () => {
    const seen = { empty: 0, enough: 0, overdrawn: 0 };
    fc.assert(
      fc.property(decisions, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, share) => {
        const { module, setting } = randomModule(bytes);
        const variants = variantsOf(module);
        if (variants === undefined) return;
        // Between two checks lies straight-line code at most, and calls in it of functions too small to check.
        const bound = 512n * BigInt(module.functions.reduce((sum, { body }) => sum + body.length, 0)) + GROWTH;
        for (const call of setting.calls) {
          const one = { ...setting, calls: [call] };
          const plenty = run(variants.metered, NAMESPACE, one);
          const used = BigInt(plenty.fuel.at(-1)?.split(': ').at(-1) ?? 0);
          for (const tank of [BigInt(Math.floor(Number(used) * share)), used - 1n, used]) {
            const first = run(variants.metered, NAMESPACE, { ...one, tank });
            expect(run(variants.metered, NAMESPACE, { ...one, tank })).toEqual(first);
            expect(first.left).toBeGreaterThan(-bound);
            if (isDeepStrictEqual(first.lines, plenty.lines)) {
              seen[first.left < 0n ? 'overdrawn' : 'enough']++;
              continue;
            }
            seen.empty++;
            expect(first.left).toBeLessThan(0n);
            const end = first.lines.findIndex((line) => line.endsWith(': RuntimeError unreachable'));
            expect(end).toBeGreaterThan(0);
            expect(first.lines.slice(0, end)).toEqual(plenty.lines.slice(0, end));
            const returned = plenty.fuel.at(-1)?.startsWith(call.name) === true;
            if (returned) expect(tank).toBeLessThan(used);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(seen.empty).toBeGreaterThan(100);
    expect(seen.enough).toBeGreaterThan(100);
    expect(seen.overdrawn).toBeGreaterThan(0);
  });
});
