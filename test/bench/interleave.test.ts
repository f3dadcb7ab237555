import { describe, expect, it } from 'vitest';
import { interleave } from '../../bench/kit/interleave.ts';
import type { Contender } from '../../bench/kit/row.ts';

/** Contenders that write down when they were measured, and a clock that goes on one second with each of them. */
function newTurns(...names: string[]): { contenders: Contender[]; order: string[]; clock: () => number } {
  const order: string[] = [];
  const contenders = names.map((name) => ({
    name,
    isOurs: false,
    sample: () => {
      order.push(name);
      return Promise.resolve([order.length]);
    },
  }));
  return { contenders, order, clock: () => order.length * 1000 };
}

describe('the bench measures in turn [R-BENCH-1]', () => {
  it('ABC, and ABC again', async () => {
    const { contenders, order, clock } = newTurns('A', 'B', 'C');
    await interleave(contenders, { warmups: 0, leastRounds: 3, seconds: 0, clock });
    expect(order.join('')).toBe('ABCABCABC');
  });

  it('does not count what it warmed up with', async () => {
    const { contenders, order, clock } = newTurns('A', 'B');
    const taken = await interleave(contenders, { warmups: 1, leastRounds: 2, seconds: 0, clock });
    expect(order.join('')).toBe('ABABAB');
    expect(taken.get('A')?.values).toEqual([3, 5]);
    expect(taken.get('B')?.values).toEqual([4, 6]);
  });

  it('goes on with whole rounds until the time is over', async () => {
    const { contenders, order, clock } = newTurns('A', 'B', 'C');
    await interleave(contenders, { warmups: 0, leastRounds: 1, seconds: 7, clock });
    expect(order.join('')).toBe('ABCABCABC');
  });

  it('leaves out who failed, and says how', async () => {
    const { contenders, order, clock } = newTurns('A', 'B');
    const failing = { name: 'X', isOurs: false, sample: () => Promise.reject(new Error('it fell over')) };
    const taken = await interleave([...contenders, failing], { warmups: 0, leastRounds: 2, seconds: 0, clock });
    expect(order.join('')).toBe('ABAB');
    expect(taken.get('X')).toEqual({ values: [], error: 'it fell over' });
    expect(taken.get('A')?.error).toBeUndefined();
  });

  it('ends when everybody failed, whatever time is left', async () => {
    const failing = { name: 'X', isOurs: true, sample: () => Promise.reject(new Error('no')) };
    const taken = await interleave([failing], { warmups: 0, leastRounds: 1, seconds: 3600 });
    expect(taken.get('X')?.error).toBe('no');
  });
});
