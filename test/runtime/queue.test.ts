import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LaneRules, Queue } from '../../src/runtime/queue.ts';

const RULES: LaneRules = { maxConcurrent: 2, queueSize: 100 };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when it is told to. */
function jobs(): {
  started: string[];
  run: (name: string) => () => Promise<string>;
  end: (name: string) => Promise<void>;
} {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    run: (name) => () => {
      started.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(name)));
    },
    end: async (name) => {
      ends.get(name)?.();
      await settled();
    },
  };
}

describe('the queue [R-QUEUE-1]', () => {
  it('lets so many runs of a skill go at once, and the others in the order they came', async () => {
    const queue = new Queue(10);
    const { started, run, end } = jobs();
    const all = ['a', 'b', 'c', 'd'].map((name) => queue.run('s', RULES, undefined, run(name)));
    await settled();
    expect(started).toEqual(['a', 'b']);
    await end('b');
    await end('a');
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    for (const name of ['c', 'd']) await end(name);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets skills in by turns, however many runs of one wait', async () => {
    const queue = new Queue(1);
    const { started, run, end } = jobs();
    const names = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'];
    const all = names.map((name) => queue.run(name.charAt(0), RULES, undefined, run(name)));
    for (let i = 0; i < names.length; i++) {
      await settled();
      await end(started.at(-1) ?? '');
    }
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
    await Promise.all(all);
  });

  it('refuses at once what would wait behind as many as may', async () => {
    const queue = new Queue(10);
    const { run, end } = jobs();
    const rules = { maxConcurrent: 1, queueSize: 1 };
    const first = queue.run('s', rules, undefined, run('a'));
    const second = queue.run('s', rules, undefined, run('b'));
    await expect(queue.run('s', rules, undefined, run('c'))).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      transient: true,
      details: { limit: 'execution_queue_size', value: 1 },
    });
    const other = queue.run('t', rules, undefined, run('d'));
    for (const name of ['a', 'b', 'd']) await end(name);
    expect(await Promise.all([first, second, other])).toEqual(['a', 'b', 'd']);
    await expect(queue.run('s', { maxConcurrent: 1, queueSize: 0 }, undefined, () => Promise.resolve(1))).resolves.toBe(
      1,
    );
  });

  it('lets go of who no longer wants to wait', async () => {
    const queue = new Queue(1);
    const { started, run, end } = jobs();
    const first = queue.run('s', RULES, undefined, run('a'));
    const controller = new AbortController();
    const second = queue.run('s', RULES, controller.signal, run('b'));
    const third = queue.run('s', RULES, undefined, run('c'));
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'E_ABORTED' });
    await end('a');
    await end('c');
    expect(await Promise.all([first, third])).toEqual(['a', 'c']);
    expect(started).toEqual(['a', 'c']);
  });

  it('goes on behind work that fails', async () => {
    const queue = new Queue(1);
    const failing = queue.run('s', RULES, undefined, () => Promise.reject(new Error('no')));
    const after = queue.run('s', RULES, undefined, () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await after).toBe('yes');
  });

  it('never runs more than it may, loses none, and is fair, whatever comes [R-QUEUE-2]', async () => {
    const skills = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 });
    const property = fc.asyncProperty(
      skills,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (names, slots, most) => {
        const queue = new Queue(slots);
        const running = new Map<string, number>();
        const order: string[] = [];
        const work = (name: string) => async (): Promise<void> => {
          running.set(name, (running.get(name) ?? 0) + 1);
          order.push(name);
          expect(running.get(name)).toBeLessThanOrEqual(most);
          expect([...running.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(slots);
          await settled();
          running.set(name, (running.get(name) ?? 0) - 1);
          if (names.length % 3 === 0) throw new Error('mixed');
        };
        const rules = { maxConcurrent: most, queueSize: 1_000 };
        await Promise.allSettled(names.map((name) => queue.run(name, rules, undefined, work(name))));
        expect(order.toSorted()).toEqual(names.toSorted());
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});
