import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SEED, seeded } from '../seed.ts';

afterEach(() => vi.unstubAllEnvs());

/** The seed that vitest.config.ts gives to the tests when SKILLHOST_SEED says this. */
async function configuredSeed(asked: string | undefined): Promise<unknown> {
  vi.stubEnv('SKILLHOST_SEED', asked);
  vi.resetModules();
  const { default: config } = await import('../../vitest.config.ts');
  return config.test?.env?.['SKILLHOST_SEED'];
}

describe('random tests [R-CONTROL-2]', () => {
  it('draw from the seed of the run, which is the same for all of them', () => {
    expect(fc.readConfigureGlobal().seed).toBe(SEED);
    expect(fc.sample(fc.integer(), 20)).toEqual(fc.sample(fc.integer(), { seed: SEED, numRuns: 20 }));
    expect(seeded(3)).toBe((SEED + 3) | 0);
  });

  it.each([
    ['nothing', undefined, /^0$/],
    ['a number', '-17', /^-17$/],
    ['to draw one', 'random', /^[0-9]+$/],
  ])('are told %s', async (_what, asked, expected) => {
    expect(await configuredSeed(asked)).toMatch(expected);
  });

  it.each(['', ' ', 'x', '1.5', '4294967296'])('refuse %j', async (asked) => {
    await expect(configuredSeed(asked)).rejects.toThrow('SKILLHOST_SEED');
  });
});
