import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';

const asked = process.env['SKILLHOST_SEED'] ?? '0';
const seed = asked === 'random' ? randomInt(2 ** 31) : Number(asked);
if (asked.trim() === '' || seed !== (seed | 0))
  throw new Error(`SKILLHOST_SEED is ${JSON.stringify(asked)}: say "random", or an integer of 32 bits`);
if (seed !== 0) console.log(`SKILLHOST_SEED=${seed}`);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Guest processes and the command run their bundles.
    globalSetup: ['scripts/bundle.mjs'],
    setupFiles: ['test/setup.ts'],
    env: { SKILLHOST_SEED: String(seed) },
    pool: 'forks',
    // For a machine that does other things as well, on a slow disk.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
