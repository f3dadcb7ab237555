import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expected, MatrixHost, MAX_GROWTH_BYTES, MAX_MS, ROUNDS, tell } from './matrix.ts';
import { HUNGERS } from './shapes/hunger.ts';

const LONG_MS = 300_000;
let host: MatrixHost;
let before: Awaited<ReturnType<MatrixHost['health']>>;

beforeAll(async () => {
  host = await MatrixHost.start();
  before = await host.health();
});
afterAll(() => host.stop());

describe('a guest that is hungry', () => {
  it.each(HUNGERS)(
    'for $name is refused or ended, and its skill is soon back [R-FAULT-3]',
    async (shape) => {
      const seen = await host.run(shape, ROUNDS.hunger);
      tell(shape.name, seen);
      expect(seen.got).toEqual(expected(shape, ROUNDS.hunger));
      expect(seen.back.max).toBeLessThan(MAX_MS.back);
    },
    LONG_MS,
  );

  it('left the trusted process well, and the skill beside it answering [R-FAULT-3]', async () => {
    const after = await host.health();
    tell('health', { before, after });
    expect(after.neighbour.failures).toEqual([]);
    expect(after.neighbour.answers).toBeGreaterThan(HUNGERS.length);
    expect(after.delayMs).toBeLessThan(MAX_MS.delay);
    expect(after.rss - before.rss).toBeLessThan(MAX_GROWTH_BYTES);
    expect(host.isAlive).toBe(true);
  });
});
