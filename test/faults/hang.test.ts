import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expected, MatrixHost, MAX_GROWTH_BYTES, MAX_MS, ROUNDS, tell } from './matrix.ts';
import { HANGS } from './shapes/hang.ts';
import type { Shape } from './shapes/shape.ts';

const LONG_MS = 300_000;
const AT_ONCE = 32;
let host: MatrixHost;
let before: Awaited<ReturnType<MatrixHost['health']>>;

beforeAll(async () => {
  host = await MatrixHost.start();
  before = await host.health();
});
afterAll(() => host.stop());

describe('a guest that hangs', () => {
  it.each(HANGS)(
    'in $name is ended soon after its deadline, and its skill is soon back [R-FAULT-2]',
    async (shape) => {
      const seen = await host.run(shape, ROUNDS.hang);
      tell(shape.name, seen);
      expect(seen.got).toEqual(expected(shape, ROUNDS.hang));
      expect(seen.late.p99).toBeLessThan(MAX_MS.lateAlone);
      expect(seen.gone.p99).toBeLessThan(MAX_MS.lateAlone);
      expect(seen.back.p99).toBeLessThan(MAX_MS.back);
    },
    LONG_MS,
  );

  it.each(HANGS.slice(0, 2))(
    'in $name is ended as well when thirty-two do so at once [R-FAULT-2]',
    async (shape: Shape) => {
      const limits = { timeout_ms: 500 };
      const seen = await host.runAtOnce({ ...shape, limits }, ROUNDS.atOnce, AT_ONCE);
      tell(`${AT_ONCE} at once: ${shape.name}`, seen);
      expect(seen.got).toEqual({ E_TIMEOUT: AT_ONCE * ROUNDS.atOnce });
      expect(seen.late.p99).toBeLessThan(MAX_MS.lateAtOnce);
      expect(seen.gone.p99).toBeLessThan(MAX_MS.lateAtOnce);
    },
    LONG_MS,
  );

  it('left the trusted process well, and the skill beside it answering [R-FAULT-2]', async () => {
    const after = await host.health();
    tell('health', { before, after });
    expect(after.neighbour.failures).toEqual([]);
    expect(after.neighbour.answers).toBeGreaterThan(HANGS.length);
    expect(after.delayMs).toBeLessThan(MAX_MS.delay);
    expect(after.rss - before.rss).toBeLessThan(MAX_GROWTH_BYTES);
    expect(host.isAlive).toBe(true);
  });
});
