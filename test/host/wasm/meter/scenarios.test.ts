import { describe, expect, it } from 'vitest';
import { expectSame } from './compare.ts';
import { TYPED } from './instructions.ts';
import { OPCODES } from './opcodes.ts';
import { SCENARIOS } from './scenarios.ts';

// Not every V8 knows these; each is known to the newest.
const MAY_BE_UNKNOWN = new Set([
  'exceptions, the newer form',
  'constant expressions that compute',
  'a constant that refers to an own one',
]);

describe('metered modules [R-FUEL-1]', () => {
  it.each(SCENARIOS.map((one) => [one.title, one] as const))('%s: same results, same cost', (title, one) => {
    const metered = expectSame(one.module, one.setting);
    if (metered === undefined) {
      console.log(`this V8 does not know: ${title}`);
      expect(MAY_BE_UNKNOWN).toContain(title);
    } else if (one.setting.calls.length > 1) expect(metered.fuel.length).toBeGreaterThan(1);
  });

  it('between them hold every instruction that is metered', () => {
    const used = new Set(TYPED.map(({ name }) => name));
    for (const { module } of SCENARIOS) {
      for (const { body } of module.functions) for (const [name] of body) used.add(name);
    }
    expect(OPCODES.map(({ name }) => name).filter((name) => !used.has(name) && name !== 'end')).toEqual([]);
  });
});
