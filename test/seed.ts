/**
 * What all random tests draw from, the same in every run: SKILLHOST_SEED in the environment, or 0.
 * `SKILLHOST_SEED=random` explores: vitest.config.ts draws a number and prints it.
 */
export const SEED = Number(process.env['SKILLHOST_SEED'] ?? 0);

/** The seed of one test that needs several, or another one than its neighbours. */
export const seeded = (own: number): number => (SEED + own) | 0;
