import { describe, expect, it } from 'vitest';
import { expectSame } from './compare.ts';
import { caseOf, TYPED } from './instructions.ts';

const groups = [...new Set(TYPED.map(({ name }) => name.split('.')[0] ?? ''))];

describe('metered instructions over edge values [R-FUEL-1]', () => {
  it.each(groups)('%s: compute, trap and cost the same', (group) => {
    const skipped: string[] = [];
    for (const opcode of TYPED.filter(({ name }) => name.startsWith(`${group}.`))) {
      const { title, module, setting } = caseOf(opcode);
      if (expectSame(module, setting) === undefined) skipped.push(title);
    }
    // Every V8 from Node 20 on knows all of these.
    expect(skipped).toEqual([]);
  });

  it('are nearly all there are; the others depend on where they stand', () => {
    expect(TYPED.length).toBeGreaterThan(400);
  });
});
