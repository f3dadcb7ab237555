import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expected, MatrixHost, MAX_GROWTH_BYTES, MAX_DRIFT, MAX_MS, ROUNDS, tell } from './matrix.ts';
import { CRASHES } from './shapes/crash.ts';

const LONG_MS = 300_000;
let host: MatrixHost;
let before: Awaited<ReturnType<MatrixHost['health']>>;

beforeAll(async () => {
  host = await MatrixHost.start();
  before = await host.health();
});
afterAll(() => host.stop());

describe('a guest that crashes', () => {
  it.each(CRASHES)(
    'by $name costs its own run alone, and its skill is soon back [R-FAULT-1]',
    async (shape) => {
      const seen = await host.run(shape, ROUNDS.crash);
      tell(shape.name, seen);
      expect(seen.got).toEqual(expected(shape, ROUNDS.crash));
      expect(seen.back.max).toBeLessThan(MAX_MS.back);
    },
    LONG_MS,
  );

  it('left the trusted process well, and the skill beside it answering [R-FAULT-1]', async () => {
    const after = await host.health();
    tell('health', { before, after });
    expect(after.neighbour.failures).toEqual([]);
    expect(after.neighbour.answers).toBeGreaterThan(CRASHES.length);
    expect(after.delayMs).toBeLessThan(MAX_MS.delay);
    expect(after.rss - before.rss).toBeLessThan(MAX_GROWTH_BYTES);
    expect(host.isAlive).toBe(true);
  });

  it(
    'again and again leaves memory as it was [R-FAULT-1]',
    async () => {
      const { settledRss, endRss, back } = await host.cycles(ROUNDS.cycles);
      tell('cycles', { settledRss, endRss, back });
      expect(endRss / settledRss).toBeLessThan(MAX_DRIFT);
      expect(back.p99).toBeLessThan(MAX_MS.back);
    },
    LONG_MS,
  );
});
